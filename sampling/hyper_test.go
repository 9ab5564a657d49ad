package sampling

import (
	"math"
	"testing"
)

// Of 10 people 5 are women and 4 are drawn. By hand, out of C(10,4) = 210 ways:
// none 5, one 50, two 100, three 50, four 5.
func TestHypergeometricByHand(t *testing.T) {
	h := hyper{all: 10, marked: 5, drawn: 4}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"none", h.probability(0), 5. / 210}, {"at most one", h.lower(1), 55. / 210}, {"at least three", h.upper(3), 55. / 210},
		{"as unlikely as none", h.twoSided(0), 10. / 210}, {"as unlikely as one", h.twoSided(1), 110. / 210}, {"anything", h.twoSided(2), 1},
		{"more than there are", h.probability(6), 0}, {"mean", h.mean(), 2},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}
