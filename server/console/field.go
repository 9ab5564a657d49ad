package console

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// fieldworkView is the fieldwork of a round within a unit: its villages.
type fieldworkView struct {
	roundFrame
	Communes []communeField
	Waiting  bool   // people are not drawn yet
	Rates    string // address of the rates, "" for who may not read them
}

// communeField are the drawn villages of one commune.
type communeField struct {
	Unit    territory.Unit
	Rows    []villageField
	Recheck string // where its re-check list is, if there is one for the reader
}

// villageField is how far a village has come, as far as contacts tell.
type villageField struct {
	Unit                             territory.Unit
	Drawn, Contacted, Replaced, Left int
}

var fieldworkTemplate = page.New[fieldworkView](roundSource("fieldwork"))

func (c *Console) fieldwork(v *visit) error {
	f, err := c.roundFrame(v, "fieldwork.title")
	if err != nil {
		return err
	}
	view := fieldworkView{roundFrame: f}
	if account.Permits(v.user.Role, account.ReadRates) {
		view.Rates = Root + v.roundPath("/rates")
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	progress, err := c.Desk.FieldProgress(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	view.Waiting = len(progress) == 0
	within := v.unit()
	for _, p := range progress {
		if within != account.Everywhere && !tree.Within(within, p.Village) {
			continue
		}
		u, _ := tree.Unit(p.Village)
		i := slices.IndexFunc(view.Communes, func(c communeField) bool { return c.Unit.Code == u.Commune() })
		if i < 0 {
			commune, _ := tree.Unit(u.Commune())
			i, view.Communes = len(view.Communes), append(view.Communes, communeField{Unit: commune})
		}
		view.Communes[i].Rows = append(view.Communes[i].Rows, villageField{u, p.Drawn, p.Contacted, p.Replaced, p.Left})
	}
	if err := c.linkRechecks(v, view.Communes); err != nil {
		return err
	}
	return fieldworkTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// linkRechecks names the re-check lists that the reader may take. They tell who
// answered, so nobody who holds the codes of a commune finds one.
func (c *Console) linkRechecks(v *visit, communes []communeField) error {
	if !account.Permits(v.user.Role, account.HandOutRecheck) || !conduct.MayFollow(v.round, v.user) {
		return nil
	}
	attempts, err := c.Rounds.Rechecks(v.ctx(), v.round.ID)
	last, _ := conduct.Current(attempts, conduct.Recheck)
	if err != nil || !last.Done() {
		return err
	}
	for i, commune := range communes {
		for _, cell := range last.Receipt.Counts {
			if territory.Code(cell.Stratum) == commune.Unit.Code && cell.Main > 0 {
				communes[i].Recheck = Root + v.roundPath("/recheck-list/"+string(commune.Unit.Code))
			}
		}
	}
	return nil
}

// visitsView is the page of a village for those who visit: a card a person.
type visitsView struct {
	roundFrame
	Unit         territory.Unit
	Open, Closed []personCard // still to be visited, and not
	Waiting      []personCard // reserves who have nobody's place
	Left, Visits int          // reserves left; visits that the rule asks for
	May, Asked   bool         // the reader may ask who answered, and did
	Writable     bool
	Results      []sampling.Disposition
	Modes        []sampling.ContactMode
	Today        territory.Day
	Uncoded      int // places without a code, such as those of new reserves
	FileErrors   bool
}

// cardPage is what all cards of a page share.
type cardPage struct {
	CSRF, Here      string // the form token, and where the forms go
	Asked, Writable bool
	Results         []sampling.Disposition
	Modes           []sampling.ContactMode
	Today           territory.Day
}

// personCard is one drawn person with what is on record.
type personCard struct {
	conduct.Followed
	Page       *cardPage
	Wrong      *fault.Problem
	Where      string // household and address
	Expanded   bool
	MayReplace bool
	WhyNot     fault.Problem // why the next reserve may not take the place, no code if it may
	History    []contactLine
	Standing   []sampling.Contact // those that a correction may supersede
	Typed      sampling.Contact   // what the form shows
}

// contactLine is one contact with whether it counts.
type contactLine struct {
	conduct.Contact
	Counts bool
}

var visitsTemplate = page.New[visitsView](styled(roundSource("visits"), "console/visits/visits.css"))

// styled is a source with one more style sheet.
func styled(src page.Source, sheet string) page.Source {
	src.Styles = append(src.Styles, sheet)
	return src
}

// visits is the page without who answered; openVisits with it.
func (c *Console) visits(v *visit) error     { return c.showVisits(v, false, nil) }
func (c *Console) openVisits(v *visit) error { return c.showVisits(v, true, nil) }

// showVisits shows the village; change fills in what a refused form needs.
func (c *Console) showVisits(v *visit, ask bool, change func(*visitsView)) error {
	view, err := c.visitsPage(v, ask)
	if err != nil {
		return err
	}
	if change != nil {
		change(&view)
	}
	return visitsTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

func (c *Console) visitsPage(v *visit, ask bool) (visitsView, error) {
	f, err := c.roundFrame(v, "fieldwork.title")
	if err != nil {
		return visitsView{}, err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return visitsView{}, err
	}
	u, _ := tree.Unit(v.unit())
	if u.Level != territory.Village && !f.Round.Offices {
		return visitsView{}, fault.New(fault.NotFound, "fieldwork.no_village", "unit", u.FullName())
	}
	read := c.Desk.Field
	if ask {
		read = c.Desk.FollowUp
	}
	field, err := read(v.ctx(), v.user, v.round.ID, u.Code)
	if err != nil {
		return visitsView{}, err
	}
	view := visitsView{
		roundFrame: f, Unit: u, Left: field.Left, Visits: field.Rule.Visits, May: field.May, Asked: field.Asked,
		Writable: v.round.State != survey.RoundDraft && v.round.Takes(v.at),
	}
	if view.Uncoded, err = c.Desk.Uncoded(v.ctx(), v.round.ID, u.Code); err != nil {
		return visitsView{}, err
	}
	shared := &cardPage{
		CSRF: f.CSRF, Here: Root + v.roundPath("/field/"+string(u.Code)), Asked: view.Asked, Writable: view.Writable,
		Results: sampling.Recordable(), Modes: sampling.ContactModes, Today: territory.Day(v.at.In(vietnam).Format(time.DateOnly)),
	}
	for _, p := range field.People {
		card := c.card(v, p, shared)
		switch {
		case p.Waiting():
			view.Waiting = append(view.Waiting, card)
		case p.Open():
			view.Open = append(view.Open, card)
		default:
			view.Closed = append(view.Closed, card)
		}
	}
	return view, nil
}

func (c *Console) card(v *visit, p conduct.Followed, shared *cardPage) personCard {
	card := personCard{
		Followed: p, Page: shared, Where: files.Where(v.lang, p.Person),
		Typed: sampling.Contact{Day: shared.Today, Mode: sampling.ByVisit, Visitor: v.user.FullName},
	}
	plain := make([]sampling.Contact, len(p.Contacts))
	for i, contact := range p.Contacts {
		plain[i] = contact.Contact
	}
	card.Standing = sampling.Standing(plain)
	for _, contact := range p.Contacts {
		counts := slices.ContainsFunc(card.Standing, func(s sampling.Contact) bool { return s.Number == contact.Number })
		card.History = append(card.History, contactLine{contact, counts})
	}
	card.MayReplace = shared.Writable && v.round.State == survey.RoundOpen && !p.Waiting() && p.ReplacedBy == 0 && !p.Answered && len(p.Contacts) > 0
	if p.Replace != nil {
		card.WhyNot = fault.ProblemsOf(p.Replace)[0]
	}
	return card
}

// writeVisit writes down one contact.
func (c *Console) writeVisit(v *visit) error {
	number, _ := strconv.Atoi(v.form.value("number"))
	supersedes, _ := strconv.Atoi(v.form.value("supersedes"))
	contact := sampling.Contact{
		Day: territory.Day(v.form.value("day")), Mode: sampling.ContactMode(v.form.value("mode")), Supersedes: supersedes,
		Result: sampling.Disposition(v.form.value("result")), Visitor: v.form.value("visitor"),
	}
	if err := c.loadRound(v); err != nil {
		return err
	}
	taken, err := c.Desk.AddContacts(v.ctx(), v.user, v.round.ID, []conduct.Attempt{{Village: v.unit(), Number: number, Contact: contact}})
	if err == nil {
		done := "contact_written"
		if taken.Added == 0 {
			done = "contact_known"
		}
		return v.backToVisits(number, done)
	}
	return c.refuseVisit(v, number, &contact, err)
}

// replacePerson gives a place to the next reserve.
func (c *Console) replacePerson(v *visit) error {
	number, _ := strconv.Atoi(v.form.value("number"))
	if err := c.loadRound(v); err != nil {
		return err
	}
	if _, err := c.Desk.Replace(v.ctx(), v.user, v.round.ID, v.unit(), number); err != nil {
		return c.refuseVisit(v, number, nil, err)
	}
	return v.backToVisits(number, "person_replaced")
}

// backToVisits returns to the card, on the page that the reader came from.
func (v *visit) backToVisits(number int, done string) error {
	path := v.roundPath("/field/" + string(v.unit()))
	if v.form.value("asked") != "" {
		path += "/open"
	}
	return v.Redirect(Root+path+"?done="+done+"#p"+strconv.Itoa(number), fiber.StatusSeeOther)
}

// refuseVisit shows the card again with what was typed.
func (c *Console) refuseVisit(v *visit, number int, typed *sampling.Contact, err error) error {
	var errs fieldErrors
	if !errs.from("p"+strconv.Itoa(number), err) {
		return err
	}
	return c.showVisits(v, v.form.value("asked") != "", func(view *visitsView) {
		view.Errors = errs
		for _, cards := range [][]personCard{view.Open, view.Closed, view.Waiting} {
			for i := range cards {
				if cards[i].Number != number {
					continue
				}
				cards[i].Expanded, cards[i].Wrong = true, &errs[0].Problem
				if typed != nil {
					cards[i].Typed = *typed
				}
			}
		}
	})
}

// visitsFile takes a file of contacts of the village.
func (c *Console) visitsFile(v *visit) error {
	if err := c.loadRound(v); err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	u, _ := tree.Unit(v.unit())
	if len(v.form.file.data) == 0 {
		err = fault.New(fault.Invalid, "console.import.no_file")
	} else {
		_, err = c.Desk.ImportContacts(v.ctx(), v.user, v.round.ID, conductFile(v, u))
	}
	if err == nil {
		return v.backToVisits(0, "contacts_taken")
	}
	var errs fieldErrors
	if !errs.from("file", err) {
		return err
	}
	return c.showVisits(v, false, func(view *visitsView) { view.Errors, view.FileErrors = errs, true })
}

// Status is the code of where a person stands, for their card.
func (p personCard) Status() string {
	switch {
	case p.ReplacedBy != 0:
		return "fieldwork.status.replaced"
	case p.Waiting():
		return "fieldwork.status.waiting"
	case p.Answered:
		return "fieldwork.status.answered"
	}
	return "fieldwork.result." + string(p.Last)
}

// Anchor is what the card's place on the page is called.
func (p personCard) Anchor() string { return "p" + strconv.Itoa(p.Number) }

// Phone is the listed number as a telephone calls it.
func (p personCard) Phone() string { return strings.Join(strings.Fields(p.Person.Phone), "") }
