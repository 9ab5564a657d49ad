package conduct

import (
	"context"
	"strconv"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Frame builds the public frame of a stage from what is stored: the communes of
// the province, the villages of the drawn communes, or the people of the lists of
// villages or offices.
func (d Desk) Frame(ctx context.Context, r survey.Round, stage Stage) (sampling.Frame, error) {
	if stage == People {
		return d.peopleFrame(ctx, r)
	}
	units, err := d.Store.Units(ctx)
	if err != nil {
		return sampling.Frame{}, err
	}
	if stage == Communes {
		return unitFrame(unitsOf(units, territory.Commune, func(u territory.Unit) bool { return u.Parent == r.Unit }), "province_code")
	}
	drawn, err := d.drawnKeys(ctx, r.ID, Communes)
	if err != nil {
		return sampling.Frame{}, err
	}
	return unitFrame(unitsOf(units, territory.Village, func(u territory.Unit) bool { return drawn[u.Parent] }), "commune")
}

// unitsOf picks the existing units of a level.
func unitsOf(units []territory.Unit, level territory.Level, keep func(territory.Unit) bool) []territory.Unit {
	var kept []territory.Unit
	for _, u := range units {
		if u.Level == level && u.To == "" && keep(u) {
			kept = append(kept, u)
		}
	}
	return kept
}

// unitFrame makes the frame of units. All sizes must be usable: a draw by a
// size that nobody has looked at would favour whoever was mistyped.
func unitFrame(units []territory.Unit, parentColumn string) (sampling.Frame, error) {
	var problems []fault.Problem
	rows := make([][]string, 0, len(units))
	for _, u := range units {
		if !u.Size.Usable() {
			problems = append(problems, fault.P("stage.size_"+string(u.Size), "unit", u.FullName(), "code", string(u.Code)))
		}
		rows = append(rows, []string{
			string(u.Code), u.Name, string(u.Kind), string(u.Parent), strconv.FormatInt(u.Population, 10),
		})
	}
	if len(units) == 0 {
		problems = append(problems, fault.P("stage.no_units"))
	}
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return sampling.Frame{}, err
	}
	return sampling.NewFrame([]string{"code", "name", "kind", parentColumn, "population"}, rows)
}

// drawnKeys is the set of units drawn at a stage, reserves left out.
func (d Desk) drawnKeys(ctx context.Context, round survey.RoundID, stage Stage) (map[territory.Code]bool, error) {
	sample, err := d.CurrentSample(ctx, round, stage)
	if err != nil {
		return nil, err
	}
	keys := make(map[territory.Code]bool)
	for _, u := range sample.Units {
		if u.Role != sampling.RoleReserve {
			keys[territory.Code(u.Key)] = true
		}
	}
	return keys, nil
}

// Listed returns the units whose lists the round takes: the drawn villages, or in
// a round of people with a transaction the communes whose offices take part, which
// are the drawn ones or, as long as none are drawn, all.
func (d Desk) Listed(ctx context.Context, round survey.RoundID) ([]territory.Unit, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return nil, err
	}
	attempts, err := d.Store.Draws(ctx, round)
	if err != nil {
		return nil, err
	}
	units, err := d.Store.Units(ctx)
	if err != nil {
		return nil, err
	}
	above, drawn := Before(r, attempts, People)
	if !drawn {
		return unitsOf(units, territory.Commune, func(u territory.Unit) bool { return u.Parent == r.Unit }), nil
	}
	keys, err := d.drawnKeys(ctx, r.ID, above)
	if err != nil {
		return nil, err
	}
	level := territory.Village
	if r.Transactions != nil {
		level = territory.Commune
	}
	return unitsOf(units, level, func(u territory.Unit) bool { return keys[u.Code] }), nil
}

// peopleFrame makes the public frame of people from the current lists of the
// drawn units, every one of which must be there, without the entries that were
// judged to be somebody's second. Where communes are not drawn the offices without
// a list stay outside.
func (d Desk) peopleFrame(ctx context.Context, r survey.Round) (sampling.Frame, error) {
	listed, err := d.Listed(ctx, r.ID)
	if err != nil {
		return sampling.Frame{}, err
	}
	attempts, err := d.Store.Draws(ctx, r.ID)
	if err != nil {
		return sampling.Frame{}, err
	}
	_, all := Before(r, attempts, People)
	current, err := d.CurrentLists(ctx, r.ID)
	if err != nil {
		return sampling.Frame{}, err
	}
	var problems []fault.Problem
	var lists []sampling.List
	for _, u := range listed {
		head, ok := current[u.Code]
		if !ok && all {
			problems = append(problems, fault.P("stage.list_missing", "village", u.FullName(), "code", string(u.Code)))
		}
		if !ok {
			continue
		}
		list, err := d.Store.List(ctx, head)
		if err != nil {
			return sampling.Frame{}, err
		}
		lists = append(lists, list)
	}
	if len(lists) == 0 && len(problems) == 0 {
		problems = append(problems, fault.P("stage.no_list"))
	}
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return sampling.Frame{}, err
	}
	if lists, err = d.withoutDoubles(ctx, r.ID, lists); err != nil {
		return sampling.Frame{}, err
	}
	if r.Transactions != nil {
		return sampling.OfficeFrame(lists)
	}
	return sampling.PeopleFrame(lists)
}

// Drawn is one drawn person of a village, in drawn order.
type Drawn struct {
	Person sampling.Person
	Role   sampling.Role
	Order  int // in the village, from 1, the reserves after the others
}

// drawnIn are the drawn people of a village or office in drawn order, stratum after
// stratum, the reserves after the others.
func drawnIn(s sampling.Sample, village territory.Code) []sampling.Drawn {
	var main, reserves []sampling.Drawn
	for _, u := range s.Units {
		switch {
		case villageOf(s, u) != village:
		case u.Role == sampling.RoleReserve:
			reserves = append(reserves, u)
		default:
			main = append(main, u)
		}
	}
	return append(main, reserves...)
}

// VillageSample joins the drawn rows of a village with the people of its list.
func (d Desk) VillageSample(ctx context.Context, round survey.RoundID, village territory.Code) ([]Drawn, error) {
	sample, err := d.CurrentSample(ctx, round, People)
	if err != nil {
		return nil, err
	}
	list, err := d.currentList(ctx, round, village)
	if err != nil {
		return nil, err
	}
	people := make(map[string]sampling.Person, len(list.People))
	for _, p := range list.People {
		people[string(p.Key)] = p
	}
	var drawn []Drawn
	for i, u := range drawnIn(sample, village) {
		person, known := people[string(u.Key)]
		if !known {
			return nil, fault.New(fault.Conflict, "lists.changed")
		}
		drawn = append(drawn, Drawn{Person: person, Role: u.Role, Order: i + 1})
	}
	return drawn, nil
}

// HandOutList is VillageSample for somebody who takes the names away, which the
// audit record keeps: who had whose list, and when.
func (d Desk) HandOutList(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) ([]Drawn, error) {
	drawn, err := d.VillageSample(ctx, round, village)
	if err != nil {
		return nil, err
	}
	rec, err := d.record(ctx, by, account.ReadList, subject{round, village, []string{"people", strconv.Itoa(len(drawn))}})
	if err != nil {
		return nil, err
	}
	return drawn, d.Store.AddRecord(ctx, rec)
}
