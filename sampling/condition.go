package sampling

import (
	"bytes"
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/territory"
)

// Condition keeps the units for which it holds, as one of a plan's `where`.
type Condition struct {
	Var   string   `json:"var"`
	Op    Operator `json:"op"`
	Value Operands `json:"value"`
}

// Operator compares a value of the frame with a condition's.
type Operator string

// The operators. == and != and in compare text with text and numbers with
// numbers; the others compare numbers only. A missing value fulfils != alone,
// and == "" if that is what is asked.
const (
	Equal          Operator = "=="
	NotEqual       Operator = "!="
	Less           Operator = "<"
	LessOrEqual    Operator = "<="
	Greater        Operator = ">"
	GreaterOrEqual Operator = ">="
	In             Operator = "in"
)

var operators = []Operator{Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, In}

// Operands is what a condition compares with: one value, or several for In.
type Operands []Operand

// Operand is a text or an exact decimal number of a condition.
type Operand struct {
	text   string
	quoted bool     // a text, even if it reads like a number
	number *big.Rat // of a text that reads like a number, and of a number
}

// Text is an operand compared as text, as codes must be: "01" is not "1".
func Text(s string) Operand {
	number, _ := decimal(s)
	return Operand{text: territory.NFC(s), quoted: true, number: number}
}

// UnmarshalJSON reads a string, a number, or a list of these.
func (o *Operands) UnmarshalJSON(raw []byte) error {
	list := []json.RawMessage{raw}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		list = nil
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
	}
	*o = make(Operands, len(list))
	for i, item := range list {
		if err := (*o)[i].unmarshal(item); err != nil {
			return err
		}
	}
	return nil
}

func (o *Operand) unmarshal(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil && string(raw) != "null" {
		*o = Text(s)
		return nil
	}
	n, ok := decimal(string(bytes.TrimSpace(raw)))
	if !ok {
		return fault.New(fault.Invalid, "plan.operand", "value", string(raw))
	}
	*o = Operand{text: string(bytes.TrimSpace(raw)), number: n}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (o Operands) MarshalJSON() ([]byte, error) {
	list := make([]any, len(o))
	for i, operand := range o {
		list[i] = operand.text
		if !operand.quoted {
			list[i] = json.Number(operand.text)
		}
	}
	if len(list) == 1 {
		return json.Marshal(list[0])
	}
	return json.Marshal(list)
}

// problems says what is wrong with the condition itself.
func (c Condition) problems(f Rows) []fault.Problem {
	switch {
	case !slices.Contains(operators, c.Op):
		return []fault.Problem{fault.P("plan.operator", "op", string(c.Op), "var", c.Var)}
	case c.Op != In && len(c.Value) != 1, len(c.Value) == 0:
		return []fault.Problem{fault.P("plan.operand_count", "op", string(c.Op), "var", c.Var)}
	case c.ordered() && c.Value[0].number == nil:
		return []fault.Problem{fault.P("plan.operand_not_number", "op", string(c.Op), "var", c.Var, "value", c.Value[0].text)}
	case !f.Has(c.Var):
		return []fault.Problem{noColumn("where", c.Var)}
	}
	return nil
}

func (c Condition) ordered() bool { return c.Op != Equal && c.Op != NotEqual && c.Op != In }

// holds evaluates the condition on one value. ok is false if an ordering
// operator meets a value that is given but is not a number.
func (c Condition) holds(value string) (holds, ok bool) {
	if !c.ordered() {
		found := slices.ContainsFunc(c.Value, func(o Operand) bool { return o.equals(value) })
		return found != (c.Op == NotEqual), true
	}
	if missing(value) {
		return false, true
	}
	x, ok := decimal(value)
	if !ok {
		return false, false
	}
	order := x.Cmp(c.Value[0].number)
	switch c.Op {
	case Less:
		return order < 0, true
	case LessOrEqual:
		return order <= 0, true
	case Greater:
		return order > 0, true
	default:
		return order >= 0, true
	}
}

// equals compares as a number if the operand is one, else as text.
func (o Operand) equals(value string) bool {
	if o.quoted {
		return value == o.text || missing(value) && missing(o.text)
	}
	x, ok := decimal(value)
	return ok && x.Cmp(o.number) == 0
}

// decimal reads digits with an optional sign and fraction, at most 40 characters.
func decimal(s string) (*big.Rat, bool) {
	if len(s) > 40 {
		return nil, false
	}
	digits := strings.TrimLeft(s, "+-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	if len(s)-len(digits) > 1 || !allDigits(whole) || dotted && !allDigits(fraction) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
