package console

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
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

// communeLists are the drawn villages of one commune, or the offices of a province.
type communeLists struct {
	Unit territory.Unit
	Rows []villageRow
	Done int  // of which a list is there
	Open bool // the reader may open the page of all of them
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
	view := listsView{roundFrame: f, MayCheck: account.Permits(v.user.Role, account.CheckLists) && !f.Round.Offices}
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
			open, err := c.may(v, account.ReadList, commune.Code)
			if err != nil {
				return err
			}
			view.Communes = append(view.Communes, communeLists{Unit: commune, Open: open})
			n++
		}
		last := &view.Communes[n-1]
		last.Rows = append(last.Rows, row)
		if row.People > 0 {
			last.Done++
		}
	}
	all, err := c.listed(v.ctx(), v.round.ID)
	view.Waiting = len(all) == 0
	if err != nil {
		return err
	}
	return listsTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// villageRows are the units of the round's lists within a unit, by what they lie in.
func (c *Console) villageRows(v *visit, within territory.Code) ([]villageRow, error) {
	villages, err := c.listed(v.ctx(), v.round.ID)
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

// listView is the page of the lists of one commune or one village, or of one office
// or all: where a file is taken in, checked, undone, and where the drawn people are
// fetched.
type listView struct {
	roundFrame
	tableForm
	Unit          territory.Unit
	Rows          []villageRow
	Preview       []previewList
	LeaveChildren bool
	Files         officeFiles // in a round of people with a transaction
	Doubles       int         // undecided pairs of entries that may be one person
	Locked        bool        // the draw of people is committed, or the round has begun
	Drawn         bool        // people are drawn
	MaySlips      bool
}

// previewList is what was read for one village.
type previewList struct {
	Unit   territory.Unit
	Count  headcount
	Fields []fieldCount
	First  []sampling.Person
}

var listTemplate = page.New[listView](roundSource("list", tableBlocks, "console/list/offices.html"))

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
	view := listView{roundFrame: f, Unit: u, tableForm: tableForm{At: Root + v.roundPath("/lists/"+string(u.Code))}}
	if view.Rows, err = c.villageRows(v, v.unit()); err != nil {
		return listView{}, err
	}
	if f.Round.Offices {
		if view.Files.offices, err = c.listed(v.ctx(), v.round.ID); err != nil {
			return listView{}, err
		}
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

// listFields are those of a list whose column an officer may name, where the
// header is read wrongly or two columns could be the same.
var listFields = []string{
	"name", "family_name", "given_name", "birth_year", "birth_date", "birth_male", "birth_female",
	"sex", "sex_male", "sex_female", "household", "household_head", "address", "phone", "village",
}

// listTask reads an uploaded file of lists into a plan, for the page.
func (v *visit) listTask(view *listView, plan *conduct.ListPlan) tableTask {
	if view.Round.Offices {
		return v.officeTask(view, plan)
	}
	view.LeaveChildren = v.form.value("children") != ""
	villages := make([]territory.Unit, len(view.Rows))
	for i, row := range view.Rows {
		villages[i] = row.Unit
	}
	read := func(file upload, r conduct.Reading) (table conduct.Table, err error) {
		*plan, err = conduct.PlanLists(conduct.ListFile{
			Name: file.name, Data: file.data, Villages: villages, Reading: r, LeaveOutChildren: view.LeaveChildren,
			Today: territory.Day(v.at.In(vietnam).Format("2006-01-02")),
		})
		return plan.Table, err
	}
	return tableTask{form: &view.tableForm, errs: (*fieldErrors)(&view.Errors), fields: listFields, settings: []string{"children"}, plan: read}
}

// previewList shows what taking a file would do.
func (c *Console) previewList(v *visit) error {
	view, err := c.listPage(v)
	if err != nil {
		return err
	}
	var plan conduct.ListPlan
	if err := c.checkTable(v, v.listTask(&view, &plan)); err != nil {
		return c.refuseList(v, view, err)
	}
	return c.showListPlan(v, view, plan)
}

// showListPlan answers with how the file was understood.
func (c *Console) showListPlan(v *visit, view listView, plan conduct.ListPlan) error {
	view.preview(plan, v.at.In(vietnam).Year())
	return listTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

// preview shows the lists that a file gives; ages are those of a year.
func (w *listView) preview(plan conduct.ListPlan, year int) {
	for _, list := range plan.Lists {
		i := slices.IndexFunc(w.Rows, func(r villageRow) bool { return r.Unit.Code == list.Village })
		if i >= 0 {
			w.Preview = append(w.Preview, previewList{w.Rows[i].Unit, countHeads(list, year), countFields(list), list.People[:min(len(list.People), previewed)]})
		}
	}
}

// refuseList shows the page with a file that was not taken, or a list that stays.
func (c *Console) refuseList(v *visit, view listView, err error) error {
	if !(*fieldErrors)(&view.Errors).from("file", err) {
		return err
	}
	return listTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}

// withKeptList reads the file that a preview kept, for what is done with it.
func (c *Console) withKeptList(v *visit, do func(view listView, file string, plan conduct.ListPlan) error) error {
	view, err := c.listPage(v)
	if err != nil {
		return err
	}
	var plan conduct.ListPlan
	file, err := c.keptTable(v, v.listTask(&view, &plan))
	if err != nil {
		return c.refuseList(v, view, err)
	}
	return do(view, file.name, plan)
}

// markedList sends the officer's own table with its faults marked.
func (c *Console) markedList(v *visit) error {
	return c.withKeptList(v, func(_ listView, _ string, plan conduct.ListPlan) error {
		return v.sendMarked(string(v.round.ID)+"-"+string(v.unit()), plan.Table)
	})
}

// importList takes the lists that the preview showed.
func (c *Console) importList(v *visit) error {
	return c.withKeptList(v, func(view listView, file string, plan conduct.ListPlan) error {
		if len(view.Errors) > 0 {
			return c.showListPlan(v, view, plan)
		}
		for _, list := range plan.Lists {
			if _, err := c.Desk.AddList(v.ctx(), v.user, v.round.ID, file, list); err != nil {
				return c.refuseList(v, view, err)
			}
		}
		return v.done(v.roundPath("/lists/"+string(v.unit())), "list_taken")
	})
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
	if err == nil && (len(view.Rows) != 1 || view.Rows[0].Unit.Code != view.Unit.Code) {
		err = fault.New(fault.NotFound, "console.lists.not_drawn", "unit", view.Unit.FullName())
	}
	return view, err
}
