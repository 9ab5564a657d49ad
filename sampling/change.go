package sampling

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hailong/fault"
)

// ChangeInput is a comparison of two rounds, or of two domains of one round, by
// a two-sided test: of proportions, or of means if SD is given.
//
// The second has Ratio times the people of the first. Of its people, the share
// Overlap was asked in the first as well, and Correlation is that between their
// two answers; both are 0 for independent samples. Conditions hold for each of the
// two by itself.
type ChangeInput struct {
	P           float64 // proportion in the first
	SD          float64 // of a mean, the same in both; 0 for a proportion
	Change      float64 // to be detected; unused by DetectableChange
	N           int     // people drawn in the first; unused by SizeForChange
	Ratio       float64
	Overlap     float64
	Correlation float64
	Confidence  float64 // 1 − the level of the test
	Power       float64 // probability of detecting the change
	Conditions
}

// SizeForChange calculates how many people each round must draw to detect a
// change. For proportions
//
//	n0 = (z√(p̄q̄·g) + zβ√(p1q1 + p2q2/k − 2Pρ√(p1q1p2q2)))² / e²,  g = 1 + 1/k − 2Pρ,
//
// with k the ratio, P the overlap, ρ the correlation and p̄ = (p1 + k·p2)/(1 + k):
// Fleiss, Levin and Paik (2003, §4.2 and §4.4, without continuity correction) with the
// covariance of overlapping samples of Kish (1965, §12.4). For means n0 =
// (z + zβ)²·s²·g/e². The further steps are those of Size, for both rounds.
// Errors: size.*.
func SizeForChange(in ChangeInput) (SizeResult, error) {
	if err := in.validate(false); err != nil {
		return SizeResult{}, err
	}
	r := SizeResult{Kind: SizeChange}
	deff := in.deff(&r.Steps)
	z, zb := in.quantiles(&r.Steps)
	e := in.Change
	n0 := 0.0
	if in.SD > 0 {
		n0 = r.Steps.add("n0", "(z + z_beta)²·s²·(1 + 1/k − 2·overlap·correlation) / e²", (z+zb)*(z+zb)*in.SD*in.SD*in.shared(in.Ratio)/(e*e))
	} else {
		p2 := r.Steps.add("p2", "p1 + e (or p1 − e beyond 1)", in.second())
		root := in.threshold(z, zb, p2, in.Ratio)
		n0 = r.Steps.add("n0", "(z·√V0 + z_beta·√V1)² / e²", root*root/(e*e))
	}
	n := in.drawn(&r.Steps, in.spread(&r.Steps, n0, deff, in.SD > 0))
	if err := tooMany(max(n, n*in.Ratio)); err != nil {
		return SizeResult{}, err
	}
	r.N, r.Capped = in.capped(n)
	second := n
	if in.Ratio != 1 {
		r.Steps.add("second n0", "n0 × ratio", n0*in.Ratio)
		second = in.drawn(&r.Steps, in.spread(&r.Steps, n0*in.Ratio, deff, in.SD > 0))
	}
	var capped bool
	r.Second, capped = in.capped(second)
	r.Capped = r.Capped || capped
	return r, nil
}

// ChangeResult is the smallest change that a test finds with the power asked
// for, upwards and downwards: NaN where even the farthest would not be found.
type ChangeResult struct {
	Steps      Steps
	Rise, Fall float64
}

// DetectableChange is SizeForChange the other way round: the change that N
// people a round suffice to detect. The effective size is m = n·response, then
// m·(N−1)/(N−m) (N·m/(N−m) for a mean) in a population of N, then divided by the
// design effect; rise and fall solve e = (z√V0 + zβ√V1)/√m. Errors: size.*.
func DetectableChange(in ChangeInput) (ChangeResult, error) {
	if err := in.validate(true); err != nil {
		return ChangeResult{}, err
	}
	var r ChangeResult
	deff := in.deff(&r.Steps)
	z, zb := in.quantiles(&r.Steps)
	m := in.effective(&r.Steps, "n", float64(in.N), deff)
	ratio := in.Ratio
	if ratio != 1 {
		ratio = in.effective(&r.Steps, "second n", float64(in.N)*ratio, deff) / m
	}
	if in.Overlap*ratio > 1 {
		return ChangeResult{}, fault.New(fault.Invalid, "size.overlap", "overlap", in.Overlap, "ratio", ratio)
	}
	if in.SD > 0 {
		change := r.Steps.add("change", "(z + z_beta)·s·√((1 + 1/k − 2·overlap·correlation)/m)", (z+zb)*in.SD*math.Sqrt(in.shared(ratio)/m))
		r.Rise, r.Fall = change, change
		return r, nil
	}
	needed := func(p2 float64) float64 { return in.threshold(z, zb, p2, ratio) / math.Sqrt(m) }
	r.Rise = r.Steps.add("rise", "e = (z·√V0 + z_beta·√V1)/√m, upwards", smallest(1-in.P, func(e float64) bool { return e >= needed(in.P+e) }))
	r.Fall = r.Steps.add("fall", "e = (z·√V0 + z_beta·√V1)/√m, downwards", smallest(in.P, func(e float64) bool { return e >= needed(in.P-e) }))
	return r, nil
}

// quantiles are z and zβ.
func (in ChangeInput) quantiles(steps *Steps) (z, zb float64) {
	z = steps.add("z", "normal quantile of (1 + confidence)/2", distuv.UnitNormal.Quantile((1+in.Confidence)/2))
	return z, steps.add("z_beta", "normal quantile of power", distuv.UnitNormal.Quantile(in.Power))
}

// second is the proportion of the second round.
func (in ChangeInput) second() float64 {
	if in.P+in.Change <= 1 {
		return in.P + in.Change
	}
	return in.P - in.Change
}

// shared is g = 1 + 1/k − 2Pρ.
func (in ChangeInput) shared(ratio float64) float64 {
	return 1 + 1/ratio - 2*in.Overlap*in.Correlation
}

// threshold is z√V0 + zβ√V1, times √n the change that is just detected.
func (in ChangeInput) threshold(z, zb, p2, ratio float64) float64 {
	middle := (in.P + ratio*p2) / (1 + ratio)
	v1, v2 := in.P*(1-in.P), p2*(1-p2)
	null := middle * (1 - middle) * in.shared(ratio)
	other := v1 + v2/ratio - 2*in.Overlap*in.Correlation*math.Sqrt(v1*v2)
	return z*math.Sqrt(max(null, 0)) + zb*math.Sqrt(max(other, 0))
}

// effective is the size under simple random sampling from an unlimited
// population that n people drawn are worth.
func (in ChangeInput) effective(steps *Steps, name string, n, deff float64) float64 {
	m := steps.add("answers", name+" × response", n*in.Response)
	population := float64(in.Population)
	switch {
	case in.Population == 0:
	case in.SD > 0:
		m = steps.add("m", "N·answers / (N − answers)", population*m/(population-m))
	default:
		m = steps.add("m", "(N − 1)·answers / (N − answers)", (population-1)*m/(population-m))
	}
	return steps.add("m", steps.last()+" / deff", m/deff)
}

// smallest finds by bisection the smallest change up to the limit for which
// enough holds, or NaN. The threshold is concave in the change, so enough holds from one
// point on.
func smallest(limit float64, enough func(float64) bool) float64 {
	low, high := 0.0, limit
	if !enough(high) {
		return math.NaN()
	}
	for range 200 {
		if middle := (low + high) / 2; enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
