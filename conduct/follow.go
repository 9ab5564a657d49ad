package conduct

import (
	"context"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Followed is one drawn person of a village as those who visit see them.
type Followed struct {
	Number     int // in the drawn order of the village, reserves after the others
	Person     sampling.Person
	Reserve    bool // was drawn as a reserve
	Contacts   []Contact
	Last       sampling.Disposition
	Visits     int // days with a visit
	Replaces   int // number of the person whose place a reserve took, 0 for none
	ReplacedBy int
	Answered   bool  // known only if VillageField.Asked
	Replace    error // nil if the next reserve may take the place, or why not
}

// Waiting reports whether a reserve has nobody's place yet.
func (f Followed) Waiting() bool { return f.Reserve && f.Replaces == 0 }

// Open reports whether the person is still to be visited, as far as is known.
func (f Followed) Open() bool {
	if f.Waiting() || f.ReplacedBy != 0 || f.Answered {
		return false
	}
	switch f.Last.Category() {
	case sampling.Refusal, sampling.Ineligible:
		return false
	}
	return f.Last != sampling.DiedSince
}

// VillageField is the fieldwork of a village.
type VillageField struct {
	People []Followed // in drawn order
	Rule   sampling.ReplacementRule
	Left   int  // reserves who have nobody's place yet
	May    bool // the reader may ask who answered
	Asked  bool // and did
}

// Field reads the fieldwork of a village with the names on its list. Who answered
// is not among it: FollowUp asks that.
func (d Desk) Field(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) (VillageField, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return VillageField{}, err
	}
	drawn, err := d.VillageSample(ctx, round, village)
	if err != nil {
		return VillageField{}, err
	}
	roster, err := d.roster(ctx, round, village)
	if err != nil {
		return VillageField{}, err
	}
	contacts, err := d.Store.Contacts(ctx, round, village)
	if err != nil {
		return VillageField{}, err
	}
	f := VillageField{Rule: roster.Rule, Left: roster.Waiting(), May: MayFollow(r, by)}
	number := make(map[sampling.PersonKey]int, len(drawn))
	for i, one := range drawn {
		key := one.Person.Key
		number[key] = i + 1
		p := Followed{
			Number: i + 1, Person: one.Person, Reserve: one.Role == sampling.RoleReserve,
			Last: roster.Last(key), Visits: sampling.VisitDays(roster.Contacts[key]),
		}
		_, p.Replace = roster.Rule.Allows(roster.Contacts[key])
		for _, c := range contacts {
			if c.Person == key {
				p.Contacts = append(p.Contacts, c)
			}
		}
		f.People = append(f.People, p)
	}
	for _, x := range roster.Replacements {
		f.People[number[x.Replaced]-1].ReplacedBy = number[x.Reserve]
		f.People[number[x.Reserve]-1].Replaces = number[x.Replaced]
	}
	return f, nil
}

// MayFollow reports whether a reader may ask who of the drawn has answered. An
// officer of a commune that holds the codes may not: who knows whose ballot is
// still empty and holds the code to it could fill it in.
func MayFollow(r survey.Round, by account.User) bool {
	return by.Role != account.Officer || r.SlipsBy != survey.SlipsByCommune
}

// FollowUp is Field with who has answered, worked out with the key from the
// ballots that are there; readers who may not know get Field. The audit record
// says once a day that the reader asked about the village, not what was seen.
func (d Desk) FollowUp(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) (VillageField, error) {
	f, err := d.Field(ctx, by, round, village)
	if err != nil || !f.May {
		return f, err
	}
	answered, err := d.answered(ctx, round, village)
	if err != nil {
		return f, err
	}
	for i := range f.People {
		f.People[i].Answered = answered(f.People[i].Person.Key)
	}
	f.Asked = true
	return f, d.recordAsking(ctx, by, round, village)
}

// recordAsking records that somebody asked who answered in a unit, unless they did
// so today.
func (d Desk) recordAsking(ctx context.Context, by account.User, round survey.RoundID, unit territory.Code) error {
	now := d.Clock().In(vietnam)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, vietnam)
	known, err := d.Store.Records(ctx, account.RecordQuery{Scope: unit, Actor: by.Name, Action: account.FollowUp, Since: today})
	if err != nil {
		return err
	}
	for _, rec := range known {
		if rec.Subject == string(round) && rec.Path.Unit() == unit {
			return nil
		}
	}
	rec, err := d.record(ctx, by, account.FollowUp, subject{round, unit, nil})
	if err != nil {
		return err
	}
	return d.Store.AddRecord(ctx, rec)
}

// FieldProgress is how far the visits in a village have come, as far as contacts
// tell.
type FieldProgress struct {
	Village   territory.Code
	Drawn     int // places
	Contacted int // places of whose holder a contact is on record
	Replaced  int // reserves who took a place
	Left      int // reserves who did not
}

// FieldProgress lists the drawn villages of a round in frame order; none before
// people are drawn.
func (d Desk) FieldProgress(ctx context.Context, round survey.RoundID) ([]FieldProgress, error) {
	roster, err := d.roster(ctx, round, "")
	if fault.Is(err, fault.Conflict) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var villages []FieldProgress
	at := make(map[territory.Code]int)
	for _, seat := range roster.Seats {
		i, known := at[seat.Village]
		if !known {
			i, at[seat.Village] = len(villages), len(villages)
			villages = append(villages, FieldProgress{Village: seat.Village})
		}
		villages[i].Drawn++
		villages[i].Replaced += len(seat.People) - 1
		if len(roster.Contacts[seat.Sitting()]) > 0 {
			villages[i].Contacted++
		}
	}
	for from, reserves := range roster.reserves {
		if i, known := at[from.village]; known {
			villages[i].Left += len(reserves)
		}
	}
	for i := range villages {
		villages[i].Left -= villages[i].Replaced
	}
	return villages, nil
}
