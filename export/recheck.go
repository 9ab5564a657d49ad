package export

import (
	"io"
	"strings"

	"hailong/sampling"
	"hailong/static"
	"hailong/survey"
)

// RecheckForm is the list of the people of a commune who are asked again whether
// they answered, with room for what comes of it. It holds nothing they answered.
type RecheckForm struct {
	Round     survey.Labels
	Asker     string
	Commune   string
	Simulated bool
	Rows      []RecheckRow
}

// RecheckRow is one person, with the last result on record, if any.
type RecheckRow struct {
	Number                 int
	Name, Village, Address string
	Day                    string
	Result                 sampling.RecheckResult
	Checker                string
}

var recheckColumns = []column{
	{code: "list_number", width: 6}, {code: "list_name", width: 28}, {code: "recheck_village", width: 20}, {code: "list_address", width: 30}, {code: "recheck_day", width: 14}, {code: "recheck_result", width: 34}, {code: "recheck_checker", width: 24},
}

// RecheckXLSX writes the list, which can be filled in and handed in, and the words
// that its column of results knows.
func RecheckXLSX(w io.Writer, lang static.Lang, form RecheckForm) error {
	b, err := newBook(lang, form.Simulated)
	if err != nil {
		return err
	}
	defer b.close()
	t := b.sheet(sheetLayout{name: text(lang, "recheck_sheet"), columns: recheckColumns,
		heading: []string{text(lang, "recheck_title"), labelsIn(form.Round, lang)},
		facts:   []string{form.Commune, text(lang, "list_asker", "asker", form.Asker), text(lang, "recheck_howto")}})
	for _, row := range form.Rows {
		t.row(b.whole(row.Number), b.words(row.Name), b.words(row.Village), b.words(row.Address), b.words(row.Day),
			b.said("recheck.result.", string(row.Result)), b.words(row.Checker))
	}
	if err := t.end(); err != nil {
		return err
	}
	t = b.sheet(sheetLayout{name: text(lang, "recheck_words"), columns: []column{{code: "recheck_result", width: 40}},
		heading: []string{text(lang, "recheck_words"), labelsIn(form.Round, lang)}})
	for _, result := range sampling.RecheckResults {
		t.row(b.said("recheck.result.", string(result)))
	}
	if err := t.end(); err != nil {
		return err
	}
	return b.write(w)
}

// RecheckWords maps what the list writes for results, in lower case and in every
// language, to the names of the program.
func RecheckWords() map[string]string {
	words := make(map[string]string)
	for _, lang := range static.Langs {
		for _, result := range sampling.RecheckResults {
			words[strings.ToLower(static.Text(lang, "recheck.result."+string(result)))] = string(result)
		}
	}
	return words
}
