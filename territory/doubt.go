package territory

import (
	"math"
	"slices"

	"hailong/fault"
)

// Reason says why a population cannot be used for a draw by size as it is.
type Reason string

// The reasons.
const (
	NoPopulation Reason = "missing"  // no population was given
	Tiny         Reason = "tiny"     // under a tenth of the median of its kind
	TooThin      Reason = "too_thin" // far fewer people on its area than its peers
	TooDense     Reason = "too_dense"
	Repeated     Reason = "repeated" // population and area are another unit's
)

// Doubt is one unit whose size a person must confirm or correct, with the
// figures to do it by.
type Doubt struct {
	Unit    Unit
	Parent  string // name of the unit above
	Reasons []Reason
	Density float64 // people per km²; 0 if population or area is missing
	Usual   float64 // median density of the peers; 0 if there are too few
	Score   float64 // robust z-score of the log density among the peers
	Peers   int     // how many units Usual rests on
	Median  float64 // median population of the kind
	Twins   []Twin  // units with the same population and area
}

// Twin is a unit with another's figures, and the name of the unit above it.
type Twin struct {
	Unit
	Parent string
}

// The constants of the rule; see Doubts.
const (
	doubtScore  = 3.5 // Iglewicz and Hoaglin's cut for modified z-scores
	leastPeers  = 8
	leastScale  = 0.3 // of log density: where peers are all alike, 3.5 × 0.3 is still a factor of 2.9
	tinyDivisor = 10  // a number cut off by a digit is a tenth
)

// Doubts returns the units whose population is missing or implausible, in the
// order given. A level of which no unit has a population is not judged: provinces
// mostly come without.
//
// A population is implausible if
//   - it is under a tenth of the median of all units of its kind (a lost digit
//     divides by ten), or
//   - its density is far from that of its peers, the units of the same parent
//     and kind, or of the kind alone if those are under 8: |z| > 3.5 with
//     z = (ln d − median) / max(1.4826·MAD, 0.3), the modified z-score of
//     Iglewicz and Hoaglin (1993), on logs because densities are skewed; or
//   - population and area both equal another unit's.
//
// On the official list of 3,321 communes of 2026 this reports 514: 66 missing,
// 108 tiny, 109 too thin, 10 too dense, 306 repeated (133 groups, nearly all
// of one name in different provinces: figures joined by name). It takes some true
// figures with the false, islands and the old quarters of cities, which a person
// confirms; and it cannot see a wrong figure that is of a usual size.
func Doubts(units []Unit) []Doubt {
	j := newJudge(units)
	var doubts []Doubt
	for _, u := range units {
		if d := j.judge(u); len(d.Reasons) > 0 {
			doubts = append(doubts, d)
		}
	}
	return doubts
}

// Assess returns the units with their size status set from the doubts, leaving
// alone what a person confirmed or corrected.
func Assess(units []Unit, doubts []Doubt) []Unit {
	status := make(map[Code]SizeStatus, len(doubts))
	for _, d := range doubts {
		status[d.Unit.Code] = SizeDoubtful
		if slices.Contains(d.Reasons, NoPopulation) {
			status[d.Unit.Code] = SizeMissing
		}
	}
	assessed := slices.Clone(units)
	for i, u := range assessed {
		switch {
		case u.Size == SizeConfirmed || u.Size == SizeCorrected:
		case status[u.Code] != "":
			assessed[i].Size = status[u.Code]
		case u.Population > 0:
			assessed[i].Size = SizePlausible
		default:
			assessed[i].Size = SizeMissing
		}
	}
	return assessed
}

// Problems says the doubt's reasons, one problem each, as warnings: they stop no
// import, only a draw by size (see Unusable).
func (d Doubt) Problems() []fault.Problem {
	var problems []fault.Problem
	for _, reason := range d.Reasons {
		pairs := append([]any{"code", d.Unit.Code, "name", d.Unit.FullName(), "parent", d.Parent}, d.figures(reason)...)
		problems = append(problems, fault.P("units.size_"+string(reason), pairs...).Warn())
	}
	return problems
}

// figures are the arguments that a reason's text shows.
func (d Doubt) figures(reason Reason) []any {
	switch reason {
	case Tiny:
		return []any{"population", d.Unit.Population, "median", math.Round(d.Median)}
	case TooThin, TooDense:
		return []any{"population", d.Unit.Population, "area", d.Unit.AreaKm2,
			"density", round3(d.Density), "usual", round3(d.Usual), "peers", d.Peers}
	case Repeated:
		twins := make([]string, len(d.Twins))
		for i, t := range d.Twins {
			twins[i] = t.FullName() + " (" + string(t.Code) + ", " + t.Parent + ")"
		}
		return []any{"population", d.Unit.Population, "area", d.Unit.AreaKm2, "twins", twins}
	}
	return nil
}

// round3 keeps three significant digits, enough to judge by.
func round3(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}
