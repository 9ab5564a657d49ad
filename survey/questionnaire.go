package survey

import (
	"slices"
	"strings"
)

// QuestionnaireID names a questionnaire through all its versions.
type QuestionnaireID string

// Ref names one published, immutable version: "sipas@2026.1".
type Ref string

// NewRef joins a questionnaire and its version.
func NewRef(id QuestionnaireID, version string) Ref { return Ref(string(id) + "@" + version) }

// ID is the part of the reference before the "@".
func (r Ref) ID() QuestionnaireID {
	id, _, _ := strings.Cut(string(r), "@")
	return QuestionnaireID(id)
}

// QuestionCode is the stable code of a question: an ASCII letter, then letters,
// digits, underscores or hyphens; never a dot. "ballot" and codes that begin with
// an underscore are fields of the page itself.
type QuestionCode string

// GroupID names a group of questions.
type GroupID string

// Labels is one text in several languages: language code → text.
type Labels map[string]string

// In returns the text in the language, or in the first of the fallbacks that
// has one, or "".
func (l Labels) In(lang string, fallbacks ...string) string {
	for _, candidate := range append([]string{lang}, fallbacks...) {
		if text := l[candidate]; text != "" {
			return text
		}
	}
	return ""
}

// QuestionKind is what kind of answer a question takes.
type QuestionKind string

// The kinds of question.
const (
	KindRating   QuestionKind = "rating"   // one choice on an ordered scale
	KindSingle   QuestionKind = "single"   // one choice
	KindMultiple QuestionKind = "multiple" // any number of choices
	KindNumber   QuestionKind = "number"   // a whole number
	KindText     QuestionKind = "text"     // free text
	KindNote     QuestionKind = "note"     // text shown, nothing asked
)

// Choice is one answer offered by a question.
type Choice struct {
	Value string `json:"value"`
	Label Labels `json:"label"`
}

// Question is one question or note. Relevant and Constraint are expressions in
// the XLSForm language; "" means always relevant and unconstrained.
type Question struct {
	Code              QuestionCode `json:"code"`
	Kind              QuestionKind `json:"kind"`
	Label             Labels       `json:"label"`
	Hint              Labels       `json:"hint,omitempty"`
	Group             GroupID      `json:"group,omitempty"`
	Choices           []Choice     `json:"choices,omitempty"`
	Required          bool         `json:"required,omitempty"`
	Relevant          string       `json:"relevant,omitempty"`
	Constraint        string       `json:"constraint,omitempty"`
	ConstraintMessage Labels       `json:"constraint_message,omitempty"`
}

// HasChoice reports whether value is one of the question's choices.
func (q *Question) HasChoice(value string) bool {
	for i := range q.Choices {
		if q.Choices[i].Value == value {
			return true
		}
	}
	return false
}

// Group is a group of questions or of groups; the groups mirror the index
// (part → element → item).
type Group struct {
	ID       GroupID `json:"id"`
	Parent   GroupID `json:"parent,omitempty"`
	Label    Labels  `json:"label"`
	Relevant string  `json:"relevant,omitempty"`
}

// Questionnaire is one version of a questionnaire, immutable once published.
// Groups stand before their children, questions in the order they are asked.
type Questionnaire struct {
	ID        QuestionnaireID `json:"id"`
	Version   string          `json:"version"`
	Title     Labels          `json:"title"`
	Languages []string        `json:"languages"` // the default first
	Groups    []Group         `json:"groups,omitempty"`
	Questions []Question      `json:"questions"`
}

// Ref returns the reference of this version.
func (q Questionnaire) Ref() Ref { return NewRef(q.ID, q.Version) }

// Question returns the question with the code.
func (q Questionnaire) Question(code QuestionCode) (Question, bool) {
	i := slices.IndexFunc(q.Questions, func(x Question) bool { return x.Code == code })
	if i < 0 {
		return Question{}, false
	}
	return q.Questions[i], true
}

// Ratings returns the codes of the rating questions in order: the items of the
// index.
func (q Questionnaire) Ratings() []QuestionCode {
	var codes []QuestionCode
	for _, question := range q.Questions {
		if question.Kind == KindRating {
			codes = append(codes, question.Code)
		}
	}
	return codes
}

// Speaks reports whether the questionnaire has texts in the language.
func (q Questionnaire) Speaks(lang string) bool { return slices.Contains(q.Languages, lang) }
