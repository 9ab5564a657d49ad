package ready

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hailong/fault"
	"hailong/sampling"
	"hailong/territory"
)

// idParameter is a parameter of every chain: what the plans' identifiers begin
// with, such as the round's. Its default is the chain's.
const idParameter = "id"

// value is a parameter's value, read by its kind.
type value struct {
	kind   Kind
	text   string // as set, "" for none
	list   []string
	counts counts
}

// values reads what was set and takes the default of what was not. All problems
// are reported at once, each with the name of its parameter: ready.parameter,
// ready.required, ready.value_KIND.
func (c Chain) values(set Values) (map[string]value, error) {
	values := map[string]value{idParameter: {kind: KindText, text: string(c.ID)}}
	known := []string{idParameter}
	var problems []fault.Problem
	for _, p := range c.Parameters {
		known = append(known, p.Name)
		text, given := set[p.Name]
		if !given {
			text = p.Default
		}
		v, ok := p.read(strings.TrimSpace(territory.NFC(text)))
		switch {
		case !ok:
			problems = append(problems, fault.P("ready.value_"+string(p.Kind), "name", p.Name, "value", text, "choices", p.Choices))
		case v.text == "" && p.Required:
			problems = append(problems, fault.P("ready.required", "name", p.Name))
		}
		values[p.Name] = v
	}
	for name, text := range set {
		if !slices.Contains(known, name) {
			problems = append(problems, fault.P("ready.parameter", "name", name, "known", known))
		}
		if name == idParameter && text != "" {
			values[idParameter] = value{kind: KindText, text: text}
		}
	}
	return values, fault.Of(fault.Invalid, problems)
}

var (
	wholeNumber   = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)
	decimalNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?$`)
)

// read reads a value of the parameter's kind; false if it is none.
func (p Parameter) read(text string) (value, bool) {
	v := value{kind: p.Kind, text: text}
	ok := true
	switch {
	case text == "":
	case p.Kind == KindChoice:
		ok = slices.Contains(p.Choices, text)
	case p.Kind == KindNumber:
		ok = wholeNumber.MatchString(text)
	case p.Kind == KindDecimal:
		ok = decimalNumber.MatchString(text)
	case p.Kind == KindList:
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item != "" {
				v.list = append(v.list, item)
			}
		}
	case p.Kind == KindCounts:
		v.counts, ok = readCounts(text)
		v.counts.name = p.Name
	}
	return v, ok
}

// json is the value as it stands in a plan; false if there is none.
func (v value) json() (any, bool) {
	switch {
	case v.text == "":
		return nil, false
	case v.kind == KindNumber || v.kind == KindDecimal:
		return json.Number(v.text), true
	case v.kind == KindList:
		return v.list, len(v.list) > 0
	case v.kind == KindCounts:
		return v.counts.each, true
	}
	return v.text, true
}

// parameterIn returns the name in "{name}", or "".
func parameterIn(text string) string {
	if name, ok := strings.CutPrefix(text, "{"); ok {
		if name, ok = strings.CutSuffix(name, "}"); ok {
			return name
		}
	}
	return ""
}

// counts are how many units to take in each stratum, and in some of them.
type counts struct {
	name string // of the parameter
	each int
	by   map[string]int
}

// readCounts reads "3" or "3, 01=6, 79=6".
func readCounts(text string) (counts, bool) {
	c := counts{each: -1, by: map[string]int{}}
	for item := range strings.SplitSeq(text, ",") {
		label, number, exception := strings.Cut(item, "=")
		if !exception {
			number = label
		}
		n, err := strconv.Atoi(strings.TrimSpace(number))
		switch label = strings.TrimSpace(label); {
		case err != nil || n < 0:
			return c, false
		case exception && label != "" && !has(c.by, label):
			c.by[label] = n
		case !exception && c.each < 0:
			c.each = n
		default:
			return c, false
		}
	}
	return c, c.each >= 0
}

func has(m map[string]int, key string) bool {
	_, ok := m[key]
	return ok
}

// spread gives every stratum its count; an exception must be one of them
// (ready.no_such_stratum).
func (c counts) spread(member string, cells []sampling.ScopeCell) (map[string]int, error) {
	by := make(map[string]int)
	for _, cell := range cells {
		by[cell.Label] = c.each
	}
	var problems []fault.Problem
	for label, n := range c.by {
		if !has(by, label) {
			problems = append(problems, fault.P("ready.no_such_stratum", "name", c.name, "member", member, "stratum", label))
		}
		by[label] = n
	}
	return by, fault.Of(fault.Invalid, problems)
}
