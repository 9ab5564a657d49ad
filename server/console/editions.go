package console

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/server/page"
	"hailong/survey"
)

// editionsView is the list of a round's editions.
type editionsView struct {
	roundFrame
	Rows       []editionRow
	MayCompute bool
	Draft      bool   // nothing to compute yet
	Running    bool   // open: what is computed now is interim
	Until      string // closed, and answers that were begun may come until then
}

// editionRow is one edition with its overall figure.
type editionRow struct {
	conduct.EditionHead
	At    string
	Shown shown
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
	may, err := c.may(v, account.ComputeEdition, v.round.Unit)
	if err != nil {
		return err
	}
	for _, head := range slices.Backward(heads) {
		if may || !head.Confidential() {
			view.Rows = append(view.Rows, editionRow{head, clock(head.At), show(head.Overall)})
		}
	}
	view.Draft = v.round.State == survey.RoundDraft
	view.MayCompute = may && !view.Draft
	view.Running = v.round.State == survey.RoundOpen
	if v.round.State == survey.RoundClosed && v.round.Takes(v.at) {
		view.Until = clock(v.round.Closed.Add(v.round.Grace))
	}
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
