package survey_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"

	"hailong/survey"
)

func TestAnswersAreStoredCompactly(t *testing.T) {
	a := survey.NewAnswers(map[survey.QuestionCode][]string{"q1": {"4"}, "channels": {"b", "a"}, "wish": {"Thêm \"ghế\" <b>\\ & quạt\n"}})
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"channels":["a","b"],"q1":"4","wish":"Thêm \"ghế\" \u003cb\u003e\\ \u0026 quạt"}`
	if string(raw) != want {
		t.Errorf("%s\nwant %s", raw, want)
	}
}

// Whatever is answered comes back as it was.
func FuzzAnswersComeBack(f *testing.F) {
	f.Add("q1", "4", "wish", "Thêm ghế", "và \\ \" quạt")
	f.Add("a", "", "b", "}", ",")
	f.Add("a:\"", "{", "", "\x00", "<")
	f.Fuzz(func(t *testing.T, code1, value1, code2, value2, value3 string) {
		a := survey.NewAnswers(map[survey.QuestionCode][]string{
			survey.QuestionCode(code1): {value1}, survey.QuestionCode(code2): {value2, value3},
		})
		for _, s := range []string{code1, value1, code2, value2, value3} {
			if !utf8.ValidString(s) {
				return // a form with such bytes is refused
			}
		}
		raw, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back survey.Answers
		if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(back, a) {
			t.Errorf("%v was written as %s and came back as %v (%v)", a, raw, back, err)
		}
	})
}
