package xlsform

import (
	"regexp"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/survey"
)

// dialect is which columns a sheet may have.
type dialect struct {
	used    []string // read; those in translated may name a language
	refused []string // would change the meaning, so no cell may be filled
}

var (
	translated = []string{"label", "hint", "constraint_message", "form_title"}
	aliases    = map[string]string{"relevance": "relevant", "list name": "list_name", "id_string": "form_id", "title": "form_title"}
	media      = []string{"media", "image", "big-image", "audio", "video"}
	dialects   = map[string]dialect{
		surveySheet: {
			used: []string{"type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance"},
			refused: append([]string{
				"calculation", "choice_filter", "default", "repeat_count", "read_only", "readonly",
				"trigger", "parameters", "disabled", "bind", "body", "instance", "save_to",
			}, media...),
		},
		choicesSheet:  {used: []string{"list_name", "name", "label"}, refused: media},
		settingsSheet: {used: []string{"form_title", "form_id", "version", "default_language"}, refused: []string{"public_key"}},
	}
)

// column is one titled column of a sheet.
type column struct {
	title string // as written
	field string // "label" of "label::English (en)"; "" if it is not read
	lang  string // "en"; "" if none is named
}

// table is a sheet with its columns understood.
type table struct {
	name    string
	columns []column
	rows    [][]string // the sheet's rows; the first has the titles
}

// languageInBrackets finds the code in "Tiếng Việt (vi)"; languageAlone is a
// code by itself.
var (
	languageInBrackets = regexp.MustCompile(`\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)$`)
	languageAlone      = regexp.MustCompile(`^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)
)

// languageCode returns the code of a language as XLSForm writes it, or "".
func languageCode(name string) string {
	name = strings.TrimSpace(name)
	if m := languageInBrackets.FindStringSubmatch(name); m != nil {
		primary, rest, _ := strings.Cut(m[1], "-")
		if rest != "" {
			return strings.ToLower(primary) + "-" + rest
		}
		return strings.ToLower(primary)
	}
	if languageAlone.MatchString(name) {
		return name
	}
	return ""
}

// newTable understands the titles of a sheet and reports columns that are not
// read, and filled cells of columns that would change the meaning.
func newTable(s sheet) (table, []fault.Problem) {
	t := table{name: strings.ToLower(strings.TrimSpace(s.name)), rows: s.rows}
	var problems []fault.Problem
	if len(s.rows) == 0 {
		return t, nil
	}
	for i, cell := range s.rows[0] {
		title := survey.CanonicalText(cell)
		c, bad := t.column(title, i)
		t.columns = append(t.columns, c)
		if bad != nil {
			problems = append(problems, bad...)
		}
	}
	return t, problems
}

// column understands the title of the column with the index given.
func (t table) column(title string, index int) (column, []fault.Problem) {
	field, language, named := strings.Cut(title, "::")
	field = strings.ToLower(strings.TrimSpace(field))
	if alias, ok := aliases[field]; ok {
		field = alias
	}
	at := fault.Place{Sheet: t.name, Row: 1, Column: title}
	ignored := column{title: title}
	d := dialects[t.name]
	switch {
	case title == "":
		return ignored, nil
	case slices.Contains(d.refused, field):
		return ignored, t.refuse(title, index)
	case !slices.Contains(d.used, field) || named && !slices.Contains(translated, field):
		return ignored, []fault.Problem{fault.P("xlsform.column_unknown", "column", title).At(at).Warn()}
	}
	c := column{title: title, field: field, lang: languageCode(language)}
	if named && c.lang == "" {
		return ignored, []fault.Problem{fault.P("xlsform.language_unclear", "language", strings.TrimSpace(language)).At(at)}
	}
	if slices.ContainsFunc(t.columns, func(o column) bool { return o.field == c.field && o.lang == c.lang }) {
		return ignored, []fault.Problem{fault.P("xlsform.column_duplicate", "column", title).At(at)}
	}
	return c, nil
}

// refuse reports every filled cell of a column.
func (t table) refuse(title string, index int) []fault.Problem {
	var problems []fault.Problem
	for i, row := range t.rows[1:] {
		if index < len(row) && strings.TrimSpace(row[index]) != "" {
			problems = append(problems, fault.P("xlsform.column_refused", "column", title).At(fault.Place{Sheet: t.name, Row: i + 2, Column: title}))
		}
	}
	return problems
}

// row is one row of a table; number counts from 1 as the spreadsheet does.
type row struct {
	table  *table
	number int
	cells  []string
}

// entries lists the rows below the titles that hold anything.
func (t *table) entries() []row {
	var all []row
	for i, cells := range t.rows {
		if i > 0 && slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			all = append(all, row{t, i + 1, cells})
		}
	}
	return all
}

// at returns a cell as canonical text.
func (r row) at(index int) string {
	if index >= len(r.cells) {
		return ""
	}
	return survey.CanonicalText(strings.ReplaceAll(r.cells[index], "\r\n", "\n"))
}

// cell returns the cell of a field without language.
func (r row) cell(field string) string {
	i := slices.IndexFunc(r.table.columns, func(c column) bool { return c.field == field })
	if i < 0 {
		return ""
	}
	return r.at(i)
}

// labels returns the texts of a translated field, or nil; the column without a
// language is in the default language.
func (r row) labels(field, defaultLanguage string) survey.Labels {
	var labels survey.Labels
	for i, c := range r.table.columns {
		if c.field != field || r.at(i) == "" {
			continue
		}
		if labels == nil {
			labels = survey.Labels{}
		}
		labels[c.language(defaultLanguage)] = r.at(i)
	}
	return labels
}

// language is the language of a translated column.
func (c column) language(defaultLanguage string) string {
	if c.lang == "" {
		return defaultLanguage
	}
	return c.lang
}

// title returns how the sheet calls the column of a field, in the language if
// the field is translated.
func (t table) title(field, lang, defaultLanguage string) string {
	found := field
	for _, c := range t.columns {
		if c.field != field {
			continue
		}
		if lang == "" || c.language(defaultLanguage) == lang {
			return c.title
		}
		found = c.title
	}
	return found
}

// place is where a field of the row stands.
func (r row) place(field string) fault.Place {
	return fault.Place{Sheet: r.table.name, Row: r.number, Column: r.table.title(field, "", "")}
}
