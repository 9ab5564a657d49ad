package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// indexCells are the sums of one domain from which an index is computed.
type indexCells struct {
	x      Index
	design *Design
	cells  []indexCell // in the design's order
	// squares is Σw·z² of the linearised values of each term, for design effects of
	// composites; nil if it is not known.
	squares []float64
}

// indexCell holds the sums of a sampling unit within a domain.
type indexCell struct {
	row    int32      // one of the unit's rows in the design
	items  []ItemSums // of the index's items
	people []Count    // of each term: those with a valid answer to any member; empty for a single item
}

// presence is where a figure's answers come from.
type presence struct{ psus, strata int }

// present counts the PSUs and strata of the cells that hold answers.
func (c *indexCells) present(holds func(*indexCell) bool) presence {
	rows := make([]int32, 0, len(c.cells))
	for i := range c.cells {
		if holds(&c.cells[i]) {
			rows = append(rows, c.cells[i].row)
		}
	}
	psus, strata := c.design.present(rows)
	return presence{psus, strata}
}

// totals sums the items over the cells.
func (c *indexCells) totals() []ItemSums {
	total := make([]ItemSums, len(c.x.Items))
	for _, cell := range c.cells {
		for i, s := range cell.items {
			total[i].add(s)
		}
	}
	return total
}

func pool(total []ItemSums) ItemSums {
	var all ItemSums
	for _, t := range total {
		all.add(t)
	}
	return all
}

// linearised returns the weighted linearised values of the items, a column each,
// and of the pooled ratio in the last: (Σwy - m·Σw) / Σw of the cell over that of
// the domain.
func (c *indexCells) linearised(total []ItemSums) (rows []int32, z block) {
	low, high := c.x.bounds()
	pooled, k := pool(total), len(total)
	z = newBlock(len(c.cells), k+1)
	for r, cell := range c.cells {
		rows = append(rows, cell.row)
		out := z.row(r)
		for i, s := range cell.items {
			if t := total[i]; s.N > 0 {
				out[i] = (high - low) * (s.WY - t.WY/t.W*s.W) / t.W
				out[k] += (high - low) * (s.WY - pooled.WY/pooled.W*s.W) / pooled.W
			}
		}
	}
	return rows, z
}

// validItems says which items have answers.
func validItems(total []ItemSums) []bool {
	valid := make([]bool, len(total))
	for i, t := range total {
		valid[i] = t.N > 0
	}
	return valid
}

// result estimates every term with the covariance between them.
func (c *indexCells) result() Result {
	total := c.totals()
	rows, z := c.linearised(total)
	terms := c.x.terms(validItems(total))
	var half, cov mat.Dense
	a := coefficients(terms, len(total))
	half.Mul(a, c.design.covariance(rows, z))
	cov.Mul(&half, a.T())
	r := Result{Cov: mat.NewSymDense(len(terms), nil)}
	for i := range terms {
		for j := i; j < len(terms); j++ {
			r.Cov.SetSym(i, j, cov.At(i, j))
		}
	}
	at := make([]presence, len(total))
	for i := range at {
		at[i] = c.present(func(cell *indexCell) bool { return cell.items[i].N > 0 })
	}
	members := c.x.members()
	for j, t := range terms {
		f := figure{variance: r.Cov.At(j, j), spread: math.NaN()}
		f.Label, f.Level, f.Unit = t.label, t.level, c.x.unit()
		f.Value, f.unsettled = c.value(t, members[j], total, at)
		if len(members[j]) == 1 {
			c.single(&f, members[j][0], total, at)
		} else {
			c.composite(&f, j)
		}
		row, warnings := f.complete()
		if math.IsNaN(row.SE) {
			blank(r.Cov, j)
		}
		r.Rows = append(r.Rows, row)
		r.Warnings = append(r.Warnings, warnings...)
	}
	return r
}

// coefficients has a row a term and a column an item, the last for the pooled ratio.
func coefficients(terms []term, items int) *mat.Dense {
	a := mat.NewDense(len(terms), items+1, nil)
	for j, t := range terms {
		if t.pooled {
			a.Set(j, items, 1)
			continue
		}
		for i, w := range t.weights {
			a.Set(j, i, w)
		}
	}
	return a
}

// value is a term's value, and whether it rests on an item without a variance.
func (c *indexCells) value(t term, members []int, total []ItemSums, at []presence) (value float64, unsettled bool) {
	low, high := c.x.bounds()
	sum, weight := 0.0, 0.0
	for _, i := range members {
		if total[i].N == 0 {
			continue
		}
		unsettled = unsettled || (!t.pooled && at[i].psus < 2)
		w := t.weights
		if t.pooled {
			sum, weight = sum+total[i].WY, weight+total[i].W
		} else {
			sum, weight = sum+w[i]*total[i].WY/total[i].W, weight+w[i]
		}
	}
	return low + (high-low)*sum/weight, unsettled
}

// single fills in the counts and the spread of an item.
func (c *indexCells) single(f *figure, i int, total []ItemSums, at []presence) {
	low, high := c.x.bounds()
	t := total[i]
	f.N, f.SumWeights, f.psus, f.strata = int(t.N), t.W, at[i].psus, at[i].strata
	n, m, scale := float64(t.N), t.WY/t.W, (high-low)/t.W
	f.spread = scale * scale * n / (n - 1) * max(t.WYY/t.W-m*m, 0)
}

// composite fills in the counts of a term of several items: people with any valid
// answer, whether or not every member has a value in this domain.
func (c *indexCells) composite(f *figure, j int) {
	var all Count
	for i := range c.cells {
		all.add(c.cells[i].people[j])
	}
	at := c.present(func(cell *indexCell) bool { return cell.people[j].N > 0 })
	f.N, f.SumWeights, f.psus, f.strata = int(all.N), all.W, at.psus, at.strata
	if c.squares != nil {
		n := float64(all.N)
		f.spread = n / (n - 1) * c.squares[j] / all.W
	}
}
