package console

import (
	"cmp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
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
	MayWithdraw bool
	Receipt     string // as typed
}

// answerRow counts the answers of one unit.
type answerRow struct {
	Unit, Parent             string
	Sampled, Sample, Counter int
	Rate                     float64 // percent of the drawn who answered
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
	var rows []answerRow
	for i, n := range counts {
		if within != account.Everywhere && !tree.Within(within, n.Unit) {
			continue
		}
		u, _ := tree.Unit(n.Unit)
		row := answerRow{Unit: unitName(tree, n.Unit), Sampled: n.Sampled, Sample: n.Sample, Counter: n.Counter, order: i}
		if u.Level == territory.Village {
			row.Parent = unitName(tree, u.Parent)
		}
		view.Total.Sampled += n.Sampled
		view.Total.Sample += n.Sample
		view.Total.Counter += n.Counter
		rows = append(rows, row.rated())
	}
	view.Total = view.Total.rated()
	w := v.view()
	view.Headings = arrange(w, rows, answerColumns)
	view.Rows, view.Pager = paginate(w, rows)
	may, err := c.may(v, account.WithdrawAnswer, v.round.Unit)
	if err != nil {
		return err
	}
	view.MayWithdraw = may && v.round.State != survey.RoundDraft
	return answersTemplate.Send(v.Ctx, status, v.lang, view)
}

func (r answerRow) rated() answerRow {
	if r.Sampled > 0 {
		r.Rate = 100 * float64(r.Sample) / float64(r.Sampled)
	}
	return r
}

// withdraw erases the answer whose receipt somebody brought.
func (c *Console) withdraw(v *visit) error {
	receipt := strings.ToLower(v.form.value("receipt"))
	err := c.Desk.Withdraw(v.ctx(), v.user, v.round.ID, survey.Receipt(receipt))
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
