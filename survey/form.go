package survey

import (
	"slices"
	"strings"

	"hailong/fault"
)

// Form is a questionnaire made ready to be asked: its rules are checked and its
// expressions parsed. It is immutable and safe for use by many at once. Make
// one with Compile.
type Form struct {
	questionnaire Questionnaire
	index         map[QuestionCode]int
	questions     []formQuestion
	groups        []formGroup // in the order in which they begin
	byCode        []int       // indices of questions, sorted by code
	logic         []byte      // for the browser
}

// formQuestion is what a question's place in the form adds to the question.
type formQuestion struct {
	relevant, constraint *expr // nil when there is none
	group                int   // index of its group, or -1
}

// formGroup is a group with the expression of its relevance.
type formGroup struct {
	relevant *expr // nil when there is none
	parent   int   // index of the group around it, or -1
	first    int   // index of its first question, which relevance may not refer past
}

// Spot points at one part of a questionnaire, so that whoever read it from a
// file can say where a problem lies. Indices that do not apply are -1.
type Spot struct {
	Question, Group, Choice int
	Field                   string // "code", "label", "relevant" …: the field's name in JSON
	Language                string // of a label
}

func formSpot(field string) Spot { return choiceSpot(-1, -1, field) }

func questionSpot(i int, field string) Spot { return choiceSpot(i, -1, field) }

func choiceSpot(i, n int, field string) Spot {
	return Spot{Question: i, Group: -1, Choice: n, Field: field}
}

func groupSpot(i int, field string) Spot {
	return Spot{Question: -1, Group: i, Choice: -1, Field: field}
}

// Compile checks a questionnaire and makes its form. Problems carry the
// argument "question" or "group" where they concern one. The form is nil if any
// problem stops the work; warnings may come with a form.
func Compile(q Questionnaire) (*Form, []fault.Problem) {
	return CompileAt(q, func(Spot) fault.Place { return fault.Place{} })
}

// CompileAt is Compile with a function that gives problems their places.
func CompileAt(q Questionnaire, place func(Spot) fault.Place) (*Form, []fault.Problem) {
	c := compiler{place: place, form: &Form{
		questionnaire: q,
		index:         make(map[QuestionCode]int, len(q.Questions)),
		questions:     make([]formQuestion, len(q.Questions)),
		groups:        make([]formGroup, len(q.Groups)),
	}}
	c.identity()
	c.languages()
	c.names()
	c.nesting()
	for i := range q.Questions {
		c.question(i)
	}
	c.translations()
	c.expressions()
	if slices.ContainsFunc(c.problems, fault.Problem.Stops) {
		return nil, c.problems
	}
	c.form.sortCodes()
	c.form.logic = c.form.encodeLogic()
	return c.form, c.problems
}

// sortCodes prepares the order in which answers are kept.
func (f *Form) sortCodes() {
	f.byCode = make([]int, len(f.questions))
	for i := range f.byCode {
		f.byCode[i] = i
	}
	slices.SortFunc(f.byCode, func(a, b int) int {
		return strings.Compare(string(f.questionnaire.Questions[a].Code), string(f.questionnaire.Questions[b].Code))
	})
}

// Questionnaire returns what the form was made from. It must not be changed.
func (f *Form) Questionnaire() Questionnaire { return f.questionnaire }

// Question returns the question with the code.
func (f *Form) Question(code QuestionCode) (Question, bool) {
	i, ok := f.index[code]
	if !ok {
		return Question{}, false
	}
	return f.questionnaire.Questions[i], true
}

// compiler collects the problems of a questionnaire while its form is made.
type compiler struct {
	form     *Form
	place    func(Spot) fault.Place
	problems []fault.Problem
}

func (c *compiler) report(p fault.Problem, spot Spot) {
	c.problems = append(c.problems, p.At(c.place(spot)))
}

// about reports a problem of the whole questionnaire.
func (c *compiler) about(field string, p fault.Problem) { c.report(p, formSpot(field)) }

// aboutQuestion reports a problem of a question and names it.
func (c *compiler) aboutQuestion(i int, field string, p fault.Problem) {
	c.report(c.naming(i, p), questionSpot(i, field))
}

// aboutChoice reports a problem of choice n of a question and names the question.
func (c *compiler) aboutChoice(i, n int, field string, p fault.Problem) {
	c.report(c.naming(i, p), choiceSpot(i, n, field))
}

// naming adds the code of a question to a problem.
func (c *compiler) naming(i int, p fault.Problem) fault.Problem {
	p.Args = append(p.Args, fault.Arg{Name: "question", Value: string(c.form.questionnaire.Questions[i].Code)})
	return p
}

// aboutGroup reports a problem of a group and names it.
func (c *compiler) aboutGroup(i int, field string, p fault.Problem) {
	p.Args = append(p.Args, fault.Arg{Name: "group", Value: string(c.form.questionnaire.Groups[i].ID)})
	c.report(p, groupSpot(i, field))
}

// expressions parses relevance and constraints.
func (c *compiler) expressions() {
	for i, group := range c.form.questionnaire.Groups {
		if group.Relevant == "" || c.form.groups[i].first < 0 {
			continue
		}
		e, bad := parseExpression(group.Relevant, c.resolver(c.form.groups[i].first, -1))
		if bad != nil {
			c.aboutGroup(i, "relevant", *bad)
		}
		c.form.groups[i].relevant = e
	}
	for i, question := range c.form.questionnaire.Questions {
		if question.Relevant != "" {
			c.form.questions[i].relevant = c.expression(i, "relevant", question.Relevant, c.resolver(i, -1))
		}
		if question.Constraint != "" {
			c.form.questions[i].constraint = c.expression(i, "constraint", question.Constraint, c.resolver(i, i))
		}
	}
}

func (c *compiler) expression(i int, field, source string, resolve resolver) *expr {
	e, bad := parseExpression(source, resolve)
	if bad != nil {
		c.aboutQuestion(i, field, *bad)
	}
	return e
}

// resolver lets an expression refer to the questions before one, and to itself
// by ${code} or . if self is its index. So there are no cycles, and whoever
// answers from top to bottom never sees an answered question vanish.
func (c *compiler) resolver(before, self int) resolver {
	return func(name string) (int, *fault.Problem) {
		if name == "" {
			if self < 0 {
				return 0, problem("form.reference_self")
			}
			return self, nil
		}
		i, ok := c.form.index[QuestionCode(name)]
		switch {
		case !ok && c.isGroup(name):
			return 0, problem("form.reference_group", "reference", name)
		case !ok:
			return 0, problem("form.reference_unknown", "reference", name)
		case c.form.questionnaire.Questions[i].Kind == KindNote:
			return 0, problem("form.reference_note", "reference", name)
		case i >= before && i != self:
			return 0, problem("form.reference_later", "reference", name)
		}
		return i, nil
	}
}

func (c *compiler) isGroup(name string) bool {
	return slices.ContainsFunc(c.form.questionnaire.Groups, func(g Group) bool { return string(g.ID) == name })
}
