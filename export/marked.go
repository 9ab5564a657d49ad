package export

import (
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
	"hailong/static"
)

// Marked is somebody's own table with its faults: what MarkedXLSX gives back to
// be corrected. Rows keep their numbers, so that "row 12" is row 12 in it too.
type Marked struct {
	Sheet     string // "" for a file without sheets; a name that Excel does not take is replaced
	HeaderRow int
	Header    []string
	Titles    iter.Seq2[int, []string] // what stands above the header, by row number
	Rows      iter.Seq2[int, []string] // what stands below it, as many cells as the header has
	Problems  []fault.Problem          // placed by row and by the header of their column
}

// marking is one Marked being written.
type marking struct {
	*book
	Marked
	stream  *excelize.StreamWriter
	columns map[string]int // by header, else by letters
	byRow   map[int][]fault.Problem
	general []fault.Problem // that name no row of the table
	widths  []float64
	styles  markStyles
}

// markStyles are the numbers of the styles of cells: by how much is wrong with
// them, of text and of dates.
type markStyles struct {
	text, date [3]int // fine, to look at, to correct
	note, head int
}

// MarkedXLSX writes the table as a workbook: every cell that is wrong red, every
// doubtful one yellow, and a last column that says what to do. A second sheet
// explains, and lists what concerns the file as a whole. Texts are typed
// strings, dates are dates. Sent in again as it is, the added column is passed
// over.
func MarkedXLSX(w io.Writer, lang static.Lang, m Marked) error {
	b, err := newBook(lang, false)
	if err != nil {
		return err
	}
	defer b.close()
	k := &marking{book: b, Marked: m}
	k.index()
	for _, step := range []func() error{k.makeStyles, k.table, k.guide} {
		if err := step(); err != nil {
			return fault.Wrap(err, fault.Internal, "export.xlsx")
		}
	}
	return b.write(w)
}

// index sorts the problems by row.
func (k *marking) index() {
	if !namesSheet(k.Sheet) {
		k.Sheet = text(k.lang, "marked_sheet")
	}
	k.columns, k.byRow = map[string]int{}, map[int][]fault.Problem{}
	for i, header := range k.Header {
		for _, name := range []string{header, letters(i)} {
			if _, taken := k.columns[name]; !taken && name != "" {
				k.columns[name] = i
			}
		}
	}
	for _, p := range k.Problems {
		if p.Place.Row > k.HeaderRow {
			k.byRow[p.Place.Row] = append(k.byRow[p.Place.Row], p)
		} else {
			k.general = append(k.general, p)
		}
	}
	for _, problems := range k.byRow {
		slices.SortStableFunc(problems, func(a, b fault.Problem) int { return gravity(b) - gravity(a) })
	}
}

// namesSheet reports whether a sheet may be called so: other programs write names that
// Excel does not take.
func namesSheet(name string) bool {
	return name != "" && len(utf16.Encode([]rune(name))) <= excelize.MaxSheetNameLength && !strings.ContainsAny(name, `:\/?*[]`) &&
		!strings.HasPrefix(name, "'") && !strings.HasSuffix(name, "'")
}

// letters names a column as spreadsheets do, from 0.
func letters(column int) string { return strings.TrimRight(cellName(column+1, 1), "1") }

// gravity is 2 for what must be corrected and 1 for what should be looked at.
func gravity(p fault.Problem) int {
	if p.Stops() {
		return 2
	}
	return 1
}

func (k *marking) makeStyles() error {
	const textFormat, dateFormat = 49, "dd/mm/yyyy"
	edges := []excelize.Border{}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		edges = append(edges, excelize.Border{Type: side, Color: "A8B2B6", Style: 1})
	}
	style := func(id *int, s excelize.Style) error {
		s.Border = edges
		s.Alignment = &excelize.Alignment{Vertical: "top", WrapText: true}
		var err error
		*id, err = k.file.NewStyle(&s)
		return err
	}
	format := dateFormat
	for i, ink := range []struct{ fill, text string }{{"", "11181C"}, {"FFF1C2", "11181C"}, {"F6C7C2", "7A120C"}} {
		s := excelize.Style{Font: &excelize.Font{Family: bookFont, Size: 11, Color: ink.text, Bold: i == 2}}
		if ink.fill != "" {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{ink.fill}}
		}
		s.NumFmt = textFormat
		if err := style(&k.styles.text[i], s); err != nil {
			return err
		}
		s.NumFmt, s.CustomNumFmt = 0, &format
		if err := style(&k.styles.date[i], s); err != nil {
			return err
		}
	}
	if err := style(&k.styles.note, excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Family: bookFont, Size: 11, Color: "7A120C"}}); err != nil {
		return err
	}
	return style(&k.styles.head, excelize.Style{Font: &excelize.Font{Family: bookFont, Size: 11, Bold: true, Color: "7A120C"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F6C7C2"}}})
}

// noteWidth is the width of the added column, in characters.
const noteWidth = 60

// table writes the sheet with the rows.
func (k *marking) table() error {
	if err := k.addSheet(k.Sheet); err != nil {
		return err
	}
	if err := k.setPage(sheetLayout{name: k.Sheet, landscape: true}); err != nil {
		return err
	}
	stream, err := k.file.NewStreamWriter(k.Sheet)
	if err != nil {
		return err
	}
	k.stream = stream
	k.measure()
	for i, width := range k.widths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: k.HeaderRow, ActivePane: "bottomLeft", TopLeftCell: cellName(1, k.HeaderRow+1)}); err != nil {
		return err
	}
	for _, part := range []func() error{k.titles, k.header, k.body, stream.Flush} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// measure makes columns as wide as their first rows need, within reason.
func (k *marking) measure() {
	const narrowest, widest, looked = 6, 36, 200
	k.widths = make([]float64, len(k.Header)+1)
	widen := func(cells []string) {
		for i, s := range cells {
			k.widths[i] = min(widest, max(k.widths[i], narrowest, float64(utf8.RuneCountInString(s)+2)))
		}
	}
	widen(k.Header)
	rows := 0
	for _, cells := range k.Rows {
		if rows++; rows > looked {
			break
		}
		widen(cells)
	}
	k.widths[len(k.Header)] = noteWidth
}

func (k *marking) titles() error {
	for number, cells := range k.Titles {
		values := make([]any, len(cells))
		for i, s := range cells {
			values[i] = s
		}
		if err := k.stream.SetRow(cellName(1, number), values); err != nil {
			return err
		}
	}
	return nil
}

func (k *marking) header() error {
	values := make([]any, 0, len(k.Header)+1)
	lines := 1.0
	for i, s := range k.Header {
		lines = max(lines, linesNeeded(s, k.widths[i]))
		values = append(values, excelize.Cell{StyleID: k.book.styles.header, Value: s})
	}
	values = append(values, excelize.Cell{StyleID: k.styles.head, Value: text(k.lang, "marked_column")})
	return k.stream.SetRow(cellName(1, k.HeaderRow), values, excelize.RowOpts{Height: 15*lines + 4})
}

func (k *marking) body() error {
	for number, cells := range k.Rows {
		if err := k.row(number, cells); err != nil {
			return err
		}
	}
	return nil
}

// row writes one row with its faults.
func (k *marking) row(number int, cells []string) error {
	problems := k.byRow[number]
	grave := make([]int, len(cells))
	for _, p := range problems {
		if i, known := k.columns[p.Place.Column]; known && i < len(cells) {
			grave[i] = max(grave[i], gravity(p))
		}
	}
	values, lines := make([]any, len(cells), len(cells)+1), 1.0
	for i, s := range cells {
		values[i] = k.cell(s, grave[i])
		lines = max(lines, linesNeeded(s, k.widths[i]))
	}
	if len(problems) == 0 {
		return k.stream.SetRow(cellName(1, number), values)
	}
	note := k.note(problems)
	noted := 0.0
	for line := range strings.SplitSeq(note, "\n") {
		noted += linesNeeded(line, noteWidth)
	}
	lines = max(lines, noted)
	values = append(values, excelize.Cell{StyleID: k.styles.note, Value: note})
	return k.stream.SetRow(cellName(1, number), values, excelize.RowOpts{Height: min(15*lines, 400)})
}

var isoDay = regexp.MustCompile(`^(?:19|20)\d\d-\d\d-\d\d$`)

// cell is a typed text, or a date that the spreadsheet shows as one.
func (k *marking) cell(s string, grave int) excelize.Cell {
	if isoDay.MatchString(s) {
		if at, err := time.Parse(time.DateOnly, s); err == nil && at.Year() > 1900 {
			return excelize.Cell{StyleID: k.styles.date[grave], Value: at}
		}
	}
	return excelize.Cell{StyleID: k.styles.text[grave], Value: s}
}

// mostNoted bounds the text of one cell.
const mostNoted = 20

// note says what is to be done with a row, a line for each fault.
func (k *marking) note(problems []fault.Problem) string {
	var lines []string
	for _, p := range problems[:min(len(problems), mostNoted)] {
		line := static.Text(k.lang, p.Code, p.Args...)
		if p.Place.Column != "" {
			line = p.Place.Column + ": " + line
		}
		if !p.Stops() {
			line = text(k.lang, "marked_look") + " " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// guide writes the sheet that explains the marks.
func (k *marking) guide() error {
	name := text(k.lang, "marked_guide")
	if strings.EqualFold(name, k.Sheet) { // case tells no sheets apart
		name += " (2)"
	}
	if err := k.addSheet(name); err != nil {
		return err
	}
	if err := k.setPage(sheetLayout{name: name}); err != nil {
		return err
	}
	if err := k.file.SetColWidth(name, "A", "A", 100); err != nil {
		return err
	}
	type line struct {
		text  string
		style int
	}
	lines := []line{{text(k.lang, "marked_title"), k.book.styles.subtitle}}
	for i, code := range []string{"marked_how", "marked_yellow", "marked_red"} {
		lines = append(lines, line{text(k.lang, code), k.styles.text[i]})
	}
	lines = append(lines, line{text(k.lang, "marked_again"), k.styles.text[0]})
	if len(k.general) > 0 {
		lines = append(lines, line{text(k.lang, "marked_general"), k.book.styles.subtitle})
	}
	for _, p := range k.general {
		p.Place.File, p.Place.Sheet = "", ""
		lines = append(lines, line{static.ProblemText(k.lang, p), k.styles.text[gravity(p)]})
	}
	for i, l := range lines {
		cell := cellName(1, i+1)
		if err := k.file.SetCellStr(name, cell, l.text); err != nil {
			return err
		}
		if err := k.file.SetCellStyle(name, cell, cell, l.style); err != nil {
			return err
		}
		if err := k.file.SetRowHeight(name, i+1, 17*linesNeeded(l.text, 92)+3); err != nil {
			return err
		}
	}
	return nil
}
