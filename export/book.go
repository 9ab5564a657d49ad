package export

import (
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
	"hailong/static"
)

// book is a workbook being written, sheet after sheet, row after row.
type book struct {
	file      *excelize.File
	lang      static.Lang
	simulated bool
	styles    bookStyles
	sheets    int
}

// bookStyles are the numbers of the workbook's cell styles.
type bookStyles struct {
	title, subtitle, fact, mark, header, text, clipped, whole, decimal int
}

// column is one column of a table: the code of its heading, and its width in
// characters. The heading of a quantity that has one symbol in every language is
// that symbol.
type column struct {
	code   string
	width  float64
	symbol string
}

func (c column) heading(lang static.Lang) string {
	if c.symbol != "" {
		return c.symbol
	}
	return text(lang, c.code)
}

// sheetLayout is what stands above a table and how it is printed.
type sheetLayout struct {
	name      string
	columns   []column
	heading   []string // the title, then lines below it
	facts     []string
	landscape bool
}

// bookFont is the typeface that administrative papers are set in.
const bookFont = "Times New Roman"

func newBook(lang static.Lang, simulated bool) (*book, error) {
	b := &book{file: excelize.NewFile(), lang: lang, simulated: simulated}
	if err := b.makeStyles(); err != nil {
		b.close()
		return nil, fault.Wrap(err, fault.Internal, "export.xlsx")
	}
	return b, nil
}

func (b *book) makeStyles() error {
	const textFormat, wholeFormat, decimalFormat = 49, 1, 2 // built-in: "@", "0", "0.00"
	var edges []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		edges = append(edges, excelize.Border{Type: side, Color: "A8B2B6", Style: 1})
	}
	font := func(size float64, strong bool, ink string) *excelize.Font {
		return &excelize.Font{Family: bookFont, Size: size, Bold: strong, Color: ink}
	}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.styles.title, excelize.Style{Font: font(14, true, "11181C"), Alignment: middle}},
		{&b.styles.subtitle, excelize.Style{Font: font(12, true, "11181C"), Alignment: middle}},
		{&b.styles.fact, excelize.Style{Font: font(11, false, "11181C"), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&b.styles.mark, excelize.Style{Font: font(12, true, "A3211B"), Alignment: middle}},
		{&b.styles.header, excelize.Style{Font: font(11, true, "11181C"), Alignment: middle, Border: edges,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E3F0EE"}}}},
		{&b.styles.text, excelize.Style{Font: font(11, false, "11181C"), NumFmt: textFormat, Border: edges,
			Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&b.styles.clipped, excelize.Style{Font: font(11, false, "11181C"), NumFmt: textFormat, Border: edges,
			Alignment: &excelize.Alignment{Horizontal: "fill", Vertical: "top"}}}, // long digests, on one line
		{&b.styles.whole, excelize.Style{Font: font(11, false, "11181C"), NumFmt: wholeFormat, Border: edges,
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top"}}},
		{&b.styles.decimal, excelize.Style{Font: font(11, false, "11181C"), NumFmt: decimalFormat, Border: edges,
			Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "top"}}},
	} {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

// words is a cell that stays text whatever it begins with: its type is string
// and its format is text, so that editing does not make it a formula either.
func (b *book) words(s string) excelize.Cell { return excelize.Cell{StyleID: b.styles.text, Value: s} }

func (b *book) whole(n int) excelize.Cell { return excelize.Cell{StyleID: b.styles.whole, Value: n} }

// blank is a cell without a value, with the table's edges.
func (b *book) blank() excelize.Cell { return excelize.Cell{StyleID: b.styles.text, Value: nil} }

// write writes the workbook.
func (b *book) write(w io.Writer) error {
	b.file.SetActiveSheet(0)
	if err := b.file.Write(w); err != nil {
		return fault.Wrap(err, fault.Internal, "export.write")
	}
	return nil
}

// close frees the temporary files of long sheets. Nothing is lost if it fails:
// the workbook has been written by then.
func (b *book) close() { _ = b.file.Close() }

// table is one sheet being written. The first error is kept and returned by end.
type table struct {
	*book
	stream *excelize.StreamWriter
	layout sheetLayout
	next   int // row
	err    error
}

// sheet begins a sheet: page, title block, heading row.
func (b *book) sheet(layout sheetLayout) *table {
	t := &table{book: b, layout: layout, next: 1}
	t.err = b.addSheet(layout.name)
	t.try(func() error { return b.setPage(layout) })
	t.try(func() (err error) { t.stream, err = b.file.NewStreamWriter(layout.name); return err })
	t.widths()
	t.try(func() error {
		header := t.headerRow()
		return t.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: header, ActivePane: "bottomLeft",
			TopLeftCell: cellName(1, header+1)})
	})
	t.titleBlock()
	t.columnHeads()
	return t
}

func (t *table) try(step func() error) {
	if t.err == nil {
		t.err = step()
	}
}

func (b *book) addSheet(name string) error {
	b.sheets++
	if b.sheets == 1 {
		return b.file.SetSheetName(b.file.GetSheetName(0), name)
	}
	_, err := b.file.NewSheet(name)
	return err
}

// setPage makes the sheet an A4 page as wide as the table, with the mark of a
// simulated round and the page number on every page.
func (b *book) setPage(layout sheetLayout) error {
	paper, orientation, wide, high, fit := 9, "portrait", 1, 0, true
	if layout.landscape {
		orientation = "landscape"
	}
	if err := b.file.SetSheetProps(layout.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(layout.name, &excelize.PageLayoutOptions{
		Size: &paper, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	side, edge, foot := 0.5, 0.7, 0.3 // inches
	if err := b.file.SetPageMargins(layout.name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &edge, Bottom: &edge, Header: &foot, Footer: &foot}); err != nil {
		return err
	}
	marks := &excelize.HeaderFooterOptions{OddFooter: "&C" + text(b.lang, "page", "page", "&P", "pages", "&N")}
	if b.simulated {
		marks.OddHeader = "&C&B" + text(b.lang, "simulated")
	}
	return b.file.SetHeaderFooter(layout.name, marks)
}

func (t *table) widths() {
	for i, c := range t.layout.columns {
		t.try(func() error { return t.stream.SetColWidth(i+1, i+1, c.width) })
	}
}

// headerRow is the row of the column headings: below the title block and, if
// the round is simulated, its mark.
func (t *table) headerRow() int {
	rows := len(t.layout.heading) + len(t.layout.facts) + 1
	if t.simulated {
		rows++
	}
	return rows
}

// titleBlock writes the lines above the table, each across its whole width.
func (t *table) titleBlock() {
	for i, line := range t.layout.heading {
		style, height := t.styles.subtitle, 18.0
		if i == 0 {
			style, height = t.styles.title, 24
		}
		t.across(line, style, height)
	}
	if t.simulated {
		t.across(text(t.lang, "simulated"), t.styles.mark, 18)
	}
	for _, line := range t.layout.facts {
		t.across(line, t.styles.fact, 16)
	}
}

// across writes one merged line; merged cells do not grow with their text, so
// the height allows for as many lines as the text needs.
func (t *table) across(line string, style int, height float64) {
	wide := 0.0
	for _, c := range t.layout.columns {
		wide += c.width
	}
	height *= linesNeeded(line, wide)
	row := t.next
	t.put([]any{excelize.Cell{StyleID: style, Value: line}}, excelize.RowOpts{Height: height})
	if len(t.layout.columns) > 1 {
		t.try(func() error { return t.stream.MergeCell(cellName(1, row), cellName(len(t.layout.columns), row)) })
	}
}

// columnHeads writes the heading row, which is repeated on every printed page.
func (t *table) columnHeads() {
	row := t.next
	cells := make([]excelize.Cell, len(t.layout.columns))
	for i, c := range t.layout.columns {
		cells[i] = excelize.Cell{StyleID: t.styles.header, Value: c.heading(t.lang)}
	}
	t.row(cells...)
	t.define("_xlnm.Print_Titles", "$"+strconv.Itoa(row)+":$"+strconv.Itoa(row))
}

// cellName is the reference of a cell, both counted from 1: columns and rows
// here are always within the limits of a sheet.
func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err)
	}
	return name
}

// linesNeeded estimates how many lines a text takes in a cell so many
// characters wide; a little too many is better than text cut off.
func linesNeeded(s string, width float64) float64 {
	return 1 + math.Floor(1.05*float64(utf8.RuneCountInString(s))/width)
}

// row writes one row of the table, as high as its longest text: not every
// program that opens the workbook fits the heights itself.
func (t *table) row(cells ...excelize.Cell) {
	const lineHeight = 15 // points
	lines := 1.0
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = c
		if s, ok := c.Value.(string); ok && c.StyleID != t.styles.clipped {
			lines = max(lines, linesNeeded(s, t.layout.columns[i].width))
		}
	}
	t.put(values, excelize.RowOpts{Height: lines*lineHeight + 3})
}

func (t *table) put(cells []any, options ...excelize.RowOpts) {
	t.try(func() error { return t.stream.SetRow(cellName(1, t.next), cells, options...) })
	t.next++
}

// define gives a range of the sheet one of the names that printing goes by.
func (t *table) define(name, cells string) {
	t.try(func() error {
		return t.file.SetDefinedName(&excelize.DefinedName{Name: name, Scope: t.layout.name, RefersTo: "'" + t.layout.name + "'!" + cells})
	})
}

// end finishes the sheet. What is printed is the table alone, so that a long
// word at its edge does not widen the page.
func (t *table) end() error {
	last, err := excelize.ColumnNumberToName(len(t.layout.columns))
	t.try(func() error { return err })
	t.define("_xlnm.Print_Area", "$A$1:$"+last+"$"+strconv.Itoa(t.next-1))
	t.try(func() error { return t.stream.Flush() })
	if t.err != nil {
		return fault.Wrap(t.err, fault.Internal, "export.xlsx")
	}
	return nil
}
