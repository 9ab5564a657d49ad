package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/survey/xlsform"
)

// editionFiles are the public files of an edition. editionArchive holds them
// all.
var editionFiles = []string{
	"report.pdf", "edition.xlsx", "edition-people.csv", "edition.csv", "edition.json", "tally.csv", "questionnaire.xlsx",
}

const editionArchive = "edition.zip"

// editionFolder is where the archive keeps an edition's files, as the command
// line writes them.
func editionFolder(e scorecard.Edition) string { return fmt.Sprintf("edition-%d", e.Number) }

// editionFile sends an edition in one of its forms, or in all of them.
func (c *Console) editionFile(v *visit) error {
	r, head, err := c.loadEdition(v)
	if err != nil {
		return err
	}
	var content []byte
	name := v.param("file")
	switch {
	case name == editionArchive:
		content, err = c.editionArchive(v, r, head)
	case slices.Contains(editionFiles, name):
		content, err = c.editionContent(v, r, head, name)
	default:
		err = fault.New(fault.NotFound, "http.no_page")
	}
	if err != nil {
		return err
	}
	return v.file(fmt.Sprintf("%s-%d-%s", v.round.ID, r.Edition.Number, name), content)
}

func (c *Console) editionContent(v *visit, r export.Report, head conduct.EditionHead, name string) ([]byte, error) {
	switch name {
	case "tally.csv":
		return c.blob(v, head.Tally)
	case "questionnaire.xlsx":
		return xlsform.Write(r.Questionnaire)
	}
	var out bytes.Buffer
	err := map[string]func(io.Writer) error{
		"report.pdf":         func(w io.Writer) error { return export.ReportPDF(w, v.lang, r) },
		"edition.xlsx":       func(w io.Writer) error { return export.EditionXLSX(w, v.lang, r) },
		"edition-people.csv": func(w io.Writer) error { return export.EditionReadableCSV(w, v.lang, r) },
		"edition.csv":        func(w io.Writer) error { return export.EditionCSV(w, r) },
		"edition.json":       func(w io.Writer) error { return export.EditionJSON(w, r.Edition) },
	}[name](&out)
	return out.Bytes(), err
}

func (c *Console) editionArchive(v *visit, r export.Report, head conduct.EditionHead) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range editionFiles {
		content, err := c.editionContent(v, r, head, name)
		if err != nil {
			return nil, err
		}
		w, err := archive.Create(editionFolder(r.Edition) + "/" + name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}
