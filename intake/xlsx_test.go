package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
)

// xlsx makes a workbook with excelize; fill gets its first sheet, "Sheet1".
func xlsx(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var buffer bytes.Buffer
	if err := f.Write(&buffer); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// put writes rows of cells from A1 on.
func put(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		must(t, f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row))
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTitlesAboveAndTheNumberingRowBelowTheHeaderArePassedOver(t *testing.T) {
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1",
			[]any{"UBND XÃ HÒA BÌNH"}, []any{"DANH SÁCH NGƯỜI TỪ 18 TUỔI"}, nil,
			[]any{"STT", "HỌ VÀ TÊN", "NĂM SINH", "SỐ HỘ"}, []any{"(1)", "(2)", "(3)", "(4)"},
			[]any{1, "Trần Thị Hoà", 1956, "07"}, []any{2, "Lê Văn Bảy", 1960.0, "08"})
	}))
	if s.HeaderRow != 4 || flat(s) != "6:1|Trần Thị Hoà|1956|07 7:2|Lê Văn Bảy|1960|08" {
		t.Errorf("header %d, rows %s", s.HeaderRow, flat(s))
	}
	if !slices.Equal(codes(s.Problems), []string{"file.numbering_row"}) || s.Mapping.Unused()[0] != 0 {
		t.Errorf("problems %v, unused %v", s.Problems, s.Mapping.Unused())
	}
}

func TestATitleDirectlyAboveTheHeaderIsNoGroupHeader(t *testing.T) {
	header, row := []any{"STT", "Họ và tên", "Năm sinh"}, []any{1, "Trần Thị Hoà", 1956}
	merged := xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"DANH SÁCH THÔN BÙI"}, header, row)
		if err := f.MergeCell("Sheet1", "A1", "C1"); err != nil {
			t.Fatal(err)
		}
	})
	for name, file := range map[string][]byte{
		"merged": merged, "CSV": []byte("DANH SÁCH THÔN BÙI;;\nSTT;Họ và tên;Năm sinh\n1;Trần Thị Hoà;1956\n"),
	} {
		s := mustFind(t, file)
		if !slices.Equal(s.Header, []string{"STT", "Họ và tên", "Năm sinh"}) || flat(s) != "3:1|Trần Thị Hoà|1956" {
			t.Errorf("%s: header %q, rows %s", name, s.Header, flat(s))
		}
	}
}

func TestAGroupHeaderOverSubHeadersIsOneHeader(t *testing.T) {
	rows := [][]any{
		{"Danh sách thôn"},
		{"STT", "Họ và tên", "Năm sinh", nil, "Hộ"},
		{nil, nil, "Nam", "Nữ", nil},
		{1, "Lê Văn Bảy", 1960, nil, "1"},
		{2, "Trần Thị Hoà", nil, 1956, "1"},
	}
	merged := xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", rows...)
		for _, m := range [][2]string{{"A1", "E1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "D2"}, {"E2", "E3"}} {
			must(t, f.MergeCell("Sheet1", m[0], m[1]))
		}
	})
	plain := xlsx(t, func(f *excelize.File) { put(t, f, "Sheet1", rows...) })
	text := []byte("Danh sách thôn;;;;\nSTT;Họ và tên;Năm sinh;;Hộ\n;;Nam;Nữ;\n1;Lê Văn Bảy;1960;;1\n2;Trần Thị Hoà;;1956;1\n")
	for name, data := range map[string][]byte{"merged": merged, "not merged": plain, "CSV": text} {
		s, err := find(t, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.HeaderRow != 2 || s.Header[2] != "Năm sinh / Nam" || s.Mapping.Fields["birth_female"] != 3 || len(s.Rows) != 2 {
			t.Errorf("%s: header %d %q, fields %v, rows %s", name, s.HeaderRow, s.Header, s.Mapping.Fields, flat(s))
		}
	}
}

// A header merged over two rows is two rows high even if the lower one adds
// nothing that is looked for.
func TestMergedCellsTellHowHighTheHeaderIs(t *testing.T) {
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Họ và tên", "Năm sinh", "Khác", nil}, []any{nil, nil, "a", "b"}, []any{"A", 1956, "x", "y"})
		for _, m := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "D1"}} {
			must(t, f.MergeCell("Sheet1", m[0], m[1]))
		}
	}))
	if len(s.Rows) != 1 || s.Header[3] != "Khác / b" {
		t.Errorf("rows %s, header %q", flat(s), s.Header)
	}
}

func TestCellsMergedOverRowsAreFilledDownAndReported(t *testing.T) {
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Hộ", "Họ và tên", "Năm sinh"},
			[]any{"H1", "A", 1956}, []any{nil, "B", 1957}, []any{nil, "C", 1958}, []any{"H2", "D", 1959}, []any{"Tổng cộng: 4"})
		must(t, f.MergeCell("Sheet1", "A2", "A4"))
		must(t, f.MergeCell("Sheet1", "A6", "C6"))
	}))
	if want := "2:H1|A|1956 3:H1|B|1957 4:H1|C|1958 5:H2|D|1959 6:Tổng cộng: 4||"; flat(s) != want {
		t.Errorf("got  %s\nwant %s", flat(s), want)
	}
	if len(s.Problems) != 1 || s.Problems[0].String() != "file.merged_filled sheet=Sheet1 column=Hộ row=3 cells=2" || s.Problems[0].Stops() {
		t.Errorf("%v", s.Problems)
	}
}

func TestAFileMayBeSearchedTwice(t *testing.T) {
	data := xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Hộ", "Họ và tên", "Năm sinh"}, []any{"H1", "A", 1956}, []any{nil, "B", 1957})
		must(t, f.MergeCell("Sheet1", "A2", "A3"))
	})
	book, err := Open(data, DefaultLimits)
	must(t, err)
	first, err := book.Find(Want{Columns: people})
	must(t, err)
	second, err := book.Find(Want{Columns: people})
	must(t, err)
	if flat(first) != flat(second) || !slices.Equal(codes(first.Problems), codes(second.Problems)) {
		t.Errorf("%s %v, then %s %v", flat(first), first.Problems, flat(second), second.Problems)
	}
}

func TestDatesComeAsISOWhateverTheirFormatAndSystem(t *testing.T) {
	day := time.Date(1956, 3, 12, 0, 0, 0, 0, time.UTC)
	for _, from1904 := range []bool{false, true} {
		s := mustFind(t, xlsx(t, func(f *excelize.File) {
			must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
			put(t, f, "Sheet1", []any{"Họ và tên", "Ngày sinh"})
			serial := 20526.0 // 1956-03-12, as LibreOffice counts: days from 1899-12-30
			if from1904 {
				serial -= 1462
			}
			for i, code := range []string{"dd/mm/yyyy", "dd/mm/yy", `[$-42A]d\ mmmm\ yyyy;@`, "yyyy-mm-dd"} {
				style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
				must(t, err)
				row := i + 2
				must(t, f.SetCellValue("Sheet1", fmt.Sprintf("A%d", row), code))
				must(t, f.SetCellValue("Sheet1", fmt.Sprintf("B%d", row), serial))
				must(t, f.SetCellStyle("Sheet1", fmt.Sprintf("B%d", row), fmt.Sprintf("B%d", row), style))
			}
			builtin, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			must(t, err)
			must(t, f.SetCellValue("Sheet1", "A6", "built in"))
			must(t, f.SetCellValue("Sheet1", "B6", serial))
			must(t, f.SetCellStyle("Sheet1", "B6", "B6", builtin))
		}))
		for _, row := range s.Rows {
			if row.Cells[1] != day.Format(time.DateOnly) {
				t.Errorf("1904 %v, format %s: %q", from1904, row.Cells[0], row.Cells[1])
			}
		}
	}
}

func TestNumbersAreTextAsTheReaderMeansThem(t *testing.T) {
	money, codeFormat := `#,##0.00\ "đ"`, "00000"
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Họ và tên", "Năm sinh", "", "", ""}, []any{"A", "12/03/1956", 4, 0.1 + 0.2, 20526.5},
			[]any{"_x0041_\u00a0B", "1956", true, 1e9, "00004"})
		padded, err := f.NewStyle(&excelize.Style{CustomNumFmt: &codeFormat})
		must(t, err)
		amount, err := f.NewStyle(&excelize.Style{CustomNumFmt: &money})
		must(t, err)
		must(t, f.SetCellStyle("Sheet1", "C2", "C2", padded))
		must(t, f.SetCellStyle("Sheet1", "E2", "E2", amount))
		must(t, f.SetCellValue("Sheet1", "C1", "mã"))
		must(t, f.SetCellValue("Sheet1", "D1", "x"))
		must(t, f.SetCellValue("Sheet1", "E1", "y"))
	}))
	if want := "2:A|12/03/1956|00004|0.3|20526.5 3:A B|1956|TRUE|1000000000|00004"; flat(s) != want {
		t.Errorf("got  %s\nwant %s", flat(s), want)
	}
}

func TestFormulasGiveTheirValueOrAreReported(t *testing.T) {
	s := mustFind(t, editPart(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Họ và tên", "Năm sinh"}, []any{"A", 1956}, []any{"B", 1957}, []any{"C", 1958})
	}), "xl/worksheets/sheet1.xml", func(part string) string {
		part = strings.Replace(part, "<v>1956</v>", "<f>1955+1</f><v>1956</v>", 1)
		part = strings.Replace(part, "<v>1957</v>", "<f>1956+1</f>", 1)
		return strings.Replace(part, `<c r="B4"><v>1958</v>`, `<c r="B4" t="e"><f>B3/0</f><v>#DIV/0!</v>`, 1)
	}))
	if flat(s) != "2:A|1956 3:B| 4:C|" {
		t.Errorf("rows %s", flat(s))
	}
	if !slices.Equal(codes(s.Problems), []string{"file.formula_without_value", "file.formula_error"}) || s.Problems[1].Place.Row != 4 || s.Problems[1].Place.Column != "B" {
		t.Errorf("problems %v", s.Problems)
	}
}

func TestProblemsOfColumnsThatNobodyUsesDoNotStopTheImport(t *testing.T) {
	s := mustFind(t, editPart(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Họ và tên", "Năm sinh", "Ghi chú"}, []any{"A", 1956, 7}, []any{"B", 1957, "TrÇn Hoµ, TrÇn Hoµ"})
	}), "xl/worksheets/sheet1.xml", func(part string) string {
		return strings.Replace(part, `<c r="C2"><v>7</v>`, `<c r="C2" t="e"><v>#REF!</v>`, 1)
	}))
	if len(s.Problems) != 1 || s.Problems[0].Code != "file.formula_error" || s.Problems[0].Stops() {
		t.Errorf("%v", s.Problems)
	}
}

// editPart rewrites one part of a workbook, for what excelize cannot write.
func editPart(t testing.TB, data []byte, name string, edit func(string) string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var buffer bytes.Buffer
	out := zip.NewWriter(&buffer)
	for _, part := range archive.File {
		in, err := part.Open()
		must(t, err)
		content, err := io.ReadAll(in)
		must(t, err)
		if part.Name == name {
			content = []byte(edit(string(content)))
		}
		w, err := out.Create(part.Name)
		must(t, err)
		_, err = w.Write(content)
		must(t, err)
	}
	must(t, out.Close())
	return buffer.Bytes()
}

func TestTheSheetIsChosenByItsColumns(t *testing.T) {
	guide := []any{"Hướng dẫn nhập liệu"}
	header := []any{"Họ và tên", "Năm sinh"}
	two := func(fill func(f *excelize.File)) []byte {
		return xlsx(t, func(f *excelize.File) {
			_, err := f.NewSheet("Thôn 2")
			must(t, err)
			fill(f)
		})
	}
	s := mustFind(t, two(func(f *excelize.File) {
		put(t, f, "Sheet1", guide)
		put(t, f, "Thôn 2", header, []any{"A", 1956})
	}))
	if s.Name != "Thôn 2" {
		t.Errorf("chose %q", s.Name)
	}
	s = mustFind(t, two(func(f *excelize.File) {
		put(t, f, "Sheet1", header) // the empty form
		put(t, f, "Thôn 2", header, []any{"A", 1956})
	}))
	if s.Name != "Thôn 2" {
		t.Errorf("chose the empty form %q", s.Name)
	}
	for want, data := range map[string][]byte{
		"file.no_matching_sheet sheets=[Sheet1 Thôn 2] columns=[Năm sinh]": two(func(f *excelize.File) {
			put(t, f, "Sheet1", guide)
			put(t, f, "Thôn 2", []any{"Họ và tên", "Tuổi"}, []any{"A", 70})
		}),
		"file.several_sheets sheets=[Sheet1 Thôn 2]": two(func(f *excelize.File) {
			put(t, f, "Sheet1", header, []any{"A", 1956})
			put(t, f, "Thôn 2", header, []any{"B", 1957})
		}),
		"file.sheet_hidden sheets=[Thôn 2]": two(func(f *excelize.File) {
			put(t, f, "Sheet1", guide)
			put(t, f, "Thôn 2", header, []any{"A", 1956})
			must(t, f.SetSheetVisible("Thôn 2", false))
		}),
	} {
		_, err := find(t, data)
		if err == nil || fault.ProblemsOf(err)[0].String() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTheUserMayNameTheSheetTheHeaderAndTheColumns(t *testing.T) {
	data := xlsx(t, func(f *excelize.File) {
		_, err := f.NewSheet("Ẩn")
		must(t, err)
		put(t, f, "Sheet1", []any{"x"})
		put(t, f, "Ẩn", []any{"Họ và tên", "Năm sinh", "Năm sinh"}, []any{"Tên gọi", "cũ", "mới"}, []any{"A", 1956, 1957})
		must(t, f.SetSheetVisible("Ẩn", false))
	})
	book, err := Open(data, DefaultLimits)
	must(t, err)
	if infos := book.Sheets(); !infos[1].Hidden || infos[1].Name != "Ẩn" || infos[1].Rows != 3 {
		t.Errorf("%+v", infos)
	}
	s, err := book.Find(Want{Columns: people, Sheet: "Ẩn", HeaderRow: 2, Override: map[string]int{"name": 0, "birth_year": 2}})
	must(t, err)
	for row, record := range s.Records() {
		if row != 3 || record["name"] != "A" || record["birth_year"] != "1957" {
			t.Errorf("row %d: %v", row, record)
		}
	}
	_, err = book.Find(Want{Columns: people, Sheet: "Không có"})
	if p := fault.ProblemsOf(err)[0]; p.Code != "file.no_such_sheet" {
		t.Errorf("%v", err)
	}
}

func TestHiddenRowsAreReadAndReported(t *testing.T) {
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Họ và tên", "Năm sinh"}, []any{"A", 1956}, []any{"B", 1957})
		must(t, f.SetRowVisible("Sheet1", 3, false))
	}))
	if len(s.Rows) != 2 || !s.Rows[1].Hidden || !slices.Equal(codes(s.Problems), []string{"file.hidden_rows"}) {
		t.Errorf("%s %v", flat(s), s.Problems)
	}
}

func TestProblemsOfRecordsAreLocatedByTheHeaderInTheFile(t *testing.T) {
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"HO VA TEN", "NAM SINH"}, []any{"A", 1956})
	}))
	got := s.Locate([]fault.Problem{fault.P("list.x").AtRow(2, "birth_year")})[0].Place
	if (got != fault.Place{Sheet: "Sheet1", Row: 2, Column: "NAM SINH"}) {
		t.Errorf("%+v", got)
	}
}
