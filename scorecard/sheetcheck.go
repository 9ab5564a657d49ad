package scorecard

import (
	"math/big"

	"hailong/fault"
)

// check reports points of a part that cannot be right. They are counted as
// they stand: whoever filled in the sheet has to correct them.
func (sc *scorer) check(path CriterionPath, p Part, result PartResult) {
	sc.checkRange(path, p)
	if p.Forecast.Given && result.Forecast.Cmp(result.Score) < 0 {
		sc.report(p.Forecast.Line, "forecast", fault.P("sheet.forecast_below", "criterion", string(path), "forecast", result.Forecast.Float(), "score", result.Score.Float()))
	}
	switch {
	case p.Method == Appraisal && !p.Score.Given:
		sc.report(p.Line, "score", fault.P("sheet.not_appraised", "criterion", string(path)))
	case p.Method == BySurvey && p.Score.Given && !p.Score.agrees(result.Score, pointDecimals):
		sc.report(p.Score.Line, "score", fault.P("sheet.survey_differs", "criterion", string(path), "stated", p.Score.Float(), "computed", result.Score.Float()))
	}
}

// checkRange reports points above the maximum or below 0, those that a rule
// gives included.
func (sc *scorer) checkRange(path CriterionPath, p Part) {
	ruled, known := p.Rule.points(p.Max.Points)
	for _, n := range []struct {
		member string
		Number
	}{{"self", p.Self}, {"score", p.Score}, {"forecast", p.Forecast}, {"rule", Number{Points: ruled, Given: known, Line: p.Line}}} {
		points := n.Points
		if p.Method == Penalty {
			points = points.Abs()
		}
		switch {
		case !n.Given:
		case p.Max.Given && points.Cmp(p.Max.Points) > 0:
			sc.report(n.Line, n.member, fault.P("sheet.above_max", "criterion", string(path), "member", n.member, "points", points.Float(), "max", p.Max.Float()))
		case points.Sign() < 0:
			sc.report(n.Line, n.member, fault.P("sheet.below_zero", "criterion", string(path), "member", n.member, "points", points.Float()))
		}
	}
}

// report adds a problem with its place, which does not stop the work.
func (sc *scorer) report(line int, member string, p fault.Problem) {
	sc.problems = append(sc.problems, p.Warn().AtRow(line, member))
}

// pointDecimals is how exactly points that a report prints are compared: to
// the digits that it writes, but at least to hundredths, since 5 points are not
// the rounding of 5.25.
const pointDecimals = 2

// agrees reports whether the number as written is the computed one, rounded.
func (n Number) agrees(computed Points, decimals int) bool {
	decimals = max(decimals, n.Decimals)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	half := Points{new(big.Rat).SetFrac(big.NewInt(1), scale.Lsh(scale, 1))}
	return n.Points.Sub(computed).Abs().Cmp(half) <= 0
}

// compareStated reports figures that a sheet states otherwise than its parts
// give them; the path is empty for the whole.
func (sc *scorer) compareStated(path CriterionPath, all []Stated, t Totals) {
	computed := map[Total]*Points{
		TotalSelf: t.Self, TotalScore: &t.Score, TotalMax: &t.Max, TotalMaxWithoutSurvey: &t.MaxWithoutSurvey,
		TotalPendingSurvey: &t.PendingSurvey, TotalForecast: &t.Forecast, TotalOpen: &t.Open, TotalLost: &t.Lost, TotalPercent: t.Percent,
	}
	for _, s := range all {
		decimals := pointDecimals
		if s.Total == TotalPercent {
			decimals = 0
		}
		value := computed[s.Total]
		if value == nil || s.agrees(*value, decimals) {
			continue
		}
		problem := fault.P("sheet.stated_whole", "total", string(s.Total), "stated", s.Float(), "computed", value.Float())
		if path != "" {
			problem = fault.P("sheet.stated_criterion", "criterion", string(path), "total", string(s.Total), "stated", s.Float(), "computed", value.Float())
		}
		sc.report(s.Line, string(s.Total), problem)
	}
}
