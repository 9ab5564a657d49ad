package console

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// answersView is how many answers a round has, unit by unit.
type answersView struct {
	roundFrame
	Headings    []heading
	Rows        []answerRow
	Pager       pager
	Total       answerRow
	Ways        []menuItem // by commune, by village
	Scope       string     // name of the commune that is listed, "" for all that the reader may see
	Everything  string     // address of the page without it
	MayWithdraw bool
	Receipt     string // as typed
	Step        int    // numbers of answers are rounded down to its multiples; 0 if they are exact
}

// answerRow counts the answers of one unit.
type answerRow struct {
	Unit, Parent             string
	Href                     string // of the villages of a commune
	Sampled, Sample, Counter int
	Rate                     float64 // percent of the drawn who answered, 0 of a rounded number
	Step                     int     // as answersView.Step
	order                    int
}

var answersTemplate = page.New[answersView](roundSource("answers"))

var answerColumns = []column[answerRow]{
	{"unit", "console.unit.title", false, func(a, b answerRow) int { return cmp.Compare(a.order, b.order) }},
	{"drawn", "console.answers.drawn", true, func(a, b answerRow) int { return cmp.Compare(a.Sampled, b.Sampled) }},
	{"answered", "console.answers.answered", true, func(a, b answerRow) int { return cmp.Compare(a.Sample, b.Sample) }},
	{"rate", "console.answers.rate", true, func(a, b answerRow) int { return cmp.Compare(a.Rate, b.Rate) }},
	{"counter", "console.answers.counter", true, func(a, b answerRow) int { return cmp.Compare(a.Counter, b.Counter) }},
}

func (c *Console) answers(v *visit) error {
	f, err := c.roundFrame(v, "console.answers.title")
	if err != nil {
		return err
	}
	return c.showAnswers(v, answersView{roundFrame: f}, v.unit(), fiber.StatusOK)
}

func (c *Console) showAnswers(v *visit, view answersView, within territory.Code, status int) error {
	counts, err := c.Desk.AnswerCounts(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	w := v.view()
	listed, _ := tree.Unit(within)
	byVillage := w.get("by") == byVillages || listed.Level == territory.Commune
	rows := &answerRows{tree: tree, byVillage: byVillage, view: w, at: map[territory.Code]int{}}
	for _, n := range counts {
		if within != account.Everywhere && !tree.Within(within, n.Unit) {
			continue
		}
		rows.add(n)
		view.Total.count(n)
	}
	view.Ways = []menuItem{
		{"rounds.answers.by_commune", w.with("by", "", "under", "", "sort", ""), !byVillage},
		{"rounds.answers.by_village", w.with("by", byVillages, "under", "", "sort", ""), byVillage},
	}
	if w.get("under") != "" {
		view.Scope, view.Everything = unitName(tree, within), w.with("under", "")
	}
	if view.Step, err = c.answerStep(v); err != nil {
		return err
	}
	view.Total.veil(view.Step)
	for i := range rows.list { // before they are sorted: their order would tell
		rows.list[i].veil(view.Step)
	}
	view.Headings = arrange(w, rows.list, answerColumns)
	view.Rows, view.Pager = paginate(w, rows.list)
	may, err := c.may(v, account.WithdrawAnswer, v.round.Unit)
	if err != nil {
		return err
	}
	view.MayWithdraw = may && v.round.State != survey.RoundDraft
	return answersTemplate.Send(v.Ctx, status, v.lang, view)
}

// byVillages is the value of ?by= for a row a village.
const byVillages = "village"

// answerRows gathers counts into rows, a commune or a village each.
type answerRows struct {
	tree      *territory.Tree
	byVillage bool
	view      view
	list      []answerRow
	at        map[territory.Code]int // place of a unit in the list
}

func (r *answerRows) add(n conduct.UnitCount) {
	u, _ := r.tree.Unit(n.Unit)
	row := answerRow{Unit: unitName(r.tree, n.Unit), order: len(r.list)}
	key := n.Unit
	switch {
	case u.Level != territory.Village:
	case r.byVillage:
		row.Parent = unitName(r.tree, u.Parent)
	default:
		key, row.Unit = u.Parent, unitName(r.tree, u.Parent)
		row.Href = r.view.with("by", byVillages, "under", string(key), "sort", "")
	}
	i, known := r.at[key]
	if !known {
		i, r.at[key] = len(r.list), len(r.list)
		r.list = append(r.list, row)
	}
	r.list[i].count(n)
}

// count adds the answers of a unit.
func (r *answerRow) count(n conduct.UnitCount) {
	r.Sampled, r.Sample, r.Counter = r.Sampled+n.Sampled, r.Sample+n.Sample, r.Counter+n.Counter
	if r.Sampled > 0 {
		r.Rate = 100 * float64(r.Sample) / float64(r.Sampled)
	}
}

// veil rounds the number of answers for readers who know whom they visited.
func (r *answerRow) veil(step int) {
	if r.Step = step; step > 0 {
		r.Rate = 0
		r.Sample = conduct.UnitCount{Sampled: r.Sampled, Sample: r.Sample}.Veiled(step).Sample
	}
}

// answerStep is how numbers of answers are rounded for the reader, 0 for exactly:
// officers make the contacts, so they get as little of single people as the public
// tally tells.
func (c *Console) answerStep(v *visit) (int, error) {
	if v.user.Role != account.Officer {
		return 0, nil
	}
	formula, err := scorecard.Find(c.Desk.Formulas, scorecard.Ref(v.round.Formula))
	return formula.MinCell, err
}

// withdraw erases the answer whose receipt somebody brought.
func (c *Console) withdraw(v *visit) error {
	receipt, err := survey.ParseReceipt(v.form.value("receipt"))
	if err == nil {
		err = c.Desk.Withdraw(v.ctx(), v.user, v.round.ID, receipt)
	}
	if err == nil {
		return v.done(v.roundPath("/answers"), "answer_withdrawn")
	}
	var errs fieldErrors
	if fault.Is(err, fault.NotFound) {
		errs = fieldErrors{{"receipt", fault.ProblemsOf(err)[0]}}
	} else if !errs.from("receipt", err) {
		return err
	}
	f, err := c.roundFrame(v, "console.answers.title")
	if err != nil {
		return err
	}
	f.Errors = errs
	return c.showAnswers(v, answersView{roundFrame: f, Receipt: v.form.value("receipt")}, v.unit(), fiber.StatusUnprocessableEntity)
}
