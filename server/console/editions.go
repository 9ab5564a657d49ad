package console

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// editionsView is the list of a round's editions.
type editionsView struct {
	roundFrame
	Rows       []editionRow
	MayCompute bool
	Draft      bool // nothing to compute yet
}

// editionRow is one edition with its overall figure.
type editionRow struct {
	conduct.EditionHead
	At    string
	Shown shown
}

// shown is a figure as pages print it; what may not leave the house has no
// number here.
type shown struct {
	Value, Low, High, SE         float64
	HasValue, HasInterval, HasSE bool
	Withheld                     bool
	N                            int
	Reasons                      []string
}

func show(f scorecard.Figure) shown {
	s := shown{N: f.N, Reasons: f.Reasons, Withheld: f.Publication == scorecard.Withheld}
	if s.Withheld {
		return s
	}
	s.Value, s.HasValue = float64(f.Value), f.Value.Defined()
	s.SE, s.HasSE = float64(f.SE), f.SE.Defined()
	s.Low, s.High, s.HasInterval = float64(f.Logit.Low), float64(f.Logit.High), f.Logit.Low.Defined() && f.Logit.High.Defined()
	return s
}

var editionsTemplate = page.New[editionsView](roundSource("editions", "console/edition/figures.html"))

func (c *Console) editions(v *visit) error {
	f, err := c.roundFrame(v, "console.editions.title")
	if err != nil {
		return err
	}
	return c.showEditions(v, editionsView{roundFrame: f}, fiber.StatusOK)
}

func (c *Console) showEditions(v *visit, view editionsView, status int) error {
	heads, err := c.Rounds.Editions(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	for _, head := range slices.Backward(heads) {
		view.Rows = append(view.Rows, editionRow{head, clock(head.At), show(head.Overall)})
	}
	view.Draft = v.round.State == survey.RoundDraft
	may, err := c.may(v, account.ComputeEdition, v.round.Unit)
	if err != nil {
		return err
	}
	view.MayCompute = may && !view.Draft
	return editionsTemplate.Send(v.Ctx, status, v.lang, view)
}

func (c *Console) computeEdition(v *visit) error {
	e, err := c.Desk.Compute(v.ctx(), v.user, v.round.ID)
	if err == nil {
		return v.done(v.roundPath("/editions/"+strconv.Itoa(e.Number)), "edition_computed")
	}
	var errs fieldErrors
	if !errs.from("", err) {
		return err
	}
	f, err := c.roundFrame(v, "console.editions.title")
	if err != nil {
		return err
	}
	f.Errors = errs
	return c.showEditions(v, editionsView{roundFrame: f}, fiber.StatusUnprocessableEntity)
}

// editionView is one edition: its figures for one unit, and all units' overall
// figure beside each other.
type editionView struct {
	roundFrame
	Edition  scorecard.Edition
	At       string
	Unit     territory.Code // whose figures are shown
	UnitName string
	Rate     float64
	Sampled  int
	Answered int
	Overall  shown
	Figures  []figureRow
	Communes []communeRow
	Apart    []apartRow
	Files    []string
	Charts   []export.Chart
	AtRoot   bool // the province is shown
}

// figureRow is one figure with its label.
type figureRow struct {
	Shown shown
	Tier  scorecard.Tier
	Code  string
	Label string
}

// communeRow is the overall figure of one unit.
type communeRow struct {
	Shown      shown
	Name, Href string
}

// apartRow is a plain share of an origin that was not drawn.
type apartRow struct {
	Name   string
	Origin survey.Origin
	N      int
	Share  float64
	Has    bool
}

var editionTemplate = page.New[editionView](roundSource("edition", "console/edition/figures.html"))

// editionFiles are the files of an edition.
var editionFiles = []string{"report.pdf", "edition.xlsx", "edition-people.csv", "edition.csv", "edition.json", "tally.csv"}

// loadEdition reads the edition that the address names.
func (c *Console) loadEdition(v *visit) (export.Report, conduct.EditionHead, error) {
	number, err := strconv.Atoi(v.param("number"))
	if err != nil {
		return export.Report{}, conduct.EditionHead{}, fault.New(fault.NotFound, "http.no_page")
	}
	var r export.Report
	var head conduct.EditionHead
	if r.Edition, head, err = c.Desk.Edition(v.ctx(), v.round.ID, number); err != nil {
		return r, head, err
	}
	if r.Questionnaire, err = c.Questionnaires.Questionnaire(v.ctx(), r.Edition.Questionnaire); err != nil {
		return r, head, err
	}
	r.Formula, err = scorecard.Find(c.Desk.Formulas, r.Edition.Formula)
	return r, head, err
}

func (c *Console) edition(v *visit) error {
	r, _, err := c.loadEdition(v)
	if err != nil {
		return err
	}
	f, err := c.roundFrame(v, "console.editions.title")
	if err != nil {
		return err
	}
	unit := territory.Code(v.Query("unit"))
	if unit == "" {
		unit = v.round.Unit
	}
	view := newEditionView(f, r, unit, func(l survey.Labels) string { return l.In(string(v.lang), r.Questionnaire.Languages...) })
	if view.UnitName == "" {
		return fault.New(fault.NotFound, "console.unit.unknown", "code", string(unit))
	}
	return editionTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func newEditionView(f roundFrame, r export.Report, unit territory.Code, text func(survey.Labels) string) editionView {
	e := r.Edition
	view := editionView{roundFrame: f, Edition: e, At: clock(e.ComputedAt), Unit: unit, Files: editionFiles}
	base := fmt.Sprintf("%s/rounds/%s/editions/%d", Root, e.Round, e.Number)
	for i, work := range e.Fieldwork {
		if work.Domain.Unit == unit {
			view.Sampled, view.Answered, view.Rate = work.Sampled, work.Answered, float64(work.Rate())
			view.UnitName, view.AtRoot = work.Domain.Name, i == 0
		}
	}
	labels := labelsOf(r.Questionnaire, text)
	for _, figure := range e.Figures {
		overall := figure.Tier == scorecard.TierOverall
		if overall && figure.Domain.Level != territory.Province {
			view.Communes = append(view.Communes, communeRow{show(figure), figure.Domain.Name, base + "?unit=" + string(figure.Domain.Unit)})
		}
		switch {
		case figure.Domain.Unit != unit:
		case overall:
			view.Overall = show(figure)
		default:
			view.Figures = append(view.Figures, figureRow{show(figure), figure.Tier, figure.Code, labels[figure.Code]})
		}
	}
	for _, a := range e.Apart {
		if view.AtRoot || a.Unit == unit {
			view.Apart = append(view.Apart, apartRow{a.Name, a.Origin, a.N, float64(a.Satisfied), a.Satisfied.Defined()})
		}
	}
	if view.AtRoot {
		view.Charts = []export.Chart{export.ChartGroups, export.ChartCommunes}
	}
	return view
}

// labelsOf names groups and questions by their codes.
func labelsOf(q survey.Questionnaire, text func(survey.Labels) string) map[string]string {
	labels := make(map[string]string, len(q.Groups)+len(q.Questions))
	for _, g := range q.Groups {
		labels[string(g.ID)] = text(g.Label)
	}
	for _, question := range q.Questions {
		labels[string(question.Code)] = text(question.Label)
	}
	return labels
}

// editionFile sends an edition in one of its forms.
func (c *Console) editionFile(v *visit) error {
	r, head, err := c.loadEdition(v)
	if err != nil {
		return err
	}
	name := v.param("file")
	writers := map[string]func(io.Writer) error{
		"report.pdf":         func(w io.Writer) error { return export.ReportPDF(w, v.lang, r) },
		"edition.xlsx":       func(w io.Writer) error { return export.EditionXLSX(w, v.lang, r) },
		"edition-people.csv": func(w io.Writer) error { return export.EditionReadableCSV(w, v.lang, r) },
		"edition.csv":        func(w io.Writer) error { return export.EditionCSV(w, r) },
		"edition.json":       func(w io.Writer) error { return export.EditionJSON(w, r.Edition) },
	}
	for _, chart := range []export.Chart{export.ChartGroups, export.ChartCommunes} {
		writers[string(chart)+".svg"] = func(w io.Writer) error { return export.ChartSVG(w, v.lang, r, chart) }
	}
	if name == "tally.csv" {
		writers[name] = func(w io.Writer) error {
			raw, err := c.blob(v, head.Tally)
			if err == nil {
				_, err = w.Write(raw)
			}
			return err
		}
	}
	write, known := writers[name]
	if !known {
		return fault.New(fault.NotFound, "http.no_page")
	}
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return err
	}
	stem := fmt.Sprintf("%s-%d-", v.round.ID, r.Edition.Number)
	return v.file(stem+name, out.Bytes())
}
