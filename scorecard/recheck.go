package scorecard

import (
	"math"

	"hailong/sampling"
	"hailong/stats"
	"hailong/territory"
)

// The limits of a re-check's verdict, shares of those reached.
const (
	recheckTrust = 0.80 // below what the interval must not reach for the sheets to be trusted
	recheckPoor  = 0.95 // a rate that surely lies below it is poor
)

// recheckLevel is the level of the intervals.
const recheckLevel = 0.95

// RecheckVerdict is what a re-check says of the sheets.
type RecheckVerdict string

// The verdicts.
const (
	RecheckGood   RecheckVerdict = "good"   // the whole interval is at 80 % or above, and reaches 95 %
	RecheckUnsure RecheckVerdict = "unsure" // too few were reached to tell: the interval goes below 80 %
	RecheckPoor   RecheckVerdict = "poor"   // the whole interval is below 95 %
	RecheckNone   RecheckVerdict = "none"   // nobody was reached yet
)

// RecheckCount is how a re-check stands in a unit.
type RecheckCount struct {
	Unit      territory.Code `json:"unit"`
	Sheets    int            `json:"sheets"` // that counted when the re-check was committed to
	Drawn     int            `json:"drawn"`
	Confirmed int            `json:"confirmed"`
	Denied    int            `json:"not_interviewed"`
	ByOther   int            `json:"by_other"`
	Unreached int            `json:"not_reached"`
}

// Add counts the last result of one person drawn; "" is none yet.
func (c *RecheckCount) Add(result sampling.RecheckResult) {
	c.Drawn++
	switch result {
	case sampling.RecheckConfirmed:
		c.Confirmed++
	case sampling.RecheckDenied:
		c.Denied++
	case sampling.RecheckByOther:
		c.ByOther++
	case sampling.RecheckUnreached:
		c.Unreached++
	}
}

// Reached is how many were spoken with.
func (c RecheckCount) Reached() int { return c.Confirmed + c.Denied + c.ByOther }

// Pending is how many have no result yet.
func (c RecheckCount) Pending() int { return c.Drawn - c.Reached() - c.Unreached }

// RecheckFigure is the rate of a unit.
type RecheckFigure struct {
	RecheckCount
	Reached int            `json:"reached"`
	Pending int            `json:"pending"`
	Rate    Float          `json:"rate"`     // confirmed among those reached, 0 to 1
	CI      Interval       `json:"interval"` // Clopper–Pearson, 95 %
	Verdict RecheckVerdict `json:"verdict"`
}

// Figure is the share confirmed among those reached with its exact binomial
// interval. That the sample is without replacement from few sheets is left aside,
// which makes the interval longer, never shorter.
func (c RecheckCount) Figure() RecheckFigure {
	n := c.Reached()
	ci := stats.ClopperPearson(c.Confirmed, n, recheckLevel)
	f := RecheckFigure{RecheckCount: c, Reached: n, Pending: c.Pending(), Rate: Float(math.NaN()), CI: Interval{Float(ci.Low), Float(ci.High)}}
	if n > 0 {
		f.Rate = Float(float64(c.Confirmed) / float64(n))
	}
	switch {
	case n == 0:
		f.Verdict = RecheckNone
	case ci.High < recheckPoor:
		f.Verdict = RecheckPoor
	case ci.Low < recheckTrust:
		f.Verdict = RecheckUnsure
	default:
		f.Verdict = RecheckGood
	}
	return f
}

// RecheckTotal adds up units under the code given. Its rate is that of the people
// reached, not weighted by the sheets of their communes; as the sum of trials with
// different chances varies less than one with their mean, the interval holds.
func RecheckTotal(unit territory.Code, parts []RecheckCount) RecheckCount {
	sum := RecheckCount{Unit: unit}
	for _, p := range parts {
		sum.Sheets, sum.Drawn, sum.Unreached = sum.Sheets+p.Sheets, sum.Drawn+p.Drawn, sum.Unreached+p.Unreached
		sum.Confirmed, sum.Denied, sum.ByOther = sum.Confirmed+p.Confirmed, sum.Denied+p.Denied, sum.ByOther+p.ByOther
	}
	return sum
}
