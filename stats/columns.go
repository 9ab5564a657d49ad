package stats

import "slices"

// Labels is a column of categories: for each row a code that indexes Levels, or
// Missing.
type Labels struct {
	Name   string   // the column's name, for messages
	Codes  []int32  // one a row
	Levels []string // distinct, in order of first appearance
}

// Missing is the code of a row without a label.
const Missing int32 = -1

// NewLabels interns a column of strings; the empty string is a missing label.
func NewLabels(name string, values []string) Labels {
	in := NewInterner(name)
	in.labels.Codes = make([]int32, 0, len(values))
	for _, v := range values {
		in.Add(v)
	}
	return in.Labels()
}

// Interner builds Labels row by row, for readers that stream.
type Interner struct {
	labels Labels
	codes  map[string]int32
	short  [256]int32 // codes plus 1 of labels of one byte, which answers mostly are
	recent [256]int32 // codes plus 1 of the last longer labels that looked alike
}

// NewInterner starts an empty column.
func NewInterner(name string) *Interner {
	return &Interner{labels: Labels{Name: name}, codes: map[string]int32{}}
}

// Reset starts an empty column with room for so many rows, in the memory of the column
// built so far, which is then no longer valid.
func (in *Interner) Reset(rows int) {
	in.labels.Codes, in.labels.Levels = slices.Grow(in.labels.Codes[:0], rows), in.labels.Levels[:0]
	clear(in.codes)
	clear(in.short[:])
	clear(in.recent[:])
}

// Add appends a row's label; the empty string is missing.
func (in *Interner) Add(value string) { in.labels.Codes = append(in.labels.Codes, in.Code(value)) }

// AddBytes is Add for a label that is still in a reader's buffer; it is copied only
// when it is new.
func (in *Interner) AddBytes(value []byte) {
	code := Missing
	switch len(value) {
	case 0:
	case 1:
		in.AddByte(value[0])
		return
	default:
		n := len(value)
		recent := &in.recent[value[0]^value[n-1]<<3^value[n/2]<<5^byte(n)]
		if code = *recent - 1; code < 0 || in.labels.Levels[code] != string(value) {
			var known bool
			if code, known = in.codes[string(value)]; !known {
				code = in.Code(string(value))
			}
			*recent = code + 1
		}
	}
	in.labels.Codes = append(in.labels.Codes, code)
}

// AddByte is AddBytes for a label of one byte.
func (in *Interner) AddByte(value byte) {
	if in.short[value] == 0 {
		in.Code(string([]byte{value}))
	}
	in.labels.Codes = append(in.labels.Codes, in.short[value]-1)
}

// Code is the code of a label, a new one if it is new; Missing for the empty string.
func (in *Interner) Code(value string) int32 {
	if value == "" {
		return Missing
	}
	code, known := in.codes[value]
	if !known {
		code = int32(len(in.labels.Levels))
		in.codes[value] = code
		in.labels.Levels = append(in.labels.Levels, value)
		if len(value) == 1 {
			in.short[value[0]] = code + 1
		}
	}
	return code
}

// Append appends the rows of another column.
func (in *Interner) Append(l Labels) {
	codes := in.Codes(l)
	for _, c := range l.Codes {
		if c != Missing {
			c = codes[c]
		}
		in.labels.Codes = append(in.labels.Codes, c)
	}
}

// Codes gives each level of another column its code here.
func (in *Interner) Codes(l Labels) []int32 {
	codes := make([]int32, len(l.Levels))
	for i, level := range l.Levels {
		codes[i] = in.Code(level)
	}
	return codes
}

// Labels returns the column built so far.
func (in *Interner) Labels() Labels { return in.labels }

// Numbers is a column of numbers; NaN is missing.
type Numbers struct {
	Name   string
	Values []float64
	// Cells is set where the rows are cells of people instead of people: Values are
	// then the weighted means of those in the cell who have a value.
	Cells []CellValues
}

// CellValues describe the values that a cell's people have.
type CellValues struct {
	N        int64   // people of weight above 0 who have one
	Share    float64 // of the cell's weight that is theirs
	Variance float64 // weighted, of their values around the cell's mean, divided by their weight
}

// share is the part of the row's weight that has a value, of a row that has one.
func (y Numbers) share(row int32) float64 {
	if y.Cells == nil {
		return 1
	}
	return y.Cells[row].Share
}

// pairs interns pairs of codes: the code of (a, b) is the order in which the
// pair first appeared.
type pairs struct {
	codes map[uint64]int32
	first []int // the row of each code's first appearance
}

func (p *pairs) code(a, b int32, row int) int32 {
	key := uint64(uint32(a))<<32 | uint64(uint32(b))
	code, ok := p.codes[key]
	if !ok {
		code = int32(len(p.first))
		p.codes[key] = code
		p.first = append(p.first, row)
	}
	return code
}

// nestedCodes numbers the pairs (outer, inner) of each row, and returns the first
// row of each number.
func nestedCodes(outer, inner []int32) (codes []int32, first []int) {
	p := pairs{codes: map[uint64]int32{}}
	codes = make([]int32, len(outer))
	for i := range outer {
		codes[i] = p.code(outer[i], inner[i], i)
	}
	return codes, p.first
}
