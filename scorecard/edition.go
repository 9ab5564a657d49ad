// Package scorecard turns answers into published figures: index definitions
// (formulas as versioned data), editions (immutable, numbered results with the
// digest of their input) and the score sheets that editions feed.
//
// Nothing here reads a clock, draws a random number or touches a file: the same
// input gives the same edition, byte for byte.
package scorecard

import (
	"encoding/json"
	"math"
	"time"

	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Float is a float64 that may be undefined: NaN in memory, null in JSON.
type Float float64

// MarshalJSON writes NaN and infinities as null.
func (f Float) MarshalJSON() ([]byte, error) {
	if !f.Defined() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// UnmarshalJSON reads null as NaN.
func (f *Float) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		*f = Float(math.NaN())
		return nil
	}
	return json.Unmarshal(raw, (*float64)(f))
}

// Defined reports whether there is a value.
func (f Float) Defined() bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }

// Undefined is the Float of what cannot be estimated.
func Undefined() Float { return Float(math.NaN()) }

// Tier is the level of a figure in the index.
type Tier string

// The tiers, from the whole to its smallest part.
const (
	TierOverall Tier = "overall"
	TierPart    Tier = "part"
	TierGroup   Tier = "group" // element
	TierItem    Tier = "item"
)

// Publication says whether a figure may leave the house.
type Publication string

// The publication states.
const (
	Published Publication = "published"
	Warned    Publication = "warned"   // published with a warning about its precision
	Withheld  Publication = "withheld" // too few answers or villages; no figure is shown
)

// Interval is a lower and an upper bound.
type Interval struct {
	Low  Float `json:"low"`
	High Float `json:"high"`
}

// Domain is the part of the population that a figure is about. A commune also
// names its cells in the public tally, so that its figures can be computed
// again: the primary unit PSU of a stratum or, for a commune that was taken with
// certainty, whole strata. For the province both are empty.
type Domain struct {
	Unit   territory.Code  `json:"unit"`
	Level  territory.Level `json:"level"`
	Name   string          `json:"name"`
	Strata []string        `json:"strata,omitempty"`
	PSU    string          `json:"psu,omitempty"`
}

// Figure is one estimate of an edition. Values are percentages, 0 to 100. A
// withheld figure keeps N and its reasons and has no value.
type Figure struct {
	Domain      Domain      `json:"domain"`
	Tier        Tier        `json:"tier"`
	Code        string      `json:"code"` // item, group or part; "overall" for the whole
	N           int         `json:"n"`    // valid answers
	PSUs        int         `json:"psus"`
	Value       Float       `json:"value"`
	SE          Float       `json:"se"`
	DF          int         `json:"df"`
	T           Interval    `json:"t_interval"`     // value ± t·SE, uncut
	Logit       Interval    `json:"logit_interval"` // the published interval
	Deff        Float       `json:"deff"`
	Publication Publication `json:"publication"`
	Reasons     []string    `json:"reasons,omitempty"` // codes, such as "edition.few_villages"
}

// Apart is what an origin outside the probability sample answered: a plain
// share of the people who happened to answer, without error or weight.
type Apart struct {
	Origin    survey.Origin  `json:"origin"`
	Unit      territory.Code `json:"unit"`
	Name      string         `json:"name"`
	N         int            `json:"n"`         // answer sheets
	Satisfied Float          `json:"satisfied"` // % of valid rating answers
}

// Fieldwork is what became of the drawn people of a unit.
type Fieldwork struct {
	Domain      Domain    `json:"domain"`
	Sampled     int       `json:"sampled"`  // drawn people
	Answered    int       `json:"answered"` // of them and of the reserves who replaced some
	Substitutes int       `json:"substitutes,omitempty"`
	Outcomes    *Outcomes `json:"outcomes,omitempty"` // of the province alone; see Disclose
}

// Outcomes are the final dispositions of everybody who was drawn or replaced
// somebody: as numbers of people, and as sums of base weights. Categories that are
// told as one sum are NaN in both, null in JSON.
type Outcomes struct {
	People   sampling.Outcomes `json:"people"`
	Weighted sampling.Outcomes `json:"weighted"`
	Joined   *Joined           `json:"joined,omitempty"` // nil if every category is told
}

// Joined is the sum of the categories that Disclose does not tell apart.
type Joined struct {
	Of       []sampling.Category `json:"of"`
	People   float64             `json:"people"`
	Weighted float64             `json:"weighted"`
}

// Sum is everybody.
func (o Outcomes) Sum() float64 {
	if o.Joined == nil {
		return o.People.Sum()
	}
	sum := o.Joined.People
	for _, c := range sampling.Categories {
		if n := o.People.Of(c); !math.IsNaN(n) {
			sum += n
		}
	}
	return sum
}

// Rates are the outcome rates in people and in base weights, each with its own e.
// Where categories are joined only RR1 and RR2 are known; they then count as eligible
// whoever is in the joined sum, which makes them lower by the part of those who are
// not.
func (o Outcomes) Rates() (people, weighted sampling.Rates) {
	if o.Joined == nil {
		return o.People.Rates(o.People.Eligibility()), o.Weighted.Rates(o.Weighted.Eligibility())
	}
	return o.Joined.rates(o.People, o.Joined.People), o.Joined.rates(o.Weighted, o.Joined.Weighted)
}

// rates puts the sum of the joined categories in their place as people of whom
// nothing is known.
func (j Joined) rates(o sampling.Outcomes, sum float64) sampling.Rates {
	for _, c := range j.Of {
		o.Set(c, 0)
	}
	o.Add(sampling.Unknown, sum)
	known, rates := o.Rates(math.NaN()), sampling.Outcomes{}.Rates(math.NaN())
	rates.RR[0], rates.RR[1] = known.RR[0], known.RR[1]
	return rates
}

// Rate is the response rate as a percentage. With outcomes it is AAPOR's RR2, answers
// over everybody who is not known to be outside of the population (see
// Outcomes.Rates). Without, as for communes, it is answers over everybody who was
// given a place; undefined for nobody.
func (f Fieldwork) Rate() Float {
	switch {
	case f.Outcomes != nil:
		people, _ := f.Outcomes.Rates()
		return Float(100 * people.RR[1])
	case f.Sampled+f.Substitutes == 0:
		return Undefined()
	}
	return Float(100 * float64(f.Answered) / float64(f.Sampled+f.Substitutes))
}

// Population is whom an edition's figures are about: the adults who live in the
// province or, with a period, those who had a transaction in it at the one-stop
// offices from which people were drawn.
type Population struct {
	Transactions *survey.Period `json:"transactions,omitempty"`
	Offices      int            `json:"offices,omitempty"`  // that the draw could reach
	Communes     int            `json:"communes,omitempty"` // of the province
}

// Statement says in a sentence which population it is.
func (p Population) Statement() fault.Problem {
	if p.Transactions == nil {
		return fault.P("population.residents")
	}
	return fault.P("population.transactions", "from", p.Transactions.From.Shown(), "to", p.Transactions.To.Shown(), "offices", p.Offices, "communes", p.Communes)
}

// Edition is one immutable, numbered result of a round.
type Edition struct {
	Round         survey.RoundID    `json:"round"`
	Number        int               `json:"number"`
	Simulated     bool              `json:"simulated"`
	Interim       bool              `json:"interim"` // computed while answers could still arrive
	Title         survey.Labels     `json:"title"`
	Asker         string            `json:"asker"`
	Formula       Ref               `json:"formula"`
	FormulaDigest string            `json:"formula_digest"`
	Questionnaire survey.Ref        `json:"questionnaire"`
	Population    Population        `json:"population,omitzero"`
	InputDigest   string            `json:"input_digest"` // of the public tally file
	Receipts      []string          `json:"receipts"`     // digests of the draw receipts, first stage first
	Design        []string          `json:"design"`       // codes that describe design and weighting, for the reader
	Program       string            `json:"program"`
	ComputedAt    time.Time         `json:"computed_at"`
	ComputedBy    string            `json:"computed_by"`
	Fieldwork     []Fieldwork       `json:"fieldwork"` // the province first, then its communes
	Figures       []Figure          `json:"figures"`
	Communes      []CommuneStanding `json:"communes,omitempty"` // compared by their overall figures
	Apart         []Apart           `json:"apart,omitempty"`
	Withdrawn     int               `json:"withdrawn"` // answers erased at their giver's wish
	Excluded      int               `json:"excluded"`  // answers whose ballot is of nobody in the sample
}

// Find returns the figure of a unit, a tier and a code.
func (e Edition) Find(unit territory.Code, tier Tier, code string) (Figure, bool) {
	for _, f := range e.Figures {
		if f.Domain.Unit == unit && f.Tier == tier && f.Code == code {
			return f, true
		}
	}
	return Figure{}, false
}
