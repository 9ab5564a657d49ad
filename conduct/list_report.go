package conduct

import (
	"context"
	"slices"
	"strings"

	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// ListReport says how much of the population the lists of a round hold, and
// which of them differ from the others.
type ListReport struct {
	Share    sampling.AdultShare `json:"adult_share,omitempty"`
	Villages []sampling.Coverage `json:"villages,omitempty"`
	Communes []sampling.Coverage `json:"communes,omitempty"` // over their villages with a list and a population
	Alpha    float64             `json:"alpha"`              // chance that honest lists flag anything
	Findings []sampling.Finding  `json:"findings"`
}

// CheckLists reports on the current lists of the drawn villages. Without a share
// of adults, which nobody but the reader can state, coverage is left out.
func (d Desk) CheckLists(ctx context.Context, round survey.RoundID, share sampling.AdultShare) (ListReport, error) {
	report := ListReport{Share: share, Alpha: sampling.DefaultAlpha}
	villages, err := d.DrawnVillages(ctx, round)
	if err != nil {
		return report, err
	}
	slices.SortFunc(villages, func(a, b territory.Unit) int { return strings.Compare(string(a.Code), string(b.Code)) })
	current, err := d.CurrentLists(ctx, round)
	if err != nil {
		return report, err
	}
	in := sampling.PickedInput{Year: d.Clock().Year()}
	var listed []territory.Unit
	for _, u := range villages {
		head, ok := current[u.Code]
		if !ok {
			continue
		}
		list, err := d.Store.List(ctx, head)
		if err != nil {
			return report, err
		}
		in.Lists, listed = append(in.Lists, list), append(listed, u)
	}
	if in.Drawn, err = d.drawnPeople(ctx, round); err != nil {
		return report, err
	}
	report.Findings = sampling.FindPicked(in)
	if share == 0 {
		return report, nil
	}
	return report, report.cover(listed, in.Lists)
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
		s, known := communes[u.Parent]
		if !known {
			order = append(order, u.Parent)
		}
		if u.Population > 0 {
			s = sum{s.listed + c.Listed, s.population + u.Population}
		}
		communes[u.Parent] = s
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
