package scorecard

import (
	"iter"
	"slices"

	"hailong/fault"
)

// Editions lists the files that survey parts take their values from, each
// once, as the sheet writes them.
func (s Sheet) Editions() []string {
	var files []string
	for p := range partsOf(s.Criteria) {
		if p.From != nil && !slices.Contains(files, p.From.Edition) {
			files = append(files, p.From.Edition)
		}
	}
	return files
}

// partsOf goes through the parts of criteria and all below them.
func partsOf(criteria []Criterion) iter.Seq[Part] {
	return func(yield func(Part) bool) { eachPart(criteria, yield) }
}

func eachPart(criteria []Criterion, yield func(Part) bool) bool {
	for _, c := range criteria {
		for _, p := range c.Parts {
			if !yield(p) {
				return false
			}
		}
		if !eachPart(c.Children, yield) {
			return false
		}
	}
	return true
}

// FillIn returns the sheet with the values that its survey parts take from
// editions, given by the names of Editions. A figure of simulated answers, of
// an open round, or withheld gives no points: that is an error, by name.
func (s Sheet) FillIn(editions map[string]Edition) (Sheet, error) {
	var problems []fault.Problem
	s.Criteria = fillIn(s.Criteria, editions, &problems)
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return Sheet{}, fault.InFile(err, s.File)
	}
	return s, nil
}

func fillIn(criteria []Criterion, editions map[string]Edition, problems *[]fault.Problem) []Criterion {
	filled := slices.Clone(criteria)
	for i, c := range filled {
		filled[i].Children = fillIn(c.Children, editions, problems)
		filled[i].Parts = slices.Clone(c.Parts)
		for j, p := range c.Parts {
			if p.From == nil {
				continue
			}
			if err := filled[i].Parts[j].take(editions[p.From.Edition]); err != nil {
				*problems = append(*problems, *err)
			}
		}
	}
	return filled
}

// take gives the part's rule the value of the figure that the part names.
func (p *Part) take(e Edition) *fault.Problem {
	figure, problem := p.From.figure(e)
	if problem != nil {
		return problem
	}
	rule := *p.Rule
	rule.Value = Number{Points: decimal(float64(figure.Value)), Given: true, Line: p.From.Line}
	p.Rule, p.figure = &rule, figure
	return nil
}

// figure takes the figure from its edition. Only a published figure of a
// finished round of real answers can give points.
func (s Source) figure(e Edition) (*SurveyFigure, *fault.Problem) {
	refuse := func(p fault.Problem) (*SurveyFigure, *fault.Problem) {
		p = p.AtRow(s.Line, "from")
		return nil, &p
	}
	f, found := e.Find(s.Unit, s.Tier, s.Code)
	switch {
	case e.Simulated:
		return refuse(fault.P("sheet.edition_simulated", "edition", s.Edition, "round", string(e.Round)))
	case e.Interim:
		return refuse(fault.P("sheet.edition_interim", "edition", s.Edition, "round", string(e.Round)))
	case !found:
		return refuse(fault.P("sheet.figure_unknown", "edition", s.Edition, "unit", string(s.Unit), "tier", string(s.Tier), "figure", s.Code))
	case f.Publication != Published && f.Publication != Warned, !f.Value.Defined():
		return refuse(fault.P("sheet.figure_withheld", "edition", s.Edition, "unit", string(s.Unit), "figure", s.Code))
	}
	return &SurveyFigure{Value: f.Value, N: f.N, SE: f.SE, Interval: f.Logit, Unit: s.Unit, Tier: s.Tier, Code: s.Code,
		Publication: f.Publication, Round: e.Round, Edition: e.Number, Formula: e.Formula, InputDigest: e.InputDigest}, nil
}
