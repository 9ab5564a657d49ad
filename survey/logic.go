package survey

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The expression language of relevance and constraints is the part of XLSForm's
// XPath 1.0 that is listed in the table of operations below. Three rules settle
// what XPath leaves to the form:
//
//   - ${code} and . are strings: "" when unanswered or not relevant; of several
//     choices, the chosen values in the order of the choices, with spaces between.
//   - A string is true unless it is empty (as in ODK Collect), and it is NaN as a
//     number unless it reads like one, so ${age} > 18 is false while age is empty.
//   - Comparison is XPath's: with = and != two booleans if either is one, else two
//     numbers if either is one, else two strings; with < <= > >= two numbers.

// operation is what one node of an expression does.
type operation uint8

// The operations.
const (
	opText operation = iota
	opNumber
	opTruth
	opAnswer
	opOr
	opAnd
	opEqual
	opUnequal
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opPlus
	opMinus
	opTimes
	opDiv
	opMod
	opNegate
	opNot
	opIf
	opCoalesce
	opSelected
	opCountSelected
	opStringLength
	opContains
	opStartsWith
	opToNumber
	opToString
	opToBoolean
)

// binary operators by their spelling, with how tightly they bind.
var binaryOperators = map[string]struct {
	op    operation
	level int
}{
	"or": {opOr, 1}, "and": {opAnd, 2},
	"=": {opEqual, 3}, "!=": {opUnequal, 3},
	"<": {opLess, 4}, "<=": {opLessEqual, 4}, ">": {opGreater, 4}, ">=": {opGreaterEqual, 4},
	"+": {opPlus, 5}, "-": {opMinus, 5},
	"*": {opTimes, 6}, "div": {opDiv, 6}, "mod": {opMod, 6},
}

// functions by their name, with how many arguments they take. true() and
// false() are literals and stand in the parser.
var functions = map[string]struct {
	op    operation
	arity int
}{
	"not": {opNot, 1}, "if": {opIf, 3}, "coalesce": {opCoalesce, 2},
	"selected": {opSelected, 2}, "count-selected": {opCountSelected, 1},
	"string-length": {opStringLength, 1}, "contains": {opContains, 2}, "starts-with": {opStartsWith, 2},
	"number": {opToNumber, 1}, "string": {opToString, 1}, "boolean": {opToBoolean, 1},
}

// expr is one node of a parsed expression.
type expr struct {
	op       operation
	args     []*expr
	text     string  // opText
	number   float64 // opNumber
	truth    bool    // opTruth
	question int     // opAnswer: index of the question
}

// value is a string, a number or a boolean.
type value struct {
	kind   operation // opText, opNumber or opTruth
	text   string
	number float64
	truth  bool
}

func textValue(s string) value    { return value{kind: opText, text: s} }
func numberValue(x float64) value { return value{kind: opNumber, number: x} }
func truthValue(b bool) value     { return value{kind: opTruth, truth: b} }

// asNumber is XPath's number().
func (v value) asNumber() float64 {
	switch v.kind {
	case opNumber:
		return v.number
	case opTruth:
		if v.truth {
			return 1
		}
		return 0
	}
	return parseXPathNumber(v.text)
}

// asTruth is XPath's boolean().
func (v value) asTruth() bool {
	switch v.kind {
	case opNumber:
		return v.number != 0 && !math.IsNaN(v.number)
	case opTruth:
		return v.truth
	}
	return v.text != ""
}

// asText is XPath's string().
func (v value) asText() string {
	switch v.kind {
	case opNumber:
		return formatXPathNumber(v.number)
	case opTruth:
		return strconv.FormatBool(v.truth)
	}
	return v.text
}

// isEmpty is what coalesce() passes over, as in ODK: "" and NaN.
func (v value) isEmpty() bool {
	return v.kind == opText && v.text == "" || v.kind == opNumber && math.IsNaN(v.number)
}

// xpathSpace is white space in XPath 1.0.
const xpathSpace = " \t\r\n"

// parseXPathNumber reads an optional minus, digits and at most one point, with
// white space around; everything else is NaN.
func parseXPathNumber(s string) float64 {
	s = strings.Trim(s, xpathSpace)
	digits, points := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		case c != '-' || i > 0:
			return math.NaN()
		}
	}
	if digits == 0 || points > 1 {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(x, 0) { // beyond the range is an infinity, as in XPath
		return math.NaN()
	}
	return x
}

// formatXPathNumber writes a number without exponent; minus zero is "0".
func formatXPathNumber(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	case x == 0:
		return "0"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// answers gives the string of the question with an index.
type answers interface{ answer(question int) string }

// eval computes the expression over the answers.
func (e *expr) eval(given answers) value {
	switch e.op {
	case opText:
		return textValue(e.text)
	case opNumber:
		return numberValue(e.number)
	case opTruth:
		return truthValue(e.truth)
	case opAnswer:
		return textValue(given.answer(e.question))
	case opOr:
		return truthValue(e.args[0].eval(given).asTruth() || e.args[1].eval(given).asTruth())
	case opAnd:
		return truthValue(e.args[0].eval(given).asTruth() && e.args[1].eval(given).asTruth())
	case opIf:
		if e.args[0].eval(given).asTruth() {
			return e.args[1].eval(given)
		}
		return e.args[2].eval(given)
	case opCoalesce:
		if v := e.args[0].eval(given); !v.isEmpty() {
			return v
		}
		return e.args[1].eval(given)
	}
	if len(e.args) == 1 {
		return applyOne(e.op, e.args[0].eval(given))
	}
	return applyTwo(e.op, e.args[0].eval(given), e.args[1].eval(given))
}

func applyOne(op operation, a value) value {
	switch op {
	case opNegate:
		return numberValue(-a.asNumber())
	case opNot:
		return truthValue(!a.asTruth())
	case opCountSelected:
		return numberValue(float64(len(words(a.asText()))))
	case opStringLength:
		return numberValue(float64(utf8.RuneCountInString(a.asText())))
	case opToNumber:
		return numberValue(a.asNumber())
	case opToString:
		return textValue(a.asText())
	case opToBoolean:
		return truthValue(a.asTruth())
	}
	panic("survey: no such operation of one argument")
}

func applyTwo(op operation, a, b value) value {
	switch op {
	case opEqual:
		return truthValue(equal(a, b))
	case opUnequal:
		return truthValue(unequal(a, b))
	case opSelected:
		return truthValue(hasWord(a.asText(), b.asText()))
	case opContains:
		return truthValue(strings.Contains(a.asText(), b.asText()))
	case opStartsWith:
		return truthValue(strings.HasPrefix(a.asText(), b.asText()))
	}
	x, y := a.asNumber(), b.asNumber()
	switch op {
	case opLess:
		return truthValue(x < y)
	case opLessEqual:
		return truthValue(x <= y)
	case opGreater:
		return truthValue(x > y)
	case opGreaterEqual:
		return truthValue(x >= y)
	case opPlus:
		return numberValue(x + y)
	case opMinus:
		return numberValue(x - y)
	case opTimes:
		return numberValue(x * y)
	case opDiv:
		return numberValue(x / y)
	case opMod:
		return numberValue(math.Mod(x, y))
	}
	panic("survey: no such operation of two arguments")
}

func equal(a, b value) bool {
	switch {
	case a.kind == opTruth || b.kind == opTruth:
		return a.asTruth() == b.asTruth()
	case a.kind == opNumber || b.kind == opNumber:
		return a.asNumber() == b.asNumber()
	}
	return a.text == b.text
}

// unequal is the opposite of equal, NaN included: NaN is unequal to everything.
func unequal(a, b value) bool { return !equal(a, b) }

// words are the parts of s between white space: the values of several choices.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(xpathSpace, r) })
}

// hasWord reports whether the word given is one of the words of s.
func hasWord(s, word string) bool {
	return slices.Contains(words(s), strings.Trim(word, xpathSpace))
}
