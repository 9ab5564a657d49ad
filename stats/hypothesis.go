package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"

	"hailong/fault"
)

// Test is the result of a test of hypothesis, referred to an F distribution.
type Test struct {
	Statistic float64
	DF, DDF   float64 // degrees of freedom of the numerator and the denominator
	P         float64
	Count     Count // rows used and the sum of their weights
}

// TTest is the result of a t-test; its DF is PSUs - strata - 1.
type TTest struct {
	Row
	T, P float64 // two-sided
}

// Slope is the form of a t-test: the mean of the second group minus that of the
// first, in alphabetical order, which is the slope of the linear regression on the
// group.
func (d *Design) Slope(y Numbers, group Labels, in Domain) (f Linear, first, last string, err error) {
	parts := in.Split(group)
	var present []int
	for c := range parts {
		parts[c].rows = parts[c].valid(y.Values)
		if len(parts[c].rows) > 0 {
			present = append(present, c)
		}
	}
	if len(present) != 2 {
		return f, "", "", fault.New(fault.Invalid, "stats.ttest_groups", "group", group.Name, "groups", len(present))
	}
	a, b := present[0], present[1]
	if group.Levels[b] < group.Levels[a] {
		a, b = b, a
	}
	f = d.Contrast(y.Name, []float64{-1, 1}, []Linear{d.Mean(y, parts[a]), d.Mean(y, parts[b])})
	return f, group.Levels[a], group.Levels[b], nil
}

// NewTTest tests whether an estimate is 0, with the design's degrees of freedom less
// one: those that a regression with one regressor leaves.
func NewTTest(slope Row) TTest {
	t := TTest{Row: slope, P: math.NaN()}
	t.DF--
	t.T = t.Value / t.SE
	if t.DF > 0 && !math.IsNaN(t.T) {
		t.P = tTail(t.T, float64(t.DF))
	}
	return t
}

// tTail is P(|T| > |t|), exact far out.
func tTail(t, df float64) float64 { return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t)) }

// fTail is P(F > f).
func fTail(f, df, ddf float64) float64 {
	if f <= 0 {
		return 1
	}
	return mathext.RegIncBeta(ddf/2, df/2, ddf/(ddf+df*f))
}

// crossTable are two categories in a domain: the rows that have both, and the
// levels present.
type crossTable struct {
	d          *Design
	in         Domain
	rows, cols Labels
	nr, nc     []int32 // present levels
}

func (d *Design) crossTable(rows, cols Labels, in Domain) (crossTable, error) {
	t := crossTable{d: d, rows: rows, cols: cols}
	seenRow, seenCol := make([]bool, len(rows.Levels)), make([]bool, len(cols.Levels))
	for _, row := range in.rows {
		r, c := rows.Codes[row], cols.Codes[row]
		if r != Missing && c != Missing {
			t.in.rows = append(t.in.rows, row)
			seenRow[r], seenCol[c] = true, true
		}
	}
	collect := func(seen []bool) (codes []int32) {
		for c, ok := range seen {
			if ok {
				codes = append(codes, int32(c))
			}
		}
		return codes
	}
	t.nr, t.nc = collect(seenRow), collect(seenCol)
	if len(t.nr) < 2 || len(t.nc) < 2 {
		return t, fault.New(fault.Invalid, "stats.chisq_levels", "rows", rows.Name, "row_levels", len(t.nr),
			"columns", cols.Name, "column_levels", len(t.nc))
	}
	return t, nil
}

// cells returns the forms of the weighted share or total of every cell, by row and
// then column.
func (t crossTable) cells(form func(Numbers, Domain) Linear) []Linear {
	var forms []Linear
	for _, r := range t.nr {
		for _, c := range t.nc {
			y := Numbers{Values: make([]float64, t.d.rows)}
			for _, row := range t.in.rows {
				if t.rows.Codes[row] == r && t.cols.Codes[row] == c {
					y.Values[row] = 1
				}
			}
			forms = append(forms, form(y, t.in))
		}
	}
	return forms
}

func (t crossTable) count() Count {
	var all Count
	for _, row := range t.in.rows {
		all.add(Count{1, t.d.weights[row]})
	}
	return all
}

// df is PSUs minus strata among the rows used.
func (t crossTable) df() float64 {
	psus, strata := t.d.present(t.in.rows)
	return float64(psus - strata)
}

// ChiSquare tests independence of two categories by Pearson's statistic with the
// second-order correction of Rao and Scott (The Annals of Statistics 12, 1984):
// F = X²/tr(Δ) with d0 = tr(Δ)²/tr(Δ²) and d0·(PSUs - strata) degrees of freedom,
// where Δ are the generalised design effects of the interaction contrasts.
func (d *Design) ChiSquare(rows, cols Labels, in Domain) (Test, error) {
	t, err := d.crossTable(rows, cols, in)
	if err != nil {
		return Test{}, err
	}
	joint := d.Joint(t.cells(d.Mean))
	p := make([]float64, len(joint.Rows))
	for i, r := range joint.Rows {
		p[i] = r.Value
	}
	c := t.contrasts()
	for i := 0; i < len(p); i++ {
		for j := 0; j < c.RawMatrix().Cols; j++ {
			if p[i] > 0 {
				c.Set(i, j, c.At(i, j)/p[i])
			} else {
				c.Set(i, j, 0)
			}
		}
	}
	srs := mat.NewDiagDense(len(p), p) // cᵀ·diag(p)·c = Cᵀ·diag(1/p)·C
	delta := new(mat.Dense)
	if err := delta.Solve(quadratic(c, srs), quadratic(c, joint.Cov)); err != nil {
		return Test{}, fault.Wrap(err, fault.Invalid, "stats.chisq_singular", "rows", rows.Name, "columns", cols.Name)
	}
	var squared mat.Dense
	squared.Mul(delta, delta)
	trace := mat.Trace(delta)
	d0 := trace * trace / mat.Trace(&squared)
	out := Test{Statistic: t.pearson(p) / trace, DF: d0, DDF: d0 * t.df(), Count: t.count()}
	out.P = fTail(out.Statistic, out.DF, out.DDF)
	return out, nil
}

// quadratic is cᵀ·m·c.
func quadratic(c *mat.Dense, m mat.Matrix) *mat.Dense {
	var half, out mat.Dense
	half.Mul(c.T(), m)
	out.Mul(&half, c)
	return &out
}

// contrasts spans what is orthogonal to rows and columns: (e₀-e_i)⊗(e₀-e_j).
func (t crossTable) contrasts() *mat.Dense {
	r, c := len(t.nr), len(t.nc)
	out := mat.NewDense(r*c, (r-1)*(c-1), nil)
	for i := 1; i < r; i++ {
		for j := 1; j < c; j++ {
			column := (i-1)*(c-1) + j - 1
			out.Set(0, column, 1)
			out.Set(j, column, -1)
			out.Set(i*c, column, -1)
			out.Set(i*c+j, column, 1)
		}
	}
	return out
}

// pearson is Σ (p - p_r·p_c)²/(p_r·p_c).
func (t crossTable) pearson(p []float64) float64 {
	rows, cols := t.margins(p)
	x2 := 0.0
	for i := range t.nr {
		for j := range t.nc {
			want := rows[i] * cols[j]
			dist := p[i*len(t.nc)+j] - want
			x2 += dist * dist / want
		}
	}
	return x2
}

func (t crossTable) margins(p []float64) (rows, cols []float64) {
	rows, cols = make([]float64, len(t.nr)), make([]float64, len(t.nc))
	for i := range rows {
		for j := range cols {
			rows[i] += p[i*len(cols)+j]
			cols[j] += p[i*len(cols)+j]
		}
	}
	return rows, cols
}

// WaldChiSquare tests independence by the Wald statistic of the cells' distances
// from independence, over its degrees of freedom, with PSUs - strata in the
// denominator (Koch, Freeman and Freeman, International Statistical Review 43,
// 1975).
func (d *Design) WaldChiSquare(rows, cols Labels, in Domain) (Test, error) {
	t, err := d.crossTable(rows, cols, in)
	if err != nil {
		return Test{}, err
	}
	joint := d.Joint(t.cells(d.Total))
	r, c := len(t.nr), len(t.nc)
	totals := make([]float64, r*c)
	all := 0.0
	for i, row := range joint.Rows {
		totals[i] = row.Value
		all += row.Value
	}
	rowSum, colSum := t.margins(totals)
	df := (r - 1) * (c - 1)
	dist := mat.NewVecDense(df, nil)
	gradient := mat.NewDense(r*c, df, nil)
	for i := 1; i < r; i++ {
		for j := 1; j < c; j++ {
			at := (i-1)*(c-1) + j - 1
			dist.SetVec(at, totals[i*c+j]-rowSum[i]*colSum[j]/all)
			for k := range r {
				for l := range c {
					g := rowSum[i] * colSum[j] / (all * all)
					if k == i {
						g -= colSum[j] / all
					}
					if l == j {
						g -= rowSum[i] / all
					}
					if k == i && l == j {
						g++
					}
					gradient.Set(k*c+l, at, g)
				}
			}
		}
	}
	var solved mat.VecDense
	if err := solved.SolveVec(quadratic(gradient, joint.Cov), dist); err != nil {
		return Test{}, fault.Wrap(err, fault.Invalid, "stats.chisq_singular", "rows", rows.Name, "columns", cols.Name)
	}
	out := Test{Statistic: mat.Dot(dist, &solved) / float64(df), DF: float64(df), DDF: t.df(), Count: t.count()}
	out.P = fTail(out.Statistic, out.DF, out.DDF)
	return out, nil
}
