package stats_test

import (
	"math"
	"testing"

	"hailong/fault"
	"hailong/stats"
)

func wantCode(t *testing.T, name string, err error, code string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want %s", name, code)
		return
	}
	if got := fault.ProblemsOf(err)[0].Code; got != code || fault.KindOf(err) != fault.Invalid {
		t.Errorf("%s: %v, want %s", name, err, code)
	}
}

func labels(name string, values ...string) stats.Labels { return stats.NewLabels(name, values) }

func numbers(name string, values ...float64) stats.Numbers {
	return stats.Numbers{Name: name, Values: values}
}

// fourRows is a sound design: two strata of two PSUs.
func fourRows() stats.DesignSpec {
	return stats.DesignSpec{
		Rows:    4,
		IDs:     []stats.Labels{labels("psu", "1", "2", "3", "4")},
		Strata:  []stats.Labels{labels("stratum", "a", "a", "b", "b")},
		Weights: []float64{1, 1, 2, 2},
		FPC:     []stats.Numbers{numbers("fpc", 10, 10, 20, 20)},
	}
}

func TestAmbiguousDesignsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*stats.DesignSpec)
		code   string
	}{
		"no rows":                     {func(s *stats.DesignSpec) { s.Rows = 0 }, "stats.no_rows"},
		"a column too short":          {func(s *stats.DesignSpec) { s.IDs[0] = labels("psu", "1") }, "stats.length"},
		"weights too short":           {func(s *stats.DesignSpec) { s.Weights = s.Weights[:3] }, "stats.length"},
		"a missing label":             {func(s *stats.DesignSpec) { s.IDs[0] = labels("psu", "1", "", "3", "4") }, "stats.label_missing"},
		"a missing weight":            {func(s *stats.DesignSpec) { s.Weights[2] = math.NaN() }, "stats.weight_invalid"},
		"a negative weight":           {func(s *stats.DesignSpec) { s.Weights[2] = -1 }, "stats.weight_invalid"},
		"no weight and no fpc":        {func(s *stats.DesignSpec) { s.Weights, s.FPC = nil, nil }, "stats.no_weights"},
		"a PSU in two strata":         {func(s *stats.DesignSpec) { s.IDs[0] = labels("psu", "1", "2", "1", "2") }, "stats.psu_in_two_strata"},
		"one PSU":                     {func(s *stats.DesignSpec) { s.IDs[0] = labels("psu", "1", "1", "1", "1"); s.Strata, s.FPC = nil, nil }, "stats.one_psu"},
		"a lonely PSU":                {func(s *stats.DesignSpec) { s.Strata[0] = labels("stratum", "a", "b", "b", "b"); s.FPC = nil }, "stats.lonely_psu"},
		"more strata than stages":     {func(s *stats.DesignSpec) { s.Strata = append(s.Strata, s.Strata[0]) }, "stats.strata_stages"},
		"fpc of another stage count":  {func(s *stats.DesignSpec) { s.FPC = append(s.FPC, s.FPC[0]) }, "stats.fpc_stages"},
		"a size below 1 among sizes":  {func(s *stats.DesignSpec) { s.FPC[0] = numbers("fpc", 10, 10, 0.1, 0.1) }, "stats.fpc_mixed"},
		"a size of 0":                 {func(s *stats.DesignSpec) { s.FPC[0] = numbers("fpc", 10, 10, 0, 0) }, "stats.fpc_invalid"},
		"a missing size":              {func(s *stats.DesignSpec) { s.FPC[0] = numbers("fpc", 10, 10, math.NaN(), 20) }, "stats.fpc_invalid"},
		"a size that varies":          {func(s *stats.DesignSpec) { s.FPC[0] = numbers("fpc", 10, 10, 20, 21) }, "stats.fpc_varies"},
		"fewer in population":         {func(s *stats.DesignSpec) { s.FPC[0] = numbers("fpc", 10, 10, 1, 1) }, "stats.fpc_too_small"},
		"pps without probabilities":   {func(s *stats.DesignSpec) { s.PPS, s.FPC = stats.PPSBrewer, nil }, "stats.pps_without_fpc"},
		"pps with sizes":              {func(s *stats.DesignSpec) { s.PPS = stats.PPSBrewer }, "stats.pps_needs_probabilities"},
		"ht without joint":            {func(s *stats.DesignSpec) { s.PPS = stats.PPSHorvitzThompson }, "stats.pps_joint"},
		"joint without ht":            {func(s *stats.DesignSpec) { s.Joint = []stats.JointProbability{{I: 0, J: 1, P: 0.1}} }, "stats.pps_joint"},
		"a pair without probability":  {func(s *stats.DesignSpec) { ht(s, stats.JointProbability{I: 0, J: 1, P: 0.01}) }, "stats.joint_missing"},
		"a pair more likely than one": {func(s *stats.DesignSpec) { ht(s, stats.JointProbability{I: 0, J: 1, P: 0.3}) }, "stats.joint_invalid"},
		"yg in two stages": {func(s *stats.DesignSpec) {
			s.PPS = stats.PPSHartleyRao
			s.IDs = append(s.IDs, s.IDs[0])
			s.FPC = append(s.FPC, s.FPC[0])
		}, "stats.pps_stages"},
		"an infinite weight from fpc": {func(s *stats.DesignSpec) {
			s.Weights = nil
			s.FPC[0] = numbers("fpc", 10, 10, math.Inf(1), math.Inf(1))
		}, "stats.weight_invalid"},
		"a stratum label left missing": {func(s *stats.DesignSpec) { s.Strata[0] = labels("stratum", "a", "a", "", "b") }, "stats.label_missing"},
	} {
		spec := fourRows()
		c.change(&spec)
		_, err := stats.NewDesign(spec)
		wantCode(t, name, err, c.code)
	}
}

// ht asks for the Horvitz-Thompson variance with π = 0.2 and some joint probabilities.
func ht(s *stats.DesignSpec, joint ...stats.JointProbability) {
	s.PPS, s.Joint = stats.PPSHorvitzThompson, joint
	s.FPC[0] = numbers("pi", 0.2, 0.2, 0.2, 0.2)
}

func TestPSULabelsMayRepeatAcrossStrataIfNested(t *testing.T) {
	spec := fourRows()
	spec.IDs[0] = labels("psu", "1", "2", "1", "2")
	spec.Nest = true
	nested := mustDesign(t, spec)
	plain := mustDesign(t, fourRows())
	y := numbers("y", 3, 5, 2, 9)
	a, _ := nested.Estimate(nested.Mean(y, nested.All()))
	b, _ := plain.Estimate(plain.Mean(y, plain.All()))
	if a != b || a.DF != 2 {
		t.Errorf("nested %+v, plain %+v", a, b)
	}
}

func TestFractionsAndSizesAreTheSame(t *testing.T) {
	sizes, fractions := fourRows(), fourRows()
	sizes.Weights, fractions.Weights = nil, nil
	fractions.FPC[0] = numbers("fpc", 0.2, 0.2, 0.1, 0.1)
	a, b := mustDesign(t, sizes), mustDesign(t, fractions)
	y := numbers("y", 3, 5, 2, 9)
	x, _ := a.Estimate(a.Total(y, a.All()))
	z, _ := b.Estimate(b.Total(y, b.All()))
	if !near(x.Value, 150, 1e-12) || !near(x.Value, z.Value, 1e-12) || !near(x.SE, z.SE, 1e-12) {
		t.Errorf("from sizes %+v, from fractions %+v; total want 5*8 + 10*11", x, z)
	}
}

func TestAFullyEnumeratedLonelyPSUIsNoProblem(t *testing.T) {
	spec := fourRows()
	spec.Strata[0] = labels("stratum", "a", "b", "b", "b")
	spec.FPC[0] = numbers("fpc", 1, 20, 20, 20)
	mustDesign(t, spec)
}

func TestTheProblemNamesRowAndColumn(t *testing.T) {
	spec := fourRows()
	spec.FPC[0] = numbers("fpc", 10, 10, 20, 21)
	_, err := stats.NewDesign(spec)
	if p := fault.ProblemsOf(err)[0]; p.Place.Row != 4 || p.Place.Column != "fpc" {
		t.Errorf("place %+v, want row 4, column fpc", p.Place)
	}
}
