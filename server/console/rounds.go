package console

import (
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// roundsView is the list of rounds that the reader may see.
type roundsView struct {
	frame
	Rows      []roundHead
	MayCreate bool
}

// roundHead is a round as lists and headings show it.
type roundHead struct {
	ID             survey.RoundID
	Title          string
	Unit           string
	State          survey.RoundState
	Opened, Closed string
	Simulated      bool
	Offices        bool // people with a transaction are asked, and not residents
}

var roundsTemplate = page.New[roundsView](roundSource("rounds"))

func (c *Console) rounds(v *visit) error {
	rows, err := c.visibleRounds(v)
	if err != nil {
		return err
	}
	view := roundsView{frame: v.frame("console.rounds.title"), Rows: rows, MayCreate: account.Permits(v.user.Role, account.CreateRound)}
	return roundsTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// visibleRounds are the rounds that concern the reader, the newest first.
func (c *Console) visibleRounds(v *visit) ([]roundHead, error) {
	all, err := c.Rounds.Rounds(v.ctx())
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b survey.Round) int { return b.CreatedAt.Compare(a.CreatedAt) })
	var rows []roundHead
	for _, r := range all {
		visible, err := c.may(v, account.ReadRound, r.Unit)
		if err != nil {
			return nil, err
		}
		if !visible {
			continue
		}
		head, err := c.roundHead(v, r)
		if err != nil {
			return nil, err
		}
		rows = append(rows, head)
	}
	return rows, nil
}

func (c *Console) roundHead(v *visit, r survey.Round) (roundHead, error) {
	tree, err := c.Units.UnitTree(v.ctx())
	return roundHead{
		ID: r.ID, Title: r.Title.In(string(v.lang), "vi", "en"), Unit: unitName(tree, r.Unit), State: r.State,
		Opened: clock(r.Opened), Closed: clock(r.Closed), Simulated: r.Simulated,
		Offices: r.Transactions != nil,
	}, err
}

// loadRound reads the round named in the address, once a request.
func (c *Console) loadRound(v *visit) (err error) {
	if v.round.ID == "" {
		v.round, err = c.Rounds.Round(v.ctx(), survey.RoundID(v.param("round")))
	}
	return err
}

// roundFrame is the frame of the pages of one round.
type roundFrame struct {
	frame
	Round roundHead
	Tabs  []menuItem
}

// roundTabs are the pages of a round, in the order of its steps.
var roundTabs = []struct {
	code, path string
	action     account.Action
}{
	{"console.round.overview", "", account.ReadRound},
	{"console.draws.title", "/draws", account.ReadDraws},
	{"console.lists.title", "/lists", account.ReadList},
	{"console.counters.title", "/counters", account.ReadCounters},
	{"fieldwork.title", "/field", account.ReturnVisit},
	{"console.answers.title", "/answers", account.CountAnswers},
	{"recheck.title", "/recheck", account.ReadRecheck},
	{"quality.title", "/quality", account.ReadQuality},
	{"fieldwork.rates.title", "/rates", account.ReadRates},
	{"console.editions.title", "/editions", account.ReadEditions},
}

// roundFrame makes the frame of a page of the round in the address, which it
// loads if the gate did not. A round that has nothing to do with the unit that
// the gate allowed is not found.
func (c *Console) roundFrame(v *visit, title string) (roundFrame, error) {
	if err := c.loadRound(v); err != nil {
		return roundFrame{}, err
	}
	province, err := c.path(v.ctx(), v.round.Unit)
	if err != nil {
		return roundFrame{}, err
	}
	if !v.units[0].In(v.round.Unit) && !province.In(v.unit()) {
		return roundFrame{}, fault.New(fault.NotFound, "http.no_page")
	}
	head, err := c.roundHead(v, v.round)
	f := roundFrame{frame: v.frame(title), Round: head, Tabs: tabs(v.user.Role, v.round.ID, title)}
	f.About = head.Title
	if head.Offices {
		f.nameOffices()
	}
	return f, err
}

// nameOffices calls the lists what they are where people with a transaction are
// asked.
func (f *roundFrame) nameOffices() {
	const lists, files = "console.lists.title", "transactions.title"
	if f.Title == lists {
		f.Title = files
	}
	for i := range f.Tabs {
		if f.Tabs[i].Code == lists {
			f.Tabs[i].Code = files
		}
	}
}

func tabs(role account.Role, id survey.RoundID, here string) []menuItem {
	var items []menuItem
	for _, t := range roundTabs {
		if account.Permits(role, t.action) {
			items = append(items, menuItem{t.code, Root + "/rounds/" + string(id) + t.path, t.code == here})
		}
	}
	return items
}

// roundPath is the address of a page of the round, below Root.
func (v *visit) roundPath(page string) string { return "/rounds/" + string(v.round.ID) + page }

// roundView is the overview of a round: what it is, where it stands, and what
// the reader can do next.
type roundView struct {
	roundFrame
	Questionnaire     survey.Ref
	Formula           string
	Asker, Contact    string
	Population        fault.Problem // who is asked, as a sentence
	GraceHours        int
	SlipsBy           survey.SlipsBy
	Steps             []step
	Next              *step
	MayOpen, MayClose bool
}

var roundTemplate = page.New[roundView](roundSource("round"))

func (c *Console) roundPage(v *visit) error {
	f, err := c.roundFrame(v, "console.round.overview")
	if err != nil {
		return err
	}
	r := v.round
	view := roundView{
		roundFrame: f, Questionnaire: r.Questionnaire, Formula: r.Formula, Asker: r.Asker, Contact: r.Contact,
		Population: r.Population(), GraceHours: int(r.Grace.Hours()), SlipsBy: r.SlipsBy,
	}
	may, err := c.may(v, account.OpenRound, r.Unit)
	if err != nil {
		return err
	}
	view.MayOpen, view.MayClose = may && r.State == survey.RoundDraft, may && r.State == survey.RoundOpen
	p, err := c.progress(v)
	if err != nil {
		return err
	}
	view.Steps = p.steps(v.roundPath(""), v.user.Role)
	view.Next = next(view.Steps)
	return roundTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// listed are the units whose lists the round takes, none before they are drawn.
func (c *Console) listed(ctx context.Context, id survey.RoundID) ([]territory.Unit, error) {
	villages, err := c.Desk.Listed(ctx, id)
	if fault.Is(err, fault.Conflict) {
		return nil, nil
	}
	return villages, err
}

// newRoundView is the form of a new round.
type newRoundView struct {
	frame
	ID, TitleVI, TitleEN, Scope string
	Questionnaire, Formula      string
	Asker, Contact              string
	SlipsBy                     survey.SlipsBy
	Simulated                   bool
	Offices                     bool   // people with a transaction are asked
	From, To                    string // of the period, as typed
	Provinces                   []territory.Unit
	Questionnaires              []survey.Questionnaire
	Formulas                    []formulaChoice
}

// formulaChoice is one formula that a round may use.
type formulaChoice struct{ Ref, Title string }

var newRoundTemplate = page.New[newRoundView](source("newround"))

// newRoundPage fills in what the form offers.
func (c *Console) newRoundPage(v *visit, view newRoundView, status int) error {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	for _, u := range tree.Children("") {
		if may, err := c.may(v, account.CreateRound, u.Code); err != nil {
			return err
		} else if may {
			view.Provinces = append(view.Provinces, u)
		}
	}
	if view.Questionnaires, err = c.Questionnaires.Questionnaires(v.ctx()); err != nil {
		return err
	}
	slices.Reverse(view.Questionnaires) // the newest first
	for _, d := range c.Desk.Formulas {
		view.Formulas = append(view.Formulas, formulaChoice{string(d.Ref()), d.Title.In(string(v.lang), "vi", "en")})
	}
	return newRoundTemplate.Send(v.Ctx, status, v.lang, view)
}

func (c *Console) newRound(v *visit) error {
	return c.newRoundPage(v, newRoundView{frame: v.frame("console.new_round.title"), SlipsBy: survey.SlipsByProvince}, fiber.StatusOK)
}

func (c *Console) createRound(v *visit) error {
	view := newRoundView{
		frame: v.frame("console.new_round.title"), ID: v.form.value("id"), TitleVI: v.form.value("title_vi"), TitleEN: v.form.value("title_en"),
		Scope: v.form.value("scope"), Questionnaire: v.form.value("questionnaire"), Formula: v.form.value("formula"),
		Asker: v.form.value("asker"), Contact: v.form.value("contact"),
		SlipsBy: survey.SlipsBy(v.form.value("slips_by")), Simulated: v.form.value("simulated") != "",
		Offices: v.form.value("population") == "transactions", From: v.form.value("from"), To: v.form.value("to"),
	}
	r := survey.Round{
		ID: survey.RoundID(view.ID), Title: survey.Labels{}, Unit: territory.Code(view.Scope), Questionnaire: survey.Ref(view.Questionnaire),
		Formula: view.Formula, Asker: view.Asker, Contact: view.Contact, SlipsBy: view.SlipsBy, Simulated: view.Simulated, Grace: survey.DefaultGrace,
	}
	if view.Offices {
		r.Transactions = &survey.Period{From: territory.Day(view.From), To: territory.Day(view.To)}
	}
	for lang, title := range map[string]string{"vi": view.TitleVI, "en": view.TitleEN} {
		if title != "" {
			r.Title[lang] = title
		}
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	if u, _ := tree.Unit(r.Unit); u.Level != territory.Province {
		r.Unit = "" // which the round refuses: it is a province's
	}
	r, err = c.Desk.CreateRound(v.ctx(), v.user, r)
	if err == nil {
		return v.done("/rounds/"+string(r.ID), "round_created")
	}
	var errs fieldErrors
	switch {
	case fault.Is(err, fault.Conflict):
		errs.add("id", "console.new_round.taken", "id", view.ID)
	case !errs.from("", err):
		return err
	}
	for i, e := range errs {
		errs[i].Field = roundField(e)
	}
	view.Errors = errs
	return c.newRoundPage(v, view, fiber.StatusUnprocessableEntity)
}

// roundField is the field of the form that a problem of a new round is about.
func roundField(e fieldError) string {
	name := strings.TrimPrefix(e.Problem.Code, "round.")
	switch {
	case e.Field != "":
		return e.Field
	case name == "title":
		return "title_vi"
	case name == "unit":
		return "scope"
	case name == "no_day" || name == "backward":
		return "period"
	case slices.Contains([]string{"id", "questionnaire", "formula", "asker", "contact", "slips_by"}, name):
		return name
	}
	return ""
}
