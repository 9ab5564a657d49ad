package survey_test

import (
	"encoding/json"
	"testing"

	"hailong/survey"
)

// The quick way and encoding/json write the same bytes, whatever the texts.
func FuzzSheetIsWrittenAsEncodingJSONWritesIt(f *testing.F) {
	f.Add("98001-01", "Phường|98001", "Hoà & <b>", 276, true)
	f.Add("", "", "", -1, false)
	f.Add("a\"b\\c", "\u2028\x00", "\xff", 0, true)
	f.Fuzz(func(t *testing.T, unit, stratum, text string, seconds int, flag bool) {
		r := survey.Response{
			ID: survey.BallotID("r/" + unit + "/s1"), Round: "r", Questionnaire: "q@1", Origin: survey.OriginSample, Mode: survey.ModeSelf,
			Placing: survey.Placing{Stratum: stratum, SSU: unit}, Day: "2026-09-21", Quarter: text, Seconds: seconds, Lang: "vi",
			Digest: stratum, Simulated: flag,
			Answers: survey.NewAnswers(map[survey.QuestionCode][]string{"a": {"1"}, "b": {text, "x"}, "c": {stratum}}),
		}
		sheet, err := r.Sheet(survey.Columns{"a", "b", "c"})
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if got := sheet.AppendJSON([]byte("[")); string(got) != "["+string(want) {
			t.Errorf("got  %s\nwant [%s", got, want)
		}
	})
}
