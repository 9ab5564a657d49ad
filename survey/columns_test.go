package survey_test

import (
	"reflect"
	"testing"

	"hailong/survey"
)

func TestAnswersAreKeptAsOneLine(t *testing.T) {
	columns := survey.ColumnsOf(survey.Questionnaire{Questions: []survey.Question{
		{Code: "wish", Kind: survey.KindText}, {Code: "hello", Kind: survey.KindNote}, {Code: "q2", Kind: survey.KindRating},
		{Code: "q1", Kind: survey.KindRating}, {Code: "channels", Kind: survey.KindMultiple},
	}})
	for _, c := range []struct {
		rule   string
		values map[survey.QuestionCode][]string
		want   string
	}{
		{"values in the order of their codes", map[survey.QuestionCode][]string{"q1": {"4"}, "q2": {"5"}, "channels": {"tv"}, "wish": {"Thêm ghế"}}, "tv|4|5|Thêm ghế"},
		{"several values of one question", map[survey.QuestionCode][]string{"channels": {"tv", "radio"}, "q1": {"4"}}, "radio;tv|4"},
		{"an empty place for what was not answered", map[survey.QuestionCode][]string{"q2": {"5"}}, "||5"},
		{"marks in a value are escaped", map[survey.QuestionCode][]string{"wish": {`a|b;c\d`}}, `|||a\|b\;c\\d`},
		{"nothing answered", nil, ""},
	} {
		answers := survey.NewAnswers(c.values)
		line, err := columns.Pack(answers)
		if line != c.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", c.rule, line, err, c.want)
		}
		if back, err := columns.Unpack(line); err != nil || !reflect.DeepEqual(back, answers) {
			t.Errorf("%s: came back as %v, %v; want %v", c.rule, back, err, answers)
		}
	}
	if line, err := columns.Pack(survey.NewAnswers(map[survey.QuestionCode][]string{"q3": {"1"}})); err == nil {
		t.Errorf("an answer to no question was kept as %q", line)
	}
	if got, err := columns.Unpack("1|2|3|4|5"); err == nil {
		t.Errorf("a value beyond the last column was read as %v", got)
	}
}

// Whatever is answered comes back as it was.
func FuzzALineComesBack(f *testing.F) {
	f.Add("4", "Thêm ghế", "và \\ ; | quạt")
	f.Add("\\", ";", "|")
	f.Add("a\\", "\\\\", "\x00\xff")
	columns := survey.Columns{"a", "b", "c", "d"}
	f.Fuzz(func(t *testing.T, a, c1, c2 string) {
		answers := survey.NewAnswers(map[survey.QuestionCode][]string{"a": {a}, "c": {c1, c2}, "d": {c2}})
		line, err := columns.Pack(answers)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := columns.Unpack(line); err != nil || !reflect.DeepEqual(back, answers) {
			t.Errorf("%v was kept as %q and came back as %v (%v)", answers, line, back, err)
		}
	})
}
