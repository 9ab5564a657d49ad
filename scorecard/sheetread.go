package scorecard

import (
	"io"
	"maps"
	"slices"

	"hailong/fault"
	"hailong/territory"
)

// ReadSheet reads a score sheet. What makes it unusable is an error with the
// line (as the row) and the path within the JSON (as the column) of every
// problem; members that a sheet does not have are kept for Score to report.
func ReadSheet(in io.Reader) (Sheet, error) {
	root, err := readTree(in)
	if err != nil {
		return Sheet{}, err
	}
	r := &sheetReader{paths: map[CriterionPath]bool{}}
	s := r.sheet(r.open(root, ""))
	if err := fault.Of(fault.Invalid, r.problems); err != nil {
		return Sheet{}, err
	}
	s.noticed = r.problems
	return s, nil
}

// IsSheet reports whether a JSON file is meant as a score sheet: it has criteria.
func IsSheet(in io.Reader) (bool, error) {
	root, err := readTree(in)
	_, ok := root.member("criteria")
	return ok, err
}

// sheetReader turns nodes into the parts of a sheet and gathers problems.
type sheetReader struct {
	problems []fault.Problem
	paths    map[CriterionPath]bool
}

func (r *sheetReader) sheet(o *object) Sheet {
	s := Sheet{Title: o.text("title"), Stated: o.stated(append(slices.Clone(criterionTotals), TotalRank))}
	if unit, ok := o.object("unit"); ok {
		s.Unit = SheetUnit{Code: territory.Code(unit.text("code")), Name: unit.text("name")}
		unit.close()
	}
	if period, ok := o.object("period"); ok {
		s.Period = Period{Year: period.integer("year"), Kind: period.text("kind"), AsOf: period.date("as_of")}
		period.close()
	}
	for _, c := range o.objects("criteria") {
		s.Criteria = append(s.Criteria, r.criterion(c, ""))
	}
	o.need(len(s.Criteria) > 0, "criteria")
	for _, b := range o.objects("bands") {
		s.Bands = append(s.Bands, Band{Name: b.needText("name"), From: b.needNumber("from")})
		b.close()
	}
	o.distinct("bands", len(s.Bands), func(i int) Points { return s.Bands[i].From })
	o.close()
	return s
}

func (r *sheetReader) criterion(o *object, parent CriterionPath) Criterion {
	c := Criterion{ID: CriterionID(o.needText("id")), Name: o.text("name"), Stated: o.stated(criterionTotals), Line: o.line}
	path := parent.child(c.ID)
	if r.paths[path] && c.ID != "" {
		o.report(fault.P("sheet.criterion_twice", "criterion", string(path)), "id")
	}
	r.paths[path] = true
	for _, p := range o.objects("parts") {
		c.Parts = append(c.Parts, r.part(p))
	}
	for _, child := range o.objects("children") {
		c.Children = append(c.Children, r.criterion(child, path))
	}
	if len(c.Parts)+len(c.Children) == 0 {
		o.report(fault.P("sheet.empty_criterion", "criterion", string(path)), "")
	}
	o.close()
	return c
}

// child is the path of a criterion below this one.
func (p CriterionPath) child(id CriterionID) CriterionPath {
	if p == "" {
		return CriterionPath(id)
	}
	return p + "/" + CriterionPath(id)
}

func (r *sheetReader) part(o *object) Part {
	p := Part{Method: Method(o.needText("method")), Max: o.number("max"), Score: o.number("score"), Reason: o.text("reason"), Line: o.line}
	if !slices.Contains(methods, p.Method) && p.Method != "" {
		o.report(fault.P("sheet.method", "method", string(p.Method)), "method")
	}
	if p.Method == Appraisal || p.Method == BySurvey {
		o.need(p.Max.Given, "max")
	}
	if p.Max.Sign() < 0 {
		o.report(fault.P("sheet.negative", "member", "max"), "max")
	}
	if p.Method == BySurvey {
		r.surveyPart(o, &p)
	} else {
		p.Self, p.Forecast = o.number("self"), o.number("forecast")
	}
	o.close()
	return p
}

func (r *sheetReader) surveyPart(o *object, p *Part) {
	if rule, ok := o.object("rule"); ok {
		p.Rule = r.rule(rule)
	}
	from, ok := o.object("from")
	if !ok {
		return
	}
	p.From = &Source{Edition: from.needText("edition"), Unit: territory.Code(from.needText("unit")),
		Tier: Tier(from.needText("tier")), Code: from.needText("code"), Line: from.line}
	from.close()
	switch {
	case p.Rule == nil:
		o.need(false, "rule")
	case p.Rule.Kind == RuleOptions:
		o.report(fault.P("sheet.from_options"), "from")
	case p.Rule.Value.Given:
		o.report(fault.P("sheet.from_and_value"), "from")
	}
}

func (r *sheetReader) rule(o *object) *Rule {
	rule := Rule{Kind: RuleKind(o.needText("kind"))}
	switch rule.Kind {
	case RuleShare:
		rule.Value = o.number("value")
	case RuleBands:
		rule.Value = o.number("value")
		for _, b := range o.objects("bands") {
			rule.Bands = append(rule.Bands, PointBand{From: b.needNumber("from"), Points: b.needNumber("points")})
			b.close()
		}
		o.need(len(rule.Bands) > 0, "bands")
		o.distinct("bands", len(rule.Bands), func(i int) Points { return rule.Bands[i].From })
	case RuleOptions:
		rule.Percent, rule.Counts = o.amounts("percent"), o.amounts("counts")
		for _, option := range slices.Sorted(maps.Keys(rule.Counts)) {
			if _, ok := rule.Percent[option]; !ok {
				o.report(fault.P("sheet.option_without_percent", "option", option), "counts")
			}
		}
	case "":
	default:
		o.report(fault.P("sheet.rule_kind", "kind", string(rule.Kind)), "kind")
	}
	o.close()
	return &rule
}
