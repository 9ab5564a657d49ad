package spec

import (
	"fmt"
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// index makes the linear forms of an index.
func (r runner) index(e Estimate, in stats.Domain) ([]stats.Linear, error) {
	x, scores, err := r.scored(e)
	if err != nil {
		return nil, err
	}
	columns := make([]stats.Numbers, len(scores))
	for i, s := range scores {
		columns[i] = s.Numbers(e.Items[i])
	}
	return r.design.Index(x, columns, in)
}

// scored is the index with its items' scores.
func (r runner) scored(e Estimate) (stats.Index, []stats.Scores, error) {
	x, err := e.index()
	if err != nil {
		return x, nil, err
	}
	scores := make([]stats.Scores, len(e.Items))
	for i, id := range e.Items {
		if scores[i], err = r.scores(e, id); err != nil {
			return x, nil, err
		}
	}
	return x, scores, nil
}

// formsLimit is the number of linearised values, rows of data × rows of the result,
// above which an index is computed from sums instead, without the covariance
// between its groups.
const formsLimit = 5_000_000

// sweeps reports whether an index is computed from sums of sampling units: always
// where there is one group, whose covariance they give too.
func (r runner) sweeps(e Estimate, groups []domain) bool {
	terms := len(e.Items) + len(e.Groups) + len(e.Parts) + 1
	return e.Stat == "index" && r.replicates == nil && !r.design.Calibrated() &&
		(len(groups) == 1 || r.table.rows*terms*len(groups) > formsLimit)
}

// sweep computes an index from sums.
func (r runner) sweep(e Estimate, groups []domain) (Result, []fault.Problem, error) {
	x, scores, err := r.scored(e)
	if err != nil {
		return Result{}, nil, err
	}
	domains := make([]stats.Domain, len(groups))
	for i, g := range groups {
		domains[i] = g.rows
	}
	results, err := r.design.IndexBy(x, scores, domains)
	if err != nil {
		return Result{}, nil, err
	}
	out := Result{ID: e.ID, Stat: e.Stat}
	var warnings []fault.Problem
	for i, result := range results {
		for _, row := range result.Rows {
			made := rowOf(row, e.level(), []stats.IntervalMethod{stats.IntervalLogit})
			made.Group = groups[i].group
			out.Rows = append(out.Rows, made)
		}
		for _, p := range result.Warnings {
			warnings = append(warnings, groups[i].named(p))
		}
	}
	if len(results) == 1 {
		out.Cov = matrix(results[0].Cov)
	} else {
		warnings = append(warnings, fault.P("stats.cov_too_large", "id", e.ID, "rows", len(out.Rows)).Warn())
	}
	return out, withID(warnings, e), nil
}

// named puts the group into a warning's label.
func (d domain) named(p fault.Problem) fault.Problem {
	for i, a := range p.Args {
		if a.Name == "label" {
			p.Args[i].Value = d.name(fmt.Sprint(a.Value))
		}
	}
	return p
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

// scores turns an item's answers into scores between 0 and 1, NaN where an answer
// is not valid.
func (r runner) scores(e Estimate, item string) (stats.Scores, error) {
	column := r.table.columns[item]
	low, high, err := e.validBounds()
	if err != nil {
		return stats.Scores{}, err
	}
	out := stats.Scores{Codes: column.Codes, Of: make([]float64, len(column.Levels))}
	for c, text := range column.Levels {
		among := func(v any) bool { return equal(text, v) }
		switch {
		case !slices.ContainsFunc(e.Valid, among):
			out.Of[c] = math.NaN()
		case e.rescales():
			v, _ := number(text)
			out.Of[c] = (v - low) / (high - low)
		case slices.ContainsFunc(e.Satisfied, among):
			out.Of[c] = 1
		}
	}
	return out, nil
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
