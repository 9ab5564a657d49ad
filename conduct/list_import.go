package conduct

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"hailong/fault"
	"hailong/intake"
	"hailong/sampling"
	"hailong/territory"
)

// ListFile is an officer's file and what it is checked against.
type ListFile struct {
	Name             string
	Data             []byte
	Villages         []territory.Unit // whose people the file may list
	Today            territory.Day
	LeaveOutChildren bool
	Reading          Reading
}

// Reading is how the officer says that a file is to be read; the zero value
// leaves everything to be found.
type Reading struct {
	Sheet     string         // a sheet by name
	HeaderRow int            // number of the header's first row
	Columns   map[string]int // field → column, -1 for none
	Encodings map[int]intake.Encoding
}

// ListPlan is what taking a file of lists would do; nothing is stored yet.
type ListPlan struct {
	Sheets   []intake.SheetInfo
	Outline  intake.Outline // how the file was read, as far as it could be
	Sheet    intake.Sheet
	Lists    []sampling.List
	Problems []fault.Problem // what is wrong and what was only noticed, all placed
}

// Err is nil, or an Invalid error with the problems that forbid taking the file.
func (p ListPlan) Err() error { return fault.Of(fault.Invalid, p.Problems) }

// HeaderDigest stands for the header that a Reading was made for: a reading fits
// another file of the same header. Columns that a marked workbook adds at the
// end do not count.
func (p ListPlan) HeaderDigest() string {
	var texts []string
	for _, c := range p.Outline.Columns {
		if c.Header != "" {
			texts = append(texts, c.Letters+" "+c.Header)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	return hex.EncodeToString(sum[:8])
}

// adult is the age from which people are asked.
const adult = 18

// PlanLists reads a file of village lists and checks it. A file that cannot be
// read is an error, whose plan holds as much of an outline as there is; what is
// wrong with its rows is in the plan.
func PlanLists(f ListFile) (ListPlan, error) {
	book, err := intake.Open(f.Data, intake.DefaultLimits)
	if err != nil {
		return ListPlan{}, fault.InFile(err, f.Name)
	}
	want := intake.Want{Columns: intake.PersonColumns, Sheet: f.Reading.Sheet, HeaderRow: f.Reading.HeaderRow,
		Override: f.Reading.Columns, Encodings: f.Reading.Encodings}
	sheet, want, err := findPeople(book, want)
	plan := ListPlan{Sheets: book.Sheets(), Outline: book.Outline(want), Sheet: sheet}
	if err != nil {
		return plan, fault.InFile(err, f.Name)
	}
	lists, problems := sampling.CheckLists(sheet.Records(), sampling.ListRules{
		Villages: f.Villages, Today: f.Today, MinAge: adult, LeaveOutChildren: f.LeaveOutChildren, Headers: sheet.Headers(),
	})
	plan.Lists, plan.Problems = lists, append(sheet.Problems, sheet.Locate(problems)...)
	for i := range plan.Problems {
		plan.Problems[i].Place.File = f.Name
	}
	return plan, nil
}

// findPeople finds a sheet of people. If none has a column of births but one has
// "Nam" and "Nữ", these are taken for the births of men and women, and said so.
func findPeople(book *intake.Book, want intake.Want) (intake.Sheet, intake.Want, error) {
	sheet, err := book.Find(want)
	if err == nil {
		return sheet, want, err
	}
	bySex := want
	bySex.Columns = intake.PersonColumnsBySex
	other, otherErr := book.Find(bySex)
	if otherErr != nil || !holdsYears(other) {
		return sheet, want, err
	}
	p := fault.P("list.births_by_sex").Warn().At(fault.Place{Sheet: other.Name, Row: other.HeaderRow})
	other.Problems = append([]fault.Problem{p}, other.Problems...)
	return other, bySex, nil
}

// holdsYears reports whether the columns of the two sexes hold more than marks.
func holdsYears(s intake.Sheet) bool {
	for _, field := range []string{"birth_male", "birth_female"} {
		col, known := s.Mapping.Fields[field]
		for _, row := range s.Rows {
			if known && len(row.Cells[col]) >= 4 && strings.ContainsAny(row.Cells[col], "0123456789") {
				return true
			}
		}
	}
	return false
}
