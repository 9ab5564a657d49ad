package intake

import (
	"encoding/xml"
	"strconv"
	"strings"

	"hailong/fault"
)

// worksheet reads one sheet's cells as they stream past.
type worksheet struct {
	book *workbook
	grid grid

	row    int // number of the current row
	col    int // index of the current cell
	hidden bool
	cells  []string // of the current row
	fonts  []font   // of its cells, empty if none is an old one

	kind, style string // attributes t and s of the current cell
	text        strings.Builder
	inText      bool // inside v or t of the current cell
	phonetic    bool
	formula     bool // the current cell has a formula
}

// readSheet reads a worksheet's rows that are not blank, its merged ranges, and
// the problems of single cells.
func (w *workbook) readSheet(s sheetPart) (grid, error) {
	ws := worksheet{book: w, grid: grid{name: s.name, hidden: s.hidden}}
	err := w.each(s.part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			return ws.start(t)
		case xml.CharData:
			if ws.inText {
				ws.text.Write(t)
			}
		case xml.EndElement:
			return ws.end(t.Name.Local)
		}
		return nil
	})
	return ws.grid, err
}

func (ws *worksheet) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		return ws.startRow(e)
	case "c":
		return ws.startCell(e)
	case "f":
		ws.formula = true
	case "rPh":
		ws.phonetic = true
	case "v", "t":
		ws.inText = !ws.phonetic
	case "mergeCell":
		if m, ok := parseSpan(attr(e, "ref")); ok {
			if len(ws.grid.merges) >= ws.book.limits.Rows {
				return fault.New(fault.TooLarge, "file.too_many_merges", "limit", ws.book.limits.Rows)
			}
			ws.grid.merges = append(ws.grid.merges, m)
		}
	}
	return nil
}

func (ws *worksheet) startRow(e xml.StartElement) error {
	number := ws.row + 1
	if r := attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < number || n > lastRow {
			return fault.New(fault.Unreadable, "file.damaged")
		}
		number = n
	}
	ws.row, ws.col, ws.hidden = number, -1, truth(attr(e, "hidden"))
	ws.cells, ws.fonts = ws.cells[:0], ws.fonts[:0]
	return nil
}

func (ws *worksheet) startCell(e xml.StartElement) error {
	ws.col++
	if ref := attr(e, "r"); ref != "" {
		col, _, ok := parseRef(ref)
		if !ok || col < ws.col {
			return fault.New(fault.Unreadable, "file.damaged")
		}
		ws.col = col
	}
	ws.kind, ws.style, ws.formula = attr(e, "t"), attr(e, "s"), false
	ws.text.Reset()
	return nil
}

func (ws *worksheet) end(name string) error {
	switch name {
	case "v", "t":
		ws.inText = false
	case "rPh":
		ws.phonetic = false
	case "c":
		return ws.endCell()
	case "row":
		return ws.endRow()
	}
	return nil
}

func (ws *worksheet) endCell() error {
	text, err := ws.cellText()
	if err != nil || text == "" {
		return err
	}
	if ws.col >= ws.book.limits.Columns {
		return ws.book.limits.admit(0, ws.col+1, 0)
	}
	for len(ws.cells) < ws.col {
		ws.cells = append(ws.cells, "")
	}
	ws.cells = append(ws.cells, text)
	if f := ws.font(); f != otherFont {
		ws.fonts = append(ws.fonts, make([]font, len(ws.cells)-len(ws.fonts))...)
		ws.fonts[ws.col] = f
	}
	return nil
}

// cellText is the cell's text by its type: shared, inline or formula string,
// truth value, error, or number. What a formula left behind that is no value
// becomes a problem and an empty cell.
func (ws *worksheet) cellText() (string, error) {
	raw := ws.text.String()
	switch ws.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(ws.book.shared) {
			return "", fault.New(fault.Unreadable, "file.damaged")
		}
		return ws.book.shared[i], nil
	case "e":
		ws.report(fault.P("file.formula_error", "value", tidy(raw)))
		return "", nil
	case "b":
		if truth(raw) {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "", "n":
		if raw == "" {
			if ws.formula {
				ws.report(fault.P("file.formula_without_value"))
			}
			return "", nil
		}
		return numberText(strings.TrimSpace(raw), ws.format(), ws.book.from1904), nil
	}
	return tidyRaw(unescape(raw)), nil // str, inlineStr, d (a date as ISO 8601)
}

func (ws *worksheet) format() format {
	if i, err := strconv.Atoi(ws.style); err == nil && i >= 0 && i < len(ws.book.formats) {
		return ws.book.formats[i]
	}
	return format{}
}

// font is the old font of the current cell: that of its text, else of its style.
func (ws *worksheet) font() font {
	if ws.kind == "s" {
		if i, err := strconv.Atoi(strings.TrimSpace(ws.text.String())); err == nil && ws.book.runFonts[i] != otherFont {
			return ws.book.runFonts[i]
		}
	}
	return ws.format().font
}

// mostCellProblems bounds the problems kept of one sheet's cells; a column of
// broken formulas says the same thing in every row.
const mostCellProblems = 200

func (ws *worksheet) report(p fault.Problem) {
	if len(ws.grid.problems) < mostCellProblems {
		ws.grid.problems = append(ws.grid.problems,
			p.At(fault.Place{Sheet: ws.grid.name, Row: ws.row, Column: columnLetters(ws.col)}))
	}
}

func (ws *worksheet) endRow() error {
	if len(ws.cells) == 0 {
		return nil
	}
	ws.book.cells += len(ws.cells)
	if err := ws.book.limits.admit(len(ws.grid.rows)+1, len(ws.cells), ws.book.cells); err != nil {
		return err
	}
	row := Row{Number: ws.row, Cells: append([]string(nil), ws.cells...), Hidden: ws.hidden}
	if len(ws.fonts) > 0 {
		row.old = &oldText{fonts: append([]font(nil), ws.fonts...)}
	}
	ws.grid.rows = append(ws.grid.rows, row)
	return nil
}

// parseRef reads "AB12" as column index 27 and row 12.
func parseRef(ref string) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref) && 'A' <= ref[i] && ref[i] <= 'Z' && i < 4; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return col - 1, row, err == nil && i > 0 && row > 0
}

// parseSpan reads "B2:D5".
func parseSpan(ref string) (span, bool) {
	from, to, found := strings.Cut(ref, ":")
	if !found {
		return span{}, false
	}
	left, top, ok := parseRef(from)
	right, bottom, ok2 := parseRef(to)
	return span{top: top, left: left, bottom: bottom, right: right}, ok && ok2 && top <= bottom && left <= right
}

// columnLetters names column index 27 "AB".
func columnLetters(col int) string {
	letters := ""
	for col++; col > 0; col = (col - 1) / 26 {
		letters = string(rune('A'+(col-1)%26)) + letters
	}
	return letters
}
