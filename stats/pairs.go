package stats

// Pairs sums the weights of people, in groups, by what one person answered to every
// pair of items. From it follows Σ w·z² of any sum z of functions of single answers,
// and so the design effect of an index, without going through the people again.
//
// An answer is one of a few states, 0 being none that is valid. Neighbouring items
// are taken together in blocks as long as a block has few states: a person then costs
// one addition for each pair of blocks, not of items.
type Pairs struct {
	items, states int
	perBlock      int // items in a block
	base          int // states of a block
	blocks        int
	groups        [][]float64
}

// blockStates is the largest number of states of a block of several items.
const blockStates = 16

// NewPairs makes empty sums for items of the given number of states, at most 255.
func NewPairs(items, states int) *Pairs {
	p := &Pairs{items: items, states: states, perBlock: 1, base: states}
	for p.base*states <= blockStates {
		p.base *= states
		p.perBlock++
	}
	p.blocks = (items + p.perBlock - 1) / p.perBlock
	return p
}

// Blocks is the number of blocks, of which a person has a code each.
func (p *Pairs) Blocks() int { return p.blocks }

// Place returns the block of an item and by what its state is multiplied in the
// block's code.
func (p *Pairs) Place(item int) (block int, factor uint8) {
	block, factor = item/p.perBlock, 1
	for range item % p.perBlock {
		factor *= uint8(p.states)
	}
	return block, factor
}

// Size is the number of values that a group takes.
func (p *Pairs) Size() int { return p.blocks * (p.blocks + 1) / 2 * p.base * p.base }

// Groups is the number of groups so far.
func (p *Pairs) Groups() int { return len(p.groups) }

// Grow makes room for as many groups.
func (p *Pairs) Grow(groups int) {
	for len(p.groups) < groups {
		p.groups = append(p.groups, make([]float64, p.Size()))
	}
}

// Add adds a person, by the codes of the blocks.
func (p *Pairs) Add(group int32, codes []uint8, weight float64) {
	sums, base := p.groups[group], p.base
	for k, code := range codes {
		at := int(code) * base
		for _, other := range codes[k:] {
			sums[at+int(other)] += weight
			at += base * base
		}
		sums = sums[(len(codes)-k)*base*base:]
	}
}

// Squares is Σ w·z² over the people of the groups, whose weights are multiplied by the
// scale of the group (0 leaves it out). z is the sum over the items of what the
// function gives for the person's state; items for which it gives 0 for all states
// cost nothing.
func (p *Pairs) Squares(scale []float64, of func(item, state int) float64) float64 {
	values := make([][]float64, p.blocks) // nil where all are 0
	for k := range values {
		values[k] = p.blockValues(k, of)
	}
	sum := 0.0
	for g, s := range scale {
		if s != 0 {
			sum += s * p.square(p.groups[g], values)
		}
	}
	return sum
}

// square adds up one group.
func (p *Pairs) square(sums []float64, values [][]float64) float64 {
	total, at, size := 0.0, 0, p.base*p.base
	for k, u := range values {
		for l, v := range values[k:] {
			if u != nil && v != nil {
				twice := 2.0
				if l == 0 {
					twice = 1
				}
				total += twice * bilinear(sums[at:at+size], u, v)
			}
			at += size
		}
	}
	return total
}

func bilinear(sums, u, v []float64) float64 {
	total := 0.0
	for a, ua := range u {
		row := 0.0
		for b, vb := range v {
			row += sums[a*len(v)+b] * vb
		}
		total += ua * row
	}
	return total
}

// blockValues sums the values of a block's items for every code of the block.
func (p *Pairs) blockValues(block int, of func(item, state int) float64) []float64 {
	values, any := make([]float64, p.base), false
	for code := range values {
		rest := code
		for item := block * p.perBlock; item < min(p.items, (block+1)*p.perBlock); item++ {
			if v := of(item, rest%p.states); v != 0 {
				values[code] += v
				any = true
			}
			rest /= p.states
		}
	}
	if !any {
		return nil
	}
	return values
}
