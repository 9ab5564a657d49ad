package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"hailong/fault"
)

// headerRoom is how many rows of titles and headers a sheet may have above its
// data: the search looks no further, and the row limit leaves them out.
const headerRoom = 40

// readCSV reads delimited text. Rows are numbered as a spreadsheet would show
// them: blank lines count, the further lines of a quoted cell do not.
func readCSV(data []byte, limits Limits) (grid, error) {
	text, err := decode(data)
	if err != nil {
		return grid{}, err
	}
	g, err := readDelimited(text, limits)
	if err != nil || utf8.Valid(data) || isUTF16(data) {
		return g, err
	}
	if r := (recoder{recogniser: newRecogniser(), texts: map[string]bool{}}); !r.explains(&g) {
		return grid{}, &fault.Error{Kind: fault.Unreadable, Problems: []fault.Problem{
			fault.P("file.not_utf8").AtRow(firstBadLine(data), ""),
		}}
	}
	return g, nil
}

// explains reports whether old letters make sense of a grid.
func (r *recoder) explains(g *grid) bool {
	r.look(g)
	return r.certain()
}

// readDelimited reads text in UTF-8.
func readDelimited(text []byte, limits Limits) (grid, error) {
	text, comma := separator(text)
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	var g grid
	cells, inside, widest := 0, 0, 0 // inside: line breaks within quoted cells so far
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return grid{}, fault.Wrap(err, fault.Unreadable, "file.bad_csv")
		}
		line, _ := r.FieldPos(0)
		row := Row{Number: line - inside, Cells: make([]string, len(record))}
		widest = max(widest, len(record))
		for i, cell := range record {
			if breaks := strings.Count(cell, "\n"); breaks > 0 {
				inside += breaks
				if swallows(cell, comma, widest) {
					p := fault.P("file.open_quote", "lines", breaks).AtRow(row.Number, columnLetters(i))
					return grid{}, fault.Of(fault.Unreadable, []fault.Problem{p})
				}
			}
			row.Cells[i] = tidyRaw(cell)
		}
		if blank(row.Cells) {
			continue
		}
		cells += len(record)
		if err := limits.admit(len(g.rows)+1, len(record), cells); err != nil {
			return grid{}, err
		}
		if row.Number > lastRow {
			return grid{}, fault.New(fault.TooLarge, "file.too_many_rows", "limit", limits.Rows)
		}
		g.rows = append(g.rows, row)
	}
}

// lastRow is the last row of a spreadsheet (ECMA-376 part 1, 18.2.10 allows as many).
const lastRow = 1 << 20

// swallows reports whether a cell holds whole rows: a line of it has as many
// separators as a row. Its opening quote was never meant as one, and the rows would
// be lost unseen.
func swallows(cell string, comma rune, width int) bool {
	for line := range strings.SplitSeq(cell, "\n") {
		if width > 1 && strings.Count(line, string(comma)) >= width-1 {
			return true
		}
	}
	return false
}

// admit refuses what lies beyond the limits of rows, columns and cells.
func (l Limits) admit(rows, columns, cells int) error {
	switch {
	case rows > l.Rows+headerRoom:
		return fault.New(fault.TooLarge, "file.too_many_rows", "limit", l.Rows)
	case columns > l.Columns:
		return fault.New(fault.TooLarge, "file.too_many_columns", "limit", l.Columns)
	case cells > l.Cells:
		return fault.New(fault.TooLarge, "file.too_many_cells", "limit", l.Cells)
	}
	return nil
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
}

// decode returns the text as UTF-8 without a byte order mark. Bytes that are no
// UTF-8 are taken for Windows-1252, as a spreadsheet takes the codes of old
// fonts; whether that makes sense is for the caller to see.
func decode(data []byte) ([]byte, error) {
	if isUTF16(data) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, fault.Wrap(err, fault.Unreadable, "file.bad_utf16")
		}
		return text, nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, fault.New(fault.Unreadable, "file.is_binary")
	}
	if !utf8.Valid(data) {
		text, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return nil, fault.Wrap(err, fault.Unreadable, "file.not_utf8")
		}
		return text, nil
	}
	return data, nil
}

func firstBadLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// separator returns the delimiter: the one that Excel's first line "sep=;"
// names (the line is blanked, so that rows keep their numbers), else the one of
// comma, semicolon and tab that splits the most of the first lines into the
// same number of cells, more than one.
func separator(text []byte) ([]byte, rune) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if sep := strings.TrimRight(string(first), "\r"); len(sep) == 5 && strings.EqualFold(sep[:4], "sep=") && strings.ContainsAny(sep[4:], ",;\t") {
		return append([]byte("\n"), rest...), rune(sep[4])
	}
	best, most := ',', 0
	for _, comma := range []rune{',', ';', '\t'} {
		if n := agreement(text[:min(len(text), 64<<10)], comma); n > most {
			best, most = comma, n
		}
	}
	return text, best
}

// agreement counts the cells in the records that share the most common number
// of cells, if that is more than one.
func agreement(sample []byte, comma rune) int {
	r := csv.NewReader(bytes.NewReader(sample))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	records := map[int]int{}
	for range 200 {
		record, err := r.Read()
		if err != nil {
			break // the end of the sample, or a fault that the real reading reports
		}
		records[len(record)]++
	}
	most := 0
	for width, n := range records {
		if width > 1 {
			most = max(most, n*width)
		}
	}
	return most
}
