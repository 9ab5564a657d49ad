package stats_test

import (
	"math"
	"testing"

	"hailong/stats"
)

// Student's sleep data, as R has them: the extra hours of two groups of ten. R 4.2.2,
// t.test(extra ~ group, sleep): t = -1.8608, df = 17.776 (Welch 1947).
func TestAChangeBetweenIndependentSamplesIsWelchs(t *testing.T) {
	first := stats.Estimate{Value: 0.75, SE: math.Sqrt(3.200556 / 10), DF: 9, N: 10}
	second := stats.Estimate{Value: 2.33, SE: math.Sqrt(4.009 / 10), DF: 9, N: 10}
	change := stats.ChangeBetween(first, second)
	if got := change.Value / change.SE; math.Abs(got-1.8608) > 5e-5 || change.DF != 17 || change.N != 20 {
		t.Errorf("t %.4f, df %d, n %d; want 1.8608, 17 of 17.776, 20", got, change.DF, change.N)
	}
}

// Without degrees of freedom on one side, or without any error, there are none.
func TestAChangeHasNoMoreDegreesOfFreedomThanItsSides(t *testing.T) {
	good, none, exact := stats.Estimate{Value: 80, SE: 1, DF: 30}, stats.Estimate{Value: 82, SE: 1}, stats.Estimate{Value: 82, DF: 30}
	for name, c := range map[string]struct{ before, after stats.Estimate }{
		"before": {none, good}, "after": {good, none}, "no error": {exact, exact},
	} {
		if got := stats.ChangeBetween(c.before, c.after); got.DF != 0 {
			t.Errorf("%s: df %d, want 0", name, got.DF)
		}
	}
}
