package stats_test

import (
	"math"
	"testing"

	"hailong/stats"
)

// R: binom.test(x, n)$conf.int
func TestClopperPearsonAgreesWithR(t *testing.T) {
	for _, c := range []struct {
		x, n      int
		low, high float64
	}{
		{3, 3, 0.292401773821, 1}, {7, 10, 0.347547149940, 0.933260488822}, {0, 5, 0, 0.521823750105},
		{58, 60, 0.884718955581, 0.995937375358}, {112, 120, 0.872863251761, 0.970780815686}, {1, 2, 0.012579117093, 0.987420882907},
	} {
		got := stats.ClopperPearson(c.x, c.n, 0.95)
		if math.Abs(got.Low-c.low) > 1e-11 || math.Abs(got.High-c.high) > 1e-11 {
			t.Errorf("%d of %d: %+v, want %v to %v", c.x, c.n, got, c.low, c.high)
		}
	}
	for _, c := range [][2]int{{0, 0}, {2, 1}, {-1, 3}} {
		if got := stats.ClopperPearson(c[0], c[1], 0.95); !math.IsNaN(got.Low) || !math.IsNaN(got.High) {
			t.Errorf("%d of %d: %+v, want undefined", c[0], c[1], got)
		}
	}
}
