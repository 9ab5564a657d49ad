package scorecard

import (
	"hailong/survey"
	"hailong/territory"
)

// RuleKind is how the result of a survey becomes points.
type RuleKind string

// The kinds of rule.
const (
	RuleShare   RuleKind = "share"   // value, a percentage, of the maximum
	RuleOptions RuleKind = "options" // each answer earns a percentage of the maximum; their mean counts
	RuleBands   RuleKind = "bands"   // the points of the highest band that the value reaches
)

// Rule turns the result of a survey into points. Without a value, or without
// a single answer counted, the points are pending.
type Rule struct {
	Kind    RuleKind
	Value   Number            // for share and bands
	Percent map[string]Points // by option, of the maximum
	Counts  map[string]Points // answers by option
	Bands   []PointBand
}

// PointBand gives points from a value on.
type PointBand struct {
	From   Points
	Points Points
}

// points applies the rule to a maximum; known is false while there is no value.
func (r *Rule) points(whole Points) (p Points, known bool) {
	switch {
	case r == nil:
		return Points{}, false
	case r.Kind == RuleOptions:
		return r.meanOfOptions(whole)
	case !r.Value.Given:
		return Points{}, false
	case r.Kind == RuleBands:
		return r.bandPoints(), true
	}
	return whole.Times(r.Value.Points).Per(WholePoints(100)), true
}

// meanOfOptions is whole · Σ count·percent / (100 · Σ count).
func (r *Rule) meanOfOptions(whole Points) (Points, bool) {
	var sum, counted Points
	for option, count := range r.Counts {
		sum = sum.Add(count.Times(r.Percent[option]))
		counted = counted.Add(count)
	}
	if counted.Sign() == 0 {
		return Points{}, false
	}
	return whole.Times(sum).Per(counted.Times(WholePoints(100))), true
}

// bandPoints is 0 below all bands.
func (r *Rule) bandPoints() Points {
	var best *PointBand
	for i, b := range r.Bands {
		if b.From.Cmp(r.Value.Points) <= 0 && (best == nil || b.From.Cmp(best.From) > 0) {
			best = &r.Bands[i]
		}
	}
	if best == nil {
		return Points{}
	}
	return best.Points
}

// Source names the figure of an edition that gives a rule its value.
type Source struct {
	Edition string         // the edition's file, as the sheet writes it
	Unit    territory.Code // of the figure
	Tier    Tier
	Code    string // item, group or part; "overall" for the whole
	Line    int
}

// SurveyFigure is a figure of an edition with what is needed to judge it and
// to compute it again.
type SurveyFigure struct {
	Value       Float          `json:"value"` // percent
	N           int            `json:"n"`
	SE          Float          `json:"se"`
	Interval    Interval       `json:"logit_interval"`
	Unit        territory.Code `json:"unit"`
	Tier        Tier           `json:"tier"`
	Code        string         `json:"code"`
	Publication Publication    `json:"publication"`
	Round       survey.RoundID `json:"round"`
	Edition     int            `json:"edition"`
	Formula     Ref            `json:"formula"`
	InputDigest string         `json:"input_digest"`
}
