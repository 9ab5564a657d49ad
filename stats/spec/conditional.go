package spec

import (
	"slices"

	"hailong/fault"
)

// conditionally estimates in every unit that the column names by itself, from the design
// that is left when the unit is given. A unit of several primary units, such as one taken
// with certainty whose villages are primary units, is a domain of the main design.
func (r runner) conditionally(e Estimate) (Result, []fault.Problem, error) {
	column := e.ConditionalOn
	e.ConditionalOn = ""
	units := e
	units.By = []string{column}
	groups, err := r.domains(units)
	if err != nil {
		return Result{}, nil, err
	}
	out := Result{ID: e.ID, Stat: e.Stat, Rows: []Row{}}
	var warnings []fault.Problem
	for _, unit := range groups {
		own := r
		if r.design.WithinPSU(unit.rows) {
			own.design = r.design.Conditional(unit.rows)
		}
		inUnit := e
		inUnit.By = append([]string{column}, e.By...)
		parts, err := own.domains(inUnit)
		if err != nil {
			return Result{}, nil, err
		}
		parts = slices.DeleteFunc(parts, func(d domain) bool { return d.group[column] != unit.group[column] })
		result, problems, err := own.among(inUnit, parts)
		if err != nil {
			return Result{}, nil, err
		}
		out.Rows = append(out.Rows, result.Rows...)
		out.Tests = append(out.Tests, result.Tests...)
		warnings = append(warnings, problems...)
	}
	return out, warnings, nil
}

// checkConditional refuses what has no design conditional on a unit.
func (e Estimate) checkConditional(s Spec) []fault.Problem {
	if e.ConditionalOn == "" {
		return nil
	}
	var problems []fault.Problem
	switch {
	case e.Of != "" || !slices.Contains([]string{"mean", "total", "ratio", "proportion", "variance", "index", "quantile", "ttest", "chisq", "difference", "regression"}, e.Stat):
		problems = append(problems, fault.P("stats.spec_unused", "key", e.key("conditional_on"), "stat", e.Stat))
	case slices.Contains(e.By, e.ConditionalOn):
		problems = append(problems, fault.P("stats.spec_value", "key", e.key("by"), "value", e.ConditionalOn))
	case s.Replicates != nil:
		problems = append(problems, unsupported("replicates", "conditional_on"))
	case s.Design.PPS != nil && *s.Design.PPS != "brewer":
		problems = append(problems, unsupported("design.pps", *s.Design.PPS+", conditional_on"))
	}
	return problems
}
