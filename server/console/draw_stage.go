package console

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/territory"
)

// stageView is the page of one stage: the frame as it is now, the plan, the
// commitment, the draw, and all that was tried.
type stageView struct {
	roundFrame
	stageSummary
	MayDraw bool
	Drawn   []drawnUnit // of the attempt that counts; people are never named
	Frame   framePreview
	Ready   readyForm
	Form    planForm
	Plan    string // JSON, "" until the form was sent
	Tried   bool   // the plan can be drawn from the frame
	Event   eventForm
	Events  []string
	Reason  string // of another attempt
	Beacon  string
	kinds   []kindCount
}

// drawnUnit is a unit that was drawn, or is in reserve.
type drawnUnit struct {
	Name string
	Code territory.Code
	Role sampling.Role
}

// framePreview is the frame that a commitment made now would fix.
type framePreview struct {
	Units    int
	Digest   sampling.Digest
	Columns  []string
	Rows     [][]string // the first ones
	Problems []linkedProblem
	More     int // problems that are not listed
}

// linkedProblem is a problem with the page where it can be mended.
type linkedProblem struct {
	Problem fault.Problem
	Href    string
}

// Below is the address below which the draw's steps lie, for templates.
func (w stageView) Below() string {
	return Root + "/rounds/" + string(w.Round.ID) + "/draws/" + strconv.Itoa(int(w.Stage))
}

var stageTemplate = page.New[stageView](roundSource("stage", "console/stage/ready.html", "console/frame/draw.html"))

func (c *Console) stage(v *visit) error {
	view, err := c.stageView(v)
	if err != nil {
		return err
	}
	if view.MayDraw && view.Ready.Filled {
		if err := c.fillPlan(v, &view); err != nil {
			return err
		}
	} else if view.MayDraw && v.query().Has("method") {
		plan := view.Form.plan(v.round, view.Stage, (*fieldErrors)(&view.Errors))
		if len(view.Errors) == 0 {
			view.Plan = string(plan.Encode())
			if err := c.tryPlan(v, &view, plan); err != nil {
				return err
			}
		}
	}
	return stageTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

// statusOf is the status of a page: that of a form that was not accepted, or OK.
func statusOf(f frame) int {
	if len(f.Errors) > 0 {
		return fiber.StatusUnprocessableEntity
	}
	return fiber.StatusOK
}

var stageTitles = map[conduct.Stage]string{
	conduct.Communes: "rounds.step.communes", conduct.Villages: "rounds.step.villages", conduct.People: "rounds.step.people",
}

// stageView fills in what every use of the page shows.
func (c *Console) stageView(v *visit) (stageView, error) {
	n, err := strconv.Atoi(v.param("stage"))
	stage := conduct.Stage(n)
	f, loadErr := c.roundFrame(v, "console.draws.title")
	if loadErr != nil {
		return stageView{}, loadErr
	}
	if err != nil || !slices.Contains(conduct.StagesOf(v.round), stage) {
		return stageView{}, fault.New(fault.NotFound, "http.no_page")
	}
	f.Title = stageTitles[stage]
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return stageView{}, err
	}
	kinds, err := c.kindsOf(v)
	if err != nil {
		return stageView{}, err
	}
	view := stageView{
		roundFrame: f, stageSummary: stageOf(v.round, attempts, stage, v.at), Form: readPlanForm(v.query().Get, stage, kinds),
		Events: events, Event: eventForm{Kind: eventDrand}, kinds: kinds,
	}
	if view.Drawn, err = c.drawnUnits(v, attempts, stage); err != nil {
		return stageView{}, err
	}
	if view.MayDraw, err = c.mayDraw(v); err != nil || !view.MayDraw || view.Next == stageWaits || view.Next == stageFixed {
		view.MayDraw = false
		return view, err
	}
	view.Frame, err = c.previewFrame(v, stage)
	view.Ready = readReadyForm(v.query(), blankPlan(v.round, stage), view.Frame.Columns, (*fieldErrors)(&view.Errors))
	return view, err
}

// drawnUnits names the communes or villages of a stage's sample, in its order.
func (c *Console) drawnUnits(v *visit, attempts []conduct.Draw, stage conduct.Stage) ([]drawnUnit, error) {
	if d, _ := conduct.Current(attempts, stage); !d.Done() || stage == conduct.People {
		return nil, nil
	}
	sample, err := c.Desk.CurrentSample(v.ctx(), v.round.ID, stage)
	if err != nil {
		return nil, err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return nil, err
	}
	units := make([]drawnUnit, len(sample.Units))
	for i, drawn := range sample.Units {
		code := territory.Code(drawn.Key)
		u, _ := tree.Unit(code)
		units[i] = drawnUnit{u.FullName(), code, drawn.Role}
		if above, _ := tree.Unit(u.Parent); stage == conduct.Villages {
			units[i].Name += ", " + above.FullName()
		}
	}
	return units, nil
}

// previewRows is how many rows of a frame a page shows.
const previewRows = 8

func (c *Console) previewFrame(v *visit, stage conduct.Stage) (framePreview, error) {
	frame, err := c.Desk.Frame(v.ctx(), v.round, stage)
	if fault.Is(err, fault.Invalid) {
		var p framePreview
		for _, problem := range fault.ProblemsOf(err) {
			if len(p.Problems) == listed {
				p.More++
				continue
			}
			p.Problems = append(p.Problems, linkedProblem{problem, c.placeToMend(v, problem)})
		}
		return p, nil
	} else if err != nil {
		return framePreview{}, err
	}
	p := framePreview{Units: frame.Len(), Digest: frame.Digest(), Columns: frame.Columns()}
	for i := range min(previewRows, frame.Len()) {
		p.Rows = append(p.Rows, frame.Row(i))
	}
	return p, nil
}

// placeToMend is the page of the unit whose size is in doubt, of the village whose
// list is missing, or of the import of units where there are none.
func (c *Console) placeToMend(v *visit, p fault.Problem) string {
	switch p.Code {
	case "stage.no_list":
		return Root + v.roundPath("/lists")
	case "stage.no_units":
		return Root + "/import-units"
	}
	for _, a := range p.Args {
		code, isText := a.Value.(string)
		if a.Name != "code" || !isText {
			continue
		}
		if p.Code == "stage.list_missing" {
			return Root + v.roundPath("/lists/"+code)
		}
		return Root + "/units/" + code
	}
	return ""
}

// tryPlan reports what stands between a plan and its commitment.
func (c *Console) tryPlan(v *visit, view *stageView, plan sampling.Plan) error {
	err := c.Desk.TryPlan(v.ctx(), v.round.ID, view.Stage, plan)
	view.Tried = err == nil
	if err != nil && !(*fieldErrors)(&view.Errors).from("plan", err) {
		return err
	}
	return nil
}

// commitDraw commits to the plan as it stands in its field, JSON and all.
func (c *Console) commitDraw(v *visit) error {
	view, err := c.stageView(v)
	if err != nil {
		return err
	}
	view.Plan, view.Event, view.Reason = v.form.value("plan"), readEvent(v.form), v.form.value("reason")
	errs := (*fieldErrors)(&view.Errors)
	source := view.Event.source(errs)
	plan, err := sampling.ReadPlan(strings.NewReader(view.Plan))
	if err != nil && !errs.from("plan", err) {
		return err
	}
	if len(view.Errors) == 0 {
		_, err := c.Desk.Commit(v.ctx(), v.user, v.round.ID, view.Stage, conduct.Intent{Plan: plan, Source: source, Reason: view.Reason})
		if err == nil {
			return v.done(v.roundPath("/draws/"+v.param("stage")), "draw_committed")
		}
		if !errs.from(commitField(err), err) {
			return err
		}
	}
	return c.refuseDraw(v, view)
}

// commitField is the field that a refused commitment is about.
func commitField(err error) string {
	switch fault.ProblemsOf(err)[0].Code {
	case "stage.event_past", "stage.event_undated":
		return "when"
	case "stage.reason_needed":
		return "reason"
	}
	return "plan"
}

// runDraw draws with what the public event brought.
func (c *Console) runDraw(v *visit) error {
	view, err := c.stageView(v)
	if err != nil {
		return err
	}
	view.Beacon = v.form.value("beacon")
	errs := (*fieldErrors)(&view.Errors)
	if view.Beacon == "" {
		errs.add("beacon", "console.draws.no_beacon")
		return c.refuseDraw(v, view)
	}
	_, err = c.Desk.Run(v.ctx(), v.user, v.round.ID, view.Stage, view.Beacon)
	if err == nil {
		return v.done(v.roundPath("/draws/"+v.param("stage")), "draw_done")
	}
	if !errs.from("beacon", err) {
		return err
	}
	return c.refuseDraw(v, view)
}

// refuseDraw shows the page again as it was filled in.
func (c *Console) refuseDraw(v *visit, view stageView) error {
	view.Errors = view.Errors[:min(len(view.Errors), listed)]
	return stageTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}
