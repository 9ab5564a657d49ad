package spec

import (
	"math"
	"slices"

	"hailong/stats"
)

// digest is what a part of the data is for a plan, before its codes are those of the
// whole. It is made on any processor.
type digest struct {
	cell     []int32        // of each row: its cell in the part
	first    []int32        // of each cell: its first row
	keys     []stats.Labels // in the order of plan.keys
	measures []stats.Labels // in the order of plan.measures
	indices  []answerCodes
	refused  bool // the rows are needed to say what is wrong with them
}

// answerCodes are the answers to an index's items.
type answerCodes struct {
	states []uint8  // of each row and item: 0 for an answer that is not valid
	valid  []uint64 // of each row: a bit an item
	pairs  []uint8  // of each row: the code of stats.Pairs
}

// digest sums up a part of the data.
func (p *plan) digest(t *table) *digest {
	d := &digest{}
	for _, name := range p.keys() {
		d.keys = append(d.keys, p.column(t, name))
	}
	for _, name := range p.measures {
		d.measures = append(d.measures, p.column(t, name))
	}
	for _, name := range p.present {
		d.refused = d.refused || slices.Contains(t.columns[name].Codes, stats.Missing)
	}
	d.cell, d.first = cross(d.keys, t.rows)
	for _, i := range p.indices {
		d.indices = append(d.indices, i.codes(t))
	}
	return d
}

// column is a column of the data, or one that is made by conditions.
func (p *plan) column(t *table, name string) stats.Labels {
	conditions, made := p.conditions[name]
	if !made {
		return t.columns[name]
	}
	out := stats.Labels{Name: name, Codes: make([]int32, t.rows), Levels: []string{"no", "yes"}}
	for i, met := range t.evaluate(conditions) {
		out.Codes[i] = int32(met)
		if met == unknown {
			out.Codes[i] = stats.Missing
		}
	}
	return out
}

// cross numbers the combinations of labels, Missing among them, in the order in which
// they first appear.
func cross(columns []stats.Labels, rows int) (cell, first []int32) {
	cell, first = make([]int32, rows), []int32{0}
	for _, c := range columns {
		width := len(c.Levels) + 1
		if len(first)*width <= 4*rows {
			first = crossTable(cell, c.Codes, width, len(first))
		} else {
			first = crossMap(cell, c.Codes)
		}
	}
	return cell, first
}

func crossTable(cell, codes []int32, width, cells int) (first []int32) {
	numbers := make([]int32, cells*width) // plus 1
	for i, code := range codes {
		number := &numbers[int(cell[i])*width+int(code)+1]
		if *number == 0 {
			first = append(first, int32(i))
			*number = int32(len(first))
		}
		cell[i] = *number - 1
	}
	return first
}

func crossMap(cell, codes []int32) (first []int32) {
	numbers := map[uint64]int32{}
	var last uint64
	number := stats.Missing
	for i, code := range codes {
		key := uint64(cell[i])<<32 | uint64(uint32(code))
		if number == stats.Missing || key != last {
			known := false
			if number, known = numbers[key]; !known {
				number = int32(len(first))
				numbers[key] = number
				first = append(first, int32(i))
			}
			last = key
		}
		cell[i] = number
	}
	return first
}

// pairs makes the empty sums of pairs of answers, nil if no composite needs them.
func (i *indexPlan) pairs() *stats.Pairs {
	if len(i.sets) == 0 {
		return nil
	}
	return stats.NewPairs(len(i.index.Items), len(i.scores)+1)
}

// codes reads the answers of a part, item by item in runs of rows that are near at hand.
func (i *indexPlan) codes(t *table) answerCodes {
	items := len(i.index.Items)
	out := answerCodes{states: make([]uint8, t.rows*items), valid: slices.Repeat([]uint64{1<<items - 1}, t.rows)}
	readers := make([]answerReader, items)
	for item, name := range i.index.Items {
		column := t.columns[name]
		readers[item] = answerReader{items, item, column.Codes, append([]uint8{0}, i.states(column.Levels)...)}
	}
	const run = 512
	for from := 0; from < t.rows; from += run {
		for _, r := range readers {
			r.read(out, from, min(from+run, t.rows))
		}
	}
	if pairs := i.pairs(); pairs != nil {
		width := pairs.Width()
		out.pairs = make([]uint8, t.rows*width)
		for row := range t.rows {
			pairs.Code(out.pairs[row*width:(row+1)*width], out.states[row*items:(row+1)*items])
		}
	}
	return out
}

// answerReader turns an item's codes into what they are for an index.
type answerReader struct {
	items, item int
	codes       []int32
	states      []uint8 // by code plus 1
}

// read fills in a run of rows.
func (r answerReader) read(out answerCodes, from, to int) {
	codes, into := r.codes[from:to], out.states[from*r.items+r.item:]
	least := uint8(1)
	for row, code := range codes {
		state := r.states[code+1]
		into[row*r.items] = state
		least = min(least, state)
	}
	if least > 0 {
		return
	}
	for row, code := range codes {
		if r.states[code+1] == 0 {
			out.valid[from+row] &^= 1 << r.item
		}
	}
}

// states finds the state of each answer.
func (i *indexPlan) states(levels []string) []uint8 {
	score, err := i.estimate.scorer()
	states := make([]uint8, len(levels))
	for c, text := range levels {
		if y := score(text); err == nil && !math.IsNaN(y) {
			states[c] = uint8(slices.Index(i.scores, y)) + 1
		}
	}
	return states
}
