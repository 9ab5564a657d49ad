package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// Family is the distribution whose mean a regression explains.
type Family string

// The families, with their canonical links.
const (
	Gaussian Family = "gaussian" // linear regression: μ = x·β
	Binomial Family = "binomial" // logistic regression of a share: log(μ/(1-μ)) = x·β
)

// Model is a regression of y on terms: numbers, or categories, which stand for one column a
// level that is present but the first in alphabetical order.
type Model struct {
	Y         Numbers // of Binomial between 0 and 1
	Terms     []Term
	Intercept bool
	Family    Family
}

// Coefficients are the linear forms of a regression's coefficients. They may be refitted
// to other weights of the same design, for replicates.
type Coefficients struct {
	Forms []Linear
	Term  []int // of each coefficient: its place in the model's terms, or -1 for the intercept
	Rows  Domain
}

// The iteration of a regression: its limit, and the step, in units of a column's spread, at
// which it stops.
const (
	regressionSteps = 60
	regressionStep  = 1e-13
)

// Regress fits a regression to the rows of the domain that have all values, by the
// weighted score equations Σ w·x·(y-μ) = 0. The linearised value of the coefficients is
// A⁻¹·x·(y-μ) with the weighted information A = Σ w·v(μ)·x·xᵀ (Binder, International
// Statistical Review 51, 1983), as in R's svyglm. A column that others determine, and a
// logistic fit that does not converge because some combination separates the values, are
// errors.
func (d *Design) Regress(m Model, in Domain) (Coefficients, error) {
	f := fit{d: d, m: m, rows: m.complete(in)}
	if err := f.layout(); err != nil {
		return Coefficients{}, err
	}
	if err := f.solve(); err != nil {
		return Coefficients{}, err
	}
	out := Coefficients{Term: f.term, Rows: Domain{f.rows}}
	for j, name := range f.x.names {
		form := Linear{Label: name, Value: f.beta[j], rows: f.rows, z: make([]float64, len(f.rows))}
		for i := range f.rows {
			form.z[i] = dot(f.inverse.RawRowView(j), f.dense.row(i)) * f.residual[i]
		}
		out.Forms = append(out.Forms, form)
	}
	return out, nil
}

// complete returns the rows of the domain that have a value of y and of every term.
func (m Model) complete(in Domain) []int32 {
	columns := [][]float64{m.Y.Values}
	for _, t := range m.Terms {
		if t.Numbers != nil {
			columns = append(columns, t.Numbers.Values)
		}
	}
	return slices.DeleteFunc(slices.Clone(in.valid(columns...)), func(row int32) bool {
		return slices.ContainsFunc(m.Terms, func(t Term) bool { return t.Labels != nil && t.Labels.Codes[row] == Missing })
	})
}

// fit is a regression under way.
type fit struct {
	d        *Design
	m        Model
	rows     []int32
	x        *auxiliary
	term     []int
	dense    block // x of the rows
	beta     []float64
	inverse  *mat.Dense // of the information
	residual []float64  // y-μ
}

// layout makes the columns and their values.
func (f *fit) layout() error {
	f.x = &auxiliary{rows: f.d.rows}
	if f.m.Intercept {
		f.x.addNumbers(Intercept, constant(f.d.rows, 1.0))
		f.term = append(f.term, -1)
	}
	for k, t := range f.m.Terms {
		before := len(f.x.names)
		if t.Numbers != nil {
			f.x.addNumbers(t.Numbers.Name, t.Numbers.Values)
		} else {
			l := t.Labels.among(f.rows)
			reference := Missing
			if f.m.Intercept || k > 0 {
				reference = 0
			}
			names := make([]string, len(l.Levels))
			for i, level := range l.Levels {
				names[i] = l.Name + level
			}
			f.x.addCodes(l.Name, l.Codes, names, reference)
		}
		if len(f.x.names) == before { // a category of one level
			return fault.New(fault.Invalid, "stats.regression_singular", "outcome", f.m.Y.Name, "column", t.Labels.Name)
		}
		f.term = append(f.term, constant(len(f.x.names)-before, k)...)
	}
	if len(f.x.names) == 0 || len(f.rows) <= len(f.x.names) {
		return fault.New(fault.Invalid, "stats.regression_rows", "outcome", f.m.Y.Name, "rows", len(f.rows), "columns", len(f.x.names))
	}
	f.dense = newBlock(len(f.rows), len(f.x.names))
	var buf []entry
	for i, row := range f.rows {
		for _, e := range f.x.row(row, buf[:0]) {
			f.dense.row(i)[e.column] = e.value
		}
		if y := f.m.Y.Values[row]; f.m.Family == Binomial && !(y >= 0 && y <= 1) {
			return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.regression_outcome", "value", y).AtRow(int(row)+1, f.m.Y.Name)}}
		}
	}
	return nil
}

// among returns the labels with the levels that the rows have, in alphabetical order.
func (l Labels) among(rows []int32) Labels {
	place := constant(len(l.Levels), Missing)
	for _, row := range rows {
		place[l.Codes[row]] = 0
	}
	out := Labels{Name: l.Name, Codes: constant(len(l.Codes), Missing)}
	for c, p := range place {
		if p != Missing {
			out.Levels = append(out.Levels, l.Levels[c])
		}
	}
	slices.Sort(out.Levels)
	for c, p := range place {
		if p != Missing {
			at, _ := slices.BinarySearch(out.Levels, l.Levels[c])
			place[c] = int32(at)
		}
	}
	for _, row := range rows {
		out.Codes[row] = place[l.Codes[row]]
	}
	return out
}

// solve iterates by Newton's method, which also repairs the rounding errors of the first
// step of a linear regression.
func (f *fit) solve() error {
	p := len(f.x.names)
	f.beta, f.residual = make([]float64, p), make([]float64, len(f.rows))
	for range regressionSteps {
		score, information := f.score()
		if column := dependent(information); column >= 0 {
			if f.m.Family == Binomial && slices.ContainsFunc(f.beta, func(b float64) bool { return b != 0 }) {
				return fault.New(fault.Invalid, "stats.regression_failed", "outcome", f.m.Y.Name)
			}
			return fault.New(fault.Invalid, "stats.regression_singular", "outcome", f.m.Y.Name, "column", f.x.names[column])
		}
		f.inverse = pseudoInverse(information)
		step := multiply(f.inverse, score)
		largest := 0.0
		for j := range step {
			f.beta[j] += step[j]
			size := math.Abs(step[j]) * math.Sqrt(information.At(j, j))
			largest = max(largest, size/(1+math.Abs(f.beta[j])*math.Sqrt(information.At(j, j))))
		}
		if largest < regressionStep {
			_, information = f.score()
			f.inverse = pseudoInverse(information)
			return nil
		}
		if math.IsNaN(largest) {
			break
		}
	}
	return fault.New(fault.Invalid, "stats.regression_failed", "outcome", f.m.Y.Name)
}

// score is Σ w·x·(y-μ) and the information Σ w·v·x·xᵀ, at the present coefficients.
func (f *fit) score() ([]float64, *mat.SymDense) {
	p := len(f.x.names)
	score, sum := make([]float64, p), newBlock(p, p)
	for i, row := range f.rows {
		x := f.dense.row(i)
		mu, v := dot(x, f.beta), 1.0
		if f.m.Family == Binomial {
			mu = expit(mu)
			v = mu * (1 - mu)
		}
		w := f.d.weights[row]
		f.residual[i] = f.m.Y.Values[row] - mu
		for j, xj := range x {
			score[j] += w * xj * f.residual[i]
		}
		addProducts(sum, x, w*v)
	}
	information := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			information.SetSym(i, j, sum.x[i*p+j])
		}
	}
	return score, information
}

// dependent returns the first column of a cross-product that those before it determine, or
// -1: what is left of it after them is below 1e-10 of it.
func dependent(t *mat.SymDense) int {
	p := t.SymmetricDim()
	l := newBlock(p, p)
	for j := range p {
		rest := t.At(j, j) - dot(l.row(j)[:j], l.row(j)[:j])
		if !(rest > 1e-10*t.At(j, j)) {
			return j
		}
		l.row(j)[j] = math.Sqrt(rest)
		for i := j + 1; i < p; i++ {
			l.row(i)[j] = (t.At(i, j) - dot(l.row(i)[:j], l.row(j)[:j])) / l.row(j)[j]
		}
	}
	return -1
}

// JointZero tests by Wald's statistic whether the coefficients at the given places are all
// 0: F = βᵀ·V⁻¹·β/q with q and ddf degrees of freedom, as R's regTermTest. It is NaN where V
// is singular or gives a negative F.
func JointZero(r Result, at []int, ddf int) Test {
	q := len(at)
	beta, cov := mat.NewVecDense(q, nil), mat.NewDense(q, q, nil)
	for i, a := range at {
		beta.SetVec(i, r.Rows[a].Value)
		for j, b := range at {
			cov.Set(i, j, r.Cov.At(a, b))
		}
	}
	out := Test{Statistic: math.NaN(), DF: float64(q), DDF: float64(ddf), P: math.NaN()}
	var solved mat.VecDense
	if err := solved.SolveVec(cov, beta); err != nil {
		return out
	}
	f := mat.Dot(beta, &solved) / float64(q)
	if f < 0 { // the Horvitz–Thompson form may have a covariance that is none
		return out
	}
	out.Statistic = f
	out.P = fTail(out.Statistic, out.DF, out.DDF)
	return out
}
