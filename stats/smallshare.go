package stats

import (
	"math"
	"math/rand/v2"
	"slices"

	"hailong/fault"
)

// ShareAreas are direct estimates of a share, an area each.
type ShareAreas struct {
	Shares    []float64   // between 0 and 1; NaN for an area without one
	Effective []float64   // effective sample size, n over the design effect
	X         [][]float64 // as in Areas
}

// ShareOptions say how the error of modelled shares is computed.
type ShareOptions struct {
	Method AreaMethod
	Level  float64 // of the intervals
	Draws  int     // of the parametric bootstrap
	Seed   uint64
}

// ModelledShare is a share under the model, all on the scale from 0 to 1.
type ModelledShare struct {
	Value, Synthetic float64
	MSE              float64
	CI               Interval
	Gamma            float64 // as in ModelledArea
}

// FitShares fits the model to arcsin √share, whose variance 1/(4·effective size)
// does not depend on the share, and turns the result back. The value is the mean of
// sin²θ when θ is normal around the transformed prediction with its variance g1,
// ½(1 - e^(-2·g1) cos 2θ̂), which is not biased as sin²θ̂ would be (Sugasawa and
// Kubokawa, Scandinavian Journal of Statistics 44, 2017; Hadam, Würz, Kreutzmann and
// Schmid, AStA 118, 2024). Its mean squared error comes from a parametric bootstrap
// in which the model is fitted again (González-Manteiga and others, Computational
// Statistics and Data Analysis 52, 2008); its interval is that of θ, turned back.
//
// The model of the returned AreaModel is that of the transformed values. Errors: as
// FitAreas, and area.share, area.draws.
func FitShares(in ShareAreas, o ShareOptions) ([]ModelledShare, AreaModel, error) {
	areas, err := in.transformed()
	if err != nil {
		return nil, AreaModel{}, err
	}
	if o.Draws < 2 || !(o.Level > 0 && o.Level < 1) {
		return nil, AreaModel{}, fault.New(fault.Invalid, "area.draws", "draws", o.Draws, "level", o.Level)
	}
	m, err := FitAreas(areas, o.Method)
	if err != nil {
		return nil, m, err
	}
	errors, err := m.shareErrors(areas, o)
	if err != nil {
		return nil, m, err
	}
	shares := make([]ModelledShare, len(m.Areas))
	for i, a := range m.Areas {
		ci := a.Interval(o.Level)
		shares[i] = ModelledShare{
			Value: m.share(areas, i), Synthetic: sinSquare(a.Synthetic, m.A), MSE: errors[i],
			CI: Interval{backShare(ci.Low), backShare(ci.High)}, Gamma: a.Gamma,
		}
	}
	return shares, m, nil
}

func (in ShareAreas) transformed() (Areas, error) {
	out := Areas{Values: make([]float64, len(in.Shares)), Variances: make([]float64, len(in.Shares)), X: in.X}
	var problems []fault.Problem
	for i, p := range in.Shares {
		out.Values[i], out.Variances[i] = math.Asin(math.Sqrt(p)), 1/(4*in.Effective[i])
		if p < 0 || p > 1 {
			problems = append(problems, fault.P("area.share", "area", i+1, "value", p))
		}
	}
	return out, fault.Of(fault.Invalid, problems)
}

// share is the back-transformed prediction of an area.
func (m AreaModel) share(in Areas, i int) float64 {
	variance := m.A
	if g := m.Areas[i].Gamma; !math.IsNaN(in.Values[i]) {
		variance = g * in.Variances[i]
	}
	return sinSquare(m.Areas[i].Value, variance)
}

// sinSquare is E sin²X for X normal.
func sinSquare(mean, variance float64) float64 {
	return (1 - math.Exp(-2*variance)*math.Cos(2*mean)) / 2
}

// backShare turns a transformed value back, those outside of the range to its bounds.
func backShare(x float64) float64 {
	s := math.Sin(min(max(x, 0), math.Pi/2))
	return s * s
}

// shareErrors draws areas from the model, fits it again, and averages the squared
// differences of true and predicted shares.
func (m AreaModel) shareErrors(in Areas, o ShareOptions) ([]float64, error) {
	rng := rand.New(rand.NewPCG(o.Seed, 3))
	sums, truth := make([]float64, len(in.Values)), make([]float64, len(in.Values))
	drawn := Areas{Values: slices.Clone(in.Values), Variances: in.Variances, X: in.X}
	for range o.Draws {
		for i, a := range m.Areas {
			theta := a.Synthetic + math.Sqrt(m.A)*rng.NormFloat64()
			truth[i] = backShare(theta)
			if !math.IsNaN(in.Values[i]) {
				drawn.Values[i] = theta + math.Sqrt(in.Variances[i])*rng.NormFloat64()
			}
		}
		again, err := FitAreas(drawn, o.Method)
		if err != nil {
			return nil, err
		}
		for i := range sums {
			miss := again.share(in, i) - truth[i]
			sums[i] += miss * miss / float64(o.Draws)
		}
	}
	return sums, nil
}

// BenchmarkRatio multiplies the values by one factor so that their mean with the
// weights (the areas' populations) is the target, the direct estimate of the whole.
func BenchmarkRatio(values, weights []float64, target float64) []float64 {
	sum, size := dot(values, weights), 0.0
	for _, w := range weights {
		size += w
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * target * size / sum
	}
	return out
}

// BenchmarkShares moves all shares by one step on the scale of log odds so that their
// mean with the weights is the target; unlike a ratio this keeps them between 0
// and 1. Error area.benchmark for a target outside of what can be reached.
func BenchmarkShares(shares, weights []float64, target float64) ([]float64, error) {
	size := 0.0
	for _, w := range weights {
		size += w
	}
	moved := func(step float64) (out []float64, mean float64) {
		out = make([]float64, len(shares))
		for i, p := range shares {
			if out[i] = p; p > 0 && p < 1 {
				out[i] = 1 / (1 + (1-p)/p*math.Exp(-step))
			}
		}
		return out, dot(out, weights) / size
	}
	low, high := -50.0, 50.0
	_, least := moved(low)
	_, most := moved(high)
	if !(target > least && target < most) {
		return nil, fault.New(fault.Invalid, "area.benchmark", "target", target)
	}
	for range 200 {
		middle := (low + high) / 2
		if middle == low || middle == high {
			break
		}
		if _, mean := moved(middle); mean < target {
			low = middle
		} else {
			high = middle
		}
	}
	out, _ := moved((low + high) / 2)
	return out, nil
}
