package console

import "strings"

// choosable are the fields of a list whose column an officer may name, where
// the header is read wrongly or two columns could be the same.
var choosable = []string{"name", "birth_year", "birth_date", "sex", "household", "address", "village"}

// columnChoice is the column that an officer named for a field: a letter as in
// a spreadsheet, "-" for none, "" to leave it to the header.
type columnChoice struct{ Field, Letter string }

// readChoices reads what was chosen. What is no column is in the errors.
func readChoices(f form, errs *fieldErrors) (choices []columnChoice, override map[string]int) {
	override = map[string]int{}
	for _, field := range choosable {
		letter := strings.ToUpper(f.value("col_" + field))
		choices = append(choices, columnChoice{field, letter})
		switch column, ok := columnOf(letter); {
		case letter == "":
		case letter == "-":
			override[field] = -1
		case ok:
			override[field] = column
		default:
			errs.add("col_"+field, "rounds.list.no_column", "typed", letter)
		}
	}
	return choices, override
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
