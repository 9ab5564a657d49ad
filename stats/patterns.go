package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"hailong/fault"
)

// PatternOptions say how sure a flag is to be.
type PatternOptions struct {
	Alpha float64 // chance of any false flag; 0 means 0.05
	Seed  uint64
}

// Patterns tests, unit by unit, whether a value (a last digit, a day, a quarter of an
// hour) is spread over the unit's sheets as over the others: X² = Σ (n - e)²/e of the
// unit's counts against those that the shares of its scope let expect, with its
// distribution when values fall on the sheets of the scope at random (a permutation
// test; Good, Permutation, Parametric and Bootstrap Tests of Hypotheses, 2005).
// Nothing is assumed about the values: people do round, and offices do open at
// eight; a unit stands out only against the others. Rows without a value, a unit or
// a scope are left out, and so are units that are a scope by themselves. The chance of
// any false flag is at most alpha (Holm). Observed is X², Expected its mean by chance.
func Patterns(value, unit, scope Labels, o PatternOptions) ([]Suspicion, error) {
	alpha := cmp.Or(o.Alpha, 0.05)
	if len(value.Codes) != len(unit.Codes) || len(scope.Codes) != len(unit.Codes) || !(alpha > 0 && alpha < 1) {
		return nil, fault.New(fault.Invalid, "quality.options", "sheets", len(unit.Codes), "alpha", alpha, "draws", 0)
	}
	p := newPatterns(value, unit, scope)
	if len(p.units) == 0 {
		return nil, nil
	}
	// So many draws at most that one unit alone can be flagged among all.
	most := max(999, int(math.Ceil(2*float64(len(p.units))/alpha)))
	rng := rand.New(rand.NewPCG(o.Seed, 5))
	var out []Suspicion
	for _, s := range p.scopes {
		for _, found := range s.test(p, most, rng) {
			found.suspicion.Unit = unit.Levels[p.units[found.unit].label]
			out = append(out, found.suspicion)
		}
	}
	slices.SortFunc(out, func(a, b Suspicion) int { return cmp.Compare(a.Unit, b.Unit) })
	holm(out, alpha)
	return out, nil
}

// enough is how often a unit's statistic has to be reached by chance for its
// probability to be settled: its standard error then is a fifth of it.
const enough = 25

// tested is what came out for one unit.
type tested struct {
	unit      int32
	suspicion Suspicion
}

// test permutes the values of a scope until every unit's statistic was reached often
// enough, or as often as allowed (sequential Monte Carlo p-values; Besag and Clifford,
// Biometrika 78, 1991).
func (s patternScope) test(p *patterns, most int, rng *rand.Rand) []tested {
	observed := s.statistics(p.levels)
	out := make([]tested, len(s.members))
	atLeast, open := make([]int, len(observed)), len(observed)
	draws := 0
	for ; draws < most && open > 0; draws++ {
		rng.Shuffle(len(s.values), func(i, j int) { s.values[i], s.values[j] = s.values[j], s.values[i] })
		for u, x := range s.statistics(p.levels) {
			out[u].suspicion.Expected += x
			if x < observed[u]*(1-1e-12) || atLeast[u] == enough {
				continue
			}
			if atLeast[u]++; atLeast[u] == enough {
				out[u].suspicion.P = enough / float64(draws+1)
				open--
			}
		}
	}
	for u, x := range observed {
		found := &out[u].suspicion
		out[u].unit, found.N, found.Observed = s.members[u], p.units[s.members[u]].n, x
		found.Expected /= float64(draws)
		if atLeast[u] < enough {
			found.P = float64(1+atLeast[u]) / float64(1+draws)
		}
	}
	return out
}

// patterns are the sheets of each scope, with values that can be exchanged.
type patterns struct {
	scopes []patternScope
	units  []patternUnit
	levels int
}

// patternScope holds the values of its sheets and, in the same order, their units as
// places in members.
type patternScope struct {
	values, units []int32
	members       []int32 // places in patterns.units
	sizes         []int   // of the members
	shares        []float64
}

type patternUnit struct {
	label int32
	n     int
}

func newPatterns(value, unit, scope Labels) *patterns {
	p := &patterns{levels: len(value.Levels)}
	type place struct{ unit, scope int32 }
	inScope, units := map[int32]map[int32]bool{}, map[place]int32{}
	counted := func(i int) bool {
		return value.Codes[i] != Missing && unit.Codes[i] != Missing && scope.Codes[i] != Missing
	}
	for i, s := range scope.Codes {
		if counted(i) {
			if inScope[s] == nil {
				inScope[s] = map[int32]bool{}
			}
			inScope[s][unit.Codes[i]] = true
		}
	}
	scopes := map[int32]int{}
	for i, s := range scope.Codes {
		if !counted(i) || len(inScope[s]) < 2 {
			continue
		}
		if _, ok := scopes[s]; !ok {
			scopes[s] = len(p.scopes)
			p.scopes = append(p.scopes, patternScope{shares: make([]float64, p.levels)})
		}
		in := &p.scopes[scopes[s]]
		at := place{unit.Codes[i], s}
		if _, ok := units[at]; !ok {
			units[at] = int32(len(in.members))
			in.members, in.sizes = append(in.members, int32(len(p.units))), append(in.sizes, 0)
			p.units = append(p.units, patternUnit{label: unit.Codes[i]})
		}
		in.sizes[units[at]]++
		p.units[in.members[units[at]]].n++
		in.values, in.units = append(in.values, value.Codes[i]), append(in.units, units[at])
		in.shares[value.Codes[i]]++
	}
	for s := range p.scopes {
		for v := range p.scopes[s].shares {
			p.scopes[s].shares[v] /= float64(len(p.scopes[s].values))
		}
	}
	return p
}

// statistics returns X² of every member.
func (s patternScope) statistics(levels int) []float64 {
	counts := make([]float64, len(s.members)*levels)
	for i, u := range s.units {
		counts[int(u)*levels+int(s.values[i])]++
	}
	out := make([]float64, len(s.members))
	for u, n := range s.sizes {
		for v, share := range s.shares {
			if e := share * float64(n); e > 0 {
				miss := counts[u*levels+v] - e
				out[u] += miss * miss / e
			}
		}
	}
	return out
}
