package xlsform

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
	"hailong/survey"
)

// Write makes the workbook of a questionnaire that compiles, such that Read
// gives the same questionnaire again. Every cell is a string, so nothing in it
// can become a formula or lose a leading zero. Errors are of kind Invalid when
// the questionnaire does not compile.
func Write(q survey.Questionnaire) ([]byte, error) {
	if _, problems := survey.Compile(q); fault.Of(fault.Invalid, problems) != nil {
		return nil, fault.Of(fault.Invalid, problems)
	}
	w := writer{q: q}
	sheets := []sheet{w.survey(), w.choices(), w.settings()} // in this order: the first collects the lists
	book := excelize.NewFile()
	if err := fill(book, sheets); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "internal")
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "internal")
	}
	return data.Bytes(), book.Close()
}

// languageNames are how languages call themselves, for the titles of columns.
// Those that are not listed are called by their code.
var languageNames = map[string]string{
	"vi": "Tiếng Việt", "en": "English", "tyz": "Tày", "nut": "Nùng", "km": "ភាសាខ្មែរ", "zh": "中文",
	"hmn": "Hmoob", "mtq": "Mường", "cjm": "Chăm", "jra": "Jarai", "rad": "Êđê", "bdq": "Bahnar",
}

// languageTitle is a language as XLSForm writes it: "Tiếng Việt (vi)".
func languageTitle(lang string) string {
	if name, ok := languageNames[lang]; ok {
		return name + " (" + lang + ")"
	}
	return lang + " (" + lang + ")"
}

// writer turns a questionnaire into sheets.
type writer struct {
	q     survey.Questionnaire
	lists []list
}

// list is a list of choices, shared by all questions that offer the same.
type list struct {
	name    string
	choices []survey.Choice
}

// listOf names the list of a question's choices: "rating" for scales, else
// after the first question that uses it.
func (w *writer) listOf(question survey.Question) string {
	for _, l := range w.lists {
		if reflect.DeepEqual(l.choices, question.Choices) {
			return l.name
		}
	}
	name := string(question.Code)
	if question.Kind == survey.KindRating {
		name = "rating"
	}
	w.lists = append(w.lists, list{w.free(name), question.Choices})
	return w.lists[len(w.lists)-1].name
}

// free returns the name, numbered if a list has it already.
func (w *writer) free(name string) string {
	free := name
	for n := 2; slices.ContainsFunc(w.lists, func(l list) bool { return l.name == free }); n++ {
		free = name + "_" + strconv.Itoa(n)
	}
	return free
}

// titles repeats a translated column for every language.
func (w *writer) titles(field string) []string {
	var all []string
	for _, lang := range w.q.Languages {
		all = append(all, field+"::"+languageTitle(lang))
	}
	return all
}

// texts lists labels in the order of titles.
func (w *writer) texts(labels survey.Labels) []string {
	var all []string
	for _, lang := range w.q.Languages {
		all = append(all, labels[lang])
	}
	return all
}

func (w *writer) survey() sheet {
	s := sheet{name: surveySheet, rows: [][]string{slices.Concat(
		[]string{"type", "name"}, w.titles("label"), w.titles("hint"),
		[]string{"required", "relevant", "constraint"}, w.titles("constraint_message"), []string{"appearance"})}}
	var open []survey.GroupID
	for _, question := range w.q.Questions {
		around := w.around(question.Group)
		for len(open) > 0 && (len(open) > len(around) || around[len(open)-1].ID != open[len(open)-1]) {
			s.rows = append(s.rows, []string{"end_group"})
			open = open[:len(open)-1]
		}
		for _, g := range around[len(open):] {
			begin := slices.Concat([]string{"begin_group", string(g.ID)}, w.texts(g.Label), w.texts(nil), []string{"", g.Relevant})
			s.rows = append(s.rows, begin)
			open = append(open, g.ID)
		}
		s.rows = append(s.rows, w.question(question))
	}
	for range open {
		s.rows = append(s.rows, []string{"end_group"})
	}
	return s
}

// around lists the groups around a question, outermost first.
func (w *writer) around(id survey.GroupID) []survey.Group {
	var groups []survey.Group
	for id != "" {
		i := slices.IndexFunc(w.q.Groups, func(g survey.Group) bool { return g.ID == id })
		groups = append([]survey.Group{w.q.Groups[i]}, groups...)
		id = w.q.Groups[i].Parent
	}
	return groups
}

func (w *writer) question(q survey.Question) []string {
	kind, required, appearance := map[survey.QuestionKind]string{
		survey.KindRating: "select_one", survey.KindSingle: "select_one", survey.KindMultiple: "select_multiple",
		survey.KindNumber: "integer", survey.KindText: "text", survey.KindNote: "note",
	}[q.Kind], "", ""
	if len(q.Choices) > 0 {
		kind += " " + w.listOf(q)
	}
	if q.Required {
		required = "yes"
	}
	if q.Kind == survey.KindRating {
		appearance = "likert"
	}
	return slices.Concat([]string{kind, string(q.Code)}, w.texts(q.Label), w.texts(q.Hint),
		[]string{required, q.Relevant, q.Constraint}, w.texts(q.ConstraintMessage), []string{appearance})
}

func (w *writer) choices() sheet {
	s := sheet{name: choicesSheet, rows: [][]string{append([]string{"list_name", "name"}, w.titles("label")...)}}
	for _, l := range w.lists {
		for _, choice := range l.choices {
			s.rows = append(s.rows, append([]string{l.name, choice.Value}, w.texts(choice.Label)...))
		}
	}
	return s
}

// settings writes the title once a language; other programs read the first.
func (w *writer) settings() sheet {
	titles := append([]string{"form_title"}, w.titles("form_title")[1:]...)
	return sheet{name: settingsSheet, rows: [][]string{
		append(titles, "form_id", "version", "default_language"),
		append(w.texts(w.q.Title), string(w.q.ID), w.q.Version, languageTitle(w.q.Languages[0])),
	}}
}

// fill writes the sheets as strings, with a bold first row that stays in view.
func fill(book *excelize.File, sheets []sheet) error {
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := book.SetSheetName("Sheet1", sheets[0].name); err != nil {
		return err
	}
	for _, s := range sheets {
		if _, err := book.NewSheet(s.name); err != nil { // one that exists is kept
			return err
		}
		for i, cells := range s.rows {
			if err := writeRow(book, s.name, i+1, cells); err != nil {
				return err
			}
		}
		if err := dress(book, s.name, bold); err != nil {
			return err
		}
	}
	return nil
}

// escaped is text that Excel would read as an escaped character.
var escaped = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

func writeRow(book *excelize.File, sheet string, number int, cells []string) error {
	for i, text := range cells {
		if text == "" {
			continue
		}
		name, err := excelize.CoordinatesToCellName(i+1, number)
		if err != nil {
			return err
		}
		if err := book.SetCellStr(sheet, name, escaped.ReplaceAllString(text, "_x005F_$1")); err != nil {
			return err
		}
	}
	return nil
}

// dress makes a sheet pleasant to edit.
func dress(book *excelize.File, sheet string, bold int) error {
	if err := book.SetRowStyle(sheet, 1, 1, bold); err != nil {
		return err
	}
	if err := book.SetColWidth(sheet, "A", "Z", 28); err != nil {
		return err
	}
	return book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}
