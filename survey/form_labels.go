package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"hailong/fault"
)

// MaxLabel is how many characters one label may have; a cell of a spreadsheet
// holds some more.
const MaxLabel = 8000

// text is one set of labels of a questionnaire with its place and owner.
type text struct {
	labels Labels
	spot   Spot
	owner  string // the question, choice, group or questionnaire, for the reader
	must   bool   // an empty one stops the work
}

// texts lists every label of the questionnaire in order.
func (c *compiler) texts() []text {
	q := c.form.questionnaire
	all := []text{{q.Title, formSpot("title"), string(q.ID), true}}
	for i, group := range q.Groups {
		all = append(all, text{group.Label, groupSpot(i, "label"), string(group.ID), false})
	}
	for i, question := range q.Questions {
		owner := string(question.Code)
		all = append(all, text{question.Label, questionSpot(i, "label"), owner, true})
		all = append(all, text{question.Hint, questionSpot(i, "hint"), owner, false})
		all = append(all, text{question.ConstraintMessage, questionSpot(i, "constraint_message"), owner, false})
		for n, choice := range question.Choices {
			all = append(all, text{choice.Label, choiceSpot(i, n, "label"), fmt.Sprintf("%s=%s", owner, choice.Value), true})
		}
	}
	return all
}

// translations checks that every text exists in the default language, and warns
// once a language about texts that it lacks: readers then see the default.
func (c *compiler) translations() {
	languages := c.form.questionnaire.Languages
	if len(languages) == 0 {
		return
	}
	texts := c.texts()
	for _, t := range texts {
		if t.labels[languages[0]] == "" && (t.must || len(t.labels) > 0) {
			c.report(fault.P("form.label_empty", "name", t.owner, "language", languages[0]), t.in(languages[0]))
		}
		for _, lang := range slices.Sorted(maps.Keys(t.labels)) {
			c.label(t, lang)
		}
	}
	for _, lang := range languages[1:] {
		lacks := slices.DeleteFunc(slices.Clone(texts), func(t text) bool { return len(t.labels) == 0 || t.labels[lang] != "" })
		if len(lacks) > 0 {
			c.report(fault.P("form.language_incomplete", "language", lang, "count", len(lacks), "name", lacks[0].owner).Warn(), lacks[0].in(lang))
		}
	}
}

// in is the spot of the text in one language.
func (t text) in(lang string) Spot {
	t.spot.Language = lang
	return t.spot
}

// label checks one text in one language.
func (c *compiler) label(t text, lang string) {
	label := t.labels[lang]
	switch {
	case !slices.Contains(c.form.questionnaire.Languages, lang):
		c.report(fault.P("form.label_language", "name", t.owner, "language", lang), t.in(lang))
	case utf8.RuneCountInString(label) > MaxLabel:
		c.report(fault.P("form.label_long", "name", t.owner, "limit", MaxLabel), t.in(lang))
	case !utf8.ValidString(label) || strings.ContainsFunc(label, forbidden):
		c.report(fault.P("form.label_characters", "name", t.owner), t.in(lang))
	}
}
