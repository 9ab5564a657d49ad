package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"hailong/fault"
)

// Test is the result of a test of hypothesis.
type Test struct {
	Statistic float64
	// DF are the degrees of freedom of the numerator, DDF those of the denominator; DDF is
	// NaN where the statistic is referred to a chi-square distribution instead of F.
	DF, DDF float64
	P       float64
	Count   Count // rows used and the sum of their weights
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
		t.P = TTail(t.T, float64(t.DF))
	}
	return t
}

// TTail is P(|T| > |t|), exact far out.
func TTail(t, df float64) float64 { return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t)) }

// fTail is P(F > f).
func fTail(f, df, ddf float64) float64 {
	switch {
	case math.IsNaN(f) || !(df > 0) || !(ddf > 0):
		return math.NaN()
	case f <= 0:
		return 1
	}
	return mathext.RegIncBeta(ddf/2, df/2, ddf/(ddf+df*f))
}

// chiSquareTail is P(χ² > x).
func chiSquareTail(x, df float64) float64 {
	if math.IsNaN(x) || !(df > 0) {
		return math.NaN()
	}
	return mathext.GammaIncRegComp(df/2, max(x, 0)/2)
}
