package sampling

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// NextStage is a stage below the first, as far as errors depend on it.
type NextStage struct {
	N       int     // units drawn in each unit of the stage before; in the last stage people
	Of      int     // units there are in it, on average; 0 for many
	Reserve int     // people of the last stage who may replace others
	Rho     float64 // correlation of two people of the same unit of the stage before
}

// MarginInput is a design whose errors are wanted before anything is drawn: the
// first stage by frame and plan, the others by what is drawn in each unit above.
// Without further stages the units of the frame are people.
type MarginInput struct {
	Frame      Rows
	Plan       Plan
	People     string // column with the number of people of a unit; "" takes the plan's sizes, or 1 for each
	Name       string // column with the names of units; "" for none
	Stages     []NextStage
	Response   float64   // expected response rate
	P          float64   // expected proportion
	DEff       float64   // what there is besides the design, such as weights for nonresponse; 1 for nothing
	Confidence float64   // of the margins
	Costs      []float64 // of a unit of each stage, the first stage first; nil for none
}

// MarginLevel is what a margin is of.
type MarginLevel string

// The levels: everything, a stratum of the first stage, a unit of it.
const (
	MarginAll     MarginLevel = "all"
	MarginStratum MarginLevel = "stratum"
	MarginUnit    MarginLevel = "unit"
)

// MarginRow is the expected error of one domain; of a unit, if it is drawn. SE
// and Margin are in points; Margin is NaN without degrees of freedom.
type MarginRow struct {
	Level   MarginLevel
	Label   string  // of a stratum, or the key of a unit
	Name    string  // of a unit
	Stratum string  // of a unit
	Chance  float64 // inclusion probability of a unit; 1 for the other levels
	Units   int     // of the first stage
	Drawn   float64 // of them, expected
	People  float64 // in the domain
	Asked   float64 // people drawn, expected
	Answers float64 // expected
	PSUs    int     // primary units whose people answer
	DF      int     // PSUs less strata
	SE      float64
	Margin  float64 // t·SE, half of the interval
	DEff    float64 // against simple random sampling of as many answers
}

// Margins are the rows (everything, strata, units in the order of the frame)
// with totals. Drawn is how many units of each stage are expected.
type Margins struct {
	Rows  []MarginRow
	Drawn []float64
	Cost  float64
}

// ExpectMargins computes what errors a design is expected to have, domain by
// domain. With x_i people in unit i of the first stage, drawn with probability
// π_i, X their sum, and ρ_1 ≤ ρ_2 ≤ … the correlations of two people of the same
// first-stage unit, of the same unit of the second stage, and so on, the
// anticipated variance (Isaki and Fuller 1982) of a proportion is
//
//	V = p(1−p)·deff · Σ x_i²·(ρ_1(1−π_i)/π_i + T/π_i) / X²,
//	T = Σ_s (ρ_s − ρ_{s−1})(1−f_s)/(n_2·…·n_s)   for s = 2, 3, …, with 1 for the last ρ_s,
//
// the variance of sampling in stages (Cochran 1977, §10.8) with variance components
// p(1−p)ρ_1, p(1−p)(ρ_2−ρ_1), …, p(1−p)(1−ρ). With equal π and no finite population
// it is p(1−p)/n times 1 + (b−1)ρ_2 + b(m−1)ρ_1. A unit's own error is p(1−p)·deff·T: within
// it, its next-stage units are the primary ones. Of the last stage n answers:
// n·response, or with a reserve as many as drawn if (n + reserve)·response suffices.
// Errors: size.*, and those of Plan.Check.
func ExpectMargins(in MarginInput) (Margins, error) {
	if err := in.validate(); err != nil {
		return Margins{}, err
	}
	d, err := in.Plan.normal().counted(in.Frame, nil)
	if err != nil {
		return Margins{}, err
	}
	m := newMargins(in, d)
	if _, err := in.Frame.Pass(m.see, nil); err != nil {
		return Margins{}, err
	}
	if err := m.problems(); err != nil {
		return Margins{}, err
	}
	return m.result(), nil
}

// below are the stages below a unit of the first, per unit variance.
type below struct {
	within  float64 // T
	between float64 // ρ_1; 1 if the units are people
	asked   float64 // people drawn in a unit
	answers float64 // of them
	psus    int     // of a unit by itself
	people  bool    // there are none: the units are people
}

func (in MarginInput) below() below {
	b := below{between: 1, asked: 1, answers: 1, psus: 1}
	if len(in.Stages) == 0 {
		b.answers, b.people = in.Response, true
		return b
	}
	b.between = in.Stages[0].Rho
	for i, s := range in.Stages {
		component, n := 1-s.Rho, float64(s.N)
		b.asked *= n
		if i+1 < len(in.Stages) {
			component = in.Stages[i+1].Rho - s.Rho
		} else if n *= in.Response; s.Reserve > 0 {
			n = math.Min(float64(s.N), float64(s.N+s.Reserve)*in.Response)
		}
		b.answers *= n
		fraction := 0.0
		if s.Of > 0 {
			fraction = n / float64(s.Of)
		}
		b.within += component * (1 - fraction) / b.answers
		if i == 0 {
			b.psus = int(n)
		}
	}
	return b
}

// domain adds up one domain.
type domain struct {
	MarginRow
	sum      float64 // Σ x²·(…)
	strata   int     // variance strata
	byChance int     // units drawn by chance with certainty left out, in the stratum under way
}

func (m *margins) complete(d *domain) MarginRow {
	row := d.MarginRow
	pq := m.in.P * (1 - m.in.P)
	variance := pq * m.in.DEff * d.sum / (d.People * d.People)
	row.SE, row.DEff = 100*math.Sqrt(variance), variance/(pq/row.Answers)
	row.Margin = math.NaN()
	if row.DF = row.PSUs - d.strata; row.DF > 0 {
		row.Margin = row.SE * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(row.DF)}.Quantile((1+m.in.Confidence)/2)
	}
	return row
}
