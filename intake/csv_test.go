package intake

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"hailong/fault"
)

var people = []Column{
	{Field: "name", Required: true, Names: []string{"Họ và tên", "Họ tên"}},
	{Field: "birth_year", Required: true, Names: []string{"Năm sinh"}},
	{Field: "birth_date", InsteadOf: "birth_year", Names: []string{"Ngày sinh", "Ngày tháng năm sinh"}},
	{Field: "birth_male", InsteadOf: "birth_year", Names: []string{"Năm sinh Nam"}},
	{Field: "birth_female", InsteadOf: "birth_year", Names: []string{"Năm sinh Nữ"}},
	{Field: "household", Names: []string{"Số hộ", "Hộ"}},
}

// find reads a file for the columns of people.
func find(t *testing.T, data []byte) (Sheet, error) {
	t.Helper()
	book, err := Open(data, DefaultLimits)
	if err != nil {
		return Sheet{}, err
	}
	return book.Find(Want{Columns: people})
}

func mustFind(t *testing.T, data []byte) Sheet {
	t.Helper()
	s, err := find(t, data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// flat writes the rows as "number:cell|cell", for comparing.
func flat(s Sheet) string {
	var lines []string
	for _, r := range s.Rows {
		lines = append(lines, string(rune('0'+r.Number))+":"+strings.Join(r.Cells, "|"))
	}
	return strings.Join(lines, " ")
}

func codes(problems []fault.Problem) []string {
	var got []string
	for _, p := range problems {
		got = append(got, p.Code)
	}
	return got
}

func utf16File(text string) []byte {
	data := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return data
}

func TestDelimitedTextIsReadInEveryFormThatExcelSaves(t *testing.T) {
	for name, data := range map[string][]byte{
		"comma":                 []byte("Họ và tên,Năm sinh\nTrần Thị Hoà,1956\n"),
		"semicolon":             []byte("Họ và tên;Năm sinh\nTrần Thị Hoà;1956\n"),
		"semicolon, commas too": []byte("Họ và tên;Năm sinh;Địa chỉ\nTrần Thị Hoà;1956;1, 2, 3, 4\n"),
		"tab":                   []byte("Họ và tên\tNăm sinh\nTrần Thị Hoà\t1956\n"),
		"byte order mark, CRLF": []byte("\xef\xbb\xbfHọ và tên,Năm sinh\r\nTrần Thị Hoà,1956\r\n"),
		"UTF-16 with tabs":      utf16File("Họ và tên\tNăm sinh\r\nTrần Thị Hoà\t1956\r\n"),
		"sep line":              []byte("sep=;\nHọ và tên;Năm sinh\nTrần Thị Hoà;1956\n"),
		"decomposed":            []byte("Ho\u0323 va\u0300 te\u0302n,Na\u0306m sinh\nTra\u0302\u0300n Thi\u0323 Hoa\u0300,1956\n"),
		"spaces of all kinds":   []byte("\u00a0Họ  và tên ,Năm\u200b sinh\n Trần\u00a0Thị\tHoà ,1956\n"),
		"quoted line break":     []byte("\"Họ và\ntên\",Năm sinh\n\"Trần Thị\nHoà\",1956\n"),
	} {
		s, err := find(t, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, record := range s.Records() {
			if record["name"] != "Trần Thị Hoà" || record["birth_year"] != "1956" {
				t.Errorf("%s: %q", name, record)
			}
		}
		if len(s.Rows) != 1 {
			t.Errorf("%s: %d rows", name, len(s.Rows))
		}
	}
}

func TestRowsAreNumberedAsASpreadsheetShowsThem(t *testing.T) {
	s := mustFind(t, []byte("Danh sách\n\nHọ và tên,Năm sinh\n\"A\nB\",1956\n\nC,1957\n"))
	if s.HeaderRow != 3 || flat(s) != "4:A B|1956 6:C|1957" {
		t.Errorf("header %d, rows %s", s.HeaderRow, flat(s))
	}
}

func TestTextThatIsNotUnicodeNamesItsLikelyCauseAndLine(t *testing.T) {
	_, err := find(t, []byte("Ho va ten,Nam sinh\nTr\xc7n,1956\n")) // TCVN3
	p := fault.ProblemsOf(err)[0]
	if !fault.Is(err, fault.Unreadable) || p.Code != "file.not_utf8" || p.Place.Row != 2 {
		t.Errorf("%v", err)
	}
}

func TestLettersLostEarlierAreReported(t *testing.T) {
	s := mustFind(t, []byte("Họ và tên,Năm sinh\nTr\ufffdn,1956\n"))
	if !slices.Equal(codes(s.Problems), []string{"file.lost_letters"}) || s.Problems[0].Place.Column != "Họ và tên" || s.Problems[0].Place.Row != 2 {
		t.Errorf("%v", s.Problems)
	}
}

func TestOtherFilesAreNamedForWhatTheyAre(t *testing.T) {
	for code, data := range map[string]string{
		"file.is_pdf":                 "%PDF-1.7\n1 0 obj", // renamed .xlsx
		"file.is_old_excel_or_locked": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and on",
		"file.is_html":                "  <html><body><table>",
		"file.is_image":               "\x89PNG\r\n\x1a\n",
		"file.is_archive":             "Rar!\x1a\x07",
		"file.is_binary":              "abc\x00def",
		"file.damaged":                "PK\x03\x04 torn off",
		"file.empty":                  "\n\n , ,\n",
		"file.is_xml":                 "<?xml version=\"1.0\"?><a/>",
		"file.no_rows_below_header":   "Họ và tên,Năm sinh\n",
		"file.missing_columns":        "Họ và tên,Tuổi\nA,70\n",
		"file.no_header":              "a,b\nc,d\n",
		"file.ambiguous_column":       "Họ và tên,Năm sinh,Năm sinh\nA,1956,1957\n",
		"file.too_many_columns":       strings.Repeat("a,", 300) + "\n",
	} {
		_, err := find(t, []byte(data))
		if err == nil || fault.ProblemsOf(err)[0].Code != code {
			t.Errorf("%q: %v, want %s", data[:min(len(data), 20)], err, code)
		}
	}
}

func TestTheRowLimitIsRowsOfData(t *testing.T) {
	file := func(n int) []byte {
		return []byte("Danh sách\nHọ và tên,Năm sinh\n" + strings.Repeat("A,1956\n", n))
	}
	if s, err := find(t, file(200_000)); err != nil || len(s.Rows) != 200_000 {
		t.Errorf("200,000 rows: %d, %v", len(s.Rows), err)
	}
	for _, n := range []int{200_001, 250_000} {
		if _, err := find(t, file(n)); !fault.Is(err, fault.TooLarge) || fault.ProblemsOf(err)[0].Code != "file.too_many_rows" {
			t.Errorf("%d rows: %v", n, err)
		}
	}
}

func FuzzOpenCSV(f *testing.F) {
	f.Add([]byte("Họ và tên,Năm sinh\nA,1956\n"))
	f.Add([]byte("sep=;\n\"a;\n"))
	f.Add(utf16File("a\tb\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := Open(data, Limits{Bytes: 1 << 16, Rows: 50, Columns: 20, Cells: 500, Parts: 20, Sheets: 5})
		if err != nil {
			if fault.Is(err, fault.Internal) {
				t.Errorf("an error without a kind: %v", err)
			}
			return
		}
		s, err := book.Find(Want{Columns: people})
		if err != nil {
			return
		}
		last := s.HeaderRow
		for _, r := range s.Rows {
			if r.Number <= last || len(r.Cells) != len(s.Header) {
				t.Fatalf("row %d after %d with %d cells under %d headers", r.Number, last, len(r.Cells), len(s.Header))
			}
			last = r.Number
			for _, c := range r.Cells {
				if tidy(c) != c {
					t.Fatalf("cell %q is not tidy", c)
				}
			}
		}
	})
}

// The cells of a first row of data may read like sub-headers.
func TestTheFirstRowOfDataIsNotTakenForSubHeaders(t *testing.T) {
	s := mustFind(t, []byte("Họ và tên,Năm sinh,,\nLê Văn Bảy,1960,Nam,Hộ\nTrần Thị Hoà,1956,Nữ,Hộ\n"))
	if len(s.Rows) != 2 || s.Header[1] != "Năm sinh" {
		t.Errorf("header %q, rows %s", s.Header, flat(s))
	}
}

func TestUnitsInBracketsUnderTheHeaderBelongToIt(t *testing.T) {
	book, err := Open([]byte("Mã đơn vị,Tên đơn vị,Diện tích,Dân số\n,,(km2),(người)\n00004,Ba Đình,2.97,65023\n"), DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	s, err := book.Find(Want{Columns: UnitColumns})
	if err != nil || len(s.Rows) != 1 {
		t.Errorf("%v, rows %s", err, flat(s))
	}
}

// Letters of Latin-1 that no reading makes Vietnamese of are reported; a few may
// be foreign names, and the user may say that they are.
func TestTextOfAnOldFontThatNothingExplainsIsNoticed(t *testing.T) {
	file := []byte("Họ và tên,Năm sinh\nTr×××n Thµµ,1956\nNg¨¨n B××,1957\nLªªª B¶¶,1958\n")
	s := mustFind(t, file)
	if len(s.Problems) != 1 || s.Problems[0].String() != "file.old_font column=Họ và tên row=2 cells=3" || !s.Problems[0].Stops() {
		t.Errorf("%v", s.Problems)
	}
	book, err := Open(file, DefaultLimits)
	must(t, err)
	if s, err = book.Find(Want{Columns: people, Encodings: map[int]Encoding{0: Unicode}}); err != nil || len(s.Problems) != 0 {
		t.Errorf("left as it is: %v %v", err, s.Problems)
	}
	s = mustFind(t, []byte("Họ và tên,Năm sinh\nHans Müller,1956\nĐặng Thị Ý,1957\n"))
	if len(s.Problems) != 1 || s.Problems[0].Stops() {
		t.Errorf("a foreign name: %v", s.Problems)
	}
}

// A stray quote at the beginning of a cell makes the rest of the file that cell's
// text, by the rules of CSV. People would be missing from the list and nobody told.
func TestAQuoteThatIsNeverClosedSwallowsNoRows(t *testing.T) {
	const header = "STT,Họ và tên,Năm sinh,Địa chỉ\n"
	for name, c := range map[string]struct{ rows, want string }{
		"in the last column":   {"1,An Văn A,1956,\"Xóm 3\n2,Bùi Thị B,1960,Xóm 2\n3,Cao Văn C,1970,Xóm 4\n", "row=2 lines=3"},
		"in a column before":   {"1,\"An Văn A,1956,Xóm 3\n2,Bùi Thị B,1960,Xóm 2\n", "row=2 lines=2"},
		"closed much later":    {"1,An Văn A,1956,\"Xóm 3\n2,Bùi Thị B,1960,Xóm 2\n3,Cao Văn C,1970,Xóm\"\n", "row=2 lines=2"},
		"after a cell of more": {"1,An Văn A,1956,\"Xóm 3\nThôn 4\"\n2,Bùi Thị B,1960,\"Xóm 2\n3,Cao Văn C,1970,Xóm 4\n", "row=3 lines=2"},
	} {
		_, err := find(t, []byte(header+c.rows))
		if err == nil || fault.ProblemsOf(err)[0].Code != "file.open_quote" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want file.open_quote at %s", name, err, c.want)
		}
	}
	s := mustFind(t, []byte(header+"1,An Văn A,1956,\"Số 3, ngõ 5\nXóm 2, thôn 4\"\n2,Bùi Thị B,1960,Xóm 2\n"))
	if got := flat(s); got != "2:1|An Văn A|1956|Số 3, ngõ 5 Xóm 2, thôn 4 3:2|Bùi Thị B|1960|Xóm 2" {
		t.Errorf("an address of two lines: %s", got)
	}
}
