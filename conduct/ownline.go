package conduct

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// OwnLine is what one person is given to check that the list which was drawn
// from held them: their line, the salt that opens their seal, and where the seal
// stands in the public frame.
type OwnLine struct {
	Person sampling.Person
	Line   sampling.PersonalLine
	Seal   sampling.Seal
	Draw   Draw // whose frame holds the seal
	Row    int  // of frame.csv, whose header is row 1
	Order  int  // in the village's list
}

// FindPeople returns the people of a village's list whose names hold a text,
// whatever its case and marks of tone; at most limit of them.
func (d Desk) FindPeople(ctx context.Context, round survey.RoundID, village territory.Code, name string, limit int) ([]sampling.Person, error) {
	list, err := d.currentList(ctx, round, village)
	if err != nil {
		return nil, err
	}
	wanted := territory.Plain(name)
	var found []sampling.Person
	for _, p := range list.People {
		if len(found) < limit && strings.Contains(territory.Plain(p.Name), wanted) {
			found = append(found, p)
		}
	}
	return found, nil
}

func (d Desk) currentList(ctx context.Context, round survey.RoundID, village territory.Code) (sampling.List, error) {
	heads, err := d.Store.ListHeads(ctx, round, village)
	if err != nil {
		return sampling.List{}, err
	}
	if len(heads) == 0 {
		return sampling.List{}, d.noList(ctx, round, village)
	}
	return d.Store.List(ctx, heads[len(heads)-1])
}

// noList says why a unit has no list: nobody handed one in, or the round needs none of
// it, since it was not drawn.
func (d Desk) noList(ctx context.Context, round survey.RoundID, unit territory.Code) error {
	listed, err := d.Listed(ctx, round)
	if err == nil && !slices.ContainsFunc(listed, func(u territory.Unit) bool { return u.Code == unit }) {
		return fault.New(fault.NotFound, "lists.not_drawn", "village", string(unit))
	}
	return fault.New(fault.NotFound, "lists.none")
}

// HandOutLine is the line of one person of a village, for the person themselves,
// who asks for it; the record keeps who handed it out. The frame of people must
// be committed to (stage.not_committed), and the line must open its seal: if it
// does not, the list was changed after it was sealed (lists.changed).
func (d Desk) HandOutLine(ctx context.Context, by account.User, round survey.RoundID, village territory.Code, key sampling.PersonKey) (OwnLine, error) {
	attempts, err := d.Store.Draws(ctx, round)
	if err != nil {
		return OwnLine{}, err
	}
	own := OwnLine{}
	var committed bool
	if own.Draw, committed = Current(attempts, People); !committed {
		return OwnLine{}, fault.New(fault.Conflict, "stage.not_committed")
	}
	list, err := d.currentList(ctx, round, village)
	if err != nil {
		return OwnLine{}, err
	}
	if !own.find(list, key) {
		return OwnLine{}, fault.New(fault.NotFound, "draw.no_person", "key", string(key))
	}
	if err := d.findSeal(ctx, &own); err != nil {
		return OwnLine{}, err
	}
	rec, err := d.record(ctx, by, account.HandOutLine, subject{round, village, []string{"key", string(key)}})
	if err != nil {
		return OwnLine{}, err
	}
	return own, d.Store.AddRecord(ctx, rec)
}

func (o *OwnLine) find(list sampling.List, key sampling.PersonKey) bool {
	for i, p := range list.People {
		if p.Key == key {
			o.Person, o.Order, o.Line = p, i+1, p.Line(list.Village)
			o.Seal = sampling.SealOf(p.Salt, o.Line)
			return true
		}
	}
	return false
}

// findSeal finds the row of the committed frame that holds the person's seal.
func (d Desk) findSeal(ctx context.Context, o *OwnLine) error {
	raw, err := d.readBlob(ctx, o.Draw.Frame)
	if err != nil {
		return err
	}
	frame, err := sampling.ReadFrame(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if sampling.CheckSeal(frame, o.Person.Key, o.Person.Salt, o.Line) != nil {
		return fault.New(fault.Conflict, "lists.changed")
	}
	for i := range frame.Len() {
		if frame.Value(i, "key") == string(o.Person.Key) {
			o.Row = i + 2
		}
	}
	return nil
}
