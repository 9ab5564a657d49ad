package console

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// drawsView is the page of a round's draws, stage by stage.
type drawsView struct {
	roundFrame
	Stages  []stageView
	MayDraw bool // the reader may, and the round is still in draft
}

// stageView is one stage: its attempts, and the form for what comes next.
type stageView struct {
	Stage    conduct.Stage
	Attempts []attemptView
	Next     string // "commit", "run", "again" (drawn; may be tried anew) or "" while the stage before is missing
	Cells    []cellField
	Form     drawForm
}

// cellField is one number of the plan: how many units of a kind, or of every
// parent.
type cellField struct {
	Name, Kind string // Kind is empty where one number stands for all
	Units      int
	Value      string
}

// drawForm is what was typed into the form of a stage.
type drawForm struct{ Method, Reserve, Certainty, Event, Place, When, Beacon string }

// attemptView is one attempt as the page shows it.
type attemptView struct {
	conduct.Draw
	CommittedAt, Event, DrawnAt string
	Main, Certainty, Reserve    int
	Files                       []string
}

var drawsTemplate = page.New[drawsView](roundSource("draws"))

// The events that a draw can wait for.
var events = []string{"dice", "lottery", "drand"}

// Events and Methods are what the form offers.
func (drawsView) Events() []string { return events }

// Methods lists the ways of selecting that the form offers for a stage; the
// command line knows them all.
func (s stageView) Methods() []sampling.Method {
	if s.Stage == conduct.People {
		return []sampling.Method{sampling.SRS, sampling.Systematic}
	}
	return []sampling.Method{sampling.PPSSystematic, sampling.SRS, sampling.Systematic, sampling.All}
}

func (c *Console) draws(v *visit) error {
	f, err := c.roundFrame(v, "console.draws.title")
	if err != nil {
		return err
	}
	return c.showDraws(v, drawsView{roundFrame: f}, fiber.StatusOK)
}

func (c *Console) showDraws(v *visit, view drawsView, status int) error {
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	kinds, err := c.kindsOf(v)
	if err != nil {
		return err
	}
	may, err := c.may(v, account.CommitDraw, v.round.Unit)
	if err != nil {
		return err
	}
	view.MayDraw = may && v.round.State == survey.RoundDraft
	before := true // nothing stands before the first stage
	for _, stage := range conduct.Stages {
		s := stageView{Stage: stage, Cells: cellsOf(stage, kinds, v.form)}
		s.Form = readDrawForm(v, stage)
		for _, d := range attempts {
			if d.Stage == stage {
				s.Attempts = append(s.Attempts, newAttempt(d))
			}
		}
		current, tried := conduct.Current(attempts, stage)
		_, later := conduct.Current(attempts, stage+1)
		s.Next = nextStep(before, tried, current.Done(), later)
		before = tried && current.Done()
		view.Stages = append(view.Stages, s)
	}
	return drawsTemplate.Send(v.Ctx, status, v.lang, view)
}

// nextStep is what can be done at a stage.
func nextStep(before, tried, drawn, later bool) string {
	switch {
	case !before || later:
		return ""
	case !tried:
		return "commit"
	case !drawn:
		return "run"
	}
	return "again"
}

func newAttempt(d conduct.Draw) attemptView {
	a := attemptView{Draw: d, CommittedAt: clock(d.Commitment.At), DrawnAt: clock(d.DrawnAt), Files: drawFiles(d)}
	if at, known := d.Commitment.Source.Time(); known {
		a.Event = clock(at)
	}
	if d.Receipt != nil {
		for _, cell := range d.Receipt.Counts {
			a.Main, a.Certainty, a.Reserve = a.Main+cell.Main, a.Certainty+cell.Certainty, a.Reserve+cell.Reserve
		}
	}
	return a
}

// kindCount is how many communes of a kind the province has.
type kindCount struct {
	kind  territory.Kind
	units int
}

func (c *Console) kindsOf(v *visit) ([]kindCount, error) {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return nil, err
	}
	var kinds []kindCount
	for _, u := range tree.Children(v.round.Unit) {
		i := slices.IndexFunc(kinds, func(k kindCount) bool { return k.kind == u.Kind })
		if i < 0 {
			kinds = append(kinds, kindCount{u.Kind, 0})
			i = len(kinds) - 1
		}
		kinds[i].units++
	}
	slices.SortFunc(kinds, func(a, b kindCount) int { return strings.Compare(string(a.kind), string(b.kind)) })
	return kinds, nil
}

// cellsOf are the numbers that the plan of a stage needs: one a kind of
// commune, then one for every commune, one for every village.
func cellsOf(stage conduct.Stage, kinds []kindCount, f form) []cellField {
	if stage != conduct.Communes {
		name := "n" + strconv.Itoa(int(stage))
		return []cellField{{Name: name, Value: f.value(name)}}
	}
	var cells []cellField
	for i, k := range kinds {
		name := "n1-" + strconv.Itoa(i)
		cells = append(cells, cellField{Name: name, Kind: string(k.kind), Units: k.units, Value: f.value(name)})
	}
	return cells
}

func readDrawForm(v *visit, stage conduct.Stage) drawForm {
	if v.param("stage") != strconv.Itoa(int(stage)) {
		return drawForm{}
	}
	return drawForm{
		Method: v.form.value("method"), Reserve: v.form.value("reserve"), Certainty: v.form.value("certainty"),
		Event: v.form.value("event"), Place: v.form.value("place"), When: v.form.value("when"), Beacon: v.form.value("beacon"),
	}
}

// planOf makes the plan of a stage from its form. What is wrong with the
// numbers is in the errors; what the frame says of the plan comes from the draw.
func planOf(id survey.RoundID, s stageView, errs *fieldErrors) sampling.Plan {
	plan := sampling.Plan{Key: "code", Method: sampling.Method(s.Form.Method), Order: []string{"code"}}
	switch s.Stage {
	case conduct.Communes:
		plan.ID, plan.Unit, plan.Strata = sampling.PlanID(id+"-1"), "commune", []string{"kind"}
	case conduct.Villages:
		plan.ID, plan.Unit, plan.ParentKey = sampling.PlanID(id+"-2"), "village", "commune"
	case conduct.People:
		plan.ID, plan.Unit, plan.Key, plan.ParentKey, plan.Order = sampling.PlanID(id+"-3"), "person", "key", "village", nil
	}
	if plan.Method == sampling.PPSSystematic {
		plan.Size = "population"
	}
	if plan.Method != sampling.All {
		plan.N = countsOf(s.Cells, errs)
	}
	if s.Form.Reserve != "" {
		plan.Reserve = sampling.Counts{Each: numberIn(s.field("reserve"), s.Form.Reserve, errs)}
	}
	for _, code := range strings.FieldsFunc(s.Form.Certainty, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		plan.Certainty = append(plan.Certainty, sampling.Key(code))
	}
	return plan
}

func countsOf(cells []cellField, errs *fieldErrors) sampling.Counts {
	if len(cells) == 1 && cells[0].Kind == "" {
		return sampling.Counts{Each: numberIn(cells[0].Name, cells[0].Value, errs)}
	}
	by := map[string]int{}
	for _, cell := range cells {
		by[cell.Kind] = numberIn(cell.Name, cell.Value, errs)
	}
	return sampling.Counts{By: by}
}

func numberIn(field, text string, errs *fieldErrors) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		errs.add(field, "console.draws.not_a_number", "typed", text)
	}
	return n
}

// field is the name by which a problem of the stage's form finds its input.
func (s stageView) field(name string) string { return name + strconv.Itoa(int(s.Stage)) }

// eventOf names the public event of the form.
func eventOf(s stageView, errs *fieldErrors) sampling.Source {
	f := s.Form
	at, err := time.ParseInLocation("2006-01-02T15:04", f.When, vietnam)
	if err != nil {
		errs.add(s.field("when"), "console.draws.no_time")
		return ""
	}
	place := strings.ReplaceAll(f.Place, ":", " ")
	switch f.Event {
	case "drand":
		return sampling.QuicknetAt(at)
	case "lottery":
		return sampling.Source("lottery:" + place + ":" + at.Format(time.DateOnly))
	}
	return sampling.Source("dice:" + place + ":" + at.Format(time.RFC3339))
}

// stageParam is the stage named in the address.
func (v *visit) stageParam() (conduct.Stage, error) {
	n, err := strconv.Atoi(v.param("stage"))
	if err != nil || !slices.Contains(conduct.Stages, conduct.Stage(n)) {
		return 0, fault.New(fault.NotFound, "http.no_page")
	}
	return conduct.Stage(n), nil
}

func (c *Console) commitDraw(v *visit) error {
	stage, err := v.stageParam()
	if err != nil {
		return err
	}
	kinds, err := c.kindsOf(v)
	if err != nil {
		return err
	}
	s := stageView{Stage: stage, Cells: cellsOf(stage, kinds, v.form), Form: readDrawForm(v, stage)}
	var errs fieldErrors
	plan := planOf(v.round.ID, s, &errs)
	event := eventOf(s, &errs)
	if len(errs) == 0 {
		_, err := c.Desk.Commit(v.ctx(), v.user, v.round.ID, stage, plan, event)
		if err == nil {
			return v.done(v.roundPath("/draws"), "draw_committed")
		}
		if !errs.from(s.field("stage"), err) {
			return err
		}
	}
	return c.refuseDraw(v, errs)
}

// refuseDraw shows the page again as it was filled in.
func (c *Console) refuseDraw(v *visit, errs fieldErrors) error {
	f, err := c.roundFrame(v, "console.draws.title")
	if err != nil {
		return err
	}
	f.Errors = errs[:min(len(errs), listed)]
	return c.showDraws(v, drawsView{roundFrame: f}, fiber.StatusUnprocessableEntity)
}

func (c *Console) runDraw(v *visit) error {
	stage, err := v.stageParam()
	if err != nil {
		return err
	}
	var errs fieldErrors
	s := stageView{Stage: stage}
	if beacon := v.form.value("beacon"); beacon == "" {
		errs.add(s.field("beacon"), "console.draws.no_beacon")
	} else if _, err := c.Desk.Run(v.ctx(), v.user, v.round.ID, stage, beacon); err == nil {
		return v.done(v.roundPath("/draws"), "draw_done")
	} else if !errs.from(s.field("stage"), err) {
		return err
	}
	return c.refuseDraw(v, errs)
}

// drawFiles are the files by which anybody can re-run an attempt.
func drawFiles(d conduct.Draw) []string {
	files := []string{"frame.csv", "plan.json", "commitment.json"}
	if d.Done() {
		files = append(files, "receipt.json", "sample.csv", "frame.lines")
	}
	return files
}

// drawFile sends one file of an attempt.
func (c *Console) drawFile(v *visit) error {
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	stage, number, file := v.param("stage"), v.param("attempt"), v.param("file")
	for _, d := range attempts {
		if strconv.Itoa(int(d.Stage)) != stage || strconv.Itoa(d.Attempt) != number || !slices.Contains(drawFiles(d), file) {
			continue
		}
		content, err := c.drawContent(v, d, file)
		if err != nil {
			return err
		}
		return v.file(string(v.round.ID)+"-"+stage+"-"+number+"-"+file, content)
	}
	return fault.New(fault.NotFound, "http.no_page")
}

func (c *Console) drawContent(v *visit, d conduct.Draw, file string) ([]byte, error) {
	switch file {
	case "plan.json":
		return d.Plan.Canonical(), nil
	case "commitment.json":
		return d.Commitment.Encode(), nil
	case "receipt.json":
		return d.Receipt.Encode(), nil
	case "sample.csv":
		return c.blob(v, d.Sample)
	}
	frame, err := c.blob(v, d.Frame)
	if err != nil || file == "frame.csv" {
		return frame, err
	}
	read, err := sampling.ReadFrame(bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	return read.Lines(), nil
}

// blob reads a stored file whole.
func (c *Console) blob(v *visit, digest string) ([]byte, error) {
	stored, err := c.Uploads.OpenBlob(v.ctx(), digest)
	if err != nil {
		return nil, err
	}
	defer stored.Close() // only read from
	return io.ReadAll(stored)
}

// file sends a file to be saved under a name of plain characters.
func (v *visit) file(name string, content []byte) error {
	kinds := map[string]string{
		".csv": "text/csv; charset=utf-8", ".json": fiber.MIMEApplicationJSONCharsetUTF8, ".pdf": "application/pdf",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".svg": "image/svg+xml",
		".lines": fiber.MIMETextPlainCharsetUTF8,
	}
	v.Set(fiber.HeaderContentType, kinds[name[strings.LastIndexByte(name, '.'):]])
	if !strings.HasSuffix(name, ".svg") {
		v.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	}
	return v.Send(content)
}
