package spec

import (
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// table makes a table whose rows are the cells.
func (c *cells) table(file string) *table {
	t := newTable(file)
	t.rows, t.cells = len(c.weights), c
	for k, level := range c.levels {
		l := level.Labels()
		l.Codes = c.keys[k]
		t.columns[l.Name] = l
	}
	return t
}

// columns make columns of what was counted of each in each cell, by value: what the values
// are, NaN for those that do not count. Cells are taken one after the other, as their sums
// lie in memory.
func (c *cells) columns(names []string, of func(cell int32, column int) []sum, values []float64) []stats.Numbers {
	out := make([]stats.Numbers, len(names))
	for j, name := range names {
		out[j] = stats.Numbers{Name: name, Values: make([]float64, len(c.weights)), Cells: make([]stats.CellValues, len(c.weights))}
	}
	for cell, weight := range c.weights {
		for j := range out {
			mean, all := describeCell(of(int32(cell), j), values)
			all.Share /= weight
			out[j].Values[cell], out[j].Cells[cell] = mean, all
		}
	}
	return out
}

// describeCell returns the weighted mean, and the number of people, the sum of their
// weights and the variance.
func describeCell(sums []sum, values []float64) (mean float64, all stats.CellValues) {
	total := 0.0
	for v, y := range values {
		if s := sums[v]; s.n > 0 && !math.IsNaN(y) {
			all.N += s.n
			all.Share += s.w
			total += s.w * y
		}
	}
	if all.N == 0 {
		return math.NaN(), stats.CellValues{}
	}
	mean = total / all.Share
	for v, y := range values {
		if s := sums[v]; s.n > 0 && !math.IsNaN(y) {
			all.Variance += s.w * (y - mean) * (y - mean) / all.Share
		}
	}
	return mean, all
}

// measure finds what was counted of a column in each cell, and its values.
func (c *cells) measure(name string) (of func(cell int32) []sum, levels []string) {
	m := slices.Index(c.plan.measures, name)
	h := c.measures[m]
	return func(cell int32) []sum {
		if at := int(cell) * h.stride; at < len(h.sums) {
			return h.sums[at:]
		}
		return make([]sum, h.stride)
	}, c.values[m].Labels().Levels
}

// answers are those to the items of an index.
func (c *cells) answers(e Estimate) stats.Answers {
	s := c.indices[c.plan.find(e)]
	s.once.Do(func() {
		s.answers.Together = together{c, s}
		s.answers.Items = c.columns(e.Items, s.item, s.plan.scores)
		any := func(cell int32, set int) []sum { return s.any(cell)[set:] }
		for _, people := range c.columns(make([]string, len(s.plan.sets)), any, []float64{0}) {
			s.sets = append(s.sets, people.Cells)
		}
	})
	return s.answers
}

// together is what was counted of several answers of one person.
type together struct {
	*cells
	*indexSums
}

// Any implements stats.Together.
func (t together) Any(items []int) ([]stats.CellValues, error) {
	set := slices.IndexFunc(t.indexSums.plan.sets, func(s []int) bool { return slices.Equal(s, items) })
	if set < 0 {
		return nil, fault.New(fault.Internal, "stats.tally_no_set", "items", len(items))
	}
	return t.sets[set], nil
}

// Squares implements stats.Together. In a group of cells all weights have the same
// factor.
func (t together) Squares(weights []float64, in stats.Domain, of []stats.Influence) float64 {
	scale := make([]float64, t.pairs.Groups())
	for _, cell := range in.Rows() {
		if before := t.cells.weights[cell]; before > 0 {
			scale[t.group[cell]] = weights[cell] / before
		}
	}
	return t.pairs.Squares(scale, func(item, state int) float64 {
		if f := of[item]; state > 0 && f.Factor != 0 {
			return f.Factor * (t.indexSums.plan.scores[state-1] - f.Centre)
		}
		return 0
	})
}
