package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
)

func small(t testing.TB) []byte {
	return xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Họ và tên", "Năm sinh"}, []any{"A", 1956})
	})
}

func wantCode(t *testing.T, data []byte, kind fault.Kind, code string) {
	t.Helper()
	_, err := find(t, data)
	if !fault.Is(err, kind) || fault.ProblemsOf(err)[0].Code != code {
		t.Errorf("%v, want %v %s", err, kind, code)
	}
}

func TestAZipBombIsRefusedBeforeItIsUnzipped(t *testing.T) {
	bomb := editPart(t, small(t), "xl/worksheets/sheet1.xml", func(part string) string {
		return part + strings.Repeat(" ", 65<<20)
	})
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb is no bomb: %d bytes", len(bomb))
	}
	wantCode(t, bomb, fault.TooLarge, "file.too_large_unzipped")
}

// An archive whose directory says less than an entry holds is ended by
// archive/zip at the size stated.
func TestAnEntryThatLiesAboutItsSizeIsDamaged(t *testing.T) {
	var buffer bytes.Buffer
	out := zip.NewWriter(&buffer)
	w, err := out.Create("xl/workbook.xml")
	must(t, err)
	_, err = w.Write([]byte("<workbook>" + strings.Repeat("<a/>", 100_000) + "</workbook>"))
	must(t, err)
	must(t, out.Close())
	data := buffer.Bytes()
	directory := bytes.Index(data, []byte("PK\x01\x02"))
	copy(data[directory+24:], []byte{16, 0, 0, 0}) // uncompressed size
	wantCode(t, data, fault.Unreadable, "file.damaged")
}

func TestHostilePartsEndInAnErrorOfTheirOwn(t *testing.T) {
	sheet := func(body string) []byte {
		return editPart(t, small(t), "xl/worksheets/sheet1.xml", func(string) string {
			return "<worksheet><sheetData>" + body + "</sheetData></worksheet>"
		})
	}
	for name, c := range map[string]struct {
		data []byte
		kind fault.Kind
		code string
	}{
		"a cell far to the right":  {sheet(`<row r="1"><c r="XFD1"><v>1</v></c></row>`), fault.TooLarge, "file.too_many_columns"},
		"a row below the last":     {sheet(`<row r="1048577"><c><v>1</v></c></row>`), fault.Unreadable, "file.damaged"},
		"text far below":           {[]byte(strings.Repeat("\n", lastRow) + "Họ và tên,Năm sinh\nA,1956\n"), fault.TooLarge, "file.too_many_rows"},
		"rows that go backwards":   {sheet(`<row r="9"><c><v>1</v></c></row><row r="3"><c><v>1</v></c></row>`), fault.Unreadable, "file.damaged"},
		"cells that go backwards":  {sheet(`<row r="1"><c r="C1"><v>1</v></c><c r="A1"><v>1</v></c></row>`), fault.Unreadable, "file.damaged"},
		"a shared string too far":  {sheet(`<row r="1"><c t="s"><v>999</v></c></row>`), fault.Unreadable, "file.damaged"},
		"a negative shared string": {sheet(`<row r="1"><c t="s"><v>-1</v></c></row>`), fault.Unreadable, "file.damaged"},
		"broken XML":               {sheet(`<row r="1"><c`), fault.Unreadable, "file.damaged"},
		"an entity":                {sheet(`<row r="1"><c t="str"><v>&lol;</v></c></row>`), fault.Unreadable, "file.damaged"},
		"a sheet part missing": {editPart(t, small(t), "xl/_rels/workbook.xml.rels", func(s string) string {
			return strings.ReplaceAll(s, "sheet1.xml", "../../../etc/passwd")
		}), fault.Unreadable, "file.damaged"},
		"one part for two sheets": {editPart(t, small(t), "xl/workbook.xml", func(s string) string {
			start := strings.Index(s, "<sheet ")
			end := start + strings.Index(s[start:], ">") + 1
			return s[:end] + s[start:end] + s[end:]
		}), fault.Unreadable, "file.damaged"},
	} {
		_, err := find(t, c.data)
		if !fault.Is(err, c.kind) || fault.ProblemsOf(err)[0].Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestOtherOfficeFilesAreNamed(t *testing.T) {
	for entry, code := range map[string]string{
		"content.xml": "file.is_ods", "word/document.xml": "file.is_word", "xl/workbook.bin": "file.is_xlsb", "a.csv": "file.is_archive",
	} {
		var buffer bytes.Buffer
		out := zip.NewWriter(&buffer)
		_, err := out.Create(entry)
		must(t, err)
		must(t, out.Close())
		wantCode(t, buffer.Bytes(), fault.Unreadable, code)
	}
}

func TestTheBytesOfAFileAreLimited(t *testing.T) {
	_, err := Open(make([]byte, 11), Limits{Bytes: 10})
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("%v", err)
	}
}

// manyRows is a workbook of n people in six columns.
func manyRows(t testing.TB, n int) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	must(t, err)
	must(t, w.SetRow("A1", []any{"Họ và tên", "Năm sinh", "Hộ", "Giới tính", "Địa chỉ"}))
	for i := range n {
		must(t, w.SetRow(fmt.Sprintf("A%d", i+2), []any{fmt.Sprintf("Nguyễn Văn %d", i), 1950 + i%50, i / 4, "Nam", "Thôn 1"}))
	}
	must(t, w.Flush())
	var buffer bytes.Buffer
	must(t, f.Write(&buffer))
	return buffer.Bytes()
}

func TestTheLastRowAdmittedAndTheFirstRefused(t *testing.T) {
	limits := DefaultLimits
	limits.Rows = 500
	for n, fits := range map[int]bool{500: true, 501: false, 600: false} {
		book, err := Open(manyRows(t, n), limits)
		if err == nil {
			_, err = book.Find(Want{Columns: people})
		}
		if fits != (err == nil) || !fits && (!fault.Is(err, fault.TooLarge) || fault.ProblemsOf(err)[0].Place.Sheet != "Sheet1") {
			t.Errorf("%d rows: %v", n, err)
		}
	}
}

// bareWorkbook is the least that is a workbook, not compressed, around a sheet.
func bareWorkbook(t testing.TB, sheet []byte) []byte {
	t.Helper()
	var buffer bytes.Buffer
	out := zip.NewWriter(&buffer)
	for _, part := range []struct {
		name    string
		content []byte
	}{
		{"xl/workbook.xml", []byte(`<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`)},
		{"xl/_rels/workbook.xml.rels", []byte(`<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`)},
		{"xl/worksheets/sheet1.xml", sheet},
	} {
		w, err := out.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Store})
		must(t, err)
		_, err = w.Write(part.content)
		must(t, err)
	}
	must(t, out.Close())
	return buffer.Bytes()
}

func FuzzOpenXLSX(f *testing.F) {
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="b"><v>0</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row><c t="inlineStr"><is><t>Họ và tên</t></is></c><c t="inlineStr"><is><t>Năm sinh</t></is></c></row><row><c t="str"><v>A</v></c><c s="1"><v>1e3</v></c></row></sheetData></worksheet>`))
	f.Fuzz(func(t *testing.T, part []byte) {
		book, err := Open(bareWorkbook(t, part), Limits{Bytes: 1 << 20, Rows: 50, Columns: 20, Cells: 500, Parts: 50, Sheets: 5})
		if err == nil {
			_, err = book.Find(Want{Columns: people})
		}
		if err != nil && fault.Is(err, fault.Internal) {
			t.Errorf("an error without a kind: %v", err)
		}
	})
}

// BenchmarkOpenXLSX reads 200,000 people in five columns.
func BenchmarkOpenXLSX(b *testing.B) {
	data := manyRows(b, 200_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		book, err := Open(data, DefaultLimits)
		must(b, err)
		_, err = book.Find(Want{Columns: people})
		must(b, err)
	}
}

func TestTheSheetsOfAWorkbookAreLimited(t *testing.T) {
	wantCode(t, xlsx(t, func(f *excelize.File) {
		for i := range 100 {
			_, err := f.NewSheet(fmt.Sprintf("S%d", i))
			must(t, err)
		}
	}), fault.TooLarge, "file.too_many_sheets")
}
