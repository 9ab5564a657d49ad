package console

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hailong/conduct"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/server/page"
)

// marginsView is the page on which an analyst tries numbers before a draw: what
// margin every domain would have, and which communes could be published.
type marginsView struct {
	roundFrame
	Frame    framePreview // only its problems are shown
	Form     planForm
	Fields   []numberField
	Tried    bool
	Formula  scorecard.Ref
	Drawn    []int // communes, villages, people
	Cost     float64
	Domains  []marginRow // the province and the strata
	States   []stateCount
	Headings []heading
	Rows     []marginRow // communes
	Pager    pager
}

// numberField is a number that may be tried.
type numberField struct {
	Name, Value string
	Hint        bool
}

// marginRow is a domain with what a page shows of it.
type marginRow struct {
	sampling.MarginRow
	State   scorecard.Publication
	Reasons []string
}

// ChancePercent is the chance of being drawn in percent.
func (r marginRow) ChancePercent() float64 { return 100 * r.Chance }

// stateCount is how many communes could be published how.
type stateCount struct {
	State    scorecard.Publication
	Communes int
}

// marginField is a number, what it is where nothing was typed, and whether it has a hint.
type marginField struct {
	name, usual string
	hint        bool
}

// marginFields are the numbers beside the plan of communes; costs may be left out, the
// correlations must be typed.
var marginFields = []marginField{
	{"villages", "3", false}, {"people", "20", false}, {"spare", "10", true}, {"response", "80", true}, {"p", "80", true},
	{"rho1", "", true}, {"rho2", "", true}, {"deff", "1", true}, {"cost1", "", true}, {"cost2", "", false}, {"cost3", "", false},
}

var marginsTemplate = page.New[marginsView](roundSource("margins", "console/frame/draw.html"))

var marginColumns = []column[marginRow]{
	{"name", "margins.commune", false, nil},
	{"chance", "margins.chance", true, func(a, b marginRow) int { return cmp.Compare(a.Chance, b.Chance) }},
	{"people", "margins.population", true, func(a, b marginRow) int { return cmp.Compare(a.People, b.People) }},
	{"answers", "margins.answers", true, func(a, b marginRow) int { return cmp.Compare(a.Answers, b.Answers) }},
	{"se", "margins.se", true, func(a, b marginRow) int { return cmp.Compare(a.SE, b.SE) }},
	{"margin", "margins.margin", true, func(a, b marginRow) int { return cmp.Compare(a.Margin, b.Margin) }},
	{"state", "margins.state", false, func(a, b marginRow) int { return cmp.Compare(a.State, b.State) }},
}

func (c *Console) margins(v *visit) error {
	f, err := c.roundFrame(v, "console.draws.title")
	if err != nil {
		return err
	}
	f.Title = "margins.title"
	kinds, err := c.kindsOf(v)
	if err != nil {
		return err
	}
	query := v.query()
	view := marginsView{roundFrame: f, Form: readPlanForm(query.Get, conduct.Communes, kinds), Fields: readMarginFields(query), Formula: scorecard.Ref(v.round.Formula)}
	if view.Frame, err = c.previewFrame(v, conduct.Communes); err != nil {
		return err
	}
	if tried(query) && len(view.Frame.Problems) == 0 {
		if err := c.tryMargins(v, &view); err != nil {
			return err
		}
	}
	return marginsTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

// tried reports whether the address has any of the numbers of this page.
func tried(query url.Values) bool {
	return slices.ContainsFunc(marginFields, func(f marginField) bool { return query.Has(f.name) })
}

// readMarginFields reads the fields from the address. The form of a plan leads
// here without them.
func readMarginFields(query url.Values) []numberField {
	fields := make([]numberField, len(marginFields))
	for i, f := range marginFields {
		fields[i] = numberField{f.name, f.usual, f.hint}
		if query.Has(f.name) {
			fields[i].Value = query.Get(f.name)
		}
	}
	return fields
}

// tryMargins computes what the numbers typed would bring.
func (c *Console) tryMargins(v *visit, view *marginsView) error {
	errs := (*fieldErrors)(&view.Errors)
	in := sampling.MarginInput{Plan: view.Form.plan(v.round, conduct.Communes, errs), People: "population", Name: "name", Confidence: 0.95}
	view.numbers(&in, errs)
	if len(view.Errors) > 0 {
		return nil
	}
	frame, err := c.Desk.Frame(v.ctx(), v.round, conduct.Communes)
	if err != nil {
		return err
	}
	in.Frame = frame
	definition, err := scorecard.Find(scorecard.Shipped(), view.Formula)
	if err != nil {
		return err
	}
	expected, err := sampling.ExpectMargins(in)
	if err != nil {
		if !errs.from("method", err) {
			return err
		}
		view.Errors = view.Errors[:min(len(view.Errors), listed)]
		return nil
	}
	view.show(v.view(), expected, in.P, definition.Limits)
	return nil
}

// numbers reads the fields into the design.
func (w *marginsView) numbers(in *sampling.MarginInput, errs *fieldErrors) {
	read := make(map[string]float64)
	for _, f := range w.Fields {
		text := strings.ReplaceAll(strings.TrimSpace(f.Value), ",", ".")
		if text == "" && strings.HasPrefix(f.Name, "cost") {
			continue
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(x >= 0 && x <= math.MaxInt32) { // NaN is neither
			errs.add(f.Name, "margins.not_a_number", "typed", f.Value)
		}
		read[f.Name] = x
	}
	in.Response, in.P, in.DEff = read["response"]/100, read["p"]/100, read["deff"]
	in.Stages = []sampling.NextStage{
		{N: int(read["villages"]), Rho: read["rho1"]},
		{N: int(read["people"]), Reserve: int(read["spare"]), Rho: read["rho2"]},
	}
	in.Costs = []float64{read["cost1"], read["cost2"], read["cost3"]}
}

// show fills in the tables; p is the share that was expected.
func (w *marginsView) show(at view, expected sampling.Margins, p float64, limits scorecard.Limits) {
	w.Tried, w.Cost = true, expected.Cost
	for _, n := range expected.Drawn {
		w.Drawn = append(w.Drawn, int(math.Round(n)))
	}
	var communes []marginRow
	counts := map[scorecard.Publication]int{}
	for _, r := range expected.Rows {
		row := marginRow{MarginRow: r}
		row.State, row.Reasons = limits.Expect(
			scorecard.Expected{Answers: r.Answers, PSUs: r.PSUs, DF: r.DF, Value: 100 * p, SE: r.SE})
		if r.Level != sampling.MarginUnit {
			w.Domains = append(w.Domains, row)
			continue
		}
		communes = append(communes, row)
		counts[row.State]++
	}
	for _, state := range []scorecard.Publication{scorecard.Published, scorecard.Warned, scorecard.Withheld} {
		w.States = append(w.States, stateCount{state, counts[state]})
	}
	w.Headings = arrange(at, communes, marginColumns)
	w.Rows, w.Pager = paginate(at, communes)
}
