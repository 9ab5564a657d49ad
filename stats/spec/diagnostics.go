package spec

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"

	"hailong/stats"
)

// Diagnostics say what the weighting did to the weights.
type Diagnostics struct {
	Base    Spread          `json:"base"`
	Final   Spread          `json:"final"`
	Factors *[2]Number      `json:"factors"` // least and greatest final over base weight, of those above 0
	Joined  []string        `json:"joined_cells,omitempty"`
	Totals  []ReachedTotals `json:"totals,omitempty"`
}

// Spread is stats.WeightSpread.
type Spread struct {
	N         int    `json:"n"`
	Sum       Number `json:"sum"`
	Min       Number `json:"min"`
	Max       Number `json:"max"`
	CV        Number `json:"cv"`
	Deff      Number `json:"deff"` // Kish's design effect of weighting
	Effective Number `json:"effective_n"`
}

// ReachedTotals is one total that a step of calibrate aimed at, with what the final
// weights give: later steps and trimming move it away again.
type ReachedTotals struct {
	Step    int    `json:"step"`
	Margin  string `json:"margin,omitempty"`
	Level   string `json:"level"`
	Target  Number `json:"target"`
	Reached Number `json:"reached"`
}

func spreadOf(weights []float64) Spread {
	s := stats.SpreadOf(weights)
	return Spread{s.N, Number(s.Sum), Number(s.Min), Number(s.Max), Number(s.CV), Number(s.Deff), Number(s.Effective)}
}

// diagnose describes the weights of the runner.
func (r runner) diagnose() (*Diagnostics, error) {
	base, final := r.base.Weights(), r.design.Weights()
	out := &Diagnostics{Base: spreadOf(base), Final: spreadOf(final), Joined: r.joined}
	low, high := math.Inf(1), math.Inf(-1)
	for i, w := range final {
		if w > 0 && base[i] > 0 {
			low, high = min(low, w/base[i]), max(high, w/base[i])
		}
	}
	if low <= high {
		out.Factors = &[2]Number{Number(low), Number(high)}
	}
	for i, c := range r.spec.Calibrate {
		totals, err := c.reached(r.table, i, final)
		if err != nil {
			return nil, err
		}
		out.Totals = append(out.Totals, totals...)
	}
	return out, nil
}

// reached compares the totals of a step with those of the weights.
func (c Calibration) reached(t *table, step int, weights []float64) ([]ReachedTotals, error) {
	margins := c.Margins
	if len(c.By) > 0 {
		var totals []map[string]any
		if err := json.Unmarshal(c.Totals, &totals); err != nil {
			return nil, err
		}
		margins = []Margin{{c.By, totals}}
	}
	var out []ReachedTotals
	for _, m := range margins {
		margin, err := m.read(t, "calibrate")
		if err != nil {
			return nil, err
		}
		sums := map[string]float64{}
		for i, code := range margin.By.Codes {
			if code != stats.Missing {
				sums[margin.By.Levels[code]] += weights[i]
			}
		}
		for _, level := range slices.Sorted(maps.Keys(margin.Totals)) {
			out = append(out, ReachedTotals{step, strings.Join(m.By, ", "), level, Number(margin.Totals[level]), Number(sums[level])})
		}
	}
	if len(margins) > 0 || c.Method == "trim" {
		return out, nil
	}
	return c.reachedTerms(t, step, weights)
}

// reachedTerms does so for totals of terms.
func (c Calibration) reachedTerms(t *table, step int, weights []float64) ([]ReachedTotals, error) {
	var totals map[string]float64
	if err := json.Unmarshal(c.Totals, &totals); err != nil {
		return nil, err
	}
	sums := map[string]float64{}
	for _, w := range weights {
		sums["(Intercept)"] += w
	}
	for _, term := range c.Terms {
		columns := []stats.Numbers{}
		if numeric(t.levels(term)) {
			y, err := t.numbers(term)
			if err != nil {
				return nil, err
			}
			columns = append(columns, y)
		} else {
			columns = t.indicators(term)
		}
		for _, y := range columns {
			for i, w := range weights {
				if w != 0 {
					sums[y.Name] += w * y.Values[i]
				}
			}
		}
	}
	var out []ReachedTotals
	for _, name := range slices.Sorted(maps.Keys(totals)) {
		out = append(out, ReachedTotals{step, "", name, Number(totals[name]), Number(sums[name])})
	}
	return out, nil
}
