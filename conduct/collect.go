package conduct

import (
	"context"
	"fmt"
	"maps"
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
	people   map[survey.BallotID]sampledPerson
	sampled  map[territory.Code]*weighed  // by commune
	communes map[[2]string]territory.Code // by stratum and primary unit
	apart    map[apartKey]*apartSums
	order    []apartKey
	names    map[territory.Code]string
	excluded int
}

// sampledPerson is a drawn person without a name: who it is was forgotten when
// the ballot ID was computed.
type sampledPerson struct {
	weight  float64
	cell    stats.CellID
	commune territory.Code
}

// weighed counts the drawn people of a commune and those who answered, with
// their base weights.
type weighed struct {
	sampled, answered      int
	weight, answeredWeight float64
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
		sampled:  make(map[territory.Code]*weighed),
		communes: make(map[[2]string]territory.Code),
		apart:    make(map[apartKey]*apartSums),
		names:    make(map[territory.Code]string),
	}
	var err error
	if c.tally, err = in.Definition.NewTally(in.Questionnaire); err != nil {
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
		if err := c.observe(response, in.Definition.Scores(items, response.Answers)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// collectSample makes a cell for every drawn village, answered or not, and
// computes the ballot of everybody drawn.
func (d Desk) collectSample(ctx context.Context, r survey.Round, in *scorecard.Input, c *collected) error {
	units, err := d.Store.Units(ctx)
	if err != nil {
		return err
	}
	byCode := make(map[territory.Code]territory.Unit, len(units))
	for _, u := range units {
		byCode[u.Code] = u
		c.names[u.Code] = u.FullName()
	}
	in.Province = domainOf(byCode[r.Unit])
	sample, drawn, err := d.peopleSample(ctx, r.ID)
	if err != nil || !drawn {
		return err
	}
	for _, u := range sample.Units {
		if u.Role == sampling.RoleReserve {
			continue
		}
		village := villageOf(sample, u)
		commune := byCode[village].Parent
		if c.sampled[commune] == nil {
			c.sampled[commune] = &weighed{}
			in.Communes = append(in.Communes, domainOf(byCode[commune]))
		}
		at := placing(village, commune, u)
		place(in.Communes, commune, at)
		if err := c.addPerson(d.Keys, r.ID, drawnPerson{u, village, commune, at}); err != nil {
			return err
		}
	}
	return nil
}

func domainOf(u territory.Unit) scorecard.Domain {
	return scorecard.Domain{Unit: u.Code, Level: u.Level, Name: u.FullName()}
}

// groupOfPeople is how many drawn people make a primary unit where people are
// drawn directly.
const groupOfPeople = 10

// placing is where in the design a drawn person stands, in labels of villages
// and never of people. Below a commune taken with certainty villages are primary
// units; in a village that was itself taken with certainty there, people are,
// and ten of them in drawn order, which is random, make a group that stands for
// one (random groups: Wolter 2007, ch. 2).
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

// drawnPerson is a row of the sample with where it belongs.
type drawnPerson struct {
	sampling.Drawn
	village, commune territory.Code
	at               survey.Placing
}

func (c *collected) addPerson(keys survey.Keys, round survey.RoundID, p drawnPerson) error {
	cell, err := c.tally.Cell(stats.Key{Stratum: p.at.Stratum, PSU: p.at.PSU, SSU: p.at.SSU})
	if err != nil {
		return err
	}
	ballot := survey.Ballot{Round: round, Unit: p.village, Origin: survey.OriginSample, Nonce: keys.PersonNonce(round, string(p.Key))}
	c.people[ballot.ID()] = sampledPerson{p.Weight, cell, p.commune}
	c.communes[[2]string{p.at.Stratum, p.at.PSU}] = p.commune
	w := c.sampled[p.commune]
	w.sampled++
	w.weight += p.Weight
	return nil
}

// observe adds one answer sheet: to the tally if its ballot was drawn, apart if
// it came another way.
func (c *collected) observe(r survey.Response, scores []float64) error {
	if r.Origin != survey.OriginSample {
		c.observeApart(r, scores)
		return nil
	}
	person, drawn := c.people[r.ID]
	if !drawn {
		c.excluded++
		return nil
	}
	w := c.sampled[person.commune]
	w.answered++
	w.answeredWeight += person.weight
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

// fieldwork lists what became of the sample, the province first.
func (c *collected) fieldwork(in scorecard.Input) []scorecard.Fieldwork {
	rows := []scorecard.Fieldwork{{Domain: in.Province}}
	for _, commune := range in.Communes {
		w := c.sampled[commune.Unit]
		rows = append(rows, scorecard.Fieldwork{Domain: commune, Sampled: w.sampled, Answered: w.answered})
		rows[0].Sampled += w.sampled
		rows[0].Answered += w.answered
	}
	return rows
}

// publicTally adjusts the weights for nonresponse and merges small cells.
//
// Those who answered in a commune carry the weight of all who were drawn there:
// factor = Σ weight of the drawn / Σ weight of those who answered. The weight of
// communes in which nobody answered is shared by all others alike.
func (c *collected) publicTally(def scorecard.Definition) (*stats.Tally, error) {
	var all, reached float64
	for _, commune := range slices.Sorted(maps.Keys(c.sampled)) { // in order: sums of floats depend on it
		w := c.sampled[commune]
		all += w.weight
		if w.answered > 0 {
			reached += w.weight
		}
	}
	adjusted, err := c.tally.Reweight(func(k stats.Key) float64 {
		w := c.sampled[c.communes[[2]string{k.Stratum, k.PSU}]]
		if w.answered == 0 {
			return 1 // its cells are empty
		}
		return w.weight / w.answeredWeight * all / reached
	})
	if err != nil {
		return nil, err
	}
	return scorecard.PublicTally(adjusted, def.MinCell)
}
