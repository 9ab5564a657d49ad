package console

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/survey"
)

// turnView asks before a round is opened or closed, neither of which can be
// taken back.
type turnView struct {
	roundFrame
	Turn       turn
	GraceHours int
	Warnings   []fault.Problem // what is not done yet, and cannot be afterwards
}

// turn is one of the two: "open" or "close".
type turn string

const (
	turnOpen  turn = "open"
	turnClose turn = "close"
)

var turnTemplate = page.New[turnView](roundSource("turn"))

func (c *Console) openPage(v *visit) error   { return c.turnPage(v, turnOpen, nil) }
func (c *Console) closePage(v *visit) error  { return c.turnPage(v, turnClose, nil) }
func (c *Console) openRound(v *visit) error  { return c.turn(v, turnOpen, c.Desk.OpenRound) }
func (c *Console) closeRound(v *visit) error { return c.turn(v, turnClose, c.Desk.CloseRound) }

// turnPage shows the question, with what stood in the way if it was answered.
func (c *Console) turnPage(v *visit, t turn, failed error) error {
	f, err := c.roundFrame(v, "rounds.turn."+string(t))
	if err != nil {
		return err
	}
	view := turnView{roundFrame: f, Turn: t, GraceHours: int(v.round.Grace.Hours())}
	status := fiber.StatusOK
	if failed != nil {
		errs := fieldErrors{}
		if !errs.from("", failed) {
			return failed
		}
		view.Errors, status = errs, page.Status(failed)
	}
	p, err := c.progress(v)
	if err != nil {
		return err
	}
	if t == turnOpen && v.round.State == survey.RoundDraft {
		view.Warnings = p.beforeOpening()
	}
	return turnTemplate.Send(v.Ctx, status, v.lang, view)
}

// beforeOpening says what cannot be made up for once the round is open.
func (p progress) beforeOpening() []fault.Problem {
	switch {
	case p.draws[3].drawn == 0:
		return []fault.Problem{fault.P("rounds.turn.no_people")}
	case p.produced < p.villages:
		return []fault.Problem{fault.P("rounds.turn.no_slips", "villages", p.villages-p.produced)}
	}
	return nil
}

type turning func(context.Context, account.User, survey.RoundID) (survey.Round, error)

func (c *Console) turn(v *visit, t turn, do turning) error {
	if _, err := do(v.ctx(), v.user, v.round.ID); err != nil {
		return c.turnPage(v, t, err)
	}
	return v.done(v.roundPath(""), map[turn]string{turnOpen: "round_opened", turnClose: "round_closed"}[t])
}
