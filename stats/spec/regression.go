package spec

import (
	"math"

	"hailong/fault"
	"hailong/stats"
)

// modelTest is the joint test of the coefficients of one term of a regression.
type modelTest struct {
	Term      string            `json:"term"`
	Group     map[string]string `json:"group"`
	Statistic Number            `json:"statistic"` // F
	DF        Number            `json:"df"`
	DDF       Number            `json:"ddf"`
	PValue    Number            `json:"p_value"`
}

// model is the regression that the estimate asks for: of one numeric variable, or of
// whether conditions are met.
func (r runner) model(e Estimate) (stats.Model, error) {
	m := stats.Model{Intercept: true, Family: stats.Family(e.Family)}
	switch m.Family {
	case "":
		m.Family = stats.Gaussian
	case stats.Gaussian, stats.Binomial:
	default:
		return m, fault.New(fault.Invalid, "stats.spec_unsupported", "key", e.key("family"), "value", e.Family)
	}
	if (len(e.Vars) == 1) == (len(e.Indicator) > 0) || len(e.Vars) > 1 {
		return m, fault.New(fault.Invalid, "stats.spec_vars", "key", e.key("vars, indicator"), "want", 1, "given", len(e.Vars))
	}
	var err error
	if len(e.Indicator) > 0 {
		m.Y = r.table.indicator(e.Indicator)
	} else if m.Y, err = r.table.numbers(e.Vars[0]); err != nil {
		return m, err
	}
	for _, name := range e.Terms {
		if !numeric(r.table.levels(name)) {
			labels := r.table.columns[name]
			m.Terms = append(m.Terms, stats.Term{Labels: &labels})
			continue
		}
		numbers, err := r.table.numbers(name)
		if err != nil {
			return m, err
		}
		m.Terms = append(m.Terms, stats.Term{Numbers: &numbers})
	}
	return m, nil
}

// regression has a row a coefficient, and a test a term.
func (r runner) regression(e Estimate, groups []domain) (Result, []fault.Problem, error) {
	m, err := r.model(e)
	if err != nil {
		return Result{}, nil, err
	}
	out := Result{ID: e.ID, Stat: e.Stat, Rows: []Row{}}
	var warnings []fault.Problem
	for _, g := range groups {
		fitted, err := r.design.Regress(m, g.rows)
		if err != nil {
			return Result{}, nil, err
		}
		refit := func(r runner) ([]wanted, error) {
			again, err := r.design.Regress(m, fitted.Rows)
			return named(again.Forms, g), err
		}
		estimated, err := r.joint(refit, named(fitted.Forms, g))
		if err != nil {
			return Result{}, nil, err
		}
		for i, row := range estimated.Rows {
			row.DF += 1 - len(fitted.Forms)
			made := tested(rowOf(row, e.level(), nil), row.Estimate)
			made.Label, made.Group = fitted.Forms[i].Label, g.group
			out.Rows = append(out.Rows, made)
		}
		for k, name := range e.Terms {
			var at []int
			for j, term := range fitted.Term {
				if term == k {
					at = append(at, j)
				}
			}
			t := stats.JointZero(estimated, at, estimated.Rows[0].DF+1-len(fitted.Forms))
			out.Tests = append(out.Tests, modelTest{name, g.group, Number(t.Statistic), Number(t.DF), Number(t.DDF), Number(t.P)})
		}
		if len(groups) == 1 {
			out.Cov = matrix(estimated.Cov)
		}
		warnings = append(warnings, withID(estimated.Warnings, e)...)
	}
	return out, warnings, nil
}

// named are forms as rows of a group, its name in their labels for messages.
func named(forms []stats.Linear, g domain) []wanted {
	var rows []wanted
	for _, f := range forms {
		w := wanted{form: f, label: f.Label, group: g.group}
		w.form.Label = g.name(f.Label)
		rows = append(rows, w)
	}
	return rows
}

// tested adds the two-sided t-test of whether the estimate is 0.
func tested(row Row, e stats.Estimate) Row {
	t, p := e.Value/e.SE, math.NaN()
	if e.DF > 0 && !math.IsNaN(t) {
		p = stats.TTail(t, float64(e.DF))
	}
	row.T, row.PValue = number64(t), number64(p)
	return row
}
