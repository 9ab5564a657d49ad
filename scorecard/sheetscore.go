package scorecard

import (
	"cmp"
	"slices"

	"hailong/fault"
)

// Totals are the figures of a criterion, or of a whole sheet.
type Totals struct {
	Self             *Points `json:"self"` // unknown where a part was not self-scored
	Score            Points  `json:"score"`
	Max              Points  `json:"max"`
	MaxWithoutSurvey Points  `json:"max_without_survey"`     // max − pending_survey
	PendingSurvey    Points  `json:"pending_survey"`         // maxima of the survey parts without a value
	Forecast         Points  `json:"forecast"`               // without the pending survey points
	Open             Points  `json:"open"`                   // max_without_survey − score
	Lost             Points  `json:"lost"`                   // max_without_survey − forecast
	Percent          *Points `json:"percent"`                // 100·score/max
	PercentDecided   *Points `json:"percent_without_survey"` // 100·score/max_without_survey
	Class            *string `json:"class"`                  // by percent
	Reasons          []Loss  `json:"reasons"`                // one a part that loses points
	Change           *Change `json:"change,omitempty"`
	*Standing

	self                   Points // sum of those given
	selfGiven, selfMissing bool
}

// Loss is what a part is forecast to miss, and why.
type Loss struct {
	Criterion CriterionPath `json:"criterion"`
	Method    Method        `json:"method"`
	Points    Points        `json:"points"`
	Reason    string        `json:"reason"`
}

// PartResult is a part with its points. A penalty's are negative.
type PartResult struct {
	Method   Method        `json:"method"`
	Max      *Points       `json:"max"`
	Self     *Points       `json:"self"`
	Score    Points        `json:"score"`
	Forecast Points        `json:"forecast"`
	Pending  bool          `json:"pending"` // a survey without a value yet
	Lost     Points        `json:"lost"`
	Reason   string        `json:"reason,omitempty"`
	Survey   *SurveyFigure `json:"survey,omitempty"` // where the value came from an edition
}

// CriterionResult is a criterion with its figures.
type CriterionResult struct {
	ID   CriterionID `json:"id"`
	Name string      `json:"name"`
	Totals
	Parts    []PartResult      `json:"parts"`
	Children []CriterionResult `json:"children"`

	path CriterionPath
}

// MethodTotals are the figures of all parts of one method.
type MethodTotals struct {
	Method  Method  `json:"method"`
	Score   Points  `json:"score"`
	Max     Points  `json:"max"`
	Pending Points  `json:"pending"` // of max, for which no value is known yet
	Percent *Points `json:"percent"` // 100·score/(max − pending)
	Change  *Change `json:"change,omitempty"`
}

// scorer adds up one sheet and gathers what does not fit.
type scorer struct {
	sheet    Sheet
	methods  map[Method]*MethodTotals
	problems []fault.Problem
}

// scored is a sheet that was added up.
type scored struct {
	sheet    Sheet
	overall  Totals
	criteria []CriterionResult
	methods  []MethodTotals
	problems []fault.Problem
}

func addUp(s Sheet) scored {
	sc := scorer{sheet: s, methods: map[Method]*MethodTotals{}, problems: slices.Clone(s.noticed)}
	out := scored{sheet: s, criteria: []CriterionResult{}}
	for _, c := range s.Criteria {
		result := sc.criterion(c, "")
		out.overall.add(result.Totals)
		out.criteria = append(out.criteria, result)
	}
	out.overall.finish(s.Bands)
	sc.compareStated("", s.Stated, out.overall)
	for _, m := range methods {
		if t := sc.methods[m]; t != nil {
			t.Percent = t.Score.PercentOf(t.Max.Sub(t.Pending))
			out.methods = append(out.methods, *t)
		}
	}
	for i := range sc.problems {
		sc.problems[i].Place.File = s.File
	}
	slices.SortStableFunc(sc.problems, func(a, b fault.Problem) int { return cmp.Compare(a.Place.Row, b.Place.Row) })
	out.problems = sc.problems
	return out
}

func (sc *scorer) criterion(c Criterion, parent CriterionPath) CriterionResult {
	out := CriterionResult{ID: c.ID, Name: c.Name, path: parent.child(c.ID), Parts: []PartResult{}, Children: []CriterionResult{}}
	for _, p := range c.Parts {
		part := p.result()
		out.Totals.addPart(out.path, part)
		out.Parts = append(out.Parts, part)
		sc.addMethod(part)
		sc.check(out.path, p, part)
	}
	for _, child := range c.Children {
		result := sc.criterion(child, out.path)
		out.Totals.add(result.Totals)
		out.Children = append(out.Children, result)
	}
	out.finish(sc.sheet.Bands)
	sc.compareStated(out.path, c.Stated, out.Totals)
	return out
}

// result gives the points of a part.
func (p Part) result() PartResult {
	out := PartResult{Method: p.Method, Score: p.Score.Points, Self: p.Self.given(), Max: p.Max.given(), Reason: p.Reason, Survey: p.figure}
	if p.Method == BySurvey {
		points, known := p.Rule.points(p.Max.Points)
		if known {
			out.Score = points
		}
		out.Pending = !known && !p.Score.Given
	}
	out.Forecast = out.Score
	if p.Forecast.Given {
		out.Forecast = p.Forecast.Points
	}
	if p.Method == Penalty {
		out.takeOff()
	}
	if !out.Pending {
		out.Lost = out.counted().Sub(out.Forecast)
	}
	return out
}

// given is the number, or nil where there is none.
func (n Number) given() *Points {
	if !n.Given {
		return nil
	}
	return &n.Points
}

// takeOff makes the points of a penalty negative; a sheet writes them with or
// without the sign.
func (p *PartResult) takeOff() {
	p.Score, p.Forecast = Points{}.Sub(p.Score.Abs()), Points{}.Sub(p.Forecast.Abs())
	if p.Self != nil {
		self := Points{}.Sub(p.Self.Abs())
		p.Self = &self
	}
}

// counted is what a part adds to the maximum.
func (p PartResult) counted() Points {
	if p.Max == nil || p.Method == Penalty {
		return Points{}
	}
	return *p.Max
}

// addPart adds the points of a part.
func (t *Totals) addPart(path CriterionPath, p PartResult) {
	part := Totals{Score: p.Score, Max: p.counted(), Forecast: p.Forecast, selfMissing: p.Self == nil && p.Method != BySurvey}
	if p.Self != nil {
		part.self, part.selfGiven = *p.Self, true
	}
	if p.Pending {
		part.PendingSurvey = part.Max
	}
	if p.Lost.Sign() > 0 {
		part.Reasons = []Loss{{path, p.Method, p.Lost, p.Reason}}
	}
	t.add(part)
}

// add adds the sums of a part or of a child.
func (t *Totals) add(o Totals) {
	t.Score, t.Max = t.Score.Add(o.Score), t.Max.Add(o.Max)
	t.PendingSurvey, t.Forecast = t.PendingSurvey.Add(o.PendingSurvey), t.Forecast.Add(o.Forecast)
	t.Reasons = append(t.Reasons, o.Reasons...)
	t.self, t.selfGiven, t.selfMissing = t.self.Add(o.self), t.selfGiven || o.selfGiven, t.selfMissing || o.selfMissing
}

// finish computes what follows from the sums.
func (t *Totals) finish(bands []Band) {
	t.MaxWithoutSurvey = t.Max.Sub(t.PendingSurvey)
	t.Open, t.Lost = t.MaxWithoutSurvey.Sub(t.Score), t.MaxWithoutSurvey.Sub(t.Forecast)
	t.Percent = t.Score.PercentOf(t.Max)
	t.PercentDecided = t.Score.PercentOf(t.MaxWithoutSurvey)
	t.Class = classOf(bands, t.Percent)
	if t.selfGiven && !t.selfMissing {
		t.Self = &t.self
	}
	if t.Reasons == nil {
		t.Reasons = []Loss{}
	}
}

// addMethod adds a part to the sums of its method.
func (sc *scorer) addMethod(p PartResult) {
	t := sc.methods[p.Method]
	if t == nil {
		t = &MethodTotals{Method: p.Method}
		sc.methods[p.Method] = t
	}
	t.Score, t.Max = t.Score.Add(p.Score), t.Max.Add(p.counted())
	if p.Pending {
		t.Pending = t.Pending.Add(p.counted())
	}
}
