package stats_test

import (
	"math/rand/v2"
	"testing"

	"hailong/stats"
)

func TestPairsGiveTheSumOfSquaresOfEveryPerson(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct{ items, states int }{{1, 3}, {5, 3}, {7, 6}, {4, 2}, {9, 3}} {
		p := stats.NewPairs(c.items, c.states)
		p.Grow(2)
		value := func(item, state int) float64 {
			if state == 0 || item == 2 {
				return 0
			}
			return float64(item) + 1/float64(state)
		}
		scale, want := []float64{1, 0.5}, 0.0
		for range 400 {
			states, z, group, w := make([]uint8, c.items), 0.0, rng.IntN(2), rng.Float64()
			lowest := rng.IntN(2) // of half the people all answers are valid
			for item := range states {
				state := lowest + rng.IntN(c.states-lowest)
				states[item] = uint8(state)
				z += value(item, state)
			}
			code := make([]uint8, p.Width())
			p.Code(code, states)
			p.Add(int32(group), code, w)
			want += scale[group] * w * z * z
		}
		if got := p.Squares(scale, value); !near(got, want, 1e-12) {
			t.Errorf("%d items of %d states: got %v, want %v", c.items, c.states, got, want)
		}
	}
}
