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
	observed := p.statistics()
	// So many draws that one unit alone can be flagged among all.
	draws := max(999, int(math.Ceil(2*float64(len(p.units))/alpha)))
	rng := rand.New(rand.NewPCG(o.Seed, 5))
	sums, atLeast := make([]float64, len(observed)), make([]int, len(observed))
	for range draws {
		p.permute(rng)
		for u, x := range p.statistics() {
			sums[u] += x
			if x >= observed[u]*(1-1e-12) {
				atLeast[u]++
			}
		}
	}
	out := make([]Suspicion, len(observed))
	for u, x := range observed {
		out[u] = Suspicion{Unit: unit.Levels[p.units[u].label], N: p.units[u].n, Observed: x,
			Expected: sums[u] / float64(draws), P: float64(1+atLeast[u]) / float64(1+draws)}
	}
	slices.SortFunc(out, func(a, b Suspicion) int { return cmp.Compare(a.Unit, b.Unit) })
	holm(out, alpha)
	return out, nil
}

// patterns are the sheets of each scope, with values that can be exchanged.
type patterns struct {
	scopes []patternScope
	units  []patternUnit
	levels int
}

// patternScope holds the values of its sheets and, in the same order, their units.
type patternScope struct {
	values, units []int32 // units as places in patterns.units
	shares        []float64
}

type patternUnit struct {
	label int32
	scope int
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
		at := place{unit.Codes[i], s}
		if _, ok := units[at]; !ok {
			units[at] = int32(len(p.units))
			p.units = append(p.units, patternUnit{unit.Codes[i], scopes[s], 0})
		}
		p.units[units[at]].n++
		in := &p.scopes[scopes[s]]
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

func (p *patterns) permute(rng *rand.Rand) {
	for _, s := range p.scopes {
		rng.Shuffle(len(s.values), func(i, j int) { s.values[i], s.values[j] = s.values[j], s.values[i] })
	}
}

// statistics returns X² of every unit.
func (p *patterns) statistics() []float64 {
	counts := make([]float64, len(p.units)*p.levels)
	for _, s := range p.scopes {
		for i, u := range s.units {
			counts[int(u)*p.levels+int(s.values[i])]++
		}
	}
	out := make([]float64, len(p.units))
	for u, unit := range p.units {
		for v, share := range p.scopes[unit.scope].shares {
			if e := share * float64(unit.n); e > 0 {
				miss := counts[u*p.levels+v] - e
				out[u] += miss * miss / e
			}
		}
	}
	return out
}
