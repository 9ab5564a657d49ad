package spec

import (
	"fmt"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// Condition compares a column with a value, or with several for "in". A number is
// compared as a number, text as it is written (so "01" is not "1"); < <= > >=
// compare numbers. A missing cell meets no condition.
type Condition struct {
	Var   string `json:"var"`
	Op    string `json:"op"`
	Value any    `json:"value"`
}

var operators = []string{"==", "!=", "<", "<=", ">", ">=", "in"}

func (c Condition) check(e Estimate) []fault.Problem {
	if !slices.Contains(operators, c.Op) {
		return []fault.Problem{fault.P("stats.spec_value", "key", e.key("op"), "value", c.Op)}
	}
	values, list := c.Value.([]any)
	if !list {
		values = []any{c.Value}
	}
	if list != (c.Op == "in") {
		return []fault.Problem{badValue(e.key(c.Var+" "+c.Op), c.Value)}
	}
	for _, v := range values {
		_, isNumber := asNumber(v)
		_, isText := v.(string)
		ordered := c.Op[0] == '<' || c.Op[0] == '>'
		if !isNumber && (ordered || !isText) {
			return []fault.Problem{badValue(e.key(c.Var+" "+c.Op), v)}
		}
	}
	return nil
}

// asNumber reads a JSON number, or text that is one.
func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		return number(v)
	}
	return 0, false
}

// meets says whether a cell's text meets the condition.
func (c Condition) meets(text string) bool {
	switch c.Op {
	case "in":
		return slices.ContainsFunc(c.Value.([]any), func(v any) bool { return equal(text, v) })
	case "==":
		return equal(text, c.Value)
	case "!=":
		return !equal(text, c.Value)
	}
	x, ok := number(text)
	y, _ := asNumber(c.Value)
	if !ok {
		return false
	}
	switch c.Op {
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x >= y
}

func equal(text string, value any) bool {
	if v, ok := value.(float64); ok {
		x, isNumber := number(text)
		return isNumber && x == v
	}
	return text == value
}

// truth is whether a row meets conditions.
type truth uint8

const (
	no truth = iota
	yes
	unknown // a cell is missing
)

// evaluate joins the conditions by and, for every row. A condition that is not met
// outweighs a missing cell.
func (t *table) evaluate(conditions []Condition) []truth {
	out := make([]truth, t.rows)
	if t.cells != nil && len(conditions) > 0 {
		made := t.columns[conditionColumn(conditions)]
		for i, code := range made.Codes {
			out[i] = unknown
			if code != stats.Missing && made.Levels[code] == "yes" {
				out[i] = yes
			}
		}
		return out
	}
	for i := range out {
		out[i] = yes
	}
	for _, c := range conditions {
		column := t.columns[c.Var]
		byLevel := make([]bool, len(column.Levels))
		for code, text := range column.Levels {
			byLevel[code] = c.meets(text)
		}
		for i, code := range column.Codes {
			switch {
			case code == stats.Missing:
				if out[i] == yes {
					out[i] = unknown
				}
			case !byLevel[code]:
				out[i] = no
			}
		}
	}
	return out
}

func vars(conditions []Condition) []string {
	var names []string
	for _, c := range conditions {
		names = append(names, c.Var)
	}
	return names
}

// describe writes conditions as a label.
func describe(conditions []Condition) string {
	label := ""
	for i, c := range conditions {
		if i > 0 {
			label += " and "
		}
		label += fmt.Sprint(c.Var, " ", c.Op, " ", c.Value)
	}
	return label
}
