package stats

import (
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"
)

// Reweighed computes the values of forms again under the weights of other designs of
// the same rows, by design and form. It is false where a form cannot be had from
// totals; the estimator then has to run on each design.
func Reweighed(forms []Linear, designs []*Design) ([][]float64, bool) {
	weights := make([][]float64, len(designs))
	for i, d := range designs {
		weights[i] = d.weights
	}
	out := make([][]float64, len(weights))
	var last [][]float64
	for j, f := range forms {
		if f.again == nil {
			return nil, false
		}
		if j == 0 || forms[j-1].again != f.again {
			last = f.again.values(weights)
		}
		for i := range out {
			out[i] = append(out[i], last[i][f.place])
		}
	}
	return out, true
}

// indexTotals are the sums of which an index in a domain is a function.
type indexTotals struct {
	x     Index
	items []Numbers
	rows  []int32
	once  sync.Once
	all   []term // where every item has answers
	sums  block  // for each row and unit of weight: score and share of each item
}

// values are those of all terms of the index.
func (t *indexTotals) values(weights [][]float64) [][]float64 {
	t.once.Do(t.prepare)
	k := len(t.items)
	totals := newBlock(len(weights), 2*k)
	for i, row := range t.rows {
		sums := t.sums.row(i)
		for r, w := range weights {
			if w[row] != 0 {
				floats.AddScaled(totals.row(r), w[row], sums)
			}
		}
	}
	out := make([][]float64, len(weights))
	for r := range out {
		sum, size := totals.row(r)[:k], totals.row(r)[k:]
		terms := t.all
		if slices.Contains(size, 0) {
			terms = t.x.terms(size)
		}
		for _, term := range terms {
			out[r] = append(out[r], t.x.value(term, sum, size))
		}
	}
	return out
}

func (t *indexTotals) prepare() {
	k := len(t.items)
	t.all = t.x.answered()
	t.sums = newBlock(len(t.rows), 2*k)
	for i, row := range t.rows {
		into := t.sums.row(i)
		for j, y := range t.items {
			if v := y.Values[row]; v == v { // not NaN
				into[j], into[k+j] = y.share(row)*v, y.share(row)
			}
		}
	}
}
