package spec

import (
	"encoding/binary"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"hailong/stats"
)

// errNotInCells says that sums in cells do not do: there would be too many, or the data
// are at fault, which only the rows can tell.
var errNotInCells = errors.New("spec: not in cells")

// cellLimit is the number of sums above which rows are kept instead.
const cellLimit = 6_000_000

// cells sums up the rows of a file, part by part, in the order of the rows.
type cells struct {
	plan     *plan
	number   map[string]int32 // of a cell by its encoded codes
	levels   []*stats.Interner
	keys     [][]int32 // of each key column: the code of each cell
	weights  []float64 // of each cell: Σw
	groups   map[string]int32
	group    []int32 // of each cell: the combination of what is not the design's
	measures []*histogram
	values   []*stats.Interner // of each measure
	indices  []*indexSums
	at       []int32 // of each row of the part: its cell
	encoded  []byte
}

// indexSums are the sums of an index's answers.
type indexSums struct {
	plan *indexPlan
	// cells hold, for each item, those who gave each valid answer, by state less 1;
	// then for each set those with a valid answer to any member.
	cells pages
	pairs *stats.Pairs // by group; nil if there are no composites
	// once the sums are complete:
	once    sync.Once
	answers stats.Answers
	sets    [][]stats.CellValues
}

func newCells(p *plan) *cells {
	c := &cells{plan: p, number: map[string]int32{}, groups: map[string]int32{}}
	for _, name := range p.keys() {
		c.levels = append(c.levels, stats.NewInterner(name))
		c.keys = append(c.keys, nil)
	}
	for _, name := range p.measures {
		c.measures = append(c.measures, &histogram{stride: 4})
		c.values = append(c.values, stats.NewInterner(name))
	}
	for _, i := range p.indices {
		width := len(i.index.Items)*len(i.scores) + len(i.sets)
		c.indices = append(c.indices, &indexSums{plan: i, cells: pages{width: width}, pairs: i.pairs()})
	}
	return c
}

// add adds a part of the data, one weight a row.
func (c *cells) add(d *digest, weights []float64) error {
	if d.refused {
		return errNotInCells
	}
	c.locate(d, true)
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			return errNotInCells
		}
		c.weights[c.at[i]] += w
	}
	for m, h := range c.measures {
		codes := c.values[m].Codes(d.measures[m])
		h.grow(len(c.weights), len(c.values[m].Labels().Levels))
		h.add(c.at, weights, d.measures[m].Codes, codes)
	}
	if c.size() > cellLimit {
		return errNotInCells
	}
	for i, sums := range c.indices {
		c.addAnswers(sums, d.indices[i], weights)
	}
	return nil
}

// runRows is the number of rows of a table that are summed up at a time.
const runRows = 1 << 16

// addTable adds the rows of a table, one weight each. Runs of them are prepared on all
// processors and added one after the other.
func (c *cells) addTable(t *table, weights []float64) error {
	digests := make([]chan *digest, (t.rows+runRows-1)/runRows)
	for i := range digests {
		digests[i] = make(chan *digest, 1)
	}
	var next atomic.Int64
	defer next.Store(int64(len(digests)))
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for i := next.Add(1) - 1; i < int64(len(digests)); i = next.Add(1) - 1 {
				from := int(i) * runRows
				digests[i] <- c.plan.digest(t.run(from, min(from+runRows, t.rows)))
			}
		}()
	}
	for i, made := range digests {
		from := i * runRows
		if err := c.add(<-made, weights[from:min(from+runRows, t.rows)]); err != nil {
			return err
		}
	}
	return nil
}

// locate finds the cell of each row of a part; new ones are made, or are -1.
func (c *cells) locate(d *digest, make_ bool) {
	codes := make([][]int32, len(d.keys))
	for k, column := range d.keys {
		codes[k] = c.levels[k].Codes(column)
	}
	of := make([]int32, len(d.first))
	for i, row := range d.first {
		c.encoded = c.encoded[:0]
		for k, column := range d.keys {
			code := column.Codes[row]
			if code != stats.Missing {
				code = codes[k][code]
			}
			c.encoded = binary.LittleEndian.AppendUint32(c.encoded, uint32(code))
		}
		cell, known := c.number[string(c.encoded)]
		switch {
		case known:
		case make_:
			cell = c.cell(c.encoded)
		default:
			cell = -1
		}
		of[i] = cell
	}
	c.at = c.at[:0]
	for _, local := range d.cell {
		c.at = append(c.at, of[local])
	}
}

// cell makes a cell.
func (c *cells) cell(codes []byte) int32 {
	cell := int32(len(c.weights))
	c.number[string(codes)] = cell
	c.weights = append(c.weights, 0)
	var rest []byte
	for k := range c.keys {
		c.keys[k] = append(c.keys[k], int32(binary.LittleEndian.Uint32(codes[4*k:])))
	}
	for _, name := range c.plan.rest {
		for k, level := range c.levels {
			if level.Labels().Name == name {
				rest = append(rest, codes[4*k:4*k+4]...)
			}
		}
	}
	group, known := c.groups[string(rest)]
	if !known {
		group = int32(len(c.groups))
		c.groups[string(rest)] = group
	}
	c.group = append(c.group, group)
	return cell
}

// addAnswers adds the answers to the items of an index.
func (c *cells) addAnswers(s *indexSums, d answerCodes, weights []float64) {
	s.cells.grow(len(c.weights))
	items, scores := len(s.plan.index.Items), len(s.plan.scores)
	for i, w := range weights {
		if w == 0 {
			continue
		}
		sums := s.cells.of(c.at[i])
		for _, state := range d.states[i*items : (i+1)*items] {
			if state > 0 {
				sums[state-1].add(w, 1)
			}
			sums = sums[scores:]
		}
	}
	c.addSets(s, d.valid, weights)
	if s.pairs == nil {
		return
	}
	width := s.pairs.Width()
	s.pairs.Grow(len(c.groups))
	for i, w := range weights {
		if w > 0 {
			s.pairs.Add(c.group[c.at[i]], d.pairs[i*width:(i+1)*width], w)
		}
	}
}

// addSets counts those who answered any item of a set. Rows that follow each other in
// a cell and answered the same items are counted together.
func (c *cells) addSets(s *indexSums, valid []uint64, weights []float64) {
	masks := make([]uint64, len(s.plan.sets))
	for j, set := range s.plan.sets {
		for _, item := range set {
			masks[j] |= 1 << item
		}
	}
	for from := 0; from < len(valid); {
		to, w, people := from, 0.0, int64(0)
		for ; to < len(valid) && valid[to] == valid[from] && c.at[to] == c.at[from]; to++ {
			if weights[to] > 0 {
				w += weights[to]
				people++
			}
		}
		sums := s.any(c.at[from])
		for j, mask := range masks {
			if valid[from]&mask != 0 {
				sums[j].add(w, people)
			}
		}
		from = to
	}
}

// item are the sums of an item in a cell.
func (s *indexSums) item(cell int32, item int) []sum {
	scores := len(s.plan.scores)
	return s.cells.of(cell)[item*scores : (item+1)*scores]
}

// any are the sums of the sets in a cell.
func (s *indexSums) any(cell int32) []sum {
	return s.cells.of(cell)[len(s.plan.index.Items)*len(s.plan.scores):]
}

// size is the number of sums that the cells need.
func (c *cells) size() int {
	size := 0
	for _, h := range c.measures {
		size += len(h.sums)
	}
	for _, s := range c.indices {
		size += len(c.weights) * s.cells.width
		if s.pairs != nil {
			size += len(c.groups) * s.pairs.Size() / 2
		}
	}
	return size
}
