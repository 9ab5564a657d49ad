// Package xlsform reads and writes questionnaires as XLSForms: workbooks with
// the sheets survey, choices and settings, in the dialect of docs/questionnaires.md.
//
// What the dialect does not know is refused by sheet, row and column, never
// silently ignored: a form that comes out differently from what its author saw
// in another program would measure something else.
package xlsform

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
	"hailong/survey"
)

// Limits bound what is read.
type Limits struct {
	Bytes    int // of the file
	Unzipped int // bytes of its parts
	Rows     int // of one sheet
	Columns  int // of one row
	Choices  int // offered by all questions together: many may share a long list
}

// DefaultLimits are those of any upload, with fewer rows.
var DefaultLimits = Limits{Bytes: 10 << 20, Unzipped: 64 << 20, Rows: 10_000, Columns: 250, Choices: 50_000}

// The sheets of an XLSForm.
const (
	surveySheet   = "survey"
	choicesSheet  = "choices"
	settingsSheet = "settings"
)

// Read reads a workbook. The problems, each with sheet, row and column, include
// those that survey.Compile finds, so a questionnaire without stopping problems
// compiles. With stopping problems it holds what could be read.
func Read(data []byte, limits Limits) (survey.Questionnaire, []fault.Problem) {
	sheets, err := open(data, limits)
	if err != nil {
		return survey.Questionnaire{}, fault.ProblemsOf(err)
	}
	return assemble(sheets, limits.Choices)
}

// sheet is one sheet as plain cells; the first row has the titles.
type sheet struct {
	name string
	rows [][]string
}

// A workbook begins as a zip archive does. One with the mark of an encrypted
// workbook anywhere would make excelize spend time on decrypting it.
var (
	zipMark = []byte("PK\x03\x04")
	oleMark = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
)

// open unzips the workbook and reads its cells.
func open(data []byte, limits Limits) ([]sheet, error) {
	if len(data) > limits.Bytes {
		return nil, fault.New(fault.TooLarge, "xlsform.too_large", "limit_mb", limits.Bytes>>20)
	}
	if !bytes.HasPrefix(data, zipMark) || bytes.Contains(data, oleMark) {
		return nil, fault.New(fault.Unreadable, "xlsform.not_xlsx")
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: int64(limits.Unzipped), UnzipXMLSizeLimit: int64(limits.Unzipped),
	})
	if err != nil {
		return nil, unreadable(err)
	}
	sheets, err := cells(book, limits)
	return sheets, errors.Join(err, book.Close())
}

// unreadable says why excelize refused a workbook; it tells the limit by its
// text only.
func unreadable(err error) error {
	if strings.Contains(err.Error(), "unzip size exceeds") {
		return fault.Wrap(err, fault.TooLarge, "xlsform.too_large_unzipped")
	}
	return fault.Wrap(err, fault.Unreadable, "xlsform.unreadable")
}

// cells reads every sheet up to the limit of rows, so that what is in it can be
// named.
func cells(book *excelize.File, limits Limits) ([]sheet, error) {
	var sheets []sheet
	for _, name := range book.GetSheetList() {
		s := sheet{name: name}
		rows, err := book.Rows(name)
		if err != nil {
			return nil, unreadable(err)
		}
		for rows.Next() {
			if len(s.rows) == limits.Rows {
				p := fault.P("xlsform.too_many_rows", "limit", limits.Rows).At(fault.Place{Sheet: name, Row: limits.Rows + 1})
				return nil, errors.Join(fault.Of(fault.TooLarge, []fault.Problem{p}), rows.Close())
			}
			row, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				return nil, errors.Join(unreadable(err), rows.Close())
			}
			if len(row) > limits.Columns {
				p := fault.P("xlsform.too_many_columns", "limit", limits.Columns).At(fault.Place{Sheet: name, Row: len(s.rows) + 1})
				return nil, errors.Join(fault.Of(fault.TooLarge, []fault.Problem{p}), rows.Close())
			}
			tidy(row)
			s.rows = append(s.rows, row)
		}
		if err := errors.Join(rows.Error(), rows.Close()); err != nil {
			return nil, unreadable(err)
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// longFraction is a number as Excel stores 2026.1: 2026.0999999999999, with 16 or 17
// digits, of which it shows 15. Nobody writes so many as text. The type of a cell is
// not asked: for it excelize would build the sheet as a tree, blank cells included.
var longFraction = regexp.MustCompile(`^-?0*([1-9][0-9]*\.[0-9]+|\.0*[1-9][0-9]*)$`)

// tidy writes the numbers of a row with the 15 digits that Excel shows.
func tidy(row []string) {
	for i, text := range row {
		if m := longFraction.FindStringSubmatch(text); m != nil && digits(m[1]) > 15 && digits(m[1]) < 18 {
			if x, err := strconv.ParseFloat(text, 64); err == nil {
				row[i] = strconv.FormatFloat(x, 'g', 15, 64)
			}
		}
	}
}

// digits counts the digits that matter of a number without leading zeros.
func digits(number string) int {
	return len(strings.ReplaceAll(strings.TrimLeft(number, ".0"), ".", ""))
}
