package intake

import (
	"slices"
	"strings"

	"hailong/fault"
)

// oldText is what a row was before its old letters were read: its raw cells, and
// their fonts where one is an old one.
type oldText struct {
	raw   []string
	fonts []font
}

// raw is a cell as the file has it.
func (r Row) raw(col int) string {
	if r.old != nil && r.old.raw != nil {
		return r.old.raw[col]
	}
	return r.Cells[col]
}

func (r Row) font(col int) font {
	if r.old != nil && col < len(r.old.fonts) {
		return r.old.fonts[col]
	}
	return otherFont
}

// Recoded tells of a column whose cells were read in an old encoding.
type Recoded struct {
	Column   int
	Encoding Encoding // that of most of them
	Cells    int
	Row      int         // of the first
	Last     int         // row of the last
	Examples [][2]string // up to three texts of the file, and as what they were read
}

// mostExamples is how many examples of a column are shown.
const mostExamples = 3

// evidence counts the cells that make sense in one encoding only.
type evidence [3]int // in the order of Encodings

func (v *evidence) add(r readings) {
	for i, e := range Encodings {
		if r.only(e) {
			v[i]++
		}
	}
}

// strongest is the encoding, of those in a set, with the most evidence: "" if
// there is none for any.
func (v evidence) strongest(among readings) Encoding {
	best, most := Encoding(""), 0
	for i, e := range Encodings {
		if among.has(e) && v[i] > most {
			best, most = e, v[i]
		}
	}
	return best
}

// recoder is what the cells of a grid say of their encodings.
type recoder struct {
	recogniser
	columns []evidence
	sheet   evidence
	texts   map[string]bool // texts that only an old encoding explains
	sets    []readings      // of the cells of the current row
	hinted  bool            // an old font is among the cells' fonts
}

// recode reads the old letters of a grid in place, each cell by what it can be,
// else by its row, its column and the sheet. The raw cells are kept.
func (g *grid) recode() {
	r := recoder{recogniser: newRecogniser(), texts: map[string]bool{}}
	r.look(g)
	for i := range g.rows {
		if r.certain() {
			r.row(&g.rows[i])
		}
		for col, text := range g.rows[i].Cells {
			if strings.ContainsRune(text, softHyphen) {
				g.rows[i].Cells[col] = tidy(text)
			}
		}
	}
}

// softHyphen is ư in VN3 and nothing anywhere else, so it stays until the
// encoding is known.
const softHyphen = '\u00AD'

// look gathers the evidence of all cells.
func (r *recoder) look(g *grid) {
	for _, row := range g.rows {
		for col, text := range row.Cells {
			for len(r.columns) <= col {
				r.columns = append(r.columns, evidence{})
			}
			set := r.of(row, col, text)
			r.columns[col].add(set)
			r.sheet.add(set)
			if set != 0 && !set.has(Unicode) && len(r.texts) < 2 {
				r.texts[text] = true
			}
			r.hinted = r.hinted || row.font(col) != otherFont && set.only(row.font(col).encoding())
		}
	}
}

// certain reports whether there is enough to read anything as old letters: a
// font, or two different texts that make no sense otherwise. One alone may be a
// foreign name.
func (r *recoder) certain() bool { return r.hinted || len(r.texts) > 1 }

// of is what a cell can be; its font decides between several.
func (r *recoder) of(row Row, col int, text string) readings {
	set := r.readings(text)
	if e := row.font(col).encoding(); e != Unicode && set.has(e) {
		return reading(e)
	}
	return set
}

// row reads the cells of one row.
func (r *recoder) row(row *Row) {
	var mine evidence
	r.sets = r.sets[:0]
	for col, text := range row.Cells {
		set := r.of(*row, col, text)
		mine.add(set)
		r.sets = append(r.sets, set)
	}
	for col, text := range row.Cells {
		f := row.font(col)
		if isASCII(text) && f != abcCapital {
			continue
		}
		read := f.decode(r.encoding(*row, col, mine), text)
		if read == text {
			continue
		}
		if row.old == nil {
			row.old = &oldText{}
		}
		if row.old.raw == nil {
			row.old.raw = slices.Clone(row.Cells)
		}
		row.Cells[col] = tidy(read)
	}
}

// encoding decides how one cell is read.
func (r *recoder) encoding(row Row, col int, mine evidence) Encoding {
	text, hint, set := row.Cells[col], row.font(col).encoding(), r.sets[col]
	switch {
	case isASCII(text):
		return hint
	case beyondOldFonts(text):
		return Unicode
	case set == 0 && hint != Unicode:
		return hint
	}
	among := set
	if set == 0 { // no word for word sense in any: a foreign name, a slip of the hand
		among = ^readings(0)
	}
	for _, v := range []evidence{mine, r.columns[col], r.sheet} {
		e := v.strongest(among)
		if e == "" {
			continue
		}
		if set == 0 && !r.improves(e, text) {
			return Unicode
		}
		return e
	}
	return Unicode
}

// improves reports whether a reading makes more sense of a text than leaving it.
func (r *recoder) improves(e Encoding, text string) bool {
	before, _ := r.judge(text)
	after, _ := r.judge(e.Decode(text))
	return after < before
}

// force returns the grid with columns read in the encodings that the user chose.
func (g *grid) force(chosen map[int]Encoding) *grid {
	if len(chosen) == 0 {
		return g
	}
	forced := *g
	forced.rows = slices.Clone(g.rows)
	for i := range forced.rows {
		row := &forced.rows[i]
		old := oldText{raw: make([]string, len(row.Cells))}
		for col := range row.Cells {
			old.raw[col] = row.raw(col)
		}
		if row.old != nil {
			old.fonts = row.old.fonts
		}
		row.Cells = slices.Clone(row.Cells)
		for col, e := range chosen {
			if col < 0 || col >= len(row.Cells) {
				continue
			}
			row.Cells[col] = old.raw[col]
			if !beyondOldFonts(old.raw[col]) {
				row.Cells[col] = row.font(col).decode(e, old.raw[col])
			}
			row.Cells[col] = tidy(row.Cells[col])
		}
		row.old = &old
	}
	return &forced
}

// recoded tells which columns hold cells that were read in an old encoding, from
// the first row of the header on.
func (g *grid) recoded(first, width int) []Recoded {
	columns := make([]Recoded, width)
	for _, row := range g.rows[first:] {
		if row.old == nil || row.old.raw == nil {
			continue
		}
		for col := range min(width, len(row.Cells)) {
			before, after := row.old.raw[col], row.Cells[col]
			if before == after || after == tidy(before) {
				continue
			}
			c := &columns[col]
			c.Last = row.Number
			if c.Cells++; c.Cells == 1 {
				c.Column, c.Row = col, row.Number
			}
			if example := [2]string{before, after}; len(c.Examples) < mostExamples && !slices.Contains(c.Examples, example) {
				c.Examples = append(c.Examples, example)
				c.Encoding = encodingOf(before, after)
			}
		}
	}
	return slices.DeleteFunc(columns, func(c Recoded) bool { return c.Cells == 0 })
}

// encodingOf tells which encoding makes one text of another.
func encodingOf(before, after string) Encoding {
	if strings.EqualFold(tidy(VNI.Decode(before)), after) {
		return VNI
	}
	return TCVN3
}

// recodedCodes are the problems that tell of a column by its encoding.
var recodedCodes = map[Encoding]string{TCVN3: "file.recoded_tcvn3", VNI: "file.recoded_vni"}

// reportRecoded notes every column whose cells were read in an old encoding, so
// that nothing is converted unseen. Columns of which only the header was are
// noted if there are no others: the header is shown anyway.
func (s *Sheet) reportRecoded() {
	used := s.Mapping.used()
	data := slices.ContainsFunc(s.Recoded, func(c Recoded) bool { return used[c.Column] && c.Last > s.HeaderEnd })
	for _, c := range s.Recoded {
		if !used[c.Column] || data && c.Last <= s.HeaderEnd {
			continue
		}
		examples := make([]string, len(c.Examples))
		for i, e := range c.Examples {
			examples[i] = "“" + e[0] + "” → “" + e[1] + "”"
		}
		s.report(fault.P(recodedCodes[c.Encoding], "cells", c.Cells, "examples", examples).Warn(), c.Row, s.columnName(c.Column))
	}
}
