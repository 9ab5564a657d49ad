package sampling

import (
	"hailong/fault"
	"hailong/territory"
)

// AdultShare is the share of adults among all inhabitants, above 0 and at most 1.
// It differs between provinces and years: whoever states it names the source.
type AdultShare float64

// CoverageFlag says what is odd about how much of a population a list holds.
type CoverageFlag string

// The flags. The limits between them are working limits: populations are
// estimates themselves, and some percent either way mean nothing.
const (
	CoverageFair       CoverageFlag = "fair"
	CoverageUnknown    CoverageFlag = "unknown"    // no population is known
	CoverageLow        CoverageFlag = "low"        // fewer than LeastCoverage of the adults
	CoverageHigh       CoverageFlag = "high"       // more than MostCoverage of the adults
	CoverageImpossible CoverageFlag = "impossible" // more people than inhabitants of all ages
)

// The working limits, as ratios of people listed to adults expected.
const (
	LeastCoverage = 0.85
	MostCoverage  = 1.10
)

// Coverage compares the people listed with the adults expected in a unit.
type Coverage struct {
	Unit       territory.Code `json:"unit"`
	Listed     int            `json:"listed"`
	Population int64          `json:"population"` // of all ages, 0 if not known
	Adults     float64        `json:"adults"`     // expected: population × adult share
	Ratio      float64        `json:"ratio"`      // listed / adults, 0 if not known
	Flag       CoverageFlag   `json:"flag"`
}

// CoverageOf computes listed / (population × share). A share outside of (0, 1]
// is an error (picked.share): no share is assumed.
func CoverageOf(unit territory.Code, listed int, population int64, share AdultShare) (Coverage, error) {
	if !(share > 0 && share <= 1) {
		return Coverage{}, fault.New(fault.Invalid, "picked.share")
	}
	c := Coverage{Unit: unit, Listed: listed, Population: population, Flag: CoverageUnknown}
	if population <= 0 {
		return c, nil
	}
	c.Adults = float64(population) * float64(share)
	c.Ratio = float64(listed) / c.Adults
	switch {
	case int64(listed) > population:
		c.Flag = CoverageImpossible
	case c.Ratio < LeastCoverage:
		c.Flag = CoverageLow
	case c.Ratio > MostCoverage:
		c.Flag = CoverageHigh
	default:
		c.Flag = CoverageFair
	}
	return c, nil
}
