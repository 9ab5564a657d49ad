package spec

import (
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// indices makes the linear forms of an index in every group.
func (r runner) indices(e Estimate, groups []domain) ([]wanted, error) {
	domains := make([]stats.Domain, len(groups))
	for i, g := range groups {
		domains[i] = g.rows
	}
	x, err := e.index()
	if err != nil {
		return nil, err
	}
	answers, err := r.table.answers(e)
	if err != nil {
		return nil, err
	}
	forms, err := r.design.IndexOf(x, answers, domains...)
	if err != nil {
		return nil, err
	}
	var rows []wanted
	for i, g := range groups {
		rows = append(rows, g.wanted(forms[i])...)
	}
	return rows, nil
}

// answers are those to the items of an index.
func (t *table) answers(e Estimate) (stats.Answers, error) {
	if t.cells != nil {
		return t.cells.answers(e), nil
	}
	score, err := e.scorer()
	var a stats.Answers
	for _, item := range e.Items {
		column := t.columns[item]
		of := make([]float64, len(column.Levels))
		for c, text := range column.Levels {
			if err == nil {
				of[c] = score(text)
			}
		}
		a.Items = append(a.Items, decoded(item, column.Codes, of))
	}
	return a, err
}

// rescales reports whether answers count by their value instead of by being among
// the satisfied ones.
func (e Estimate) rescales() bool { return e.Score == "rescale" || (e.Score == "" && e.Scale != nil) }

// index is the index's definition.
func (e Estimate) index() (stats.Index, error) {
	x := stats.Index{Items: e.Items, Overall: stats.Overall(e.Overall), Share: !e.rescales()}
	for _, g := range e.Groups {
		x.Groups = append(x.Groups, stats.Composite{ID: g.ID, Of: g.Items})
	}
	for _, p := range e.Parts {
		x.Parts = append(x.Parts, stats.Composite{ID: p.ID, Of: p.Groups})
	}
	switch {
	case e.Score != "" && e.Score != "rescale" && e.Score != "satisfied":
		return x, fault.New(fault.Invalid, "stats.spec_value", "key", e.key("score"), "value", e.Score)
	case e.Scale != nil && !e.rescales():
		return x, fault.New(fault.Invalid, "stats.spec_unused", "key", e.key("scale"), "stat", e.Score)
	case e.Scale != nil && !(e.Scale[0] < e.Scale[1]):
		return x, fault.New(fault.Invalid, "stats.spec_value", "key", e.key("scale"), "value", *e.Scale)
	case !e.rescales() && len(e.Satisfied) == 0:
		return x, fault.New(fault.Invalid, "stats.spec_missing", "key", e.key("satisfied"))
	}
	if e.Scale != nil {
		x.Low, x.High = e.Scale[0], e.Scale[1]
	}
	for _, s := range e.Satisfied {
		if !slices.Contains(e.Valid, s) {
			return x, fault.New(fault.Invalid, "stats.spec_value", "key", e.key("satisfied"), "value", s)
		}
	}
	return x, nil
}

// scorer turns an answer into a score between 0 and 1, NaN if it is not valid.
func (e Estimate) scorer() (func(text string) float64, error) {
	low, high, err := e.validBounds()
	return func(text string) float64 {
		among := func(v any) bool { return equal(text, v) }
		switch {
		case !slices.ContainsFunc(e.Valid, among):
			return math.NaN()
		case e.rescales():
			v, _ := number(text)
			return (v - low) / (high - low)
		case slices.ContainsFunc(e.Satisfied, among):
			return 1
		}
		return 0
	}, err
}

// possibleScores are the scores that a valid answer can have.
func (e Estimate) possibleScores() ([]float64, error) {
	if !e.rescales() {
		return []float64{0, 1}, nil
	}
	low, high, err := e.validBounds()
	var scores []float64
	for _, v := range e.Valid {
		x, _ := asNumber(v)
		if y := (x - low) / (high - low); !slices.Contains(scores, y) {
			scores = append(scores, y)
		}
	}
	return scores, err
}

// validBounds are the least and the greatest valid answer, between which answers
// are rescaled.
func (e Estimate) validBounds() (low, high float64, err error) {
	if !e.rescales() {
		return 0, 1, nil
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range e.Valid {
		x, ok := asNumber(v)
		if !ok {
			return 0, 0, fault.New(fault.Invalid, "stats.spec_value", "key", e.key("valid"), "value", v)
		}
		low, high = min(low, x), max(high, x)
	}
	if !(low < high) {
		return 0, 0, fault.New(fault.Invalid, "stats.spec_value", "key", e.key("valid"), "value", e.Valid)
	}
	return low, high, nil
}
