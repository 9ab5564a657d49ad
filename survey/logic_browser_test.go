package survey

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// browserCase is one evaluation with what the server makes of it; values stand
// in the order of the choices, as on the page.
type browserCase struct {
	Steps    json.RawMessage           `json:"steps"`
	Answers  map[QuestionCode][]string `json:"answers"`
	Relevant map[QuestionCode]bool     `json:"relevant"`
	Broken   []QuestionCode            `json:"broken"`
}

// newBrowserCase takes the server's word on relevance and broken constraints.
func newBrowserCase(form *Form, answers map[QuestionCode][]string) browserCase {
	c := browserCase{Steps: form.Logic(), Answers: answers, Relevant: form.Relevant(NewAnswers(answers)), Broken: []QuestionCode{}}
	_, problems := form.Check(FieldsOf(answers))
	for _, p := range problems {
		if p.Code == "answer.constraint" {
			c.Broken = append(c.Broken, QuestionOf(p))
		}
	}
	return c
}

// groupedForm nests groups that can vanish, and a question that depends on one
// inside.
func groupedForm() Questionnaire {
	q := logicForm("${n} > 2 and ${inner} = 'a'", "string-length(.) > ${n}")
	q.Groups = []Group{
		{ID: "outer", Relevant: "selected(${m}, 'a')"}, {ID: "middle", Parent: "outer"},
		{ID: "deep", Parent: "middle", Relevant: "${s} != ${t}"}, {ID: "apart"},
	}
	inner := Question{Code: "inner", Kind: KindText, Label: Labels{"vi": "x"}, Group: "deep", Constraint: "not(. = ${s})"}
	plain := Question{Code: "plain", Kind: KindText, Label: Labels{"vi": "x"}, Group: "middle"}
	apart := Question{Code: "alone", Kind: KindText, Label: Labels{"vi": "x"}, Group: "apart"}
	q.Questions = slices.Insert(q.Questions, 4, inner, plain, apart)
	return q
}

// randomAnswers answers each question or not; the numbers are numbers and the
// choices are choices, so that only constraints can be broken.
func randomAnswers(r *rand.Rand) map[QuestionCode][]string {
	answers := map[QuestionCode][]string{}
	for _, code := range []QuestionCode{"s", "t", "inner", "plain", "last"} {
		if word := []string{"", "a", "b", " abc "}[r.IntN(4)]; word != "" {
			answers[code] = []string{word}
		}
	}
	if n := r.IntN(5); n > 0 {
		answers["n"] = []string{string(rune('0' + n))}
	}
	for _, choice := range []string{"c", "a", "b", "1"} { // in the order of the form
		if r.IntN(2) == 0 {
			answers["m"] = append(answers["m"], choice)
		}
	}
	return answers
}

// driver runs the browser's evaluator over the cases, both from standard input,
// and prints every difference.
const driver = `
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
require("vm").runInThisContext(input.script);
for (const c of input.cases) {
  const got = hailongLogic(c.steps, code => c.answers[code] || []);
  const steps = c.steps.filter(s => !s.g).map(s => s.n);
  const wrong = steps.filter(n => got.relevant[n] !== c.relevant[n]);
  if (wrong.length > 0 || steps.length === 0 || JSON.stringify(got.broken) !== JSON.stringify(c.broken)) {
    console.log(JSON.stringify({steps: c.steps, answers: c.answers, wrong, broken: got.broken, want: c.broken}));
  }
}`

func TestBrowserEvaluatesAsTheServerDoes(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("HAILONG_CI") == "1" {
			t.Fatal("node is not installed; it runs the browser's evaluator")
		}
		t.Skip("node is not installed; the browser's evaluator is not checked here")
	}
	var cases []browserCase
	for _, v := range logicVectors(t) {
		answers := v.Answers
		if v.Self != "" {
			answers["last"] = []string{v.Self}
		}
		order := []string{"c", "a", "b", "1"}
		slices.SortFunc(answers["m"], func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
		cases = append(cases, newBrowserCase(v.form(t), answers))
	}
	form, problems := Compile(groupedForm())
	if form == nil {
		t.Fatal(problems)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		cases = append(cases, newBrowserCase(form, randomAnswers(r)))
	}
	script, err := os.ReadFile("../static/shared/logic.js")
	if err != nil {
		t.Fatal(err)
	}
	input, err := json.Marshal(map[string]any{"script": string(script), "cases": cases})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "-e", driver)
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%.3000s", err, out)
	}
}

func TestLogicOfAFormWithoutConditionsIsEmpty(t *testing.T) {
	form, problems := Compile(logicForm("", ""))
	if form == nil || string(form.Logic()) != "[]" {
		t.Errorf("%s %v", form.Logic(), problems)
	}
	form, _ = Compile(logicForm("${s} = '</script>'", ". < 3"))
	want := `[{"n":"last","r":["=",["$","s"],"\u003c/script\u003e"],"c":["\u003c",["$","last"],3]}]`
	if string(form.Logic()) != want {
		t.Errorf("%s", form.Logic())
	}
}
