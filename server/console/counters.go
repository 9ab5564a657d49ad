package console

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/export"
	"hailong/fault"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// countersView is the page of a round's counters within a unit.
type countersView struct {
	roundFrame
	Rows        []counterRow
	MayAdd      bool
	Name, Scope string // as typed
	Choices     []territory.Unit
}

// counterRow is one counter.
type counterRow struct {
	Code survey.CounterCode
	Name string
	Unit string
	Link string
}

var countersTemplate = page.New[countersView](roundSource("counters"))

func (c *Console) counters(v *visit) error {
	f, err := c.roundFrame(v, "console.counters.title")
	if err != nil {
		return err
	}
	return c.showCounters(v, countersView{roundFrame: f}, fiber.StatusOK)
}

func (c *Console) showCounters(v *visit, view countersView, status int) error {
	all, err := c.Rounds.Counters(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	for _, counter := range all {
		visible, err := c.may(v, account.ReadCounters, counter.Unit)
		if err != nil {
			return err
		}
		if visible {
			view.Rows = append(view.Rows, counterRow{
				Code: counter.Code, Name: counter.Name, Unit: unitName(tree, counter.Unit), Link: c.counterLink(counter.Code),
			})
		}
	}
	view.MayAdd = account.Permits(v.user.Role, account.AddCounter) && v.round.State != survey.RoundClosed
	for _, u := range tree.Children(v.round.Unit) {
		view.Choices = append(view.Choices, u)
	}
	return countersTemplate.Send(v.Ctx, status, v.lang, view)
}

func (c *Console) counterLink(code survey.CounterCode) string {
	return c.Base.JoinPath("q", string(code)).String()
}

func (c *Console) addCounter(v *visit) error {
	f, err := c.roundFrame(v, "console.counters.title")
	if err != nil {
		return err
	}
	var errs fieldErrors
	found, err := c.unitNamed(v.ctx(), v.form.value("scope"))
	if err != nil {
		return err
	}
	if len(found) != 1 {
		errs.add("scope", "console.user.scope_unknown", "typed", v.form.value("scope"))
	} else if _, err := c.Desk.AddCounter(v.ctx(), v.user, v.round.ID, found[0], v.form.value("name")); err == nil {
		return v.done(v.roundPath("/counters"), "counter_added")
	} else if !errs.from("name", err) {
		return err
	}
	f.Errors = errs
	return c.showCounters(v, countersView{roundFrame: f, Name: v.form.value("name"), Scope: v.form.value("scope")}, fiber.StatusUnprocessableEntity)
}

// poster sends the poster of a counter, on A4 unless ?paper=A5.
func (c *Console) poster(v *visit) error {
	counter, err := c.Rounds.Counter(v.ctx(), survey.CounterCode(v.param("counter")))
	if err != nil {
		return err
	}
	if err := c.loadRound(v); err != nil {
		return err
	}
	if counter.Round != v.round.ID {
		return fault.New(fault.NotFound, "http.no_page")
	}
	paper := export.A4
	if v.Query("paper") == string(export.A5) {
		paper = export.A5
	}
	var out bytes.Buffer
	err = export.PosterPDF(&out, v.lang, export.Poster{
		Round: v.round.Title, Asker: v.round.Asker, Contact: v.round.Contact, Counter: counter.Name, Link: c.counterLink(counter.Code),
		Paper: paper, Simulated: v.round.Simulated, Produced: v.at.In(vietnam),
	})
	if err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(counter.Code)+"-"+string(paper)+".pdf", out.Bytes())
}
