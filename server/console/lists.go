package console

import (
	"bytes"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/intake"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// listsView is the page of a round's village lists within a unit.
type listsView struct {
	roundFrame
	Communes []communeLists
	Waiting  bool // the villages are not drawn yet
	MayCheck bool // may see what is unusual about the lists
}

// communeLists are the drawn villages of one commune.
type communeLists struct {
	Unit territory.Unit
	Rows []villageRow
	Done int // villages whose list is there
}

// villageRow is one drawn village and the state of its list.
type villageRow struct {
	Unit   territory.Unit
	People int // 0 without a list
	File   string
	At     string
	By     account.Name
	Slips  string // when slips were last produced, "" for never
}

var listsTemplate = page.New[listsView](roundSource("lists"))

func (c *Console) lists(v *visit) error {
	f, err := c.roundFrame(v, "console.lists.title")
	if err != nil {
		return err
	}
	view := listsView{roundFrame: f, MayCheck: account.Permits(v.user.Role, account.CheckLists)}
	rows, err := c.villageRows(v, v.unit())
	if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	for _, row := range rows {
		n := len(view.Communes)
		if n == 0 || view.Communes[n-1].Unit.Code != row.Unit.Parent {
			commune, _ := tree.Unit(row.Unit.Parent)
			view.Communes = append(view.Communes, communeLists{Unit: commune})
			n++
		}
		last := &view.Communes[n-1]
		last.Rows = append(last.Rows, row)
		if row.People > 0 {
			last.Done++
		}
	}
	all, err := c.drawnVillages(v.ctx(), v.round.ID)
	view.Waiting = len(all) == 0
	if err != nil {
		return err
	}
	return listsTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// villageRows are the drawn villages of the round within a unit, by commune.
func (c *Console) villageRows(v *visit, within territory.Code) ([]villageRow, error) {
	villages, err := c.drawnVillages(v.ctx(), v.round.ID)
	if err != nil || len(villages) == 0 {
		return nil, err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return nil, err
	}
	heads, err := c.Desk.CurrentLists(v.ctx(), v.round.ID)
	if err != nil {
		return nil, err
	}
	batches, err := c.Rounds.Batches(v.ctx(), v.round.ID, "")
	if err != nil {
		return nil, err
	}
	var rows []villageRow
	for _, u := range villages {
		if within != account.Everywhere && !tree.Within(within, u.Code) {
			continue
		}
		head := heads[u.Code]
		row := villageRow{Unit: u, People: head.People, File: head.File, At: clock(head.At), By: head.By}
		for _, b := range batches {
			if b.Village == u.Code {
				row.Slips = clock(b.At)
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b villageRow) int { return strings.Compare(string(a.Unit.Parent), string(b.Unit.Parent)) })
	return rows, nil
}

// listView is the page of the lists of one commune or one village: where a file
// is taken in, checked, undone, and where the drawn people are fetched.
type listView struct {
	roundFrame
	filePreview
	Unit          territory.Unit
	Rows          []villageRow
	Reading       readingForm // how the file was understood
	Kept          []field     // what goes along with the next step
	Preview       []previewList
	LeaveChildren bool
	Doubles       int  // undecided pairs of entries that may be one person
	Marked        bool // there is something to mark in a workbook
	Locked        bool // the draw of people is committed, or the round has begun
	Drawn         bool // people are drawn
	MaySlips      bool
}

// previewList is what was read for one village.
type previewList struct {
	Unit  territory.Unit
	Count headcount
	First []sampling.Person
}

var listTemplate = page.New[listView](roundSource("list"))

// listPage fills in what every use of the page shows.
func (c *Console) listPage(v *visit) (listView, error) {
	f, err := c.roundFrame(v, "console.lists.title")
	if err != nil {
		return listView{}, err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return listView{}, err
	}
	u, _ := tree.Unit(v.unit())
	view := listView{roundFrame: f, Unit: u}
	if view.Rows, err = c.villageRows(v, v.unit()); err != nil {
		return listView{}, err
	}
	if len(view.Rows) == 0 {
		return listView{}, fault.New(fault.NotFound, "console.lists.not_drawn", "unit", u.FullName())
	}
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return listView{}, err
	}
	people, committed := conduct.Current(attempts, conduct.People)
	view.Locked = committed || v.round.State != survey.RoundDraft
	view.Drawn = committed && people.Done()
	view.MaySlips = view.Drawn && v.round.State != survey.RoundClosed && producesSlips(v.user.Role, v.round.SlipsBy)
	return view, nil
}

// producesSlips reports whether a role produces slips in a round: officers only
// where the round leaves it to the communes.
func producesSlips(role account.Role, by survey.SlipsBy) bool {
	return account.Permits(role, account.ProduceSlips) && (role != account.Officer || by == survey.SlipsByCommune)
}

func (c *Console) list(v *visit) error {
	view, err := c.listPage(v)
	if err != nil {
		return err
	}
	if !view.Locked {
		pairs, err := c.doublesPage(v, v.unit())
		if err != nil {
			return err
		}
		view.Doubles = pairs.Open
	}
	return listTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// previewList is the dry run: it stores nothing but the file. A file that was
// checked before need not be chosen again, and what was said of its columns holds
// for the next file if that has the same header.
func (c *Console) previewList(v *visit) error {
	view, err := c.listPage(v)
	if err != nil {
		return err
	}
	fresh := len(v.form.file.data) > 0
	if !fresh && v.form.value("upload") != "" {
		if v.form.file, err = c.keptUpload(v); err != nil {
			return err
		}
	}
	if view.Upload, err = c.keepUpload(v); err != nil {
		return c.refuseList(v, view, err)
	}
	if fresh {
		v.form.forget(func(name string) bool { return strings.HasPrefix(name, "enc_") })
	}
	plan, err := c.planList(v, &view, v.form.file)
	if fresh && v.form.said() && plan.HeaderDigest() != v.form.value("seen") {
		v.form.forget(isReading)
		view.Errors = nil
		plan, err = c.planList(v, &view, v.form.file)
	}
	if err != nil {
		return c.refuseList(v, view, err)
	}
	return c.showListPlan(v, view, plan)
}

// showListPlan answers with what taking the file would do.
func (c *Console) showListPlan(v *visit, view listView, plan conduct.ListPlan) error {
	view.sortProblems(plan.Problems)
	if len(view.Problems) > 0 {
		view.Errors = append(view.Errors, fieldError{"problems", fault.P("console.import.stopped", "problems", len(view.Problems)+view.More)})
	}
	view.Marked = len(plan.Problems) > 0
	view.fillPreview(plan, v.at.In(vietnam).Year())
	return listTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

// refuseList shows the page with a file that was not taken, or a list that stays.
func (c *Console) refuseList(v *visit, view listView, err error) error {
	var errs fieldErrors
	if !errs.from("file", err) {
		return err
	}
	view.Errors = append(view.Errors, errs...)
	return listTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}

// planList reads the file as the form says; the page keeps what was chosen.
func (c *Console) planList(v *visit, view *listView, file upload) (conduct.ListPlan, error) {
	reading := readReading(v.form, (*fieldErrors)(&view.Errors))
	view.File, view.LeaveChildren = file.name, v.form.value("children") != ""
	villages := make([]territory.Unit, len(view.Rows))
	for i, row := range view.Rows {
		villages[i] = row.Unit
	}
	plan, err := conduct.PlanLists(conduct.ListFile{
		Name: file.name, Data: file.data, Villages: villages, Reading: reading, LeaveOutChildren: view.LeaveChildren,
		Today: territory.Day(v.at.In(vietnam).Format("2006-01-02")),
	})
	view.Reading = readingOf(plan, v.form, reading)
	view.Kept = kept(v.form, view.Upload, file.name, plan.HeaderDigest())
	return plan, err
}

// fillPreview shows how the file was understood.
func (w *listView) fillPreview(plan conduct.ListPlan, year int) {
	for _, list := range plan.Lists {
		i := slices.IndexFunc(w.Rows, func(r villageRow) bool { return r.Unit.Code == list.Village })
		if i >= 0 {
			w.Preview = append(w.Preview, previewList{w.Rows[i].Unit, countHeads(list, year), list.People[:min(len(list.People), previewed)]})
		}
	}
}

// markedList sends the officer's own table with its faults marked, to be
// corrected and handed in again.
func (c *Console) markedList(v *visit) error {
	view, err := c.listPage(v)
	if err != nil {
		return err
	}
	file, err := c.keptUpload(v)
	if err != nil {
		return c.refuseList(v, view, err)
	}
	view.Upload = v.form.value("upload")
	plan, err := c.planList(v, &view, file)
	if err != nil {
		return c.refuseList(v, view, err)
	}
	var out bytes.Buffer
	err = export.MarkedXLSX(&out, v.lang, export.Marked{
		Sheet: plan.Sheet.Name, HeaderRow: plan.Sheet.HeaderEnd, Header: plan.Sheet.Header,
		Titles: intake.Numbered(plan.Sheet.Titles), Rows: intake.Numbered(plan.Sheet.Rows), Problems: plan.Problems,
	})
	if err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(v.unit())+"-sua.xlsx", out.Bytes())
}

// importList takes the lists that the preview showed, read again from the file:
// what a browser sends back decides nothing.
func (c *Console) importList(v *visit) error {
	view, err := c.listPage(v)
	if err != nil {
		return err
	}
	file, err := c.keptUpload(v)
	if err != nil {
		return c.refuseList(v, view, err)
	}
	view.Upload = v.form.value("upload")
	plan, err := c.planList(v, &view, file)
	if err != nil {
		return c.refuseList(v, view, err)
	}
	if plan.Err() != nil || len(view.Errors) > 0 {
		return c.showListPlan(v, view, plan)
	}
	for _, list := range plan.Lists {
		if _, err := c.Desk.AddList(v.ctx(), v.user, v.round.ID, file.name, list); err != nil {
			return c.refuseList(v, view, err)
		}
	}
	return v.done(v.roundPath("/lists/"+string(v.unit())), "list_taken")
}

// undoView asks before a list is removed.
type undoView struct {
	roundFrame
	Village villageRow
}

var undoTemplate = page.New[undoView](roundSource("undolist"))

func (c *Console) undoPage(v *visit) error {
	view, err := c.villagePage(v)
	if err != nil {
		return err
	}
	return undoTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, undoView{view.roundFrame, view.Rows[0]})
}

// undoList removes the last list of a village; the one before counts again.
func (c *Console) undoList(v *visit) error {
	view, err := c.villagePage(v)
	if err != nil {
		return err
	}
	if err := c.Desk.UndoList(v.ctx(), v.user, v.round.ID, v.unit()); err != nil {
		return c.refuseList(v, view, err)
	}
	return v.done(v.roundPath("/lists/"+string(v.unit())), "list_undone")
}

// villagePage is listPage for an address that names one village.
func (c *Console) villagePage(v *visit) (listView, error) {
	view, err := c.listPage(v)
	if err == nil && view.Unit.Level != territory.Village {
		err = fault.New(fault.NotFound, "console.lists.not_drawn", "unit", view.Unit.FullName())
	}
	return view, err
}
