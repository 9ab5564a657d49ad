package export_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/export"
	"hailong/static"
)

func TestEditionWorkbookHoldsEveryFigureWithItsProvenance(t *testing.T) {
	r := report()
	f := readBook(t, made(t, "edition.xlsx", func(w *bytes.Buffer) error { return export.EditionXLSX(w, static.Vietnamese, r) }))
	if got := strings.Join(f.GetSheetList(), "|"); got != "Tóm tắt|Theo xã|So sánh xã|Câu hỏi|Thực địa|Tỷ lệ AAPOR|Ngoài mẫu|Phương pháp" {
		t.Fatalf("sheets %s", got)
	}
	first := rowOf(t, f, "Tóm tắt", "Đơn vị") + 1
	overall := r.Edition.Figures[0]
	for column, want := range map[int]float64{4: float64(overall.Value), 5: float64(overall.Logit.Low), 6: float64(overall.Logit.High),
		7: float64(overall.SE), 8: float64(overall.N), 9: float64(overall.PSUs), 10: float64(overall.DF), 11: float64(overall.Deff)} {
		name, _ := excelize.CoordinatesToCellName(column, first)
		raw, err := f.GetCellValue("Tóm tắt", name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := strconv.ParseFloat(raw, 64); err != nil || got != want {
			t.Errorf("%s: %q, want exactly %v", name, raw, want)
		}
	}
	for column, want := range map[int]string{1: "Tỉnh Sông Hương", 3: "Chỉ số chung", 12: "công bố", 15: "sipas-items@1", 16: r.Edition.InputDigest} {
		if got, _ := cell(t, f, "Tóm tắt", column, first); got != want {
			t.Errorf("column %d: %q, want %q", column, got, want)
		}
	}
	for sheet, want := range map[string]int{"Tóm tắt": 1 + 2 + 9, "Theo xã": 13 * 12, "So sánh xã": 12, "Câu hỏi": 13 * 33, "Thực địa": 13, "Ngoài mẫu": 1} {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(rows) - rowOf(t, f, sheet, "Đơn vị"); got != want {
			t.Errorf("%s has %d rows, want %d", sheet, got, want)
		}
	}
	rowOf(t, f, "Phương pháp", "Mã băm dữ liệu đầu vào")
}

func TestSimulatedWorkbookSaysSoOnEverySheet(t *testing.T) {
	f := readBook(t, made(t, "edition-simulated.xlsx", func(w *bytes.Buffer) error { return export.EditionXLSX(w, static.Vietnamese, simulatedReport()) }))
	for _, sheet := range f.GetSheetList() {
		rowOf(t, f, sheet, "SỐ LIỆU MÔ PHỎNG")
		if header, err := f.GetHeaderFooter(sheet); err != nil || !strings.Contains(header.OddHeader, "SỐ LIỆU MÔ PHỎNG") {
			t.Errorf("%s: printed header %+v %v", sheet, header, err)
		}
	}
}

func TestUnitNamedLikeAFormulaStaysText(t *testing.T) {
	f := readBook(t, made(t, "edition.xlsx", func(w *bytes.Buffer) error { return export.EditionXLSX(w, static.English, report()) }))
	row := rowOf(t, f, "By commune", "=HYPERLINK(1)")
	if _, kind := cell(t, f, "By commune", 1, row); kind != excelize.CellTypeInlineString {
		t.Errorf("type %v", kind)
	}
}
