package conduct

import (
	"context"

	"hailong/scorecard"
	"hailong/survey"
	"hailong/territory"
)

// Quality tests the answers of a round for sheets that were copied, filled in without
// reading, or made up. It names units, never a person: a sheet leads to nobody without
// the key.
func (d Desk) Quality(ctx context.Context, round survey.RoundID) (scorecard.QualityReport, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return scorecard.QualityReport{}, err
	}
	q, err := d.Store.Questionnaire(ctx, r.Questionnaire)
	if err != nil {
		return scorecard.QualityReport{}, err
	}
	units, err := d.Store.Units(ctx)
	if err != nil {
		return scorecard.QualityReport{}, err
	}
	commune := make(map[territory.Code]territory.Code, len(units))
	for _, u := range units {
		commune[u.Code] = u.Commune()
	}
	sheets := scorecard.NewSheets(q)
	for response, err := range d.Store.Responses(ctx, survey.RoundPrefix(round)) {
		if err != nil {
			return scorecard.QualityReport{}, err
		}
		sheets.Add(response, commune[response.Unit])
	}
	return sheets.Report()
}
