package scorecard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hailong/fault"
)

// object hands out the members of a JSON object and remembers which were asked
// for. A member that is null counts as one that is not there.
type object struct {
	reader *sheetReader
	node   node
	path   string // within the file: "criteria[1].parts[0]"
	line   int
	asked  []string
}

// open takes a node as an object; another value is reported and read as {}.
func (r *sheetReader) open(n node, path string) *object {
	o := &object{reader: r, node: n, path: path, line: n.line}
	if n.value != json.Delim('{') {
		o.report(fault.P("sheet.not_object"), "")
	}
	return o
}

// report adds a problem with the place of a member, or of the object itself.
func (o *object) report(p fault.Problem, name string) {
	line := o.line
	if n, ok := o.node.member(name); ok {
		line = n.line
	}
	o.reader.problems = append(o.reader.problems, p.AtRow(line, o.at(name)))
}

// at is the path of a member.
func (o *object) at(name string) string { return strings.Trim(o.path+"."+name, ".") }

// need reports a member that is missing.
func (o *object) need(ok bool, name string) {
	if isObject := o.node.value == json.Delim('{'); isObject && !ok {
		o.report(fault.P("sheet.missing", "member", name), name)
	}
}

// member returns a member that is there.
func (o *object) member(name string) (node, bool) {
	o.asked = append(o.asked, name)
	n, ok := o.node.member(name)
	return n, ok && n.value != nil
}

// close warns of members that nobody asked for: most are misspelt.
func (o *object) close() {
	for _, m := range o.node.members {
		if !slices.Contains(o.asked, m.name) {
			o.report(fault.P("sheet.unknown_member", "member", m.name).Warn(), m.name)
		}
	}
}

func (o *object) text(name string) string {
	n, ok := o.member(name)
	if !ok {
		return ""
	}
	text, ok := n.value.(string)
	if !ok {
		o.report(fault.P("sheet.not_text", "member", name), name)
	}
	return text
}

func (o *object) needText(name string) string {
	text := o.text(name)
	if n, ok := o.node.member(name); !ok || n.value == nil || n.value == "" {
		o.need(false, name)
	}
	return text
}

func (o *object) number(name string) Number {
	n, ok := o.member(name)
	if !ok {
		return Number{}
	}
	text, ok := n.value.(json.Number)
	points, readable := ParsePoints(string(text))
	if !ok || !readable {
		o.report(fault.P("sheet.not_number", "member", name), name)
		return Number{}
	}
	_, decimals, _ := strings.Cut(string(text), ".")
	return Number{Points: points, Given: true, Decimals: len(decimals), Line: n.line}
}

func (o *object) needNumber(name string) Points {
	n := o.number(name)
	if _, ok := o.member(name); !ok {
		o.need(false, name)
	}
	return n.Points
}

func (o *object) integer(name string) int {
	n := o.number(name)
	i, err := strconv.Atoi(n.rat().RatString())
	if err != nil {
		o.report(fault.P("sheet.not_integer", "member", name), name)
	}
	return i
}

// date reads a day as 2022-09-30.
func (o *object) date(name string) string {
	text := o.text(name)
	if _, err := time.Parse(time.DateOnly, text); err != nil && text != "" {
		o.report(fault.P("sheet.not_date", "member", name, "value", text), name)
	}
	return text
}

func (o *object) object(name string) (*object, bool) {
	n, ok := o.member(name)
	if !ok {
		return nil, false
	}
	return o.reader.open(n, o.at(name)), true
}

// objects reads a list of objects.
func (o *object) objects(name string) []*object {
	n, ok := o.member(name)
	if !ok {
		return nil
	}
	if n.value != json.Delim('[') {
		o.report(fault.P("sheet.not_list", "member", name), name)
	}
	var all []*object
	for i, item := range n.items {
		all = append(all, o.reader.open(item, fmt.Sprintf("%s[%d]", o.at(name), i)))
	}
	return all
}

// amounts reads an object of numbers that are not negative.
func (o *object) amounts(name string) map[string]Points {
	inner, ok := o.object(name)
	if !ok {
		return nil
	}
	all := make(map[string]Points, len(inner.node.members))
	for _, m := range inner.node.members {
		n := inner.number(m.name)
		if n.Sign() < 0 {
			inner.report(fault.P("sheet.negative", "member", m.name), m.name)
		}
		if n.Given {
			all[m.name] = n.Points
		}
	}
	return all
}

// distinct reports thresholds that stand twice in a list.
func (o *object) distinct(name string, n int, from func(int) Points) {
	seen := make(map[string]bool, n)
	for i := range n {
		key := from(i).rat().RatString()
		if seen[key] {
			o.report(fault.P("sheet.band_twice", "from", from(i).Float()), name)
		}
		seen[key] = true
	}
}

// stated reads the figures that the sheet states at this place.
func (o *object) stated(totals []Total) []Stated {
	var all []Stated
	for _, total := range totals {
		n := o.number(string(total))
		if total == TotalRank && !n.rat().IsInt() {
			o.report(fault.P("sheet.not_integer", "member", string(total)), string(total))
		}
		if n.Given {
			all = append(all, Stated{total, n})
		}
	}
	return all
}
