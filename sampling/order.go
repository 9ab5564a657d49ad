package sampling

import (
	"cmp"
	"slices"
	"strings"
)

// orderColumn is one column that a plan sorts by.
type orderColumn struct {
	at      int
	numbers bool // all values given are digits: compare as numbers
}

// sort puts the units of every cell into the plan's order: by each column in
// turn, then as they stand in the frame. Missing values come first. A column
// whose other values, in all cells, are digits only is compared as numbers, so
// that 9 comes before 10; any other by the bytes of its text.
func (k *cutter) sort() {
	if len(k.plan.Order) == 0 {
		return
	}
	columns := make([]orderColumn, len(k.plan.Order))
	for i, name := range k.plan.Order {
		columns[i] = orderColumn{k.frame.index[name], true}
		for _, c := range k.cells {
			columns[i].numbers = columns[i].numbers && !slices.ContainsFunc(c.units, func(u unit) bool {
				value := k.frame.rows[u.row][columns[i].at]
				return !missing(value) && !allDigits(value)
			})
		}
	}
	for _, c := range k.cells {
		slices.SortStableFunc(c.units, func(a, b unit) int {
			for _, column := range columns {
				if order := column.compare(k.frame.rows[a.row], k.frame.rows[b.row]); order != 0 {
					return order
				}
			}
			return 0
		})
	}
}

func (o orderColumn) compare(a, b []string) int {
	x, y := o.value(a), o.value(b)
	if o.numbers {
		if order := cmp.Compare(len(x), len(y)); order != 0 {
			return order
		}
	}
	return strings.Compare(x, y)
}

// value returns what is compared: of a number the digits without leading zeros
// (0 keeps one), of a missing value nothing.
func (o orderColumn) value(row []string) string {
	value := row[o.at]
	switch {
	case missing(value):
		return ""
	case !o.numbers:
		return value
	}
	if digits := strings.TrimLeft(value, "0"); digits != "" {
		return digits
	}
	return "0"
}
