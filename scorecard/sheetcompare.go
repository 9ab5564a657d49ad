package scorecard

import (
	"hailong/fault"
)

// Change is the difference to the sheet before. Points, percent and max are
// now − before; rank is before − now, so that a better rank is a positive
// change.
type Change struct {
	Points  Points  `json:"points"`
	Percent *Points `json:"percent"`
	Max     Points  `json:"max"` // other than 0 means: compare the percentages
	Rank    *int    `json:"rank"`
}

// Standing is the place among all units that have the criterion, this one
// included. Units with equal points share the better rank.
type Standing struct {
	Rank    int    `json:"rank"`
	Of      int    `json:"of"`
	Average Points `json:"average"` // plain mean of the units' points
}

// Comparison is what a sheet is compared with; either may be absent.
type Comparison struct {
	Previous *Sheet
	// Peers are sheets of other units. Those of the sheet's year and kind are
	// ranked with it, those of the previous sheet's with that one.
	Peers []Sheet
}

// Result is a sheet, added up and compared.
type Result struct {
	Title        string            `json:"title"`
	Unit         SheetUnit         `json:"unit"`
	Period       Period            `json:"period"`
	Overall      Totals            `json:"overall"`
	Methods      []MethodTotals    `json:"methods"`
	Criteria     []CriterionResult `json:"criteria"`
	BelowMax     []CriterionPath   `json:"below_max"`     // with open points
	Fell         []CriterionPath   `json:"fell"`          // fewer points than before
	BelowAverage []CriterionPath   `json:"below_average"` // fewer points than the mean of all units
	Problems     []fault.Problem   `json:"problems"`      // what does not fit, never mended
}

// Score adds up a sheet and compares it. Sums are exact. What does not fit
// (points above a maximum, figures that do not add up) is reported in the
// result and changes nothing; an error means that no comparison is possible.
func Score(s Sheet, with Comparison) (Result, error) {
	now := addUp(s)
	problems := now.problems
	var before *scored
	if with.Previous != nil {
		b := addUp(*with.Previous)
		before = &b
		problems = append(problems, b.problems...)
		if !s.Unit.is(with.Previous.Unit) {
			problems = append(problems, fault.P("sheet.previous_unit", "unit", s.Unit.label(), "other", with.Previous.Unit.label()).
				Warn().At(fault.Place{File: with.Previous.File}))
		}
	}
	peers, err := groupPeers(now, before, with.Peers)
	if err != nil {
		return Result{}, err
	}
	problems = append(problems, peers.problems...)
	if len(with.Peers) > 0 {
		now.stand(peers.now)
	}
	if before != nil {
		if len(peers.before) > 0 { // else the rank that it states counts
			before.stand(peers.before)
		}
		now.compare(*before)
	}
	problems = append(problems, now.compareRank()...)
	return now.result(with, problems), nil
}

func (u SheetUnit) is(o SheetUnit) bool {
	if u.Code != "" || o.Code != "" {
		return u.Code == o.Code
	}
	return u.Name == o.Name
}

func (u SheetUnit) label() string {
	if u.Code == "" || u.Name == "" {
		return u.Name + string(u.Code)
	}
	return u.Name + " (" + string(u.Code) + ")"
}

// same reports whether sheets of the two periods can be ranked together: year
// and kind are equal where both are given.
func (p Period) same(o Period) bool {
	return (p.Year == o.Year || p.Year == 0 || o.Year == 0) && (p.Kind == o.Kind || p.Kind == "" || o.Kind == "")
}

// each visits the totals of the whole (with an empty path) and of every
// criterion, in the order of the sheet.
func (s *scored) each(visit func(CriterionPath, *Totals)) {
	visit("", &s.overall)
	eachCriterion(s.criteria, visit)
}

func eachCriterion(criteria []CriterionResult, visit func(CriterionPath, *Totals)) {
	for i := range criteria {
		visit(criteria[i].path, &criteria[i].Totals)
		eachCriterion(criteria[i].Children, visit)
	}
}

// totals is an index of the figures by path.
func (s *scored) totals() map[CriterionPath]Totals {
	all := map[CriterionPath]Totals{}
	s.each(func(path CriterionPath, t *Totals) { all[path] = *t })
	return all
}

// compare adds the changes since the sheet before.
func (s *scored) compare(before scored) {
	old := before.totals()
	s.each(func(path CriterionPath, t *Totals) {
		o, ok := old[path]
		if !ok {
			return
		}
		t.Change = &Change{Points: t.Score.Sub(o.Score), Percent: difference(t.Percent, o.Percent), Max: t.Max.Sub(o.Max)}
		if t.Standing != nil && o.Standing != nil {
			t.Change.Rank = climbed(o.Standing.Rank, t.Standing.Rank)
		}
	})
	if rank, ok := s.rank(); ok && s.overall.Change.Rank == nil {
		if was, ok := before.rank(); ok {
			s.overall.Change.Rank = climbed(was, rank)
		}
	}
	for i, m := range s.methods {
		for _, o := range before.methods {
			if o.Method == m.Method {
				s.methods[i].Change = &Change{Points: m.Score.Sub(o.Score), Percent: difference(m.Percent, o.Percent), Max: m.Max.Sub(o.Max)}
			}
		}
	}
}

func difference(a, b *Points) *Points {
	if a == nil || b == nil {
		return nil
	}
	d := a.Sub(*b)
	return &d
}

func climbed(before, now int) *int {
	change := before - now
	return &change
}

// rank is the computed rank of the whole or, without peers, the stated one.
func (s *scored) rank() (int, bool) {
	if s.overall.Standing != nil {
		return s.overall.Standing.Rank, true
	}
	n, ok := stated(s.sheet.Stated, TotalRank)
	return int(n.Float()), ok
}

// compareRank reports a stated rank that is not the computed one.
func (s *scored) compareRank() []fault.Problem {
	n, ok := stated(s.sheet.Stated, TotalRank)
	if !ok || s.overall.Standing == nil || n.Cmp(WholePoints(int64(s.overall.Standing.Rank))) == 0 {
		return nil
	}
	p := fault.P("sheet.stated_rank", "stated", n.Float(), "computed", s.overall.Standing.Rank, "of", s.overall.Standing.Of)
	return []fault.Problem{p.Warn().At(fault.Place{File: s.sheet.File, Row: n.Line, Column: string(TotalRank)})}
}

// result assembles what is printed.
func (s *scored) result(with Comparison, problems []fault.Problem) Result {
	out := Result{Title: s.sheet.Title, Unit: s.sheet.Unit, Period: s.sheet.Period, Overall: s.overall, Methods: s.methods,
		Criteria: s.criteria, BelowMax: []CriterionPath{}, Problems: problems}
	if with.Previous != nil {
		out.Fell = []CriterionPath{}
	}
	if s.overall.Standing != nil {
		out.BelowAverage = []CriterionPath{}
	}
	eachCriterion(s.criteria, func(path CriterionPath, t *Totals) {
		if t.Open.Sign() > 0 {
			out.BelowMax = append(out.BelowMax, path)
		}
		if t.Change != nil && t.Change.Points.Sign() < 0 {
			out.Fell = append(out.Fell, path)
		}
		if t.Standing != nil && t.Score.Cmp(t.Average) < 0 {
			out.BelowAverage = append(out.BelowAverage, path)
		}
	})
	return out
}
