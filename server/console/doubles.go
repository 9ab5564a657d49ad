package console

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// doublesView is the page of the pairs of entries within a unit that may be one
// person. A pair with a village outside the reader's scope is shown to nobody
// but those whose scope holds both.
type doublesView struct {
	roundFrame
	Pairs       []doubleRow
	Total, Open int
	More        bool // undecided pairs are not shown
	Locked      bool
}

// doubleRow is one pair, side by side.
type doubleRow struct {
	ID      sampling.DoubleID
	Sides   [2]doubleSide
	Alike   []sampling.Likeness
	Likely  bool
	Decided bool
	Two     bool // decided: two people
	At      string
	By      account.Name
}

// doubleSide is one entry of a pair.
type doubleSide struct {
	Entry   sampling.EntryID
	Unit    territory.Unit
	Person  sampling.Person
	Dropped bool
	Kept    bool
}

// Born is the date of birth as people write it, or the year, as far as it is known.
func (s doubleSide) Born() string {
	switch {
	case s.Person.BirthDate != "":
		return s.Person.BirthDate.Shown()
	case s.Person.BirthYear == 0:
		return "–"
	}
	return strconv.Itoa(s.Person.BirthYear)
}

// mostPairs is how many pairs one page shows.
const mostPairs = 50

var doublesTemplate = page.New[doublesView](roundSource("doubles"))

func (c *Console) doubles(v *visit) error {
	view, err := c.doublesPage(v, v.unit())
	if err != nil {
		return err
	}
	return doublesTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func (c *Console) doublesPage(v *visit, within territory.Code) (doublesView, error) {
	f, err := c.roundFrame(v, "doubles.title")
	if err != nil {
		return doublesView{}, err
	}
	view := doublesView{roundFrame: f}
	if view.Locked, err = c.listsLocked(v); err != nil {
		return view, err
	}
	rows, err := c.villageRows(v, within)
	if err != nil {
		return view, err
	}
	units := make(map[territory.Code]territory.Unit, len(rows))
	villages := make([]territory.Unit, len(rows))
	for i, row := range rows {
		villages[i], units[row.Unit.Code] = row.Unit, row.Unit
	}
	pairs, err := c.Desk.Doubles(v.ctx(), v.round.ID, villages)
	if err != nil {
		return view, err
	}
	view.fill(pairs, units)
	return view, nil
}

// fill shows the undecided pairs first, then the decided ones.
func (w *doublesView) fill(pairs []conduct.JudgedDouble, units map[territory.Code]territory.Unit) {
	w.Total = len(pairs)
	var decided []doubleRow
	for _, p := range pairs {
		row := newDoubleRow(p, units)
		if row.Decided {
			decided = append(decided, row)
			continue
		}
		if w.Open++; len(w.Pairs) < mostPairs {
			w.Pairs = append(w.Pairs, row)
		}
	}
	w.More = w.Open > len(w.Pairs)
	w.Pairs = append(w.Pairs, decided[:min(len(decided), mostPairs)]...)
}

func newDoubleRow(p conduct.JudgedDouble, units map[territory.Code]territory.Unit) doubleRow {
	row := doubleRow{ID: p.ID(), Alike: p.Alike, Likely: p.Likely()}
	for i, e := range []sampling.Entry{p.One, p.Other} {
		row.Sides[i] = doubleSide{Entry: e.ID(), Unit: units[e.Village], Person: e.Person}
	}
	if p.Verdict == nil {
		return row
	}
	row.Decided, row.Two, row.At, row.By = true, p.Verdict.Dropped == "", clock(p.Verdict.At), p.Verdict.By
	for i := range row.Sides {
		row.Sides[i].Dropped = row.Sides[i].Entry == p.Verdict.Dropped
		row.Sides[i].Kept = !row.Two && !row.Sides[i].Dropped
	}
	return row
}

// listsLocked reports whether the lists of the round may not change any more.
func (c *Console) listsLocked(v *visit) (bool, error) {
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return false, err
	}
	_, committed := conduct.Current(attempts, conduct.People)
	return committed || v.round.State != survey.RoundDraft, nil
}

// judgeDouble records what was decided about one pair.
func (c *Console) judgeDouble(v *visit) error {
	if err := c.loadRound(v); err != nil {
		return err
	}
	verdict := conduct.DoubleVerdict{Round: v.round.ID, Pair: sampling.DoubleID(v.form.value("pair")),
		Villages: [2]territory.Code{territory.Code(v.form.value("one")), territory.Code(v.form.value("other"))}}
	answer := v.form.value("answer")
	if answer != "two" {
		verdict.Dropped = sampling.EntryID(answer)
	}
	err := error(nil)
	if answer == "" {
		err = fault.New(fault.Invalid, "doubles.no_entry")
	} else {
		err = c.Desk.JudgeDouble(v.ctx(), v.user, verdict)
	}
	if err == nil {
		return v.done(v.roundPath("/doubles"), "double_judged")
	}
	view, pageErr := c.doublesPage(v, v.user.Scope)
	if pageErr != nil {
		return pageErr
	}
	var errs fieldErrors
	if !errs.from("", err) {
		return err
	}
	view.Errors = errs
	return doublesTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}
