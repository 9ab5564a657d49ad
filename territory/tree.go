package territory

import (
	"slices"
	"strings"

	"hailong/fault"
)

// Rank is the depth of a level, 1 for a province, 0 for what is no level.
func (l Level) Rank() int {
	return slices.Index([]Level{Province, District, Commune, Village}, l) + 1
}

// ValidOn reports whether the unit exists on a day; "" is no day and every unit
// exists on it.
func (u Unit) ValidOn(day Day) bool {
	return day == "" || u.From <= day && (u.To == "" || day < u.To)
}

// On returns the units that exist on a day.
func On(units []Unit, day Day) []Unit {
	var valid []Unit
	for _, u := range units {
		if u.ValidOn(day) {
			valid = append(valid, u)
		}
	}
	return valid
}

// Tree is the hierarchy of the units of one day. It is never changed after it
// was made, so it may be shared.
type Tree struct {
	units    map[Code]Unit
	children map[Code][]Unit // sorted by name; key "" holds the units without parent
}

// NewTree links units to their parents. It is an error of kind Invalid if a
// code stands twice, a parent is not among the units, or a parent is not of a
// higher level (which also rules out circles).
func NewTree(units []Unit) (*Tree, error) {
	t := &Tree{units: make(map[Code]Unit, len(units)), children: map[Code][]Unit{}}
	var problems []fault.Problem
	for _, u := range units {
		if _, twice := t.units[u.Code]; twice {
			problems = append(problems, fault.P("units.duplicate_code", "code", u.Code))
		}
		t.units[u.Code] = u
	}
	for _, u := range units {
		if p, ok := t.parentProblem(u); !ok {
			problems = append(problems, p)
		}
		t.children[u.Parent] = append(t.children[u.Parent], u)
	}
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return nil, err
	}
	for _, siblings := range t.children {
		SortByName(siblings)
	}
	return t, nil
}

func (t *Tree) parentProblem(u Unit) (fault.Problem, bool) {
	if u.Parent == "" {
		return fault.Problem{}, true
	}
	parent, ok := t.units[u.Parent]
	if !ok {
		return fault.P("units.unknown_parent", "code", u.Code, "name", u.FullName(), "parent", u.Parent), false
	}
	if parent.Level.Rank() >= u.Level.Rank() {
		return fault.P("units.parent_not_above", "code", u.Code, "name", u.FullName(), "parent", parent.FullName()), false
	}
	return fault.Problem{}, true
}

// Unit returns the unit of a code.
func (t *Tree) Unit(code Code) (Unit, bool) {
	u, ok := t.units[code]
	return u, ok
}

// Len is the number of units.
func (t *Tree) Len() int { return len(t.units) }

// Children returns the units directly below code, by name; those without a
// parent for "".
func (t *Tree) Children(code Code) []Unit { return slices.Clone(t.children[code]) }

// Ancestors returns the units above code, the nearest first.
func (t *Tree) Ancestors(code Code) []Unit {
	var above []Unit
	for u, ok := t.units[t.units[code].Parent]; ok; u, ok = t.units[u.Parent] {
		above = append(above, u)
	}
	return above
}

// Descendants returns all units below code, each before its own children,
// siblings by name.
func (t *Tree) Descendants(code Code) []Unit {
	var below []Unit
	for _, child := range t.children[code] {
		below = append(below, child)
		below = append(below, t.Descendants(child.Code)...)
	}
	return below
}

// Within reports whether code is scope itself or lies below it. An unknown code
// lies nowhere, and an empty scope holds nothing: a missing scope must not open
// everything.
func (t *Tree) Within(scope, code Code) bool {
	if scope == "" {
		return false
	}
	for u, ok := t.units[code]; ok; u, ok = t.units[u.Parent] {
		if u.Code == scope {
			return true
		}
	}
	return false
}

// Find returns the units whose name or full name matches a search text, or
// whose code begins with it, by name.
func (t *Tree) Find(search string) []Unit {
	var found []Unit
	for _, u := range t.units {
		if Matches(u.FullName(), search) || search != "" && strings.HasPrefix(string(u.Code), search) {
			found = append(found, u)
		}
	}
	SortByName(found)
	return found
}
