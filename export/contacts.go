package export

import (
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"hailong/sampling"
	"hailong/static"
	"hailong/survey"
)

// ContactForm is the workbook in which the contacts with the drawn people of some
// villages are kept on paper or in a spreadsheet, and handed in.
type ContactForm struct {
	Round     survey.Labels
	Asker     string
	Unit      string // the village or commune
	Simulated bool
	Rows      []ContactRow
}

// ContactRow is one contact, or a person of whom none is on record: then Day and
// Result are empty and are to be filled in. Another contact is another row.
type ContactRow struct {
	Village string // code
	Number  int
	Name    string
	Day     string // 2026-11-24
	Mode    sampling.ContactMode
	Result  sampling.Disposition
	Visitor string
}

var contactColumns = []column{
	{code: "contact_village", width: 14}, {code: "list_number", width: 6}, {code: "list_name", width: 28}, {code: "contact_day", width: 13}, {code: "contact_mode", width: 14}, {code: "contact_result", width: 34}, {code: "contact_visitor", width: 24},
}

// ContactXLSX writes the form: a sheet of contacts, and one of the words that its
// columns know, with their AAPOR codes.
func ContactXLSX(w io.Writer, lang static.Lang, form ContactForm) error {
	b, err := newBook(lang, form.Simulated)
	if err != nil {
		return err
	}
	defer b.close()
	t := b.sheet(sheetLayout{name: text(lang, "contact_sheet"), columns: contactColumns,
		heading: []string{text(lang, "contact_title"), labelsIn(form.Round, lang)},
		facts:   []string{form.Unit, text(lang, "list_asker", "asker", form.Asker), text(lang, "contact_howto")}})
	for _, row := range form.Rows {
		t.row(b.words(row.Village), b.whole(row.Number), b.words(row.Name), b.words(row.Day),
			b.said("fieldwork.mode.", string(row.Mode)), b.said("fieldwork.result.", string(row.Result)), b.words(row.Visitor))
	}
	if err := t.end(); err != nil {
		return err
	}
	t = b.sheet(sheetLayout{name: text(lang, "contact_words"), columns: []column{{code: "contact_result", width: 40}, {code: "contact_code", width: 12}, {code: "contact_mode", width: 20}},
		heading: []string{text(lang, "contact_words"), labelsIn(form.Round, lang)}})
	for i, result := range sampling.Recordable() {
		mode := b.blank()
		if i < len(sampling.ContactModes) {
			mode = b.said("fieldwork.mode.", string(sampling.ContactModes[i]))
		}
		t.row(b.said("fieldwork.result.", string(result)), b.words(result.Code()), mode)
	}
	if err := t.end(); err != nil {
		return err
	}
	return b.write(w)
}

// said is a cell with the word for a name, empty for none.
func (b *book) said(prefix, name string) excelize.Cell {
	if name == "" {
		return b.blank()
	}
	return b.words(static.Text(b.lang, prefix+name))
}

// ContactWords maps what the form writes for results and modes, in lower case and
// in every language, to the names of the program.
func ContactWords() map[string]string {
	words := make(map[string]string)
	for _, lang := range static.Langs {
		for _, result := range sampling.Dispositions() {
			words[strings.ToLower(static.Text(lang, "fieldwork.result."+string(result)))] = string(result)
		}
		for _, mode := range sampling.ContactModes {
			words[strings.ToLower(static.Text(lang, "fieldwork.mode."+string(mode)))] = string(mode)
		}
	}
	return words
}
