package sampling_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/sampling"
	"hailong/territory"
)

var dongXa = territory.Unit{Code: "06994-01", Kind: "Thôn", Name: "Đông Xá", Level: territory.Village}

// adults are the rules of most tests: one village, adults on 22 November 2026.
var adults = sampling.ListRules{Villages: []territory.Unit{dongXa}, Today: "2026-11-22", MinAge: 18}

// table makes records of "cell|cell" lines under a header of fields; rows count
// from 2.
func table(header string, lines ...string) iter.Seq2[int, map[string]string] {
	fields := strings.Split(header, "|")
	return func(yield func(int, map[string]string) bool) {
		for i, line := range lines {
			record := map[string]string{}
			for k, cell := range strings.Split(line, "|") {
				record[fields[k]] = cell
			}
			if !yield(i+2, record) {
				return
			}
		}
	}
}

// brief writes problems as "row column code", a warning with a question mark.
func brief(problems []fault.Problem) string {
	var out []string
	for _, p := range problems {
		mark := "?"
		if p.Stops() {
			mark = "!"
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s %s%s", p.Place.Row, p.Place.Column, strings.TrimPrefix(p.Code, "list."), mark)))
	}
	return strings.Join(out, "; ")
}

// onePerson checks one row of a complete list and returns who was read.
func onePerson(header, line string, rules sampling.ListRules) (sampling.Person, string) {
	lists, problems := sampling.CheckLists(table(header, line), rules)
	if len(lists) == 0 {
		problems = slices.DeleteFunc(problems, func(p fault.Problem) bool { return p.Code == "list.empty" })
		return sampling.Person{}, brief(problems)
	}
	return lists[0].People[0], brief(problems)
}

func TestBirthsAreReadInEveryFormAndNothingIsGuessed(t *testing.T) {
	for _, c := range []struct {
		text     string
		year     int
		date     territory.Day
		problems string
	}{
		{"1956", 1956, "", ""},
		{"12/03/1956", 1956, "1956-03-12", ""},
		{"2/3/1956", 1956, "1956-03-02", ""},
		{"12-03-1956", 1956, "1956-03-12", ""},
		{"12.3.1956", 1956, "1956-03-12", ""},
		{"12 tháng 3 năm 1956", 1956, "1956-03-12", ""},
		{"1956-03-12", 1956, "1956-03-12", ""},
		{"1956-03-12 00:00:00", 1956, "1956-03-12", ""},
		{"sinh năm 1956", 1956, "", ""},
		{"ngày 12 tháng 3 năm 1956", 1956, "1956-03-12", ""},
		{"SN: 1956", 1956, "", ""},
		{"03/1956", 1956, "", ""},
		{"00/00/1956", 1956, "", ""},
		{"--/--/1956", 1956, "", ""},
		{"20526", 1956, "1956-03-12", "2 birth_year birth_serial?"}, // LibreOffice: DATE(1956,3,12) = 20526
		{"56", 0, "", "2 birth_year birth_short_year!"},
		{"12/03/56", 0, "", "2 birth_year birth_short_year!"},
		{"03/25/1956", 0, "", "2 birth_year birth_month_first!"},
		{"31/02/1956", 0, "", "2 birth_year birth_no_such_day!"},
		{"29/02/1957", 0, "", "2 birth_year birth_no_such_day!"},
		{"1856", 0, "", "2 birth_year birth_impossible!"},
		{"2056", 0, "", "2 birth_year birth_impossible!"},
		{"khoảng 1956", 1956, "", "2 birth_year birth_doubtful?"},
		{"1950?", 1950, "", "2 birth_year birth_doubtful?"},
		{"~ 12/3/1950 (?)", 1950, "1950-03-12", "2 birth_year birth_doubtful?"},
		{"1956.0", 1956, "", ""},
		{"?", 0, "", "2 birth_year birth_unreadable!"},
		{"70 tuổi", 0, "", "2 birth_year birth_unreadable!"},
		{"195", 0, "", "2 birth_year birth_unreadable!"},
		{"", 0, "", "2 birth_year birth_missing!"},
		{"1920", 1920, "", "2 birth_year very_old?"},
		{"2010", 0, "", "2 birth_year child!"},
		{"2008", 2008, "", "2 birth_year turns_of_age?"},
		{"22/11/2008", 2008, "2008-11-22", ""}, // 18 on this very day
		{"23/11/2008", 0, "", "2 birth_year child!"},
	} {
		p, problems := onePerson("name|birth_year|sex|household", "Trần Thị Hoà|"+c.text+"|nữ|1", adults)
		if p.BirthYear != c.year || p.BirthDate != c.date || problems != c.problems {
			t.Errorf("%q: %d %q, problems %q; want %d %q, %q", c.text, p.BirthYear, p.BirthDate, problems, c.year, c.date, c.problems)
		}
	}
}

func TestTheBirthColumnsMustAgree(t *testing.T) {
	for _, c := range []struct{ header, line, problems string }{
		{"name|birth_year|birth_date|sex|household", "Trần Hoà|1956|12/03/1956|nữ|1", ""},
		{"name|birth_year|birth_date|sex|household", "Trần Hoà|1957|12/03/1956|nữ|1", "2 birth_year birth_contradiction!"},
		{"name|birth_male|birth_female|household", "Trần Hoà||1956|1", ""},
		{"name|birth_male|birth_female|household", "Trần Hoà|1956|1956|1", "2 birth_female birth_contradiction!"},
		{"name|birth_male|birth_female|sex|household", "Trần Hoà||1956|nam|1", "2 sex sex_contradiction!"},
	} {
		if _, problems := onePerson(c.header, c.line, adults); problems != c.problems {
			t.Errorf("%s: %q, want %q", c.line, problems, c.problems)
		}
	}
}

func TestSexIsReadInWordsAndInCodesThatTheHeaderExplains(t *testing.T) {
	for _, c := range []struct {
		header, text string
		want         sampling.Sex
		problems     string
	}{
		{"", "Nữ", sampling.Female, ""},
		{"", "NU", sampling.Female, ""},
		{"", "nam", sampling.Male, ""},
		{"", "Female", sampling.Female, ""},
		{"", "M", sampling.Male, ""},
		{"", "1", "", "2 sex sex_code!"},
		{"", "?", "", "2 sex sex_unreadable!"},
		{"", "", "", "2 sex sex_missing?"},
		{"Giới tính (1 = nam, 0 = nữ)", "0", sampling.Female, ""},
		{"Giới tính (Nam: 1; Nữ: 2)", "2", sampling.Female, ""},
		{"Giới tính 1-Nam 2-Nữ", "1", sampling.Male, ""},
		{"Giới tính (Nam: 1; Nữ: 2)", "0", "", "2 sex sex_code!"},
		{"Nam = 1", "0", "", "2 sex sex_code!"}, // the other code is not explained
	} {
		rules := adults
		rules.Headers = map[string]string{"sex": c.header}
		p, problems := onePerson("name|birth_year|sex|household", "Trần Hoà|1956|"+c.text+"|1", rules)
		if p.Sex != c.want || problems != c.problems {
			t.Errorf("%q under %q: %q, %q", c.text, c.header, p.Sex, problems)
		}
	}
	p, problems := onePerson("name|birth_year|sex_male|sex_female|household", "Trần Hoà|1956||x|1", adults)
	if p.Sex != sampling.Female || problems != "" {
		t.Errorf("marked: %q %q", p.Sex, problems)
	}
	if _, problems := onePerson("name|birth_year|sex_male|household", "Trần Hoà|1956|1956|1", adults); problems != "2 sex_male sex_unreadable!" {
		t.Errorf("a year is no mark: %q", problems)
	}
}

func TestNamesAreNormalisedAndCheckedButNotRewritten(t *testing.T) {
	for _, c := range []struct{ header, line, want, problems string }{
		{"name|birth_year|sex|household", "Tra\u0302\u0300n  Thi\u0323 Hoa\u0300|1956|nữ|1", "Trần Thị Hoà", ""},
		{"name|birth_year|sex|household", "TRẦN THỊ HOÀ|1956|nữ|1", "TRẦN THỊ HOÀ", ""},
		{"family_name|given_name|birth_year|sex|household", "Trần Thị|Hoà|1956|nữ|1", "Trần Thị Hoà", ""},
		{"name|birth_year|sex|household", "Hoà|1956|nữ|1", "Hoà", "2 name name_of_one_word?"},
		{"name|birth_year|sex|household", "Trần Thị Hoà 2|1956|nữ|1", "Trần Thị Hoà 2", "2 name name_with_digits?"},
		{"name|birth_year|sex|household", "12|1956|nữ|1", "", "2 name name_without_letters!"},
		{"name|birth_year|sex|household", "|1956|nữ|1", "", "2 name name_missing!"},
	} {
		p, problems := onePerson(c.header, c.line, adults)
		if p.Name != c.want || problems != c.problems {
			t.Errorf("%s: %q, %q", c.line, p.Name, problems)
		}
	}
}

func TestRowsThatNameNobodyAreReportedAndLeftOut(t *testing.T) {
	lists, problems := sampling.CheckLists(table("number|name|birth_year|sex|household|address",
		"1|Trần Thị Hoà|1956|nữ|1|",
		"Tổng cộng: 1 người|||||",
		"|Tổng số|1|||",
		"|||||Đông Xá, ngày 5 tháng 9 năm 2026",
		"|Người lập danh sách||||Trưởng thôn",
		"2|||||",
		"|Lê Văn Bảy||nam|2|",
	), adults)
	want := "3  footer?; 4  footer?; 5  footer?; 6  footer?; 7  row_without_person?; 8 birth_year birth_missing!"
	if brief(problems) != want || len(lists[0].People) != 1 {
		t.Errorf("got  %s\nwant %s", brief(problems), want)
	}
}

// Below the date and "Người lập biểu" stand the names of those who sign, in
// whatever columns these fall. A person without a birth is still one to be asked for.
func TestThoseWhoSignAListAreNotOnIt(t *testing.T) {
	lists, problems := sampling.CheckLists(table("number|name|birth_year|sex|household|address",
		"1|Trần Thị Hoà|1956|nữ|1|",
		"|Cộng tổ 1||||",
		"|Lê Văn Bảy||||",
		"|||||Đông Xá, ngày 5 tháng 9 năm 2026",
		"|Người lập biểu||TM. UBND xã||",
		"|Trần Văn Lập|Lê Thị Chín|Lê Chủ Tịch||",
		"|Lê Văn Tám||nam||",
	), adults)
	want := "3  footer?; 4 birth_year birth_missing!; 5  footer?; 6  footer?; 7  footer?; 8 birth_year birth_missing!"
	if brief(problems) != want || len(lists[0].People) != 1 {
		t.Errorf("got  %s\nwant %s", brief(problems), want)
	}
}

func TestDoublesAreErrorsAndLikelyOnesWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string
		problems      string
		people        int
	}{
		"same household":               {"Trần Thị Hoà|1956|nữ|1", "Trần Thị Hòa|1956|nữ|1", "3 name duplicate!", 1},
		"same date":                    {"Trần Thị Hoà|12/03/1956|nữ|1", "Trần Thị Hoà|12/03/1956|nữ|2", "3 name duplicate!", 1},
		"another household":            {"Trần Thị Hoà|1956|nữ|1", "Trần Thị Hoà|1956|nữ|2", "3 name duplicate_likely?", 2},
		"without marks":                {"Trần Thị Hoà|1956|nữ|1", "TRAN THI HOA|1956|nữ|1", "3 name duplicate_likely?", 2},
		"another sex":                  {"Nguyễn Thanh|1956|nữ|1", "Nguyễn Thanh|1956|nam|1", "3 name duplicate_likely?", 2},
		"other marks, other household": {"Trần Thị Hoà|1956|nữ|1", "Trần Thị Hoa|1956|nữ|2", "", 2},
		"another date":                 {"Trần Thị Hoà|12/03/1956|nữ|1", "Trần Thị Hoà|13/03/1956|nữ|1", "", 2},
		"another year":                 {"Trần Thị Hoà|1956|nữ|1", "Trần Thị Hoà|1957|nữ|1", "", 2},
	} {
		lists, problems := sampling.CheckLists(table("name|birth_year|sex|household", c.first, c.second), adults)
		if brief(problems) != c.problems || len(lists[0].People) != c.people {
			t.Errorf("%s: %q with %d people", name, brief(problems), len(lists[0].People))
		}
	}
}

func TestChildrenStopTheImportUnlessTheyAreLeftOut(t *testing.T) {
	rows := table("name|birth_year|sex|household", "Trần Thị Hoà|1956|nữ|1", "Trần An|2015|nam|1")
	_, problems := sampling.CheckLists(rows, adults)
	if brief(problems) != "3 birth_year child!" {
		t.Errorf("%s", brief(problems))
	}
	rules := adults
	rules.LeaveOutChildren = true
	lists, problems := sampling.CheckLists(rows, rules)
	if brief(problems) != "3 birth_year child_left_out?" || len(lists[0].People) != 1 {
		t.Errorf("%s, %+v", brief(problems), lists)
	}
}

func TestAFileOfACommuneIsSplitIntoItsVillages(t *testing.T) {
	rules := adults
	rules.Villages = []territory.Unit{
		dongXa,
		{Code: "06994-02", Kind: "Thôn", Name: "1"},
		{Code: "06994-03", Kind: "Tổ dân phố", Name: "1"},
		{Code: "06994-04", Kind: "Bản", Name: "Nà Lơi"},
	}
	lists, problems := sampling.CheckLists(table("name|birth_year|sex|household|village",
		"Người Một|12/03/1956|nữ|1|Thôn Đông Xá",
		"Người Hai|1956|nữ|1|đông xá",
		"Người Ba|1956|nữ|1|dong xa",
		"Người Bốn|1956|nữ|1|THÔN 01",
		"Người Năm|1956|nữ|1|06994-03",
		"Người Sáu|1956|nữ|1|1",
		"Người Bảy|1956|nữ|1|Nà Lới",
		"Người Tám|1956|nữ|1|Cẩm Phả",
		"Người Chín|1956|nữ|1|",
		"Người Một|12/03/1956|nữ|1|Bản Nà Lơi",
	), rules)
	want := "7 village village_ambiguous!; 8 village village_unknown_like!; 9 village village_unknown!; 10 village village_missing!; 11 name in_two_villages?"
	if brief(problems) != want {
		t.Errorf("got  %s\nwant %s", brief(problems), want)
	}
	var sizes []string
	for _, l := range lists {
		sizes = append(sizes, fmt.Sprintf("%s:%d", l.Village, len(l.People)))
	}
	if got := strings.Join(sizes, " "); got != "06994-01:3 06994-02:1 06994-03:1 06994-04:1" {
		t.Errorf("lists %s", got)
	}
	if like := problems[1].Args[1].Value; fmt.Sprint(like) != "[Bản Nà Lơi]" {
		t.Errorf("suggested %v", like)
	}
}

func TestAFileOfSeveralVillagesWithoutTheirColumnIsOneProblem(t *testing.T) {
	rules := adults
	rules.Villages = []territory.Unit{{Code: "1", Name: "Một"}, {Code: "2", Name: "Hai"}}
	rules.Headers = map[string]string{"name": "Họ và tên", "birth_year": "Năm sinh"}
	_, problems := sampling.CheckLists(table("name|birth_year", "Người Một|1956", "Người Hai|1957"), rules)
	if got := brief(problems); strings.Count(got, "no_village_column!") != 1 || strings.Contains(got, "village_missing") {
		t.Errorf("%s", got)
	}
}

func TestMissingColumnsAreReportedOnce(t *testing.T) {
	_, problems := sampling.CheckLists(table("name|birth_year", "Người Một|1956", "Người Hai|1957"), adults)
	if brief(problems) != "0  no_sex_column?; 0  no_household_column?" {
		t.Errorf("%s", brief(problems))
	}
}

func TestDatesThatASpreadsheetSwappedAreNoticed(t *testing.T) {
	swapped := []string{"1956-03-12", "1957-04-01", "1958-05-02", "1959-06-03", "25/03/1956", "26/03/1956", "27/03/1956", "28/03/1956"}
	var lines []string
	for i, date := range swapped {
		lines = append(lines, fmt.Sprintf("Người Số %c|%s|nữ|%d", 'A'+i, date, i))
	}
	if _, problems := sampling.CheckLists(table("name|birth_date|sex|household", lines...), adults); brief(problems) != "0  dates_swapped?" {
		t.Errorf("%s", brief(problems))
	}
	lines[0] = "Người Khác|1956-03-13|nữ|1"
	if _, problems := sampling.CheckLists(table("name|birth_date|sex|household", lines...), adults); brief(problems) != "" {
		t.Errorf("with a date cell after the twelfth: %s", brief(problems))
	}
}

func TestAFileWithoutAnybodyIsAnError(t *testing.T) {
	_, problems := sampling.CheckLists(table("name|birth_year"), adults)
	if brief(problems) != "0  empty!" {
		t.Errorf("%s", brief(problems))
	}
}

func FuzzCheckListsNeverInventsABirth(f *testing.F) {
	for _, seed := range []string{"1956", "12/03/1956", "20526", "0/0/1956", "1956-02-30", "năm 1956"} {
		f.Add("Trần Hoà", seed, "nữ", "Đông Xá")
	}
	f.Fuzz(func(t *testing.T, name, born, sex, village string) {
		records := func(yield func(int, map[string]string) bool) {
			yield(2, map[string]string{"name": name, "birth_year": born, "sex": sex, "village": village})
		}
		lists, problems := sampling.CheckLists(records, adults)
		stops := fault.Of(fault.Invalid, problems) != nil
		for _, l := range lists {
			for _, p := range l.People {
				year := fmt.Sprint(p.BirthYear)
				serial := slices.ContainsFunc(problems, func(p fault.Problem) bool { return p.Code == "list.birth_serial" })
				if p.Name == "" || !serial && !strings.Contains(born, year) || p.BirthDate != "" && !strings.HasPrefix(string(p.BirthDate), year) {
					t.Errorf("%q became %+v", born, p)
				}
			}
		}
		if len(lists) == 0 && !stops {
			t.Errorf("nobody was read, and nothing says why: %v", problems)
		}
	})
}

func TestFamiliesThatReadLikeTotalsAreStillPeople(t *testing.T) {
	for name, footer := range map[string]bool{
		"Tống Thị Lan": false, "Tòng Văn Ơn": false, "Công Thị Mai": false, "Trương Thôn": false, "Tong Thi Lan": false, "Trương Ký": false,
		"Tổng": true, "TỔNG CỘNG: 120 người": true, "Tong cong": true, "Cộng:": true, "T/M UBND XÃ": true, "(Ký, ghi rõ họ tên)": true,
		"Đông Xá, ngày 5 tháng 9 năm 2026": true, "Ngày … tháng … năm …": true, "Uỷ ban nhân dân xã": true, "Ủy ban": true, "* Ghi chú:": true,
	} {
		_, problems := onePerson("name|birth_year|sex|household", name+"|||", adults)
		if got := problems == "2  footer?"; got != footer {
			t.Errorf("%q: %q", name, problems)
		}
	}
}

// A file of one name is reported in as many problems as it has rows, not in
// their square.
func TestAFileOfOneNameCostsNoMoreThanAnother(t *testing.T) {
	lines := slices.Repeat([]string{"Nguyễn Văn A|1956|nam|"}, 20_000)
	_, problems := sampling.CheckLists(table("name|birth_year|sex|household", lines...), adults)
	if n := len(problems); n > 2*len(lines) {
		t.Errorf("%d problems for %d rows", n, len(lines))
	}
}
