package stats

import (
	"cmp"
	"math"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"

	"hailong/fault"
)

// Interval is a confidence interval; both ends are NaN where it is undefined.
type Interval struct{ Low, High float64 }

// IntervalMethod names a confidence interval for a share.
type IntervalMethod string

// The methods. All use the estimate's standard error and degrees of freedom.
const (
	IntervalMean   IntervalMethod = "mean"   // p ± t·se, not cut at 0 or 1
	IntervalLogit  IntervalMethod = "logit"  // Wald interval of log(p/(1-p)), transformed back; replicates give its error themselves
	IntervalXLogit IntervalMethod = "xlogit" // the same, with the error of p by the delta method
	IntervalASin   IntervalMethod = "asin"   // Wald interval of arcsin √p, transformed back
	IntervalBeta   IntervalMethod = "beta"   // Korn and Graubard (1998): Clopper-Pearson with an effective n
	IntervalWilson IntervalMethod = "wilson" // Wilson's score interval with an effective n and t
)

// Methods lists the methods in a fixed order.
var Methods = []IntervalMethod{
	IntervalLogit, IntervalBeta, IntervalXLogit, IntervalMean, IntervalASin, IntervalWilson,
}

// ParseIntervalMethod reads a method's name.
func ParseIntervalMethod(name string) (IntervalMethod, error) {
	for _, m := range Methods {
		if string(m) == name {
			return m, nil
		}
	}
	return "", fault.New(fault.Invalid, "stats.interval_unknown", "method", name)
}

var undefined = Interval{math.NaN(), math.NaN()}

// CI returns the t interval value ± t(level, DF)·SE, not cut at any bound.
func (e Estimate) CI(level float64) Interval {
	if e.DF < 1 || math.IsNaN(e.SE) {
		return undefined
	}
	half := tQuantile((1+level)/2, e.DF) * e.SE
	return Interval{e.Value - half, e.Value + half}
}

// ShareInterval returns the interval of a share by the method, in the estimate's
// own unit. It is undefined for what is not a share, for a value outside 0 to 1,
// and, except for mean and beta, at 0 and 1 themselves.
func (e Estimate) ShareInterval(method IntervalMethod, level float64) Interval {
	p, se := e.Value/e.Unit, e.SE/e.Unit
	if e.Unit == 0 || e.DF < 1 || math.IsNaN(se) || !(p >= 0 && p <= 1) {
		return undefined
	}
	s := share{p: p, se: se, n: e.N, df: e.DF, level: level, t: tQuantile((1+level)/2, e.DF)}
	var i Interval
	switch method {
	case IntervalMean:
		i = Interval{p - s.t*se, p + s.t*se}
	case IntervalLogit:
		i = s.logit(cmp.Or(e.logitSE, s.se/(s.p*(1-s.p))))
	case IntervalXLogit:
		i = s.logit(s.se / (s.p * (1 - s.p)))
	case IntervalASin:
		i = s.asin()
	case IntervalBeta:
		i = s.beta()
	case IntervalWilson:
		i = s.wilson()
	default:
		return undefined
	}
	return Interval{i.Low * e.Unit, i.High * e.Unit}
}

// share is what the intervals are computed from.
type share struct {
	p, se    float64
	n, df    int
	level, t float64
}

func (s share) inside() bool { return s.p > 0 && s.p < 1 }

func (s share) logit(se float64) Interval {
	if !s.inside() {
		return undefined
	}
	centre, half := math.Log(s.p/(1-s.p)), s.t*se
	return Interval{expit(centre - half), expit(centre + half)}
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func (s share) asin() Interval {
	if !s.inside() {
		return undefined
	}
	centre, half := math.Asin(math.Sqrt(s.p)), s.t*s.se/(2*math.Sqrt(s.p*(1-s.p)))
	low, high := math.Sin(centre-half), math.Sin(centre+half)
	return Interval{low * low, high * high}
}

// beta is the interval of Korn and Graubard, Survey Methodology 24 (1998): the
// effective size p(1-p)/v is multiplied by (t(n-1)/t(df))². At 0 and 1, where v
// is 0, the effective size is n (Parker et al., National Center for Health
// Statistics Data Presentation Standards for Proportions, 2017).
func (s share) beta() Interval {
	size := float64(s.n)
	if s.inside() {
		size = s.p * (1 - s.p) / (s.se * s.se)
	}
	switch {
	case s.n < 2:
		return undefined
	case size > 1e14: // the error is rounding: a share that the weights are calibrated to
		return Interval{s.p, s.p}
	}
	ratio := tQuantile((1+s.level)/2, s.n-1) / s.t
	size *= ratio * ratio
	tail := (1 - s.level) / 2
	i := Interval{0, 1}
	if s.p > 0 {
		i.Low = betaQuantile(tail, size*s.p, size*(1-s.p)+1)
	}
	if s.p < 1 {
		i.High = betaQuantile(1-tail, size*s.p+1, size*(1-s.p))
	}
	return i
}

// wilson is the score interval with the effective size p(1-p)/v and t in place of
// the normal quantile (Franco et al., Journal of Survey Statistics and
// Methodology 7, 2019).
func (s share) wilson() Interval {
	if !s.inside() || s.se == 0 {
		return undefined
	}
	size := s.p * (1 - s.p) / (s.se * s.se)
	t2 := s.t * s.t
	centre := (size*s.p + t2/2) / (size + t2)
	half := s.t * math.Sqrt(size*s.p*(1-s.p)+t2/4) / (size + t2)
	return Interval{centre - half, centre + half}
}

// tQuantiles remembers: rows of a result ask for the same few over and over.
var tQuantiles sync.Map

func tQuantile(p float64, df int) float64 {
	type key struct {
		p  float64
		df int
	}
	if known, ok := tQuantiles.Load(key{p, df}); ok {
		return known.(float64)
	}
	dist := distuv.StudentsT{Sigma: 1, Nu: float64(df)}
	t := polish(dist.Quantile(p), p, dist.CDF, dist.Prob)
	tQuantiles.Store(key{p, df}, t)
	return t
}

func betaQuantile(p, a, b float64) float64 {
	dist := distuv.Beta{Alpha: a, Beta: b}
	return min(max(polish(dist.Quantile(p), p, dist.CDF, dist.Prob), 0), 1)
}

// polish improves a quantile by two Newton steps: the library's inverse of the
// incomplete beta function loses digits where one parameter is large.
func polish(x, p float64, cdf, density func(float64) float64) float64 {
	for range 2 {
		if next := x - (cdf(x)-p)/density(x); !math.IsNaN(next) && !math.IsInf(next, 0) {
			x = next
		}
	}
	return x
}
