package console

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

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

	Uncoded int       // people with a place and no code, once slips were produced
	People  []slipRow // those with a place, once slips were produced
}

// slipRow is a person with a place, whose letter may have been lost.
type slipRow struct {
	Number      int // in drawn order
	Name, Where string
	Lost        bool // as ticked
}

// batchRow is one production of a village's slips.
type batchRow struct {
	Number int
	At     string
	By     account.Name
	Slips  int
	Voided bool
	Why    conduct.Why
}

var slipsTemplate = page.New[slipsView](roundSource("slips"))

func (c *Console) slipsPage(v *visit) error {
	list, err := c.villagePage(v)
	if err != nil {
		return err
	}
	return c.showSlips(v, list, "", nil)
}

// showSlips shows what was produced so far and, if it was refused, why, at the
// field that it is about.
func (c *Console) showSlips(v *visit, list listView, field string, refused error) error {
	view := slipsView{roundFrame: list.roundFrame, Unit: list.Unit, May: list.MaySlips,
		Provincial: !producesSlips(v.user.Role, v.round.SlipsBy)}
	if refused != nil && !(*fieldErrors)(&view.Errors).from(field, refused) {
		return refused
	}
	batches, err := c.Rounds.Batches(v.ctx(), v.round.ID, v.unit())
	if err != nil {
		return err
	}
	for _, b := range batches {
		view.Batches = append(view.Batches, batchRow{b.Number, clock(b.At), b.By, len(b.Hashes), b.Voided, b.Why})
	}
	if view.May && len(batches) > 0 {
		seated, err := c.Desk.Seated(v.ctx(), v.round.ID, v.unit())
		if err != nil {
			return err
		}
		for _, one := range seated {
			lost := slices.Contains(v.form.values["number"], strconv.Itoa(one.Order))
			view.People = append(view.People, slipRow{one.Order, one.Person.Name, files.Where(v.lang, one.Person), lost})
		}
		if view.Uncoded, err = c.Desk.Uncoded(v.ctx(), v.round.ID, v.unit()); err != nil {
			return err
		}
	}
	return slipsTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

// slips produces the codes of a village as sealed slips: of everybody, of those
// alone who have none, or of those whose letters were lost. The form says how many
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
		return c.showSlips(v, list, "again", fault.New(fault.Conflict, "rounds.slips.meanwhile"))
	}
	field, made, err := c.produceSlips(v, len(batches) > 0)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) {
		return c.showSlips(v, list, field, err)
	} else if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	sheet := files.SlipSheet{Round: v.round, Village: list.Unit, Commune: unitName(tree, list.Unit.Parent), Base: c.Base, At: v.at.In(vietnam)}
	if err := sheet.PDF(&out, v.lang, made); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-"+string(v.unit())+"-slips.pdf", out.Bytes())
}

// produceSlips makes the slips that the form asks for; a refusal is about the
// field.
func (c *Console) produceSlips(v *visit, again bool) (field string, made []conduct.Slip, err error) {
	switch conduct.Why(v.form.value("why")) {
	case conduct.ForNew:
		made, err = c.Desk.ProduceNewSlips(v.ctx(), v.user, v.round.ID, v.unit())
		return "new", made, err
	case conduct.ForLost:
		var numbers []int
		for _, text := range v.form.values["number"] {
			if n, err := strconv.Atoi(text); err == nil {
				numbers = append(numbers, n)
			}
		}
		made, err = c.Desk.ProduceLostSlips(v.ctx(), v.user, v.round.ID, v.unit(), numbers)
		return "lost", made, err
	}
	if again && v.form.value("again") == "" {
		return "again", nil, fault.New(fault.Invalid, "rounds.slips.again_needed")
	}
	made, err = c.Desk.ProduceSlips(v.ctx(), v.user, v.round.ID, v.unit())
	return "again", made, err
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
		if d.Person.Case != nil { // whom nobody knows by the household
			row.Address = strings.Join(slices.DeleteFunc([]string{row.Address, d.Person.Phone}, func(s string) bool { return s == "" }), ", ")
			row.Note = d.Person.Case.Field + ", " + d.Person.Case.File
		}
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
