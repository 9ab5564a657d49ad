package spec

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/stats"
)

// separately runs a statistic in every group whose rows have no joint covariance, only
// their variances.
func separately(rows func(runner, Estimate, domain) ([]Row, []fault.Problem, error)) func(runner, Estimate, []domain) (Result, []fault.Problem, error) {
	return func(r runner, e Estimate, groups []domain) (Result, []fault.Problem, error) {
		out := Result{ID: e.ID, Stat: e.Stat, Rows: []Row{}}
		var warnings []fault.Problem
		for _, g := range groups {
			made, problems, err := rows(r, e, g)
			if err != nil {
				if made, problems, err = withoutFigures(e, g, err); err != nil {
					return Result{}, nil, err
				}
			}
			for _, row := range made {
				row.Group = g.group
				out.Rows = append(out.Rows, row)
			}
			warnings = append(warnings, withID(problems, e)...)
		}
		out.Cov = variances(out.Rows)
		return out, warnings, nil
	}
}

// variances is a covariance of which only the diagonal is known; nil if not even that, or
// if it is large.
func variances(rows []Row) [][]Number {
	const largest = 1000
	if len(rows) > largest || !slices.ContainsFunc(rows, func(r Row) bool { return !math.IsNaN(float64(r.SE)) }) {
		return nil
	}
	cov := make([][]Number, len(rows))
	for i, r := range rows {
		cov[i] = slices.Repeat([]Number{Number(math.NaN())}, len(rows))
		cov[i][i] = r.SE * r.SE
	}
	return cov
}

func withID(problems []fault.Problem, e Estimate) []fault.Problem {
	for i := range problems {
		if slices.ContainsFunc(problems[i].Args, func(a fault.Arg) bool { return a.Name == "id" }) {
			continue
		}
		problems[i].Args = append(problems[i].Args, fault.Arg{Name: "id", Value: e.ID})
	}
	return problems
}

func (r runner) quantiles(e Estimate, g domain) ([]Row, []fault.Problem, error) {
	spec := stats.QuantileSpec{P: e.P, Rule: stats.QuantileRule(e.Rule), Level: e.level()}
	if len(e.CI) > 0 {
		spec.Interval = e.CI[0]
	}
	var rows []Row
	var warnings []fault.Problem
	for _, name := range e.Vars {
		y, err := r.table.numbers(name)
		if err != nil {
			return nil, nil, err
		}
		y.Name = g.name(name)
		var failed error
		spec.Share = func(below stats.Numbers) (stats.Row, []fault.Problem) {
			row, problems, err := r.one(func(d *stats.Design) (stats.Linear, error) { return d.Proportion(below, g.rows.With(y)), nil })
			failed = errors.Join(failed, err)
			return row, problems
		}
		quantiles, problems, err := r.design.Quantiles(y, g.rows, spec)
		if err = cmp.Or(err, failed); err != nil {
			return nil, nil, err
		}
		for _, q := range quantiles {
			row := rowOf(q.Row, e.level(), nil)
			row.Label, row.P, row.CI = name, number64(q.P), pair(q.CI)
			rows = append(rows, row)
		}
		warnings = append(warnings, problems...)
	}
	return rows, warnings, nil
}

// twoVars refuses any other number of variables.
func (e Estimate) twoVars() error {
	if len(e.Vars) != 2 {
		return fault.New(fault.Invalid, "stats.spec_vars", "key", e.key("vars"), "want", 2, "given", len(e.Vars))
	}
	return nil
}

func (r runner) ttest(e Estimate, g domain) ([]Row, []fault.Problem, error) {
	if err := e.twoVars(); err != nil {
		return nil, nil, err
	}
	y, err := r.table.numbers(e.Vars[0])
	if err != nil {
		return nil, nil, err
	}
	group := r.table.columns[e.Vars[1]]
	_, first, last, err := r.design.Slope(y, group, g.rows)
	if err != nil {
		return nil, nil, err
	}
	label := e.Vars[0] + ": " + last + " − " + first
	slope, warnings, err := r.one(func(d *stats.Design) (stats.Linear, error) { // by several workers under replicates
		f, _, _, err := d.Slope(y, group, g.rows)
		f.Label = g.name(label)
		return f, err
	})
	if err != nil {
		return nil, nil, err
	}
	t := stats.NewTTest(slope)
	row := rowOf(t.Row, e.level(), nil)
	row.Label, row.T, row.PValue = label, number64(t.T), number64(t.P)
	return []Row{row}, warnings, nil
}

// chisq tests the independence of two categories; the test F unless another is named.
func (r runner) chisq(e Estimate, g domain) ([]Row, []fault.Problem, error) {
	if err := e.twoVars(); err != nil {
		return nil, nil, err
	}
	test := stats.IndependenceTest(cmp.Or(e.Test, string(stats.TestF)))
	if !slices.Contains(stats.IndependenceTests, test) {
		return nil, nil, fault.New(fault.Invalid, "stats.spec_unsupported", "key", e.key("test"), "value", e.Test)
	}
	table, err := r.design.CrossTable(r.table.columns[e.Vars[0]], r.table.columns[e.Vars[1]], g.rows)
	if err != nil {
		return nil, nil, err
	}
	cells := func(r runner) ([]wanted, error) {
		var rows []wanted
		for _, f := range table.Cells(r.design, test) {
			rows = append(rows, wanted{form: f})
		}
		return rows, nil
	}
	rows, err := cells(r)
	if err != nil {
		return nil, nil, err
	}
	estimated, err := r.joint(cells, rows)
	if err != nil {
		return nil, nil, err
	}
	got, err := table.Test(estimated, test)
	if err != nil {
		return nil, nil, err
	}
	row := nothing(e)
	row.Statistic, row.DF, row.DDF, row.PValue = number64(got.Statistic), Number(got.DF), number64(got.DDF), number64(got.P)
	row.N, row.SumWeights = int(got.Count.N), Number(got.Count.W)
	return []Row{row}, nil, nil
}

// nothing is the row of a test of two variables of which nothing is known.
func nothing(e Estimate) Row {
	none := Number(math.NaN())
	return Row{Label: strings.Join(e.Vars, " × "), Estimate: none, SE: none, DF: none, CV: none, Deff: none, DeffWR: none, SumWeights: none}
}

// impossible are the problems of a test that cannot be made in a domain; where there are
// several domains, that one has a row without figures, and a warning.
var impossible = []string{"stats.ttest_groups", "stats.chisq_levels", "stats.chisq_singular"}

// withoutFigures turns such an error into a row and a warning.
func withoutFigures(e Estimate, g domain, err error) ([]Row, []fault.Problem, error) {
	problems := fault.ProblemsOf(err)
	if len(e.By) == 0 || len(problems) != 1 || !slices.Contains(impossible, problems[0].Code) {
		return nil, nil, err
	}
	warning := problems[0].Warn()
	warning.Args = append(slices.Clone(warning.Args), fault.Arg{Name: "label", Value: g.name("")})
	return []Row{nothing(e)}, []fault.Problem{warning}, nil
}
