package ready

import (
	"encoding/json"
	"slices"
	"strings"
)

// outline is what of a stage's template says which frames it is drawn from.
type outline struct {
	Unit      string   `json:"unit"`
	Key       string   `json:"key"`
	ParentKey string   `json:"parent_key"`
	Size      string   `json:"size"`
	Strata    []string `json:"strata"`
	Order     []string `json:"order"`
}

// Fits reports whether the stage draws units of this name, within parents named
// by this column ("" for none), from a frame with these columns. Columns that are
// parameters may be set to others.
func (s Stage) Fits(unit, parentKey string, columns []string) bool {
	var o outline
	if err := json.Unmarshal(s.Plan, &o); err != nil {
		panic(s.Name + ": " + err.Error()) // part of the program; a test reads every stage
	}
	if o.Unit != unit || o.ParentKey != parentKey {
		return false
	}
	for _, name := range slices.Concat([]string{o.Key, o.ParentKey, o.Size}, o.Strata, o.Order) {
		if name != "" && parameterIn(name) == "" && !slices.Contains(columns, name) {
			return false
		}
	}
	return true
}

// ParametersOf returns the parameters that a stage uses, with their defaults
// for a frame with these columns: one that it has not is left out where it may be.
func (c Chain) ParametersOf(s Stage, columns []string) []Parameter {
	var used []Parameter
	for _, p := range c.Parameters {
		if place := "{" + p.Name + "}"; s.Seat != place && !strings.Contains(string(s.Plan), `"`+place+`"`) {
			continue
		}
		if p.Kind == KindColumn && !p.Required && !slices.Contains(columns, p.Default) {
			p.Default = ""
		}
		used = append(used, p)
	}
	return used
}

// ParameterAt is the name of the parameter that stands at a member of the
// stage's plan, such as "n" or "allocation.total"; "" if none does.
func (s Stage) ParameterAt(member string) string {
	var at any
	if err := json.Unmarshal(s.Plan, &at); err != nil {
		panic(s.Name + ": " + err.Error())
	}
	for part := range strings.SplitSeq(member, ".") {
		object, _ := at.(map[string]any)
		at = object[part]
	}
	text, _ := at.(string)
	return parameterIn(text)
}
