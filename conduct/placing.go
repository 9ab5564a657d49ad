package conduct

import (
	"context"
	"fmt"
	"slices"

	"hailong/sampling"
	"hailong/scorecard"
	"hailong/survey"
	"hailong/territory"
)

// The columns of the public frames of people that hold whose list they are on: the
// village or, of people with a transaction, the commune of the office.
const (
	villageColumn = "village"
	officeColumn  = "unit"
)

func villageOf(s sampling.Sample, u sampling.Drawn) territory.Code {
	if village := s.Value(u, villageColumn); village != "" {
		return territory.Code(village)
	}
	return territory.Code(s.Value(u, officeColumn))
}

// groupOfPeople is how many drawn people make a primary unit where people are
// drawn directly.
const groupOfPeople = 10

// placings are where in the design the places of a sample stand, in labels of
// units and never of people.
func placings(r survey.Round, seats []Seat, commune func(territory.Code) territory.Code) []survey.Placing {
	if r.Transactions != nil {
		return officePlacings(seats)
	}
	at := make([]survey.Placing, len(seats))
	for i, s := range seats {
		at[i] = placing(s.Village, commune(s.Village), s.Drawn)
	}
	return at
}

// placing is where a drawn person of a village stands. Below a commune taken with
// certainty villages are primary units; in a village that was itself taken with
// certainty there, people are, and ten of them in drawn order, which is random,
// make a group that stands for one (random groups: Wolter 2007, ch. 2).
func placing(village, commune territory.Code, u sampling.Drawn) survey.Placing {
	switch {
	case u.PSU == string(commune):
		return survey.Placing{Stratum: u.VarianceStratum, PSU: u.PSU, SSU: string(village)}
	case u.SSU != "":
		return survey.Placing{Stratum: u.VarianceStratum, PSU: u.PSU}
	}
	group := fmt.Sprintf("%s/%d", village, 1+(u.DrawOrder-1)/groupOfPeople)
	return survey.Placing{Stratum: u.VarianceStratum, PSU: group}
}

// officePlacings are where people with a transaction stand. The people of an office
// are dealt to random groups of about ten, in turn, field after field in drawn
// order, so that each group is a small sample of the office by the same design
// (Wolter 2007, §2.4). Where communes were drawn by chance the commune is the primary
// unit and the groups are within it; an office that was there for certain is a
// stratum of its own whose groups are the primary units.
func officePlacings(seats []Seat) []survey.Placing {
	people := make(map[territory.Code]int)
	for _, s := range seats {
		people[s.Village]++
	}
	dealt := make(map[territory.Code]int)
	at := make([]survey.Placing, len(seats))
	for i, s := range seats {
		office := s.Village
		groups := max(2, (people[office]+groupOfPeople/2)/groupOfPeople)
		group := fmt.Sprintf("%s/%d", office, 1+dealt[office]%groups)
		dealt[office]++
		if s.Drawn.PSU == string(office) {
			at[i] = survey.Placing{Stratum: s.Drawn.VarianceStratum, PSU: string(office), SSU: group}
		} else {
			at[i] = survey.Placing{Stratum: string(office), PSU: group}
		}
	}
	return at
}

// place adds a placing to those of its commune.
func place(communes []scorecard.Domain, commune territory.Code, at survey.Placing) {
	i := slices.IndexFunc(communes, func(d scorecard.Domain) bool { return d.Unit == commune })
	d := &communes[i]
	if !slices.Contains(d.Strata, at.Stratum) {
		d.Strata = append(d.Strata, at.Stratum)
	}
	if at.SSU != "" {
		d.PSU = at.PSU
	}
}

// places maps every unit whose people were drawn to its labels in the design; nil
// for a round without a draw of people. The labels are those of the unit: nothing
// of a single person is among them.
func (d Desk) places(ctx context.Context, r survey.Round) (map[territory.Code]survey.Placing, error) {
	attempts, err := d.Store.Draws(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if _, committed := Current(attempts, People); !committed {
		return nil, nil // a round of counters only
	}
	roster, err := d.roster(ctx, r.ID, "")
	if err != nil {
		return nil, err
	}
	units, err := d.units(ctx)
	if err != nil {
		return nil, err
	}
	places := make(map[territory.Code]survey.Placing)
	for i, at := range placings(r, roster.Seats, func(u territory.Code) territory.Code { return units[u].Commune() }) {
		seat := roster.Seats[i]
		if _, known := places[seat.Village]; known {
			continue
		}
		switch {
		case r.Transactions != nil && at.SSU != "":
			at.SSU = "" // the group would narrow down the person
		case seat.Drawn.SSU == "":
			at.PSU = string(seat.Village)
		}
		places[seat.Village] = at
	}
	return places, nil
}
