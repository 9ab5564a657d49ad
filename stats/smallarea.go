package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"hailong/fault"
)

// Areas are direct estimates of one figure, an area each, with what a model may
// explain them by.
type Areas struct {
	Values    []float64 // direct estimates; NaN for an area without one
	Variances []float64 // of their errors, taken as known; not used where Values is NaN
	// X has a row an area, with a one for the intercept; nil is the intercept alone.
	X [][]float64
}

// AreaMethod is how the variance between areas is estimated.
type AreaMethod string

// The methods. REML allows for the coefficients that are estimated as well.
const (
	AreaREML AreaMethod = "reml"
	AreaML   AreaMethod = "ml"
)

// AreaModel is the model of Fay and Herriot (Journal of the American Statistical
// Association 74, 1979) fitted to areas: θ_i = x_i'β + u_i with u_i of variance A,
// and a direct estimate y_i = θ_i + e_i with e_i of known variance D_i.
type AreaModel struct {
	Method AreaMethod
	A      float64    // variance between areas beyond what X explains; 0 where the data show none
	Beta   []float64  // coefficients of X
	Cov    *mat.Dense // of Beta: (Σ x x'/(A+D))⁻¹
	Areas  []ModelledArea
}

// ModelledArea is the estimate of one area under the model.
type ModelledArea struct {
	Value     float64 // γ·direct + (1-γ)·synthetic
	MSE       float64 // mean squared error
	Synthetic float64 // x'β
	Gamma     float64 // weight of the direct estimate, A/(A+D); 0 for an area without one
}

// FitAreas fits the model by Fisher scoring and predicts every area, also those
// without a direct estimate. The mean squared error is that of Prasad and Rao
// (Journal of the American Statistical Association 85, 1990) and Datta and Lahiri
// (Statistica Sinica 10, 2000):
//
//	REML: g1 + g2 + 2·g3     ML: g1 - b·(1-γ)² + g2 + 2·g3
//	g1 = γD    g2 = (1-γ)² x'(Σxx'/(A+D))⁻¹x    g3 = (1-γ)²/(A+D) · 2/Σ(A+D)⁻²
//	b = -tr[(Σxx'/(A+D))⁻¹ Σxx'/(A+D)²] / Σ(A+D)⁻²
//
// An area without a direct estimate has A + x'(…)⁻¹x. Errors: area.few if there are
// no more areas than coefficients, area.variance for a variance that is not
// positive, area.collinear, area.not_converged.
func FitAreas(in Areas, method AreaMethod) (AreaModel, error) {
	if in.X == nil {
		in.X = slices.Repeat([][]float64{{1}}, len(in.Values))
	}
	f, err := newAreaFit(in)
	if err != nil {
		return AreaModel{}, err
	}
	a, err := f.variance(method)
	if err != nil {
		return AreaModel{}, err
	}
	at, err := f.at(a)
	if err != nil {
		return AreaModel{}, err
	}
	m := AreaModel{Method: method, A: a, Beta: at.beta, Cov: at.inverse}
	for i, d := range in.Variances {
		x := in.X[i]
		area := ModelledArea{Synthetic: dot(x, at.beta)}
		if area.Value = area.Synthetic; math.IsNaN(in.Values[i]) {
			area.MSE = a + quadraticForm(at.inverse, x)
		} else {
			area.Gamma = a / (a + d)
			area.Value += area.Gamma * (in.Values[i] - area.Synthetic)
			area.MSE = at.mse(method, d, x)
		}
		m.Areas = append(m.Areas, area)
	}
	return m, nil
}

// areaFit are the areas that have a direct estimate.
type areaFit struct {
	y, d []float64
	x    *mat.Dense
}

func newAreaFit(in Areas) (areaFit, error) {
	rows, f := len(in.X), areaFit{}
	if len(in.Values) != rows || len(in.Variances) != rows {
		return f, fault.New(fault.Internal, "area.shape", "areas", rows)
	}
	var problems []fault.Problem
	for i, y := range in.Values {
		if math.IsNaN(y) {
			continue
		}
		if d := in.Variances[i]; !(d > 0) || math.IsInf(d, 1) || math.IsInf(y, 0) {
			problems = append(problems, fault.P("area.variance", "area", i+1, "variance", d))
		}
		f.y, f.d = append(f.y, y), append(f.d, in.Variances[i])
	}
	p := 0
	if rows > 0 {
		p = len(in.X[0])
	}
	if len(f.y) <= p {
		return f, fault.New(fault.Invalid, "area.few", "areas", len(f.y), "coefficients", p)
	}
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return f, err
	}
	f.x = mat.NewDense(len(f.y), p, nil)
	n := 0
	for i, y := range in.Values {
		if !math.IsNaN(y) {
			f.x.SetRow(n, in.X[i])
			n++
		}
	}
	return f, nil
}

// areaPoint is the fit for a given variance between areas.
type areaPoint struct {
	a       float64
	inverse *mat.Dense // (Σ x x'/v)⁻¹, v being A+D
	second  *mat.Dense // Σ x x'/v²
	beta    []float64
	v       []float64
	resid   []float64
	sum2    float64 // Σ v⁻²
}

func (f areaFit) at(a float64) (areaPoint, error) {
	_, p := f.x.Dims()
	at := areaPoint{a: a, inverse: mat.NewDense(p, p, nil), second: mat.NewDense(p, p, nil)}
	cross, normal := make([]float64, p), mat.NewDense(p, p, nil)
	for i, y := range f.y {
		v, x := a+f.d[i], f.x.RawRowView(i)
		at.v = append(at.v, v)
		at.sum2 += 1 / (v * v)
		for j := range p {
			cross[j] += x[j] * y / v
			for k := range p {
				normal.Set(j, k, normal.At(j, k)+x[j]*x[k]/v)
				at.second.Set(j, k, at.second.At(j, k)+x[j]*x[k]/(v*v))
			}
		}
	}
	if err := at.inverse.Inverse(normal); err != nil {
		return at, fault.New(fault.Invalid, "area.collinear")
	}
	at.beta = make([]float64, p)
	for j := range at.beta {
		at.beta[j] = dot(at.inverse.RawRowView(j), cross)
	}
	for i, y := range f.y {
		at.resid = append(at.resid, y-dot(f.x.RawRowView(i), at.beta))
	}
	return at, nil
}

// score is the derivative of the (restricted) log-likelihood by A, and information its
// expected negative second derivative. With P the projection V⁻¹ - V⁻¹X(X'V⁻¹X)⁻¹X'V⁻¹,
// REML has ½(y'PPy - tr P) and ½ tr PP; ML has V⁻¹ in place of P in the traces.
func (at areaPoint) score(f areaFit, method AreaMethod) (score, information float64) {
	trace, squares := 0.0, 0.0
	for i, v := range at.v {
		trace += 1 / v
		squares += at.resid[i] * at.resid[i] / (v * v)
	}
	information = at.sum2
	if method == AreaREML {
		third := mat.NewDense(len(at.beta), len(at.beta), nil) // Σ x x'/v³
		for i, v := range at.v {
			x := f.x.RawRowView(i)
			for j := range x {
				for k := range x {
					third.Set(j, k, third.At(j, k)+x[j]*x[k]/(v*v*v))
				}
			}
		}
		var b, c mat.Dense
		b.Mul(at.inverse, at.second)
		c.Mul(at.inverse, third)
		trace -= mat.Trace(&b)
		var bb mat.Dense
		bb.Mul(&b, &b)
		information += mat.Trace(&bb) - 2*mat.Trace(&c)
	}
	return (squares - trace) / 2, information / 2
}

// areaSteps bounds the steps of Fisher scoring, and areaTolerance is the relative
// change of A at which it stops.
const (
	areaSteps     = 2000
	areaTolerance = 1e-12
)

// variance finds A by Fisher scoring from the mean of the direct estimates'
// variances; a maximum at or below 0 is 0. Where the direct variances differ much a
// step may leap over the maximum and back again, for ever; once it lies between two
// points, a step that does not halve the one before goes to their middle.
func (f areaFit) variance(method AreaMethod) (float64, error) {
	if method != AreaREML && method != AreaML {
		return 0, fault.New(fault.Invalid, "area.method", "method", string(method))
	}
	scale := floats.Sum(f.d) / float64(len(f.d))
	a, change := scale, 0.0
	below, above := math.Inf(-1), math.Inf(1) // the likelihood rises at the one, falls at the other
	for range areaSteps {
		at, err := f.at(a)
		if err != nil {
			return 0, err
		}
		score, information := at.score(f, method)
		if score > 0 {
			below = a
		} else {
			above = a
		}
		next := max(a+score/information, 0)
		before := change
		if change = next - a; min(math.Abs(change), above-below) <= areaTolerance*(a+scale) {
			return next, nil
		}
		if !math.IsInf(above-below, 1) && (next <= below || next >= above || 2*math.Abs(change) > math.Abs(before)) {
			next = (below + above) / 2
			change = next - a
		}
		a = next
	}
	return 0, fault.New(fault.Invalid, "area.not_converged", "steps", areaSteps, "variance", a, "change", change)
}

// mse is the mean squared error of an area with the direct estimate's variance d.
func (at areaPoint) mse(method AreaMethod, d float64, x []float64) float64 {
	gamma := at.a / (at.a + d)
	rest := (1 - gamma) * (1 - gamma)
	g1, g2, g3 := gamma*d, rest*quadraticForm(at.inverse, x), rest/(at.a+d)*2/at.sum2
	if method == AreaML {
		var product mat.Dense
		product.Mul(at.inverse, at.second)
		g1 += rest * mat.Trace(&product) / at.sum2
	}
	return g1 + g2 + 2*g3
}

func quadraticForm(m *mat.Dense, x []float64) (sum float64) {
	for j := range x {
		sum += x[j] * dot(m.RawRowView(j), x)
	}
	return sum
}

// Interval is the area's normal interval at the confidence level.
func (m ModelledArea) Interval(level float64) Interval {
	z := distuv.UnitNormal.Quantile((1+level)/2) * math.Sqrt(m.MSE)
	return Interval{m.Value - z, m.Value + z}
}
