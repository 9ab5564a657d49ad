package conduct

import (
	"hailong/account"
	"hailong/fault"
	"hailong/intake"
	"hailong/territory"
)

// UnitPlan is what importing a file of units would do; nothing is stored yet.
type UnitPlan struct {
	Sheet    string
	Rows     int              // rows of the file
	Units    []territory.Unit // to be added or replaced, their sizes assessed
	New      int              // units of the file that are not stored
	Changed  int              // units of the file stored otherwise
	Same     int              // units of the file stored exactly so
	Outside  int              // units of the file outside of the scope, left out
	Doubts   []territory.Doubt
	Problems []fault.Problem // what is wrong and what was only noticed, all placed
}

// Err is nil, or an Invalid error with the problems that forbid the import.
func (p UnitPlan) Err() error { return fault.Of(fault.Invalid, p.Problems) }

// UnitFile is a file of units and what it is compared with.
type UnitFile struct {
	Name     string
	Data     []byte
	Defaults territory.Defaults
	Stored   []territory.Unit
	Scope    territory.Code // only units of this subtree are imported; account.Everywhere for all
}

// PlanUnits reads a file of units and works out what importing it would do.
// Decisions of people about sizes are kept where the figures are still the same;
// the sizes of all units, stored ones too, are assessed anew. A file that cannot
// be read is an error; what is wrong with rows is in the plan.
func PlanUnits(f UnitFile) (UnitPlan, error) {
	book, err := intake.Open(f.Data, intake.DefaultLimits)
	if err != nil {
		return UnitPlan{}, fault.InFile(err, f.Name)
	}
	sheet, err := book.Find(intake.Want{Columns: intake.UnitColumns})
	if err != nil {
		return UnitPlan{}, fault.InFile(err, f.Name)
	}
	units, problems := territory.ReadUnits(sheet.Records(), f.Defaults)
	plan := UnitPlan{Sheet: sheet.Name, Rows: len(sheet.Rows), Problems: append(sheet.Problems, sheet.Locate(problems)...)}
	for i := range plan.Problems {
		plan.Problems[i].Place.File = f.Name
	}
	if plan.Err() == nil {
		plan.compare(f, units)
	}
	return plan, nil
}

// compare merges the units of the file with those stored and sorts out what
// changes.
func (p *UnitPlan) compare(f UnitFile, read []territory.Unit) {
	stored := make(map[territory.Code]territory.Unit, len(f.Stored))
	for _, u := range f.Stored {
		stored[u.Code] = u
	}
	merged, fromFile := merge(f.Stored, territory.KeepDecisions(read, f.Stored))
	tree, err := territory.NewTree(merged)
	if err != nil {
		p.Problems = append(p.Problems, fault.ProblemsOf(fault.InFile(err, f.Name))...)
		return
	}
	doubts := territory.Doubts(merged)
	for _, u := range territory.Assess(merged, doubts) {
		before, known := stored[u.Code]
		inside := f.Scope == account.Everywhere || tree.Within(f.Scope, u.Code)
		if fromFile[u.Code] {
			p.count(known, known && before == u, inside)
		}
		if inside && (!known || before != u) {
			p.Units = append(p.Units, u)
		}
	}
	for _, d := range doubts {
		settled := d.Unit.Size == territory.SizeConfirmed || d.Unit.Size == territory.SizeCorrected
		if fromFile[d.Unit.Code] && !settled && (f.Scope == account.Everywhere || tree.Within(f.Scope, d.Unit.Code)) {
			p.Doubts = append(p.Doubts, d)
		}
	}
}

func (p *UnitPlan) count(known, same, inside bool) {
	switch {
	case !inside:
		p.Outside++
	case !known:
		p.New++
	case same:
		p.Same++
	default:
		p.Changed++
	}
}

// merge replaces stored units by those of the same code that were read, and
// adds the others after them. A province that the file only names in passing does not replace what is
// stored of it.
func merge(stored, read []territory.Unit) (merged []territory.Unit, fromFile map[territory.Code]bool) {
	fromFile = make(map[territory.Code]bool, len(read))
	position := make(map[territory.Code]int, len(stored))
	merged = append(merged, stored...)
	for i, u := range stored {
		position[u.Code] = i
	}
	for _, u := range read {
		i, known := position[u.Code]
		switch {
		case known && u.Level == territory.Province && u.Kind == "":
			continue
		case known:
			merged[i] = u
		default:
			position[u.Code] = len(merged)
			merged = append(merged, u)
		}
		fromFile[u.Code] = true
	}
	return merged, fromFile
}
