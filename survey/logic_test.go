package survey

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"strings"
	"testing"

	"hailong/fault"
)

// logicVector is one case of testdata/logic_vectors.json, which the server's and
// the browser's evaluator both pass. Expected values follow XPath 1.0 (W3C
// Recommendation of 16 November 1999, §3 and §4) and, for selected(), coalesce()
// and the truth of an answer, the ODK XForms specification.
type logicVector struct {
	Expr    string                    `json:"expr"`
	Answers map[QuestionCode][]string `json:"answers"`
	Self    string                    `json:"self"` // the answer that . means, in constraints
	Want    bool                      `json:"want"`
}

func logicVectors(t testing.TB) []logicVector {
	t.Helper()
	raw, err := os.ReadFile("testdata/logic_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []logicVector
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	return vectors
}

// logicForm asks s, t (text), n (number), m (choices in the order c a b 1), and
// last, with the relevance and the constraint given.
func logicForm(relevant, constraint string) Questionnaire {
	label := Labels{"vi": "x"}
	var choices []Choice
	for _, v := range []string{"c", "a", "b", "1"} {
		choices = append(choices, Choice{Value: v, Label: label})
	}
	return Questionnaire{
		ID: "logic", Version: "1", Title: label, Languages: []string{"vi"},
		Questions: []Question{
			{Code: "s", Kind: KindText, Label: label}, {Code: "t", Kind: KindText, Label: label},
			{Code: "n", Kind: KindNumber, Label: label}, {Code: "m", Kind: KindMultiple, Label: label, Choices: choices},
			{Code: "last", Kind: KindText, Label: label, Relevant: relevant, Constraint: constraint},
		},
	}
}

// form compiles the vector's expression: as relevance, or, if it is about its
// own answer, as constraint.
func (v logicVector) form(t testing.TB) *Form {
	t.Helper()
	q := logicForm(v.Expr, "")
	if v.Self != "" {
		q = logicForm("", v.Expr)
	}
	form, problems := Compile(q)
	if form == nil {
		t.Fatalf("%s: %v", v.Expr, problems)
	}
	return form
}

func TestExpressionsMeanWhatXPathSays(t *testing.T) {
	for _, v := range logicVectors(t) {
		form := v.form(t)
		got := form.Relevant(NewAnswers(v.Answers))["last"]
		if v.Self != "" {
			raw := map[QuestionCode][]string{"last": {v.Self}}
			maps.Copy(raw, v.Answers)
			_, problems := form.Check(FieldsOf(raw))
			got = len(problems) == 0
		}
		if got != v.Want {
			t.Errorf("%s with %v %s = %v, want %v", v.Expr, v.Answers, v.Self, got, v.Want)
		}
	}
}

func TestWhatIsNotUnderstoodIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ expr, problem string }{
		{"${s} = ", "form.expression_unfinished question=last"},
		{"(${s} = 'a'", "form.expression_unfinished question=last"},
		{"${s} = 'a')", "form.expression_unexpected text=) position=11 question=last"},
		{"${s} 'a'", "form.expression_unexpected text=a position=6 question=last"},
		{"${s} ${t}", "form.expression_unexpected text=${t} position=6 question=last"},
		{"and ${s}", "form.expression_name name=and position=1 question=last"},
		{"${s} = yes", "form.expression_name name=yes position=8 question=last"},
		{"${s} = ‘yes’", "form.expression_character character=‘ position=8 question=last"},
		{"${s} = 'yes", "form.expression_quote_open position=8 question=last"},
		{"${s = 1", "form.expression_reference_open position=1 question=last"},
		{"/data/s = 1", "form.expression_character character=/ position=1 question=last"},
		{"../s = 1", "form.expression_character character=. position=1 question=last"},
		{"$s = 1", "form.expression_character character=$ position=1 question=last"},
		{"count-selected() = 1", "form.function_arguments function=count-selected want=1 given=0 question=last"},
		{"selected(${m})", "form.function_arguments function=selected want=2 given=1 question=last"},
		{"true(1)", "form.function_arguments function=true want=0 given=1 question=last"},
		{strings.Repeat("9", 400) + " > 1", "form.expression_number position=1 question=last"},
		{"not(1,)", "form.expression_unexpected text=) position=7 question=last"},
		{"${nobody} = 1", "form.reference_unknown reference=nobody question=last"},
		{"${tỉnh} = 1", "form.reference_unknown reference=tỉnh position=1 question=last"},
		{"${last} = 1", "form.reference_later reference=last question=last"},
		{". = 1", "form.reference_self question=last"},
		{strings.Repeat("(", 2001), "form.expression_long limit=2000 question=last"},
	} {
		form, problems := Compile(logicForm(c.expr, ""))
		if form != nil || len(problems) != 1 || problems[0].String() != c.problem {
			t.Errorf("%.20s: %v, want %s", c.expr, problems, c.problem)
		}
	}
	form, problems := Compile(logicForm("regex(${s}, '[0-9]+')", ""))
	if form != nil || len(problems) != 1 || problems[0].Code != "form.function_unknown" {
		t.Errorf("regex: %v", problems)
	}
}

// asked answers every question with the same string.
type asked string

func (a asked) answer(int) string { return string(a) }

// Whatever is parsed can be evaluated, and its value survives being written as
// a literal of XPath and read again.
func FuzzExpression(f *testing.F) {
	for _, v := range logicVectors(f) {
		f.Add(v.Expr, "a")
	}
	f.Add("((((", "5")
	f.Add("1 - - - 2 or ${x", "")
	f.Fuzz(func(t *testing.T, source, answer string) {
		e, bad := parseExpression(source, nothingUnknown)
		if bad != nil {
			return
		}
		v := e.eval(asked(answer))
		if v.kind != opNumber || math.IsInf(v.number, 0) || math.IsNaN(v.number) {
			return
		}
		again, bad := parseExpression(fmt.Sprintf("(%s) = %s", source, v.asText()), nothingUnknown)
		if bad != nil {
			if len(source) > maxExpression-400 {
				return
			}
			t.Fatalf("%q: %v", source, bad)
		}
		if !again.eval(asked(answer)).asTruth() {
			t.Errorf("%q is %s, but not equal to it", source, v.asText())
		}
	})
}

// nothingUnknown resolves every reference to question 0.
var nothingUnknown resolver = func(string) (int, *fault.Problem) { return 0, nil }
