package conduct

import (
	"io"

	"hailong/fault"
	"hailong/intake"
	"hailong/sampling"
)

// TransactionFile is a one-stop office's list of files, and which of them count.
type TransactionFile struct {
	Name    string
	Data    []byte
	Rules   sampling.TransactionRules
	Reading Reading
	Rule    sampling.Representative // which transaction stands for a person
	Each    bool                    // a frame of transactions instead of people
}

// TransactionPlan is what a file gives; nothing is stored.
type TransactionPlan struct {
	Outline      intake.Outline
	Sheet        intake.Sheet
	Transactions int // in the period
	People       int
	Applicants   []sampling.Applicant // a row of the frame each, not sealed yet
	Persons      []int                // of transactions: whose they are
	Problems     []fault.Problem
}

// Err is nil, or an Invalid error with the problems that forbid the frame.
func (p TransactionPlan) Err() error { return fault.Of(fault.Invalid, p.Problems) }

// PlanTransactions reads a file of transactions and makes people of them, or
// counts each. A file that cannot be read is an error; what is wrong with its rows
// is in the plan.
func PlanTransactions(f TransactionFile) (TransactionPlan, error) {
	f.Rules.MinAge = adult
	book, err := intake.Open(f.Data, intake.DefaultLimits)
	if err != nil {
		return TransactionPlan{}, fault.InFile(err, f.Name)
	}
	want := intake.Want{Columns: intake.TransactionColumns, Sheet: f.Reading.Sheet, HeaderRow: f.Reading.HeaderRow, Override: f.Reading.Columns, Encodings: f.Reading.Encodings}
	plan := TransactionPlan{Outline: book.Outline(want)}
	if plan.Sheet, err = book.Find(want); err != nil {
		return plan, fault.InFile(err, f.Name)
	}
	transactions, problems := sampling.CheckTransactions(plan.Sheet.Records(), f.Rules)
	plan.Transactions = len(transactions)
	plan.Applicants = sampling.Applicants(transactions, f.Rule)
	plan.People = len(plan.Applicants)
	if f.Each {
		plan.Applicants, plan.Persons = sampling.EachTransaction(transactions)
	}
	plan.Problems = append(plan.Sheet.Problems, plan.Sheet.Locate(problems)...)
	for i := range plan.Problems {
		plan.Problems[i].Place.File = f.Name
	}
	return plan, nil
}

// Seal seals the rows and makes the public frame of them.
func (p TransactionPlan) Seal(random io.Reader) (sampling.Frame, error) {
	if err := p.Err(); err != nil {
		return sampling.Frame{}, err
	}
	if err := sampling.SealApplicants(p.Applicants, random); err != nil {
		return sampling.Frame{}, err
	}
	if p.Persons != nil {
		return sampling.TransactionFrame(p.Applicants, p.Persons)
	}
	return sampling.ApplicantFrame(p.Applicants)
}
