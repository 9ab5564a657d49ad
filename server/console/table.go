package console

import (
	"bytes"
	"strings"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/intake"
)

// tableBlocks are the blocks that such pages share.
const tableBlocks = "console/frame/table.html"

// tableForm is what every page shows on which somebody's table is handed in: how
// it was read, what is wrong with it, and what goes along with the next step. The
// blocks of table.html show it.
type tableForm struct {
	filePreview
	At      string      // address of the page; what is done with the table lies below
	Reading readingForm // how the file was understood
	Kept    []field     // what goes along with the next step
	Marked  bool        // there is something to mark in a workbook
}

// tableTask is one use of such a page.
type tableTask struct {
	form     *tableForm
	errs     *fieldErrors
	fields   []string // those whose column the reader may name
	settings []string // fields of the form that go along besides
	plan     func(file upload, r conduct.Reading) (conduct.Table, error)
}

// read reads the file as the form says; the page keeps what was chosen.
func (t tableTask) read(f form, file upload) (conduct.Table, error) {
	reading := readReading(f, t.fields, t.errs)
	t.form.File = file.name
	table, err := t.plan(file, reading)
	t.form.Reading = t.readingOf(table, f, reading)
	t.form.Kept = t.kept(f, table.HeaderDigest())
	return table, err
}

// checkTable is the dry run: it stores nothing but the file. A file that was
// checked before need not be chosen again, and what was said of its columns holds
// for the next file if that has the same header.
func (c *Console) checkTable(v *visit, t tableTask) (err error) {
	fresh := len(v.form.file.data) > 0
	if !fresh && v.form.value("upload") != "" {
		if v.form.file, err = c.keptUpload(v); err != nil {
			return err
		}
	}
	if t.form.Upload, err = c.keepUpload(v); err != nil {
		return err
	}
	if fresh {
		v.form.forget(func(name string) bool { return strings.HasPrefix(name, "enc_") })
	}
	said := len(*t.errs)
	table, err := t.read(v.form, v.form.file)
	if fresh && v.form.said() && table.HeaderDigest() != v.form.value("seen") {
		v.form.forget(isReading)
		*t.errs = (*t.errs)[:said]
		table, err = t.read(v.form, v.form.file)
	}
	if err == nil {
		t.judge(table)
	}
	return err
}

// keptTable reads the file of a check again: what a browser sends back decides
// nothing.
func (c *Console) keptTable(v *visit, t tableTask) (upload, error) {
	file, err := c.keptUpload(v)
	if err != nil {
		return file, err
	}
	t.form.Upload = v.form.value("upload")
	table, err := t.read(v.form, file)
	if err == nil {
		t.judge(table)
	}
	return file, err
}

// judge shows what was found in the table.
func (t tableTask) judge(table conduct.Table) {
	t.form.sortProblems(table.Problems)
	if err := table.Err(); err != nil {
		t.errs.add("problems", "console.import.stopped", "problems", len(fault.ProblemsOf(err)))
	}
	t.form.Marked = len(table.Problems) > 0
}

// sendMarked sends somebody's own table with its faults marked, to be corrected
// and handed in again.
func (v *visit) sendMarked(name string, table conduct.Table) error {
	var out bytes.Buffer
	err := export.MarkedXLSX(&out, v.lang, export.Marked{
		Sheet: table.Sheet.Name, HeaderRow: table.Sheet.HeaderEnd, Header: table.Sheet.Header,
		Titles: intake.Numbered(table.Sheet.Titles), Rows: intake.Numbered(table.Sheet.Rows), Problems: table.Problems,
	})
	if err != nil {
		return err
	}
	return v.file(name+"-sua.xlsx", out.Bytes())
}
