package sampling_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/intake"
	"hailong/sampling"
	"hailong/static"
	"hailong/territory"
)

// awkward is a list as it might come: a cover sheet, titles, two header rows
// with merged cells, a numbering row, merged households, decomposed Unicode,
// years as text and as numbers, a double, a child, a missing year, a total and
// a signature.
func awkward(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(f.SetSheetRow("Sheet1", "A1", &[]any{"Công văn số 12"}))
	_, err := f.NewSheet("DS thôn")
	do(err)
	for i, row := range [][]any{
		{"UBND XÃ ĐÔNG XÁ"},
		{"DANH SÁCH NGƯỜI TỪ 18 TUỔI TRỞ LÊN"},
		{"STT", "Họ và tên", "Năm sinh", nil, "Số hộ", "Nơi ở"},
		{nil, nil, "Nam", "Nữ"},
		{"(1)", "(2)", "(3)", "(4)", "(5)", "(6)"},
		{1, "Le\u0302 Va\u0306n Ba\u0309y", 1960, nil, "01", "Đông Xá"},
		{2, "Trần Thị Hoà", nil, "1962", nil, "Đông Xá"},
		{3, "Vi Thị Nga", nil, "05/06/1970", "02", "Đông Xá"},
		{4, "Trần Thị Hòa", nil, 1962, "01", "Đông Xá"},
		{5, "Vi Văn An", 2015, nil, "02", "Đông Xá"},
		{6, "Lò Văn Bình", nil, nil, "03", "Đông Xá"},
		{"Tổng cộng: 6 người"},
		{nil, nil, nil, nil, nil, "Trưởng thôn"},
	} {
		do(f.SetSheetRow("DS thôn", fmt.Sprintf("A%d", i+1), &row))
	}
	for _, m := range [][2]string{{"A1", "F1"}, {"A2", "F2"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"F3", "F4"}, {"E6", "E7"}, {"A12", "F12"}} {
		do(f.MergeCell("DS thôn", m[0], m[1]))
	}
	var out bytes.Buffer
	do(f.Write(&out))
	return out.Bytes()
}

func TestAnAwkwardWorkbookBecomesAListAndAReport(t *testing.T) {
	book, err := intake.Open(awkward(t), intake.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := book.Find(intake.Want{Columns: intake.PersonColumns})
	if err != nil {
		t.Fatal(err)
	}
	rules := adults
	rules.Headers = sheet.Headers()
	lists, problems := sampling.CheckLists(sheet.Records(), rules)
	problems = append(sheet.Problems, sheet.Locate(problems)...)
	want := "5  file.numbering_row?; 7 Số hộ file.merged_filled?; 9 Họ và tên duplicate!; " +
		"10 Năm sinh / Nam child!; 11 Năm sinh / Nam birth_missing!; 12  footer?; 13  footer?"
	if got := brief(problems); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = "[Lê Văn Bảy 1960 male 01] [Trần Thị Hoà 1962 female 01] [Vi Thị Nga 1970-06-05 female 02]"
	var got []string
	for _, p := range lists[0].People {
		line := strings.Split(string(p.Line("v")), ",")
		got = append(got, fmt.Sprint(line[1:5]))
	}
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	report := static.ProblemText(static.Vietnamese, problems[2])
	if want := "trang tính DS thôn, dòng 9, cột Họ và tên: “Trần Thị Hòa” trùng với dòng 7"; !strings.HasPrefix(report, want) {
		t.Errorf("got  %s\nwant %s …", report, want)
	}
}

// Every spelling of a header leads to its own field, typed without marks at
// least to no other: "HO" can be Họ or Hộ.
func TestEverySpellingOfAHeaderLeadsToItsField(t *testing.T) {
	for name, columns := range map[string][]intake.Column{
		"people": intake.PersonColumns, "units": intake.UnitColumns, "successions": intake.SuccessionColumns,
	} {
		for _, c := range columns {
			for _, spelling := range append([]string{c.Field}, c.Names...) {
				for _, typed := range []string{spelling, strings.ToUpper(spelling)} {
					if m := intake.Match([]string{typed}, columns); len(m.Fields) != 1 || m.Fields[c.Field] != 0 {
						t.Errorf("%s: %q leads to %v, not to %s", name, typed, m.Fields, c.Field)
					}
				}
				m := intake.Match([]string{territory.Plain(spelling)}, columns)
				if _, own := m.Fields[c.Field]; !own && (len(m.Fields) > 0 || territory.Plain(spelling) != "ho") {
					t.Errorf("%s: %q without marks leads to %v, not to %s", name, spelling, m.Fields, c.Field)
				}
			}
		}
	}
}

func TestEveryListCodeHasItsTexts(t *testing.T) {
	files, err := filepath.Glob("list*.go")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v %v", files, err)
	}
	code := regexp.MustCompile(`"(list\.[a-z_]+)"`)
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			if !static.Has(static.Vietnamese, m[1]) || !static.Has(static.English, m[1]) {
				t.Errorf("%s: %s lacks a text", name, m[1])
			}
		}
	}
}

// BenchmarkCheckLists checks 200,000 people of one file.
func BenchmarkCheckLists(b *testing.B) {
	var lines []string
	for i := range 200_000 {
		lines = append(lines, fmt.Sprintf("Nguyễn Văn %d%c|%d|nam|%d", i%977, 'a'+i%26, 1940+i%60, i/4))
	}
	records := table("name|birth_year|sex|household", lines...)
	b.ReportAllocs()
	for b.Loop() {
		sampling.CheckLists(records, adults)
	}
}
