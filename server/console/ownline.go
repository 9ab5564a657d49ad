package console

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/territory"
)

// ownLineView is the page where a person at the counter is found on the list of
// their village and given their own line.
type ownLineView struct {
	roundFrame
	Unit   territory.Unit
	Name   string // as searched
	People []sampling.Person
	Tried  bool
	Ready  bool // the frame of people is committed to
}

var ownLineTemplate = page.New[ownLineView](roundSource("ownline"))

// The bounds of a search for a person: enough to tell people of one name apart.
const (
	searchShortest = 2
	searchMost     = 20
)

func (c *Console) ownLinePage(v *visit) error {
	view, err := c.ownLineView(v)
	if err != nil {
		return err
	}
	return ownLineTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

func (c *Console) ownLineView(v *visit) (ownLineView, error) {
	list, err := c.villagePage(v)
	if err != nil {
		return ownLineView{}, err
	}
	view := ownLineView{roundFrame: list.roundFrame, Unit: list.Unit, Name: strings.TrimSpace(v.Query("name"))}
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return view, err
	}
	if _, view.Ready = conduct.Current(attempts, conduct.People); !view.Ready || !v.query().Has("name") {
		return view, nil
	}
	if len([]rune(view.Name)) < searchShortest {
		(*fieldErrors)(&view.Errors).add("name", "rounds.own.too_short", "least", searchShortest)
		return view, nil
	}
	view.Tried = true
	view.People, err = c.Desk.FindPeople(v.ctx(), v.round.ID, v.unit(), view.Name, searchMost)
	return view, err
}

// ownLine hands a person their line as a sheet. Who handed it out is recorded.
func (c *Console) ownLine(v *visit) error {
	view, err := c.ownLineView(v)
	if err != nil {
		return err
	}
	own, err := c.Desk.HandOutLine(v.ctx(), v.user, v.round.ID, v.unit(), sampling.PersonKey(v.form.value("key")))
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
		view.Errors = fieldErrors{{"name", fault.ProblemsOf(err)[0]}}
		return ownLineTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
	} else if err != nil {
		return err
	}
	salt, err := own.Person.Salt.MarshalText()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	err = export.OwnLinePDF(&out, v.lang, export.OwnLine{
		Round: v.round.Title, Asker: v.round.Asker, Contact: v.round.Contact, Simulated: v.round.Simulated, Produced: v.at.In(vietnam),
		Village: view.Unit.FullName(), Line: string(own.Line), Key: string(own.Person.Key), Salt: string(salt), Seal: string(own.Seal),
		Order: own.Order, Row: own.Row, Folder: files.DrawFolder(own.Draw), Frame: string(own.Draw.Commitment.FrameDigest),
		Committed: clock(own.Draw.Commitment.At), Check: c.Base.JoinPath("verify", string(v.round.ID), "seal").String(),
	})
	if err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(own.Person.Key)+".pdf", out.Bytes())
}
