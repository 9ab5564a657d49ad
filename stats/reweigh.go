package stats

import (
	"slices"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
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
	sums  block  // for each row and unit of weight: the score of each item, then shares
	share []int  // of each item: the place of its share, the same for items that the same people answered
}

// values are those of all terms of the index.
func (t *indexTotals) values(weights [][]float64) [][]float64 {
	t.once.Do(t.prepare)
	totals := t.totals(weights)
	out := make([][]float64, len(weights))
	size := make([]float64, len(t.items))
	for r := range out {
		sum := totals.row(r)
		for j, place := range t.share {
			size[j] = sum[place]
		}
		terms := t.all
		if slices.Contains(size, 0) {
			terms = t.x.terms(size)
		}
		for _, term := range terms {
			out[r] = append(out[r], t.x.value(term, sum[:len(size)], size))
		}
	}
	return out
}

// totals are Σ w·sums under each of the weights: the product of their matrix with that of
// the sums, some rows at a time.
func (t *indexTotals) totals(weights [][]float64) block {
	const run = 64
	totals, some := newBlock(len(weights), t.sums.p), newBlock(len(weights), run)
	for from := 0; from < len(t.rows); from += run {
		rows := t.rows[from:min(from+run, len(t.rows))]
		for r, w := range weights {
			into := some.row(r)
			for i, row := range rows {
				into[i] = w[row]
			}
		}
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, some.general(0, len(weights), len(rows)),
			t.sums.general(from, len(rows), t.sums.p), 1, totals.general(0, len(weights), t.sums.p))
	}
	return totals
}

func (t *indexTotals) prepare() {
	t.all = t.x.answered()
	var shares []Numbers // that differ
	for _, y := range t.items {
		at := slices.IndexFunc(shares, func(o Numbers) bool { return t.sameShare(y, o) })
		if at < 0 {
			at, shares = len(shares), append(shares, y)
		}
		t.share = append(t.share, len(t.items)+at)
	}
	t.sums = newBlock(len(t.rows), len(t.items)+len(shares))
	for i, row := range t.rows {
		into := t.sums.row(i)
		for j, y := range t.items {
			if v := y.Values[row]; v == v { // not NaN
				into[j], into[t.share[j]] = y.share(row)*v, y.share(row)
			}
		}
	}
}

// sameShare reports whether two items have the same share of every row.
func (t *indexTotals) sameShare(a, b Numbers) bool {
	for _, row := range t.rows {
		known := a.Values[row] == a.Values[row]
		if known != (b.Values[row] == b.Values[row]) || known && a.share(row) != b.share(row) {
			return false
		}
	}
	return true
}
