package console

import (
	"bytes"
	"strconv"

	"hailong/account"
	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/static"
	"hailong/territory"
)

// slipsView is the page where the sealed slips of a village are produced. The
// codes are on the slips alone, so that producing again is the only way to
// another copy, and voids the one before.
type slipsView struct {
	roundFrame
	Unit    territory.Unit
	Batches []batchRow
	May     bool // people are drawn, the round is not closed, and it leaves slips to the reader's role

	Provincial bool // the round leaves them to others than the reader
}

// batchRow is one production of a village's slips.
type batchRow struct {
	Number int
	At     string
	By     account.Name
	Slips  int
	Voided bool
}

var slipsTemplate = page.New[slipsView](roundSource("slips"))

func (c *Console) slipsPage(v *visit) error {
	list, err := c.villagePage(v)
	if err != nil {
		return err
	}
	return c.showSlips(v, list, nil)
}

// showSlips shows what was produced so far and, if it was refused, why.
func (c *Console) showSlips(v *visit, list listView, refused error) error {
	view := slipsView{roundFrame: list.roundFrame, Unit: list.Unit, May: list.MaySlips,
		Provincial: !producesSlips(v.user.Role, v.round.SlipsBy)}
	if refused != nil && !(*fieldErrors)(&view.Errors).from("again", refused) {
		return refused
	}
	batches, err := c.Rounds.Batches(v.ctx(), v.round.ID, v.unit())
	if err != nil {
		return err
	}
	for _, b := range batches {
		view.Batches = append(view.Batches, batchRow{b.Number, clock(b.At), b.By, len(b.Hashes), b.Voided})
	}
	return slipsTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

// slips produces the codes of a village as sealed slips. The form says how many
// productions its reader knew of: a second click, or a colleague's, voids nothing.
func (c *Console) slips(v *visit) error {
	list, err := c.villagePage(v)
	if err != nil {
		return err
	}
	batches, err := c.Rounds.Batches(v.ctx(), v.round.ID, v.unit())
	if err != nil {
		return err
	}
	if known, err := strconv.Atoi(v.form.value("known")); err != nil || known != len(batches) {
		return c.showSlips(v, list, fault.New(fault.Conflict, "rounds.slips.meanwhile"))
	}
	if len(batches) > 0 && v.form.value("again") == "" {
		return c.showSlips(v, list, fault.New(fault.Invalid, "rounds.slips.again_needed"))
	}
	made, err := c.Desk.ProduceSlips(v.ctx(), v.user, v.round.ID, v.unit())
	if fault.Is(err, fault.Conflict) {
		return c.showSlips(v, list, err)
	} else if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := export.SlipsPDF(&out, v.lang, c.slipSheet(v, list.Unit, unitName(tree, list.Unit.Parent), made)); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(v.unit())+"-slips.pdf", out.Bytes())
}

// slipSheet is what is printed for the people of a village.
func (c *Console) slipSheet(v *visit, village territory.Unit, commune string, made []conduct.Slip) export.Slips {
	slips := export.Slips{
		Round: v.round.Title, Asker: v.round.Asker, Contact: v.round.Contact, TypeAt: c.Base.String(),
		Simulated: v.round.Simulated, Produced: v.at.In(vietnam),
	}
	for _, s := range made {
		slips.People = append(slips.People, export.Slip{
			Number: strconv.Itoa(s.Order), Name: s.Person.Name, Address: files.Where(v.lang, s.Person), Village: village.FullName(),
			Commune: commune, Token: s.Token, Link: c.Base.JoinPath("p", string(s.Token)).String(),
		})
	}
	return slips
}

// sampleList sends the drawn people of a village, never with codes. Who took it
// is recorded.
func (c *Console) sampleList(v *visit) error {
	view, err := c.villagePage(v)
	if err != nil {
		return err
	}
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	drawn, err := c.Desk.HandOutList(v.ctx(), v.user, v.round.ID, v.unit())
	if err != nil {
		return err
	}
	people, _ := conduct.Current(attempts, conduct.People)
	list := export.VillageList{
		Round: v.round.Title, Asker: v.round.Asker, Province: view.Round.Unit, Commune: unitName(tree, view.Unit.Parent), Village: view.Unit.FullName(),
		Receipt: string(sampling.DigestOf(people.Receipt.Encode())), Simulated: v.round.Simulated,
	}
	for _, d := range drawn {
		row := export.ListRow{Name: d.Person.Name, BirthYear: d.Person.BirthYear, Sex: sexText(v.lang, d.Person.Sex), Address: files.Where(v.lang, d.Person)}
		if d.Role == sampling.RoleReserve {
			list.Reserve = append(list.Reserve, row)
		} else {
			list.Main = append(list.Main, row)
		}
	}
	var out bytes.Buffer
	if err := export.ListXLSX(&out, v.lang, list); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(v.unit())+".xlsx", out.Bytes())
}

func sexText(lang static.Lang, sex sampling.Sex) string {
	if sex == "" {
		return ""
	}
	return static.Text(lang, "console.sex."+string(sex))
}
