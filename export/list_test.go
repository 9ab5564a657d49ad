package export_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/export"
	"hailong/static"
)

// villageList is a list of n people and two in reserve.
func villageList(n int) export.VillageList {
	list := export.VillageList{Round: roundTitle, Asker: asker, Province: "Tỉnh Sông Hương", Commune: "Xã Yên Lập", Village: "Thôn Đồng Mỏ",
		Receipt: "sha256:3f9a21c0b7d4e58899aa01bb02cc03dd04ee05ff06a107b208c309d40ae50bf6"}
	names := []string{"Nguyễn Thị Hồng Ngọc Diễm", "=HYPERLINK(\"http://a.example\")", "+84 Lò Văn Bường", "-Đỗ Hữu Lộc", "@Tòng Thị Ẳm"}
	for i := range n + 2 {
		row := export.ListRow{Name: names[i%len(names)], BirthYear: 1950 + i%50, Sex: "Nữ", Address: "Hộ ông Nguyễn Văn Cường, số 12, ngõ 3, gần nhà văn hóa thôn"}
		if i%7 == 3 {
			row.BirthYear = 0
		}
		if i < n {
			list.Main = append(list.Main, row)
		} else {
			list.Reserve = append(list.Reserve, row)
		}
	}
	return list
}

func readBook(t *testing.T, raw []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// rowOf is the number of the first row whose first cell holds the text.
func rowOf(t *testing.T, f *excelize.File, sheet, text string) int {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if len(row) > 0 && row[0] == text {
			return i + 1
		}
	}
	t.Fatalf("%s has no row that begins with %q", sheet, text)
	return 0
}

func cell(t *testing.T, f *excelize.File, sheet string, column, row int) (value string, kind excelize.CellType) {
	t.Helper()
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		t.Fatal(err)
	}
	if value, err = f.GetCellValue(sheet, name); err != nil {
		t.Fatal(err)
	}
	if formula, err := f.GetCellFormula(sheet, name); err != nil || formula != "" {
		t.Errorf("%s!%s is a formula: %q %v", sheet, name, formula, err)
	}
	if kind, err = f.GetCellType(sheet, name); err != nil {
		t.Fatal(err)
	}
	return value, kind
}

func TestVillageListHoldsEverybodyInDrawnOrder(t *testing.T) {
	list := villageList(8)
	f := readBook(t, made(t, "list.xlsx", func(w *bytes.Buffer) error { return export.ListXLSX(w, static.Vietnamese, list) }))
	if got := strings.Join(f.GetSheetList(), "|"); got != "Danh sách chính thức|Danh sách dự phòng" {
		t.Fatalf("sheets %s", got)
	}
	for sheet, rows := range map[string][]export.ListRow{"Danh sách chính thức": list.Main, "Danh sách dự phòng": list.Reserve} {
		first := rowOf(t, f, sheet, "STT") + 1
		for i, want := range rows {
			for column, text := range map[int]string{2: want.Name, 4: want.Sex, 5: want.Address} {
				if got, kind := cell(t, f, sheet, column, first+i); got != text || kind != excelize.CellTypeInlineString {
					t.Errorf("%s row %d column %d: %q of type %v, want the text %q", sheet, first+i, column, got, kind, text)
				}
			}
		}
	}
}

func TestUnknownBirthYearIsEmptyAndNotZero(t *testing.T) {
	f := readBook(t, made(t, "list.xlsx", func(w *bytes.Buffer) error { return export.ListXLSX(w, static.Vietnamese, villageList(4)) }))
	first := rowOf(t, f, "Danh sách chính thức", "STT") + 1
	if got, _ := cell(t, f, "Danh sách chính thức", 3, first+3); got != "" {
		t.Errorf("unknown birth year: %q", got)
	}
	if got, _ := cell(t, f, "Danh sách chính thức", 3, first); got != "1950" {
		t.Errorf("known birth year: %q", got)
	}
}

func TestVillageListIsReadyToPrint(t *testing.T) {
	f := readBook(t, made(t, "list.xlsx", func(w *bytes.Buffer) error { return export.ListXLSX(w, static.Vietnamese, villageList(60)) }))
	sheet := "Danh sách chính thức"
	header := rowOf(t, f, sheet, "STT")
	layout, err := f.GetPageLayout(sheet)
	if err != nil || *layout.Size != 9 || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
		t.Errorf("page layout %+v %v, want A4, one page wide", layout, err)
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != header {
		t.Errorf("panes %+v %v, want the heading row %d frozen", panes, err, header)
	}
	var titles []string
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm.Print_Titles" {
			titles = append(titles, name.RefersTo)
		}
	}
	if len(titles) != 2 {
		t.Errorf("repeated headings %v, want one a sheet", titles)
	}
	footer, err := f.GetHeaderFooter(sheet)
	if err != nil || footer.OddFooter != "&CTrang &P/&N" {
		t.Errorf("footer %+v %v", footer, err)
	}
}

func TestListNamesItsDrawAndASimulatedOneSaysSo(t *testing.T) {
	list := villageList(3)
	list.Simulated = true
	f := readBook(t, made(t, "list-simulated.xlsx", func(w *bytes.Buffer) error { return export.ListXLSX(w, static.Vietnamese, list) }))
	for _, sheet := range f.GetSheetList() {
		rowOf(t, f, sheet, "SỐ LIỆU MÔ PHỎNG")
		rowOf(t, f, sheet, "Thôn Đồng Mỏ, Xã Yên Lập, Tỉnh Sông Hương")
		footer, err := f.GetHeaderFooter(sheet)
		if err != nil {
			t.Fatal(err)
		}
		contains(t, "header", footer.OddHeader, "SỐ LIỆU MÔ PHỎNG")
	}
	rowOf(t, f, "Danh sách chính thức", "3 người, theo thứ tự rút thăm. Biên nhận rút mẫu: 3f9a21c0b7d4")
}

func BenchmarkList36525(b *testing.B) {
	list := villageList(36525)
	b.ReportAllocs()
	for b.Loop() {
		if err := export.ListXLSX(io.Discard, static.Vietnamese, list); err != nil {
			b.Fatal(err)
		}
	}
}
