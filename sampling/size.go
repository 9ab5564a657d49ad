package sampling

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hailong/fault"
)

// SizeKind is what a sample size is calculated for.
type SizeKind string

// The kinds of sample size.
const (
	SizeProportion SizeKind = "proportion" // n0 = z²p(1−p)/e²
	SizeMean       SizeKind = "mean"       // n0 = z²s²/e²
	SizeSlovin     SizeKind = "slovin"     // n = N/(1+N·e²), as older rounds used it
	SizeChange     SizeKind = "change"     // both rounds, to detect a change of a proportion
)

// SizeInput is what a size calculation starts from. DEff and Response are 1
// where they do not matter; a Population of 0 is unlimited.
type SizeInput struct {
	Kind       SizeKind
	Margin     float64 // half the width of the interval; for a change, the change to be detected
	Confidence float64 // of the interval, or 1 − the level of a two-sided test
	P          float64 // expected proportion (in the first round)
	SD         float64 // standard deviation, for a mean
	Power      float64 // probability of detecting the change
	DEff       float64 // design effect
	Population int
	Response   float64 // expected response rate
}

// SizeStep is one step of a calculation: its name, formula and value.
type SizeStep struct {
	Name    string  `json:"step"`
	Formula string  `json:"formula"`
	Value   float64 `json:"value"`
}

// SizeResult is a sample size with every step to it. N, the people to draw, is
// the last value rounded up; nothing is rounded before. Capped says that the
// population has not that many and N is all of it.
type SizeResult struct {
	Kind   SizeKind   `json:"kind"`
	Steps  []SizeStep `json:"steps"`
	N      int        `json:"n"`
	Capped bool       `json:"capped,omitempty"`
}

// Size calculates how many people must be drawn. After n0 (see the kinds)
// the steps are: times the design effect; finite population correction
// (Cochran 1977, §4.2 and §4.7); divided by the response rate; rounded up.
//
// The correction is n/(1+(n−1)/N) for proportions and n/(1+n/N) for a mean,
// which solve n = z²S²(1−n/N)/e² with S² = p(1−p)N/(N−1) and s². A change is
// tested between two independent rounds of n each: n0 =
// (z√(2·p̄(1−p̄)) + zβ√(p1(1−p1)+p2(1−p2)))²/e² (Fleiss, Levin and Paik 2003, §4.2,
// without continuity correction). Errors: plan.size_*.
func Size(in SizeInput) (SizeResult, error) {
	if err := in.validate(); err != nil {
		return SizeResult{}, err
	}
	r := &SizeResult{Kind: in.Kind}
	n := in.start(r)
	if in.Kind != SizeSlovin {
		n = r.step("n1", r.last()+" × deff", n*in.DEff)
		if in.Population > 0 {
			n = in.finite(r, n)
		}
	}
	n = r.step("n3", r.last()+" / response", n/in.Response)
	if n > math.MaxInt32 {
		return SizeResult{}, fault.New(fault.Invalid, "plan.size_huge", "n", n)
	}
	return r.round(in, n), nil
}

func (r *SizeResult) step(name, formula string, value float64) float64 {
	r.Steps = append(r.Steps, SizeStep{name, formula, value})
	return value
}

// last names the step before.
func (r *SizeResult) last() string { return r.Steps[len(r.Steps)-1].Name }

// start makes n0.
func (in SizeInput) start(r *SizeResult) float64 {
	e := in.Margin
	if in.Kind == SizeSlovin {
		population := float64(in.Population)
		return r.step("n2", "N / (1 + N·e²)", population/(1+population*e*e))
	}
	z := r.step("z", "normal quantile of (1 + confidence)/2", distuv.UnitNormal.Quantile((1+in.Confidence)/2))
	switch in.Kind {
	case SizeMean:
		return r.step("n0", "z²·s² / e²", z*z*in.SD*in.SD/(e*e))
	case SizeChange:
		zb := r.step("z_beta", "normal quantile of power", distuv.UnitNormal.Quantile(in.Power))
		p1 := in.P
		p2 := r.step("p2", "p1 + e (or p1 − e beyond 1)", in.second())
		middle := (p1 + p2) / 2
		root := z*math.Sqrt(2*middle*(1-middle)) + zb*math.Sqrt(p1*(1-p1)+p2*(1-p2))
		return r.step("n0", "(z·√(2·p̄(1−p̄)) + z_beta·√(p1(1−p1) + p2(1−p2)))² / e²", root*root/(e*e))
	default:
		return r.step("n0", "z²·p(1−p) / e²", z*z*in.P*(1-in.P)/(e*e))
	}
}

// second is the proportion of the second round.
func (in SizeInput) second() float64 {
	if in.P+in.Margin <= 1 {
		return in.P + in.Margin
	}
	return in.P - in.Margin
}

func (in SizeInput) finite(r *SizeResult, n float64) float64 {
	population := float64(in.Population)
	if in.Kind == SizeMean {
		return r.step("n2", "n1 / (1 + n1/N)", n/(1+n/population))
	}
	return r.step("n2", "n1 / (1 + (n1−1)/N)", n/(1+(n-1)/population))
}

// round rounds up, the only rounding there is. A value less than a billionth
// above an integer counts as that integer: it is there by binary fractions.
func (r *SizeResult) round(in SizeInput, n float64) SizeResult {
	up := r.step("n", "rounded up", math.Ceil(n-1e-9*n))
	r.N = int(up)
	if in.Population > 0 && r.N > in.Population {
		r.N, r.Capped = in.Population, true
	}
	return *r
}

func (in SizeInput) validate() error {
	var problems []fault.Problem
	within := func(name string, x, low, high float64) {
		if !(x > low && x < high) {
			problems = append(problems, fault.P("plan.size_range", "name", name, "value", x, "low", low, "high", high))
		}
	}
	switch in.Kind {
	case SizeProportion, SizeChange:
		within("p", in.P, 0, 1)
		within("margin", in.Margin, 0, 1)
	case SizeMean:
		within("sd", in.SD, 0, math.MaxFloat64)
		within("margin", in.Margin, 0, math.MaxFloat64)
	case SizeSlovin:
		within("margin", in.Margin, 0, 1)
		within("population", float64(in.Population), 0, math.MaxInt32)
	default:
		return fault.New(fault.Invalid, "plan.size_kind", "kind", string(in.Kind))
	}
	if in.Kind != SizeSlovin {
		within("confidence", in.Confidence, 0, 1)
		within("deff", in.DEff, 0, math.MaxFloat64)
	}
	if in.Kind == SizeChange {
		within("power", in.Power, 0, 1)
		if len(problems) == 0 && in.second() < 0 {
			problems = append(problems, fault.P("plan.size_change", "p", in.P, "margin", in.Margin))
		}
	}
	if !(in.Response > 0 && in.Response <= 1) {
		problems = append(problems, fault.P("plan.size_range", "name", "response", "value", in.Response, "low", 0.0, "high", 1.0))
	}
	if in.Population < 0 {
		problems = append(problems, fault.P("plan.size_range", "name", "population", "value", float64(in.Population), "low", 0.0, "high", float64(math.MaxInt32)))
	}
	return fault.Of(fault.Invalid, problems)
}
