package sampling

import (
	"math/big"
	"slices"

	"hailong/fault"
)

// choice is one unit that was drawn, with its probability as a fraction.
type choice struct {
	unit
	role     Role
	num, den uint64 // stage probability, 0/0 in the reserve
}

// choose draws one cell: first the certainty units in the cell's order, then
// the main sample in drawn order, then the reserve.
func (c *cell) choose(m Method, s stream) ([]choice, error) {
	certain, rest := c.split(m)
	out := make([]choice, 0, c.n+c.reserve)
	for _, u := range certain {
		out = append(out, choice{u, RoleCertainty, 1, 1})
	}
	n := uint64(c.n - len(certain))
	picked, ok := pick(m, rest, n, s)
	if !ok {
		return nil, fault.New(fault.Invalid, "draw.sampford_too_long", "stratum", c.label())
	}
	probability := probabilityOf(m, rest, n)
	taken := make([]bool, len(rest))
	for _, i := range picked {
		num, den := probability(rest[i])
		out = append(out, choice{rest[i], RoleMain, num, den})
		taken[i] = true
	}
	for _, u := range c.spare(rest, taken, s) {
		out = append(out, choice{unit: u, role: RoleReserve})
	}
	return out, nil
}

// split parts the units into those taken with certainty and the rest, both in
// the cell's order. For the methods by size, units with n·x ≥ X become certain,
// n and X then being those of the rest, until none does.
func (c *cell) split(m Method) (certain, rest []unit) {
	sure := make([]bool, len(c.units))
	for i, u := range c.units {
		sure[i] = u.certain
	}
	for found := m.bySize(); found; {
		n, sum := c.remaining(sure)
		found = false
		for i, u := range c.units {
			if !sure[i] && n*u.size >= sum {
				sure[i], found = true, true
			}
		}
	}
	for i, u := range c.units {
		if sure[i] {
			certain = append(certain, u)
		} else {
			rest = append(rest, u)
		}
	}
	return certain, rest
}

// remaining returns how many are still to be drawn and the total size of the
// units that are not yet certain.
func (c *cell) remaining(sure []bool) (n, sum uint64) {
	n = uint64(c.n)
	for i, u := range c.units {
		if sure[i] {
			n--
		} else {
			sum += u.size
		}
	}
	return n, sum
}

// probabilityOf returns the inclusion probability of a unit among the rest.
func probabilityOf(m Method, rest []unit, n uint64) func(unit) (num, den uint64) {
	if m.bySize() {
		sum := sizes(rest)
		return func(u unit) (uint64, uint64) { return n * u.size, sum }
	}
	return func(unit) (uint64, uint64) { return n, uint64(len(rest)) }
}

func sizes(units []unit) (sum uint64) {
	for _, u := range units {
		sum += u.size
	}
	return sum
}

// pick draws n of the units by the method and returns their positions in drawn
// order; only Sampford's method can fail to.
func pick(m Method, units []unit, n uint64, s stream) ([]int, bool) {
	if n == 0 {
		return nil, true
	}
	switch m {
	case Systematic:
		return systematic(uint64(len(units)), n, s), true
	case PPSSystematic:
		return ppsSystematic(units, n, s), true
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

// spare draws the cell's reserve from the units of the rest that were not
// taken, in the order of the frame, by simple random sampling; all of them if
// there are no more.
func (c *cell) spare(rest []unit, taken []bool, s stream) []unit {
	if c.reserve == 0 {
		return nil
	}
	var left []unit
	for i, u := range rest {
		if !taken[i] {
			left = append(left, u)
		}
	}
	slices.SortFunc(left, func(a, b unit) int { return a.row - b.row })
	out := make([]unit, 0, c.reserve)
	for _, i := range simple(len(left), min(c.reserve, len(left)), s) {
		out = append(out, left[i])
	}
	return out
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

// systematic draws n of size units with equal probability n/size: a start r
// below size, then for k = 0…n−1 the unit at (r + k·size)/n rounded down. This is
// the fractional interval size/n with a random start, in integers.
func systematic(size, n uint64, s stream) []int {
	r := s.below(size)
	out := make([]int, n)
	for k := range out {
		out[k] = int((r + uint64(k)*size) / n)
	}
	return out
}

// ppsSystematic draws n units with probabilities n·x/X, all below 1: unit i
// covers the integers from n·C to n·(C+x), C being the sizes before it; a start r
// below X, then for k = 0…n−1 the unit that covers r + k·X (Madow 1949).
func ppsSystematic(units []unit, n uint64, s stream) []int {
	sum := sizes(units)
	point := s.below(sum)
	out := make([]int, 0, n)
	end := uint64(0)
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
