package survey

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"hailong/fault"
)

// The patterns of the names in a questionnaire. A code may hold no dot, since
// some stores cannot keep one in a key; case does not tell names apart, since
// SPSS and Stata files cannot hold both of such a pair.
var (
	codePattern      = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`)
	formIDPattern    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)
	versionPattern   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`)
	languagePattern  = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	maxChoiceValue   = 64
	kinds            = []QuestionKind{KindRating, KindSingle, KindMultiple, KindNumber, KindText, KindNote}
	kindsWithChoices = []QuestionKind{KindRating, KindSingle, KindMultiple}
)

// identity checks what names the questionnaire.
func (c *compiler) identity() {
	q := c.form.questionnaire
	if !formIDPattern.MatchString(string(q.ID)) {
		c.about("id", fault.P("form.id", "id", string(q.ID)))
	}
	if !versionPattern.MatchString(q.Version) {
		c.about("version", fault.P("form.version", "version", q.Version))
	}
	if len(q.Questions) == 0 {
		c.about("questions", fault.P("form.no_questions"))
	}
}

func (c *compiler) languages() {
	languages := c.form.questionnaire.Languages
	if len(languages) == 0 {
		c.about("languages", fault.P("form.no_language"))
	}
	for i, lang := range languages {
		if !languagePattern.MatchString(lang) || slices.Contains(languages[:i], lang) {
			c.about("languages", fault.P("form.language", "language", lang))
		}
	}
}

// names checks the codes of questions and groups, which share one set of names
// as they do in an XLSForm.
func (c *compiler) names() {
	seen := make(map[string]bool)
	name := func(code string, report func(fault.Problem)) {
		switch folded := strings.ToLower(code); {
		case !codePattern.MatchString(code):
			report(fault.P("form.code", "code", code))
		case folded == "ballot" || strings.HasPrefix(folded, "_"): // fields of the page itself
			report(fault.P("form.code_reserved", "code", code))
		case seen[folded]:
			report(fault.P("form.code_duplicate", "code", code))
		default:
			seen[folded] = true
		}
	}
	for i, group := range c.form.questionnaire.Groups {
		name(string(group.ID), func(p fault.Problem) { c.aboutGroup(i, "id", p) })
	}
	for i, question := range c.form.questionnaire.Questions {
		name(string(question.Code), func(p fault.Problem) { c.aboutQuestion(i, "code", p) })
		if _, twice := c.form.index[question.Code]; !twice {
			c.form.index[question.Code] = i
		}
	}
}

// nesting finds each question's group and each group's first question, and
// checks that the questions of a group stand together and that groups are
// listed in the order in which they begin.
func (c *compiler) nesting() {
	ids := make(map[GroupID]int)
	for i, group := range c.form.questionnaire.Groups {
		parent, known := ids[group.Parent]
		if group.Parent == "" {
			parent = -1
		} else if !known {
			c.aboutGroup(i, "parent", fault.P("form.group_parent", "parent", string(group.Parent)))
			parent = -1
		}
		c.form.groups[i] = formGroup{parent: parent, first: -1}
		ids[group.ID] = i
	}
	var open []int
	for i, question := range c.form.questionnaire.Questions {
		group, known := ids[question.Group]
		if question.Group == "" {
			group = -1
		} else if !known {
			c.aboutQuestion(i, "group", fault.P("form.group_unknown", "group", string(question.Group)))
			group = -1
		}
		c.form.questions[i].group = group
		open = c.enter(i, group, open)
	}
	for i := range c.form.groups {
		if c.form.groups[i].first < 0 {
			c.aboutGroup(i, "id", fault.P("form.group_empty"))
		}
	}
}

// enter moves from the open groups, outermost first, to those around question
// i, and returns them.
func (c *compiler) enter(i, group int, open []int) []int {
	var chain []int
	for g := group; g >= 0; g = c.form.groups[g].parent {
		chain = append(chain, g)
	}
	slices.Reverse(chain)
	for depth, g := range chain {
		if depth < len(open) && open[depth] == g {
			continue
		}
		open = open[:min(depth, len(open))]
		switch {
		case c.form.groups[g].first >= 0:
			c.aboutQuestion(i, "group", fault.P("form.group_scattered", "group", string(c.form.questionnaire.Groups[g].ID)))
		case slices.ContainsFunc(c.form.groups[g+1:], func(later formGroup) bool { return later.first >= 0 }):
			c.aboutGroup(g, "id", fault.P("form.group_order"))
		}
		if c.form.groups[g].first < 0 {
			c.form.groups[g].first = i
		}
	}
	return chain
}

// question checks one question by itself.
func (c *compiler) question(i int) {
	q := c.form.questionnaire.Questions[i]
	if !slices.Contains(kinds, q.Kind) {
		c.aboutQuestion(i, "kind", fault.P("form.kind", "kind", string(q.Kind)))
		return
	}
	takesChoices := slices.Contains(kindsWithChoices, q.Kind)
	if takesChoices && len(q.Choices) == 0 {
		c.aboutQuestion(i, "choices", fault.P("form.choices_missing"))
	}
	if !takesChoices && len(q.Choices) > 0 {
		c.aboutQuestion(i, "choices", fault.P("form.choices_needless"))
	}
	if q.Kind == KindNote && q.Required {
		c.aboutQuestion(i, "required", fault.P("form.note_required"))
	}
	if q.Kind == KindNote && q.Constraint != "" {
		c.aboutQuestion(i, "constraint", fault.P("form.note_constraint"))
	}
	c.choices(i)
}

// choices checks the values of a question's choices.
func (c *compiler) choices(i int) {
	choices := c.form.questionnaire.Questions[i].Choices
	for n, choice := range choices {
		if !choiceValue(choice.Value) {
			c.aboutChoice(i, n, "value", fault.P("form.choice_value", "value", choice.Value, "limit", maxChoiceValue))
		}
		same := func(other Choice) bool { return other.Value == choice.Value }
		if slices.ContainsFunc(choices[:n], same) {
			c.aboutChoice(i, n, "value", fault.P("form.choice_duplicate", "value", choice.Value))
		}
	}
}

// choiceValue reports whether s may stand for a choice: one word of printable
// characters in its canonical form.
func choiceValue(s string) bool {
	odd := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	return s != "" && len(s) <= maxChoiceValue && CanonicalText(s) == s && !strings.ContainsFunc(s, odd)
}
