package spec

import (
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// statistic is how a stat is computed, and which fields it uses: true for those
// that it needs. It has linear forms, whose variance is linearised or replicated,
// or else a run of its own.
type statistic struct {
	fields map[string]bool
	forms  func(runner, Estimate, []domain) ([]wanted, error)
	run    func(runner, Estimate, []domain) (Result, []fault.Problem, error)
	tested bool // its rows have a t-test of whether they are 0
}

// statistics are the values of stat.
var statistics = map[string]statistic{
	"mean":       {fields: map[string]bool{"vars": true, "by": false}, forms: each(runner.means)},
	"total":      {fields: map[string]bool{"vars": true, "by": false}, forms: each(runner.totals)},
	"ratio":      {fields: map[string]bool{"vars": true, "by": false}, forms: each(runner.ratio)},
	"proportion": {fields: map[string]bool{"indicator": true, "vars": false, "by": false, "ci": false}, forms: each(runner.proportion)},
	"variance":   {fields: map[string]bool{"vars": true, "by": false}, forms: each(runner.variances)},
	"difference": {fields: map[string]bool{"vars": true, "by": true}, forms: runner.difference, tested: true},
	"regression": {fields: map[string]bool{"vars": false, "indicator": false, "terms": true, "family": false, "by": false}, run: runner.regression},
	"index": {fields: map[string]bool{"items": true, "satisfied": false, "valid": true, "groups": false, "parts": false,
		"overall": true, "score": false, "scale": false, "by": false}, forms: runner.indices},
	"quantile": {fields: map[string]bool{"vars": true, "p": true, "rule": false, "ci": false, "by": false}, run: separately(runner.quantiles)},
	"ttest":    {fields: map[string]bool{"vars": true, "by": false}, run: separately(runner.ttest)},
	"rank": {fields: map[string]bool{"vars": false, "by": true, "items": false, "satisfied": false, "valid": false, "groups": false, "parts": false,
		"overall": false, "score": false, "scale": false, "top": false, "draws": false, "seed": false, "low_first": false}, run: runner.rank},
	"small_area": {fields: map[string]bool{"vars": true, "by": true, "variance": false, "effective": false, "terms": false, "method": false,
		"benchmark": false, "draws": false, "seed": false}, run: runner.smallArea},
	"chisq": {fields: map[string]bool{"vars": true, "test": false, "by": false}, run: separately(runner.chisq)},
}

// each makes a statistic's forms in every group.
func each(forms func(runner, Estimate, stats.Domain) ([]stats.Linear, error)) func(runner, Estimate, []domain) ([]wanted, error) {
	return func(r runner, e Estimate, groups []domain) ([]wanted, error) {
		var rows []wanted
		for _, g := range groups {
			made, err := forms(r, e, g.rows)
			if err != nil {
				return nil, err
			}
			rows = append(rows, g.wanted(made)...)
		}
		return rows, nil
	}
}

// wanted names the forms of the group.
func (d domain) wanted(forms []stats.Linear) []wanted {
	rows := make([]wanted, len(forms))
	for i, f := range forms {
		rows[i] = wanted{form: f, label: f.Label, group: d.group}
		rows[i].form.Label = d.name(f.Label)
	}
	return rows
}

func (r runner) means(e Estimate, in stats.Domain) ([]stats.Linear, error) {
	return r.perColumn(e, func(y stats.Numbers, category bool) stats.Linear {
		if category {
			return r.design.Proportion(y, in)
		}
		return r.design.Mean(y, in)
	})
}

func (r runner) totals(e Estimate, in stats.Domain) ([]stats.Linear, error) {
	return r.perColumn(e, func(y stats.Numbers, _ bool) stats.Linear { return r.design.Total(y, in) })
}

func (r runner) variances(e Estimate, in stats.Domain) ([]stats.Linear, error) {
	var forms []stats.Linear
	for _, name := range e.Vars {
		y, err := r.table.numbers(name)
		if err != nil {
			return nil, err
		}
		forms = append(forms, r.design.Variance(y, in))
	}
	return forms, nil
}

// perColumn makes a form for every numeric variable, and for every level of a
// variable that is a category.
func (r runner) perColumn(e Estimate, form func(y stats.Numbers, category bool) stats.Linear) ([]stats.Linear, error) {
	var forms []stats.Linear
	for _, name := range e.Vars {
		if numeric(r.table.levels(name)) {
			y, err := r.table.values(name)
			if err != nil {
				return nil, err
			}
			forms = append(forms, form(y, false))
			continue
		}
		for _, y := range r.table.indicators(name) {
			forms = append(forms, form(y, true))
		}
	}
	return forms, nil
}

// indicators returns a column of zeros and ones for each level of a category, in
// alphabetical order, named by the variable and the level.
func (t *table) indicators(name string) []stats.Numbers {
	levels := t.levels(name)
	var out []stats.Numbers
	for _, level := range slices.SortedFunc(slices.Values(levels), compareLevels) {
		of := make([]float64, len(levels))
		of[slices.Index(levels, level)] = 1
		y := t.variable(name, of)
		y.Name += level
		out = append(out, y)
	}
	return out
}

func (r runner) ratio(e Estimate, in stats.Domain) ([]stats.Linear, error) {
	if err := e.twoVars(); err != nil {
		return nil, err
	}
	y, err := r.table.numbers(e.Vars[0])
	if err != nil {
		return nil, err
	}
	x, err := r.table.numbers(e.Vars[1])
	if err != nil {
		return nil, err
	}
	return []stats.Linear{r.design.Ratio(y, x, in)}, nil
}

func (r runner) proportion(e Estimate, in stats.Domain) ([]stats.Linear, error) {
	y := r.table.indicator(e.Indicator)
	y.Name = describe(e.Indicator)
	return []stats.Linear{r.design.Proportion(y, in)}, nil
}

// indicator is 1 where the conditions are met, 0 where not, NaN where a cell is missing.
func (t *table) indicator(conditions []Condition) stats.Numbers {
	if t.cells != nil {
		name := conditionColumn(conditions)
		_, levels := t.cells.measure(name)
		of := make([]float64, len(levels))
		for c, level := range levels {
			if level == "yes" {
				of[c] = 1
			}
		}
		return t.variable(name, of)
	}
	out := stats.Numbers{Values: make([]float64, t.rows)}
	for i, met := range t.evaluate(conditions) {
		switch met {
		case yes:
			out.Values[i] = 1
		case unknown:
			out.Values[i] = math.NaN()
		}
	}
	return out
}

// difference is the mean of the first domain minus that of the second, for every
// pair of domains in their order.
func (r runner) difference(e Estimate, groups []domain) ([]wanted, error) {
	if len(groups) < 2 {
		return nil, fault.New(fault.Invalid, "stats.one_domain", "id", e.ID)
	}
	means := make([][]stats.Linear, len(groups))
	for i, g := range groups {
		var err error
		if means[i], err = r.means(e, g.rows); err != nil {
			return nil, err
		}
	}
	var rows []wanted
	for i := range groups {
		for j := i + 1; j < len(groups); j++ {
			for k := range means[i] {
				a, b := means[i][k], means[j][k]
				f := r.design.Contrast(groups[i].name(a.Label)+" − "+groups[j].name(""), []float64{1, -1}, []stats.Linear{a, b})
				rows = append(rows, wanted{f, a.Label, groups[i].group, groups[j].group})
			}
		}
	}
	return rows, nil
}
