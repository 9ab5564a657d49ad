package conduct

import (
	"context"
	"slices"

	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Seat is one place in the sample: the person who was drawn for it and the
// reserves who took it, in turn. It keeps the weight and the labels of the first.
type Seat struct {
	Drawn   sampling.Drawn
	Village territory.Code
	People  []sampling.PersonKey // the last one has the place
}

// Sitting is who has the place now.
func (s Seat) Sitting() sampling.PersonKey { return s.People[len(s.People)-1] }

// Roster is the sample of a round or of a village with what became of it in the
// field, the answers aside.
type Roster struct {
	Drawn    []sampling.Drawn // in drawn order, a village's reserves after its others
	Seats    []Seat
	Contacts map[sampling.PersonKey][]sampling.Contact
	Rule     sampling.ReplacementRule

	Replacements []Replacement
	reserves     map[pool][]sampling.PersonKey // all, in drawn order
}

// pool is where the reserves of a place come from: the village, and within it the
// stratum, so that whoever takes a place had the same chance of it.
type pool struct {
	village territory.Code
	stratum sampling.Stratum
}

// Seated reports whether the person was ever given a place: reserves wait.
func (r Roster) Seated(person sampling.PersonKey) bool { return r.seat(person) >= 0 }

// seat is the place that a person has or had, -1 for none.
func (r Roster) seat(person sampling.PersonKey) int {
	return slices.IndexFunc(r.Seats, func(s Seat) bool { return slices.Contains(s.People, person) })
}

// sits reports whether the person has a place now.
func (r Roster) sits(person sampling.PersonKey) bool {
	i := r.seat(person)
	return i >= 0 && r.Seats[i].Sitting() == person
}

// Last is what the contacts of a person come to.
func (r Roster) Last(person sampling.PersonKey) sampling.Disposition {
	return sampling.LastDisposition(r.Contacts[person])
}

// Left are the reserves who can still take a place, in drawn order.
func (r Roster) Left(s Seat) []sampling.PersonKey {
	return slices.DeleteFunc(slices.Clone(r.reserves[pool{s.Village, s.Drawn.Stratum}]), func(reserve sampling.PersonKey) bool {
		return slices.ContainsFunc(r.Replacements, func(x Replacement) bool { return x.Reserve == reserve })
	})
}

// Waiting counts the reserves who have nobody's place yet.
func (r Roster) Waiting() int { return len(r.Drawn) - len(r.Seats) - len(r.Replacements) }

// roster reads the sample of a village, or of the whole round for "". It is
// NotFound for a village in which nobody was drawn.
func (d Desk) roster(ctx context.Context, round survey.RoundID, village territory.Code) (Roster, error) {
	attempts, err := d.Store.Draws(ctx, round)
	if err != nil {
		return Roster{}, err
	}
	sample, err := d.sampleOf(ctx, attempts, People)
	if err != nil {
		return Roster{}, err
	}
	people, _ := Current(attempts, People)
	r := Roster{
		Contacts: map[sampling.PersonKey][]sampling.Contact{}, Rule: people.Plan.Replacements(),
		reserves: map[pool][]sampling.PersonKey{},
	}
	r.take(sample, village)
	if len(r.Drawn) == 0 && village != "" {
		return Roster{}, fault.New(fault.NotFound, "fieldwork.nobody_drawn")
	}
	if r.Replacements, err = d.Store.Replacements(ctx, round, village); err != nil {
		return Roster{}, err
	}
	contacts, err := d.Store.Contacts(ctx, round, village)
	if err != nil {
		return Roster{}, err
	}
	for _, c := range contacts {
		r.Contacts[c.Person] = append(r.Contacts[c.Person], c.Contact)
	}
	return r, r.reseat()
}

// take lays out the drawn rows of a village or, for "", of all.
func (r *Roster) take(sample sampling.Sample, village territory.Code) {
	drawn := sample.Units
	if village != "" {
		drawn = drawnIn(sample, village)
	}
	for _, u := range drawn {
		in := villageOf(sample, u)
		r.Drawn = append(r.Drawn, u)
		person := sampling.PersonKey(u.Key)
		if u.Role == sampling.RoleReserve {
			from := pool{in, u.Stratum}
			r.reserves[from] = append(r.reserves[from], person)
		} else {
			r.Seats = append(r.Seats, Seat{u, in, []sampling.PersonKey{person}})
		}
	}
}

// reseat gives the places of those who were replaced to the reserves. A
// replacement that fits no draw means damaged data.
func (r *Roster) reseat() error {
	at := make(map[sampling.PersonKey]int, len(r.Seats))
	for i, s := range r.Seats {
		at[s.Sitting()] = i
	}
	for _, x := range r.Replacements {
		i, known := at[x.Replaced]
		if !known {
			return fault.New(fault.Internal, "store.damaged")
		}
		delete(at, x.Replaced)
		r.Seats[i].People = append(r.Seats[i].People, x.Reserve)
		at[x.Reserve] = i
	}
	return nil
}
