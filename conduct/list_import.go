package conduct

import (
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
	Sheet            string         // a sheet by name, "" to find it
	Override         map[string]int // field → column, as the officer chose
}

// ListPlan is what taking a file of lists would do; nothing is stored yet.
type ListPlan struct {
	Sheet    intake.Sheet
	Lists    []sampling.List
	Problems []fault.Problem // what is wrong and what was only noticed, all placed
}

// Err is nil, or an Invalid error with the problems that forbid taking the file.
func (p ListPlan) Err() error { return fault.Of(fault.Invalid, p.Problems) }

// adult is the age from which people are asked.
const adult = 18

// PlanLists reads a file of village lists and checks it. A file that cannot be
// read is an error; what is wrong with its rows is in the plan.
func PlanLists(f ListFile) (ListPlan, error) {
	book, err := intake.Open(f.Data, intake.DefaultLimits)
	if err != nil {
		return ListPlan{}, fault.InFile(err, f.Name)
	}
	sheet, err := book.Find(intake.Want{Columns: intake.PersonColumns, Sheet: f.Sheet, Override: f.Override})
	if err != nil {
		return ListPlan{}, fault.InFile(err, f.Name)
	}
	lists, problems := sampling.CheckLists(sheet.Records(), sampling.ListRules{
		Villages: f.Villages, Today: f.Today, MinAge: adult, LeaveOutChildren: f.LeaveOutChildren, Headers: sheet.Headers(),
	})
	plan := ListPlan{Sheet: sheet, Lists: lists, Problems: append(sheet.Problems, sheet.Locate(problems)...)}
	for i := range plan.Problems {
		plan.Problems[i].Place.File = f.Name
	}
	return plan, nil
}
