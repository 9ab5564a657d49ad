package sampling

import "testing"

// restOf is a cell of units of the sizes, none of which is certain.
func restOf(sizes ...uint64) rest {
	c := &cell{sized: true}
	for i, x := range sizes {
		c.add(x, false, named{row: i})
	}
	return rest{cell: c, left: c.total[1]}
}

// Over all starts, each equally likely, every unit of a systematic draw is
// taken exactly n·x times of X (n times of N): the probabilities are exact, not
// approximate.
func TestSystematicDrawsAreExactOverAllStarts(t *testing.T) {
	for _, c := range []struct {
		sizes []uint64
		n     uint64
	}{
		{[]uint64{12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16}, 4},
		{[]uint64{12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16}, 1},
		{[]uint64{1, 1, 1, 1, 1}, 3},
		{[]uint64{5, 5, 5}, 2},
	} {
		units := restOf(c.sizes...)
		taken, even := make([]uint64, len(c.sizes)), make([]uint64, len(c.sizes))
		for start := range units.left {
			drawn := units.ppsSystematic(c.n, start)
			if uint64(len(drawn)) != c.n {
				t.Fatalf("%v: start %d drew %v, want %d units", c.sizes, start, drawn, c.n)
			}
			for _, i := range drawn {
				taken[i]++
			}
		}
		for start := range uint64(units.len()) {
			for _, i := range systematic(uint64(units.len()), c.n, start) {
				even[i]++
			}
		}
		for i, x := range c.sizes {
			if taken[i] != c.n*x || even[i] != c.n {
				t.Errorf("%v, n = %d: unit %d taken %d times by size, %d evenly; want %d, %d", c.sizes, c.n, i, taken[i], even[i], c.n*x, c.n)
			}
		}
	}
}

// The units for a given start are those of R's UPsystematic for u = start/X, by
// R 4.2.2, sampling 2.9: with runif replaced by u, pik <- 4*x/sum(x).
func TestPPSSystematicIsRsForTheSameStart(t *testing.T) {
	units := restOf(12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16)
	for start, want := range map[uint64][4]int{
		5: {0, 2, 6, 8}, 50: {1, 4, 7, 9}, 100: {2, 4, 8, 9}, 150: {2, 5, 8, 11}, 187: {2, 6, 8, 11},
	} {
		if got := [4]int(units.ppsSystematic(4, start)); got != want {
			t.Errorf("start %d: %v, R has %v", start, got, want)
		}
	}
}
