package scorecard

import (
	"math"

	"hailong/fault"
	"hailong/stats"
	"hailong/territory"
)

// CommuneStanding is what can be said of a commune among the communes of its edition, by
// their overall figures.
type CommuneStanding struct {
	Unit territory.Code `json:"unit"`
	// Place is nil for a commune whose figure is withheld: it has no rank.
	Place *Place `json:"place,omitempty"`
	// Modelled is nil in an edition of too few communes for a model.
	Modelled *Modelled `json:"modelled,omitempty"`
	// NoModel is the code of why the model could not be fitted, "" if it was or was not tried.
	NoModel string `json:"no_model,omitempty"`
}

// Place is a rank with what its uncertainty leaves of it; see stats.Ranks.
type Place struct {
	Rank       int   `json:"rank"` // 1 is the highest; equal values share the better
	Of         int   `json:"of"`   // communes that have a rank
	Marginal   Ranks `json:"marginal"`
	Joint      Ranks `json:"joint"`
	Band       int   `json:"band"`        // communes of a band cannot be told apart from its first
	TopQuarter Float `json:"top_quarter"` // probability of being among the best quarter
}

// Ranks is a confidence set of ranks at 95 %: of this commune alone (marginal), or
// holding for all communes at once (joint).
type Ranks struct {
	Best  int `json:"best"`
	Worst int `json:"worst"`
}

// Modelled is the estimate of a commune under the model of Fay and Herriot: it lends
// communes of few answers strength from the others. It is never a commune's published
// figure, and stands beside the direct one.
type Modelled struct {
	Value       Float    `json:"value"`
	RMSE        Float    `json:"rmse"` // root of the mean squared error
	CI          Interval `json:"interval"`
	Direct      Float    `json:"direct_weight"` // weight of the direct figure, 0 to 1
	Benchmarked Float    `json:"benchmarked"`   // moved so that the communes agree with the province
}

// TopPercent is the probability of being among the best quarter, as a percentage.
func (p Place) TopPercent() float64 { return 100 * float64(p.TopQuarter) }

// equal reports whether two places are the same, probabilities up to rounding.
func (p *Place) equal(o *Place) bool {
	if p == nil || o == nil {
		return p == o
	}
	a, b := *p, *o
	a.TopQuarter, b.TopQuarter = 0, 0
	return a == b && same(p.TopQuarter, o.TopQuarter)
}

// equal reports whether two modelled figures are the same up to rounding.
func (m *Modelled) equal(o *Modelled) bool {
	if m == nil || o == nil {
		return m == o
	}
	return same(m.Value, o.Value) && same(m.RMSE, o.RMSE) && same(m.CI.Low, o.CI.Low) && same(m.CI.High, o.CI.High) &&
		same(m.Direct, o.Direct) && same(m.Benchmarked, o.Benchmarked)
}

// minModelled is how many communes with a figure of their own a model needs at least:
// below it the variance between communes is hardly known.
const minModelled = 8

// standingDraws is the number of bootstrap draws behind ranks and modelled errors.
const standingDraws = 1000

// CommuneStandings compares the communes of the input by their overall figures, in the order
// of the input's communes.
func CommuneStandings(in Input, figures []Figure) ([]CommuneStanding, error) {
	if len(in.Communes) == 0 { // a round of counters only
		return nil, nil
	}
	overall := make([]Figure, len(in.Communes))
	standings := make([]CommuneStanding, len(in.Communes))
	for i, commune := range in.Communes {
		standings[i].Unit = commune.Unit
		overall[i] = find(figures, commune.Unit)
	}
	if err := place(standings, overall); err != nil {
		return nil, err
	}
	if err := in.model(standings, overall, find(figures, in.Province.Unit)); err != nil {
		for i := range standings { // the figures stand without the model
			standings[i].NoModel = fault.ProblemsOf(err)[0].Code
		}
	}
	return standings, nil
}

func find(figures []Figure, unit territory.Code) Figure {
	for _, f := range figures {
		if f.Domain.Unit == unit && f.Tier == TierOverall {
			return f
		}
	}
	return Figure{Publication: Withheld}
}

// place ranks the communes whose figure is not withheld.
func place(standings []CommuneStanding, overall []Figure) error {
	var ranking stats.Ranking
	var at []int
	for i, f := range overall {
		if f.Publication != Withheld && f.DF > 0 {
			at = append(at, i)
			ranking.Values, ranking.SE, ranking.DF = append(ranking.Values, float64(f.Value)), append(ranking.SE, float64(f.SE)), append(ranking.DF, f.DF)
		}
	}
	if len(at) < 2 {
		return nil
	}
	ranks, err := stats.Ranks(ranking, stats.RankOptions{Level: confidence, Top: (len(at) + 3) / 4, Draws: standingDraws})
	if err != nil {
		return err
	}
	for a, i := range at {
		r := ranks[a]
		standings[i].Place = &Place{Rank: r.Rank, Of: len(at), Marginal: Ranks(r.Marginal), Joint: Ranks(r.Joint), Band: r.Band, TopQuarter: Float(r.Top)}
	}
	return nil
}

// model fits the shares on the arcsine scale without covariates. The variances of the
// communes' own errors are too uncertain to be taken as known, each resting on a few
// villages; they are smoothed by one design effect for all, Σ SE² / Σ p(1-p)/n
// (Wolter 2007, ch. 7).
func (in Input) model(standings []CommuneStanding, overall []Figure, province Figure) error {
	if len(overall) < minModelled {
		return nil
	}
	var areas stats.ShareAreas
	squares, simple, known := 0.0, 0.0, 0
	for _, f := range overall {
		share := float64(Undefined())
		if f.Publication != Withheld {
			share = float64(f.Value) / 100
			squares += float64(f.SE*f.SE) / 1e4
			simple += share * (1 - share) / float64(f.N)
			known++
		}
		areas.Shares = append(areas.Shares, share)
	}
	if known < minModelled || squares == 0 || simple == 0 || province.Publication == Withheld {
		return nil
	}
	for _, f := range overall {
		areas.Effective = append(areas.Effective, float64(f.N)*simple/squares)
	}
	shares, _, err := stats.FitShares(areas, stats.ShareOptions{Method: stats.AreaREML, Level: confidence, Draws: standingDraws})
	if err != nil {
		return err
	}
	return in.benchmark(standings, shares, float64(province.Value)/100)
}

// benchmark writes the modelled shares as percentages, and moves them so that with the
// weights of the communes' people they give the province's direct figure.
func (in Input) benchmark(standings []CommuneStanding, shares []stats.ModelledShare, target float64) error {
	values, weights := make([]float64, len(shares)), make([]float64, len(shares))
	for i, s := range shares {
		values[i] = s.Value
		keep := in.Communes[i].alone()
		for _, c := range in.Tally.Cells() {
			if _, ok := keep(c.Key); ok {
				weights[i] += c.All.W
			}
		}
	}
	moved, err := stats.BenchmarkShares(values, weights, target)
	if err != nil {
		return err
	}
	for i, s := range shares {
		standings[i].Modelled = &Modelled{
			Value: Float(100 * s.Value), RMSE: Float(100 * math.Sqrt(s.MSE)), Direct: Float(s.Gamma),
			CI: Interval{Float(100 * s.CI.Low), Float(100 * s.CI.High)}, Benchmarked: Float(100 * moved[i]),
		}
	}
	return nil
}
