package sampling

import (
	"math"

	"hailong/fault"
)

// ranges collects what lies outside of its range.
type ranges []fault.Problem

// within demands low < x < high.
func (r *ranges) within(name string, x, low, high float64) {
	if !(x > low && x < high) {
		*r = append(*r, fault.P("size.range", "name", name, "value", x, "low", low, "high", high))
	}
}

// from demands low ≤ x ≤ high.
func (r *ranges) from(name string, x, low, high float64) {
	if !(x >= low && x <= high) {
		*r = append(*r, fault.P("size.range", "name", name, "value", x, "low", low, "high", high))
	}
}

// positive demands a finite number above 0.
func (r *ranges) positive(name string, x float64) { r.within(name, x, 0, math.MaxFloat64) }

func (in SizeInput) validate() error {
	var bad ranges
	switch in.Kind {
	case SizeProportion:
		bad.within("p", in.P, 0, 1)
		bad.within("margin", in.Margin, 0, 1)
	case SizeMean:
		bad.positive("sd", in.SD)
		bad.positive("margin", in.Margin)
	case SizeSlovin:
		bad.within("margin", in.Margin, 0, 1)
		bad.within("population", float64(in.Population), 0, math.MaxInt32)
	default:
		return fault.New(fault.Invalid, "size.kind", "kind", string(in.Kind))
	}
	if in.Kind != SizeSlovin {
		bad.within("confidence", in.Confidence, 0, 1)
		in.Conditions.check(&bad)
	}
	bad.response(in.Response)
	return fault.Of(fault.Invalid, bad)
}

func (r *ranges) response(rate float64) {
	if !(rate > 0 && rate <= 1) {
		r.within("response", rate, 0, 1)
	}
}

// check looks at the design effect and the population.
func (c Conditions) check(bad *ranges) {
	bad.positive("deff", c.DEff)
	bad.from("population", float64(c.Population), 0, math.MaxInt32)
	if c.Take != 0 {
		bad.from("take", c.Take, 1, math.MaxInt32)
		bad.within("rho", c.Rho, -1, 1)
		if c.Take >= 1 && 1+(c.Take-1)*c.Rho <= 0 {
			*bad = append(*bad, fault.P("size.rho", "rho", c.Rho, "take", c.Take))
		}
	} else if c.Rho != 0 {
		*bad = append(*bad, fault.P("size.take"))
	}
}

func (in ChangeInput) validate(detect bool) error {
	var bad ranges
	if in.SD == 0 {
		bad.within("p", in.P, 0, 1)
	} else {
		bad.positive("sd", in.SD)
	}
	switch {
	case detect && in.Population > 0:
		bad.within("n", float64(in.N), 0, float64(in.Population)/in.Response)
		bad.within("n·ratio", float64(in.N)*in.Ratio, 0, float64(in.Population)/in.Response)
	case detect:
		bad.within("n", float64(in.N), 0, math.MaxInt32)
	case in.SD == 0:
		bad.within("margin", in.Change, 0, 1)
	default:
		bad.positive("margin", in.Change)
	}
	bad.within("confidence", in.Confidence, 0, 1)
	bad.within("power", in.Power, 0, 1)
	bad.positive("ratio", in.Ratio)
	bad.from("overlap", in.Overlap, 0, 1)
	bad.from("correlation", in.Correlation, -1, 1)
	in.Conditions.check(&bad)
	bad.response(in.Response)
	if len(bad) == 0 {
		bad = append(bad, in.problems(detect)...)
	}
	return fault.Of(fault.Invalid, bad)
}

// problems are what is wrong between members that are right by themselves.
func (in ChangeInput) problems(detect bool) []fault.Problem {
	switch {
	case in.Overlap*in.Ratio > 1:
		return []fault.Problem{fault.P("size.overlap", "overlap", in.Overlap, "ratio", in.Ratio)}
	case in.Overlap == 0 && in.Correlation != 0:
		return []fault.Problem{fault.P("size.correlation")}
	case !detect && in.SD == 0 && in.second() < 0:
		return []fault.Problem{fault.P("size.change", "p", in.P, "margin", in.Change)}
	}
	return nil
}

func (in MarginInput) validate() error {
	var bad ranges
	bad.within("p", in.P, 0, 1)
	bad.within("confidence", in.Confidence, 0, 1)
	bad.positive("deff", in.DEff)
	bad.response(in.Response)
	before := 0.0
	for _, s := range in.Stages {
		bad.from("n", float64(s.N), 1, math.MaxInt32)
		if s.Of != 0 {
			bad.from("of", float64(s.Of), float64(s.N), math.MaxInt32)
		}
		bad.from("rho", s.Rho, before, 1)
		before = max(before, s.Rho)
	}
	if in.Costs != nil && len(in.Costs) != len(in.Stages)+1 {
		bad = append(bad, fault.P("size.costs", "costs", len(in.Costs), "stages", len(in.Stages)+1))
	}
	for _, cost := range in.Costs {
		bad.from("cost", cost, 0, math.MaxFloat64)
	}
	for _, c := range []struct{ member, column string }{{"people", in.People}, {"name", in.Name}} {
		if c.column != "" && !in.Frame.Has(c.column) {
			bad = append(bad, noColumn(c.member, c.column))
		}
	}
	return fault.Of(fault.Invalid, bad)
}

// StageOf is what a plan of a later stage says of errors. Error: size.stage_counts
// if it has no single n for every unit above.
func StageOf(p Plan) (NextStage, error) {
	if p.N.Each == 0 || p.N.By != nil || p.Reserve.By != nil {
		return NextStage{}, fault.New(fault.Invalid, "size.stage_counts", "plan", string(p.ID))
	}
	return NextStage{N: p.N.Each, Reserve: p.Reserve.Each}, nil
}
