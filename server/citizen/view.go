package citizen

import (
	"html/template"
	"slices"

	"hailong/fault"
	"hailong/static"
	"hailong/survey"
)

// head is what the form's page says besides its questions; as a value it tells
// whether a rendered page still fits.
type head struct {
	Ref       survey.Ref
	Lang      string // of the questionnaire's texts; the interface follows it
	Title     string
	Asker     string
	Contact   string
	Simulated bool
	Drawn     survey.RoundID // the round whose draw is public; "" if nobody was drawn
}

func newHead(r survey.Round, f *survey.Form, lang string) head {
	h := head{
		Ref: f.Questionnaire().Ref(), Lang: lang, Title: r.Title.In(lang, f.Questionnaire().Languages[0], "vi", "en"),
		Asker: r.Asker, Contact: r.Contact, Simulated: r.Simulated,
	}
	if len(r.Places) > 0 {
		h.Drawn = r.ID
	}
	return h
}

// FormPage is the form: the first screen and the questions.
type FormPage struct {
	head
	Place     string // the counter's name, or that the code is personal
	Languages []Language
	Nodes     []Node
	Logic     template.JS // what the script hides questions by; "" if it never does
	Ballot    string
	Problems  []Problem // of a form that came back
	Assisted  bool
}

// maxListed is how many problems the summary lists: a form sent empty must not
// put its reader's first question seven screens down. The script knows the same
// number.
const maxListed = 5

// Listed are the problems that the summary lists; the others are marked at their
// questions.
func (p FormPage) Listed() []Problem { return p.Problems[:min(len(p.Problems), maxListed)] }

// secondsPerQuestion is what people take to read and answer one, on average.
const secondsPerQuestion = 8

// Minutes is about how long the form takes.
func (p FormPage) Minutes() int { return max(1, (count(p.Nodes)*secondsPerQuestion+30)/60) }

func count(nodes []Node) int {
	n := 0
	for _, node := range nodes {
		switch {
		case node.Group != nil:
			n += count(node.Group.Nodes)
		case node.Question.Kind != survey.KindNote:
			n++
		}
	}
	return n
}

// Language is one choice of the language switch.
type Language struct {
	Tag, Name string
	Current   bool
}

// Problem is one entry of the error summary.
type Problem struct {
	Code  survey.QuestionCode // where it links to; "" for the whole form
	Label string              // the question
	Text  string              // what is wrong with the answer
}

// Node is a group or a question.
type Node struct {
	Group    *Group
	Question *Question
}

// Group is a heading with what stands under it.
type Group struct {
	ID      survey.GroupID
	Heading string
	Level   int // of the heading: 2 and deeper
	Nodes   []Node
}

// Question is one question as it is shown, with what was answered before.
type Question struct {
	Code    survey.QuestionCode
	Kind    survey.QuestionKind
	Label   string
	Hint    string
	Mark    string // a code: that it must, or need not, be answered
	Choices []Choice
	Value   string // of a number or a text
	Problem string
}

// Choice is one answer to pick.
type Choice struct {
	Value, Label string
	Checked      bool
}

// Multiple reports whether several choices may be picked.
func (q *Question) Multiple() bool { return q.Kind == survey.KindMultiple }

// given is what a form that comes back is filled with.
type given struct {
	values   map[survey.QuestionCode][]string
	problems map[survey.QuestionCode]string
}

// viewer builds the nodes of a form in one language.
type viewer struct {
	q    survey.Questionnaire
	lang string
	given
}

func newViewer(f *survey.Form, lang string, g given) viewer {
	return viewer{f.Questionnaire(), lang, g}
}

// text picks the reader's language, else the questionnaire's first.
func (v viewer) text(l survey.Labels) string { return l.In(v.lang, v.q.Languages[0]) }

// nodes puts the questions under their groups, in the order they are asked.
func (v viewer) nodes() []Node {
	var top []Node
	groups := make(map[survey.GroupID]*Group, len(v.q.Groups))
	list := func(id survey.GroupID) *[]Node {
		if g := groups[id]; g != nil {
			return &g.Nodes
		}
		return &top
	}
	byID := make(map[survey.GroupID]survey.Group, len(v.q.Groups))
	for _, g := range v.q.Groups {
		byID[g.ID] = g
	}
	var enter func(id survey.GroupID) *[]Node
	enter = func(id survey.GroupID) *[]Node {
		g, known := byID[id]
		if !known || groups[id] != nil {
			return list(id)
		}
		parent := enter(g.Parent)
		level := 2
		if outer := groups[g.Parent]; outer != nil {
			level = min(outer.Level+1, 6)
		}
		groups[id] = &Group{ID: id, Heading: v.text(g.Label), Level: level}
		*parent = append(*parent, Node{Group: groups[id]})
		return list(id)
	}
	for _, q := range v.q.Questions {
		into := enter(q.Group)
		*into = append(*into, Node{Question: v.question(q)})
	}
	return top
}

func (v viewer) question(q survey.Question) *Question {
	values := v.values[q.Code]
	shown := &Question{
		Code: q.Code, Kind: q.Kind, Label: v.text(q.Label), Hint: v.text(q.Hint),
		Mark: v.mark(q), Problem: v.problems[q.Code],
	}
	for _, choice := range q.Choices {
		shown.Choices = append(shown.Choices, Choice{choice.Value, v.text(choice.Label), slices.Contains(values, choice.Value)})
	}
	if len(values) > 0 && len(q.Choices) == 0 {
		shown.Value = values[0]
	}
	return shown
}

// mark tells the fewer from the more: where most questions must be answered,
// those that need not are marked, and the other way round.
func (v viewer) mark(q survey.Question) string {
	required, asked := 0, 0
	for _, other := range v.q.Questions {
		if other.Kind != survey.KindNote {
			asked++
		}
		if other.Required {
			required++
		}
	}
	switch mostly := 2*required > asked; {
	case mostly && !q.Required:
		return "citizen.optional"
	case !mostly && q.Required:
		return "citizen.required"
	}
	return ""
}

// summary words the problems of a form in the reader's language.
func (v viewer) summary(problems []fault.Problem) []Problem {
	lang := static.ParseLang(v.lang)
	all := make([]Problem, 0, len(problems))
	for _, p := range problems {
		entry := Problem{Text: static.Text(lang, p.Code, v.worded(p)...)}
		if q, known := v.q.Question(survey.QuestionOf(p)); known {
			entry.Code, entry.Label = q.Code, v.text(q.Label)
		}
		all = append(all, entry)
	}
	return all
}

// worded returns the arguments of a problem with labels in the reader's
// language.
func (v viewer) worded(p fault.Problem) []fault.Arg {
	args := make([]fault.Arg, len(p.Args))
	for i, a := range p.Args {
		if labels, ok := a.Value.(survey.Labels); ok {
			a.Value = v.text(labels)
		}
		args[i] = a
	}
	return args
}

// logic is the form's relevance for the page's script. It is made by this
// program, of strings that JSON escaped, so it may stand in the page as it is.
func logic(f *survey.Form) template.JS {
	if rules := f.Logic(); len(rules) > len("[]") && string(rules) != "null" {
		return template.JS(rules)
	}
	return ""
}

// langOf is the language of the questionnaire's texts for a reader who asked
// for one: that one if the questionnaire speaks it, else its first. What the
// phone is set to does not count: many are set to English by those who sold
// them.
func langOf(f *survey.Form, asked string) string {
	if f.Questionnaire().Speaks(asked) {
		return asked
	}
	return f.Questionnaire().Languages[0]
}

// languageNames are the languages' own names, for those that surveys in Việt
// Nam have been translated to; others show their tag.
var languageNames = map[string]string{
	"vi": "Tiếng Việt", "en": "English", "tyz": "Tày", "nut": "Nùng", "mtq": "Mường", "blt": "Thái",
	"hmn": "Hmoob", "ium": "Dao", "km": "ខ្មែរ", "cjm": "Chăm", "jra": "Jrai", "rad": "Êđê", "bdq": "Bahnar", "zh": "中文",
}

// languages lists the switch; a questionnaire of one language needs none.
func languages(f *survey.Form, current string) []Language {
	tags := f.Questionnaire().Languages
	if len(tags) < 2 {
		return nil
	}
	all := make([]Language, 0, len(tags))
	for _, tag := range tags {
		name := languageNames[tag]
		if name == "" {
			name = tag
		}
		all = append(all, Language{tag, name, tag == current})
	}
	return all
}
