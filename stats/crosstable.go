package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// IndependenceTest names a test of independence of two categories.
type IndependenceTest string

// The tests, by the names of R's svychisq. X² is Pearson's statistic of the table scaled to
// the number of rows, Δ the generalised design effects of the interaction contrasts, ν the
// PSUs minus strata of the rows used.
const (
	// TestF refers X²/tr(Δ) to F with d = tr(Δ)²/tr(Δ²) and d·ν degrees of freedom: the
	// second-order correction of Rao and Scott (The Annals of Statistics 12, 1984).
	TestF IndependenceTest = "F"
	// TestChisq refers X²/δ̄, δ̄ the mean eigenvalue of Δ, to chi-square with (r-1)(c-1)
	// degrees of freedom: Rao and Scott's first-order correction. The statistic is X².
	TestChisq IndependenceTest = "Chisq"
	// TestWald refers the Wald statistic of the cells' distances from independence, over its
	// q = (r-1)(c-1) degrees of freedom, to F with q and ν (Koch, Freeman and Freeman,
	// International Statistical Review 43, 1975).
	TestWald IndependenceTest = "Wald"
	// TestAdjWald scales it by (ν-q+1)/ν, with ν-q+1 in the denominator (Thomas and Rao,
	// Journal of the American Statistical Association 82, 1987).
	TestAdjWald IndependenceTest = "adjWald"
)

// IndependenceTests lists the tests.
var IndependenceTests = []IndependenceTest{TestF, TestChisq, TestWald, TestAdjWald}

// wald reports whether the test is of totals; otherwise it is of shares.
func (k IndependenceTest) wald() bool { return k == TestWald || k == TestAdjWald }

// CrossTable are two categories in a domain: the rows that have both, and the levels
// present.
type CrossTable struct {
	in         Domain
	rows, cols Labels
	nr, nc     []int32 // present levels
	count      Count
}

// CrossTable crosses two categories in a domain. Fewer than two levels of either is an
// error.
func (d *Design) CrossTable(rows, cols Labels, in Domain) (CrossTable, error) {
	t := CrossTable{rows: rows, cols: cols}
	seenRow, seenCol := make([]bool, len(rows.Levels)), make([]bool, len(cols.Levels))
	for _, row := range in.rows {
		r, c := rows.Codes[row], cols.Codes[row]
		if r != Missing && c != Missing {
			t.in.rows = append(t.in.rows, row)
			t.count.add(Count{1, d.weights[row]})
			seenRow[r], seenCol[c] = true, true
		}
	}
	t.nr, t.nc = present(seenRow), present(seenCol)
	if len(t.nr) < 2 || len(t.nc) < 2 {
		return t, fault.New(fault.Invalid, "stats.chisq_levels", "rows", rows.Name, "row_levels", len(t.nr),
			"columns", cols.Name, "column_levels", len(t.nc))
	}
	return t, nil
}

func present(seen []bool) (codes []int32) {
	for c, ok := range seen {
		if ok {
			codes = append(codes, int32(c))
		}
	}
	return codes
}

// Cells returns the forms that the test rests on, by row and then column: the weighted
// share of every cell, or its total. They may be made on another set of weights of the
// same design, for replicates.
func (t CrossTable) Cells(d *Design, test IndependenceTest) []Linear {
	form := d.Mean
	if test.wald() {
		form = d.Total
	}
	var forms []Linear
	for _, r := range t.nr {
		for _, c := range t.nc {
			y := Numbers{Values: make([]float64, d.rows)}
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

// Test tests independence from the estimates of the Cells with their covariance. A table
// without sampling variance, or of too few sampling units, is an error.
func (t CrossTable) Test(cells Result, test IndependenceTest) (Test, error) {
	p := make([]float64, len(cells.Rows))
	for i, r := range cells.Rows {
		p[i] = r.Value
	}
	nu := float64(cells.Rows[0].DF)
	var out Test
	var err error
	switch test {
	case TestF, TestChisq:
		out, err = t.raoScott(p, cells.Cov, nu, test)
	case TestWald, TestAdjWald:
		out, err = t.waldTest(p, cells.Cov, nu, test)
	default:
		return out, fault.New(fault.Invalid, "stats.chisq_unknown", "test", string(test))
	}
	out.Count = t.count
	if err != nil || math.IsNaN(out.Statistic) {
		return out, fault.Wrap(err, fault.Invalid, "stats.chisq_singular", "rows", t.rows.Name, "columns", t.cols.Name)
	}
	return out, nil
}

// negligible is the mean design effect below which a table has no sampling variance to
// speak of: its margins and cells are fixed by calibration.
const negligible = 1e-12

// raoScott is the test of shares p with their covariance.
func (t CrossTable) raoScott(p []float64, cov *mat.SymDense, nu float64, test IndependenceTest) (Test, error) {
	c := t.contrasts()
	q := c.RawMatrix().Cols
	for i := range p {
		for j := range q {
			if p[i] > 0 {
				c.Set(i, j, c.At(i, j)/p[i])
			} else {
				c.Set(i, j, 0)
			}
		}
	}
	n := float64(t.count.N)
	srs := mat.NewDiagDense(len(p), p) // cᵀ·diag(p)·c = Cᵀ·diag(1/p)·C
	delta := new(mat.Dense)
	if err := delta.Solve(quadratic(c, srs), quadratic(c, cov)); err != nil {
		return Test{}, err
	}
	var squared mat.Dense
	squared.Mul(delta, delta)
	trace := mat.Trace(delta)
	x2 := t.pearson(p)
	switch {
	case !(n*trace/float64(q) > negligible):
		return Test{Statistic: math.NaN()}, nil
	case test == TestChisq:
		df := float64(q)
		return Test{Statistic: n * x2, DF: df, DDF: math.NaN(), P: chiSquareTail(x2/trace*df, df)}, nil
	}
	d0 := trace * trace / mat.Trace(&squared)
	return Test{Statistic: x2 / trace, DF: d0, DDF: d0 * nu, P: fTail(x2/trace, d0, d0*nu)}, nil
}

// quadratic is cᵀ·m·c.
func quadratic(c *mat.Dense, m mat.Matrix) *mat.Dense {
	var half, out mat.Dense
	half.Mul(c.T(), m)
	out.Mul(&half, c)
	return &out
}

// contrasts spans what is orthogonal to rows and columns: (e₀-e_i)⊗(e₀-e_j).
func (t CrossTable) contrasts() *mat.Dense {
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
func (t CrossTable) pearson(p []float64) float64 {
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

func (t CrossTable) margins(p []float64) (rows, cols []float64) {
	rows, cols = make([]float64, len(t.nr)), make([]float64, len(t.nc))
	for i := range rows {
		for j := range cols {
			rows[i] += p[i*len(cols)+j]
			cols[j] += p[i*len(cols)+j]
		}
	}
	return rows, cols
}

// waldTest is the test of totals with their covariance.
func (t CrossTable) waldTest(totals []float64, cov *mat.SymDense, nu float64, test IndependenceTest) (Test, error) {
	dist, gradient := t.distances(totals)
	var solved mat.VecDense
	if err := solved.SolveVec(quadratic(gradient, cov), dist); err != nil {
		return Test{}, err
	}
	df := float64(dist.Len())
	out := Test{Statistic: mat.Dot(dist, &solved) / df, DF: df, DDF: nu}
	if test == TestAdjWald {
		out.DDF = nu - df + 1
		out.Statistic *= out.DDF / nu
	}
	if !(out.DDF > 0) || out.Statistic < 0 {
		return Test{Statistic: math.NaN()}, nil
	}
	out.P = fTail(out.Statistic, out.DF, out.DDF)
	return out, nil
}

// distances are those of the cells from independence, t_ij - t_i·t_j/t, without the first
// row and column, and their derivatives by the cells.
func (t CrossTable) distances(totals []float64) (*mat.VecDense, *mat.Dense) {
	r, c := len(t.nr), len(t.nc)
	rowSum, colSum := t.margins(totals)
	all := 0.0
	for _, v := range totals {
		all += v
	}
	dist := mat.NewVecDense((r-1)*(c-1), nil)
	gradient := mat.NewDense(r*c, dist.Len(), nil)
	for i := 1; i < r; i++ {
		for j := 1; j < c; j++ {
			at := (i-1)*(c-1) + j - 1
			dist.SetVec(at, totals[i*c+j]-rowSum[i]*colSum[j]/all)
			for k := range r * c {
				g := rowSum[i] * colSum[j] / (all * all)
				if k/c == i {
					g -= colSum[j] / all
				}
				if k%c == j {
					g -= rowSum[i] / all
				}
				if k == i*c+j {
					g++
				}
				gradient.Set(k, at, g)
			}
		}
	}
	return dist, gradient
}

// Independence tests independence of two categories in a domain by linearisation.
func (d *Design) Independence(rows, cols Labels, in Domain, test IndependenceTest) (Test, error) {
	t, err := d.CrossTable(rows, cols, in)
	if err != nil {
		return Test{}, err
	}
	return t.Test(d.Joint(t.Cells(d, test)), test)
}
