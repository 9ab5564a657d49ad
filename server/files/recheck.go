package files

import (
	"io"
	"strings"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/sampling"
	"hailong/static"
	"hailong/survey"
)

// RecheckList writes the workbook of the people of a commune who are asked again,
// with the results on record. people are one or more, of one commune.
func RecheckList(w io.Writer, lang static.Lang, r survey.Round, people []conduct.Rechecked) error {
	form := export.RecheckForm{Round: r.Title, Asker: r.Asker, Commune: people[0].Commune.FullName(), Simulated: r.Simulated}
	for _, one := range people {
		row := export.RecheckRow{Number: one.Number, Name: one.Person.Name, Village: one.Village.FullName(), Address: Where(lang, one.Person)}
		if last, ok := one.Last(); ok {
			row.Day, row.Result, row.Checker = string(last.Day), last.Result, last.Checker
		}
		form.Rows = append(form.Rows, row)
	}
	return export.RecheckXLSX(w, lang, form)
}

// Where is the place at which a person is found: household and address as listed.
// A household's bare number is said to be one, lest it be taken for the house's.
func Where(lang static.Lang, p sampling.Person) string {
	household := p.Household
	if household != "" && strings.Trim(household, "0123456789") == "" {
		household = static.Text(lang, "console.household", fault.Arg{Name: "number", Value: household})
	}
	if household == "" || p.Address == "" {
		return household + p.Address
	}
	return household + ", " + p.Address
}
