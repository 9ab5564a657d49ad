package export_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/export"
	"hailong/sampling"
	"hailong/static"
	"hailong/survey"
)

// The list of a re-check names the commune as people do, holds one person a row
// with what is on record, and on its second sheet every word that may be written.
func TestTheRecheckListIsReadBackAsItWasMade(t *testing.T) {
	form := export.RecheckForm{
		Round: survey.Labels{"vi": "Khảo sát 2026"}, Asker: "Sở Nội vụ", Commune: "Đặc khu Vân Đồn",
		Rows: []export.RecheckRow{
			{Number: 1, Name: "Trần Thị Hoà", Village: "Thôn Thượng", Address: "012, Ngõ 3"},
			{Number: 2, Name: "=Lê Văn Tám", Village: "Thôn Hạ", Day: "2026-12-28", Result: sampling.RecheckByOther, Checker: "Ông Bảy"},
		},
	}
	f := readBook(t, made(t, "recheck.xlsx", func(w *bytes.Buffer) error { return export.RecheckXLSX(w, static.Vietnamese, form) }))
	sheets := f.GetSheetList()
	if len(sheets) != 2 {
		t.Fatalf("sheets %v", sheets)
	}
	rowOf(t, f, sheets[0], "Đặc khu Vân Đồn")
	first := rowOf(t, f, sheets[0], "STT") + 1
	for i, want := range [][]string{
		{"1", "Trần Thị Hoà", "Thôn Thượng", "012, Ngõ 3", "", "", ""},
		{"2", "=Lê Văn Tám", "Thôn Hạ", "", "2026-12-28", "Người khác trả lời thay", "Ông Bảy"},
	} {
		for column, text := range want {
			got, kind := cell(t, f, sheets[0], column+1, first+i)
			if got != text || column > 0 && text != "" && kind != excelize.CellTypeInlineString {
				t.Errorf("row %d column %d: %q of type %v, want the text %q", first+i, column+1, got, kind, text)
			}
		}
	}
	words := export.RecheckWords()
	rows, err := f.GetRows(sheets[1])
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, row := range rows {
		for _, text := range row {
			known[words[strings.ToLower(text)]] = true
		}
	}
	for _, result := range sampling.RecheckResults {
		if !known[string(result)] {
			t.Errorf("the second sheet lacks the word for %s", result)
		}
	}
}
