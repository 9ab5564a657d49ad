package console

import (
	"cmp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
	"hailong/survey/xlsform"
)

// questionnairesView is the list of published questionnaires.
type questionnairesView struct {
	frame
	Headings  []heading
	Rows      []questionnaireRow
	Pager     pager
	MayImport bool
}

// questionnaireRow is one version of a questionnaire.
type questionnaireRow struct {
	Ref       survey.Ref
	Title     string
	Version   string
	Languages string
	Questions int
	Items     int
}

var questionnairesTemplate = page.New[questionnairesView](source("questionnaires"))

var questionnaireColumns = []column[questionnaireRow]{
	{"title", "console.questionnaires.name", false, func(a, b questionnaireRow) int { return strings.Compare(a.Title, b.Title) }},
	{"version", "console.questionnaires.version", false, func(a, b questionnaireRow) int { return strings.Compare(string(a.Ref), string(b.Ref)) }},
	{"languages", "console.questionnaires.languages", false, nil},
	{"questions", "console.questionnaires.questions", true, func(a, b questionnaireRow) int { return cmp.Compare(a.Questions, b.Questions) }},
	{"items", "console.questionnaires.items", true, func(a, b questionnaireRow) int { return cmp.Compare(a.Items, b.Items) }},
}

func (c *Console) questionnaires(v *visit) error {
	published, err := c.Questionnaires.Questionnaires(v.ctx())
	if err != nil {
		return err
	}
	rows := make([]questionnaireRow, len(published))
	for i, q := range published {
		rows[i] = newQuestionnaireRow(q, v.lang)
	}
	w := v.view()
	view := questionnairesView{frame: v.frame("console.questionnaires.title"), MayImport: account.Permits(v.user.Role, account.ImportQuestionnaire)}
	view.Headings = arrange(w, rows, questionnaireColumns)
	view.Rows, view.Pager = paginate(w, rows)
	return questionnairesTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func newQuestionnaireRow(q survey.Questionnaire, lang static.Lang) questionnaireRow {
	r := questionnaireRow{
		Ref: q.Ref(), Title: q.Title.In(string(lang), q.Languages...), Version: q.Version,
		Languages: strings.Join(q.Languages, ", "), Items: len(q.Ratings()),
	}
	for _, question := range q.Questions {
		if question.Kind != survey.KindNote {
			r.Questions++
		}
	}
	return r
}

// questionnaireView shows one questionnaire, published or about to be, as its
// readers will get it, with the codes and rules that they do not see.
type questionnaireView struct {
	Head   questionnaireRow
	Groups []groupView
}

// groupView is a run of questions of one group.
type groupView struct {
	Label     string
	Relevant  string
	Questions []questionView
}

// questionView is one question.
type questionView struct {
	Code       survey.QuestionCode
	Kind       survey.QuestionKind
	Label      string
	Hint       string
	Choices    []string
	Required   bool
	Relevant   string
	Constraint string
}

func newQuestionnaireView(q survey.Questionnaire, lang static.Lang) questionnaireView {
	text := func(l survey.Labels) string { return l.In(string(lang), q.Languages...) }
	groups := map[survey.GroupID]survey.Group{}
	for _, g := range q.Groups {
		groups[g.ID] = g
	}
	view := questionnaireView{Head: newQuestionnaireRow(q, lang)}
	var last survey.GroupID
	for i, question := range q.Questions {
		if i == 0 || question.Group != last {
			g := groups[question.Group]
			view.Groups = append(view.Groups, groupView{Label: groupLabel(groups, g, text), Relevant: g.Relevant})
			last = question.Group
		}
		run := &view.Groups[len(view.Groups)-1]
		run.Questions = append(run.Questions, newQuestionView(question, text))
	}
	return view
}

// groupLabel is the label of a group with those of the groups above it.
func groupLabel(groups map[survey.GroupID]survey.Group, g survey.Group, text func(survey.Labels) string) string {
	label := text(g.Label)
	if parent, ok := groups[g.Parent]; ok && g.Parent != "" && g.Parent != g.ID {
		return groupLabel(groups, parent, text) + " › " + label
	}
	return label
}

func newQuestionView(q survey.Question, text func(survey.Labels) string) questionView {
	v := questionView{
		Code: q.Code, Kind: q.Kind, Label: text(q.Label), Hint: text(q.Hint),
		Required: q.Required, Relevant: q.Relevant, Constraint: q.Constraint,
	}
	for _, choice := range q.Choices {
		v.Choices = append(v.Choices, text(choice.Label))
	}
	return v
}

// publishedView is the page of one published questionnaire.
type publishedView struct {
	frame
	questionnaireView
}

var questionnaireTemplate = page.New[publishedView](sourceWith("questionnaire", "console/questionnaire/questions.html"))

func (c *Console) questionnaire(v *visit) error {
	q, err := c.Questionnaires.Questionnaire(v.ctx(), survey.Ref(v.param("ref")))
	if err != nil {
		return err
	}
	view := publishedView{v.frame("console.questionnaire.title"), newQuestionnaireView(q, v.lang)}
	view.About = view.Head.Title
	return questionnaireTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// questionnaireImportView is the page of an import of a questionnaire.
type questionnaireImportView struct {
	frame
	filePreview
	questionnaireView
}

// Tables reports whether CSV is taken too: an XLSForm is a workbook.
func (questionnaireImportView) Tables() bool { return false }

var questionnaireImportTemplate = page.New[questionnaireImportView](sourceWith("questionnaireimport", "console/questionnaire/questions.html"))

func (c *Console) importQuestionnairePage(v *visit) error {
	return questionnaireImportTemplate.Send(v.Ctx, fiber.StatusOK, v.lang,
		questionnaireImportView{frame: v.frame("console.questionnaire_import.title")})
}

// previewQuestionnaire is the dry run: it stores nothing but the file.
func (c *Console) previewQuestionnaire(v *visit) error {
	digest, err := c.keepUpload(v)
	if err != nil {
		var errs fieldErrors
		if !errs.from("file", err) {
			return err
		}
		view := questionnaireImportView{frame: v.frame("console.questionnaire_import.title")}
		view.Errors = errs
		return questionnaireImportTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
	}
	q, problems := xlsform.Read(v.form.file.data, xlsform.DefaultLimits)
	view := questionnaireImportView{
		frame: v.frame("console.questionnaire_import.title"), filePreview: filePreview{File: v.form.file.name, Upload: digest},
	}
	return showQuestionnaire(v, view, q, problems)
}

// showQuestionnaire answers with the preview, or with what is wrong with the form.
func showQuestionnaire(v *visit, view questionnaireImportView, q survey.Questionnaire, problems []fault.Problem) error {
	status := fiber.StatusOK
	view.sortProblems(problems)
	if len(view.Problems) > 0 {
		status = fiber.StatusUnprocessableEntity
		view.Errors = fieldErrors{{"problems", fault.P("console.import.stopped", "problems", len(view.Problems)+view.More)}}
	} else {
		view.questionnaireView = newQuestionnaireView(q, v.lang)
	}
	return questionnaireImportTemplate.Send(v.Ctx, status, v.lang, view)
}

// publishQuestionnaire publishes what the preview showed, read again from the
// file. A version that is published is never replaced.
func (c *Console) publishQuestionnaire(v *visit) error {
	file, err := c.keptUpload(v)
	if err != nil {
		return err
	}
	q, problems := xlsform.Read(file.data, xlsform.DefaultLimits)
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return err
	}
	rec := v.record(account.ImportQuestionnaire, string(q.Ref()), "file", v.form.value("upload"))
	if err := c.Questionnaires.AddQuestionnaire(v.ctx(), rec, q); fault.Is(err, fault.Conflict) {
		taken := fault.P("console.questionnaire_import.taken", "ref", string(q.Ref())).At(fault.Place{File: file.name})
		view := questionnaireImportView{
			frame: v.frame("console.questionnaire_import.title"), filePreview: filePreview{File: file.name, Upload: v.form.value("upload")},
		}
		return showQuestionnaire(v, view, q, append(problems, taken))
	} else if err != nil {
		return err
	}
	return v.done("/questionnaires", "questionnaire_published")
}
