package console

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/territory"
)

// recheckCommuneView is the page of a commune's re-check: the list to take along,
// and the results that come back. It names nobody.
type recheckCommuneView struct {
	roundFrame
	Unit    territory.Unit
	Row     recheckRow
	Checker string // as typed
}

var recheckCommuneTemplate = page.New[recheckCommuneView](roundSource("recheckcommune"))

func (c *Console) recheckCommune(v *visit) error {
	view, err := c.recheckCommuneView(v)
	if err != nil {
		return err
	}
	return recheckCommuneTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func (c *Console) recheckCommuneView(v *visit) (recheckCommuneView, error) {
	f, err := c.roundFrame(v, "recheck.title")
	if err != nil {
		return recheckCommuneView{}, err
	}
	report, err := c.Desk.Recheck(v.ctx(), v.round.ID, 0)
	if err != nil {
		return recheckCommuneView{}, err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return recheckCommuneView{}, err
	}
	for _, fig := range report.Communes {
		if fig.Unit == v.unit() && fig.Drawn > 0 {
			u, _ := tree.Unit(fig.Unit)
			return recheckCommuneView{roundFrame: f, Unit: u, Row: newRecheckRow(fig, tree)}, nil
		}
	}
	return recheckCommuneView{}, fault.New(fault.NotFound, "recheck.nobody_drawn")
}

// recordRecheck writes down the results of a filled-in list, all or none.
func (c *Console) recordRecheck(v *visit) error {
	view, err := c.recheckCommuneView(v)
	if err != nil {
		return err
	}
	view.Checker = v.form.value("checker")
	var taken conduct.Taken
	if len(v.form.file.data) == 0 {
		err = fault.New(fault.Invalid, "console.import.no_file")
	} else {
		taken, err = c.Desk.ImportRecheck(v.ctx(), v.user, v.round.ID, conduct.RecheckFile{
			Name: v.form.file.name, Data: v.form.file.data, Commune: v.unit(), Words: export.RecheckWords(), Checker: view.Checker,
		})
	}
	if err == nil {
		done := "recheck_written"
		if taken.Added == 0 {
			done = "recheck_known"
		}
		return v.done(v.roundPath("/recheck-results/"+string(v.unit())), done)
	}
	if !(*fieldErrors)(&view.Errors).from("file", err) {
		return err
	}
	view.Errors = view.Errors[:min(len(view.Errors), listed)]
	return recheckCommuneTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}

// recheckList sends the people of a commune who are asked again. It tells that
// they answered: who took it is recorded, and it is refused to those who hold the
// commune's codes.
func (c *Console) recheckList(v *visit) error {
	if _, err := c.roundFrame(v, "recheck.title"); err != nil {
		return err
	}
	people, err := c.Desk.HandOutRecheck(v.ctx(), v.user, v.round.ID, v.unit())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := files.RecheckList(&out, v.lang, v.round, people); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(v.unit())+"-recheck.xlsx", out.Bytes())
}
