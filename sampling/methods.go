package sampling

import (
	"math/big"
	"slices"
)

// pick draws n of the units by the method and returns their positions in drawn
// order; only Sampford's method can fail to.
func pick(m Method, units []unit, n uint64, s stream) ([]int, bool) {
	if n == 0 {
		return nil, true
	}
	switch m {
	case Systematic:
		size := uint64(len(units))
		return systematic(size, n, s.below(size)), true
	case PPSSystematic:
		return ppsSystematic(units, n, s.below(sizes(units))), true
	case PPSSampford:
		return sampford(units, n, s)
	case PPSPareto:
		return pareto(units, n, s), true
	case Poisson:
		return poisson(units, n, s), true
	case All:
		return upTo(len(units)), true
	default:
		return simple(len(units), int(n), s), true
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
func ppsSystematic(units []unit, n, start uint64) []int {
	sum := sizes(units)
	out := make([]int, 0, n)
	point, end := start, uint64(0)
	for i, u := range units {
		end += n * u.size
		if point < end {
			out = append(out, i)
			point += sum
		}
	}
	return out
}

// poisson takes each unit by itself with probability n·x/X.
func poisson(units []unit, n uint64, s stream) []int {
	sum := sizes(units)
	var out []int
	for i, u := range units {
		if s.below(sum) < n*u.size {
			out = append(out, i)
		}
	}
	return out
}

// pareto takes the n units with the smallest odds ratios
// u/(1−u) ÷ λ/(1−λ), with u = (v + ½)/2^64 for the generator's next output v and
// λ = n·x/X (Rosén 1997). Ratios are compared exactly; equal ones keep their
// order. The inclusion probabilities are λ in the limit; see docs/draw.md.
func pareto(units []unit, n uint64, s stream) []int {
	sum := sizes(units)
	type ratio struct {
		at       int
		num, den *big.Int
	}
	ratios := make([]ratio, len(units))
	for i, u := range units {
		odd := new(big.Int).SetUint64(s.generator.Uint64())
		odd.Lsh(odd, 1).SetBit(odd, 0, 1) // 2v + 1, of 2^65
		other := new(big.Int).Lsh(big.NewInt(1), 65)
		other.Sub(other, odd)
		ratios[i] = ratio{i,
			odd.Mul(odd, new(big.Int).SetUint64(sum-n*u.size)),
			other.Mul(other, new(big.Int).SetUint64(n*u.size))}
	}
	var left, right big.Int
	slices.SortStableFunc(ratios, func(a, b ratio) int {
		return left.Mul(a.num, b.den).Cmp(right.Mul(b.num, a.den))
	})
	out := make([]int, n)
	for i := range out {
		out[i] = ratios[i].at
	}
	return out
}

// maxSampfordTries bounds the number of candidate samples; beyond it the
// probabilities are such that the draw would practically never end.
const maxSampfordTries = 10_000_000

// sampford draws by rejection (Sampford 1967): a first unit with probability
// proportional to x, the others with replacement and proportional to
// x/(X − n·x), until all n differ. A unit proportional to x/(X − n·x) is a unit
// proportional to x that is kept with probability m/(X − n·x), m being the
// smallest X − n·x; so everything stays in integers.
func sampford(units []unit, n uint64, s stream) ([]int, bool) {
	ends := make([]uint64, len(units))
	sum, smallest := uint64(0), ^uint64(0)
	for i, u := range units {
		sum += u.size
		ends[i] = sum
	}
	for _, u := range units {
		smallest = min(smallest, sum-n*u.size)
	}
	bySize := func() int {
		i, _ := slices.BinarySearch(ends, s.below(sum)+1)
		return i
	}
	kept := func(i int) bool { return s.below(sum-n*units[i].size) < smallest }
	out := make([]int, 0, n)
	for range maxSampfordTries {
		i := bySize()
		if len(out) > 0 && !kept(i) {
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
