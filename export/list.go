package export

import (
	"io"

	"hailong/static"
	"hailong/survey"
)

// VillageList is what an officer takes into a village: who was drawn, and who
// stands in reserve, each in drawn order. It never holds codes.
type VillageList struct {
	Round     survey.Labels // the round's title
	Asker     string
	Province  string
	Commune   string
	Village   string
	Receipt   string // digest of the receipt of the draw
	Simulated bool
	Main      []ListRow
	Reserve   []ListRow
}

// ListRow is one person of a village list.
type ListRow struct {
	Name      string
	BirthYear int    // 0 for unknown
	Sex       string // as in the list
	Address   string // household or address
	Note      string
}

// listColumns are the columns of a village list with their widths in
// characters; together they fill the width of an A4 sheet.
var listColumns = []column{
	{code: "list_number", width: 6}, {code: "list_name", width: 28}, {code: "list_birth_year", width: 10}, {code: "list_sex", width: 10}, {code: "list_address", width: 34}, {code: "list_note", width: 20},
}

// ListXLSX writes the list of one village as a workbook of two sheets, the
// official list and the reserve, ready to print.
func ListXLSX(w io.Writer, lang static.Lang, list VillageList) error {
	b, err := newBook(lang, list.Simulated)
	if err != nil {
		return err
	}
	defer b.close()
	for _, part := range []struct {
		sheet, title string
		rows         []ListRow
	}{{"list_main", "list_main_title", list.Main}, {"list_reserve", "list_reserve_title", list.Reserve}} {
		if err := b.listSheet(list, part.sheet, part.title, part.rows); err != nil {
			return err
		}
	}
	return b.write(w)
}

func (b *book) listSheet(list VillageList, sheet, title string, rows []ListRow) error {
	t := b.sheet(sheetLayout{name: text(b.lang, sheet), columns: listColumns,
		heading: []string{text(b.lang, title), labelsIn(list.Round, b.lang)},
		facts: []string{
			text(b.lang, "list_place", "village", list.Village, "commune", list.Commune, "province", list.Province),
			text(b.lang, "list_asker", "asker", list.Asker),
			text(b.lang, "list_receipt", "count", len(rows), "digest", shortDigest(list.Receipt)),
		}})
	for i, row := range rows {
		born := b.blank()
		if row.BirthYear > 0 {
			born = b.whole(row.BirthYear)
		}
		t.row(b.whole(i+1), b.words(row.Name), born, b.words(row.Sex), b.words(row.Address), b.words(row.Note))
	}
	return t.end()
}
