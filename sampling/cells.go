package sampling

import (
	"math/big"
	"strconv"
	"strings"

	"hailong/fault"
)

// maxProblems is how many problems of one draw are reported; a frame of a
// million rows with a wrong column has as many.
const maxProblems = 1000

// cell is what is drawn from at once: the units of one stratum of one parent.
type cell struct {
	parent  Key // "" without parent_key
	stratum Stratum
	units   []unit // in the order of the plan, ties in the order of the frame
	n       int    // to draw, certainty units included
	reserve int
}

// unit is one row of the frame within its cell.
type unit struct {
	row     int    // in the frame, from 0
	size    uint64 // 1 without a size column
	certain bool   // named as such in the plan
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

// cellName tells cells apart.
type cellName struct {
	parent  Key
	stratum Stratum
}

// cutter sorts the rows of a frame into cells and collects what is wrong.
type cutter struct {
	frame    Frame
	plan     Plan
	parent   *Parent
	certain  map[Key]bool
	seen     map[Key]int // row of each key in scope, from 0
	byName   map[cellName]*cell
	cells    []*cell // in the order of their first rows
	problems []fault.Problem
}

// cut returns the cells of the plan's scope: the rows that fulfil `where` and,
// in a later stage, belong to a parent drawn before.
func cut(f Frame, p Plan, parent *Parent) ([]*cell, error) {
	k := &cutter{frame: f, plan: p, parent: parent,
		certain: make(map[Key]bool), seen: make(map[Key]int, f.Len()), byName: make(map[cellName]*cell)}
	for _, key := range p.Certainty {
		k.certain[key] = false
	}
	for row := range f.Len() {
		if k.inWhere(row) {
			k.take(row)
		}
		if len(k.problems) >= maxProblems {
			return nil, fault.Of(fault.Invalid, k.problems)
		}
	}
	k.checkPresence()
	k.sort()
	return k.cells, fault.Of(fault.Invalid, k.problems)
}

func (k *cutter) report(row int, column, code string, pairs ...any) {
	k.problems = append(k.problems, fault.P(code, pairs...).AtRow(row+2, column))
}

func (k *cutter) inWhere(row int) bool {
	for _, c := range k.plan.Where {
		value := k.frame.Value(row, c.Var)
		holds, ok := c.holds(value)
		if !ok {
			k.report(row, c.Var, "frame.not_a_number", "key", k.frame.Value(row, k.plan.Key), "value", value)
		}
		if !holds {
			return false
		}
	}
	return true
}

// take puts one row into its cell.
func (k *cutter) take(row int) {
	key := Key(k.label(row, k.plan.Key))
	if first, repeated := k.seen[key]; repeated && key != "" {
		k.report(row, k.plan.Key, "frame.duplicate_key", "key", string(key), "first", first+2)
		return
	}
	k.seen[key] = row
	_, certain := k.certain[key]
	if certain {
		k.certain[key] = true
	}
	parent := Key("")
	if k.plan.ParentKey != "" {
		parent = Key(k.label(row, k.plan.ParentKey))
		if k.parent != nil && !k.parent.drawn(parent) {
			return
		}
	}
	c := k.cell(cellName{parent, k.stratum(row)})
	c.units = append(c.units, unit{row: row, size: k.size(row, key), certain: certain})
}

// label returns a value that identifies: it must be given, and must not hold
// the separator of labels.
func (k *cutter) label(row int, column string) string {
	value := k.frame.Value(row, column)
	switch {
	case missing(value):
		k.report(row, column, "frame.missing", "column", column)
		return ""
	case strings.Contains(value, separator):
		k.report(row, column, "frame.separator", "value", value)
	}
	return value
}

func (k *cutter) stratum(row int) Stratum {
	if len(k.plan.Strata) == 1 {
		return Stratum(k.label(row, k.plan.Strata[0]))
	}
	labels := make([]string, len(k.plan.Strata))
	for i, column := range k.plan.Strata {
		labels[i] = k.label(row, column)
	}
	return Stratum(joined(labels...))
}

func (k *cutter) cell(name cellName) *cell {
	c, ok := k.byName[name]
	if !ok {
		c = &cell{parent: name.parent, stratum: name.stratum}
		k.byName[name] = c
		k.cells = append(k.cells, c)
	}
	return c
}

// size reads a positive integer; it returns 0 after reporting anything else.
func (k *cutter) size(row int, key Key) uint64 {
	if k.plan.Size == "" {
		return 1
	}
	value := k.frame.Value(row, k.plan.Size)
	if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
		return uint64(n)
	}
	x, ok := decimal(value)
	code := ""
	switch {
	case missing(value):
		code = "frame.missing_size"
	case !ok || !x.IsInt():
		code = "frame.size_not_integer"
	case x.Sign() <= 0:
		code = "frame.size_not_positive"
	case x.Num().IsInt64(): // such as 5.0
		return x.Num().Uint64()
	default:
		code = "frame.size_too_large"
	}
	k.report(row, k.plan.Size, code, "key", string(key), "value", value)
	return 0
}

// checkPresence reports what the plan or the parent's sample names and the
// frame does not hold.
func (k *cutter) checkPresence() {
	for _, key := range k.plan.Certainty {
		if !k.certain[key] {
			k.problems = append(k.problems, fault.P("draw.certainty_unknown", "key", string(key)))
		}
	}
	if k.parent != nil {
		present := make(map[Key]bool)
		for _, c := range k.cells {
			present[c.parent] = true
		}
		for _, key := range k.parent.keys {
			if !present[key] {
				k.problems = append(k.problems, fault.P("draw.parent_without_units", "parent", string(key)))
			}
		}
	}
	if len(k.cells) == 0 && len(k.problems) == 0 {
		k.problems = append(k.problems, fault.P("draw.empty_scope"))
	}
}

// total is the sum of sizes; it may exceed 64 bits.
func total(units []unit) *big.Int {
	var sum, size big.Int
	for _, u := range units {
		sum.Add(&sum, size.SetUint64(u.size))
	}
	return &sum
}
