package files

import (
	"io"

	"hailong/conduct"
	"hailong/export"
	"hailong/static"
	"hailong/survey"
)

// RecheckList writes the workbook of the people of a commune who are asked again,
// with the results on record. people are one or more, of one commune.
func RecheckList(w io.Writer, lang static.Lang, r survey.Round, people []conduct.Rechecked) error {
	form := export.RecheckForm{Round: r.Title, Asker: r.Asker, Commune: people[0].Commune.FullName(), Simulated: r.Simulated}
	for _, one := range people {
		row := export.RecheckRow{Number: one.Number, Name: one.Person.Name, Village: one.Village.FullName(), Address: one.Person.Where()}
		if last, ok := one.Last(); ok {
			row.Day, row.Result, row.Checker = string(last.Day), last.Result, last.Checker
		}
		form.Rows = append(form.Rows, row)
	}
	return export.RecheckXLSX(w, lang, form)
}
