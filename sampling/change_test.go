package sampling_test

import (
	"math"
	"testing"

	"hailong/sampling"
)

// comparing is a comparison of two independent rounds of equal size.
func comparing(p, change float64) sampling.ChangeInput {
	return sampling.ChangeInput{P: p, Change: change, Ratio: 1, Confidence: 0.95, Power: 0.8,
		Conditions: sampling.Conditions{DEff: 1, Response: 1}}
}

// Expected values by R 4.2.2: power.prop.test(p1=, p2=, power=)$n for equal
// independent rounds; the others from the formula, with
// n <- function(p1, p2, k, P, r, zb) { pb <- (p1 + k*p2)/(1 + k)
//
//	(qnorm(.975)*sqrt(pb*(1-pb)*(1 + 1/k - 2*P*r)) +
//	 zb*sqrt(p1*(1-p1) + p2*(1-p2)/k - 2*P*r*sqrt(p1*(1-p1)*p2*(1-p2))))^2/(p2 - p1)^2 }
func TestSizesForAChangeAreRs(t *testing.T) {
	for _, c := range []struct {
		p, change, power, ratio, overlap, correlation, want float64
		second                                              int
	}{
		{0.80, 0.04, 0.8, 1, 0, 0, 1446.93881449258, 1447},
		{0.84, 0.03, 0.9, 1, 0, 0, 2892.71739841881, 2893},
		{0.84, 0.03, 0.9, 2, 0, 0, 2155.8601069626, 4312},
		{0.84, 0.03, 0.9, 1, 0.5, 0.6, 2026.17409225642, 2027},
		{0.80, -0.05, 0.8, 0.5, 0.8, 0.4, 1279.56952245343, 640},
	} {
		in := comparing(c.p, c.change)
		in.Power, in.Ratio, in.Overlap, in.Correlation = c.power, c.ratio, c.overlap, c.correlation
		if c.change < 0 { // a fall from p is a rise from 1 − p
			in.P, in.Change = 1-c.p, -c.change
		}
		r, err := sampling.SizeForChange(in)
		if err != nil || math.Abs(r.Steps[3].Value/c.want-1) > 1e-9 || r.N != int(math.Ceil(c.want)) || r.Second != c.second {
			t.Errorf("%+v: %+v (%v), want %v", c, r, err, c.want)
		}
	}
}

// (z + zβ)²·s²·(2 − 2·0.5·0.6)/e² for s = 20, e = 2: 7.848880·400·1.4/4.
func TestSizeForAChangeOfAMean(t *testing.T) {
	in := comparing(0, 2)
	in.SD, in.Overlap, in.Correlation = 20, 0.5, 0.6
	r, err := sampling.SizeForChange(in)
	if err != nil || math.Abs(r.Steps[2].Value/1098.84316280887-1) > 1e-9 || r.N != 1099 {
		t.Errorf("%+v, %v", r, err)
	}
}

// R 4.2.2: power.prop.test(n=, p1=, power=, sig.level=, tol=1e-12)$p2.
func TestDetectableChangesAreRs(t *testing.T) {
	for _, c := range []struct {
		n                           int
		p, power, confidence, want2 float64
	}{
		{1447, 0.8, 0.8, 0.95, 0.83999919011066},
		{500, 0.84, 0.9, 0.90, 0.901930473469086},
	} {
		in := comparing(c.p, 0)
		in.N, in.Power, in.Confidence = c.n, c.power, c.confidence
		r, err := sampling.DetectableChange(in)
		if err != nil || math.Abs(c.p+r.Rise-c.want2) > 1e-9 {
			t.Errorf("%+v: %+v (%v)", c, r, err)
		}
	}
}

// What a size is calculated for is what that size detects, under every condition.
func TestDetectableChangeUndoesTheSize(t *testing.T) {
	for name, change := range map[string]func(*sampling.ChangeInput){
		"plain":      func(*sampling.ChangeInput) {},
		"unequal":    func(in *sampling.ChangeInput) { in.Ratio = 2 },
		"overlap":    func(in *sampling.ChangeInput) { in.Overlap, in.Correlation = 0.5, 0.6 },
		"clusters":   func(in *sampling.ChangeInput) { in.Take, in.Rho, in.DEff = 21, 0.04, 1.1 },
		"response":   func(in *sampling.ChangeInput) { in.Response = 0.7 },
		"population": func(in *sampling.ChangeInput) { in.Population = 9000 },
		"mean":       func(in *sampling.ChangeInput) { in.SD, in.Change, in.Population, in.Overlap = 20, 0.9, 90_000, 0.2 },
		"all": func(in *sampling.ChangeInput) {
			in.Overlap, in.Correlation, in.Take, in.Rho, in.Response, in.Population = 0.3, 0.5, 11, 0.05, 0.8, 50_000
		},
	} {
		in := comparing(0.8, 0.03)
		change(&in)
		size, err := sampling.SizeForChange(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		in.N = size.N
		r, err := sampling.DetectableChange(in)
		if err != nil || r.Rise > in.Change || r.Rise < in.Change*0.998 {
			t.Errorf("%s: %d people a round detect %v (%v), want %v and hardly less", name, size.N, r.Rise, err, in.Change)
		}
	}
}

// From 0.98 on, 20 people a round find no rise at all.
func TestAChangeThatCannotBeDetectedIsUndefined(t *testing.T) {
	in := comparing(0.98, 0)
	in.N = 20
	r, err := sampling.DetectableChange(in)
	if err != nil || !math.IsNaN(r.Rise) || !(r.Fall > 0.2 && r.Fall < 0.5) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestComparisonsOutOfRangeAreRefused(t *testing.T) {
	for want, change := range map[string]func(*sampling.ChangeInput){
		"size.change":           func(in *sampling.ChangeInput) { in.P, in.Change = 0.5, 0.6 },
		"size.overlap":          func(in *sampling.ChangeInput) { in.Overlap, in.Ratio = 0.8, 2 },
		"size.correlation":      func(in *sampling.ChangeInput) { in.Correlation = 0.5 },
		"size.range size.range": func(in *sampling.ChangeInput) { in.Power, in.Ratio = 1, 0 },
		"size.range":            func(in *sampling.ChangeInput) { in.Overlap = 1.1 },
		"size.huge":             func(in *sampling.ChangeInput) { in.Change = 1e-8 },
	} {
		in := comparing(0.8, 0.03)
		change(&in)
		if _, err := sampling.SizeForChange(in); codes(err) != want {
			t.Errorf("%+v: %v, want %q", in, err, want)
		}
	}
	in := comparing(0.8, 0)
	in.N, in.Population = 900, 800
	if _, err := sampling.DetectableChange(in); codes(err) != "size.range size.range" {
		t.Errorf("more people than there are: %v", err)
	}
}
