package sampling

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"

	"hailong/fault"
)

// Rule says in proportion to what a total is shared among strata.
type Rule string

// The rules. M is the stratum's number of units or, in a plan with a size
// column, its total size; N its number of units; S the standard deviation of
// the study variable and c the cost of a unit, both constant in the stratum.
const (
	Proportional Rule = "proportional" // M
	EqualShares  Rule = "equal"        // 1
	Power        Rule = "power"        // M^power, Bankier (1988)
	Neyman       Rule = "neyman"       // N·S, Neyman (1934)
	Optimal      Rule = "optimal"      // N·S/√c, Cochran (1977) §5.5
)

var rules = []Rule{Proportional, EqualShares, Power, Neyman, Optimal}

// Allocation shares a total among the strata of a plan (of each parent apart
// if the plan has both). Every stratum gets at least Min, and enough to leave
// no unit without a chance; none gets more than it holds.
type Allocation struct {
	Total int      `json:"total"`
	Rule  Rule     `json:"rule"`
	Power Exponent `json:"power,omitempty"`
	Min   int      `json:"min,omitempty"`
	SD    string   `json:"sd,omitempty"`     // column
	Cost  string   `json:"cost,omitempty"`   // column
	OrAll bool     `json:"or_all,omitempty"` // strata with fewer units together than Total are taken whole instead of refused
}

// Exponent is an exponent in hundredths, from 0 to 100; in JSON it is a number
// from 0 to 1 with at most two decimals.
type Exponent int

// UnmarshalJSON reads a number such as 0.5, or null for none.
func (e *Exponent) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	p, ok := decimal(string(raw))
	if ok {
		p.Mul(p, big.NewRat(100, 1))
	}
	if !ok || !p.IsInt() || p.Num().BitLen() > 32 {
		return fault.New(fault.Invalid, "plan.allocation_power", "power", string(raw))
	}
	*e = Exponent(p.Num().Int64())
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (e Exponent) MarshalJSON() ([]byte, error) { return []byte(e.String()), nil }

// String writes the exponent as a decimal.
func (e Exponent) String() string {
	return strings.TrimRight(strings.TrimRight(big.NewRat(int64(e), 100).FloatString(2), "0"), ".")
}

func (a Allocation) problems(f Rows) []fault.Problem {
	var problems []fault.Problem
	add := func(code string, pairs ...any) { problems = append(problems, fault.P(code, pairs...)) }
	if a.Total <= 0 {
		add("plan.allocation_total", "total", a.Total)
	}
	if a.Min < 0 {
		add("plan.negative", "member", "allocation.min", "value", a.Min)
	}
	if !slices.Contains(rules, a.Rule) {
		add("plan.allocation_rule", "rule", string(a.Rule))
	}
	if a.Rule == Power && (a.Power <= 0 || a.Power > 100) {
		add("plan.allocation_power", "power", a.Power.String())
	}
	for member, needed := range map[string]struct {
		column string
		rules  []Rule
	}{"allocation.sd": {a.SD, []Rule{Neyman, Optimal}}, "allocation.cost": {a.Cost, []Rule{Optimal}}} {
		if slices.Contains(needed.rules, a.Rule) && !f.Has(needed.column) {
			problems = append(problems, noColumn(member, needed.column))
		}
	}
	slices.SortFunc(problems, func(p, q fault.Problem) int { return cmp.Compare(p.String(), q.String()) })
	return problems
}

// share is one stratum in an allocation: its weight (0 or more) and the bounds
// of what it may get.
type share struct {
	weight   *big.Int
	low, top int
}

// allocate shares the total in proportion to the weights within the bounds.
// The exact shares are min(max(λw, low), top) with the one λ that makes them add
// up to the total; each is rounded down, and what is left goes one by one to
// the largest remainders, among equals to the earlier stratum. The bounds must
// leave room for the total.
func allocate(total int, shares []share) []int {
	exact := exactShares(total, shares)
	out := make([]int, len(shares))
	remainders := make([]*big.Rat, len(shares))
	left := total
	for i, x := range exact {
		whole := new(big.Int).Quo(x.Num(), x.Denom())
		out[i] = int(whole.Int64())
		left -= out[i]
		remainders[i] = new(big.Rat).Sub(x, new(big.Rat).SetInt(whole))
	}
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for _, i := range order[:left] {
		out[i]++
	}
	return out
}

// exactShares finds the λ of allocate: with a trial λ over the strata still
// free, those below their low bound (if together they lack more than the others
// exceed) or above their top (if less) stay at that bound for good; repeat.
func exactShares(total int, shares []share) []*big.Rat {
	fixed := make([]*big.Rat, len(shares))
	for {
		lambda, free := trial(total, shares, fixed)
		if free == 0 {
			return fixed
		}
		trials := make([]*big.Rat, len(shares))
		excess := new(big.Rat)
		for i, s := range shares {
			if fixed[i] == nil {
				raw := new(big.Rat).Mul(lambda, new(big.Rat).SetInt(s.weight))
				trials[i] = clamp(raw, s)
				excess.Add(excess, raw).Sub(excess, trials[i])
			}
		}
		for i, x := range trials {
			low, top := big.NewRat(int64(shares[i].low), 1), big.NewRat(int64(shares[i].top), 1)
			if x != nil && (excess.Sign() == 0 || excess.Sign() < 0 && x.Cmp(low) == 0 || excess.Sign() > 0 && x.Cmp(top) == 0) {
				fixed[i] = x
			}
		}
	}
}

// trial returns λ = what is left of the total / sum of the free weights, and
// the number of free strata. If all free weights are 0 they count as equal.
func trial(total int, shares []share, fixed []*big.Rat) (*big.Rat, int) {
	left := big.NewRat(int64(total), 1)
	sum := new(big.Int)
	free := 0
	for i, s := range shares {
		if fixed[i] != nil {
			left.Sub(left, fixed[i])
			continue
		}
		free++
		sum.Add(sum, s.weight)
	}
	if free > 0 && sum.Sign() == 0 {
		for i := range shares {
			shares[i].weight = big.NewInt(1)
		}
		sum.SetInt64(int64(free))
	}
	if free == 0 {
		return nil, 0
	}
	return left.Quo(left, new(big.Rat).SetInt(sum)), free
}

func clamp(x *big.Rat, s share) *big.Rat {
	if low := big.NewRat(int64(s.low), 1); x.Cmp(low) < 0 {
		return low
	}
	if top := big.NewRat(int64(s.top), 1); x.Cmp(top) > 0 {
		return top
	}
	return x
}

// root returns the largest integer whose b-th power is at most x, for b ≥ 1.
func root(x *big.Int, b int64) *big.Int {
	power := big.NewInt(b)
	low, high := big.NewInt(0), new(big.Int).Lsh(big.NewInt(1), uint(int64(x.BitLen())/b+1))
	for one := big.NewInt(1); ; {
		gap := new(big.Int).Sub(high, low)
		if gap.Cmp(one) <= 0 {
			return low
		}
		middle := gap.Rsh(gap, 1).Add(gap, low)
		if new(big.Int).Exp(middle, power, nil).Cmp(x) <= 0 {
			low = middle
		} else {
			high = middle
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
