package sampling

import (
	"slices"
	"strings"

	"hailong/fault"
)

// header is the first row of a frame: the names of its columns.
type header struct {
	columns []string
	index   map[string]int // column name → position
}

// Columns returns the names of the columns in order.
func (h header) Columns() []string { return slices.Clone(h.columns) }

// Has reports whether the frame has the column.
func (h header) Has(column string) bool {
	_, ok := h.index[column]
	return ok
}

// newHeader brings the names to canonical form, NFC without white space around,
// and refuses those that cannot be used.
func newHeader(names []string) (header, error) {
	h := header{columns: slices.Clone(names), index: make(map[string]int, len(names))}
	if err := normalise(h.columns, 1, h.columns); err != nil {
		return header{}, err
	}
	var problems []fault.Problem
	for i, name := range h.columns {
		name = strings.TrimSpace(name)
		h.columns[i] = name
		switch _, repeated := h.index[name]; {
		case name == "":
			problems = append(problems, fault.P("frame.unnamed_column", "position", i+1).AtRow(1, ""))
		case repeated:
			problems = append(problems, fault.P("frame.repeated_column", "name", name).AtRow(1, name))
		case slices.Contains(sampleColumns, name):
			problems = append(problems, fault.P("frame.reserved_column", "name", name).AtRow(1, name))
		}
		h.index[name] = i
	}
	return h, fault.Of(fault.Invalid, problems)
}

// checkLength refuses a row with too few or too many values; row is its number
// in the file.
func (h header) checkLength(values, row int) error {
	if values == len(h.columns) {
		return nil
	}
	p := fault.P("frame.ragged", "values", values, "columns", len(h.columns)).AtRow(row, "")
	return fault.Of(fault.Invalid, []fault.Problem{p})
}
