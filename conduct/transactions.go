package conduct

import (
	"io"

	"hailong/intake"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
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
	Table
	Transactions int // in the period
	People       int
	Applicants   []sampling.Applicant // a row of the frame each, not sealed yet
	Persons      []int                // of transactions: whose they are
}

// PlanTransactions reads a file of transactions and makes people of them, or
// counts each. A file that cannot be read is an error, whose plan holds as much of
// an outline as there is; what is wrong with its rows is in the plan.
func PlanTransactions(f TransactionFile) (TransactionPlan, error) {
	f.Rules.MinAge = adult
	table, err := readTable(f.Name, f.Data, f.Reading.want(intake.TransactionColumns), findWanted)
	plan := TransactionPlan{Table: table}
	if err != nil {
		return plan, err
	}
	transactions, problems := sampling.CheckTransactions(plan.Sheet.Records(), f.Rules)
	plan.Transactions = len(transactions)
	plan.Applicants = sampling.Applicants(transactions, f.Rule)
	plan.People = len(plan.Applicants)
	if f.Each {
		plan.Applicants, plan.Persons = sampling.EachTransaction(transactions)
	}
	plan.found(f.Name, problems)
	return plan, nil
}

// Fields counts the rows of the frame by the field of their procedure, the
// stratum.
func (p TransactionPlan) Fields() map[string]int {
	counts := map[string]int{}
	for _, a := range p.Applicants {
		counts[a.Field]++
	}
	return counts
}

// OfficeRules say which transactions a round counts: those of its period at its
// offices, or at one of them alone. A row that names no office is that one's.
func OfficeRules(r survey.Round, offices []territory.Unit, only territory.Code) sampling.TransactionRules {
	return sampling.TransactionRules{From: r.Transactions.From, To: r.Transactions.To, Offices: offices, Unit: string(only)}
}

// Lists are the people on the lists of their offices, for a round to take; the
// plan's file was read with the offices of the round.
func (p TransactionPlan) Lists() []sampling.List { return sampling.OfficeLists(p.Applicants) }

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
