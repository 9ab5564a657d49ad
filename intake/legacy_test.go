package intake

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"hailong/fault"
)

// allLetters are the 67 letters of Vietnamese beyond A to Z, small.
const allLetters = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"

// encode writes a text as an old font needs it: the inverse of Decode.
func encode(e Encoding, text string) string {
	single, pairs := map[rune]string{}, map[rune]string{}
	switch e {
	case TCVN3:
		for code, letter := range tcvn3Letters {
			single[letter] = string(code)
		}
	case VNI:
		for code, letter := range vniSingle {
			single[letter] = string(code)
		}
		for pair, letter := range vniPairs {
			pairs[letter] = string(pair[0]) + string(pair[1])
			pairs[unicode.ToUpper(letter)] = strings.ToUpper(string(pair[0])) + strings.ToUpper(string(pair[1]))
		}
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case single[r] != "":
			b.WriteString(single[r])
		case pairs[r] != "":
			b.WriteString(pairs[r])
		case e == TCVN3 && single[unicode.ToLower(r)] != "":
			b.WriteString(single[unicode.ToLower(r)]) // no such capital: the small letter is typed
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestEveryLetterSurvivesTheWayThroughAnOldEncoding(t *testing.T) {
	if n := len([]rune(allLetters)); n != 67 {
		t.Fatalf("%d letters", n)
	}
	for _, e := range []Encoding{TCVN3, VNI} {
		for _, letter := range allLetters + strings.ToUpper(allLetters) {
			stored := encode(e, string(letter))
			for _, r := range stored {
				if r > 0xFF {
					t.Errorf("%s: %c is stored as %q, which no old font has", e, letter, stored)
				}
			}
			want := string(letter)
			if e == TCVN3 && unicode.IsUpper(letter) && !strings.ContainsRune("ĂÂÊÔƠƯĐ", letter) {
				want = strings.ToLower(want) // VN3 has no capital with a tone
			}
			if got := e.Decode(stored); got != want {
				t.Errorf("%s: %c is stored as %q and read as %s", e, letter, stored, got)
			}
		}
	}
}

// Texts as such files show them in a Unicode font. TCVN3 and VNI words from the
// fonts' own keyboards; capitals of TCVN3 are the small codes in a font whose
// name ends in H, or capitals with small codes between.
func TestKnownTextsOfOldFontsAreRead(t *testing.T) {
	for _, c := range []struct {
		encoding   Encoding
		text, want string
	}{
		{TCVN3, "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"},
		{TCVN3, "TrÇn ThÞ Hoµ", "Trần Thị Hoà"},
		{TCVN3, "§Æng D\u00ad¬ng Quèc Kh¸nh", "Đặng Dương Quốc Khánh"},
		{TCVN3, "NGUYÔN V¡N B×NH", "NGUYỄN VĂN BÌNH"},
		{TCVN3, "Lª Hμ", "Lê Hà"}, // the micro sign as some programs normalise it
		{VNI, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"},
		{VNI, "Nguyeãn Thò Phöông", "Nguyễn Thị Phương"},
		{VNI, "ÑAËNG VAÊN HUØNG", "ĐẶNG VĂN HÙNG"},
		{VNI, "Aùnh", "Ánh"}, // the mark's own case does not count
	} {
		if got := c.encoding.Decode(c.text); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.encoding, c.text, got, c.want)
		}
	}
}

func TestPossibleSyllables(t *testing.T) {
	for word := range strings.FieldsSeq("hoà hòa Thuỷ thủy Nguyễn nghiêng quýt quỳnh Quý gì giếng già khuya ngoằn Đặng ương ƯỚC yến Lý lí qúa huyền mã thuở loè xoong xoài được iệu khuỷu") {
		if word != "iệu" && !possibleSyllable(word) {
			t.Errorf("%s should be possible", word)
		}
	}
	for word := range strings.FieldsSeq("Traàn Leâ hoaø TrÇn NguyÔn Mûller Hùúng bếk thàch hèp kà̀ fàn wằn jì zố aò oàmm") {
		if possibleSyllable(word) {
			t.Errorf("%s should not be", word)
		}
	}
}

// names makes real-shaped names: family, middle, given, over every kind of
// letter. Old and new places of tones are both in use.
func names(count int) []string {
	family := strings.Fields("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Lò Quàng Cà Tòng Vàng Giàng Sùng Hà Mã Nông Bế Triệu Chẩu Tô Lù Quách")
	middle := strings.Fields("Văn Thị Hữu Đức Công Quang Thuỳ Thùy Ngọc Xuân Thanh Bá Đình Mạnh Minh Như Kiều Bích Diễm A")
	given := strings.Fields("Hoà Hòa Hùng Dũng Tám Bảy Sáu Năm Tư Út Nguyệt Tuyết Uyên Quyên Khuê Thuý Thúy Huyền Hương Phượng Ánh Ân Ý Yến Oanh Loan Xoan Cường Lượng Nghĩa Giang Hạnh Kỳ Quỳnh Ngoan Trường Đông Khoát Toản Luyến Tuấn Luận Thưởng Mỹ Vĩ Lài Sen Bé Tèo")
	list := make([]string, count)
	for i := range list {
		n := i * 7919
		list[i] = family[n%len(family)] + " " + middle[n/len(family)%len(middle)] + " " + given[n/len(family)/len(middle)%len(given)]
	}
	return list
}

// table is a village list in rows, as an officer has it.
func table(list []string) [][]string {
	rows := [][]string{
		{"ỦY BAN NHÂN DÂN XÃ ĐÔNG XÁ"}, {"Danh sách nhân khẩu từ 18 tuổi"},
		{"Số TT", "Họ và tên", "Năm sinh", "Giới tính", "Số hộ", "Địa chỉ"},
	}
	for i, name := range list {
		sex, place := "Nữ", "Thôn Hạ"
		if i%3 == 0 {
			sex, place = "Nam", "Tổ 3"
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), name, fmt.Sprint(1940 + i%60), sex, fmt.Sprint(i/4 + 1), place})
	}
	return rows
}

// stored writes rows as CSV in an old encoding, in its own bytes.
func stored(t testing.TB, e Encoding, rows [][]string) []byte {
	t.Helper()
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(';')
			}
			b.WriteString(encode(e, cell))
		}
		b.WriteByte('\n')
	}
	data, err := charmap.Windows1252.NewEncoder().Bytes([]byte(b.String()))
	must(t, err)
	return data
}

// sameRows checks every cell below the header, without case where the encoding
// has no capitals.
func sameRows(t *testing.T, s Sheet, rows [][]string) {
	t.Helper()
	if len(s.Rows) != len(rows) {
		t.Fatalf("%d rows, want %d", len(s.Rows), len(rows))
	}
	for i, row := range s.Rows {
		for col, want := range rows[i] {
			if !strings.EqualFold(row.Cells[col], want) {
				t.Errorf("row %d column %d: %q, want %q", row.Number, col, row.Cells[col], want)
			}
		}
	}
}

func TestAListInAnOldEncodingIsReadAndSaidToBe(t *testing.T) {
	rows := table(names(4000))
	for _, e := range []Encoding{TCVN3, VNI} {
		s := mustFind(t, stored(t, e, rows))
		sameRows(t, s, rows[3:])
		if s.Mapping.Fields["name"] != 1 || s.Mapping.Fields["birth_year"] != 2 {
			t.Errorf("%s: %v of %q", e, s.Mapping.Fields, s.Header)
		}
		if len(s.Recoded) != 6 || s.Recoded[1].Encoding != e || s.Recoded[1].Examples[0][1] != "Họ và tên" {
			t.Errorf("%s: %+v", e, s.Recoded)
		}
		told := codes(s.Problems)
		if len(told) != 1 || told[0] != "file.recoded_"+string(e) || s.Problems[0].Stops() {
			t.Errorf("%s: %v", e, s.Problems)
		}
	}
}

func TestOldLettersInsideAWorkbookAreReadByTheirFontsToo(t *testing.T) {
	font := func(f *excelize.File, name, from, to string) {
		style, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: name}})
		must(t, err)
		must(t, f.SetCellStyle("Sheet1", from, to, style))
	}
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"hä vµ tªn", "n¨m sinh", "hé"}, []any{"NguyÔn V¨n B×nh", 1956, "hé"}, []any{"trÇn thÞ lan", 1957, "02"},
			[]any{"Lò Thị Xuân", 1958, "03"}, []any{"Leâ Thò Töôi", 1959, "04"})
		font(f, ".VnTimeH", "A1", "C1")
		font(f, ".VnTime", "A2", "A2")
		font(f, ".VnArialH", "A3", "A3")
		font(f, "VNI-Times", "A5", "A5")
		must(t, f.SetCellRichText("Sheet1", "C2", []excelize.RichTextRun{{Text: "hé 12", Font: &excelize.Font{Family: ".VnTime"}}}))
	}))
	if want := "2:Nguyễn Văn Bình|1956|hộ 12 3:TRẦN THỊ LAN|1957|02 4:Lò Thị Xuân|1958|03 5:Lê Thị Tươi|1959|04"; flat(s) != want {
		t.Errorf("got  %s\nwant %s", flat(s), want)
	}
	if !strings.EqualFold(strings.Join(s.Header, "|"), "HỌ VÀ TÊN|NĂM SINH|HỘ") {
		t.Errorf("header %q", s.Header)
	}
}

// Some cells in Unicode, some in TCVN3 (pasted from another file): each is read
// for itself, and what could be either goes with its row.
func TestAMixedFileIsReadCellByCell(t *testing.T) {
	s := mustFind(t, xlsx(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"Họ và tên", "Năm sinh", "Quan hệ"}, []any{"Vũ Thị Hằng", 1956, "hé"},
			[]any{"NguyÔn V¨n B×nh", 1957, "chñ hé"}, []any{"TrÇn ThÞ Hoµ", 1958, "hé"}, []any{"Lê Hoàng Hà", 1959, "bé"})
	}))
	if want := "2:Vũ Thị Hằng|1956|hé 3:Nguyễn Văn Bình|1957|chủ hộ 4:Trần Thị Hoà|1958|hộ 5:Lê Hoàng Hà|1959|bé"; flat(s) != want {
		t.Errorf("got  %s\nwant %s", flat(s), want)
	}
}

func TestTheUserOverrulesHowAColumnIsRead(t *testing.T) {
	data := []byte("Họ và tên,Năm sinh\nTrÇn ThÞ Hoµ,1956\nNguyÔn V¨n B×nh,1957\n")
	book, err := Open(data, DefaultLimits)
	must(t, err)
	for e, want := range map[Encoding]string{Unicode: "TrÇn ThÞ Hoµ", TCVN3: "Trần Thị Hoà"} {
		s, err := book.Find(Want{Columns: people, Encodings: map[int]Encoding{0: e}})
		must(t, err)
		if s.Rows[0].Cells[0] != want || s.Header[0] != "Họ và tên" {
			t.Errorf("%s: %q", e, s.Rows[0].Cells[0])
		}
		if (len(s.Recoded) == 0) != (e == Unicode) {
			t.Errorf("%s: %+v", e, s.Recoded)
		}
	}
	again, err := book.Find(Want{Columns: people})
	must(t, err)
	if again.Rows[0].Cells[0] != "Trần Thị Hoà" {
		t.Errorf("choosing changed the file: %q", again.Rows[0].Cells[0])
	}
}

// The rate of false alarms on proper lists is 0: on 100,000 names of every
// shape, on every syllable that the check holds for possible, in each case and
// place of tones, and on names of other peoples.
func TestUnicodeListsAreNeverTakenForOldEncodings(t *testing.T) {
	rows := table(names(100_000))
	for _, others := range []string{
		"Y Bhút Niê,H'Nhi Êban,K'Brếp,Siu Lê,Rơ Chăm Tuấn,Ksor Phước,Nay Hà,Thạch Sà Rây,Danh Út,Kiên Tà,Lâm Sóc Khonl",
		"Châu Văn Đạo,Hùng Mí Pó,Giàng A Páo,Sùng Thị Dê,Lý Mí Sính,Mùa A Vảng,Cứ A Sà,Tẩn Láo Tả,Chẻo Sành Sử,Phàn Quẩy",
		"José García,François Müller,Zoë Brønd,Åsa Öberg,Muñoz Peña,Béla Bartók,Noël Gönül,Søren Ægir,Jürgen Weiß",
	} {
		for name := range strings.SplitSeq(others, ",") {
			rows = append(rows, []string{"1", name, "1960", "Nam", "1", "Bản Nà Ló"})
		}
	}
	g := grid{}
	for i, row := range rows {
		g.rows = append(g.rows, Row{Number: i + 1, Cells: row})
	}
	g.recode()
	for _, row := range g.rows {
		if row.old != nil {
			t.Errorf("row %d was read as old letters: %q from %q", row.Number, row.Cells, row.old.raw)
		}
	}
	r, alarms, words := newRecogniser(), 0, 0
	for initial := range initials {
		for rime := range rimes {
			for _, tone := range []string{"", string(grave), string(acute), string(tilde), string(hook), string(dot)} {
				for at := range []rune(rime) {
					word := tidy(initial + string([]rune(rime)[:at+1]) + tone + string([]rune(rime)[at+1:]))
					if !possibleSyllable(word) {
						continue
					}
					words++
					if set := r.readings(word); set != 0 && !set.has(Unicode) {
						alarms++
					}
				}
			}
		}
	}
	if alarms > 0 || words < 20_000 {
		t.Errorf("%d false alarms on %d syllables", alarms, words)
	}
}

func TestBytesThatNoEncodingExplainsAreRefused(t *testing.T) {
	wantCode(t, []byte("Ho va ten,Nam sinh\nJos\xe9 Garc\xeda,1956\nJ\xfcrgen,1957\n"), fault.Unreadable, "file.not_utf8")
}

// Whatever two cells hold: what has a letter that no old font has stays, and what
// is converted can be had back as it was.
func FuzzOldLettersAreNeverLost(f *testing.F) {
	f.Add("TrÇn ThÞ Hoµ", "NguyÔn V¨n B×nh")
	f.Add("Traàn Thò Hoaø", "Nguyễn Văn Bình")
	f.Add("hé\u00ad\u00ad", "§\u00ad¬")
	f.Fuzz(func(t *testing.T, a, b string) {
		g := grid{rows: []Row{{Number: 1, Cells: []string{tidyRaw(a)}}, {Number: 2, Cells: []string{tidyRaw(b)}}}}
		before := []string{g.rows[0].Cells[0], g.rows[1].Cells[0]}
		g.recode()
		for i, row := range g.rows {
			if beyondOldFonts(before[i]) && row.Cells[0] != tidy(before[i]) {
				t.Errorf("%q became %q", before[i], row.Cells[0])
			}
			if forced := g.force(map[int]Encoding{0: Unicode}).rows[i].Cells[0]; row.old != nil && forced != tidy(before[i]) {
				t.Errorf("%q came back as %q", before[i], forced)
			}
		}
	})
}

func BenchmarkRecode(b *testing.B) {
	data := stored(b, TCVN3, table(names(20_000)))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Open(data, DefaultLimits); err != nil {
			b.Fatal(err)
		}
	}
}
