package conduct

import (
	"context"
	"io"
	"strconv"

	"hailong/account"
	"hailong/intake"
	"hailong/sampling"
	"hailong/survey"
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

// MakeFrame seals what a file of transactions gives, for a round, and writes down
// who made which frame of which file. The frame may be published; the names and
// salts of the plan's applicants are kept by whoever asked and nowhere else.
func (d Desk) MakeFrame(ctx context.Context, by account.User, round survey.Round, file string, plan TransactionPlan) (sampling.Frame, error) {
	frame, err := plan.Seal(d.Random)
	if err != nil {
		return sampling.Frame{}, err
	}
	details := []string{"file", file, "rows", strconv.Itoa(frame.Len()), "people", strconv.Itoa(plan.People), "frame", string(frame.Digest())}
	rec, err := d.record(ctx, by, account.MakeFrame, subject{round.ID, round.Unit, details})
	if err != nil {
		return sampling.Frame{}, err
	}
	return frame, d.Store.AddRecord(ctx, rec)
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
