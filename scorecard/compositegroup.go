package scorecard

import (
	"math"
	"slices"
)

// group puts the units that have a value into groups cut at percentiles of the values
// (linear between order statistics, rule 7 of Hyndman and Fan, The American
// Statistician 50, 1996). A value at a cut belongs to the higher group.
func (c Composite) group(units []CompositeUnit) {
	if len(c.Cuts) == 0 {
		return
	}
	var values []float64
	for _, u := range units {
		if v := float64(u.Values[c.Root.ID]); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return
	}
	slices.Sort(values)
	for i, u := range units {
		v := float64(u.Values[c.Root.ID])
		if math.IsNaN(v) {
			continue
		}
		units[i].Group = 1
		for _, p := range c.Cuts {
			if v < percentile(values, p) {
				units[i].Group++
			}
		}
	}
}

func percentile(sorted []float64, p float64) float64 {
	at := p / 100 * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}
