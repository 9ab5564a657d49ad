package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// Ranking is a list of estimates of one figure, a unit each, that are to be
// brought into an order.
type Ranking struct {
	Values []float64
	// SE are their standard errors, for units that were surveyed apart; or Cov is their
	// covariance.
	SE  []float64
	Cov mat.Symmetric
	// DF are the degrees of freedom of each variance. Where Cov has covariances the
	// smallest counts for all, since the units then share one design.
	DF []int
}

// RankOptions say how sure ranks are to be and how that is computed.
type RankOptions struct {
	Level    float64 // of the confidence sets; 0 means 0.95
	Top      int     // k of the probability of being among the first k; 0 means 1
	LowFirst bool    // the lowest value has rank 1
	Draws    int     // of the parametric bootstrap; 0 means 2,000
	Seed     uint64  // the same seed gives the same sets
}

// RankSet is a set of ranks from the best to the worst.
type RankSet struct{ Best, Worst int }

// Rank is what can be said of a unit's place.
type Rank struct {
	Rank     int     // by the estimates; equal ones share the better
	Marginal RankSet // holds this unit's rank at the level
	Joint    RankSet // all units' sets hold their ranks at once at the level
	Top      float64 // probability of being among the first k
	Band     int     // from 1: the units that cannot be told apart from their band's first
}

// Ranks finds every unit's rank with its confidence sets. The best rank is 1 plus
// the number of units surely ahead, the worst the number of units less those surely
// behind. "Surely" is a directional decision on differences of estimates, each
// divided by its standard error, against one critical value: the quantile of the
// largest such ratio (among the unit's own differences for the marginal set, among
// all for the joint one), lowered step by step as differences are decided (Mogstad,
// Romano, Shaikh and Wilhelm, Review of Economic Studies 91, 2024; the step-down is
// that of Romano and Wolf, Econometrica 73, 2005). The quantile comes from a
// parametric bootstrap with normal errors whose variances are estimated with the
// given degrees of freedom, so that a unit of few villages is not taken for a sure
// one.
//
// Bands follow from the joint decisions: in the order of ranks, a band ends before
// the first unit that is surely behind the band's first.
//
// Top is a posterior probability under a flat prior: every true value is taken as
// its estimate plus an error of Student's t.
//
// Errors: rank.few, rank.options, rank.input.
func Ranks(r Ranking, o RankOptions) ([]Rank, error) {
	o.Level, o.Top, o.Draws = cmp.Or(o.Level, 0.95), cmp.Or(o.Top, 1), cmp.Or(o.Draws, 2000)
	if r.Cov == nil && len(r.SE) > 0 {
		squares := make([]float64, len(r.SE))
		for j, se := range r.SE {
			squares[j] = se * se
		}
		r.Cov = mat.NewDiagDense(len(squares), squares)
	}
	if err := r.check(o); err != nil {
		return nil, err
	}
	c, err := newContest(r, o)
	if err != nil {
		return nil, err
	}
	ranks := make([]Rank, c.n)
	for j := range ranks {
		ranks[j].Rank = 1 + c.ahead(j)
		ranks[j].Marginal = c.decide(c.pairs(j, j+1), o.Level).set(j)
	}
	joint := c.decide(c.pairs(0, c.n), o.Level)
	for j := range ranks {
		ranks[j].Joint = joint.set(j)
	}
	c.tops(ranks, o.Top)
	bands(ranks, joint)
	return ranks, nil
}

// maxRankWork bounds units squared times draws, which is some seconds of work.
const maxRankWork = 4_000_000_000

func (r Ranking) check(o RankOptions) error {
	n := len(r.Values)
	if n < 2 {
		return fault.New(fault.Invalid, "rank.few", "units", n)
	}
	if r.Cov == nil || r.Cov.SymmetricDim() != n || len(r.DF) != n {
		return fault.New(fault.Internal, "rank.shape", "units", n)
	}
	if !(o.Level > 0 && o.Level < 1) || o.Draws < 100 || o.Top < 1 || o.Top > n || n*n*o.Draws > maxRankWork {
		return fault.New(fault.Invalid, "rank.options", "units", n, "level", o.Level, "top", o.Top, "draws", o.Draws)
	}
	var problems []fault.Problem
	for j, v := range r.Values {
		se := math.Sqrt(r.Cov.At(j, j))
		if math.IsNaN(v-v) || math.IsNaN(se-se) || r.DF[j] < 1 {
			problems = append(problems, fault.P("rank.input", "unit", j+1, "value", v, "se", se, "df", r.DF[j]))
		}
	}
	return fault.Of(fault.Invalid, problems)
}

// pair is a difference between two units.
type pair struct{ j, k int32 }

// pairs returns the differences of the units from j to before end with all others,
// each once.
func (c *contest) pairs(from, end int) []pair {
	var out []pair
	for j := from; j < end; j++ {
		for k := range c.n {
			if k > j || k < from {
				out = append(out, pair{int32(j), int32(k)})
			}
		}
	}
	return out
}

// verdicts are the decided differences: who is surely ahead of whom.
type verdicts struct {
	n      int
	ahead  [][]int32 // by unit: the units surely ahead of it
	behind [][]int32
}

// set is the confidence set that follows for a unit.
func (v verdicts) set(j int) RankSet { return RankSet{1 + len(v.ahead[j]), v.n - len(v.behind[j])} }

// decide tests the differences with control of the probability that any is decided
// wrongly or in the wrong direction.
func (c *contest) decide(open []pair, level float64) verdicts {
	v := verdicts{c.n, make([][]int32, c.n), make([][]int32, c.n)}
	for len(open) > 0 {
		critical := c.critical(open, level)
		left := open[:0:0]
		for _, p := range open {
			switch d := c.goodness[p.j] - c.goodness[p.k]; {
			case d*d <= critical*c.variance(p):
				left = append(left, p)
			case d > 0:
				v.behind[p.j], v.ahead[p.k] = append(v.behind[p.j], p.k), append(v.ahead[p.k], p.j)
			default:
				v.ahead[p.j], v.behind[p.k] = append(v.ahead[p.j], p.k), append(v.behind[p.k], p.j)
			}
		}
		if len(left) == len(open) {
			break
		}
		open = left
	}
	return v
}

// critical is the quantile of the largest squared ratio among the differences: the
// order statistic of place ⌈level·(draws+1)⌉, the largest where that is beyond them.
func (c *contest) critical(open []pair, level float64) float64 {
	largest := make([]float64, len(c.draws))
	for b, d := range c.draws {
		for _, p := range open {
			if r := d.squaredRatio(c, p); r > largest[b] {
				largest[b] = r
			}
		}
	}
	slices.Sort(largest)
	at := int(math.Ceil(level * float64(len(largest)+1)))
	return largest[min(at, len(largest))-1]
}

// bands numbers the bands in the order of ranks.
func bands(ranks []Rank, joint verdicts) {
	order := make([]int, len(ranks))
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int { return ranks[a].Rank - ranks[b].Rank })
	band, first := 1, order[0]
	for _, j := range order {
		if slices.Contains(joint.ahead[j], int32(first)) {
			band, first = band+1, j
		}
		ranks[j].Band = band
	}
}
