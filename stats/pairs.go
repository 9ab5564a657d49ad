package stats

import "bytes"

// Pairs sums the weights of people, in groups, by what one person answered to every
// pair of items. From it follows Σ w·z² of any sum z of functions of single answers,
// and so the design effect of an index, without going through the people again.
//
// An answer is one of a few states, 0 being none that is valid. Neighbouring items
// are taken together in blocks as long as a block has few states: a person then costs
// one addition for each pair of blocks, not of items. Those whose answers are all valid
// have blocks of their own, which are longer.
type Pairs struct {
	items       int
	some, whole blockSums
}

// NewPairs makes empty sums for items of the given number of states, at most 255.
func NewPairs(items, states int) *Pairs {
	return &Pairs{items: items, some: newBlockSums(items, states, 0), whole: newBlockSums(items, states, 1)}
}

// Width is the length of a person's code.
func (p *Pairs) Width() int { return 1 + p.some.count }

// Code makes a person's code from the states of the items.
func (p *Pairs) Code(code, states []uint8) {
	if bytes.IndexByte(states, 0) < 0 {
		code[0] = 1
		p.whole.code(code[1:], states)
		return
	}
	code[0] = 0
	p.some.code(code[1:], states)
}

// Size is the number of values that a group takes, at most.
func (p *Pairs) Size() int { return p.some.size() + p.whole.size() }

// Groups is the number of groups so far.
func (p *Pairs) Groups() int { return len(p.some.groups) }

// Grow makes room for as many groups.
func (p *Pairs) Grow(groups int) {
	for p.Groups() < groups {
		p.some.groups, p.whole.groups = append(p.some.groups, nil), append(p.whole.groups, nil)
	}
}

// Add adds a person by the code.
func (p *Pairs) Add(group int32, code []uint8, weight float64) {
	if code[0] == 1 {
		p.whole.add(group, code[1:1+p.whole.count], weight)
		return
	}
	p.some.add(group, code[1:], weight)
}

// Squares is Σ w·z² over the people of the groups, whose weights are multiplied by the
// scale of the group (0 leaves it out). z is the sum over the items of what the
// function gives for the person's state; items for which it gives 0 for all states
// cost nothing.
func (p *Pairs) Squares(scale []float64, of func(item, state int) float64) float64 {
	return p.some.squares(scale, p.items, of) + p.whole.squares(scale, p.items, of)
}

// blockSums are the sums of people by the codes of pairs of blocks.
type blockSums struct {
	states, lowest int         // states of an item, and the lowest
	perBlock       int         // items in a block
	base           int         // codes of a block
	count          int         // blocks
	groups         [][]float64 // nil where nobody is
}

// blockStates is the largest number of codes of a block of several items.
const blockStates = 16

// newBlockSums makes those for the states from the lowest on.
func newBlockSums(items, states, lowest int) blockSums {
	states = max(states-lowest, 1)
	b := blockSums{states: states, lowest: lowest, perBlock: 1, base: states}
	for b.perBlock < items && b.base*states <= blockStates {
		b.base *= states
		b.perBlock++
	}
	b.count = (items + b.perBlock - 1) / b.perBlock
	return b
}

func (b *blockSums) size() int { return b.count * (b.count + 1) / 2 * b.base * b.base }

// code makes the codes of the blocks: numbers whose digits are the items' states.
func (b *blockSums) code(code, states []uint8) {
	for k := range b.count {
		digits, number := states[k*b.perBlock:min((k+1)*b.perBlock, len(states))], 0
		for i := len(digits) - 1; i >= 0; i-- {
			number = number*b.states + int(digits[i]) - b.lowest
		}
		code[k] = uint8(number)
	}
}

func (b *blockSums) add(group int32, codes []uint8, weight float64) {
	sums, square := b.groups[group], b.base*b.base
	if sums == nil {
		sums = make([]float64, b.size())
		b.groups[group] = sums
	}
	for k, code := range codes {
		at := int(code) * b.base
		for _, other := range codes[k:] {
			sums[at+int(other)] += weight
			at += square
		}
		sums = sums[(len(codes)-k)*square:]
	}
}

func (b *blockSums) squares(scale []float64, items int, of func(item, state int) float64) float64 {
	values := make([][]float64, b.count) // nil where all are 0
	for k := range values {
		values[k] = b.values(k, items, of)
	}
	sum := 0.0
	for g, s := range scale {
		if s != 0 && b.groups[g] != nil {
			sum += s * b.square(b.groups[g], values)
		}
	}
	return sum
}

// square adds up one group.
func (b *blockSums) square(sums []float64, values [][]float64) float64 {
	total, at, size := 0.0, 0, b.base*b.base
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

// values sums what the function gives for a block's items, for every code of the block.
func (b *blockSums) values(block, items int, of func(item, state int) float64) []float64 {
	values, any := make([]float64, b.base), false
	for code := range values {
		rest := code
		for item := block * b.perBlock; item < min(items, (block+1)*b.perBlock); item++ {
			if v := of(item, rest%b.states+b.lowest); v != 0 {
				values[code] += v
				any = true
			}
			rest /= b.states
		}
	}
	if !any {
		return nil
	}
	return values
}
