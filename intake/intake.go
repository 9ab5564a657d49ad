// Package intake reads what comes in: spreadsheets (XLSX) and delimited text
// (CSV) as people really send them, into plain rows with positions. It finds
// the sheet and the header, maps headers to fields, and reports what it had to
// fill, skip or could not read; it knows nothing of what the fields mean.
//
// The format is told from the content, never from a file name, and nothing of
// an upload is used as a path or written to disk.
package intake

import (
	"bytes"

	"hailong/fault"
)

// Limits bounds what one file may cost. Every bound is checked before the
// memory is spent.
type Limits struct {
	Bytes   int64 // of the file itself, and of a workbook after unzipping
	Rows    int   // rows of data that are not blank, a sheet
	Columns int   // columns, a sheet
	Cells   int   // cells, all sheets together
	Parts   int   // entries of the archive
	Sheets  int
}

// DefaultLimits admits a list of 200,000 people and keeps a hostile file below
// some hundred megabytes of memory.
var DefaultLimits = Limits{Bytes: 64 << 20, Rows: 200_000, Columns: 256, Cells: 6_000_000, Parts: 1000, Sheets: 100}

// Row is one row of data that is not blank.
type Row struct {
	Number int      // as the reader's spreadsheet counts, from 1
	Cells  []string // as many as the header has, in its order
	Hidden bool     // by a filter or by hand

	old *oldText // nil where nothing is in old letters
}

// SheetInfo tells what a workbook holds.
type SheetInfo struct {
	Name   string // "" for delimited text
	Hidden bool
	Rows   int // rows that are not blank, titles and headers included
}

// Book is a file that has been read: its sheets with their raw rows.
type Book struct {
	grids  []grid
	limits Limits
}

// grid is a sheet before its header is known. Rows have their own lengths.
type grid struct {
	name     string
	hidden   bool
	rows     []Row
	merges   []span
	problems []fault.Problem
}

// span is a merged range, counted from row 1 and column 0, ends included.
type span struct{ top, left, bottom, right int }

// Sheets lists the sheets in the workbook's order.
func (b *Book) Sheets() []SheetInfo {
	infos := make([]SheetInfo, len(b.grids))
	for i, g := range b.grids {
		infos[i] = SheetInfo{Name: g.name, Hidden: g.hidden, Rows: len(g.rows)}
	}
	return infos
}

// Open reads a file within the limits. Errors: TooLarge beyond a limit,
// Unreadable for what is neither XLSX nor delimited text in UTF-8, UTF-16, TCVN3
// or VNI, with the likely cause in the code; Invalid for a file without any row.
func Open(data []byte, limits Limits) (*Book, error) {
	if int64(len(data)) > limits.Bytes {
		return nil, fault.New(fault.TooLarge, "file.too_many_bytes", "limit_mb", limits.Bytes>>20)
	}
	if code := foreign(data); code != "" {
		return nil, fault.New(fault.Unreadable, code)
	}
	b := &Book{limits: limits}
	var err error
	if bytes.HasPrefix(data, []byte("PK")) {
		b.grids, err = readXLSX(data, limits)
	} else {
		var g grid
		g, err = readCSV(data, limits)
		b.grids = []grid{g}
	}
	if err != nil {
		return nil, err
	}
	rows := 0
	for i := range b.grids {
		b.grids[i].recode()
		rows += len(b.grids[i].rows)
	}
	if rows == 0 {
		return nil, fault.New(fault.Invalid, "file.empty")
	}
	return b, nil
}

// foreign recognises by their first bytes the files that people rename or take
// for a spreadsheet, and returns the code that says what they are.
func foreign(data []byte) string {
	start := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 512)], " \t\r\n\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(start, []byte("%pdf")):
		return "file.is_pdf"
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return "file.is_old_excel_or_locked"
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")), bytes.HasPrefix(start, []byte("<table")):
		return "file.is_html"
	case bytes.HasPrefix(start, []byte("<?xml")):
		return "file.is_xml"
	case bytes.HasPrefix(data, []byte("\x89PNG")), bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "file.is_image"
	case bytes.HasPrefix(data, []byte("Rar!")), bytes.HasPrefix(data, []byte("7z\xbc\xaf")), bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return "file.is_archive"
	}
	return ""
}
