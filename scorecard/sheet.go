package scorecard

import (
	"hailong/fault"
	"hailong/territory"
)

// Method is the way in which a part of a criterion gets its points.
type Method string

// The methods.
const (
	Appraisal Method = "appraisal" // scored by the unit itself, then appraised (thẩm định)
	BySurvey  Method = "survey"    // sociological survey portion (điều tra xã hội học)
	Bonus     Method = "bonus"     // điểm thưởng; its maximum, if it has one, counts in the whole
	Penalty   Method = "penalty"   // điểm trừ; taken off, and in no maximum
)

var methods = []Method{Appraisal, BySurvey, Bonus, Penalty}

// CriterionID names a criterion among its siblings.
type CriterionID string

// CriterionPath names a criterion within its sheet: identifiers joined by "/".
type CriterionPath string

// Sheet is a score sheet of the PAR Index (bảng chấm điểm) as it was filled in.
// ReadSheet reads one; its JSON form is described in docs/score-sheet.md.
type Sheet struct {
	File     string // where it was read from, for the places of problems
	Title    string
	Unit     SheetUnit
	Period   Period
	Criteria []Criterion
	Bands    []Band
	Stated   []Stated // figures that the report prints

	noticed []fault.Problem // by the reader, without stopping it
}

// SheetUnit is the unit that is scored.
type SheetUnit struct {
	Code territory.Code `json:"code"`
	Name string         `json:"name"`
}

// Period is the time that a sheet is about. Kind says how far it is:
// "interim", "annual", as the province words it.
type Period struct {
	Year int    `json:"year,omitempty"`
	Kind string `json:"kind,omitempty"`
	AsOf string `json:"as_of,omitempty"` // 2022-09-30
}

// Criterion is a field, criterion or sub-criterion: the sum of its parts and
// of its children.
type Criterion struct {
	ID       CriterionID
	Name     string
	Parts    []Part
	Children []Criterion
	Stated   []Stated
	Line     int
}

// Part is one amount of points under a criterion, by one method.
type Part struct {
	Method   Method
	Max      Number // needed for appraisal and survey
	Self     Number // what the unit gave itself
	Score    Number // what the appraisal gave; of a survey, the points of its report
	Forecast Number // for the end of the period; the score, where nothing else is given
	Reason   string // why points are or will be missing
	Rule     *Rule  // of a survey
	From     *Source
	Line     int

	figure *SurveyFigure // what From named, once it was found
}

// Number is a number of a sheet. The zero Number was not given.
type Number struct {
	Points
	Given    bool
	Decimals int // digits after the point, as written
	Line     int
}

// Total names a figure of a criterion or of the whole sheet.
type Total string

// The totals that a sheet may state.
const (
	TotalSelf             Total = "self"
	TotalScore            Total = "score"
	TotalMax              Total = "max"
	TotalMaxWithoutSurvey Total = "max_without_survey"
	TotalPendingSurvey    Total = "pending_survey"
	TotalForecast         Total = "forecast"
	TotalOpen             Total = "open"
	TotalLost             Total = "lost"
	TotalPercent          Total = "percent"
	TotalRank             Total = "rank" // of the whole sheet only
)

var criterionTotals = []Total{TotalSelf, TotalScore, TotalMax, TotalMaxWithoutSurvey, TotalPendingSurvey,
	TotalForecast, TotalOpen, TotalLost, TotalPercent}

// Stated is a figure as a report prints it. It is compared with the computed
// one and never used in its place.
type Stated struct {
	Total Total
	Number
}

// stated finds a figure among those that are stated.
func stated(all []Stated, total Total) (Number, bool) {
	for _, s := range all {
		if s.Total == total {
			return s.Number, true
		}
	}
	return Number{}, false
}

// Band is a class and the percentage from which it is reached.
type Band struct {
	Name string
	From Points
}

// classOf returns the class of the highest band that the percentage reaches,
// or nil below all of them.
func classOf(bands []Band, percent *Points) *string {
	if percent == nil {
		return nil
	}
	var best *Band
	for i, b := range bands {
		if b.From.Cmp(*percent) <= 0 && (best == nil || b.From.Cmp(best.From) > 0) {
			best = &bands[i]
		}
	}
	if best == nil {
		return nil
	}
	return &best.Name
}
