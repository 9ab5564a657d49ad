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

// Whatever is answered comes back as it was, by the fast reader and by the
// general one alike.
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

// The fast reader takes what the general decoder takes, and means the same.
func FuzzAnswersAreReadAsJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":"1"}`, `{"a":"1","b":["2","3"]}`, `{"b":"1","a":"2"}`, `{"a":"1",}`, `{"a":"1"`, `{,}`, `{"a":"\u0041"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got survey.Answers
		if json.Unmarshal(raw, &got) != nil {
			return
		}
		var general map[string]any
		if err := json.Unmarshal(raw, &general); err != nil {
			if string(raw) == "null" {
				return
			}
			t.Fatalf("%s was read but is no object: %v", raw, err)
		}
		for _, answer := range got {
			var want any = append([]any{}, anys(answer.Values)...)
			if _, one := general[string(answer.Question)].(string); one {
				want = answer.Values[0]
			}
			if value, ok := general[string(answer.Question)]; !ok || value != nil && !reflect.DeepEqual(value, want) {
				t.Errorf("%s: %s is %v, want %v", raw, answer.Question, want, value)
			}
		}
	})
}

func anys(values []string) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

func BenchmarkAnswersUnmarshal(b *testing.B) {
	values := map[survey.QuestionCode][]string{}
	for c := 'a'; c <= 'z'; c++ {
		for _, d := range []string{"_one", "_two", "_three"} {
			values[survey.QuestionCode(string(c)+d)] = []string{"4"}
		}
	}
	raw, err := json.Marshal(survey.NewAnswers(values))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		var a survey.Answers
		if err := json.Unmarshal(raw, &a); err != nil {
			b.Fatal(err)
		}
	}
}
