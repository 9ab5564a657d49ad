package conduct

import (
	"context"
	"maps"
	"math"
	"slices"

	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/stats"
	"hailong/survey"
	"hailong/territory"
)

// collected is what one pass over the answers of a round leaves.
type collected struct {
	tally    *stats.Tally
	roster   Roster
	answers  []sampling.Disposition // of the seats of the roster, "" for none
	people   map[survey.BallotID]sampledPerson
	sampled  map[territory.Code]*UnitOutcomes  // by commune
	communes map[[2]string]territory.Code      // by stratum and primary unit
	commune  map[territory.Code]territory.Code // of villages and offices
	apart    map[apartKey]*apartSums
	order    []apartKey
	names    map[territory.Code]string
	excluded int
}

// sampledPerson is who has a place in the sample, without a name: who it is was
// forgotten when the ballot ID was computed.
type sampledPerson struct {
	weight float64
	cell   stats.CellID
	seat   int
}

type apartKey struct {
	origin survey.Origin
	unit   territory.Code
}

type apartSums struct{ sheets, valid, satisfied int }

// collect reads the sample, then the answers, and fills in the domains.
func (d Desk) collect(ctx context.Context, r survey.Round, in *scorecard.Input) (*collected, error) {
	c := &collected{
		people:   make(map[survey.BallotID]sampledPerson),
		sampled:  make(map[territory.Code]*UnitOutcomes),
		communes: make(map[[2]string]territory.Code),
		commune:  make(map[territory.Code]territory.Code),
		apart:    make(map[apartKey]*apartSums),
		names:    make(map[territory.Code]string),
	}
	var err error
	if c.tally, err = in.Definition.NewTally(in.Questionnaire); err != nil {
		return nil, err
	}
	sheets, err := newSheets(in.Questionnaire)
	if err != nil {
		return nil, err
	}
	if err := d.collectSample(ctx, r, in, c); err != nil {
		return nil, err
	}
	items := c.tally.Items()
	for response, err := range d.Store.Responses(ctx, survey.RoundPrefix(r.ID)) {
		if err != nil {
			return nil, err
		}
		if response.Simulated != r.Simulated {
			return nil, fault.New(fault.Conflict, "edition.mixed")
		}
		if err := c.observe(response, in.Definition.Scores(items, response.Answers), sheets); err != nil {
			return nil, err
		}
	}
	for _, village := range c.roster.outcomes(c.answers) {
		c.sampled[c.commune[village.Unit]].add(village)
	}
	return c, nil
}

// collectSample makes a cell for every drawn village or group of people, answered
// or not, and computes the ballot of everybody who has a place.
func (d Desk) collectSample(ctx context.Context, r survey.Round, in *scorecard.Input, c *collected) error {
	units, err := d.Store.Units(ctx)
	if err != nil {
		return err
	}
	byCode := make(map[territory.Code]territory.Unit, len(units))
	for _, u := range units {
		byCode[u.Code] = u
		c.names[u.Code], c.commune[u.Code] = u.FullName(), u.Commune()
	}
	in.Province = domainOf(byCode[r.Unit])
	attempts, err := d.Store.Draws(ctx, r.ID)
	if err != nil {
		return err
	}
	if _, committed := Current(attempts, People); !committed {
		return nil // a round of counters only
	}
	if c.roster, err = d.roster(ctx, r.ID, ""); err != nil {
		return err
	}
	c.answers = make([]sampling.Disposition, len(c.roster.Seats))
	placed := placings(r, c.roster.Seats, func(u territory.Code) territory.Code { return c.commune[u] })
	for i, seat := range c.roster.Seats {
		commune, at := c.commune[seat.Village], placed[i]
		if c.sampled[commune] == nil {
			c.sampled[commune] = &UnitOutcomes{Unit: commune}
			in.Communes = append(in.Communes, domainOf(byCode[commune]))
		}
		place(in.Communes, commune, at)
		c.communes[[2]string{at.Stratum, at.PSU}] = commune
		cell, err := c.tally.Cell(stats.Key{Stratum: at.Stratum, PSU: at.PSU, SSU: at.SSU})
		if err != nil {
			return err
		}
		c.people[d.ballotOf(r.ID, seat.Village, seat.Sitting())] = sampledPerson{seat.Drawn.Weight, cell, i}
	}
	return nil
}

func domainOf(u territory.Unit) scorecard.Domain {
	return scorecard.Domain{Unit: u.Code, Level: u.Level, Name: u.FullName()}
}

// observe adds one answer sheet: to the tally if it is of somebody who has a place
// in the sample, apart if it came another way. A sheet without a rating is no
// answer, and so is one of somebody whose place a reserve took.
func (c *collected) observe(r survey.Response, scores []float64, sheets sheets) error {
	if r.Origin != survey.OriginSample {
		c.observeApart(r, scores)
		return nil
	}
	person, seated := c.people[r.ID]
	if !seated {
		c.excluded++
		return nil
	}
	c.answers[person.seat] = sheets.disposition(r.Answers)
	if c.answers[person.seat] == sampling.BrokenOff {
		return nil
	}
	return c.tally.Observe(person.cell, person.weight, scores)
}

func (c *collected) observeApart(r survey.Response, scores []float64) {
	key := apartKey{r.Origin, r.Unit}
	sums := c.apart[key]
	if sums == nil {
		sums = &apartSums{}
		c.apart[key] = sums
		c.order = append(c.order, key)
	}
	sums.sheets++
	for _, score := range scores {
		switch score {
		case 1:
			sums.satisfied++
			sums.valid++
		case 0:
			sums.valid++
		}
	}
}

// apartFigures are the plain shares of the answers that were not drawn. Fewer
// sheets than a public cell holds have no share: at a counter where two people
// answered, everybody there knows whose it is.
func (c *collected) apartFigures(minCell int) []scorecard.Apart {
	figures := make([]scorecard.Apart, 0, len(c.order))
	for _, key := range c.order {
		sums := c.apart[key]
		f := scorecard.Apart{Origin: key.origin, Unit: key.unit, Name: c.names[key.unit], N: sums.sheets, Satisfied: scorecard.Undefined()}
		if sums.valid > 0 && sums.sheets >= minCell {
			f.Satisfied = scorecard.Float(100 * float64(sums.satisfied) / float64(sums.valid))
		}
		figures = append(figures, f)
	}
	return figures
}

// fieldwork lists what became of the sample, the province first; it may leave only
// as scorecard.Disclose makes it.
func (c *collected) fieldwork(in scorecard.Input) []scorecard.Fieldwork {
	rows := []scorecard.Fieldwork{{}}
	var all UnitOutcomes
	for _, commune := range in.Communes {
		all.add(*c.sampled[commune.Unit])
		rows = append(rows, fieldworkOf(commune, *c.sampled[commune.Unit]))
	}
	rows[0] = fieldworkOf(in.Province, all)
	return rows
}

func fieldworkOf(domain scorecard.Domain, u UnitOutcomes) scorecard.Fieldwork {
	return scorecard.Fieldwork{
		Domain: domain, Sampled: u.Drawn, Answered: int(u.People.Respondents()), Substitutes: u.Substitutes,
		Outcomes: &scorecard.Outcomes{People: u.People, Weighted: u.Weighted},
	}
}

// publicTally adjusts the weights for nonresponse and merges small cells.
//
// Those who answered in a commune carry the estimated weight of all who are
// eligible there: factor = (Σ weight of the known eligible + e · Σ weight of those
// of whom nobody knows) / Σ weight of those who answered, with the commune's own
// weighted e. That is the adjustment for unknown eligibility followed by the one
// for nonresponse, both in the commune (Valliant, Dever and Kreuter 2018, ch. 13).
// The weight of communes in which nobody answered is shared by all others alike.
func (c *collected) publicTally(def scorecard.Definition) (*stats.Tally, error) {
	var whole UnitOutcomes
	communes := slices.Sorted(maps.Keys(c.sampled)) // in order: sums of floats depend on it
	for _, commune := range communes {
		whole.add(*c.sampled[commune])
	}
	var all, reached float64
	eligible := make(map[territory.Code]float64, len(communes))
	for _, commune := range communes {
		places := c.sampled[commune].Places
		eligible[commune] = places.Eligible(firstDefined(places.Eligibility(), whole.Places.Eligibility(), 1))
		all += eligible[commune]
		if places.Respondents() > 0 {
			reached += eligible[commune]
		}
	}
	adjusted, err := c.tally.Reweight(func(k stats.Key) float64 {
		commune := c.communes[[2]string{k.Stratum, k.PSU}]
		answered := c.sampled[commune].Places.Respondents()
		if answered == 0 {
			return 1 // its cells are empty
		}
		return eligible[commune] / answered * all / reached
	})
	if err != nil {
		return nil, err
	}
	return scorecard.PublicTally(adjusted, def.MinCell)
}

// firstDefined is the first of the numbers that is one.
func firstDefined(numbers ...float64) float64 {
	for _, x := range numbers {
		if !math.IsNaN(x) {
			return x
		}
	}
	return math.NaN()
}
