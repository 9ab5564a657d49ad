package conduct

import (
	"context"
	"slices"
	"strconv"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Contact is one attempt to reach a drawn person as it was written down: whose
// hand, and when. Whether somebody answered is none of it.
type Contact struct {
	sampling.Contact
	Round   survey.RoundID `json:"round"`
	Village territory.Code `json:"village"`
	By      account.Name   `json:"by"` // "" for the command line
	At      time.Time      `json:"at"`
}

// fieldwork is what the visits to drawn people need of a store. Contacts and
// replacements are only ever added.
type fieldwork interface {
	// Contacts returns the contacts of a round, of all villages or of one, by
	// village, person and number.
	Contacts(ctx context.Context, round survey.RoundID, village territory.Code) ([]Contact, error)
	AddContacts(ctx context.Context, rec account.Record, contacts []Contact) error
	// Replacements returns those of a round, of all villages or of one, by village
	// and number.
	Replacements(ctx context.Context, round survey.RoundID, village territory.Code) ([]Replacement, error)
	AddReplacement(ctx context.Context, rec account.Record, r Replacement, voids []survey.Pass) error
	Pass(ctx context.Context, hash string) (survey.Pass, error)
	Records(ctx context.Context, q account.RecordQuery) ([]account.Record, error)
}

// Attempt is a contact as somebody hands it in: the person by their number in
// the drawn order of the village, the reserves after the others.
type Attempt struct {
	Village territory.Code
	Number  int
	Contact sampling.Contact // without person and number
	Place   fault.Place      // in the file that it came in
}

// Taken says what became of the attempts handed in.
type Taken struct{ Added, Known int }

// AddContacts writes down contacts, all or none. An attempt that is on record
// already is known and not added again, so a file can be handed in twice. It
// refuses whom the round did not draw, and a reserve who has nobody's place.
func (d Desk) AddContacts(ctx context.Context, by account.User, round survey.RoundID, attempts []Attempt) (Taken, error) {
	r, err := d.visiting(ctx, round)
	if err != nil {
		return Taken{}, err
	}
	w := writing{desk: d, round: r, by: by, at: d.Clock(), rosters: map[territory.Code]*Roster{}}
	for _, a := range attempts {
		if err := w.add(ctx, a); err != nil {
			return Taken{}, err
		}
	}
	if err := fault.Of(fault.Invalid, w.problems); err != nil || len(w.made) == 0 {
		return Taken{0, w.known}, err
	}
	on := r.Unit
	if len(w.rosters) == 1 {
		on = w.made[0].Village
	}
	rec, err := d.record(ctx, by, account.ReturnVisit, subject{round, on, []string{"contacts", strconv.Itoa(len(w.made))}})
	if err != nil {
		return Taken{}, err
	}
	return Taken{len(w.made), w.known}, d.Store.AddContacts(ctx, rec, w.made)
}

// visiting returns a round in which people are being visited, or were: visits are
// written down until the last answer may arrive.
func (d Desk) visiting(ctx context.Context, round survey.RoundID) (survey.Round, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return survey.Round{}, err
	}
	if r.State == survey.RoundDraft || !r.Takes(d.Clock()) {
		return r, fault.New(fault.Conflict, "fieldwork.not_open", "state", string(r.State))
	}
	return r, nil
}

// writing gathers the contacts of one call.
type writing struct {
	desk     Desk
	round    survey.Round
	by       account.User
	at       time.Time
	rosters  map[territory.Code]*Roster
	made     []Contact
	known    int
	problems []fault.Problem
}

func (w *writing) add(ctx context.Context, a Attempt) error {
	roster := w.rosters[a.Village]
	if roster == nil {
		read, err := w.desk.roster(ctx, w.round.ID, a.Village)
		if err != nil {
			return err
		}
		roster = &read
		w.rosters[a.Village] = roster
	}
	problem := func(p fault.Problem) { w.problems = append(w.problems, p.At(a.Place)) }
	if a.Number < 1 || a.Number > len(roster.Drawn) {
		problem(fault.P("fieldwork.not_drawn", "number", a.Number, "village", string(a.Village)))
		return nil
	}
	person := sampling.PersonKey(roster.Drawn[a.Number-1].Key)
	if !roster.Seated(person) {
		problem(fault.P("fieldwork.reserve_waits", "number", a.Number))
		return nil
	}
	c := a.Contact
	before := roster.Contacts[person]
	c.Person, c.Number = person, len(before)+1
	known := sampling.Standing(before)
	if a.Place.File != "" {
		known = before // what was corrected since stays so when the file comes again
	}
	if c.Supersedes == 0 && slices.ContainsFunc(known, c.Same) {
		w.known++
		return nil
	}
	if problems := c.Check(before, dayOf(w.at)); len(problems) > 0 {
		for _, p := range problems {
			problem(p)
		}
		return nil
	}
	if opened := dayOf(w.round.Opened); c.Day < opened {
		problem(fault.P("fieldwork.day_before", "day", string(c.Day), "opened", string(opened)))
		return nil
	}
	roster.Contacts[person] = append(before, c)
	w.made = append(w.made, Contact{Contact: c, Round: w.round.ID, Village: a.Village, By: w.by.Name, At: w.at})
	return nil
}

// vietnam is the one time zone of the country, which has no summer time.
var vietnam = time.FixedZone("ICT", 7*60*60)

func dayOf(at time.Time) territory.Day { return territory.Day(at.In(vietnam).Format(time.DateOnly)) }
