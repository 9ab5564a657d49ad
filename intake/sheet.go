package intake

import (
	"iter"
	"slices"

	"hailong/fault"
)

// Sheet is a table as it was understood: one header text a column, and the rows
// below it.
type Sheet struct {
	Name      string
	HeaderRow int // number of the header's first row
	HeaderEnd int // and of its last
	Header    []string
	Mapping   Mapping
	Rows      []Row
	Titles    []Row           // what stands above the header
	Recoded   []Recoded       // columns with cells in old encodings
	Problems  []fault.Problem // what was filled, skipped or unreadable, all placed
}

// Want is what a caller looks for in a file. Only Columns is needed.
type Want struct {
	Columns   []Column
	Sheet     string         // a sheet by name, hidden or not; "" to choose among those shown
	HeaderRow int            // the number of the header's first row; 0 to find it
	Override  map[string]int // field → column index as the user chose, -1 for none

	Encodings map[int]Encoding // column index → how the user says it is to be read
}

// Find chooses the sheet that has the required columns, finds its header and
// maps it. It is an error of kind Invalid if no sheet shown has them (the
// sheets and the columns are listed), if several do (name one in Want.Sheet), or
// if two columns could be the same field (choose in Want.Override).
func (b *Book) Find(want Want) (Sheet, error) {
	f, err := b.choose(want)
	if err != nil {
		return Sheet{}, err
	}
	if err := f.ambiguity(want.Columns, f.name); err != nil {
		return Sheet{}, err
	}
	below := len(f.rows) - f.first - f.height
	if below > b.limits.Rows {
		return Sheet{}, inSheet(fault.New(fault.TooLarge, "file.too_many_rows", "limit", b.limits.Rows), f.name)
	}
	if err := b.limits.admit(0, 0, below*len(f.mapping.Header)); err != nil {
		return Sheet{}, inSheet(err, f.name)
	}
	s := f.sheet(f.layout, want.Encodings)
	if len(s.Rows) == 0 {
		return Sheet{}, inSheet(fault.New(fault.Invalid, "file.no_rows_below_header"), f.name)
	}
	return s, nil
}

// fit is a grid with its layout.
type fit struct {
	*grid
	layout
}

// choose returns the one grid that fits. A grid that has the header but no
// rows, such as an empty form beside the filled one, fits only if no other does.
func (b *Book) choose(want Want) (fit, error) {
	var fitting, empty []fit
	var nearest layout
	for _, g := range b.eligible(want.Sheet) {
		g = g.force(want.Encodings)
		l := g.layout(want.Columns, want.HeaderRow)
		l.mapping = l.mapping.override(want.Override, want.Columns)
		switch {
		case l.complete() && l.first+l.height < len(g.rows):
			fitting = append(fitting, fit{g, l})
		case l.complete():
			empty = append(empty, fit{g, l})
		case nearest.height == 0 || l.better(nearest):
			nearest = l
		}
	}
	if len(fitting) == 0 {
		fitting = empty
	}
	switch len(fitting) {
	case 0:
		return fit{}, b.noneFits(want, nearest)
	case 1:
		return fitting[0], nil
	}
	names := make([]string, len(fitting))
	for i, f := range fitting {
		names[i] = f.name
	}
	return fit{}, fault.New(fault.Invalid, "file.several_sheets", "sheets", names)
}

// eligible lists the grids that may be chosen.
func (b *Book) eligible(name string) []*grid {
	var grids []*grid
	for i := range b.grids {
		g := &b.grids[i]
		if name == "" && !g.hidden && len(g.rows) > 0 || name != "" && g.name == name {
			grids = append(grids, g)
		}
	}
	return grids
}

// noneFits explains why no sheet was chosen.
func (b *Book) noneFits(want Want, nearest layout) error {
	var shown, hidden []string
	for i := range b.grids {
		g := &b.grids[i]
		if !g.hidden {
			shown = append(shown, g.name)
		} else if l := g.layout(want.Columns, want.HeaderRow); l.complete() {
			hidden = append(hidden, g.name)
		}
	}
	eligible := b.eligible(want.Sheet)
	switch {
	case len(eligible) == 0:
		return fault.New(fault.Invalid, "file.no_such_sheet", "sheet", want.Sheet, "sheets", shown)
	case len(hidden) > 0:
		return fault.New(fault.Invalid, "file.sheet_hidden", "sheets", hidden)
	case eligible[0].oldHeader():
		return inSheet(fault.New(fault.Invalid, "file.old_font_header"), eligible[0].name)
	case len(eligible) > 1:
		return fault.New(fault.Invalid, "file.no_matching_sheet", "sheets", shown, "columns", labels(nearest.mapping.Missing))
	case nearest.fields() == 0:
		return inSheet(fault.New(fault.Invalid, "file.no_header", "columns", labels(nearest.mapping.Missing)), eligible[0].name)
	}
	p := fault.P("file.missing_columns", "columns", labels(nearest.mapping.Missing), "header", named(nearest.mapping.Header))
	p = p.At(fault.Place{Sheet: eligible[0].name, Row: eligible[0].rows[nearest.first].Number})
	return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{p}}
}

// oldHeader reports whether the top of a grid is typed for an old font.
func (g *grid) oldHeader() bool {
	for _, row := range g.rows[:min(len(g.rows), headerRoom)] {
		if slices.ContainsFunc(row.Cells, oldFont) {
			return true
		}
	}
	return false
}

// named drops the columns without a header.
func named(header []string) []string {
	return slices.DeleteFunc(slices.Clone(header), func(text string) bool { return text == "" })
}

// ambiguity is the error of a header in which several columns could be one
// field, or nil.
func (l layout) ambiguity(columns []Column, sheet string) error {
	var problems []fault.Problem
	for _, c := range columns {
		var found []string
		for _, i := range l.mapping.Ambiguous[c.Field] {
			found = append(found, columnLetters(i)+" ("+l.mapping.Header[i]+")")
		}
		if len(found) > 0 {
			problems = append(problems, fault.P("file.ambiguous_column", "column", c.Label(), "found", found).At(fault.Place{Sheet: sheet}))
		}
	}
	return fault.Of(fault.Invalid, problems)
}

// Records yields each row's number and its cells by field. Fields without a
// column are absent; an empty cell is "".
func (s Sheet) Records() iter.Seq2[int, map[string]string] {
	return func(yield func(int, map[string]string) bool) {
		for _, row := range s.Rows {
			record := make(map[string]string, len(s.Mapping.Fields))
			for field, col := range s.Mapping.Fields {
				record[field] = row.Cells[col]
			}
			if !yield(row.Number, record) {
				return
			}
		}
	}
}

// Numbered yields the cells of rows by their number.
func Numbered(rows []Row) iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		for _, row := range rows {
			if !yield(row.Number, row.Cells) {
				return
			}
		}
	}
}

// Headers returns the header by field, for what only a header says.
func (s Sheet) Headers() map[string]string {
	headers := make(map[string]string, len(s.Mapping.Fields))
	for field, col := range s.Mapping.Fields {
		headers[field] = s.Header[col]
	}
	return headers
}

// Locate returns problems found in the records as problems of this sheet: with
// its name, and columns named by their header in the file instead of the field.
func (s Sheet) Locate(problems []fault.Problem) []fault.Problem {
	located := slices.Clone(problems)
	for i := range located {
		place := &located[i].Place
		place.Sheet = s.Name
		if col, ok := s.Mapping.Fields[place.Column]; ok {
			place.Column = s.columnName(col)
		}
	}
	return located
}
