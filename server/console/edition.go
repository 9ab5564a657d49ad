package console

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// editionView is one edition: its figures for one unit, and all units' overall
// figure beside each other.
type editionView struct {
	roundFrame
	Edition   scorecard.Edition
	Overall   shown
	Rule      string // how the whole is made of the items, as the formula says
	At        string
	Unit      territory.Code // whose figures are shown
	UnitName  string
	AtRoot    bool // the province is shown
	Charts    []plot
	Figures   []figureRow
	Communes  []communeRow
	Standings []standingRow // of the communes, at the province's figures
	Fieldwork []fieldworkRow
	Mine      fieldworkRow // of the unit shown
	Apart     []apartRow
	Files     []string
	Verify    string // the command that computes the figures again
}

// shown is a figure as pages print it; what may not leave the house has no
// number here.
type shown struct {
	Value, Low, High, SE, Deff            float64
	HasValue, HasInterval, HasSE, HasDeff bool
	State                                 scorecard.Publication
	N, PSUs, DF                           int
	Reasons                               []string
}

// Withheld reports whether the figure is not published.
func (s shown) Withheld() bool { return s.State == scorecard.Withheld }

// Warned reports whether the figure is published with a warning.
func (s shown) Warned() bool { return s.State == scorecard.Warned }

func show(f scorecard.Figure) shown {
	s := shown{N: f.N, PSUs: f.PSUs, Reasons: f.Reasons, State: f.Publication}
	if s.Withheld() {
		return s
	}
	s.Value, s.HasValue, s.DF = float64(f.Value), f.Value.Defined(), f.DF
	s.SE, s.HasSE = float64(f.SE), f.SE.Defined()
	s.Deff, s.HasDeff = float64(f.Deff), f.Deff.Defined()
	s.Low, s.High, s.HasInterval = float64(f.Logit.Low), float64(f.Logit.High), f.Logit.Low.Defined() && f.Logit.High.Defined()
	return s
}

// plot is a chart as it stands in the page.
type plot struct {
	Chart export.Chart
	SVG   template.HTML
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

// standingRow is a commune among the others.
type standingRow struct {
	Name     string
	Shown    shown
	Place    *scorecard.Place // nil if it has no rank
	Modelled *modelledRow     // nil if there is no model
}

// modelledRow is a modelled figure as the page prints it.
type modelledRow struct{ Value, Low, High float64 }

// fieldworkRow is what became of the drawn people of a unit.
type fieldworkRow struct {
	Name              string
	Sampled, Answered int
	Rate              float64
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
	if head.Confidential() {
		if may, err := c.may(v, account.ComputeEdition, v.round.Unit); err != nil {
			return r, head, err
		} else if !may {
			return r, head, fault.New(fault.Denied, "console.edition.interim")
		}
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
	view, err := newEditionView(f, r, unit, v.lang)
	if err != nil {
		return err
	}
	if view.UnitName == "" {
		return fault.New(fault.NotFound, "console.unit.unknown", "code", string(unit))
	}
	return editionTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func newEditionView(f roundFrame, r export.Report, unit territory.Code, lang static.Lang) (editionView, error) {
	e := r.Edition
	view := editionView{
		roundFrame: f, Edition: e, At: clock(e.ComputedAt), Unit: unit, Rule: string(r.Formula.Overall),
		Files: files.OfEdition, Verify: files.VerifyEdition(e.Number),
	}
	for i, work := range e.Fieldwork {
		row := fieldworkRow{work.Domain.Name, work.Sampled, work.Answered, float64(work.Rate())}
		view.Fieldwork = append(view.Fieldwork, row)
		if work.Domain.Unit == unit {
			view.Mine, view.UnitName, view.AtRoot = row, work.Domain.Name, i == 0
		}
	}
	view.addFigures(r, lang)
	view.addStandings()
	for _, a := range e.Apart {
		if view.AtRoot || a.Unit == unit {
			view.Apart = append(view.Apart, apartRow{a.Name, a.Origin, a.N, float64(a.Satisfied), a.Satisfied.Defined()})
		}
	}
	if !view.AtRoot {
		return view, nil
	}
	for _, chart := range []export.Chart{export.ChartCommunes, export.ChartGroups} {
		var svg bytes.Buffer
		if err := export.ChartSVG(&svg, lang, r, chart); err != nil {
			return view, err
		}
		view.Charts = append(view.Charts, plot{chart, template.HTML(svg.String())}) // its texts are escaped
	}
	return view, nil
}

// addFigures fills in the figures of the unit shown and the overall ones of all.
func (w *editionView) addFigures(r export.Report, lang static.Lang) {
	base := fmt.Sprintf("%s/rounds/%s/editions/%d", Root, w.Edition.Round, w.Edition.Number)
	labels := labelsOf(r.Questionnaire, lang)
	for _, figure := range w.Edition.Figures {
		overall := figure.Tier == scorecard.TierOverall
		if overall && figure.Domain.Level != territory.Province {
			w.Communes = append(w.Communes, communeRow{show(figure), figure.Domain.Name, base + "?unit=" + string(figure.Domain.Unit)})
		}
		switch {
		case figure.Domain.Unit != w.Unit:
		case overall:
			w.Overall = show(figure)
		default:
			w.Figures = append(w.Figures, figureRow{show(figure), figure.Tier, figure.Code, labels[figure.Code]})
		}
	}
}

// addStandings puts the communes in the order of their ranks, those without one last.
func (w *editionView) addStandings() {
	for _, s := range w.Edition.Communes {
		figure, _ := w.Edition.Find(s.Unit, scorecard.TierOverall, string(scorecard.TierOverall))
		row := standingRow{Name: figure.Domain.Name, Shown: show(figure), Place: s.Place}
		if m := s.Modelled; m != nil {
			row.Modelled = &modelledRow{float64(m.Value), float64(m.CI.Low), float64(m.CI.High)}
		}
		w.Standings = append(w.Standings, row)
	}
	slices.SortStableFunc(w.Standings, func(a, b standingRow) int { return cmp.Compare(a.order(), b.order()) })
}

// NoModel reports whether the model could not be fitted.
func (w editionView) NoModel() bool {
	return len(w.Edition.Communes) > 0 && w.Edition.Communes[0].NoModel != ""
}

func (s standingRow) order() int {
	if s.Place == nil {
		return math.MaxInt
	}
	return s.Place.Rank
}

// Modelled reports whether any commune has a modelled figure.
func (w editionView) Modelled() bool {
	return len(w.Edition.Communes) > 0 && w.Edition.Communes[0].Modelled != nil
}

// labelsOf names groups and questions by their codes.
func labelsOf(q survey.Questionnaire, lang static.Lang) map[string]string {
	labels := make(map[string]string, len(q.Groups)+len(q.Questions))
	for _, g := range q.Groups {
		labels[string(g.ID)] = g.Label.In(string(lang), q.Languages...)
	}
	for _, question := range q.Questions {
		labels[string(question.Code)] = question.Label.In(string(lang), q.Languages...)
	}
	return labels
}
