package spec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// dual is a value with its derivatives by the rows, so that a formula's derivatives are
// exact.
type dual struct {
	value    float64
	gradient []float64
}

// chain is f(value) with its derivative by the chain rule.
func (a dual) chain(value, slope float64) dual {
	out := dual{value, make([]float64, len(a.gradient))}
	for i, g := range a.gradient {
		if g != 0 {
			out.gradient[i] = slope * g
		}
	}
	return out
}

// join is f(a, b) with the partial derivatives da and db.
func join(a, b dual, value, da, db float64) dual {
	out := a.chain(value, da)
	for i, g := range b.gradient {
		if g != 0 {
			out.gradient[i] += db * g
		}
	}
	return out
}

// formula reads arithmetic on rows: r1, r2 …, numbers, + - * / ^, parentheses, and the
// functions log, exp and sqrt.
type formula struct {
	rest   string
	values []float64
	depth  int
}

// formulaDepth bounds nested parentheses.
const formulaDepth = 100

func evaluateFormula(text string, values []float64) (dual, error) {
	f := formula{rest: text, values: values}
	v, err := f.sum()
	if err == nil && f.peek() != 0 {
		err = fmt.Errorf("%q is not understood", f.rest)
	}
	return v, err
}

// peek skips spaces and returns the next byte, 0 at the end.
func (f *formula) peek() byte {
	f.rest = strings.TrimLeft(f.rest, " \t\n")
	if f.rest == "" {
		return 0
	}
	return f.rest[0]
}

// next takes the next byte if it is one of the set.
func (f *formula) next(set string) byte {
	c := f.peek()
	if c == 0 || strings.IndexByte(set, c) < 0 {
		return 0
	}
	f.rest = f.rest[1:]
	return c
}

func (f *formula) sum() (dual, error) {
	a, err := f.product()
	for err == nil {
		op := f.next("+-")
		if op == 0 {
			return a, nil
		}
		var b dual
		if b, err = f.product(); err != nil {
			break
		}
		if op == '+' {
			a = join(a, b, a.value+b.value, 1, 1)
		} else {
			a = join(a, b, a.value-b.value, 1, -1)
		}
	}
	return a, err
}

func (f *formula) product() (dual, error) {
	a, err := f.power()
	for err == nil {
		op := f.next("*/")
		if op == 0 {
			return a, nil
		}
		var b dual
		if b, err = f.power(); err != nil {
			break
		}
		if op == '*' {
			a = join(a, b, a.value*b.value, b.value, a.value)
		} else {
			a = join(a, b, a.value/b.value, 1/b.value, -a.value/(b.value*b.value))
		}
	}
	return a, err
}

func (f *formula) power() (dual, error) {
	if f.next("-") != 0 {
		a, err := f.power()
		return a.chain(-a.value, -1), err
	}
	a, err := f.atom()
	if err != nil || f.next("^") == 0 {
		return a, err
	}
	if f.depth++; f.depth > formulaDepth {
		return a, fmt.Errorf("it is too deep")
	}
	b, err := f.power()
	f.depth--
	v := math.Pow(a.value, b.value)
	return join(a, b, v, b.value*math.Pow(a.value, b.value-1), v*math.Log(a.value)), err
}

func (f *formula) atom() (dual, error) {
	if f.next("(") != 0 {
		return f.closed()
	}
	f.peek()
	end := strings.IndexFunc(f.rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' })
	if end < 0 {
		end = len(f.rest)
	}
	word := f.rest[:end]
	f.rest = f.rest[end:]
	if number, err := strconv.ParseFloat(word, 64); err == nil {
		return dual{number, make([]float64, len(f.values))}, nil
	}
	if row, ok := strings.CutPrefix(word, "r"); ok {
		if i, err := strconv.Atoi(row); err == nil && i >= 1 && i <= len(f.values) {
			out := dual{f.values[i-1], make([]float64, len(f.values))}
			out.gradient[i-1] = 1
			return out, nil
		}
	}
	return f.function(word)
}

func (f *formula) function(name string) (dual, error) {
	if !strings.Contains(" log exp sqrt ", " "+name+" ") || name == "" || f.next("(") == 0 {
		return dual{}, fmt.Errorf("%q is not understood", name+f.rest)
	}
	a, err := f.closed()
	switch name {
	case "log":
		return a.chain(math.Log(a.value), 1/a.value), err
	case "exp":
		return a.chain(math.Exp(a.value), math.Exp(a.value)), err
	}
	return a.chain(math.Sqrt(a.value), 0.5/math.Sqrt(a.value)), err
}

// closed reads up to the closing parenthesis.
func (f *formula) closed() (dual, error) {
	if f.depth++; f.depth > formulaDepth {
		return dual{}, fmt.Errorf("it is too deep")
	}
	defer func() { f.depth-- }()
	a, err := f.sum()
	if err == nil && f.next(")") == 0 {
		err = fmt.Errorf("a parenthesis is not closed")
	}
	return a, err
}
