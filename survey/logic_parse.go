package survey

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hailong/fault"
)

// maxExpression bounds the length of an expression, and with it the depth of
// everything that walks one.
const maxExpression = 2000

// resolver finds the question that ${name} means, or says by a problem why it
// may not stand here. The name of . is "".
type resolver func(name string) (int, *fault.Problem)

// parseExpression reads one expression.
func parseExpression(source string, resolve resolver) (*expr, *fault.Problem) {
	if len(source) > maxExpression {
		return nil, problem("form.expression_long", "limit", maxExpression)
	}
	tokens, bad := scan(source)
	if bad != nil {
		return nil, bad
	}
	p := parser{tokens: tokens, resolve: resolve}
	e := p.binary(1)
	if p.bad == nil && p.here().kind != tokenEnd {
		p.unexpected()
	}
	if p.bad != nil {
		return nil, p.bad
	}
	return e, nil
}

func problem(code string, pairs ...any) *fault.Problem {
	p := fault.P(code, pairs...)
	return &p
}

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenText
	tokenReference // ${name}, or . with an empty text
	tokenName
	tokenSign // operators, parentheses, commas
)

// token is one word of an expression; at counts characters from 1.
type token struct {
	kind tokenKind
	text string
	at   int
}

// scan cuts an expression into tokens and ends them with a tokenEnd.
func scan(source string) ([]token, *fault.Problem) {
	var tokens []token
	for rest := source; ; {
		rest = strings.TrimLeft(rest, xpathSpace)
		at := utf8.RuneCountInString(source[:len(source)-len(rest)]) + 1
		if rest == "" {
			return append(tokens, token{tokenEnd, "", at}), nil
		}
		t, length, bad := scanOne(rest)
		if bad != nil {
			bad.Args = append(bad.Args, fault.Arg{Name: "position", Value: at})
			return nil, bad
		}
		t.at = at
		tokens, rest = append(tokens, t), rest[length:]
	}
}

// scanOne cuts the first token off a text that begins with one, and returns its
// length in bytes.
func scanOne(s string) (token, int, *fault.Problem) {
	switch c := s[0]; {
	case c == '"' || c == '\'':
		end := strings.IndexByte(s[1:], c)
		if end < 0 {
			return token{}, 0, problem("form.expression_quote_open")
		}
		return token{kind: tokenText, text: s[1 : 1+end]}, end + 2, nil
	case strings.HasPrefix(s, "${"):
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return token{}, 0, problem("form.expression_reference_open")
		}
		name := strings.Trim(s[2:end], xpathSpace)
		if !codePattern.MatchString(name) {
			return token{}, 0, problem("form.reference_unknown", "reference", name)
		}
		return token{kind: tokenReference, text: name}, end + 1, nil
	case isDigit(c) || c == '.' && len(s) > 1 && isDigit(s[1]):
		n := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if n < len(s) && s[n] == '.' {
			n = len(s) - len(strings.TrimLeft(s[n+1:], "0123456789"))
		}
		return token{kind: tokenNumber, text: s[:n]}, n, nil
	case c == '.' && !strings.HasPrefix(s, ".."):
		return token{kind: tokenReference}, 1, nil
	case isNameStart(c):
		n := 1
		for n < len(s) && (isNameStart(s[n]) || isDigit(s[n]) || s[n] == '-') {
			n++
		}
		return token{kind: tokenName, text: s[:n]}, n, nil
	}
	for _, sign := range []string{"!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "(", ")", ","} {
		if strings.HasPrefix(s, sign) {
			return token{kind: tokenSign, text: sign}, len(sign), nil
		}
	}
	r, _ := utf8.DecodeRuneInString(s)
	return token{}, 0, problem("form.expression_character", "character", string(r))
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isNameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// parser is a recursive-descent parser over tokens; the first problem stays.
type parser struct {
	tokens  []token
	resolve resolver
	bad     *fault.Problem
}

func (p *parser) here() token { return p.tokens[0] }

// next takes the token at hand; the end is never passed.
func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return t
}

// take consumes a sign if it stands here.
func (p *parser) take(sign string) bool {
	if t := p.here(); t.kind != tokenSign || t.text != sign {
		return false
	}
	p.next()
	return true
}

func (p *parser) fail(bad *fault.Problem) *expr {
	if p.bad == nil {
		p.bad = bad
	}
	return &expr{}
}

func (p *parser) unexpected() *expr {
	t := p.here()
	if t.kind == tokenEnd {
		return p.fail(problem("form.expression_unfinished"))
	}
	text := t.text
	if t.kind == tokenReference {
		text = "${" + t.text + "}"
		if t.text == "" {
			text = "."
		}
	}
	return p.fail(problem("form.expression_unexpected", "text", text, "position", t.at))
}

// binary reads a chain of operators that bind at least as tightly as level;
// equal ones join from the left.
func (p *parser) binary(level int) *expr {
	left := p.unary()
	for p.bad == nil {
		t := p.here()
		operator, ok := binaryOperators[t.text]
		if !ok || t.kind != tokenSign && t.kind != tokenName || operator.level < level {
			break
		}
		p.next()
		left = &expr{op: operator.op, args: []*expr{left, p.binary(operator.level + 1)}}
	}
	return left
}

func (p *parser) unary() *expr {
	if p.take("-") {
		return &expr{op: opNegate, args: []*expr{p.unary()}}
	}
	return p.primary()
}

func (p *parser) primary() *expr {
	switch t := p.here(); t.kind {
	case tokenNumber:
		p.next()
		number := parseXPathNumber(t.text)
		if math.IsInf(number, 0) {
			return p.fail(problem("form.expression_number", "position", t.at))
		}
		return &expr{op: opNumber, number: number}
	case tokenText:
		p.next()
		return &expr{op: opText, text: t.text}
	case tokenReference:
		p.next()
		question, bad := p.resolve(t.text)
		if bad != nil {
			return p.fail(bad)
		}
		return &expr{op: opAnswer, question: question}
	case tokenName:
		return p.call()
	}
	if p.take("(") {
		e := p.binary(1)
		if !p.take(")") {
			return p.unexpected()
		}
		return e
	}
	return p.unexpected()
}

// call reads a function with its arguments.
func (p *parser) call() *expr {
	name := p.next()
	if !p.take("(") {
		return p.fail(problem("form.expression_name", "name", name.text, "position", name.at))
	}
	var args []*expr
	if !p.take(")") {
		for more := true; more && p.bad == nil; more = p.take(",") {
			args = append(args, p.binary(1))
		}
		if !p.take(")") {
			return p.unexpected()
		}
	}
	arity, e := 0, &expr{op: opTruth, truth: name.text == "true"}
	if name.text != "true" && name.text != "false" {
		f, ok := functions[name.text]
		if !ok {
			known := slices.Sorted(maps.Keys(functions))
			return p.fail(problem("form.function_unknown", "function", name.text, "known", known))
		}
		arity, e = f.arity, &expr{op: f.op, args: args}
	}
	if len(args) != arity {
		return p.fail(problem("form.function_arguments", "function", name.text, "want", strconv.Itoa(arity), "given", strconv.Itoa(len(args))))
	}
	return e
}
