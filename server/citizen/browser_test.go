package citizen_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"hailong/server"
	"hailong/server/browsertest"
	"hailong/server/citizen"
	"hailong/server/page"
	"hailong/survey"
)

// serve puts a part on a free loopback port and returns its base address.
func serve(t *testing.T, part server.Part) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.New(server.Config{}, part).Serve(ctx, listener, nil) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return "http://" + listener.Addr().String()
}

// only returns the one response that is stored.
func (w *world) only() survey.Response {
	w.t.Helper()
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	if len(w.store.responses) != 1 {
		w.t.Fatalf("%d responses, want one", len(w.store.responses))
	}
	for _, r := range w.store.responses {
		return r
	}
	return survey.Response{}
}

// A citizen with a phone, from the scanned address to the receipt, with and
// without script.
func TestBrowserFromScanToReceipt(t *testing.T) {
	for name, view := range map[string]browsertest.View{
		"with script": browsertest.Phone, "without script": {Width: 360, Height: 640, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := browsertest.Open(t, view)
			w := newWorld(t, citizen.Limits{})
			base := serve(t, w.part)
			shot := "citizen-" + strings.ReplaceAll(name, " ", "-")
			b.Visit(base + "/q/" + string(w.counter))
			b.Shot(shot + "-1-first")
			b.Wide()
			b.Click("#send")
			b.Await(`!!document.querySelector('.summary a[href="#q-visited"]') && document.title.startsWith('Lỗi:')`)
			b.Shot(shot + "-2-problem")
			b.Click(`input[name=visited][value=yes]`)
			b.Type(`input[name=age]`, "75")
			for i := range 33 {
				b.Click(fmt.Sprintf(`input[name=q%02d][value="%d"]`, i+1, i%5+1))
			}
			b.Shot(shot + "-3-answered")
			b.Type(`textarea[name=wish]`, "Bớt phải đi lại")
			b.Click("#send")
			b.Await(`location.pathname.startsWith('/r/') && document.readyState === 'complete'`)
			b.Shot(shot + "-4-receipt")
			r := w.only()
			if r.Answers.First("q07") != "2" || r.Answers.First("wish") != "Bớt phải đi lại" || r.Lang != "vi" {
				t.Errorf("stored %+v", r)
			}
			if code := string(w.keys.Receipt(r.ID)); !strings.Contains(browsertest.Eval[string](b, `document.body.innerText`), code) {
				t.Errorf("the page does not show the receipt %s", code)
			}
		})
	}
}

// Many problems at once, found by the server and shown by the script: few are
// listed above the page, all are marked in it.
func TestBrowserListsFewOfManyProblems(t *testing.T) {
	b := browsertest.Open(t, browsertest.Phone)
	w := newWorld(t, citizen.Limits{})
	b.Visit(serve(t, w.part) + "/q/" + string(w.counter))
	browsertest.Eval[bool](b, `document.querySelectorAll('.rating input[value="1"]').forEach(i => { i.value = '9'; i.checked = true; }) || true`)
	b.Click("#send")
	b.Await(`document.querySelectorAll('.summary li').length === 5 && !!document.querySelector('.summary p')`)
	b.Await(`document.querySelectorAll('.q.bad .err').length === Number(document.querySelector('.summary h2').textContent.match(/[0-9]+/)[0])`)
}

// The network goes while the citizen answers: the answers stay on the phone,
// over a reload too, and are sent once when it comes back.
func TestBrowserOfflineThenOnline(t *testing.T) {
	b := browsertest.Open(t, browsertest.Phone)
	w := newWorld(t, citizen.Limits{})
	base := serve(t, w.part)
	b.Visit(base + "/p/" + string(w.token))
	b.Click(`input[name=visited][value=yes]`)
	b.Click(`input[name=q01][value="4"]`)
	b.Offline(true)
	b.Click("#send")
	b.Await(`document.getElementById('status').textContent.startsWith('Chưa gửi được')`)
	b.Shot("citizen-offline")
	if w.store.stored() != 0 {
		t.Fatal("something was stored without a network")
	}
	b.Offline(false)
	b.Await(`location.pathname.startsWith('/r/')`)
	if r := w.only(); r.Answers.First("q01") != "4" {
		t.Errorf("stored %+v", r)
	}
	b.Visit(base + "/p/" + string(w.token))
	if n := browsertest.Eval[int](b, `document.querySelectorAll('input:checked').length`); n != 0 {
		t.Errorf("%d answers are still on the phone after the receipt", n)
	}
}

// On a network of the second generation the form still arrives and is sent.
func TestBrowserOnASlowNetwork(t *testing.T) {
	b := browsertest.Open(t, browsertest.Phone)
	w := newWorld(t, citizen.Limits{})
	base := serve(t, w.part)
	b.Slow()
	b.Visit(base + "/q/" + string(w.counter))
	b.Click(`input[name=visited][value=no]`)
	b.Click("#send")
	b.Await(`location.pathname.startsWith('/r/')`)
	if r := w.only(); r.Answers.First("visited") != "no" {
		t.Errorf("stored %+v", r)
	}
}

// The server is away: what was sent is repeated byte for byte, after a reload of
// the page too, and counts once.
func TestBrowserKeepsASendingOverAReload(t *testing.T) {
	b := browsertest.Open(t, browsertest.Phone)
	w := newWorld(t, citizen.Limits{})
	base := serve(t, w.part)
	b.Visit(base + "/q/" + string(w.counter))
	b.Click(`input[name=visited][value=no]`)
	w.store.setAway(true)
	b.Click("#send")
	b.Await(`document.getElementById('status').textContent.startsWith('Chưa gửi được')`)
	w.store.setAway(false)
	ballot := browsertest.Eval[string](b, `new URLSearchParams(JSON.parse(localStorage.getItem('hailong:' + location.pathname)).body).get('ballot')`)
	b.Reload()
	b.Await(`location.pathname.startsWith('/r/')`)
	opened, err := w.keys.Open(ballot)
	if err != nil {
		t.Fatal(err)
	}
	if r := w.only(); r.ID != opened.ID() {
		t.Errorf("the reload sent ballot %s, the first sending was %s", r.ID, opened.ID())
	}
}

func TestBrowserDraftSurvivesAReloadAndALanguage(t *testing.T) {
	b := browsertest.Open(t, browsertest.Phone)
	w := newWorld(t, citizen.Limits{})
	base := serve(t, w.part)
	b.Visit(base + "/p/" + string(w.token))
	b.Click(`input[name=q03][value="2"]`)
	b.Type(`textarea[name=wish]`, "Thêm ghế")
	b.Await(`(localStorage.getItem('hailong:' + location.pathname) || '').includes('ghế')`)
	kept := `document.querySelector('input[name=q03][value="2"]').checked && document.querySelector('[name=wish]').value === 'Thêm ghế'`
	b.Reload()
	b.Await(kept)
	b.Click(`button[value=en]`)
	b.Await(`document.documentElement.lang === 'en' && ` + kept)
	b.Click("#clear")
	b.Await(`!document.querySelector('input:checked') && !localStorage.length`)
}

// Every page, in the views that matter: nothing is wider than the screen, what
// is tapped is large enough, and axe finds nothing.
func TestBrowserPagesAreAccessible(t *testing.T) {
	fixtures := append(citizen.Fixtures(), page.Fixtures()...)
	b := browsertest.Open(t, browsertest.Phone)
	base := serve(t, page.Gallery(fixtures))
	for _, v := range []struct {
		name string
		view browsertest.View
	}{{"phone", browsertest.Phone}, {"phone-dark", browsertest.PhoneDark}, {"desk", browsertest.Desk}, {"desk-dark", browsertest.DeskDark}} {
		b.Look(v.view)
		for i, f := range fixtures {
			t.Run(v.name+" "+f.Name, func(t *testing.T) {
				b.For(t)
				b.Visit(fmt.Sprintf("%s/%d", base, i))
				b.FullShot(strings.NewReplacer("/", "-", ", ", "-", " ", "-").Replace(f.Name) + "-" + v.name)
				b.Wide()
				b.Targets(44)
				if browsertest.HasAxe() {
					b.Axe()
				}
			})
		}
	}
}

// Questions that do not apply are hidden while the citizen answers.
func TestBrowserHidesWhatDoesNotApply(t *testing.T) {
	b := browsertest.Open(t, browsertest.Phone)
	base := serve(t, page.Gallery(citizen.Fixtures()))
	b.Visit(base + "/0")
	hidden := `document.getElementById('q-on_time').hidden`
	b.Await(hidden)
	b.Click(`input[name=visited][value=yes]`)
	b.Await(`!` + hidden + ` && document.getElementById('count').textContent === '1/7 câu'`)
	b.Click(`input[name=visited][value=no]`)
	b.Await(hidden + ` && document.getElementById('count').textContent === '1/6 câu'`)
}
