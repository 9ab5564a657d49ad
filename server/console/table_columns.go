package console

import (
	"slices"
	"strconv"
	"strings"

	"hailong/conduct"
	"hailong/intake"
)

// columnChoice is the column that holds a field: a letter as in a spreadsheet,
// "-" for none, "" where nobody has said.
type columnChoice struct{ Field, Letter string }

// field is one input of a form that goes along unseen.
type field struct{ Name, Value string }

// readings are the fields by which an officer says how a file is to be read.
// Those about columns fit another file only if it has the same header.
func isReading(name string) bool {
	return name == "sheet" || name == "header" || strings.HasPrefix(name, "col_") || strings.HasPrefix(name, "enc_")
}

// readReading reads how the file is to be read. What is no column is in the
// errors.
func readReading(f form, choosable []string, errs *fieldErrors) conduct.Reading {
	r := conduct.Reading{Sheet: f.value("sheet"), Columns: map[string]int{}, Encodings: map[int]intake.Encoding{}}
	if typed := f.value("header"); typed != "" {
		n, err := strconv.Atoi(typed)
		if err != nil || n < 1 {
			errs.add("header", "intake.header_row", "typed", typed)
		}
		r.HeaderRow = max(n, 0)
	}
	for _, field := range choosable {
		letter := strings.ToUpper(f.value("col_" + field))
		switch column, ok := columnOf(letter); {
		case letter == "":
		case letter == "-":
			r.Columns[field] = -1
		case ok:
			r.Columns[field] = column
		default:
			errs.add("col_"+field, "rounds.list.no_column", "typed", letter)
		}
	}
	for name := range f.values {
		letters, isEncoding := strings.CutPrefix(name, "enc_")
		column, ok := columnOf(letters)
		for _, e := range intake.Encodings {
			if isEncoding && ok && f.value(name) == string(e) {
				r.Encodings[column] = e
			}
		}
	}
	return r
}

// kept are the fields of a form that say which file is meant and how it is read,
// to go along with what the reader does next.
func (t tableTask) kept(f form, seen string) []field {
	fields := []field{{"upload", t.form.Upload}, {"name", t.form.File}, {"seen", seen}}
	add := func(name string) {
		if value := f.value(name); value != "" {
			fields = append(fields, field{name, value})
		}
	}
	for _, name := range slices.Concat([]string{"sheet", "header"}, t.settings) {
		add(name)
	}
	for _, name := range t.fields {
		add("col_" + name)
	}
	for column := range intake.DefaultLimits.Columns {
		add("enc_" + lettersOf(column))
	}
	return fields
}

// forget drops what was said of another file's columns.
func (f form) forget(drop func(name string) bool) {
	for name := range f.values {
		if drop(name) {
			delete(f.values, name)
		}
	}
}

// said reports whether the form says anything of how the file is to be read.
func (f form) said() bool {
	for name := range f.values {
		if isReading(name) && f.value(name) != "" {
			return true
		}
	}
	return false
}

// columnOf is the index of a column by its letters: A is 0, AA is 26.
func columnOf(letters string) (column int, ok bool) {
	for _, r := range letters {
		if r < 'A' || r > 'Z' || len(letters) > 2 {
			return 0, false
		}
		column = 26*column + int(r-'A') + 1
	}
	return column - 1, letters != ""
}

// lettersOf names a column as spreadsheets do.
func lettersOf(column int) string {
	letters := ""
	for column++; column > 0; column = (column - 1) / 26 {
		letters = string(rune('A'+(column-1)%26)) + letters
	}
	return letters
}

// readingForm is what the page offers for choosing how a file is read.
type readingForm struct {
	Sheets  []intake.SheetInfo // empty if there is nothing to choose
	Sheet   string
	Header  string
	Columns []intake.OutlineColumn
	Choices []columnChoice
	Recoded []recodedColumn
}

// recodedColumn is a column with old letters, and how it is read: "" as found.
type recodedColumn struct {
	intake.OutlineColumn
	Chosen intake.Encoding
}

// Encodings are those to choose from, for templates.
func (readingForm) Encodings() []intake.Encoding { return intake.Encodings }

// readingOf makes the form from how the file was read, and what was typed.
func (t tableTask) readingOf(table conduct.Table, f form, r conduct.Reading) readingForm {
	outline := table.Outline
	w := readingForm{Sheet: outline.Sheet, Columns: outline.Columns, Header: f.value("header")}
	if len(table.Sheets) > 1 {
		w.Sheets = table.Sheets
	}
	if w.Header == "" && outline.HeaderRow > 0 {
		w.Header = strconv.Itoa(outline.HeaderRow)
	}
	for _, name := range t.fields {
		choice := columnChoice{Field: name, Letter: strings.ToUpper(f.value("col_" + name))}
		for _, c := range outline.Columns {
			if choice.Letter == "" && c.Field == name {
				choice.Letter = c.Letters
			}
		}
		w.Choices = append(w.Choices, choice)
	}
	for _, c := range outline.Columns {
		chosen := r.Encodings[c.Index]
		if c.Field != "" && (c.Encoding != "" || c.Foreign) || chosen != "" {
			w.Recoded = append(w.Recoded, recodedColumn{c, chosen})
		}
	}
	return w
}
