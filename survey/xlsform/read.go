package xlsform

import (
	"slices"
	"strings"

	"hailong/fault"
	"hailong/survey"
)

// reader assembles a questionnaire and remembers where its parts stood.
type reader struct {
	survey, choices, settings table
	language                  string // the default
	q                         survey.Questionnaire
	questions, groups         []row            // by index
	lists                     map[string][]row // choices by list
	used                      map[string]bool  // lists
	questionLists             []string         // by question
	room                      int              // choices that questions may still offer
	open                      []int            // groups around the row at hand
	problems                  []fault.Problem
}

// assemble makes the questionnaire of the sheets.
func assemble(sheets []sheet, choices int) (survey.Questionnaire, []fault.Problem) {
	r := reader{lists: map[string][]row{}, used: map[string]bool{}, room: choices}
	r.take(sheets)
	if len(r.survey.rows) == 0 {
		r.report(fault.P("xlsform.no_survey"), fault.Place{Sheet: surveySheet})
		return r.q, r.problems
	}
	r.readSettings()
	r.readLists()
	for _, row := range r.survey.entries() {
		r.readRow(row)
	}
	for _, g := range r.open {
		r.report(fault.P("xlsform.group_open", "group", string(r.q.Groups[g].ID)), r.groups[g].place("type"))
	}
	for _, row := range r.choices.entries() {
		if list := row.cell("list_name"); list != "" && !r.used[list] {
			r.used[list] = true // once a list
			r.report(fault.P("xlsform.list_unused", "list", list).Warn(), row.place("list_name"))
		}
	}
	r.compile()
	return r.q, r.problems
}

func (r *reader) report(p fault.Problem, place fault.Place) {
	r.problems = append(r.problems, p.At(place))
}

// take finds the three sheets. Sheets that other programs would read are
// refused, notes and the like reported.
func (r *reader) take(sheets []sheet) {
	for _, s := range sheets {
		t, problems := newTable(s)
		switch t.name {
		case surveySheet:
			r.survey = t
		case choicesSheet:
			r.choices = t
		case settingsSheet:
			r.settings = t
		case "external_choices", "entities", "osm":
			problems = []fault.Problem{fault.P("xlsform.sheet_refused", "sheet", s.name).At(fault.Place{Sheet: s.name})}
		default:
			problems = []fault.Problem{fault.P("xlsform.sheet_ignored", "sheet", s.name).At(fault.Place{Sheet: s.name}).Warn()}
		}
		r.problems = append(r.problems, problems...)
	}
}

// readSettings reads what names the form, and its languages.
func (r *reader) readSettings() {
	settings := row{table: &r.settings, number: 2}
	if entries := r.settings.entries(); len(entries) > 0 {
		settings = entries[0]
	}
	r.q.ID = survey.QuestionnaireID(settings.cell("form_id"))
	r.q.Version = settings.cell("version")
	named := settings.cell("default_language")
	r.language = languageCode(named)
	if named != "" && r.language == "" {
		r.report(fault.P("xlsform.language_unclear", "language", named), settings.place("default_language"))
	}
	r.readLanguages()
	r.rejectTwins()
	r.q.Title = settings.labels("form_title", r.language)
	if r.q.Title == nil && r.q.ID != "" {
		r.q.Title = survey.Labels{r.language: string(r.q.ID)}
		r.report(fault.P("xlsform.title_missing", "title", string(r.q.ID)).Warn(), settings.called("form_title"))
	}
}

// readLanguages lists the languages in the order of the columns, the default
// first: the one that the settings name, or that of columns without language
// (Vietnamese), or the first.
func (r *reader) readLanguages() {
	var named []string
	plain := false
	for _, t := range []table{r.survey, r.choices} {
		for _, c := range t.columns {
			if slices.Contains(translated, c.field) {
				plain = plain || c.lang == ""
				named = append(named, c.lang)
			}
		}
	}
	switch {
	case r.language != "":
	case plain || len(named) == 0:
		r.language = "vi"
	default:
		r.language = named[0]
	}
	r.q.Languages = []string{r.language}
	for _, lang := range named {
		if lang != "" && !slices.Contains(r.q.Languages, lang) {
			r.q.Languages = append(r.q.Languages, lang)
		}
	}
}

// rejectTwins reports a column without language beside one that names the
// default language: both would be the same text.
func (r *reader) rejectTwins() {
	for _, t := range []table{r.survey, r.choices, r.settings} {
		for i, c := range t.columns {
			twin := func(o column) bool { return o.field == c.field && o.language(r.language) == c.language(r.language) }
			if slices.Contains(translated, c.field) && slices.ContainsFunc(t.columns[:i], twin) {
				r.report(fault.P("xlsform.column_duplicate", "column", c.title), fault.Place{Sheet: t.name, Row: 1, Column: c.title})
			}
		}
	}
}

// readLists collects the lists of choices.
func (r *reader) readLists() {
	for _, row := range r.choices.entries() {
		list := row.cell("list_name")
		if list == "" {
			r.report(fault.P("xlsform.list_name_missing"), row.place("list_name"))
			continue
		}
		r.lists[list] = append(r.lists[list], row)
	}
}

// noChoices says why a question has no choices.
func (r *reader) noChoices(list string) fault.Problem {
	if r.room < 0 {
		return fault.P("xlsform.too_many_choices", "list", list)
	}
	return fault.P("xlsform.list_unknown", "list", list)
}

// choicesOf makes the choices of a list, none where there is no room for more.
func (r *reader) choicesOf(list string) []survey.Choice {
	if r.room < 0 {
		return nil
	}
	var choices []survey.Choice
	for _, row := range r.lists[list] {
		choices = append(choices, survey.Choice{Value: row.cell("name"), Label: row.labels("label", r.language)})
	}
	return choices
}

// readRow reads one row of the survey sheet by its type.
func (r *reader) readRow(row row) {
	words := strings.Fields(row.cell("type"))
	if len(words) == 0 {
		r.report(fault.P("xlsform.type_missing"), row.place("type"))
		return
	}
	if len(words) > 1 && (words[0] == "begin" || words[0] == "end") { // "begin group" is the older spelling
		words = append([]string{words[0] + "_" + words[1]}, words[2:]...)
	}
	takesList := words[0] == "select_one" || words[0] == "select_multiple"
	kind, known := questionTypes[words[0]]
	switch {
	case words[0] == "begin_group" && len(words) == 1:
		r.beginGroup(row)
	case words[0] == "end_group" && len(words) == 1:
		r.endGroup(row)
	case known && takesList && len(words) == 2, known && !takesList && len(words) == 1:
		r.readQuestion(row, kind, words[1:])
	case known && takesList && len(words) == 1:
		r.report(fault.P("xlsform.list_missing"), row.place("type"))
	default:
		r.report(fault.P("xlsform.type_refused", "type", strings.Join(words, " ")), row.place("type"))
	}
}

var questionTypes = map[string]survey.QuestionKind{
	"select_one": survey.KindSingle, "select_multiple": survey.KindMultiple,
	"integer": survey.KindNumber, "text": survey.KindText, "note": survey.KindNote,
}

// name reads the name of a question or group.
func (r *reader) name(row row) string {
	name := row.cell("name")
	if name == "" {
		r.report(fault.P("xlsform.name_missing"), row.place("name"))
	}
	return name
}

func (r *reader) beginGroup(row row) {
	g := survey.Group{
		ID: survey.GroupID(r.name(row)), Parent: r.group(),
		Label: row.labels("label", r.language), Relevant: row.cell("relevant"),
	}
	for _, field := range []string{"hint", "required", "constraint", "constraint_message"} {
		if row.labels(field, r.language) != nil {
			r.report(fault.P("xlsform.not_for_groups", "column", field), row.place(field))
		}
	}
	r.appearance(row)
	r.open = append(r.open, len(r.q.Groups))
	r.q.Groups, r.groups = append(r.q.Groups, g), append(r.groups, row)
}

func (r *reader) endGroup(row row) {
	name := row.cell("name")
	switch {
	case len(r.open) == 0:
		r.report(fault.P("xlsform.group_end"), row.place("type"))
		return
	case name != "" && survey.GroupID(name) != r.group():
		r.report(fault.P("xlsform.group_mismatch", "group", string(r.group()), "name", name), row.place("name"))
	}
	r.open = r.open[:len(r.open)-1]
}

// group is the innermost open group, or "".
func (r *reader) group() survey.GroupID {
	if len(r.open) == 0 {
		return ""
	}
	return r.q.Groups[r.open[len(r.open)-1]].ID
}

func (r *reader) readQuestion(row row, kind survey.QuestionKind, list []string) {
	q := survey.Question{
		Code: survey.QuestionCode(r.name(row)), Kind: kind, Group: r.group(),
		Label: row.labels("label", r.language), Hint: row.labels("hint", r.language),
		Required: r.required(row), Relevant: row.cell("relevant"), Constraint: row.cell("constraint"),
		ConstraintMessage: row.labels("constraint_message", r.language),
	}
	if r.appearance(row) == "likert" && kind == survey.KindSingle {
		q.Kind = survey.KindRating
	}
	listName := ""
	if len(list) > 0 {
		listName = list[0]
		r.used[listName] = true
		r.room -= len(r.lists[listName])
		if q.Choices = r.choicesOf(listName); q.Choices == nil {
			r.report(r.noChoices(listName), row.place("type"))
		}
	}
	r.q.Questions = append(r.q.Questions, q)
	r.questions, r.questionLists = append(r.questions, row), append(r.questionLists, listName)
}

// required reads yes and no; expressions are refused.
func (r *reader) required(row row) bool {
	switch text := row.cell("required"); strings.ToLower(text) {
	case "", "no", "false", "false()", "0":
		return false
	case "yes", "true", "true()", "1":
		return true
	default:
		r.report(fault.P("xlsform.required", "value", text), row.place("required"))
		return false
	}
}

// appearance returns "likert" for a select_one shown as a scale, which makes it
// a rating; other appearances concern the look alone and are not used.
func (r *reader) appearance(row row) string {
	text := row.cell("appearance")
	if text == "likert" && strings.HasPrefix(row.cell("type"), "select_one") {
		return text
	}
	if text != "" {
		r.report(fault.P("xlsform.appearance_ignored", "appearance", text).Warn(), row.place("appearance"))
	}
	return ""
}
