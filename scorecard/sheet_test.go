package scorecard_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/scorecard"
)

func sheetOf(t *testing.T, text string) scorecard.Sheet {
	t.Helper()
	s, err := scorecard.ReadSheet(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func scoreOf(t *testing.T, s scorecard.Sheet, with scorecard.Comparison) scorecard.Result {
	t.Helper()
	result, err := scorecard.Score(s, with)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// one scores a sheet of one criterion with the parts given.
func one(t *testing.T, parts string) scorecard.Result {
	t.Helper()
	return scoreOf(t, sheetOf(t, `{"criteria": [{"id": "1", "parts": [`+parts+`]}]}`), scorecard.Comparison{})
}

// printed is a value as JSON prints it.
func printed(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func codes(problems []fault.Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Code)
	}
	return all
}

// The self-scoring of Vân Đồn district (Quảng Ninh) for nine months of 2022, as
// the district's report prints it: 51.39 of 70 points, 13.5 of them waiting for
// the survey, 56.5 without it, 3.9 lost. It prints a forecast of 52.5, where the
// forecasts of its own fields add up to 52.6.
func TestVanDon2022AddsUpButForItsPrintedForecast(t *testing.T) {
	raw, err := os.ReadFile("testdata/van-don-2022.json")
	if err != nil {
		t.Fatal(err)
	}
	result := scoreOf(t, sheetOf(t, string(raw)), scorecard.Comparison{})
	o := result.Overall
	for _, c := range []struct {
		name string
		got  scorecard.Points
		want string
	}{
		{"score", o.Score, "51.39"}, {"max", o.Max, "70"}, {"pending_survey", o.PendingSurvey, "13.5"},
		{"max_without_survey", o.MaxWithoutSurvey, "56.5"}, {"forecast", o.Forecast, "52.6"},
		{"open", o.Open, "5.11"}, {"lost", o.Lost, "3.9"},
		{"score of field 7", result.Criteria[6].Score, "6.64"}, {"lost of field 7", result.Criteria[6].Lost, "1.15"},
	} {
		if got := printed(t, c.got); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if len(result.Problems) != 1 {
		t.Fatalf("problems %v, want the forecast alone", result.Problems)
	}
	want := fault.P("sheet.stated_whole", "total", "forecast", "stated", 52.5, "computed", 52.6).Warn().AtRow(5, "forecast")
	if got := result.Problems[0]; got.String() != want.String() || got.Stops() {
		t.Errorf("problem %v, want %v", got, want)
	}
}

// Phan Thiết (Bình Thuận) 2016: one-stop 12 of 12.5 points is 96 %, apparatus
// 3.5 of 3.5 is 100 %; five contents changed on 2015 by +0.25, +1.5, +0.5, −0.25
// and −0.25. The maxima and points of the contents that the report gives only a
// change of are invented here.
func TestPhanThiet2016PercentsAndFallenCriteria(t *testing.T) {
	year := func(year string, points ...string) scorecard.Sheet {
		ids, maxima := []string{"one-stop", "apparatus", "c", "d", "e"}, []string{"12.5", "3.5", "10", "10", "10"}
		var criteria []string
		for i, p := range points {
			criteria = append(criteria, `{"id": "`+ids[i]+`", "parts": [{"method": "appraisal", "max": `+maxima[i]+`, "score": `+p+`}]}`)
		}
		return sheetOf(t, `{"unit": {"code": "593"}, "period": {"year": `+year+`}, "criteria": [`+strings.Join(criteria, ",")+`]}`)
	}
	before := year("2015", "11.75", "2", "7.5", "8.25", "9.25")
	result := scoreOf(t, year("2016", "12", "3.5", "8", "8", "9"), scorecard.Comparison{Previous: &before})
	if got := printed(t, []any{result.Criteria[0].Percent, result.Criteria[1].Percent}); got != "[96,100]" {
		t.Errorf("percents %s, want [96,100]", got)
	}
	var changes []scorecard.Points
	for _, c := range result.Criteria {
		changes = append(changes, c.Change.Points)
	}
	if got := printed(t, changes); got != "[0.25,1.5,0.5,-0.25,-0.25]" {
		t.Errorf("changes %s", got)
	}
	if got := printed(t, result.Fell); got != `["d","e"]` {
		t.Errorf("fell %s", got)
	}
	if got := printed(t, result.BelowMax); got != `["one-stop","c","d","e"]` {
		t.Errorf("below the maximum %s", got)
	}
}

// Nông Sơn (Quảng Nam) 2021: 80.28 of 100 points, +2.30 points and +2 ranks to
// rank 7 of 18, class "fair"; the appraisal reached 79.08 % (+7.57), the survey
// of officials 82.51 %. 0.65·79.08 + 0.35·82.51 = 80.2805: the parts weigh 65
// and 35. The year before is set so that the published changes hold:
// 77.98 = 0.65·71.51 + 31.4985.
func TestNongSon2021WeighsItsPartsAndChanges(t *testing.T) {
	year := func(year, stated, appraisal, rule string) scorecard.Sheet {
		return sheetOf(t, `{"unit": {"code": "519", "name": "Nông Sơn"}, "period": {"year": `+year+`}, `+stated+`,
		"bands": [{"name": "Tốt", "from": 90}, {"name": "Khá", "from": 80}, {"name": "Trung bình", "from": 65}],
		"criteria": [{"id": "1", "parts": [{"method": "appraisal", "max": 65, "score": `+appraisal+`}, {"method": "survey", "max": 35, `+rule+`}]}]}`)
	}
	before := year("2020", `"rank": 9, "score": 77.98`, "46.4815", `"score": 31.4985`)
	result := scoreOf(t, year("2021", `"rank": 7, "score": 80.28`, "51.402", `"rule": {"kind": "share", "value": 82.51}`), scorecard.Comparison{Previous: &before})
	if len(result.Problems) > 0 {
		t.Errorf("the published figures agree, but: %v", result.Problems)
	}
	if got := printed(t, result.Overall.Score); got != "80.2805" {
		t.Errorf("score %s, want 80.2805", got)
	}
	if c := result.Overall.Class; c == nil || *c != "Khá" {
		t.Errorf("class %v, want Khá", c)
	}
	if got := printed(t, result.Overall.Change); got != `{"points":2.3005,"percent":2.3005,"max":0,"rank":2}` {
		t.Errorf("change %s", got)
	}
	if got := printed(t, []any{result.Methods[0].Percent, result.Methods[0].Change.Percent, result.Methods[1].Percent}); got != "[79.08,7.57,82.51]" {
		t.Errorf("appraisal, its change, survey: %s", got)
	}
}

func TestSurveyRulesGiveTheirShareOfTheMaximum(t *testing.T) {
	for name, c := range map[string]struct{ parts, score, pending string }{
		"a share of the maximum":               {`{"method":"survey","max":2.5,"rule":{"kind":"share","value":83.94}}`, "2.0985", "0"},
		"a share without a value is pending":   {`{"method":"survey","max":2.5,"rule":{"kind":"share","value":null}}`, "0", "2.5"},
		"a survey without a rule is pending":   {`{"method":"survey","max":2.5}`, "0", "2.5"},
		"points of the report are no rule's":   {`{"method":"survey","max":2.5,"score":2.1}`, "2.1", "0"},
		"options weigh by their counts":        {`{"method":"survey","max":2,"rule":{"kind":"options","percent":{"A":100,"B":60,"C":20,"D":0},"counts":{"A":41,"B":30,"C":20,"D":9}}}`, "1.26", "0"}, // 2·(41+18+4)/100
		"a third of the answers is exact":      {`{"method":"survey","max":3,"rule":{"kind":"options","percent":{"A":100,"B":0},"counts":{"A":1,"B":2}}}`, "1", "0"},
		"options without answers are pending":  {`{"method":"survey","max":2,"rule":{"kind":"options","percent":{"A":100},"counts":{"A":0}}}`, "0", "2"},
		"the highest band reached counts":      {`{"method":"survey","max":2,"rule":{"kind":"bands","bands":[{"from":80,"points":1},{"from":90,"points":2},{"from":70,"points":0.5}],"value":89.99}}`, "1", "0"},
		"a band begins at its threshold":       {`{"method":"survey","max":2,"rule":{"kind":"bands","bands":[{"from":80,"points":1},{"from":90,"points":2}],"value":90}}`, "2", "0"},
		"below all bands there are no points":  {`{"method":"survey","max":2,"rule":{"kind":"bands","bands":[{"from":80,"points":1}],"value":79}}`, "0", "0"},
		"bands without a value are pending":    {`{"method":"survey","max":2,"rule":{"kind":"bands","bands":[{"from":80,"points":1}]}}`, "0", "2"},
		"tenths leave no dust":                 {`{"method":"appraisal","max":1,"score":0.1},{"method":"appraisal","max":1,"score":0.2}`, "0.3", "0"},
		"a penalty is taken off":               {`{"method":"appraisal","max":5,"score":4},{"method":"penalty","max":1,"score":0.5}`, "3.5", "0"},
		"a penalty may be written with a sign": {`{"method":"appraisal","max":5,"score":4},{"method":"penalty","max":1,"score":-0.5}`, "3.5", "0"},
	} {
		result := one(t, c.parts)
		if got := printed(t, result.Overall.Score); got != c.score {
			t.Errorf("%s: score %s, want %s", name, got, c.score)
		}
		if got := printed(t, result.Overall.PendingSurvey); got != c.pending {
			t.Errorf("%s: pending %s, want %s", name, got, c.pending)
		}
		if len(result.Problems) > 0 {
			t.Errorf("%s: %v", name, result.Problems)
		}
	}
}

func TestBonusCountsInTheMaximumAndAPenaltyDoesNot(t *testing.T) {
	result := one(t, `{"method":"appraisal","max":5,"self":5,"score":4,"forecast":5},{"method":"bonus","max":1,"self":1,"score":1},{"method":"penalty","max":2,"self":0,"score":1,"reason":"late"}`)
	got := printed(t, result.Overall)
	want := `{"self":6,"score":4,"max":6,"max_without_survey":6,"pending_survey":0,"forecast":5,"open":2,"lost":1,"percent":66.66666666666667,` +
		`"percent_without_survey":66.66666666666667,"class":null,"reasons":[{"criterion":"1","method":"penalty","points":1,"reason":"late"}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWhatCannotBeRightIsReportedAndCountedAsItStands(t *testing.T) {
	for name, c := range map[string]struct {
		parts, score string
		codes        []string
	}{
		"points above a maximum":                      {`{"method":"appraisal","max":5,"self":7,"score":6}`, "6", []string{"sheet.above_max", "sheet.above_max"}},
		"a share above 100 %":                         {`{"method":"survey","max":2,"rule":{"kind":"share","value":150}}`, "3", []string{"sheet.above_max"}},
		"a penalty above its maximum":                 {`{"method":"penalty","max":1,"score":2}`, "-2", []string{"sheet.above_max"}},
		"negative points":                             {`{"method":"appraisal","max":5,"score":-1}`, "-1", []string{"sheet.below_zero"}},
		"a forecast below the score":                  {`{"method":"appraisal","max":5,"score":4,"forecast":3}`, "4", []string{"sheet.forecast_below"}},
		"a part not appraised":                        {`{"method":"appraisal","max":5,"self":4}`, "0", []string{"sheet.not_appraised"}},
		"survey points that differ":                   {`{"method":"survey","max":2,"score":1.5,"rule":{"kind":"share","value":80}}`, "1.6", []string{"sheet.survey_differs"}},
		"a share above 100 % and other points stated": {`{"method":"survey","max":2,"score":1,"rule":{"kind":"share","value":150}}`, "3", []string{"sheet.above_max", "sheet.survey_differs"}},
		"a member that is not known":                  {`{"method":"appraisal","max":5,"scor":4,"score":3}`, "3", []string{"sheet.unknown_member"}},
		"a forecast of survey points":                 {`{"method":"survey","max":5,"forecast":4}`, "0", []string{"sheet.unknown_member"}},
		"survey points within 2 digits":               {`{"method":"survey","max":2.5,"score":2.1,"rule":{"kind":"share","value":83.9}}`, "2.0975", nil},
	} {
		result := one(t, c.parts)
		if got := codes(result.Problems); !slices.Equal(got, c.codes) {
			t.Errorf("%s: %v, want %v", name, got, c.codes)
		}
		for _, p := range result.Problems {
			if p.Stops() || p.Place.Row != 1 || p.Place.Column == "" {
				t.Errorf("%s: %+v has no place or stops the work", name, p)
			}
		}
		if got := printed(t, result.Overall.Score); got != c.score {
			t.Errorf("%s: score %s, want %s as it stands", name, got, c.score)
		}
	}
}

func TestStatedFiguresAreComparedToTheirDigits(t *testing.T) {
	for stated, wrong := range map[string]bool{
		`"score": 8.25`: false, `"score": 8.3`: true, `"score": 8.250`: false, `"max": 10`: false, `"max": 10.25`: true,
		`"percent": 82.5`: false, `"percent": 83`: false, `"percent": 82.4`: true, `"open": 1.75`: false, `"lost": 2`: true, `"self": 9`: false,
	} {
		s := sheetOf(t, `{"criteria": [{"id": "a", `+stated+`, "children": [
			{"id": "a", "parts": [{"method": "appraisal", "max": 6, "score": 5}]}, {"id": "b", "parts": [{"method": "appraisal", "max": 4, "score": 3.25}]}]}]}`)
		got := codes(scoreOf(t, s, scorecard.Comparison{}).Problems)
		if wrong != slices.Equal(got, []string{"sheet.stated_criterion"}) || !wrong && len(got) > 0 {
			t.Errorf("%s: %v", stated, got)
		}
	}
}

func TestFloatOfPointsIsTheNearest(t *testing.T) {
	p, ok := scorecard.ParsePoints("51.39")
	if !ok || p.Float() != 51.39 || printed(t, p) != "51.39" {
		t.Errorf("51.39 became %v", p.Float())
	}
	for _, text := range []string{"", "1/3", "0x10", "1_000", "1e999999999", "1e-19", "NaN", "Inf", strings.Repeat("1", 41), "1p2"} {
		if p, ok := scorecard.ParsePoints(text); ok {
			t.Errorf("%q was read as %v", text, p.Float())
		}
	}
	if p := scorecard.WholePoints(1).PercentOf(scorecard.WholePoints(0)); p != nil {
		t.Errorf("a percentage of nothing is %v", p.Float())
	}
	if p := scorecard.WholePoints(1).PercentOf(scorecard.WholePoints(3)); math.Abs(p.Float()-100./3) > 1e-13 {
		t.Errorf("a third is %v %%", p.Float())
	}
}
