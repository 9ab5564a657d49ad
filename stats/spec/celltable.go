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

// column makes the column of the values of a measure: what the value function gives
// for each level, NaN for those that do not count.
func (c *cells) column(name string, h *histogram, values []float64) stats.Numbers {
	out := stats.Numbers{Name: name, Values: make([]float64, len(c.weights)), Cells: make([]stats.CellValues, len(c.weights))}
	for cell := range out.Values {
		out.Values[cell] = math.NaN()
		if at := cell * h.stride; at < len(h.w) {
			out.Values[cell], out.Cells[cell] = describeCell(h.w[at:], h.n[at:], values)
			out.Cells[cell].Share /= c.weights[cell]
		}
	}
	return out
}

// describeCell returns the weighted mean, and the number of people, the sum of their
// weights and the variance.
func describeCell(w []float64, n []int64, values []float64) (mean float64, all stats.CellValues) {
	sum := 0.0
	for v, y := range values {
		if n[v] > 0 && !math.IsNaN(y) {
			all.N += n[v]
			all.Share += w[v]
			sum += w[v] * y
		}
	}
	if all.N == 0 {
		return math.NaN(), stats.CellValues{}
	}
	mean = sum / all.Share
	for v, y := range values {
		if n[v] > 0 && !math.IsNaN(y) {
			all.Variance += w[v] * (y - mean) * (y - mean) / all.Share
		}
	}
	return mean, all
}

// measure finds what was counted of a column.
func (c *cells) measure(name string) (*histogram, []string) {
	m := slices.Index(c.plan.measures, name)
	return c.measures[m], c.values[m].Labels().Levels
}

// answers are those to the items of an index.
func (c *cells) answers(e Estimate) stats.Answers {
	s := c.indices[c.plan.find(e)]
	s.once.Do(func() {
		s.answers.Together = together{c, s}
		values := append([]float64{math.NaN()}, s.plan.scores...)
		for i, h := range s.items {
			s.answers.Items = append(s.answers.Items, c.column(e.Items[i], h, values))
		}
		for _, h := range s.any {
			any := c.column("", h, []float64{0}).Cells
			s.sets = append(s.sets, any)
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
