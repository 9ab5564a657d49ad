package export

import (
	"bytes"
	"iter"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
	"hailong/static"
)

func numbered(first int, rows ...[]string) iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		for i, row := range rows {
			if !yield(first+i, row) {
				return
			}
		}
	}
}

func markedExample() Marked {
	at := func(row int, column string) fault.Place { return fault.Place{File: "ds.csv", Row: row, Column: column} }
	return Marked{HeaderRow: 3, Header: []string{"TT", "Họ và tên", "Ngày sinh", "Năm sinh / Nam", ""},
		Titles: numbered(1, []string{"UBND XÃ ĐÔNG XÁ"}, []string{"Danh sách nhân khẩu từ 18 tuổi"}),
		Rows: numbered(4, []string{"1", "Trần Thị Hoà", "1956-03-12", "", "x"}, []string{"2", "=HYPERLINK(\"http://a\")", "57", "1957", ""},
			[]string{"3", "Lê Văn Tám", "", "", ""}, []string{"4", "Vi Thị Nga", "1890-01-01", "", ""}),
		Problems: []fault.Problem{
			fault.P("list.birth_short_year", "value", "57").At(at(5, "Ngày sinh")),
			fault.P("list.name_of_one_word", "name", "a").Warn().At(at(5, "Họ và tên")),
			fault.P("list.birth_missing").At(at(6, "Năm sinh / Nam")),
			fault.P("list.household_missing").Warn().At(at(6, "E")),
			fault.P("list.no_sex_column").Warn(),
		}}
}

func markedFile(t *testing.T, lang static.Lang) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := MarkedXLSX(&out, lang, markedExample()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestTheMarkedWorkbookIsTheOfficersOwnTable(t *testing.T) {
	f := markedFile(t, static.Vietnamese)
	value := func(cell string) string {
		s, err := f.GetCellValue("Danh sách", cell)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for cell, want := range map[string]string{
		"A1": "UBND XÃ ĐÔNG XÁ", "B3": "Họ và tên", "D3": "Năm sinh / Nam", "F3": "Cần sửa", "B4": "Trần Thị Hoà", "C4": "12/03/1956",
		"B5": `=HYPERLINK("http://a")`, "C5": "57", "C7": "1890-01-01", "F4": "",
	} {
		if got := value(cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	note := value("F5")
	if !strings.HasPrefix(note, "Ngày sinh: “57”") || !strings.Contains(note, "\n(Xem lại) Họ và tên: ") {
		t.Errorf("note %q", note)
	}
	if formula, err := f.GetCellFormula("Danh sách", "B5"); err != nil || formula != "" {
		t.Errorf("a formula: %q %v", formula, err)
	}
	guide, err := f.GetRows("Hướng dẫn sửa")
	if err != nil || len(guide) != 7 || !strings.Contains(guide[6][0], "giới tính") {
		t.Errorf("guide %q %v", guide, err)
	}
}

func TestWhatIsWrongIsRedAndWhatIsDoubtfulYellow(t *testing.T) {
	f := markedFile(t, static.English)
	for cell, want := range map[string]string{"C5": "F6C7C2", "B5": "FFF1C2", "A5": "", "D6": "F6C7C2", "E6": "FFF1C2", "C4": ""} {
		id, err := f.GetCellStyle("List", cell)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(style.Fill.Color, ""); got != want {
			t.Errorf("%s: colour %q, want %q", cell, got, want)
		}
	}
}

// Google Sheets and hostile files name sheets as Excel does not allow; the officer
// still gets the faults back.
func TestASheetIsNamedAsExcelAllows(t *testing.T) {
	for name, want := range map[string]string{
		"Thôn 1": "Thôn 1", "": "Danh sách", "1/2026": "Danh sách", "[Thôn]": "Danh sách", "'Thôn'": "Danh sách",
		strings.Repeat("ô", 31): strings.Repeat("ô", 31), strings.Repeat("ô", 32): "Danh sách", "HƯỚNG DẪN SỬA": "HƯỚNG DẪN SỬA",
	} {
		m := markedExample()
		m.Sheet = name
		var out bytes.Buffer
		if err := MarkedXLSX(&out, static.Vietnamese, m); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		f, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		sheets := f.GetSheetList()
		if len(sheets) != 2 || sheets[0] != want || strings.EqualFold(sheets[0], sheets[1]) {
			t.Errorf("%q: sheets %q, want %q and the guide", name, sheets, want)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
