package scorecard

import (
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
	"hailong/survey"
)

// confidence is the level of every published interval.
const confidence = 0.95

// Structure is the index of a questionnaire under a definition: its ratings are
// the items, their groups the elements, and the parents of these the parts.
func (d Definition) Structure(q survey.Questionnaire) stats.Index {
	index := stats.Index{Overall: d.Overall, Share: true}
	parent := make(map[survey.GroupID]survey.GroupID, len(q.Groups))
	for _, g := range q.Groups {
		parent[g.ID] = g.Parent
	}
	for _, code := range q.Ratings() {
		question, _ := q.Question(code)
		index.Items = append(index.Items, string(code))
		if question.Group == "" {
			continue
		}
		var added bool
		if index.Groups, added = join(index.Groups, string(question.Group), string(code)); added && parent[question.Group] != "" {
			index.Parts, _ = join(index.Parts, string(parent[question.Group]), string(question.Group))
		}
	}
	return index
}

// join adds a member to the composite of the id, which it makes if it is new.
func join(composites []stats.Composite, id, member string) (out []stats.Composite, added bool) {
	for i := range composites {
		if composites[i].ID == id {
			composites[i].Of = append(composites[i].Of, member)
			return composites, false
		}
	}
	return append(composites, stats.Composite{ID: id, Of: []string{member}}), true
}

// NewTally makes the empty tally of a definition and a questionnaire.
func (d Definition) NewTally(q survey.Questionnaire) (*stats.Tally, error) {
	index := d.Structure(q)
	return stats.NewTally(index.Items, index.Sets())
}

// Scores turns answers into the scores of the items: 1 for a satisfied answer,
// 0 for another valid one, NaN for none.
func (d Definition) Scores(items []string, answers survey.Answers) []float64 {
	scores := make([]float64, len(items))
	for i, item := range items {
		value := answers.First(survey.QuestionCode(item))
		switch {
		case slices.Contains(d.Satisfied, value):
			scores[i] = 1
		case slices.Contains(d.Valid, value):
			scores[i] = 0
		default:
			scores[i] = math.NaN()
		}
	}
	return scores
}

// Input is everything that the figures of an edition are computed from.
type Input struct {
	Definition    Definition
	Questionnaire survey.Questionnaire
	Tally         *stats.Tally // the public one: small cells are merged
	Province      Domain
	Communes      []Domain // those of the sample, in the order of the report
}

// Figures computes the figures of the province and of every commune. The
// province uses the whole design; a commune uses the design that is left when
// the commune is given (its villages are the primary units), since from the
// main design the error of a commune that is itself a primary unit would come
// out as 0. Figures are withheld by the definition's limits.
func Figures(in Input) ([]Figure, error) {
	index := in.Definition.Structure(in.Questionnaire)
	figures, err := in.domain(in.Tally, index, in.Province)
	if err != nil {
		return nil, err
	}
	for _, commune := range in.Communes {
		alone, err := in.Tally.Regroup(commune.alone())
		if err != nil {
			return nil, err
		}
		rows, err := in.domain(alone, index, commune)
		if err != nil {
			return nil, err
		}
		figures = append(figures, rows...)
	}
	return figures, nil
}

// alone keeps the cells of a commune. One that is a primary unit becomes the
// stratum of its villages; one taken with certainty consists of strata of its
// own already. A commune that was joined to another to keep cells from being
// small has no cells of its own.
func (d Domain) alone() func(stats.Key) (stats.Key, bool) {
	return func(k stats.Key) (stats.Key, bool) {
		switch {
		case !slices.Contains(d.Strata, k.Stratum) || d.PSU != "" && k.PSU != d.PSU:
			return stats.Key{}, false
		case d.PSU != "":
			return stats.Key{Stratum: string(d.Unit), PSU: k.SSU}, true
		}
		return stats.Key{Stratum: k.Stratum, PSU: k.PSU}, true
	}
}

// domain estimates the index of one tally. Strata with one PSU are centred at
// the mean of all, which overstates rather than hides their variance.
func (in Input) domain(tally *stats.Tally, index stats.Index, domain Domain) ([]Figure, error) {
	if len(tally.Cells()) == 0 {
		return []Figure{in.empty(domain)}, nil
	}
	estimator, err := tally.Estimator(stats.LonelyAdjust)
	if err != nil {
		return nil, err
	}
	result, err := estimator.Index(index, estimator.All())
	if err != nil {
		return nil, err
	}
	psus := countPSUs(tally)
	figures := make([]Figure, len(result.Rows))
	for i, row := range result.Rows {
		figures[i] = in.figure(domain, row, psus)
	}
	slices.SortStableFunc(figures, func(a, b Figure) int { return tierOrder(a.Tier) - tierOrder(b.Tier) })
	return figures, nil
}

// empty is the one figure of a domain without cells of its own: of the province
// if nobody was drawn or answered, of a commune if its cells were joined to a
// neighbour's.
func (in Input) empty(domain Domain) Figure {
	reason := "edition.no_answers"
	if domain.Unit != in.Province.Unit {
		reason = "edition.joined"
	}
	return Figure{Domain: domain, Tier: TierOverall, Code: string(TierOverall),
		Value: Undefined(), SE: Undefined(), Deff: Undefined(), T: undefinedInterval, Logit: undefinedInterval,
		Publication: Withheld, Reasons: []string{reason}}
}

var undefinedInterval = Interval{Undefined(), Undefined()}

var tiers = []Tier{TierOverall, TierPart, TierGroup, TierItem}

func tierOrder(t Tier) int { return slices.Index(tiers, t) }

// countPSUs counts the units that answered.
func countPSUs(t *stats.Tally) int {
	seen := map[[2]string]bool{}
	for _, c := range t.Cells() {
		if c.All.N > 0 {
			seen[[2]string{c.Key.Stratum, c.Key.PSU}] = true
		}
	}
	return len(seen)
}

// figure completes a row with its publication state; a withheld figure loses
// every number but its counts.
func (in Input) figure(domain Domain, row stats.Row, psus int) Figure {
	t, logit := row.CI(confidence), row.ShareInterval(stats.IntervalLogit, confidence)
	f := Figure{
		Domain: domain, Tier: Tier(row.Level), Code: row.Label, N: row.N, PSUs: psus,
		Value: Float(row.Value), SE: Float(row.SE), DF: row.DF, Deff: Float(row.Deff),
		T: Interval{Float(t.Low), Float(t.High)}, Logit: Interval{Float(logit.Low), Float(logit.High)},
	}
	f.Publication, f.Reasons = in.Definition.Limits.judge(f)
	if f.Publication == Withheld {
		f.Value, f.SE, f.Deff, f.T, f.Logit = Undefined(), Undefined(), Undefined(), undefinedInterval, undefinedInterval
	}
	return f
}

// judge applies the publication rule.
func (l Limits) judge(f Figure) (Publication, []string) {
	var withheld []string
	if f.N < l.MinN {
		withheld = append(withheld, "edition.few_answers")
	}
	if f.PSUs < l.MinPSUs {
		withheld = append(withheld, "edition.few_villages")
	}
	if !f.Value.Defined() || !f.SE.Defined() {
		withheld = append(withheld, "edition.not_estimable")
	}
	if exceeds(f.cv(), l.WithholdCV) {
		withheld = append(withheld, "edition.unreliable")
	}
	if len(withheld) > 0 {
		return Withheld, withheld
	}
	var warned []string
	if f.SE > l.MaxSE || exceeds(f.cv(), l.MaxCV) {
		warned = append(warned, "edition.imprecise")
	}
	if exceeds(f.Deff, l.MaxDeff) {
		warned = append(warned, "edition.clustered")
	}
	if f.DF < l.MinDF {
		warned = append(warned, "edition.few_degrees")
	}
	if len(warned) > 0 {
		return Warned, warned
	}
	return Published, nil
}

// exceeds compares with a limit, of which 0 is none.
func exceeds(value, limit Float) bool { return limit > 0 && value > limit }

// cv is the coefficient of variation.
func (f Figure) cv() Float { return f.SE / f.Value }

// Validate reports an input that figures cannot be computed from.
func (in Input) Validate() error {
	problems := in.Definition.Validate()
	if len(in.Questionnaire.Ratings()) == 0 {
		problems = append(problems, fault.P("edition.no_items"))
	}
	if in.Definition.Overall == stats.MeanOfParts && len(in.Definition.Structure(in.Questionnaire).Parts) == 0 {
		problems = append(problems, fault.P("edition.no_parts"))
	}
	return fault.Of(fault.Invalid, problems)
}
