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
		{"none", h.lower(0), 5. / 210}, {"at most one", h.lower(1), 55. / 210}, {"at least three", h.upper(3), 55. / 210},
		{"as unlikely as none", h.twoSided(0), 10. / 210}, {"as unlikely as one", h.twoSided(1), 110. / 210}, {"anything", h.twoSided(2), 1},
		{"more than there are", h.upper(6), 0}, {"mean", h.mean(), 2},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

// Tails keep their digits: of 100 people half are women, and the 50 in the first
// half of the list are the women. There is one such choice among C(100, 50) =
// 100891344545564193334812497256, and one of nobody.
func TestHypergeometricTailsAreNotLost(t *testing.T) {
	got, want := hyper{all: 100, marked: 50, drawn: 50}.twoSided(50), 2/100891344545564193334812497256.
	if math.Abs(got/want-1) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
}

// Three women and two men stand in C(5,2) = 10 orders. By hand: two of them have
// two runs, three have three, four have four, and one has five.
func TestRunsByHand(t *testing.T) {
	for k, want := range map[int]float64{1: 0, 2: .2, 3: .5, 4: .9, 5: 1} {
		if got := fewRuns(3, 2, k); math.Abs(got-want) > 1e-12 {
			t.Errorf("at most %d runs: %v, want %v", k, got, want)
		}
	}
}

// Half of the households count as older, as nearly as equal years allow.
func TestTheOlderHalf(t *testing.T) {
	for _, c := range []struct {
		years []int
		want  int
	}{
		{[]int{1990, 1950, 1980, 1960}, 1960}, {[]int{1950, 1950, 1950, 1990}, 1950}, {[]int{1950, 1990, 1990, 1990}, 1950},
		{[]int{1950, 1960, 1960, 1960, 1990, 1990}, 1960}, {[]int{1950, 1950, 1960, 1960, 1960, 1960}, 1950}, {[]int{1990, 1990}, 1990}, {nil, 0},
	} {
		if got := olderHalf(c.years); got != c.want {
			t.Errorf("%v: up to %d, want %d", c.years, got, c.want)
		}
	}
}
