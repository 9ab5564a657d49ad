package sampling

import (
	"math/big"
	"math/bits"
	"strings"
)

// cell is what is drawn from at once: the units of one stratum of one parent.
// A unit is known by its number among the cell's rows in the frame, from 0;
// nothing else is kept of it than what the plan needs.
type cell struct {
	number  int     // among the cells, in the order of their first rows
	parent  Key     // "" without parent_key
	stratum Stratum // "" without strata
	first   int     // row of the first unit, from 0
	units   int
	sized   bool
	sizes   column
	total   [2]uint64 // of the sizes, high and low half
	certain []uint32  // named as such in the plan, in the order of the frame
	free    named     // the first unit that is not
	order   []uint32  // the units in the plan's order; nil is the frame's
	last    [][]byte  // sort keys of the unit before, an interpretation each
	sd      constant
	cost    constant
	n       int // to draw, certainty units included
	reserve int
}

// named is a unit that a message may speak of.
type named struct {
	row int
	key Key
}

// add takes the next unit of the cell in the frame.
func (c *cell) add(size uint64, certain bool, unit named) {
	if c.sized {
		c.sizes.add(size)
	}
	var carry uint64
	c.total[1], carry = bits.Add64(c.total[1], size, 0)
	c.total[0] += carry
	if certain {
		c.certain = append(c.certain, uint32(c.units))
	} else if len(c.certain) == c.units {
		c.free = named{unit.row, Key(strings.Clone(string(unit.key)))}
	}
	c.units++
}

// size returns the size of a unit, 1 without a size column.
func (c *cell) size(unit uint32) uint64 {
	if !c.sized {
		return 1
	}
	return c.sizes.at(int(unit))
}

// at returns the unit at a place in the plan's order.
func (c *cell) at(place int) uint32 {
	if c.order == nil {
		return uint32(place)
	}
	return c.order[place]
}

// sum is the total of the sizes; it may exceed 64 bits.
func (c *cell) sum() *big.Int {
	high := new(big.Int).SetUint64(c.total[0])
	return high.Lsh(high, 64).Add(high, new(big.Int).SetUint64(c.total[1]))
}

// label names the cell, and its variance stratum: parent and stratum joined
// by "|", "-" if there is neither.
func (c *cell) label() string {
	switch {
	case c.parent == "" && c.stratum == "":
		return "-"
	case c.parent == "":
		return string(c.stratum)
	case c.stratum == "":
		return string(c.parent)
	default:
		return joined(string(c.parent), string(c.stratum))
	}
}

const separator = "|"

func joined(labels ...string) string { return strings.Join(labels, separator) }
