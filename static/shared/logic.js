// Relevance and constraints of a questionnaire in the browser: the same rules as
// package survey on the server, proven by the same vectors. It evaluates the
// expressions that Form.Logic exports, as data: there is no eval.
//
//   hailongLogic(steps, get) → { relevant: {name: boolean}, broken: [code] }
//
// steps is the parsed JSON of Form.Logic; get(code) returns the values given to a
// question, of several choices in their order on the page. relevant has the groups
// and questions that can vanish; all others are always relevant. broken lists the
// answered questions whose constraint does not hold.
(function (root) {
  "use strict";

  function number(v) {
    if (typeof v === "string") {
      return /^[ \t\r\n]*-?(\d+\.?\d*|\.\d+)[ \t\r\n]*$/.test(v) ? Number(v) : NaN;
    }
    return Number(v);
  }

  function text(v) { // numbers without exponent
    var s = String(v);
    var m = typeof v === "number" && /^(-?)(\d)\.?(\d*)e([+-]\d+)$/.exec(s);
    if (!m) { return s; }
    var digits = m[2] + m[3], shift = Number(m[4]);
    return m[1] + (shift < 0 ? "0." + "0".repeat(-shift - 1) + digits : digits + "0".repeat(shift - m[3].length));
  }

  function words(v) {
    return text(v).split(/[ \t\r\n]+/).filter(Boolean);
  }

  function equal(a, b) {
    if (typeof a === "boolean" || typeof b === "boolean") { return Boolean(a) === Boolean(b); }
    if (typeof a === "number" || typeof b === "number") { return number(a) === number(b); }
    return a === b;
  }

  var operations = {
    "=": equal,
    "!=": function (a, b) { return !equal(a, b); },
    "<": function (a, b) { return number(a) < number(b); },
    "<=": function (a, b) { return number(a) <= number(b); },
    ">": function (a, b) { return number(a) > number(b); },
    ">=": function (a, b) { return number(a) >= number(b); },
    "+": function (a, b) { return number(a) + number(b); },
    "-": function (a, b) { return b === undefined ? -number(a) : number(a) - number(b); },
    "*": function (a, b) { return number(a) * number(b); },
    "div": function (a, b) { return number(a) / number(b); },
    "mod": function (a, b) { return number(a) % number(b); },
    "not": function (a) { return !a; },
    "selected": function (a, b) { return words(a).indexOf(text(b).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")) >= 0; },
    "count-selected": function (a) { return words(a).length; },
    "string-length": function (a) { return Array.from(text(a)).length; },
    "contains": function (a, b) { return text(a).indexOf(text(b)) >= 0; },
    "starts-with": function (a, b) { return text(a).indexOf(text(b)) === 0; },
    "number": number,
    "string": text,
    "boolean": Boolean
  };

  function evaluate(e, answer) {
    if (!Array.isArray(e)) { return e; }
    var arg = function (i) { return evaluate(e[i], answer); };
    switch (e[0]) {
      case "$": return answer(e[1]);
      case "or": return Boolean(arg(1)) || Boolean(arg(2));
      case "and": return Boolean(arg(1)) && Boolean(arg(2));
      case "if": return arg(1) ? arg(2) : arg(3);
      case "coalesce":
        var first = arg(1);
        return first === "" || first !== first ? arg(2) : first;
    }
    return operations[e[0]](arg(1), e.length > 2 ? arg(2) : undefined);
  }

  root.hailongLogic = function (steps, get) {
    var relevant = Object.create(null), broken = [];
    var answer = function (code) {
      if (relevant[code] === false) { return ""; }
      return get(code).map(function (v) { return v.normalize().trim(); }).filter(Boolean).join(" ");
    };
    var holds = function (e) { return e === undefined || Boolean(evaluate(e, answer)); };
    steps.forEach(function (s) {
      var around = s.in === undefined || relevant[s.in];
      relevant[s.n] = around && holds(s.r);
      if (s.c !== undefined && answer(s.n) !== "" && !holds(s.c)) { broken.push(s.n); }
    });
    return { relevant: relevant, broken: broken };
  };
})(typeof globalThis === "undefined" ? self : globalThis);
