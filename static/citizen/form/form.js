// What the form gains from a script: questions that do not apply are hidden,
// progress is shown, answers are kept on the phone until they are sent, and
// sending goes on by itself when the network comes back. Without it the form
// works all the same.
(function () {
  'use strict';

  const form = document.getElementById('form');
  if (!form || !window.fetch || !window.URLSearchParams || !window.FormData || !form.closest) return;

  const status = document.getElementById('status');
  const send = document.getElementById('send');
  const clear = document.getElementById('clear');
  const lang = form.elements._lang.value;
  const opened = Date.now();
  const minute = 60 * 1000;

  // ---- the draft: one entry of localStorage a page, {answers, at, spent, body}

  // A page that came back from the server at /b has no address of its own to
  // keep a draft under.
  const key = location.pathname === '/b' ? '' : 'hailong:' + location.pathname;
  // A personal code is one person's; a counter's may be on a shared device.
  const draftLife = (/^\/p\//.test(location.pathname) ? 7 * 24 * 60 : 2 * 60) * minute;

  function readDraft() {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      if (draft && (draft.body || Date.now() - draft.at < draftLife)) return draft;
    } catch (e) { /* no storage, or not ours: no draft */ }
    return null;
  }

  function writeDraft(body) {
    if (!key) return;
    const draft = { answers: answers(), at: Date.now(), spent: spent(), body: body };
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch (e) { /* full or forbidden: the page itself still holds the answers */ }
  }

  function dropDraft() {
    try { localStorage.removeItem(key); } catch (e) { /* nothing was kept */ }
  }

  const before = (key && readDraft()) || { answers: [], spent: 0 };

  function spent() { return before.spent + Math.round((Date.now() - opened) / 1000); }

  // answers are the fields that the reader fills in, as pairs.
  function answers() {
    return Array.from(new FormData(form)).filter(function (pair) {
      return pair[1] !== '' && pair[0] !== 'ballot' && pair[0] !== '_lang';
    });
  }

  function fill(pairs) {
    pairs.forEach(function (pair) {
      inputs(pair[0]).forEach(function (input) {
        if (/radio|checkbox/.test(input.type)) input.checked = input.checked || input.value === pair[1];
        else input.value = pair[1];
      });
    });
  }

  function inputs(name) {
    return Array.from(form.elements).filter(function (e) { return e.name === name; });
  }

  // ---- relevance and progress

  // Without the evaluator every question is shown; the server drops what does
  // not apply.
  const rules = document.getElementById('logic');
  const logic = window.hailongLogic && rules ? JSON.parse(rules.textContent) : null;

  function refresh() {
    if (logic) hide(hailongLogic(logic, function (code) {
      const node = document.getElementById('q-' + code);
      return node ? valuesIn(node) : [];
    }).relevant);
    const asked = Array.from(form.querySelectorAll('.q')).filter(function (node) { return !node.closest('[hidden]'); });
    const done = asked.filter(function (node) { return valuesIn(node).length; });
    const bar = document.getElementById('progress');
    bar.hidden = false;
    bar.firstElementChild.max = asked.length;
    bar.firstElementChild.value = done.length;
    bar.lastElementChild.textContent = form.dataset.progress.replace('##', asked.length).replace('#', done.length);
  }

  // hide shows the questions and groups that apply and hides the others.
  function hide(relevant) {
    Object.keys(relevant).forEach(function (name) {
      const node = document.getElementById('q-' + name) || document.getElementById('g-' + name);
      if (node) node.hidden = !relevant[name];
    });
  }

  function valuesIn(node) {
    return Array.from(node.querySelectorAll('input, textarea')).filter(function (input) {
      return /radio|checkbox/.test(input.type) ? input.checked : input.value.trim() !== '';
    }).map(function (input) { return input.value.trim(); });
  }

  // ---- problems

  const maxListed = 5; // of the problems above the page; all are marked in it

  // complain shows what the server found, in the page and above it.
  function complain(title, errors) {
    document.querySelectorAll('.bad').forEach(forgive);
    const list = document.createElement('ul');
    errors.forEach(function (problem, i) {
      const node = document.getElementById('q-' + problem.field);
      const item = document.createElement('li');
      if (i < maxListed) list.append(item);
      if (node) {
        const link = item.appendChild(document.createElement('a'));
        link.href = '#' + node.id;
        link.textContent = (node.querySelector('legend, label').firstChild || node).textContent.trim();
        item.append(': ');
        mark(node, problem.detail);
      }
      item.append(problem.detail);
    });
    const box = document.createElement('div');
    box.className = 'summary';
    box.tabIndex = -1;
    box.setAttribute('role', 'alert');
    box.appendChild(document.createElement('h2')).textContent = title;
    box.appendChild(list);
    if (errors.length > maxListed) box.appendChild(document.createElement('p')).textContent = form.dataset.more;
    const summary = document.getElementById('summary');
    summary.textContent = '';
    summary.append(box);
    if (document.title.indexOf(form.dataset.error) !== 0) document.title = form.dataset.error + ' ' + document.title;
    box.focus();
  }

  function mark(node, text) {
    const p = document.createElement('p');
    p.className = 'err';
    p.id = 'e-' + node.id;
    p.appendChild(document.createElement('strong')).textContent = form.dataset.error;
    p.append(' ' + text);
    const label = node.querySelector('legend, label');
    label.parentNode.insertBefore(p, label.nextSibling);
    node.classList.add('bad');
    const described = node.querySelector('input:not([type]), textarea') || node;
    described.setAttribute('aria-describedby', p.id);
  }

  function forgive(node) {
    node.classList.remove('bad');
    node.querySelectorAll('.err').forEach(function (p) { p.remove(); });
  }

  // ---- sending

  let waiting = 0; // the timer of the next attempt
  let attempts = 0;
  let pending = ''; // what is being sent, byte for byte the same until it is settled

  function lock(on) {
    Array.from(form.elements).forEach(function (e) { if (e !== send) e.disabled = on; });
  }

  function say(text) { status.textContent = text; }

  function deliver() {
    clearTimeout(waiting);
    waiting = 0;
    send.disabled = true;
    say(form.dataset.sending);
    const patience = window.AbortController ? new AbortController() : null;
    const timer = setTimeout(function () { if (patience) patience.abort(); }, 30 * 1000);
    fetch('/b', {
      method: 'POST', body: pending, credentials: 'omit', signal: patience ? patience.signal : undefined,
      headers: { 'Accept': 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' }
    }).then(function (response) {
      return response.json().then(function (reply) { settle(response, reply); });
    }).catch(function () { later(0); }).then(function () { clearTimeout(timer); });
  }

  // settle acts on an answer that is certainly the server's own: anything else
  // is not JSON and counts as no answer.
  function settle(response, reply) {
    if (response.ok && reply.receipt) {
      dropDraft();
      location.replace('/r/' + reply.receipt + (lang === 'vi' ? '' : '?lang=en'));
    } else if (response.ok || response.status >= 500 || response.status === 429 || response.status === 408) {
      later(parseInt(response.headers.get('Retry-After'), 10) || 0);
    } else {
      pending = '';
      lock(false);
      send.disabled = false;
      say('');
      if (response.status === 409) dropDraft(); else writeDraft();
      if (response.status === 422) complain(form.dataset.summary.replace('#', reply.errors.length), reply.errors); else complain(reply.title, [reply]);
    }
  }

  // later tries again after the seconds asked for, or after twice as long as
  // the last time, up to a minute, never all phones at the same moment.
  function later(seconds) {
    attempts++;
    const wait = Math.max(seconds, Math.min(60, Math.pow(2, attempts))) * (0.75 + Math.random() / 2);
    waiting = setTimeout(deliver, wait * 1000);
    send.disabled = false;
    say(form.dataset.waiting);
  }

  function now() { if (pending && waiting) deliver(); }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    if (pending) return now();
    form.querySelectorAll('.bad').forEach(forgive);
    const body = new URLSearchParams(new FormData(form));
    body.set('_seconds', spent());
    pending = body.toString();
    attempts = 0;
    writeDraft(pending);
    lock(true);
    deliver();
  });
  window.addEventListener('online', now);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) now(); });

  // ---- the rest of the page

  form.addEventListener('change', changed);
  form.addEventListener('input', changed);

  let saving = 0;
  function changed(event) {
    const node = event.target.closest('.bad');
    if (node) forgive(node);
    refresh();
    if (!pending) say('');
    clearTimeout(saving);
    saving = setTimeout(function () { if (!pending) writeDraft(); }, 300);
    clear.hidden = !key;
  }

  form.addEventListener('click', function (event) {
    const link = event.target.closest('.summary a');
    const target = link && document.getElementById(link.hash.slice(1)).querySelector('input, textarea');
    if (target) {
      event.preventDefault();
      target.closest('.q').scrollIntoView();
      target.focus({ preventScroll: true });
    }
    if (event.target.name === '_show' && key) {
      event.preventDefault();
      writeDraft();
      // No page with these answers may stay behind the back button.
      location.replace(location.pathname + '?lang=' + event.target.value);
    }
  });

  clear.addEventListener('click', function () {
    form.reset();
    dropDraft();
    refresh();
    clear.hidden = true;
    say(form.dataset.cleared);
    document.getElementById('main').scrollIntoView();
  });

  fill(before.answers);
  refresh();
  if (before.answers.length) clear.hidden = false;
  if (before.body) {
    pending = before.body;
    lock(true);
    deliver();
  } else if (before.answers.length) {
    say(form.dataset.restored);
  }
})();
