package sampling

import (
	"math/big"
	"slices"
)

// pick draws n units of the rest by the method and returns their numbers in
// drawn order; only Sampford's method can fail to.
func (r rest) pick(m Method, n uint64, s stream) ([]int, bool) {
	if n == 0 {
		return nil, true
	}
	switch m {
	case Systematic:
		size := uint64(r.len())
		return systematic(size, n, s.below(size)), true
	case PPSSystematic:
		return r.ppsSystematic(n, s.below(r.left)), true
	case PPSSampford:
		return r.sampford(n, s)
	case PPSPareto:
		return r.pareto(n, s), true
	case Poisson:
		return r.poisson(n, s), true
	case All:
		return upTo(r.len()), true
	default:
		return simple(r.len(), int(n), s), true
	}
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// simple draws n of the positions 0…size−1 without replacement, every ordered
// sample being equally likely: the first n steps of the shuffle of Fisher and
// Yates, in which step k exchanges place k with place k + below(size−k).
func simple(size, n int, s stream) []int {
	moved := make(map[int]int, n) // places whose content is not their own number
	at := func(place int) int {
		if content, ok := moved[place]; ok {
			return content
		}
		return place
	}
	out := make([]int, n)
	for k := range out {
		j := k + int(s.below(uint64(size-k)))
		out[k] = at(j)
		moved[j] = at(k)
	}
	return out
}

// systematic draws n of size units with equal probability n/size from a start
// below size: for k = 0…n−1 the unit at (start + k·size)/n rounded down. This is the
// fractional interval size/n with a random start, in integers.
func systematic(size, n, start uint64) []int {
	out := make([]int, n)
	for k := range out {
		out[k] = int((start + uint64(k)*size) / n)
	}
	return out
}

// ppsSystematic draws n units with probabilities n·x/X, all below 1: unit i
// covers the integers from n·C to n·(C+x), C being the sizes before it; drawn are
// those that cover start + k·X for k = 0…n−1, with a start below X (Madow 1949).
func (r rest) ppsSystematic(n, start uint64) []int {
	out := make([]int, 0, n)
	point, end := start, uint64(0)
	for i, size := range r.sizes() {
		end += n * size
		if point < end {
			out = append(out, i)
			point += r.left
		}
	}
	return out
}

// poisson takes each unit by itself with probability n·x/X.
func (r rest) poisson(n uint64, s stream) []int {
	var out []int
	for i, size := range r.sizes() {
		if s.below(r.left) < n*size {
			out = append(out, i)
		}
	}
	return out
}

// pareto takes the n units with the smallest odds ratios
// u/(1−u) ÷ λ/(1−λ), with u = (v + ½)/2^64 for the generator's next output v and
// λ = n·x/X (Rosén 1997). Ratios are compared exactly; equal ones keep their
// order. The inclusion probabilities are λ in the limit; see docs/draw.md.
func (r rest) pareto(n uint64, s stream) []int {
	var best []oddsRatio
	worst := oddsRatio{}
	keep := func() { // the n smallest so far, in order
		slices.SortFunc(best, oddsRatio.compare)
		best = best[:n]
		worst = best[n-1]
	}
	for i, size := range r.sizes() {
		q := newOddsRatio(i, s.generator.Uint64(), n*size, r.left-n*size)
		if worst.chance > 0 && q.compare(worst) > 0 {
			continue
		}
		if best = append(best, q); uint64(len(best)) == 4*n {
			keep()
		}
	}
	keep()
	out := make([]int, n)
	for i := range out {
		out[i] = best[i].unit
	}
	return out
}

// oddsRatio is (2v+1)/(2^65−2v−1) · against/chance of a unit.
type oddsRatio struct {
	unit            int
	v               uint64
	chance, against uint64  // n·x and X − n·x
	near            float64 // the ratio within a relative 2^-49
}

func newOddsRatio(unit int, v, chance, against uint64) oddsRatio {
	odds := (float64(v) + .5) / (float64(^v) + .5)
	return oddsRatio{unit, v, chance, against, odds * (float64(against) / float64(chance))}
}

// compare orders by the ratio exactly, then by the unit. The nearly right ratio
// decides only where its error cannot matter: each of its eight roundings is
// within 2^-53, in sum far below the 2^-40 that is asked for here.
func (q oddsRatio) compare(o oddsRatio) int {
	const margin = 1.0 / (1 << 40)
	switch {
	case q.near < o.near*(1-margin):
		return -1
	case o.near < q.near*(1-margin):
		return 1
	}
	left, right := q.cross(o), o.cross(q)
	if order := left.Cmp(right); order != 0 {
		return order
	}
	return q.unit - o.unit
}

// cross multiplies the ratio's numerator with the other's denominator.
func (q oddsRatio) cross(o oddsRatio) *big.Int {
	odd := new(big.Int).SetUint64(q.v)
	odd.Lsh(odd, 1).SetBit(odd, 0, 1) // 2v + 1
	rest := new(big.Int).SetUint64(^o.v)
	rest.Lsh(rest, 1).SetBit(rest, 0, 1) // 2^65 − 2v − 1
	odd.Mul(odd, rest)
	odd.Mul(odd, new(big.Int).SetUint64(q.against))
	return odd.Mul(odd, new(big.Int).SetUint64(o.chance))
}

// maxSampfordTries bounds the number of candidate samples; beyond it the
// probabilities are such that the draw would practically never end.
const maxSampfordTries = 10_000_000

// sampford draws by rejection (Sampford 1967): a first unit with probability
// proportional to x, the others with replacement and proportional to
// x/(X − n·x), until all n differ. A unit proportional to x/(X − n·x) is a unit
// proportional to x that is kept with probability m/(X − n·x), m being the
// smallest X − n·x; so everything stays in integers.
func (r rest) sampford(n uint64, s stream) ([]int, bool) {
	ends := make([]uint64, 0, r.len())
	sum, largest := uint64(0), uint64(0)
	for _, size := range r.sizes() {
		sum, largest = sum+size, max(largest, size)
		ends = append(ends, sum)
	}
	bySize := func() (int, uint64) {
		i, _ := slices.BinarySearch(ends, s.below(sum)+1)
		return i, r.size(r.unit(i))
	}
	kept := func(size uint64) bool { return s.below(sum-n*size) < sum-n*largest }
	out := make([]int, 0, n)
	for range maxSampfordTries {
		i, size := bySize()
		if len(out) > 0 && !kept(size) {
			continue
		}
		if slices.Contains(out, i) {
			out = out[:0]
			continue
		}
		if out = append(out, i); len(out) == int(n) {
			return out, true
		}
	}
	return nil, false
}
