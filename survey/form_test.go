package survey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/survey"
)

func vi(text string) survey.Labels { return survey.Labels{"vi": text} }

func choices(values ...string) []survey.Choice {
	var all []survey.Choice
	for _, v := range values {
		all = append(all, survey.Choice{Value: v, Label: vi("chọn " + v)})
	}
	return all
}

// smallForm has a question of every kind; the group "service" and what is in
// it is asked of those who had a transaction, "why" of the dissatisfied.
func smallForm() survey.Questionnaire {
	return survey.Questionnaire{
		ID: "small", Version: "1.0", Title: vi("Phiếu nhỏ"), Languages: []string{"vi"},
		Groups: []survey.Group{
			{ID: "service", Label: vi("Dịch vụ"), Relevant: "${used} = 'yes'"},
			{ID: "access", Parent: "service", Label: vi("Tiếp cận")},
		},
		Questions: []survey.Question{
			{Code: "welcome", Kind: survey.KindNote, Label: vi("Xin chào")},
			{Code: "age", Kind: survey.KindNumber, Label: vi("Tuổi"), Required: true, Constraint: ". >= 18 and . <= 120", ConstraintMessage: vi("Từ 18 đến 120")},
			{Code: "used", Kind: survey.KindSingle, Label: vi("Đã làm thủ tục?"), Required: true, Choices: choices("yes", "no")},
			{Code: "channels", Kind: survey.KindMultiple, Label: vi("Kênh"), Choices: choices("tv", "radio", "none"), Constraint: "not(selected(., 'none') and count-selected(.) > 1)"},
			{Code: "signs", Kind: survey.KindRating, Label: vi("Biển báo"), Group: "access", Required: true, Choices: choices("1", "2", "3", "4", "5")},
			{Code: "why", Kind: survey.KindText, Label: vi("Vì sao?"), Group: "service", Relevant: "${signs} <= 2"},
		},
	}
}

func mustCompile(t testing.TB, q survey.Questionnaire) *survey.Form {
	t.Helper()
	form, problems := survey.Compile(q)
	if form == nil || len(problems) > 0 {
		t.Fatalf("Compile: %v", problems)
	}
	return form
}

func TestCheckSaysWhatIsWrongWithEachAnswer(t *testing.T) {
	form := mustCompile(t, smallForm())
	ok := map[survey.QuestionCode][]string{"age": {"40"}, "used": {"no"}}
	for _, c := range []struct {
		name  string
		code  survey.QuestionCode
		given []string
		want  string // the problem, "" for none
	}{
		{"complete", "age", []string{"40"}, ""},
		{"missing", "age", nil, "answer.required question=age"},
		{"only white space", "age", []string{" \t"}, "answer.required question=age"},
		{"not a number", "age", []string{"bốn mươi"}, "answer.not_a_whole_number question=age value=bốn mươi"},
		{"a fraction", "age", []string{"40.5"}, "answer.not_a_whole_number question=age value=40.5"},
		{"an exponent", "age", []string{"4e1"}, "answer.not_a_whole_number question=age value=4e1"},
		{"sixteen digits", "age", []string{"1234567890123456"}, "answer.not_a_whole_number question=age value=1234567890123456"},
		{"constraint", "age", []string{"17"}, "answer.constraint_message question=age message=map[vi:Từ 18 đến 120]"},
		{"constraint without words", "channels", []string{"none", "tv"}, "answer.constraint question=channels"},
		{"not a choice", "used", []string{"maybe"}, "answer.not_a_choice question=used value=maybe"},
		{"one of several not a choice", "channels", []string{"tv", "fax"}, "answer.not_a_choice question=channels value=fax"},
		{"two for one", "used", []string{"no", "yes"}, "answer.several question=used"},
		{"the same twice is one", "used", []string{"no", "no"}, ""},
		{"an empty field beside the choice", "used", []string{"", "no"}, ""},
		{"several", "channels", []string{"tv", "radio"}, ""},
		{"irrelevant, so dropped", "signs", []string{"9"}, ""},
		{"unknown", "salary", []string{"1"}, "answer.unknown_question question=salary"},
		{"a note takes no answer", "welcome", []string{"1"}, "answer.unknown_question question=welcome"},
	} {
		raw := map[survey.QuestionCode][]string{}
		for code, values := range ok {
			raw[code] = values
		}
		raw[c.code] = c.given
		answers, problems := form.Check(survey.FieldsOf(raw))
		got := make([]string, len(problems))
		for i, p := range problems {
			got[i] = p.String()
			if survey.QuestionOf(p) != c.code {
				t.Errorf("%s: QuestionOf = %q", c.name, survey.QuestionOf(p))
			}
		}
		if strings.Join(got, "; ") != c.want || (answers == nil) != (c.want != "") {
			t.Errorf("%s: %v %v, want %q", c.name, answers, got, c.want)
		}
	}
}

func TestCheckKeepsRelevantAnswersInCanonicalForm(t *testing.T) {
	form := mustCompile(t, smallForm())
	raw := map[survey.QuestionCode][]string{
		"age": {" 0040 "}, "used": {"yes"}, "channels": {"tv", "", "radio", "tv"}, "signs": {"2"}, "why": {" Bie\u0302\u0309n mờ\r\nvà nhỏ "},
	}
	answers, problems := form.Check(survey.FieldsOf(raw))
	want := "[{age [40]} {channels [radio tv]} {signs [2]} {used [yes]} {why [Biển mờ\nvà nhỏ]}]"
	if len(problems) > 0 || fmt.Sprint(answers) != want {
		t.Errorf("%v %v, want %s", answers, problems, want)
	}
	// What hid the group hides everything inside, also what refers to it.
	raw["used"] = []string{"no"}
	if answers, problems = form.Check(survey.FieldsOf(raw)); len(problems) > 0 || len(answers) != 3 {
		t.Errorf("irrelevant answers: %v %v", answers, problems)
	}
	if raw["age"][0] != " 0040 " {
		t.Errorf("Check changed its input: %v", raw)
	}
}

func TestTextHasALimitAndNoControlCharacters(t *testing.T) {
	q := smallForm()
	q.Questions[5].Relevant, q.Questions[5].Group = "", ""
	form := mustCompile(t, q)
	for text, want := range map[string]string{
		strings.Repeat("ệ", survey.MaxText):          "",
		strings.Repeat("e\u0323\u0302", 2000):        "", // 2,000 characters once composed
		strings.Repeat("ệ", survey.MaxText) + "\r\n": "",
		strings.Repeat("ệ", survey.MaxText+1):        "answer.too_long",
		"a\x00b":                                     "answer.characters",
		"a\xffb":                                     "answer.characters",
		"dòng\n\tvà 👍":                               "",
	} {
		_, problems := form.Check(survey.FieldsOf(map[survey.QuestionCode][]string{"age": {"40"}, "used": {"no"}, "why": {text}}))
		if got := strings.Join(codes(problems), " "); got != want {
			t.Errorf("%.10q…: %s, want %s", text, got, want)
		}
	}
}

func codes(problems []fault.Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Code)
	}
	return all
}

func TestManyUnknownCodesAreNotAllRepeated(t *testing.T) {
	raw := map[survey.QuestionCode][]string{"age": {"40"}, "used": {"no"}}
	for i := range 500 {
		raw[survey.QuestionCode(fmt.Sprintf("x%03d", i))] = []string{"1"}
	}
	_, problems := mustCompile(t, smallForm()).Check(survey.FieldsOf(raw))
	if len(problems) != 10 || survey.QuestionOf(problems[9]) != "x009" {
		t.Errorf("%v", problems)
	}
}

func TestRelevanceOfAGroupCoversItsChildren(t *testing.T) {
	form := mustCompile(t, smallForm())
	for _, c := range []struct {
		answers map[survey.QuestionCode][]string
		hidden  []survey.QuestionCode
	}{
		{nil, []survey.QuestionCode{"signs", "why"}},
		{map[survey.QuestionCode][]string{"used": {"yes"}}, []survey.QuestionCode{"why"}},
		{map[survey.QuestionCode][]string{"used": {"yes"}, "signs": {"1"}}, nil},
		{map[survey.QuestionCode][]string{"used": {"no"}, "signs": {"1"}}, []survey.QuestionCode{"signs", "why"}},
	} {
		for code, relevant := range form.Relevant(survey.NewAnswers(c.answers)) {
			if relevant == slices.Contains(c.hidden, code) {
				t.Errorf("%v: relevant[%s] = %v", c.answers, code, relevant)
			}
		}
	}
}

// An answer that is no longer relevant counts as empty for what follows.
func TestIrrelevanceIsPassedOn(t *testing.T) {
	q := smallForm()
	q.Questions = append(q.Questions, survey.Question{Code: "more", Kind: survey.KindText, Label: vi("Nữa"), Relevant: "${why} != ''"})
	form := mustCompile(t, q)
	given := map[survey.QuestionCode][]string{"used": {"yes"}, "signs": {"1"}, "why": {"mờ"}}
	if !form.Relevant(survey.NewAnswers(given))["more"] {
		t.Errorf("asked and answered, yet not relevant")
	}
	given["used"] = []string{"no"}
	if form.Relevant(survey.NewAnswers(given))["more"] {
		t.Errorf("an irrelevant answer still counts")
	}
}

func TestCompileFindsWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*survey.Questionnaire)
		want   string
	}{
		{"no id", func(q *survey.Questionnaire) { q.ID = "" }, "form.id"},
		{"an id with @", func(q *survey.Questionnaire) { q.ID = "a@b" }, "form.id"},
		{"no version", func(q *survey.Questionnaire) { q.Version = "" }, "form.version"},
		{"no language", func(q *survey.Questionnaire) { q.Languages = nil }, "form.no_language"},
		{"a language twice", func(q *survey.Questionnaire) { q.Languages = []string{"vi", "vi"} }, "form.language"},
		{"a dot in a code", func(q *survey.Questionnaire) { q.Questions[3].Code = "a.b" }, "form.code"},
		{"marks in a code", func(q *survey.Questionnaire) { q.Questions[3].Code = "tuổi" }, "form.code"},
		{"the ballot's field", func(q *survey.Questionnaire) { q.Questions[3].Code = "ballot" }, "form.code_reserved"},
		{"another field of the page", func(q *survey.Questionnaire) { q.Questions[3].Code = "_lang" }, "form.code_reserved"},
		{"a code twice", func(q *survey.Questionnaire) { q.Questions[3].Code = "age" }, "form.code_duplicate"},
		{"a code twice in capitals", func(q *survey.Questionnaire) { q.Questions[3].Code = "AGE" }, "form.code_duplicate"},
		{"a question named like a group", func(q *survey.Questionnaire) { q.Questions[3].Code = "service" }, "form.code_duplicate"},
		{"an unknown kind", func(q *survey.Questionnaire) { q.Questions[1].Kind = "image" }, "form.kind"},
		{"no choices", func(q *survey.Questionnaire) { q.Questions[3].Choices = nil }, "form.choices_missing"},
		{"choices of a number", func(q *survey.Questionnaire) { q.Questions[1].Choices = choices("1") }, "form.choices_needless"},
		{"a choice twice", func(q *survey.Questionnaire) { q.Questions[3].Choices = choices("tv", "tv") }, "form.choice_duplicate"},
		{"a space in a choice", func(q *survey.Questionnaire) { q.Questions[3].Choices = choices("ti vi") }, "form.choice_value"},
		{"a required note", func(q *survey.Questionnaire) { q.Questions[0].Required = true }, "form.note_required"},
		{"a constrained note", func(q *survey.Questionnaire) { q.Questions[0].Constraint = "true()" }, "form.note_constraint"},
		{"no label", func(q *survey.Questionnaire) { q.Questions[3].Label = nil }, "form.label_empty"},
		{"no label of a choice", func(q *survey.Questionnaire) { q.Questions[3].Choices[1].Label = nil }, "form.label_empty"},
		{"a label beyond measure", func(q *survey.Questionnaire) { q.Questions[3].Label = vi(strings.Repeat("ệ", survey.MaxLabel+1)) }, "form.label_long"},
		{"a label with a control character", func(q *survey.Questionnaire) { q.Questions[3].Label = vi("a\x1bb") }, "form.label_characters"},
		{"a group without label", func(q *survey.Questionnaire) { q.Groups[1].Label = nil }, ""},
		{"no title", func(q *survey.Questionnaire) { q.Title = nil }, "form.label_empty"},
		{"a label in another language", func(q *survey.Questionnaire) { q.Questions[3].Label["en"] = "Channels" }, "form.label_language"},
		{"an unknown group", func(q *survey.Questionnaire) { q.Questions[3].Group = "nowhere" }, "form.group_unknown"},
		{"an unknown parent", func(q *survey.Questionnaire) { q.Groups[1].Parent = "nowhere" }, "form.group_parent form.group_order"},
		{"a group around itself", func(q *survey.Questionnaire) { q.Groups[0].Parent = "access" }, "form.group_parent"},
		{"a group torn apart", func(q *survey.Questionnaire) { q.Questions[3].Group = "access"; q.Questions[4].Group = "" }, "form.group_scattered"},
		{"a group begun again", func(q *survey.Questionnaire) { q.Questions[1].Group = "access" }, "form.reference_later form.group_scattered"},
		{"an empty group", func(q *survey.Questionnaire) { q.Questions[4].Group = "service" }, "form.group_empty"},
		{"groups in another order", func(q *survey.Questionnaire) {
			q.Groups = []survey.Group{{ID: "b", Label: vi("b")}, {ID: "a", Label: vi("a")}}
			q.Questions[4].Group, q.Questions[5].Group = "a", "b"
		}, "form.group_order"},
		{"a reference to a note", func(q *survey.Questionnaire) { q.Questions[3].Relevant = "${welcome} = 1" }, "form.reference_note"},
		{"a reference to a group", func(q *survey.Questionnaire) { q.Questions[3].Relevant = "${service} = 1" }, "form.reference_group"},
		{"a reference to a later question", func(q *survey.Questionnaire) { q.Questions[3].Relevant = "${why} = 1" }, "form.reference_later"},
		{"a constraint on a later question", func(q *survey.Questionnaire) { q.Questions[3].Constraint = "${why} = 1" }, "form.reference_later"},
		{"a group that depends on its child", func(q *survey.Questionnaire) { q.Groups[0].Relevant = "${signs} = 1" }, "form.reference_later"},
		{"a constraint naming its own question", func(q *survey.Questionnaire) { q.Questions[1].Constraint = "${age} >= 18" }, ""},
	} {
		q := smallForm()
		c.change(&q)
		form, problems := survey.Compile(q)
		got := codes(problems)
		want := strings.Fields(c.want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(slices.Compact(got), want) || (form == nil) != (c.want != "") {
			t.Errorf("%s: %v, want %s", c.name, problems, c.want)
		}
	}
}

func TestIncompleteLanguageIsAWarningThatCounts(t *testing.T) {
	q := smallForm()
	q.Languages = []string{"vi", "en"}
	q.Title = survey.Labels{"vi": "Phiếu nhỏ", "en": "Small form"}
	form, problems := survey.Compile(q)
	// 2 groups, 6 questions, 1 constraint message and 10 choices have no English.
	want := "form.language_incomplete language=en count=19 name=service"
	if form == nil || len(problems) != 1 || problems[0].String() != want || problems[0].Stops() {
		t.Errorf("%v, want %s", problems, want)
	}
}

func TestCompileAsksForThePlaceOfEachProblem(t *testing.T) {
	q := smallForm()
	q.Questions[3].Choices[2].Label = nil
	q.Groups[0].Relevant = "${nobody} = 1"
	_, problems := survey.CompileAt(q, func(s survey.Spot) fault.Place {
		return fault.Place{Sheet: fmt.Sprintf("%d %d %d", s.Question, s.Group, s.Choice), Column: s.Field}
	})
	if len(problems) != 2 || problems[0].Place != (fault.Place{Sheet: "3 -1 2", Column: "label"}) ||
		problems[1].Place != (fault.Place{Sheet: "-1 0 -1", Column: "relevant"}) {
		t.Errorf("%v", problems)
	}
}
