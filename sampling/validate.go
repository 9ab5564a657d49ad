package sampling

import (
	"slices"
	"strconv"

	"hailong/fault"
)

// Validate checks the plan against the columns of the frame, without looking
// at its rows. All problems are reported at once; codes begin with "plan.".
func (p Plan) Validate(f Rows) error {
	problems := p.columnProblems(f)
	problems = append(problems, p.methodProblems()...)
	problems = append(problems, p.countProblems()...)
	if p.Allocation != nil {
		problems = append(problems, p.Allocation.problems(f)...)
	}
	if p.Replacement != nil {
		problems = append(problems, p.Replacement.check()...)
	}
	for _, c := range p.Where {
		problems = append(problems, c.problems(f)...)
	}
	return fault.Of(fault.Invalid, problems)
}

func (p Plan) columnProblems(f Rows) []fault.Problem {
	var problems []fault.Problem
	need := func(member, column string) {
		if !f.Has(column) {
			problems = append(problems, noColumn(member, column))
		}
	}
	need("key", p.Key)
	if p.ParentKey != "" {
		need("parent_key", p.ParentKey)
	}
	if p.Size != "" {
		need("size", p.Size)
	}
	for i, column := range p.Strata {
		need("strata", column)
		if slices.Contains(p.Strata[:i], column) || column == p.ParentKey {
			problems = append(problems, fault.P("plan.stratum_twice", "column", column))
		}
	}
	for _, column := range p.Order {
		need("order", column)
	}
	return problems
}

func noColumn(member, column string) fault.Problem {
	return fault.P("plan.no_column", "member", member, "column", column)
}

func (p Plan) methodProblems() []fault.Problem {
	var problems []fault.Problem
	add := func(code string, pairs ...any) { problems = append(problems, fault.P(code, pairs...)) }
	sized := !p.N.IsZero() || p.Allocation != nil
	switch {
	case !slices.Contains(methods, p.Method):
		add("plan.method", "method", string(p.Method))
	case p.Method.bySize() && p.Size == "":
		add("plan.no_size", "method", string(p.Method))
	case p.Method == All && sized:
		add("plan.n_with_all")
	case p.Method != All && !sized:
		add("plan.no_n")
	}
	if !p.N.IsZero() && p.Allocation != nil {
		add("plan.n_and_allocation")
	}
	if p.Parent != "" && p.ParentKey == "" {
		add("plan.parent_without_key")
	}
	if p.Parent != "" && !p.Parent.Valid() {
		add("plan.parent_digest", "value", string(p.Parent))
	}
	for i, key := range p.Certainty {
		if slices.Contains(p.Certainty[:i], key) {
			add("plan.certainty_twice", "key", string(key))
		}
	}
	return problems
}

func (p Plan) countProblems() []fault.Problem {
	var problems []fault.Problem
	for _, given := range []struct {
		member string
		counts Counts
	}{{"n", p.N}, {"reserve", p.Reserve}} {
		if given.counts.Each < 0 {
			problems = append(problems, fault.P("plan.negative", "member", given.member, "value", strconv.Itoa(given.counts.Each)))
		}
		if given.counts.By != nil && len(p.Strata) == 0 && p.ParentKey == "" {
			problems = append(problems, fault.P("plan.by_stratum_without_strata", "member", given.member))
		}
		for _, label := range sortedKeys(given.counts.By) {
			if n := given.counts.By[label]; n < 0 {
				problems = append(problems, fault.P("plan.negative", "member", given.member+"."+label, "value", strconv.Itoa(n)))
			}
		}
	}
	return problems
}
