package survey

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hailong/fault"
)

// MaxText is how many characters one free text may have.
const MaxText = 2000

// maxUnknown is how many unknown codes of one sending are reported.
const maxUnknown = 10

// pass is one walk over the questions in order, in which relevance is decided
// by the answers before. Only relevant questions have values in it, so that an
// answer that vanished counts as empty wherever it is referred to.
type pass struct {
	form   *Form
	values [][]string // by question
	groups []bool     // relevance of the groups begun
	begun  int        // how many groups have begun
}

func (f *Form) newPass(values [][]string) pass {
	return pass{form: f, values: values, groups: make([]bool, len(f.groups))}
}

// relevant decides whether question i is relevant; it is asked for each question
// in order.
func (p *pass) relevant(i int) bool {
	for ; p.begun < len(p.groups) && p.form.groups[p.begun].first <= i; p.begun++ {
		group := p.form.groups[p.begun]
		p.groups[p.begun] = (group.parent < 0 || p.groups[group.parent]) && p.holds(group.relevant)
	}
	q := p.form.questions[i]
	return (q.group < 0 || p.groups[q.group]) && p.holds(q.relevant)
}

// holds evaluates a condition; no condition holds.
func (p *pass) holds(e *expr) bool { return e == nil || e.eval(p).asTruth() }

// answer gives the string of a question to an expression.
func (p *pass) answer(question int) string {
	values := p.values[question]
	switch len(values) {
	case 0:
		return ""
	case 1:
		return values[0]
	}
	var b strings.Builder
	for _, choice := range p.form.questionnaire.Questions[question].Choices {
		if slices.Contains(values, choice.Value) {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(choice.Value)
		}
	}
	return b.String()
}

// Relevant says of every question and note whether it is to be asked, given the
// answers. What is not relevant counts as unanswered for the questions after it;
// a group that is not relevant takes everything inside with it.
func (f *Form) Relevant(given Answers) map[QuestionCode]bool {
	p := f.newPass(make([][]string, len(f.questions)))
	relevant := make(map[QuestionCode]bool, len(f.questions))
	for i := range f.questions {
		code := f.questionnaire.Questions[i].Code
		if relevant[code] = p.relevant(i); relevant[code] {
			p.values[i] = given.Get(code)
		}
	}
	return relevant
}

// Field is one name with one value of a form that was sent.
type Field struct{ Name, Value string }

// FieldsOf returns the fields that send the values of questions.
func FieldsOf(values map[QuestionCode][]string) []Field {
	fields := make([]Field, 0, len(values))
	for code, several := range values {
		for _, value := range several {
			fields = append(fields, Field{string(code), value})
		}
	}
	return fields
}

// Check reads a sent form: a field named by the question's code for each value,
// without the fields that belong to the page. It returns the canonical answers
// to the relevant questions, or, when anything is wrong, no answers and the
// problems in the order of the questions, unknown codes first. Every problem has
// the argument "question", the code as a string; see QuestionOf. Answers to
// questions that are not relevant are dropped: the page may have hidden them
// after they were answered.
func (f *Form) Check(sent []Field) (Answers, []fault.Problem) {
	values, unknown := f.gather(sent)
	p, problems := f.newPass(values), unknownProblems(unknown)
	for i := range f.questions {
		if !p.relevant(i) {
			values[i] = nil // no question before refers to it
		} else if bad := p.check(i); bad != nil {
			problems = append(problems, *bad)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	answers := make(Answers, 0, len(sent))
	for _, i := range f.byCode {
		if len(values[i]) > 0 {
			answers = append(answers, Answer{f.questionnaire.Questions[i].Code, values[i]})
		}
	}
	return answers, nil
}

// gather brings what was sent to the questions, in canonical form, and returns
// the names that are no question's. Nearly every question has one value, so they
// share an array.
func (f *Form) gather(sent []Field) (values [][]string, unknown []string) {
	values = make([][]string, len(f.questions))
	all := make([]string, 0, len(sent))
	for _, field := range sent {
		i, known := f.index[QuestionCode(field.Name)]
		if !known || f.questionnaire.Questions[i].Kind == KindNote {
			unknown = append(unknown, field.Name)
			continue
		}
		value := CanonicalText(field.Value)
		switch {
		case value == "":
		case values[i] == nil:
			all = append(all, value)
			values[i] = all[len(all)-1 : len(all) : len(all)]
		default:
			values[i] = append(values[i], value)
		}
	}
	return values, unknown
}

// check returns what is wrong with the values of question i, which is relevant.
func (p *pass) check(i int) *fault.Problem {
	q := &p.form.questionnaire.Questions[i]
	if len(p.values[i]) == 0 {
		if q.Required {
			return problem("answer.required", "question", string(q.Code))
		}
		return nil
	}
	p.values[i] = sortedOnce(p.values[i])
	if bad := q.accept(p.values[i]); bad != nil {
		return bad
	}
	if !p.holds(p.form.questions[i].constraint) {
		return q.broken()
	}
	return nil
}

// QuestionOf returns the code of the question that a problem concerns, or "".
func QuestionOf(p fault.Problem) QuestionCode {
	for _, a := range p.Args {
		if code, ok := a.Value.(string); ok && a.Name == "question" {
			return QuestionCode(code)
		}
	}
	return ""
}

// unknownProblems reports codes that the questionnaire does not ask for.
func unknownProblems(codes []string) []fault.Problem {
	var problems []fault.Problem
	codes = sortedOnce(codes)
	for _, code := range codes[:min(len(codes), maxUnknown)] {
		problems = append(problems, fault.P("answer.unknown_question", "question", code))
	}
	return problems
}

// broken is the problem of a broken constraint, in the questionnaire's own words
// if it has some: the argument "message" holds the Labels.
func (q *Question) broken() *fault.Problem {
	if len(q.ConstraintMessage) == 0 {
		return problem("answer.constraint", "question", string(q.Code))
	}
	return problem("answer.constraint_message", "question", string(q.Code), "message", q.ConstraintMessage)
}

// accept checks canonical values by the question's kind, and writes numbers and
// line ends in place as they are kept.
func (q *Question) accept(values []string) *fault.Problem {
	if len(values) > 1 && q.Kind != KindMultiple {
		return problem("answer.several", "question", string(q.Code))
	}
	for i, value := range values {
		switch q.Kind {
		case KindRating, KindSingle, KindMultiple:
			if !q.HasChoice(value) {
				return problem("answer.not_a_choice", "question", string(q.Code), "value", value)
			}
		case KindNumber:
			number, ok := wholeNumber(value)
			if !ok {
				return problem("answer.not_a_whole_number", "question", string(q.Code), "value", value)
			}
			values[i] = number
		case KindText:
			text := strings.ReplaceAll(value, "\r\n", "\n")
			if n := utf8.RuneCountInString(text); n > MaxText {
				return problem("answer.too_long", "question", string(q.Code), "limit", MaxText, "length", n)
			}
			if !utf8.ValidString(text) || strings.ContainsFunc(text, forbidden) {
				return problem("answer.characters", "question", string(q.Code))
			}
			values[i] = text
		}
	}
	return nil
}

// forbidden is a control character or one that is none, which no keyboard
// writes and no file keeps.
func forbidden(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF
}

// maxDigits is how many digits a whole number may have: those that a float64,
// and so every statistics program, holds exactly.
const maxDigits = 15

// wholeNumber writes a whole number in decimal without needless signs or zeros.
func wholeNumber(s string) (string, bool) {
	digits := strings.TrimPrefix(s, "-")
	negative := len(digits) < len(s)
	if !negative {
		digits = strings.TrimPrefix(s, "+")
	}
	if digits == "" || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", false
	}
	digits = strings.TrimLeft(digits, "0")
	switch {
	case len(digits) > maxDigits:
		return "", false
	case digits == "":
		return "0", true
	case negative:
		return "-" + digits, true
	}
	return digits, true
}
