package conduct

import (
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

// ListPlan is what taking a file of lists would do; nothing is stored yet.
type ListPlan struct {
	Table
	Lists []sampling.List
}

// adult is the age from which people are asked.
const adult = 18

// PlanLists reads a file of village lists and checks it. A file that cannot be
// read is an error, whose plan holds as much of an outline as there is; what is
// wrong with its rows is in the plan.
func PlanLists(f ListFile) (ListPlan, error) {
	table, err := readTable(f.Name, f.Data, f.Reading.want(intake.PersonColumns), findPeople)
	plan := ListPlan{Table: table}
	if err != nil {
		return plan, err
	}
	lists, problems := sampling.CheckLists(plan.Sheet.Records(), sampling.ListRules{
		Villages: f.Villages, Today: f.Today, MinAge: adult, LeaveOutChildren: f.LeaveOutChildren, Headers: plan.Sheet.Headers(),
	})
	plan.Lists = lists
	plan.found(f.Name, problems)
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
