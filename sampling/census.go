package sampling

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"hailong/fault"
)

// maxProblems is how many problems of one draw are reported; a frame of a
// million rows with a wrong column has as many.
const maxProblems = 1000

// census is the first pass of a draw: it sorts the rows into cells and collects
// what is wrong with them.
type census struct {
	*scope
	rows     int
	certain  map[Key]bool // named in the plan; true once met
	keys     *keySet
	ordering *ordering
	scratch  Scratch
	problems []fault.Problem
}

func newCensus(f Rows, p Plan, parent *Parent, scratch Scratch) *census {
	k := &census{scope: newScope(f, p, parent), certain: make(map[Key]bool), keys: newKeySet(scratch),
		ordering: newOrdering(f, p), scratch: scratch}
	for _, key := range p.Certainty {
		k.certain[key] = false
	}
	return k
}

// take goes through the frame and returns its digest and what cannot be drawn
// from. A problem of the frame is no error of the pass.
func (k *census) take(f Rows, lines io.Writer) (digest Digest, problems error, err error) {
	defer k.keys.spool.close()
	if digest, err = f.Pass(k.row, lines); err != nil {
		return "", nil, err
	}
	if len(k.problems) < maxProblems {
		k.checkPresence()
		if err := k.findDuplicates(f); err != nil {
			return "", nil, err
		}
	}
	slices.SortStableFunc(k.problems, func(a, b fault.Problem) int { return cmp.Compare(a.Place.Row, b.Place.Row) })
	if problems = fault.Of(fault.Invalid, k.problems); problems != nil {
		return digest, problems, nil
	}
	return digest, nil, k.sort(f)
}

func (k *census) report(row int, at int, code string, pairs ...any) {
	k.problems = append(k.problems, fault.P(code, pairs...).AtRow(row+2, k.columns[at]))
}

// row takes one row.
func (k *census) row(row int, values []string) error {
	k.rows = row + 1
	if len(k.problems) >= maxProblems {
		return nil // the digest is still wanted
	}
	yes, wrong := k.fulfils(values)
	if wrong >= 0 {
		at := k.where[wrong]
		k.report(row, at, "frame.not_a_number", "key", values[k.key], "value", values[at])
	}
	if !yes {
		return nil
	}
	key := Key(values[k.key])
	if k.isLabel(row, k.key, values) {
		if err := k.keys.add(string(key)); err != nil {
			return err
		}
	}
	_, certain := k.certain[key]
	if certain {
		k.certain[key] = true
	}
	for _, at := range k.names {
		k.isLabel(row, at, values)
	}
	if k.parentDrawn(values) {
		k.unit(named{row, key}, certain, values)
	}
	return nil
}

// unit puts a row into its cell.
func (k *census) unit(u named, certain bool, values []string) {
	c := k.cell(values)
	if c == nil {
		c = k.open(u.row)
	}
	size := uint64(1)
	if k.size >= 0 {
		size = k.sizeOf(u, values[k.size])
	}
	if k.sd >= 0 {
		c.sd.see(u.row, values[k.sd])
	}
	if k.cost >= 0 {
		c.cost.see(u.row, values[k.cost])
	}
	k.ordering.see(c, values)
	c.add(size, certain, u)
}

// isLabel checks a value that identifies: it must be given, and must not hold
// the separator of labels.
func (k *census) isLabel(row, at int, values []string) bool {
	value := values[at]
	switch {
	case missing(value):
		k.report(row, at, "frame.missing", "column", k.columns[at])
		return false
	case strings.Contains(value, separator):
		k.report(row, at, "frame.separator", "value", value)
	}
	return true
}

// sizeOf reads a positive integer; it returns 0 after reporting anything else.
func (k *census) sizeOf(u named, value string) uint64 {
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
	k.report(u.row, k.size, code, "key", string(u.key), "value", value)
	return 0
}

// checkPresence reports what the plan or the parent's sample names and the
// frame does not hold.
func (k *census) checkPresence() {
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

// findDuplicates reports repeated keys; it takes a pass of its own only if
// some are suspected.
func (k *census) findDuplicates(f Rows) error {
	suspected, err := k.keys.suspicions()
	if err != nil || len(suspected) == 0 {
		return err
	}
	d := duplicates{set: k.keys, suspected: suspected, first: make(map[string]int), column: k.plan.Key}
	_, err = f.Pass(func(row int, values []string) error {
		if yes, _ := k.fulfils(values); yes && !missing(values[k.key]) {
			d.see(row, values[k.key])
		}
		return nil
	}, nil)
	k.problems = append(k.problems, d.problems...)
	return err
}

// sort puts the cells into the plan's order, on disk if the frame is not in it.
func (k *census) sort(f Rows) error {
	if !k.ordering.needsSort() {
		return nil
	}
	s := newSorter(k.scratch)
	defer s.spool.close()
	if err := k.ordering.feed(f, k.scope, s); err != nil {
		return err
	}
	for _, c := range k.cells {
		c.order = make([]uint32, 0, c.units)
	}
	return s.each(func(record []byte) {
		c := k.cells[cellOfRecord(record)]
		c.order = append(c.order, unitOfRecord(record))
	})
}
