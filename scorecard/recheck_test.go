package scorecard_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"hailong/sampling"
	"hailong/scorecard"
)

// Intervals by R's binom.test.
func TestARecheckIsPoorIfItsRateIsSurelyLowAndUnsureIfTooFewWereReached(t *testing.T) {
	for name, c := range map[string]struct {
		count     scorecard.RecheckCount
		rate, low float64
		verdict   scorecard.RecheckVerdict
	}{
		"nobody reached":             {scorecard.RecheckCount{Drawn: 3, Unreached: 2}, math.NaN(), math.NaN(), scorecard.RecheckNone},
		"three of three":             {scorecard.RecheckCount{Drawn: 3, Confirmed: 3}, 1, 0.292401773821, scorecard.RecheckUnsure},
		"seven of ten":               {scorecard.RecheckCount{Drawn: 12, Confirmed: 7, Denied: 2, ByOther: 1, Unreached: 1}, 0.7, 0.347547149940, scorecard.RecheckPoor},
		"58 of 60":                   {scorecard.RecheckCount{Drawn: 60, Confirmed: 58, Denied: 2}, 58. / 60, 0.884718955581, scorecard.RecheckGood},
		"the unreached do not count": {scorecard.RecheckCount{Drawn: 90, Confirmed: 58, Denied: 2, Unreached: 30}, 58. / 60, 0.884718955581, scorecard.RecheckGood},
	} {
		f := c.count.Figure()
		same := func(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-11 }
		if !same(float64(f.Rate), c.rate) || !same(float64(f.CI.Low), c.low) || f.Verdict != c.verdict {
			t.Errorf("%s: rate %v, from %v, %s; want %v, %v, %s", name, f.Rate, f.CI.Low, f.Verdict, c.rate, c.low, c.verdict)
		}
	}
}

func TestARecheckCountsTheLastResultOfEachAndAddsUp(t *testing.T) {
	a, b := scorecard.RecheckCount{Unit: "90001", Sheets: 40}, scorecard.RecheckCount{Unit: "90007", Sheets: 9}
	for _, r := range append([]sampling.RecheckResult{""}, sampling.RecheckResults...) {
		a.Add(r)
	}
	b.Add(sampling.RecheckConfirmed)
	sum := scorecard.RecheckTotal("90", []scorecard.RecheckCount{a, b})
	if want := (scorecard.RecheckCount{Unit: "90", Sheets: 49, Drawn: 6, Confirmed: 2, Denied: 1, ByOther: 1, Unreached: 1}); sum != want || sum.Pending() != 1 {
		t.Errorf("%+v, pending %d; want %+v and 1", sum, sum.Pending(), want)
	}
	raw, err := json.Marshal(scorecard.RecheckCount{Drawn: 1}.Figure())
	if err != nil || !strings.Contains(string(raw), `"rate":null`) {
		t.Errorf("%s, %v: an undefined rate is null", raw, err)
	}
}
