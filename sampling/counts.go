package sampling

import (
	"math/big"
	"strings"

	"hailong/fault"
)

// countLabel names what n and reserve speak of: the stratum, or in a plan
// without strata the parent.
func (p Plan) countLabel(c *cell) string {
	if len(p.Strata) == 0 && p.ParentKey != "" {
		return string(c.parent)
	}
	return string(c.stratum)
}

// count sets n and reserve of every cell, and checks that each can be drawn.
func count(p Plan, cells []*cell) error {
	problems := p.N.spread(p, cells, "n", func(c *cell, n int) { c.n = n })
	problems = append(problems, p.Reserve.spread(p, cells, "reserve", func(c *cell, n int) { c.reserve = n })...)
	if p.Method == All {
		for _, c := range cells {
			c.n = c.units
		}
	}
	if p.Allocation != nil {
		problems = append(problems, p.share(cells)...)
	}
	if len(problems) == 0 {
		for _, c := range cells {
			problems = append(problems, c.problems(p)...)
		}
	}
	return fault.Of(fault.Invalid, problems)
}

// spread gives every cell its count; strata without a count and counts without
// a stratum are problems.
func (n Counts) spread(p Plan, cells []*cell, member string, set func(*cell, int)) []fault.Problem {
	if n.By == nil {
		for _, c := range cells {
			set(c, n.Each)
		}
		return nil
	}
	var problems []fault.Problem
	met := make(map[string]bool)
	for _, c := range cells {
		label := p.countLabel(c)
		given, ok := n.By[label]
		if !ok && !met[label] {
			problems = append(problems, fault.P("draw.no_count", "member", member, "stratum", label))
		}
		met[label] = true
		set(c, given)
	}
	for _, label := range sortedKeys(n.By) {
		if !met[label] {
			problems = append(problems, fault.P("draw.unknown_stratum", "member", member, "stratum", label))
		}
	}
	return problems
}

// problems says why n units of the cell cannot be drawn so that every unit has
// a chance.
func (c *cell) problems(p Plan) []fault.Problem {
	certain := len(c.certain)
	label := c.label()
	switch {
	case c.n > c.units:
		return []fault.Problem{fault.P("draw.n_too_large", "stratum", label, "n", c.n, "units", c.units)}
	case c.n < certain:
		return []fault.Problem{fault.P("draw.more_certain_than_n", "stratum", label, "n", c.n, "certain", certain)}
	case c.n == certain && certain < c.units:
		problem := fault.P("draw.no_chance", "stratum", label, "key", string(c.free.key), "n", c.n)
		return []fault.Problem{problem.AtRow(c.free.row+2, p.Key)}
	}
	if bound := new(big.Int).Mul(c.sum(), big.NewInt(int64(c.n))); !bound.IsInt64() {
		return []fault.Problem{fault.P("draw.total_too_large", "stratum", label)}
	}
	return nil
}

// share allocates the plan's total among the cells: among the strata of each
// parent, or in a plan without strata among the parents.
func (p Plan) share(cells []*cell) []fault.Problem {
	var problems []fault.Problem
	var groups []Key
	members := make(map[Key][]*cell)
	for _, c := range cells {
		group := c.parent
		if len(p.Strata) == 0 {
			group = ""
		}
		if members[group] == nil {
			groups = append(groups, group)
		}
		members[group] = append(members[group], c)
	}
	for _, group := range groups {
		problems = append(problems, p.shareGroup(group, members[group])...)
	}
	return problems
}

func (p Plan) shareGroup(group Key, cells []*cell) []fault.Problem {
	shares := make([]share, len(cells))
	low, top := 0, 0
	for i, c := range cells {
		weight, problems := p.weight(c)
		if problems != nil {
			return problems
		}
		s := share{weight: weight, low: max(p.Allocation.Min, min(len(c.certain)+1, c.units)), top: c.units}
		s.low = min(s.low, s.top)
		shares[i] = s
		low, top = low+s.low, top+s.top
	}
	total := p.Allocation.Total
	if p.Allocation.OrAll {
		total = min(total, top)
	}
	if total < low || total > top {
		return []fault.Problem{fault.P("draw.allocation_out_of_reach", "total", total, "low", low, "top", top, "parent", string(group))}
	}
	for i, n := range allocate(total, shares) {
		cells[i].n = n
	}
	return nil
}

// weight is what the rule makes of a stratum, as an integer: 2^64 times the
// formula, rounded down, for the rules with roots.
func (p Plan) weight(c *cell) (*big.Int, []fault.Problem) {
	a := p.Allocation
	units := big.NewInt(int64(c.units))
	switch a.Rule {
	case EqualShares:
		return big.NewInt(1), nil
	case Proportional:
		return c.sum(), nil
	case Power:
		// M^(a/b) × 2^64 = (M^a × 2^(64b))^(1/b), with a/b the exponent in lowest terms.
		e := big.NewRat(int64(a.Power), 100)
		m := new(big.Int).Exp(c.sum(), e.Num(), nil)
		return root(m.Lsh(m, uint(64*e.Denom().Int64())), e.Denom().Int64()), nil
	}
	sd, problems := c.sd.read(c, a.SD)
	if problems != nil {
		return nil, problems
	}
	cost := big.NewRat(1, 1)
	if a.Rule == Optimal {
		if cost, problems = c.cost.read(c, a.Cost); problems != nil {
			return nil, problems
		}
		if cost.Sign() == 0 {
			return nil, []fault.Problem{fault.P("draw.cost_not_positive", "stratum", c.label()).AtRow(c.first+2, a.Cost)}
		}
	}
	// N·S/√c × 2^64 = √(N²S²/c × 2^128)
	square := new(big.Rat).Mul(sd, new(big.Rat).SetInt(units))
	square.Mul(square, square).Quo(square, cost)
	scaled := new(big.Int).Lsh(square.Num(), 128)
	return scaled.Sqrt(scaled.Quo(scaled, square.Denom())), nil
}

// constant is a column that holds one non-negative number a stratum.
type constant struct {
	value string // of the first unit
	given bool
	other string // of the first unit that has another value
	row   int    // of that unit; 0 if there is none, as it cannot be the first
}

func (k *constant) see(row int, value string) {
	switch {
	case !k.given:
		k.value, k.given = strings.Clone(value), true
	case k.row == 0 && value != k.value:
		k.other, k.row = strings.Clone(value), row
	}
}

// read returns the number, or says which unit of the cell is at fault.
func (k *constant) read(c *cell, column string) (*big.Rat, []fault.Problem) {
	x, ok := decimal(k.value)
	row, value := c.first, k.value
	if ok = ok && x.Sign() >= 0; ok && k.row == 0 {
		return x, nil
	}
	if ok {
		row, value = k.row, k.other
	}
	problem := fault.P("draw.not_constant", "column", column, "stratum", c.label(), "value", value, "first", k.value)
	return nil, []fault.Problem{problem.AtRow(row+2, column)}
}
