package scorecard_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"hailong/scorecard"
	"hailong/survey"
	"hailong/territory"
)

// longForm has twenty ratings in four groups and a number.
func longForm() survey.Questionnaire {
	q := survey.Questionnaire{ID: "long", Version: "1"}
	var choices []survey.Choice
	for v := range 5 {
		choices = append(choices, survey.Choice{Value: fmt.Sprint(v + 1)})
	}
	for i := range 20 {
		q.Questions = append(q.Questions, survey.Question{Code: survey.QuestionCode(fmt.Sprint("i", i)), Kind: survey.KindRating,
			Group: survey.GroupID(fmt.Sprint("g", i/5)), Choices: choices})
	}
	q.Questions = append(q.Questions, survey.Question{Code: "visits", Kind: survey.KindNumber})
	return q
}

// honest invents a sheet of a village.
func honest(rng *rand.Rand, village int) survey.Response {
	raw := map[survey.QuestionCode][]string{"visits": {fmt.Sprint(1 + rng.IntN(30))}}
	person := rng.NormFloat64()
	for i := range 20 {
		x := 4 + person*0.6 + 0.8*rng.NormFloat64()
		raw[survey.QuestionCode(fmt.Sprint("i", i))] = []string{fmt.Sprint(int(min(max(x, 1), 5)))}
	}
	return survey.Response{Origin: survey.OriginSample, Unit: territory.Code(fmt.Sprintf("v%02d", village)),
		Day: territory.Day(fmt.Sprintf("2026-07-%02d", 1+rng.IntN(10))), Seconds: 200 + rng.IntN(600), Answers: survey.NewAnswers(raw)}
}

// qualityOf is the report of twelve villages of two communes with 15 sheets each, as change
// makes them.
func qualityOf(t *testing.T, change func(village, sheet int, r *survey.Response)) scorecard.QualityReport {
	t.Helper()
	rng := rand.New(rand.NewPCG(6, 6))
	sheets := scorecard.NewSheets(longForm())
	for village := range 12 {
		for sheet := range 15 {
			r := honest(rng, village)
			change(village, sheet, &r)
			sheets.Add(r, territory.Code(fmt.Sprint("c", village/6)))
		}
	}
	report, err := sheets.Report()
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAnHonestRoundHasNoFindings(t *testing.T) {
	report := qualityOf(t, func(int, int, *survey.Response) {})
	if len(report.Findings) != 0 || report.Sheets != 180 || len(report.Tests) != 5 {
		t.Errorf("%+v", report)
	}
}

func TestEachTestFindsTheVillageThatIsAtFault(t *testing.T) {
	flat := map[survey.QuestionCode][]string{}
	for i := range 20 {
		flat[survey.QuestionCode(fmt.Sprint("i", i))] = []string{"4"}
	}
	var original survey.Answers
	for _, test := range []struct {
		test   scorecard.QualityTest
		change func(sheet int, r *survey.Response)
	}{
		{scorecard.StraightLines, func(_ int, r *survey.Response) { r.Answers = survey.NewAnswers(flat) }},
		{scorecard.FastSheets, func(_ int, r *survey.Response) { r.Seconds = 9 }},
		{scorecard.Days, func(_ int, r *survey.Response) { r.Day = "2026-07-31" }},
		{scorecard.LastDigits, func(_ int, r *survey.Response) {
			r.Answers = survey.NewAnswers(map[survey.QuestionCode][]string{"visits": {"20"}})
		}},
		{scorecard.Copies, func(sheet int, r *survey.Response) {
			if sheet == 0 {
				original = r.Answers
			} else if sheet < 4 {
				r.Answers = original
			}
		}},
	} {
		report := qualityOf(t, func(village, sheet int, r *survey.Response) {
			if village == 7 {
				test.change(sheet, r)
			}
		})
		found := false
		for _, f := range report.Findings {
			found = found || f.Test == test.test && f.Unit == "v07"
			if f.Unit != "v07" {
				t.Errorf("%s: %+v", test.test, f)
			}
		}
		if !found {
			t.Errorf("%s: nothing found: %+v", test.test, report.Findings)
		}
	}
}

func TestTooFewSheetsAreNotTested(t *testing.T) {
	sheets := scorecard.NewSheets(longForm())
	rng := rand.New(rand.NewPCG(1, 1))
	for range 19 {
		sheets.Add(honest(rng, 1), "c")
	}
	report, err := sheets.Report()
	if err != nil || len(report.Tests) != 0 || report.Sheets != 19 {
		t.Errorf("%+v %v", report, err)
	}
}
