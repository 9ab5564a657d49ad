package sampling

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// ordering watches whether the units of every cell come in the plan's order: by
// each column in turn, then as they stand in the frame. Missing values come
// first. A column whose other values, in all cells, are digits only is compared
// as numbers, so that 9 comes before 10; any other by the bytes of its text.
// Which it is shows at the end of the frame only, so every interpretation that is still
// possible is watched.
type ordering struct {
	at     []int
	digits []bool // of each column, so far
	senses []interpretation
	key    []byte
}

// interpretation is one way of taking the columns.
type interpretation struct {
	numbers  []bool
	unsorted bool
}

// maxWatched is how many columns are watched; a plan with more is sorted in any case.
const maxWatched = 4

func newOrdering(f Rows, p Plan) *ordering {
	o := &ordering{senses: []interpretation{{}}}
	columns := f.Columns()
	for _, name := range p.Order {
		o.at, o.digits = append(o.at, slices.Index(columns, name)), append(o.digits, true)
	}
	for range o.at {
		var more []interpretation
		for _, r := range o.senses {
			more = append(more, interpretation{numbers: append(slices.Clone(r.numbers), true)}, interpretation{numbers: append(slices.Clone(r.numbers), false)})
		}
		o.senses = more
		if len(o.at) > maxWatched {
			o.senses = nil
		}
	}
	return o
}

// see takes the next unit of a cell.
func (o *ordering) see(c *cell, values []string) {
	if len(o.at) == 0 {
		return
	}
	for i, at := range o.at {
		if value := values[at]; o.digits[i] && !missing(value) && !allDigits(value) {
			o.digits[i] = false
		}
	}
	if c.last == nil {
		c.last = make([][]byte, len(o.senses))
	}
	for i := range o.senses {
		r := &o.senses[i]
		if r.unsorted || !o.possible(*r) {
			continue
		}
		o.key = o.appendKey(o.key[:0], r.numbers, values)
		if bytes.Compare(o.key, c.last[i]) < 0 {
			r.unsorted = true
		}
		c.last[i] = append(c.last[i][:0], o.key...)
	}
}

// possible reports whether no column that is read as numbers held a text.
func (o *ordering) possible(r interpretation) bool {
	for i, numbers := range r.numbers {
		if numbers && !o.digits[i] {
			return false
		}
	}
	return true
}

// needsSort reports whether some cell did not come in order.
func (o *ordering) needsSort() bool {
	for _, r := range o.senses {
		if slices.Equal(r.numbers, o.digits) {
			return r.unsorted
		}
	}
	return len(o.at) > 0
}

// appendKey appends bytes that compare as the values do: of a text its bytes
// with 0 written as 0 255, closed by 0 1; of a number its length without leading
// zeros (0 keeps one), then the digits.
func (o *ordering) appendKey(dst []byte, numbers []bool, values []string) []byte {
	for i, at := range o.at {
		value := values[at]
		if missing(value) {
			value = ""
		}
		if numbers[i] {
			if digits := strings.TrimLeft(value, "0"); digits != "" {
				value = digits
			} else if value != "" {
				value = "0"
			}
			dst = append(binary.BigEndian.AppendUint32(dst, uint32(len(value))), value...)
			continue
		}
		if strings.IndexByte(value, 0) >= 0 {
			value = strings.ReplaceAll(value, "\x00", "\x00\xff")
		}
		dst = append(append(dst, value...), 0, 1)
	}
	return dst
}

// feed gives a record of every unit to the sorter: cell, sort key, unit.
func (o *ordering) feed(f Rows, s *scope, out *sorter) error {
	next := make([]uint32, len(s.cells))
	var record []byte
	_, err := f.Pass(func(_ int, values []string) error {
		c := s.find(values)
		if c == nil {
			return nil
		}
		record = binary.BigEndian.AppendUint32(record[:0], uint32(c.number))
		record = o.appendKey(record, o.digits, values)
		record = binary.BigEndian.AppendUint32(record, next[c.number])
		next[c.number]++
		return out.add(record)
	}, nil)
	return err
}

func cellOfRecord(record []byte) uint32 { return binary.BigEndian.Uint32(record) }

func unitOfRecord(record []byte) uint32 { return binary.BigEndian.Uint32(record[len(record)-4:]) }
