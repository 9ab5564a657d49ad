package spec

import (
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

func (r runner) index(e Estimate, in stats.Domain) ([]stats.Linear, error) {
	x, err := e.index()
	if err != nil {
		return nil, err
	}
	scores := make([]stats.Numbers, len(e.Items))
	for i, id := range e.Items {
		if scores[i], err = r.scores(e, id); err != nil {
			return nil, err
		}
	}
	return r.design.Index(x, scores, in)
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

// scores turns an item's answers into numbers between 0 and 1, NaN where the
// answer is not valid.
func (r runner) scores(e Estimate, item string) (stats.Numbers, error) {
	column := r.table.columns[item]
	low, high, err := e.validBounds()
	if err != nil {
		return stats.Numbers{}, err
	}
	byLevel := make([]float64, len(column.Levels))
	for c, text := range column.Levels {
		among := func(v any) bool { return equal(text, v) }
		switch {
		case !slices.ContainsFunc(e.Valid, among):
			byLevel[c] = math.NaN()
		case e.rescales():
			v, _ := number(text)
			byLevel[c] = (v - low) / (high - low)
		case slices.ContainsFunc(e.Satisfied, among):
			byLevel[c] = 1
		}
	}
	out := stats.Numbers{Name: item, Values: make([]float64, r.table.rows)}
	for i, c := range column.Codes {
		out.Values[i] = math.NaN()
		if c != stats.Missing {
			out.Values[i] = byLevel[c]
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
