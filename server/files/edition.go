package files

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"hailong/conduct"
	"hailong/export"
	"hailong/static"
	"hailong/survey/xlsform"
)

// OfEdition are the names of the public files of an edition.
var OfEdition = []string{
	"report.pdf", "edition.xlsx", "edition-people.csv", "edition.csv", "edition.json", "tally.csv", "questionnaire.xlsx",
}

// EditionFolder is where archives keep an edition's files, as the command line
// writes them.
func EditionFolder(number int) string { return fmt.Sprintf("edition-%d", number) }

// VerifyEdition is the command that computes the figures of an edition again.
func VerifyEdition(number int) string {
	return fmt.Sprintf("hailong verify --edition %[1]s/edition.json --tally %[1]s/tally.csv", EditionFolder(number))
}

// Edition is an edition that is handed out, in the language of its reader.
type Edition struct {
	Report export.Report
	Head   conduct.EditionHead
	Lang   static.Lang
	Read   Reader
}

// File is the content of one of the edition's files. Who computed it stays in
// the house: the name of an account is a person's.
func (e Edition) File(name string) ([]byte, error) {
	switch name {
	case "tally.csv":
		return e.Read(e.Head.Tally)
	case "questionnaire.xlsx":
		return xlsform.Write(e.Report.Questionnaire)
	}
	public := e.Report
	public.Edition.ComputedBy = ""
	var out bytes.Buffer
	err := map[string]func(io.Writer) error{
		"report.pdf":         func(w io.Writer) error { return export.ReportPDF(w, e.Lang, public) },
		"edition.xlsx":       func(w io.Writer) error { return export.EditionXLSX(w, e.Lang, public) },
		"edition-people.csv": func(w io.Writer) error { return export.EditionReadableCSV(w, e.Lang, public) },
		"edition.csv":        func(w io.Writer) error { return export.EditionCSV(w, public) },
		"edition.json":       func(w io.Writer) error { return export.EditionJSON(w, public.Edition) },
	}[name](&out)
	return out.Bytes(), err
}

// EditionEntries are all files of an edition in its folder; it is loaded when the
// first of them is written.
func EditionEntries(number int, load func(context.Context) (Edition, error)) []Entry {
	var loaded *Edition
	var entries []Entry
	for _, name := range OfEdition {
		entries = append(entries, Entry{EditionFolder(number) + "/" + name, func(ctx context.Context, w io.Writer) error {
			if loaded == nil {
				e, err := load(ctx)
				if err != nil {
					return err
				}
				loaded = &e
			}
			content, err := loaded.File(name)
			if err == nil {
				_, err = w.Write(content)
			}
			return err
		}})
	}
	return entries
}
