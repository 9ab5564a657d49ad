package sampling

import "math"

// column is a list of positive integers in four bytes each, or eight from the
// first on that needs them.
type column struct {
	narrow []uint32
	wide   []uint64
}

func (c *column) add(x uint64) {
	switch {
	case c.wide != nil:
		c.wide = append(c.wide, x)
	case x <= math.MaxUint32:
		c.narrow = append(c.narrow, uint32(x))
	default:
		c.wide = make([]uint64, len(c.narrow), 2*len(c.narrow)+1)
		for i, y := range c.narrow {
			c.wide[i] = uint64(y)
		}
		c.wide, c.narrow = append(c.wide, x), nil
	}
}

func (c *column) at(i int) uint64 {
	if c.wide != nil {
		return c.wide[i]
	}
	return uint64(c.narrow[i])
}
