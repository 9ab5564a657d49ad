package sampling

import (
	"iter"
	"slices"

	"hailong/fault"
)

// choice is one unit that was drawn, with its probability as a fraction.
type choice struct {
	unit     uint32 // of the cell
	at       int    // of a main unit: its number among the rest
	role     Role
	num, den uint64 // stage probability, 0/0 in the reserve
}

// choose draws one cell: first the certainty units in the cell's order, then
// the main sample in drawn order, then the reserve.
func (c *cell) choose(m Method, s stream) ([]choice, error) {
	r := c.split(m)
	out := make([]choice, 0, c.n)
	for _, place := range r.certain {
		out = append(out, choice{unit: c.at(int(place)), role: RoleCertainty, num: 1, den: 1})
	}
	n := uint64(c.n - len(r.certain))
	picked, ok := r.pick(m, n, s)
	if !ok {
		return nil, fault.New(fault.Invalid, "draw.sampford_too_long", "stratum", c.label())
	}
	probability := r.probabilities(m, n)
	for _, i := range picked {
		unit := r.unit(i)
		num, den := probability(c.size(unit))
		out = append(out, choice{unit, i, RoleMain, num, den})
	}
	for _, unit := range c.spare(out, s) {
		out = append(out, choice{unit: unit, role: RoleReserve})
	}
	return out, nil
}

// rest are the units of a cell that are not taken with certainty, in the plan's
// order, numbered from 0.
type rest struct {
	*cell
	certain []uint32 // places in the plan's order of those that are, ascending
	left    uint64   // total size of the rest
}

// split parts the units into those taken with certainty and the rest. For the
// methods by size, units with n·x ≥ X become certain, n and X then being those
// of the rest, until none does.
func (c *cell) split(m Method) rest {
	r := rest{cell: c, certain: c.namedPlaces(), left: c.total[1]}
	for _, place := range r.certain {
		r.left -= c.size(c.at(int(place)))
	}
	for found := m.bySize(); found; {
		n, sum := uint64(c.n-len(r.certain)), r.left
		var more []uint32
		for i, size := range r.sizes() {
			if n*size >= sum {
				more = append(more, uint32(r.place(i)))
				r.left -= size
			}
		}
		found = len(more) > 0
		r.certain = append(r.certain, more...)
		slices.Sort(r.certain)
	}
	return r
}

// namedPlaces returns the places of the units that the plan names as certain.
func (c *cell) namedPlaces() []uint32 {
	if c.order == nil || len(c.certain) == 0 {
		return slices.Clone(c.certain)
	}
	var places []uint32
	for place, unit := range c.order {
		if _, certain := slices.BinarySearch(c.certain, unit); certain {
			places = append(places, uint32(place))
		}
	}
	return places
}

func (r rest) len() int { return r.units - len(r.certain) }

// place returns the place of unit i of the rest among all units of the cell.
func (r rest) place(i int) int { return skip(r.certain, i) }

// unit returns unit i of the rest.
func (r rest) unit(i int) uint32 { return r.at(r.place(i)) }

// sizes goes through the sizes of the rest in order.
func (r rest) sizes() iter.Seq2[int, uint64] {
	return func(yield func(int, uint64) bool) {
		i, certain := 0, r.certain
		for place := range r.units {
			if len(certain) > 0 && int(certain[0]) == place {
				certain = certain[1:]
				continue
			}
			if !yield(i, r.size(r.at(place))) {
				return
			}
			i++
		}
	}
}

// skip returns number i, from 0, of the numbers that are not in the ascending
// list.
func skip(list []uint32, i int) int {
	low, high := 0, len(list)
	for low < high { // how many of the list lie before it
		if middle := (low + high) / 2; int(list[middle])-middle <= i {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return i + low
}

// probabilities returns the inclusion probability of a unit of the rest by its size.
func (r rest) probabilities(m Method, n uint64) func(size uint64) (num, den uint64) {
	if m.bySize() {
		return func(size uint64) (uint64, uint64) { return n * size, r.left }
	}
	return func(uint64) (uint64, uint64) { return n, uint64(r.len()) }
}

// spare draws the cell's reserve from the units that were not taken, in the
// order of the frame, by simple random sampling; all of them if there are no
// more.
func (c *cell) spare(taken []choice, s stream) []uint32 {
	if c.reserve == 0 {
		return nil
	}
	units := make([]uint32, len(taken))
	for i, ch := range taken {
		units[i] = ch.unit
	}
	slices.Sort(units)
	left := c.units - len(units)
	var out []uint32
	for _, i := range simple(left, min(c.reserve, left), s) {
		out = append(out, uint32(skip(units, i)))
	}
	return out
}
