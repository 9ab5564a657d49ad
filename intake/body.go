package intake

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"hailong/fault"
)

// sheet cuts a grid into header and rows by a layout.
func (g *grid) sheet(l layout, chosen map[int]Encoding) Sheet {
	s := Sheet{Name: g.name, HeaderRow: g.rows[l.first].Number, Header: l.mapping.Header, Mapping: l.mapping, Titles: g.rows[:l.first]}
	s.HeaderEnd = g.rows[l.first+l.height-1].Number
	added := s.dropAdded()
	s.Recoded = g.recoded(l.first, len(s.Header))
	s.adopt(g.problems)
	s.reportRecoded()
	body := g.rows[l.first+l.height:]
	if len(body) > 0 && numbering(body[0].Cells) {
		s.report(fault.P("file.numbering_row").Warn(), body[0].Number, "")
		body = body[1:]
	}
	s.addRows(body, l.height == 1, added)
	s.fillDown(g.merges)
	s.countHidden()
	s.checkLetters(chosen)
	return s
}

// dropAdded forgets the columns at the end that the program itself added to a
// workbook in which it marked faults, and returns how many they were.
func (s *Sheet) dropAdded() int {
	width := len(s.Header)
	for width > 0 && slices.Contains(AddedColumns, s.Header[width-1]) {
		width--
	}
	added := len(s.Header) - width
	s.Header = s.Header[:width]
	s.Mapping.Header = s.Header
	maps.DeleteFunc(s.Mapping.Fields, func(_ string, col int) bool { return col >= width })
	return added
}

// adopt takes over the problems of single cells: those in columns that no field
// uses, or above the header, as warnings.
func (s *Sheet) adopt(problems []fault.Problem) {
	used := s.Mapping.used()
	for _, p := range problems {
		col, _, ok := parseRef(p.Place.Column + "1")
		if !ok || p.Place.Row < s.HeaderRow || col >= len(used) || !used[col] {
			p = p.Warn()
		}
		s.Problems = append(s.Problems, p)
	}
}

func (s *Sheet) report(p fault.Problem, row int, column string) {
	s.Problems = append(s.Problems, p.At(fault.Place{Sheet: s.Name, Row: row, Column: column}))
}

// addRows copies the rows below the header, each as wide as the header. A
// header printed again on a later page is left out, text to the right of the
// header too, but for the columns added by the program; both are reported.
func (s *Sheet) addRows(body []Row, oneLine bool, added int) {
	width := len(s.Header)
	s.Rows = make([]Row, 0, len(body))
	cells := make([]string, width*len(body)) // one piece of memory for all rows
	beyond := 0
	for _, row := range body {
		mine := cells[:width:width]
		cells = cells[width:]
		if n := copy(mine, row.Cells); n+added < len(row.Cells) {
			if beyond++; beyond == 1 {
				s.report(fault.P("file.cells_beyond_header").Warn(), row.Number, columnLetters(width))
			}
		}
		if oneLine && slices.Equal(mine, s.Header) {
			s.report(fault.P("file.header_repeated").Warn(), row.Number, "")
			continue
		}
		if blank(mine) {
			continue
		}
		s.Rows = append(s.Rows, Row{Number: row.Number, Cells: mine, Hidden: row.Hidden})
	}
}

// checkLetters reports cells of the fields whose letters were lost in an earlier conversion,
// and text that looks typed for an old font in columns whose encoding nobody has
// chosen: from three cells on as an error, since fewer may be foreign names.
func (s *Sheet) checkLetters(chosen map[int]Encoding) {
	old, first := 0, fault.Place{}
	used := s.Mapping.used()
	for _, row := range s.Rows {
		for col, text := range row.Cells {
			switch {
			case isASCII(text) || !used[col]:
			case strings.ContainsRune(text, unicode.ReplacementChar) && len(s.Problems) < mostCellProblems:
				s.report(fault.P("file.lost_letters"), row.Number, s.columnName(col))
			case chosen[col] == "" && oldFont(text):
				if old++; old == 1 {
					first = fault.Place{Sheet: s.Name, Row: row.Number, Column: s.columnName(col)}
				}
			}
		}
	}
	if old == 0 {
		return
	}
	p := fault.P("file.old_font", "cells", old).At(first)
	if old < 3 {
		p = p.Warn()
	}
	s.Problems = append(s.Problems, p)
}

// fillDown copies the text of cells merged over several rows to each of the
// rows, as the reader sees it, and reports it once a column. Cells merged across
// keep their text in the first column only: it belongs to no other.
func (s *Sheet) fillDown(merges []span) {
	filled := make([]int, len(s.Header))
	first := make([]int, len(s.Header))
	for _, m := range merges {
		if m.left >= len(s.Header) || m.bottom == m.top {
			continue
		}
		from, found := slices.BinarySearchFunc(s.Rows, m.top, func(r Row, n int) int { return r.Number - n })
		if !found || s.Rows[from].Cells[m.left] == "" {
			continue
		}
		for i := from + 1; i < len(s.Rows) && s.Rows[i].Number <= m.bottom && s.Rows[i].Cells[m.left] == ""; i++ {
			s.Rows[i].Cells[m.left] = s.Rows[from].Cells[m.left]
			if filled[m.left]++; filled[m.left] == 1 {
				first[m.left] = s.Rows[i].Number
			}
		}
	}
	for col, n := range filled {
		if n > 0 {
			s.report(fault.P("file.merged_filled", "cells", n).Warn(), first[col], s.columnName(col))
		}
	}
}

func (s *Sheet) columnName(col int) string {
	if s.Header[col] != "" {
		return s.Header[col]
	}
	return columnLetters(col)
}

func (s *Sheet) countHidden() {
	hidden, first := 0, 0
	for _, row := range s.Rows {
		if row.Hidden {
			if hidden++; hidden == 1 {
				first = row.Number
			}
		}
	}
	if hidden > 0 {
		s.report(fault.P("file.hidden_rows", "rows", hidden).Warn(), first, "")
	}
}
