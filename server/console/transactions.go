package console

import (
	"maps"
	"slices"

	"hailong/conduct"
	"hailong/sampling"
	"hailong/territory"
)

// officeFiles is what the page of lists shows besides in a round of people with a
// transaction: how an office's file of transactions is to be read, and what it gives.
type officeFiles struct {
	First  bool // a person's first transaction stands for them, not the latest
	ByName bool
	Plan   conduct.TransactionPlan

	offices []territory.Unit // of the round, whoever reads the page
}

// fieldCount is how many people of a list have a field of procedures.
type fieldCount struct {
	Field  string
	People int
}

// countFields counts the people of an office's list by the field of their procedure,
// which is the stratum of the draw; none for a list of residents.
func countFields(list sampling.List) []fieldCount {
	counts := map[string]int{}
	for _, p := range list.People {
		if p.Case != nil {
			counts[p.Case.Field]++
		}
	}
	var fields []fieldCount
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fields = append(fields, fieldCount{name, counts[name]})
	}
	return fields
}

// transactionFields are those whose column the reader may name.
var transactionFields = []string{
	"file_number", "procedure", "field", "unit", "received", "returned", "name", "birth_date", "birth_year", "phone", "id_number", "address",
}

// officeTask reads an uploaded file of transactions into a plan of lists.
func (v *visit) officeTask(view *listView, plan *conduct.ListPlan) tableTask {
	view.Files.First, view.Files.ByName = v.form.value("first") != "", v.form.value("by_name") != ""
	var only territory.Code
	if len(view.Rows) == 1 {
		only = view.Rows[0].Unit.Code
	}
	file := conduct.TransactionFile{Rule: sampling.Latest, Rules: conduct.OfficeRules(v.round, view.Files.offices, only)}
	file.Rules.ByName = view.Files.ByName
	if view.Files.First {
		file.Rule = sampling.First
	}
	read := func(up upload, r conduct.Reading) (conduct.Table, error) {
		file.Name, file.Data, file.Reading = up.name, up.data, r
		made, err := conduct.PlanTransactions(file)
		view.Files.Plan, *plan = made, conduct.ListPlan{Table: made.Table, Lists: made.Lists()}
		return made.Table, err
	}
	return tableTask{form: &view.tableForm, errs: (*fieldErrors)(&view.Errors), fields: transactionFields, settings: []string{"first", "by_name"}, plan: read}
}
