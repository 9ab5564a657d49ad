package sampling

import (
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
	out := make([]choice, 0, c.n)
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
	var out []unit
	for _, i := range simple(len(left), min(c.reserve, len(left)), s) {
		out = append(out, left[i])
	}
	return out
}
