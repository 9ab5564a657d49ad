package xlsform

import (
	"hailong/fault"
	"hailong/survey"
)

// fieldColumns names the column of a field of a questionnaire where they differ.
var fieldColumns = map[string]string{
	"code": "name", "id": "name", "value": "name", "kind": "type", "group": "type", "parent": "type", "choices": "type",
}

// compile adds the problems that survey.Compile finds, one a cell: a cell that
// the reader has refused already, or a list of choices used by many questions,
// is not reported again.
func (r *reader) compile() {
	seen := make(map[fault.Place]bool)
	for _, p := range r.problems {
		seen[p.Place] = seen[p.Place] || p.Stops()
	}
	_, problems := survey.CompileAt(r.q, r.place)
	for _, p := range problems {
		if !seen[p.Place] {
			seen[p.Place] = p.Stops()
			r.problems = append(r.problems, p)
		}
	}
}

// place finds the cell of a spot.
func (r *reader) place(spot survey.Spot) fault.Place {
	field := spot.Field
	if column, ok := fieldColumns[field]; ok {
		field = column
	}
	switch {
	case spot.Choice >= 0:
		return r.cellOf(r.lists[r.questionLists[spot.Question]][spot.Choice], field, spot.Language)
	case spot.Question >= 0:
		return r.cellOf(r.questions[spot.Question], field, spot.Language)
	case spot.Group >= 0:
		return r.cellOf(r.groups[spot.Group], field, spot.Language)
	}
	settings := row{table: &r.settings, number: 2}
	switch spot.Field {
	case "id":
		return settings.called("form_id")
	case "version":
		return settings.called("version")
	case "title":
		return settings.called("form_title")
	}
	return fault.Place{Sheet: surveySheet}
}

func (r *reader) cellOf(row row, field, lang string) fault.Place {
	return fault.Place{Sheet: row.table.name, Row: row.number, Column: row.table.title(field, lang, r.language)}
}

// called is the place of a setting, also if the sheet is missing.
func (r row) called(field string) fault.Place {
	return fault.Place{Sheet: settingsSheet, Row: r.number, Column: r.table.title(field, "", "")}
}
