package conduct

import (
	"context"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Adults is the share of adults among all inhabitants with where it comes from.
// The zero value is none: nobody but the reader can state it.
type Adults struct {
	Share  sampling.AdultShare `json:"adult_share,omitempty"`
	Source string              `json:"adult_share_source,omitempty"`
}

// ListReport says how much of the population the lists of a round hold, and
// which of them differ from the others, from census figures, or from the people
// drawn of them or answering.
type ListReport struct {
	Adults
	Census   *CensusHead         `json:"census,omitempty"`
	Villages []sampling.Coverage `json:"villages,omitempty"`
	Communes []sampling.Coverage `json:"communes,omitempty"` // over their villages with a list and a population
	Alpha    float64             `json:"alpha"`              // chance that honest lists flag anything
	Findings []sampling.Finding  `json:"findings"`
}

// CheckLists reports on the current lists of the drawn villages. Without a share
// of adults coverage is left out, without census figures the comparison with
// them. Lists of people with a transaction have neither (picked.offices). Who answered is worked out with the key and only counts leave this method.
func (d Desk) CheckLists(ctx context.Context, round survey.RoundID, adults Adults) (ListReport, error) {
	report := ListReport{Adults: adults, Alpha: sampling.DefaultAlpha, Findings: []sampling.Finding{}}
	if r, err := d.Store.Round(ctx, round); err != nil {
		return report, err
	} else if r.Transactions != nil {
		return report, fault.New(fault.Conflict, "picked.offices")
	}
	villages, err := d.Listed(ctx, round)
	if err != nil {
		return report, err
	}
	slices.SortFunc(villages, func(a, b territory.Unit) int { return strings.Compare(string(a.Code), string(b.Code)) })
	in := sampling.PickedInput{Year: d.Clock().Year()}
	listed, err := d.readLists(ctx, round, villages, &in)
	if err != nil {
		return report, err
	}
	if report.Census, err = d.readPyramids(ctx, round, listed, &in); err != nil {
		return report, err
	}
	if in.Drawn, err = d.drawnPeople(ctx, round); err != nil {
		return report, err
	}
	if in.Answered, err = d.answeredPeople(ctx, round, in); err != nil {
		return report, err
	}
	report.Findings = append(report.Findings, sampling.FindPicked(in)...)
	if adults.Share == 0 {
		return report, nil
	}
	return report, report.cover(listed, in.Lists)
}

// readLists reads the lists that count and returns their villages.
func (d Desk) readLists(ctx context.Context, round survey.RoundID, villages []territory.Unit, in *sampling.PickedInput) ([]territory.Unit, error) {
	current, err := d.CurrentLists(ctx, round)
	if err != nil {
		return nil, err
	}
	var listed []territory.Unit
	for _, u := range villages {
		head, ok := current[u.Code]
		if !ok {
			continue
		}
		list, err := d.Store.List(ctx, head)
		if err != nil {
			return nil, err
		}
		in.Lists, listed = append(in.Lists, list), append(listed, u)
	}
	return listed, nil
}

// readPyramids reads the census figures of the villages; nil if none were given.
func (d Desk) readPyramids(ctx context.Context, round survey.RoundID, villages []territory.Unit, in *sampling.PickedInput) (*CensusHead, error) {
	census, err := d.Store.Census(ctx, round)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	tree, err := d.tree(ctx)
	if err != nil {
		return nil, err
	}
	in.Pyramids = census.pyramids(tree, villages)
	return &census.CensusHead, nil
}

// answeredPeople are the drawn people who answered, nil before the draw.
func (d Desk) answeredPeople(ctx context.Context, round survey.RoundID, in sampling.PickedInput) (map[sampling.PersonKey]bool, error) {
	if in.Drawn == nil {
		return nil, nil
	}
	keys := make(map[sampling.PersonKey]bool)
	for _, l := range in.Lists {
		answered, err := d.answered(ctx, round, l.Village)
		if err != nil {
			return nil, err
		}
		for _, p := range l.People {
			if in.Drawn[p.Key] && answered(p.Key) {
				keys[p.Key] = true
			}
		}
	}
	return keys, nil
}

// drawnPeople are the keys of all who were drawn, nil before the draw.
func (d Desk) drawnPeople(ctx context.Context, round survey.RoundID) (map[sampling.PersonKey]bool, error) {
	attempts, err := d.Store.Draws(ctx, round)
	if err != nil {
		return nil, err
	}
	if last, _ := Current(attempts, People); !last.Done() {
		return nil, nil
	}
	sample, err := d.sampleOf(ctx, attempts, People)
	if err != nil {
		return nil, err
	}
	keys := make(map[sampling.PersonKey]bool, len(sample.Units))
	for _, u := range sample.Units {
		keys[sampling.PersonKey(u.Key)] = true
	}
	return keys, nil
}

// cover compares lists with the populations of their villages, and of the
// communes as far as both are known.
func (r *ListReport) cover(villages []territory.Unit, lists []sampling.List) error {
	type sum struct {
		listed     int
		population int64
	}
	communes := map[territory.Code]sum{}
	var order []territory.Code
	for i, u := range villages {
		c, err := sampling.CoverageOf(u.Code, len(lists[i].People), u.Population, r.Share)
		if err != nil {
			return err
		}
		r.Villages = append(r.Villages, c)
		s, known := communes[u.Commune()]
		if !known {
			order = append(order, u.Commune())
		}
		if u.Population > 0 {
			s = sum{s.listed + c.Listed, s.population + u.Population}
		}
		communes[u.Commune()] = s
	}
	for _, code := range order {
		c, err := sampling.CoverageOf(code, communes[code].listed, communes[code].population, r.Share)
		if err != nil {
			return err
		}
		r.Communes = append(r.Communes, c)
	}
	return nil
}
