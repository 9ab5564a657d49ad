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
	SizeChange     SizeKind = "change"     // to detect a change: SizeForChange
	SizeDetectable SizeKind = "mdc"        // the other way round: DetectableChange
)

// Conditions turn a size under simple random sampling into people to draw. DEff
// and Response are 1 where they do not matter; a Population of 0 is unlimited. With
// a Take above 0 people are drawn in clusters, and the design effect is
// DEff·(1 + (Take−1)·Rho) (Kish 1965, §5.4).
type Conditions struct {
	DEff       float64
	Take       float64 // people who answer in one cluster, on average
	Rho        float64 // correlation of two people of the same cluster
	Population int
	Response   float64 // expected response rate
}

// SizeInput is what a size calculation starts from.
type SizeInput struct {
	Kind       SizeKind
	Margin     float64 // half the width of the interval
	Confidence float64 // of the interval
	P          float64 // expected proportion
	SD         float64 // standard deviation, for a mean
	Conditions
}

// SizeStep is one step of a calculation: its name, formula and value.
type SizeStep struct {
	Name    string  `json:"step"`
	Formula string  `json:"formula"`
	Value   float64 `json:"value"`
}

// Steps are a calculation as it went.
type Steps []SizeStep

func (s *Steps) add(name, formula string, value float64) float64 {
	*s = append(*s, SizeStep{name, formula, value})
	return value
}

// last names the step before.
func (s Steps) last() string { return s[len(s)-1].Name }

// SizeResult is a sample size with every step to it. N, the people to draw, is
// the last value rounded up; nothing is rounded before. Second is the size of the
// second round or domain of a comparison. Capped says that the population has not
// that many and N is all of it.
type SizeResult struct {
	Kind   SizeKind `json:"kind"`
	Steps  Steps    `json:"steps"`
	N      int      `json:"n"`
	Second int      `json:"second,omitempty"`
	Capped bool     `json:"capped,omitempty"`
}

// Size calculates how many people must be drawn. After n0 (see the kinds)
// the steps are: times the design effect; finite population correction
// (Cochran 1977, §4.2 and §4.7); divided by the response rate; rounded up.
//
// The correction is n/(1+(n−1)/N) for proportions and n/(1+n/N) for a mean,
// which solve n = z²S²(1−n/N)/e² with S² = p(1−p)N/(N−1) and s².
//
// Slovin's rule is the proportion's with p = 0.5, z = 2 and N for N − 1: it knows
// neither design nor confidence and takes no design effect. Errors: size.*.
func Size(in SizeInput) (SizeResult, error) {
	if err := in.validate(); err != nil {
		return SizeResult{}, err
	}
	r := SizeResult{Kind: in.Kind}
	deff := in.deff(&r.Steps)
	n := in.start(&r.Steps)
	if in.Kind != SizeSlovin {
		n = in.spread(&r.Steps, n, deff, in.Kind == SizeMean)
	}
	n = in.drawn(&r.Steps, n)
	r.N, r.Capped = in.capped(n)
	return r, tooMany(n)
}

// start makes n0.
func (in SizeInput) start(steps *Steps) float64 {
	e := in.Margin
	if in.Kind == SizeSlovin {
		population := float64(in.Population)
		return steps.add("n2", "N / (1 + N·e²)", population/(1+population*e*e))
	}
	z := steps.add("z", "normal quantile of (1 + confidence)/2", distuv.UnitNormal.Quantile((1+in.Confidence)/2))
	if in.Kind == SizeMean {
		return steps.add("n0", "z²·s² / e²", z*z*in.SD*in.SD/(e*e))
	}
	return steps.add("n0", "z²·p(1−p) / e²", z*z*in.P*(1-in.P)/(e*e))
}

// spread inflates n0 by the design effect and corrects it for the population.
func (c Conditions) spread(steps *Steps, n, deff float64, mean bool) float64 {
	n = steps.add("n1", steps.last()+" × deff", n*deff)
	population := float64(c.Population)
	switch {
	case c.Population == 0:
	case mean:
		n = steps.add("n2", "n1 / (1 + n1/N)", n/(1+n/population))
	default:
		n = steps.add("n2", "n1 / (1 + (n1−1)/N)", n/(1+(n-1)/population))
	}
	return n
}

// deff is the design effect; that of clusters is a step of its own.
func (c Conditions) deff(steps *Steps) float64 {
	if c.Take == 0 {
		return c.DEff
	}
	return steps.add("deff", "deff × (1 + (take − 1)·rho)", c.DEff*(1+(c.Take-1)*c.Rho))
}

// drawn divides by the response rate and rounds up, the only rounding there
// is. A value less than a billionth above an integer counts as that integer: it is
// there by binary fractions.
func (c Conditions) drawn(steps *Steps, n float64) float64 {
	n = steps.add("n3", steps.last()+" / response", n/c.Response)
	return steps.add("n", "rounded up", math.Ceil(n-1e-9*n))
}

// capped is the number to draw, at most the population.
func (c Conditions) capped(n float64) (int, bool) {
	if c.Population > 0 && n > float64(c.Population) {
		return c.Population, true
	}
	return int(min(n, math.MaxInt32)), false
}

// tooMany refuses a size that nobody can draw.
func tooMany(n float64) error {
	if n > math.MaxInt32 {
		return fault.New(fault.Invalid, "size.huge", "n", n)
	}
	return nil
}
