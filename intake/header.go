package intake

import (
	"slices"
	"strconv"
	"strings"
)

// groupMark joins a group header with the header under it.
const groupMark = " / "

// tallestHeader is how many rows one header may take.
const tallestHeader = 4

// layout is one reading of a grid: where its header lies and what it maps to.
type layout struct {
	first, height int // index of the header's first row, and how many rows it has
	mapping       Mapping
}

// fields counts what the layout recognised.
func (l layout) fields() int { return len(l.mapping.Fields) + len(l.mapping.Ambiguous) }

// complete reports whether every required column was found.
func (l layout) complete() bool { return len(l.mapping.Missing) == 0 }

// better orders layouts: complete ones first, then those that recognise more,
// then the earlier and the shorter header.
func (l layout) better(than layout) bool {
	if l.complete() != than.complete() {
		return l.complete()
	}
	return l.fields() > than.fields()
}

// layout finds the header of a grid, titles above it passed over: of all rows
// near the top, alone or with the rows below that merged cells or a group
// header add, the one that recognises the most. If headerRow is not 0 the header
// starts there.
func (g *grid) layout(columns []Column, headerRow int) layout {
	names := spellings(columns)
	best := layout{mapping: names.match(nil, columns)}
	for i := range g.rows[:min(len(g.rows), headerRoom)] {
		if headerRow != 0 && g.rows[i].Number != headerRow {
			continue
		}
		for _, height := range g.heights(i) {
			l := layout{first: i, height: height, mapping: names.match(g.header(i, height), columns)}
			if best.height == 0 || l.better(best) {
				best = l
			}
		}
	}
	return best
}

// heights lists how many rows a header starting at row i may have: what its
// vertically merged cells say, else one, or two if the next row can be the lower
// half.
func (g *grid) heights(i int) []int {
	number := g.rows[i].Number
	bottom := number
	for _, m := range g.merges {
		if m.top == number {
			bottom = max(bottom, m.bottom)
		}
	}
	if bottom > number && bottom < number+tallestHeader {
		tall := 1
		for i+tall < len(g.rows) && g.rows[i+tall].Number <= bottom {
			tall++
		}
		return []int{tall}
	}
	if i+1 == len(g.rows) || g.rows[i+1].Number != number+1 {
		return []int{1}
	}
	switch next := g.rows[i+1].Cells; {
	case bracketed(next) && !numbering(next):
		return []int{2}
	case lowerHalf(g.rows[i].Cells, next) && !title(g.rows[i].Cells, next):
		return []int{1, 2}
	}
	return []int{1}
}

// bracketed reports whether a row only gives units: (km²), (người).
func bracketed(cells []string) bool {
	for _, text := range cells {
		if text != "" && !(strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")")) {
			return false
		}
	}
	return !blank(cells)
}

// lowerHalf tells sub-headers from the first row of data: under a header that
// is no group header, one with nothing to its right, sub-headers leave a blank
// or give a unit in brackets.
func lowerHalf(upper, lower []string) bool {
	at := func(cells []string, col int) string {
		if col < len(cells) {
			return cells[col]
		}
		return ""
	}
	for col, text := range lower {
		group := at(upper, col+1) == "" && at(lower, col+1) != ""
		if text != "" && at(upper, col) != "" && !group {
			return false
		}
	}
	return true
}

// header joins the rows i to i+height−1 into one text a column.
func (g *grid) header(i, height int) []string {
	levels := make([][]string, height)
	width := 0
	for k := range levels {
		levels[k] = slices.Clone(g.rows[i+k].Cells)
		width = max(width, len(levels[k]))
	}
	for k := range levels {
		levels[k] = slices.Grow(levels[k], width-len(levels[k]))[:width]
		g.spread(levels[k], g.rows[i+k].Number)
	}
	for k := range height - 1 {
		if title(levels[k], levels[k+1]) {
			clear(levels[k])
		}
	}
	header := make([]string, width)
	for col := range header {
		for k := range levels {
			if k+1 < height && levels[k][col] == "" && col > 0 && levels[k+1][col] != "" {
				levels[k][col] = levels[k][col-1] // a group header without merged cells, as in CSV
			}
			part := levels[k][col]
			if part != "" && part != header[col] {
				header[col] = strings.TrimPrefix(header[col]+groupMark+part, groupMark)
			}
		}
	}
	return header
}

// title tells a title from a group header: it is the only text of its row and
// begins over the first column, which has a header of its own below.
func title(upper, lower []string) bool {
	for _, text := range upper[1:] {
		if text != "" && text != upper[0] {
			return false
		}
	}
	return len(lower) > 1 && upper[0] != "" && lower[0] != "" && lower[1] != "" && !bracketed(lower)
}

// spread copies the text of cells merged across to the cells they cover.
func (g *grid) spread(cells []string, row int) {
	for _, m := range g.merges {
		if m.top != row || m.left >= len(cells) {
			continue
		}
		for col := m.left + 1; col <= m.right && col < len(cells); col++ {
			cells[col] = cells[m.left]
		}
	}
}

// numbering reports whether a row only numbers the columns, as printed forms
// do under their header: 1, 2, 3 or (1), (2), (3), perhaps after A, B.
func numbering(cells []string) bool {
	next, seen := 1, 0
	for _, cell := range cells {
		text := strings.Trim(cell, "()[] ")
		if text == "" {
			continue
		}
		seen++
		if next == 1 && len(text) == 1 && 'A' <= text[0] && text[0] <= 'Z' {
			continue
		}
		if text != strconv.Itoa(next) {
			return false
		}
		next++
	}
	return seen >= 3 && next > 2
}
