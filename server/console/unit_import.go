package console

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/server/page"
	"hailong/territory"
)

// filePreview is what the page of an import shows of a file before it is
// confirmed. It is the same for units, questionnaires and village lists.
type filePreview struct {
	File     string // name of the file that is previewed, "" before
	Upload   string // digest under which the file waits
	Problems []fault.Problem
	Warnings []fault.Problem
	More     int // problems that are not listed
}

// listed is how many problems a preview lists; a file with more is wrong
// throughout, and mending these shows the rest.
const listed = 200

// sortProblems fills in the problems, those that stop apart.
func (p *filePreview) sortProblems(problems []fault.Problem) {
	for _, problem := range problems {
		switch {
		case len(p.Problems)+len(p.Warnings) >= listed:
			p.More++
		case problem.Stops():
			p.Problems = append(p.Problems, problem)
		default:
			p.Warnings = append(p.Warnings, problem)
		}
	}
}

// keepUpload stores the posted file until the import is confirmed, so that it
// need not be chosen twice.
func (c *Console) keepUpload(v *visit) (digest string, err error) {
	if len(v.form.file.data) == 0 {
		return "", fault.New(fault.Invalid, "console.import.no_file")
	}
	return c.Uploads.PutBlob(v.ctx(), bytes.NewReader(v.form.file.data))
}

// keptUpload is the file that a preview kept.
func (c *Console) keptUpload(v *visit) (upload, error) {
	stored, err := c.Uploads.OpenBlob(v.ctx(), v.form.value("upload"))
	if fault.Is(err, fault.NotFound) {
		return upload{}, fault.New(fault.Gone, "console.import.gone")
	} else if err != nil {
		return upload{}, err
	}
	defer stored.Close() // only read from
	data, err := io.ReadAll(stored)
	return upload{v.form.value("name"), data}, err
}

// unitImportView is the page of an import of units.
type unitImportView struct {
	frame
	filePreview
	Plan   conduct.UnitPlan
	Sample []territory.Unit // the first units that would be stored
	Doubts []fault.Problem  // the first doubts, by name
	Scope  string
}

// Tables reports whether CSV is taken beside workbooks.
func (unitImportView) Tables() bool { return true }

var unitImportTemplate = page.New[unitImportView](source("unitimport"))

const previewed = 12

func (c *Console) importUnitsPage(v *visit) error {
	return unitImportTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, unitImportView{frame: v.frame("console.unit_import.title")})
}

// previewUnits is the dry run: it stores nothing but the file.
func (c *Console) previewUnits(v *visit) error {
	view := unitImportView{frame: v.frame("console.unit_import.title"), filePreview: filePreview{File: v.form.file.name}}
	digest, err := c.keepUpload(v)
	if err == nil {
		view.Upload = digest
		view.Plan, err = c.planUnits(v, v.form.file)
	}
	return c.showUnitPlan(v, view, err)
}

// showUnitPlan answers with the preview; what is wrong with the file is shown on it.
func (c *Console) showUnitPlan(v *visit, view unitImportView, err error) error {
	status := fiber.StatusOK
	if err != nil {
		var errs fieldErrors
		if !errs.from("file", err) {
			return err
		}
		view.File, view.Errors, status = "", errs, fiber.StatusUnprocessableEntity
	}
	view.sortProblems(view.Plan.Problems)
	if len(view.Problems) > 0 {
		status = fiber.StatusUnprocessableEntity
		view.Errors = fieldErrors{{"problems", fault.P("console.import.stopped", "problems", len(view.Problems)+view.More)}}
	}
	view.Sample = view.Plan.Units[:min(previewed, len(view.Plan.Units))]
	for _, d := range view.Plan.Doubts[:min(listed, len(view.Plan.Doubts))] {
		view.Doubts = append(view.Doubts, d.Problems()...)
	}
	return unitImportTemplate.Send(v.Ctx, status, v.lang, view)
}

func (c *Console) planUnits(v *visit, file upload) (conduct.UnitPlan, error) {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return conduct.UnitPlan{}, err
	}
	return conduct.PlanUnits(conduct.UnitFile{
		Name: file.name, Data: file.data, Stored: tree.Descendants(""), Scope: v.user.Scope,
		Defaults: territory.Defaults{Level: territory.Level(v.form.value("level")), Parent: territory.Code(v.form.value("parent"))},
	})
}

// importUnits stores what the preview showed, worked out again from the file:
// what a browser sends back decides nothing.
func (c *Console) importUnits(v *visit) error {
	file, err := c.keptUpload(v)
	if err != nil {
		return err
	}
	plan, err := c.planUnits(v, file)
	if err == nil {
		err = plan.Err()
	}
	if err != nil {
		return err
	}
	count := func(n int) string { return strconv.Itoa(n) }
	rec := v.record(account.ImportUnits, file.name, "file", v.form.value("upload"), "new", count(plan.New),
		"changed", count(plan.Changed), "same", count(plan.Same), "doubtful", count(len(plan.Doubts)))
	units := slices.Clone(plan.Units)
	if err := c.Units.PutUnits(v.ctx(), rec, units); err != nil {
		return err
	}
	return v.done("/units", "units_imported")
}
