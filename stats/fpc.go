package stats

import (
	"math"

	"hailong/fault"
)

// readFPC decides whether the finite population columns are sizes or fractions:
// fractions if none is above 1, else sizes, and then none may be below 1.
func (b *stageBuilder) readFPC() error {
	below, above := fault.Place{}, fault.Place{}
	for _, column := range b.spec.FPC {
		if len(column.Values) != b.spec.Rows {
			return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				lengthProblem(column.Name, len(column.Values), b.spec.Rows)}}
		}
		for i, x := range column.Values {
			place := fault.Place{Row: i + 1, Column: column.Name}
			switch {
			case math.IsNaN(x) || x <= 0:
				return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
					fault.P("stats.fpc_invalid", "value", x).At(place)}}
			case x > 1 && above.Row == 0:
				above = place
			case x < 1 && below.Row == 0:
				below = place
			}
		}
	}
	b.sizes = above.Row > 0
	if b.sizes && b.spec.PPS != PPSNone {
		return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{fault.P("stats.pps_needs_probabilities").At(above)}}
	}
	if b.sizes && below.Row > 0 {
		return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{fault.P("stats.fpc_mixed",
			"size_row", above.Row, "size_column", above.Column).At(below)}}
	}
	return nil
}

// fractions fills the stage's sampling fractions and corrections and checks that
// they are constant where they must be.
func (b *stageBuilder) fractions(s int, st *stage, firstOfUnit []int) error {
	units := len(firstOfUnit)
	st.fraction, st.keep = make([]float64, units), make([]float64, units)
	if len(b.spec.FPC) == 0 {
		for u := range st.keep {
			st.keep[u] = 1
		}
		return nil
	}
	column := b.spec.FPC[s]
	if problem, bad := b.varies(s, st, firstOfUnit); bad {
		return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{problem}}
	}
	for u, row := range firstOfUnit {
		n, x := float64(st.size[st.stratum[u]]), column.Values[row]
		if b.sizes {
			if x < n {
				return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
					fault.P("stats.fpc_too_small", "population", x, "drawn", n).AtRow(row+1, column.Name)}}
			}
			x = n / x
		}
		st.fraction[u], st.keep[u] = x, 1-x
	}
	return nil
}

// varies looks for a row whose value differs from the first of its stratum, or of
// its unit where probabilities are unequal.
func (b *stageBuilder) varies(s int, st *stage, firstOfUnit []int) (fault.Problem, bool) {
	column := b.spec.FPC[s]
	for i, u := range st.unit {
		first := st.first[st.stratum[u]]
		if s == 0 && b.spec.PPS != PPSNone {
			first = firstOfUnit[u]
		}
		if column.Values[i] != column.Values[first] {
			return fault.P("stats.fpc_varies", "value", column.Values[i], "first", column.Values[first],
				"first_row", first+1, "stage", s+1).AtRow(i+1, column.Name), true
		}
	}
	return fault.Problem{}, false
}
