package survey_test

import (
	"fmt"
	"testing"

	"hailong/survey"
)

// BenchmarkCheck reads a form of 45 questions as it arrives: 33 items, single
// and multiple choices, a number, a text, groups and two conditions.
func BenchmarkCheck(b *testing.B) {
	q := smallForm()
	q.Groups = append(q.Groups, survey.Group{ID: "items", Label: vi("Mức độ")})
	for i := range 39 {
		q.Questions = append(q.Questions, survey.Question{
			Code: survey.QuestionCode(fmt.Sprintf("item_%02d", i)), Kind: survey.KindRating, Group: "items",
			Label: vi("Mục"), Required: true, Choices: choices("1", "2", "3", "4", "5", "9"),
		})
	}
	form := mustCompile(b, q)
	raw := map[survey.QuestionCode][]string{
		"age": {"40"}, "used": {"yes"}, "channels": {"tv", "radio"}, "signs": {"2"}, "why": {"Biển chỉ dẫn mờ và nhỏ quá."},
	}
	for _, code := range q.Ratings() {
		raw[code] = []string{"4"}
	}
	sent := survey.FieldsOf(raw)
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := form.Check(sent); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
