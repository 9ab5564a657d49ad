package conduct

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"hailong/fault"
	"hailong/intake"
)

// Reading is how somebody says that a file is to be read; the zero value leaves
// everything to be found.
type Reading struct {
	Sheet     string         // a sheet by name
	HeaderRow int            // number of the header's first row
	Columns   map[string]int // field → column, -1 for none
	Encodings map[int]intake.Encoding
}

func (r Reading) want(columns []intake.Column) intake.Want {
	return intake.Want{Columns: columns, Sheet: r.Sheet, HeaderRow: r.HeaderRow, Override: r.Columns, Encodings: r.Encodings}
}

// Table is a file as it was read, with what was found in it.
type Table struct {
	Sheets   []intake.SheetInfo
	Outline  intake.Outline // how the file was read, as far as it could be
	Sheet    intake.Sheet
	Problems []fault.Problem // what is wrong and what was only noticed, all placed
}

// Err is nil, or an Invalid error with the problems that forbid taking the file.
func (t Table) Err() error { return fault.Of(fault.Invalid, t.Problems) }

// HeaderDigest stands for the header that a Reading was made for: a reading fits
// another file of the same header. Columns that a marked workbook adds at the
// end do not count.
func (t Table) HeaderDigest() string {
	var texts []string
	for _, c := range t.Outline.Columns {
		if c.Header != "" {
			texts = append(texts, c.Letters+" "+c.Header)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	return hex.EncodeToString(sum[:8])
}

// finder finds the sheet that is wanted, and tells what it took for that.
type finder func(*intake.Book, intake.Want) (intake.Sheet, intake.Want, error)

// findWanted finds what is wanted and nothing else.
func findWanted(book *intake.Book, want intake.Want) (intake.Sheet, intake.Want, error) {
	sheet, err := book.Find(want)
	return sheet, want, err
}

// readTable reads a file. One that cannot be read is an error, whose table holds
// as much of an outline as there is.
func readTable(name string, data []byte, want intake.Want, find finder) (Table, error) {
	book, err := intake.Open(data, intake.DefaultLimits)
	if err != nil {
		return Table{}, fault.InFile(err, name)
	}
	sheet, want, err := find(book, want)
	table := Table{Sheets: book.Sheets(), Outline: book.Outline(want), Sheet: sheet}
	if err != nil {
		return table, fault.InFile(err, name)
	}
	return table, nil
}

// found adds what was found in the rows, by record, to what reading found.
func (t *Table) found(name string, problems []fault.Problem) {
	t.Problems = append(t.Sheet.Problems, t.Sheet.Locate(problems)...)
	for i := range t.Problems {
		t.Problems[i].Place.File = name
	}
}

// readRecords reads a form that was filled in. Cells that cannot be read are an
// error: an empty result means that a row is passed over.
func readRecords(name string, data []byte, columns []intake.Column) (intake.Sheet, error) {
	book, err := intake.Open(data, intake.DefaultLimits)
	if err != nil {
		return intake.Sheet{}, fault.InFile(err, name)
	}
	sheet, err := book.Find(intake.Want{Columns: columns})
	if err == nil {
		err = fault.Of(fault.Invalid, sheet.Problems)
	}
	return sheet, fault.InFile(err, name)
}
