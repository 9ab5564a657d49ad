package spec

import (
	"fmt"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// combineFields are those of statistics of another estimate's rows.
type combineFields struct {
	Of        string     `json:"of"`        // id of the other estimate
	Contrasts []Contrast `json:"contrasts"` // of stat contrast
	Over      string     `json:"over"`      // of stat change: the by column of the rounds
}

// Contrast combines the rows of an estimate, r1, r2 and so on: Σ coefficient·row, or a
// formula.
type Contrast struct {
	Label        string    `json:"label"`
	Coefficients []float64 `json:"coefficients"`
	Formula      string    `json:"formula"`
}

// Statistics of another statistic cannot stand in the table that they look it up in.
func init() {
	statistics["contrast"] = statistic{fields: map[string]bool{"of": true, "contrasts": true}, forms: runner.contrast, tested: true}
	statistics["change"] = statistic{fields: map[string]bool{"of": true, "over": true}, forms: runner.change, tested: true}
}

// other finds the estimate that this one is of.
func (s Spec) other(e Estimate) (Estimate, error) {
	for _, o := range s.Estimates {
		if o.ID == e.Of && o.ID != e.ID && o.Of == "" && statistics[o.Stat].forms != nil {
			return o, nil
		}
	}
	return Estimate{}, fault.New(fault.Invalid, "stats.spec_value", "key", e.key("of"), "value", e.Of)
}

// contrast makes combinations of the other estimate's rows, by the delta method.
func (r runner) contrast(e Estimate, groups []domain) ([]wanted, error) {
	o, err := r.spec.other(e)
	if err != nil {
		return nil, err
	}
	of, err := statistics[o.Stat].forms(r, o, groups)
	if err != nil {
		return nil, err
	}
	forms := make([]stats.Linear, len(of))
	values := make([]float64, len(of))
	for i, w := range of {
		forms[i], values[i] = w.form, w.form.Value
	}
	var rows []wanted
	for _, c := range e.Contrasts {
		value, gradient, err := c.combine(values)
		if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "stats.spec_formula", "key", e.key("contrasts."+c.Label), "detail", err.Error(), "rows", len(of))
		}
		f := r.design.Combine(value, gradient, forms)
		f.Label = c.Label
		rows = append(rows, wanted{form: f, label: c.Label, group: map[string]string{}})
	}
	return rows, nil
}

// combine is the contrast's value with its derivatives.
func (c Contrast) combine(values []float64) (value float64, gradient []float64, err error) {
	if (c.Formula == "") == (c.Coefficients == nil) {
		return 0, nil, fmt.Errorf("give coefficients or a formula")
	}
	if c.Formula != "" {
		v, err := evaluateFormula(c.Formula, values)
		return v.value, v.gradient, err
	}
	if len(c.Coefficients) != len(values) {
		return 0, nil, fmt.Errorf("%d coefficients", len(c.Coefficients))
	}
	for i, a := range c.Coefficients {
		if a != 0 {
			value += a * values[i]
		}
	}
	return value, c.Coefficients, nil
}

// change makes, for each pair of rounds that follow each other, the later row minus the
// earlier one. The rounds are domains of one design, so that rounds over the same sampling
// units have their covariance.
func (r runner) change(e Estimate, groups []domain) ([]wanted, error) {
	o, err := r.spec.other(e)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(o.By, e.Over) {
		return nil, fault.New(fault.Invalid, "stats.spec_value", "key", e.key("over"), "value", e.Over)
	}
	of, err := statistics[o.Stat].forms(r, o, groups)
	if err != nil {
		return nil, err
	}
	rest := func(w wanted) string {
		g := domain{group: map[string]string{}}
		for by, v := range w.group {
			if by != e.Over {
				g.group[by] = v
			}
		}
		return g.name(w.label + "\x00" + string(w.form.Level))
	}
	var rows []wanted
	last := map[string]int{}
	for i, w := range of {
		if j, ok := last[rest(w)]; ok {
			f := r.design.Contrast(w.form.Label+" − "+of[j].form.Label, []float64{1, -1}, []stats.Linear{w.form, of[j].form})
			f.Level = w.form.Level
			rows = append(rows, wanted{f, w.label, w.group, of[j].group})
		}
		last[rest(w)] = i
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.Invalid, "stats.one_domain", "id", e.ID)
	}
	return rows, nil
}
