package console

import (
	"bytes"

	"hailong/conduct"
	"hailong/export"
	"hailong/territory"
)

// conductFile is an uploaded file of contacts of one village.
func conductFile(v *visit, village territory.Unit) conduct.ContactFile {
	return conduct.ContactFile{
		Name: v.form.file.name, Data: v.form.file.data, Villages: []territory.Unit{village},
		Words: export.ContactWords(), Visitor: v.user.FullName,
	}
}

// contactForm sends the contacts of a village as a workbook in which the next ones
// can be written and which can be handed in again. It holds names, so who took it
// is recorded; who answered is not in it.
func (c *Console) contactForm(v *visit) error {
	view, err := c.visitsPage(v, false)
	if err != nil {
		return err
	}
	if _, err := c.Desk.HandOutList(v.ctx(), v.user, v.round.ID, v.unit()); err != nil {
		return err
	}
	form := export.ContactForm{Round: v.round.Title, Asker: v.round.Asker, Unit: view.Unit.FullName(), Simulated: v.round.Simulated}
	cards := append(append([]personCard{}, view.Open...), view.Closed...)
	for _, card := range cards {
		row := export.ContactRow{Village: string(view.Unit.Code), Number: card.Number, Name: card.Person.Name}
		for _, s := range card.Standing {
			written := row
			written.Day, written.Mode, written.Result, written.Visitor = string(s.Day), s.Mode, s.Result, s.Visitor
			form.Rows = append(form.Rows, written)
		}
		if card.Open() {
			form.Rows = append(form.Rows, row)
		}
	}
	var out bytes.Buffer
	if err := export.ContactXLSX(&out, v.lang, form); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(v.unit())+"-contacts.xlsx", out.Bytes())
}
