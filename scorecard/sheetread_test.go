package scorecard_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/scorecard"
)

func TestAnUnusableSheetIsRefusedByItsPlace(t *testing.T) {
	part := func(p string) string { return "{\"criteria\": [{\"id\": \"1\",\n\"parts\": [" + p + "]}]}" }
	survey := func(rest string) string { return part(`{"method": "survey", "max": 2, ` + rest + `}`) }
	const from = `"from": {"edition": "e.json", "unit": "98", "tier": "overall", "code": "overall"}`
	for name, c := range map[string]struct{ text, problem string }{
		"no JSON":                        {"{\"criteria\":\n[}", "sheet.malformed row=2"},
		"an empty file":                  {"", "sheet.malformed row=1"},
		"text after the sheet":           {part(`{"method": "bonus"}`) + "\nx", "sheet.malformed row=3"},
		"another encoding":               {"{\"title\": \"\xf6\"}", "sheet.not_utf8"},
		"a list":                         {"[]", "sheet.not_object row=1"},
		"no criteria":                    {"{\n\"criteria\": []}", "sheet.missing column=criteria row=2 member=criteria"},
		"a member twice":                 {"{\"title\": \"\",\n\"title\": \"\"}", "sheet.member_twice row=2 member=title"},
		"a criterion without an id":      {`{"criteria": [{"parts": [{"method": "bonus"}]}]}`, "sheet.missing column=criteria[0].id row=1 member=id"},
		"a criterion with an empty id":   {`{"criteria": [{"id": "", "parts": [{"method": "bonus"}]}]}`, "sheet.missing column=criteria[0].id row=1 member=id"},
		"an id twice":                    {`{"criteria": [{"id": "1", "parts": [{"method": "bonus"}]}, {"id": "1", "parts": [{"method": "bonus"}]}]}`, "sheet.criterion_twice column=criteria[1].id row=1 criterion=1"},
		"a criterion of nothing":         {`{"criteria": [{"id": "1"}]}`, "sheet.empty_criterion column=criteria[0] row=1 criterion=1"},
		"a number as an id":              {`{"criteria": [{"id": 1, "parts": [{"method": "bonus"}]}]}`, "sheet.not_text column=criteria[0].id row=1 member=id"},
		"parts that are no list":         {`{"criteria": [{"id": "1", "parts": {}, "children": [{"id": "2", "parts": [{"method": "bonus"}]}]}]}`, "sheet.not_list column=criteria[0].parts row=1 member=parts"},
		"an unknown method":              {part(`{"method": "guess"}`), "sheet.method column=criteria[0].parts[0].method row=2 method=guess"},
		"no maximum":                     {part(`{"method": "appraisal", "score": 1}`), "sheet.missing column=criteria[0].parts[0].max row=2 member=max"},
		"a negative maximum":             {part(`{"method": "appraisal", "max": -1, "score": -1}`), "sheet.negative column=criteria[0].parts[0].max row=2 member=max"},
		"points in quotes":               {part(`{"method": "bonus", "score": "4,5"}`), "sheet.not_number column=criteria[0].parts[0].score row=2 member=score"},
		"a number out of all proportion": {part(`{"method": "bonus", "score": 1e999}`), "sheet.not_number column=criteria[0].parts[0].score row=2 member=score"},
		"an unknown rule":                {survey(`"rule": {"kind": "x"}`), "sheet.rule_kind column=criteria[0].parts[0].rule.kind row=2 kind=x"},
		"a rule without a kind":          {survey(`"rule": {}`), "sheet.missing column=criteria[0].parts[0].rule.kind row=2 member=kind"},
		"bands without bands":            {survey(`"rule": {"kind": "bands", "value": 1}`), "sheet.missing column=criteria[0].parts[0].rule.bands row=2 member=bands"},
		"two bands from one value":       {survey(`"rule": {"kind": "bands", "bands": [{"from": 1, "points": 1}, {"from": 1.0, "points": 2}]}`), "sheet.band_twice column=criteria[0].parts[0].rule.bands row=2 from=1"},
		"a band without points":          {survey(`"rule": {"kind": "bands", "bands": [{"from": 1}]}`), "sheet.missing column=criteria[0].parts[0].rule.bands[0].points row=2 member=points"},
		"an option without a percentage": {survey(`"rule": {"kind": "options", "percent": {"A": 100}, "counts": {"E": 1}}`), "sheet.option_without_percent column=criteria[0].parts[0].rule.counts row=2 option=E"},
		"a negative count":               {survey(`"rule": {"kind": "options", "percent": {"A": 100}, "counts": {"A": -1}}`), "sheet.negative column=criteria[0].parts[0].rule.counts.A row=2 member=A"},
		"an edition for counts":          {survey(`"rule": {"kind": "options"}, ` + from), "sheet.from_options column=criteria[0].parts[0].from row=2"},
		"an edition and a value":         {survey(`"rule": {"kind": "share", "value": 1}, ` + from), "sheet.from_and_value column=criteria[0].parts[0].from row=2"},
		"an edition without a rule":      {survey(from), "sheet.missing column=criteria[0].parts[0].rule row=2 member=rule"},
		"half a year":                    {`{"period": {"year": 2022.5}, "criteria": [{"id": "1", "parts": [{"method": "bonus"}]}]}`, "sheet.not_integer column=period.year row=1 member=year"},
		"a day that is none":             {`{"period": {"as_of": "30/9/2022"}, "criteria": [{"id": "1", "parts": [{"method": "bonus"}]}]}`, "sheet.not_date column=period.as_of row=1 member=as_of value=30/9/2022"},
		"a code as a number":             {`{"unit": {"code": 203}, "criteria": [{"id": "1", "parts": [{"method": "bonus"}]}]}`, "sheet.not_text column=unit.code row=1 member=code"},
		"half a rank":                    {`{"rank": 1.5, "criteria": [{"id": "1", "parts": [{"method": "bonus"}]}]}`, "sheet.not_integer column=rank row=1 member=rank"},
		"two classes from one percent":   {`{"bands": [{"name": "A", "from": 1}, {"name": "B", "from": 1}], "criteria": [{"id": "1", "parts": [{"method": "bonus"}]}]}`, "sheet.band_twice column=bands row=1 from=1"},
		"nesting without end":            {strings.Repeat("[", 100), "sheet.too_deep row=1 depth=64"},
	} {
		_, err := scorecard.ReadSheet(strings.NewReader(c.text))
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		var got []string
		for _, p := range fault.ProblemsOf(err) {
			got = append(got, p.String())
		}
		if !slices.Equal(got, []string{c.problem}) {
			t.Errorf("%s: %v, want %s", name, got, c.problem)
		}
	}
	if _, err := scorecard.ReadSheet(strings.NewReader(strings.Repeat(" ", 9<<20))); !fault.Is(err, fault.TooLarge) {
		t.Errorf("nine megabytes: %v", err)
	}
}

func TestASheetFromNotepadIsRead(t *testing.T) {
	text := "\uFEFF{\r\n\"title\": \"Bảng chấm điểm\",\r\n\"criteria\": [{\"id\": \"1\", \"parts\": [{\"method\": \"appraisal\", \"max\": 1, \"self\": null}]}]}"
	s := sheetOf(t, text)
	if s.Title != "Bảng chấm điểm" || s.Criteria[0].Line != 3 || s.Criteria[0].Parts[0].Self.Given {
		t.Errorf("read as %+v", s)
	}
}

// edition has one province figure of 83.94 % and a withheld commune.
func edition(change func(*scorecard.Edition)) map[string]scorecard.Edition {
	e := scorecard.Edition{Round: "r", Number: 2, Formula: "sipas-items@1", InputDigest: "sha256:00", Figures: []scorecard.Figure{
		{Domain: scorecard.Domain{Unit: "98"}, Tier: scorecard.TierOverall, Code: "overall", N: 900, Value: 83.94, SE: 1.5, Publication: scorecard.Published},
		{Domain: scorecard.Domain{Unit: "98001"}, Tier: scorecard.TierOverall, Code: "overall", N: 20, Value: scorecard.Undefined(), Publication: scorecard.Withheld},
	}}
	change(&e)
	return map[string]scorecard.Edition{"e.json": e}
}

func surveyOf(t *testing.T, unit, rule string) scorecard.Sheet {
	s := sheetOf(t, `{"criteria": [{"id": "1", "children": [{"id": "1.1", "parts": [{"method": "survey", "max": 10, "rule": `+rule+`,
		"from": {"edition": "e.json", "unit": "`+unit+`", "tier": "overall", "code": "overall"}}]}]}]}`)
	s.File = "sheet.json"
	return s
}

func TestASurveyPartTakesItsValueFromAnEdition(t *testing.T) {
	for rule, want := range map[string]string{
		`{"kind": "share"}`: "8.394",
		`{"kind": "bands", "bands": [{"from": 80, "points": 7}, {"from": 90, "points": 10}]}`: "7",
	} {
		s := surveyOf(t, "98", rule)
		if got := s.Editions(); !slices.Equal(got, []string{"e.json"}) {
			t.Errorf("editions %v", got)
		}
		filled, err := s.FillIn(edition(func(*scorecard.Edition) {}))
		if err != nil {
			t.Fatal(err)
		}
		part := scoreOf(t, filled, scorecard.Comparison{}).Criteria[0].Children[0].Parts[0]
		if got := printed(t, part.Score); got != want || part.Pending {
			t.Errorf("%s: %s points, want %s", rule, got, want)
		}
		if part.Survey == nil || part.Survey.N != 900 || part.Survey.SE != 1.5 || part.Survey.Formula != "sipas-items@1" || part.Survey.InputDigest != "sha256:00" {
			t.Errorf("the figure behind the points: %+v", part.Survey)
		}
		if before := scoreOf(t, s, scorecard.Comparison{}).Overall.PendingSurvey; printed(t, before) != "10" {
			t.Errorf("filling in changed the sheet it was given: pending %v", before.Float())
		}
	}
}

func TestFiguresThatMayNotGivePointsAreRefusedByName(t *testing.T) {
	nothing := func(*scorecard.Edition) {}
	for code, c := range map[string]struct {
		unit   string
		change func(*scorecard.Edition)
	}{
		"sheet.edition_simulated": {"98", func(e *scorecard.Edition) { e.Simulated = true }},
		"sheet.edition_interim":   {"98", func(e *scorecard.Edition) { e.Interim = true }},
		"sheet.figure_withheld":   {"98001", nothing},
		"sheet.figure_unknown":    {"99", nothing},
	} {
		_, err := surveyOf(t, c.unit, `{"kind": "share"}`).FillIn(edition(c.change))
		problems := fault.ProblemsOf(err)
		if len(problems) != 1 || problems[0].Code != code || problems[0].Place != (fault.Place{File: "sheet.json", Row: 2, Column: "from"}) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// Whatever is read as a sheet can be scored and printed, and its figures keep
// their identities: the children add up to the whole, max = max_without_survey +
// pending, open and lost are what is left of it.
func FuzzReadSheet(f *testing.F) {
	raw, err := os.ReadFile("testdata/van-don-2022.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	f.Add(`{"unit":{"code":"1"},"rank":1,"score":1e-2,"criteria":[{"id":"1","max":5,"parts":[{"method":"penalty","score":-1},{"method":"survey","max":2,"rule":{"kind":"options","percent":{"A":50},"counts":{"A":3}}}]}]}`)
	f.Add(`{"criteria":[{"id":"1","children":[{"id":"1","parts":[{"method":"survey","max":2,"rule":{"kind":"bands","bands":[{"from":80,"points":1}],"value":90}}]}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := scorecard.ReadSheet(strings.NewReader(text))
		if err != nil {
			if k := fault.KindOf(err); k == fault.Internal || k == fault.Unavailable {
				t.Fatalf("the input is at fault, not the system: %v", err)
			}
			return
		}
		result, err := scorecard.Score(s, scorecard.Comparison{Previous: &s})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(result); err != nil {
			t.Fatal(err)
		}
		var score, maximum scorecard.Points
		for _, c := range result.Criteria {
			score, maximum = score.Add(c.Score), maximum.Add(c.Max)
		}
		o := result.Overall
		for name, difference := range map[string]scorecard.Points{
			"score": score.Sub(o.Score), "max": maximum.Sub(o.Max), "pending": o.Max.Sub(o.MaxWithoutSurvey).Sub(o.PendingSurvey),
			"open": o.MaxWithoutSurvey.Sub(o.Score).Sub(o.Open), "lost": o.MaxWithoutSurvey.Sub(o.Forecast).Sub(o.Lost), "change": o.Change.Points,
		} {
			if difference.Sign() != 0 {
				t.Errorf("%s differs by %v", name, difference.Float())
			}
		}
	})
}
