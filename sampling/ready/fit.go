package ready

import (
	"slices"
	"strings"

	"hailong/fault"
	"hailong/sampling"
)

// fit writes into the plan what only the frame knows: the certainty units that
// a column marks, the counts of strata that are exceptions, and of those that hold
// fewer units than were asked for.
func (f *filling) fit(plan *sampling.Plan, frame sampling.Rows, parent *sampling.Parent) ([]fault.Problem, error) {
	if err := f.checkColumns(*plan, frame); err != nil {
		return nil, err
	}
	seats := marks{column: f.seat()}
	scope := *plan
	scope.Certainty = nil
	cells, err := scope.Scope(frame, parent, seats.visitor(frame, plan.Key))
	if err != nil {
		return nil, err
	}
	if err := fault.Of(fault.Invalid, seats.problems); err != nil {
		return nil, err
	}
	for _, key := range seats.keys {
		if !slices.Contains(plan.Certainty, key) {
			plan.Certainty = append(plan.Certainty, key)
		}
	}
	return f.fitCounts(plan, cells)
}

// checkColumns names every column of the plan that the frame has not.
func (f *filling) checkColumns(plan sampling.Plan, frame sampling.Rows) error {
	if seat := f.seat(); seat != "" && !frame.Has(seat) {
		return fault.New(fault.Invalid, "ready.no_seat_column", "name", parameterIn(f.stage.Seat), "column", seat, "stage", f.stage.Name)
	}
	plan.Certainty = nil
	return plan.Validate(frame)
}

// marks are the units with 1 in a column. 0 and an empty value are no mark;
// anything else is a problem (ready.seat_value, by row).
type marks struct {
	column   string
	keys     []sampling.Key
	problems []fault.Problem
}

// visitor collects the marks; nil without a column.
func (m *marks) visitor(frame sampling.Rows, key string) sampling.Visit {
	if m.column == "" {
		return nil
	}
	columns := frame.Columns()
	mark, name := slices.Index(columns, m.column), slices.Index(columns, key)
	return func(row int, values []string) error {
		switch value := strings.TrimSpace(values[mark]); value {
		case "1":
			m.keys = append(m.keys, sampling.Key(strings.Clone(values[name])))
		case "", "0", "NA":
		default:
			problem := fault.P("ready.seat_value", "value", strings.Clone(value), "column", m.column)
			m.problems = append(m.problems, problem.AtRow(row+2, m.column))
		}
		return nil
	}
}

// fitCounts spreads n and reserve over the strata where they are not the same
// for all, and takes small strata whole.
func (f *filling) fitCounts(plan *sampling.Plan, cells []sampling.ScopeCell) ([]fault.Problem, error) {
	var warnings []fault.Problem
	if n, ok := f.counts["n"]; ok {
		by, err := n.spread("n", cells)
		if err != nil {
			return nil, err
		}
		plan.N = sampling.Counts{By: by}
	}
	if reserve, ok := f.counts["reserve"]; ok {
		by, err := reserve.spread("reserve", cells)
		if err != nil {
			return nil, err
		}
		plan.Reserve = sampling.Counts{By: by}
	}
	if whole := tooSmall(plan.N, cells); len(whole) > 0 {
		if plan.N.By == nil {
			plan.N.By, _ = counts{each: plan.N.Each}.spread("n", cells)
			plan.N.Each = 0
		}
		for _, c := range whole {
			warnings = append(warnings, fault.P("ready.taken_whole", "stratum", c.Label, "n", plan.N.By[c.Label], "units", c.Units).Warn())
			plan.N.By[c.Label] = c.Units
		}
	}
	return warnings, nil
}

// tooSmall returns the cells that hold fewer units than their count; a label
// that stands for several cells is left to the draw, which refuses it by name.
func tooSmall(n sampling.Counts, cells []sampling.ScopeCell) []sampling.ScopeCell {
	if n.IsZero() || len(cells) == 1 && cells[0].Label == "" {
		return nil
	}
	of := make(map[string]int)
	for _, c := range cells {
		of[c.Label]++
	}
	var small []sampling.ScopeCell
	for _, c := range cells {
		count := n.Each
		if n.By != nil {
			count = n.By[c.Label]
		}
		if of[c.Label] == 1 && c.Label != "" && count > c.Units {
			small = append(small, c)
		}
	}
	return small
}
