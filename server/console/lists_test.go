package console

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
)

// listing is a round of the small province whose villages are drawn, with the
// officer of its first commune before the page of its first drawn village.
func listing(t *testing.T) (s *site, officer *browser, here, village string) {
	s = newSite(t)
	s.province()
	lan := account.User{Name: "lan", Role: account.Analyst, Scope: "80"}
	_, err := s.desk.CreateRound(t.Context(), lan, survey.Round{
		ID: roundID, Title: survey.Labels{"vi": "Đợt thử"}, Unit: "80", Questionnaire: s.sipas(), Formula: "sipas-items@1",
		Asker: "Sở Nội vụ", Contact: "0203", SlipsBy: survey.SlipsByProvince, Simulated: true, Grace: survey.DefaultGrace,
	})
	s.check(err)
	for stage, plan := range []sampling.Plan{
		{Key: "code", Method: sampling.All}, {Key: "code", ParentKey: "commune", Method: sampling.SRS, N: sampling.Counts{Each: 2}},
	} {
		_, err := s.desk.Commit(t.Context(), lan, roundID, conduct.Stage(stage+1), conduct.Intent{Plan: plan, Source: "lottery:XSMB:2026-12-31"})
		s.check(err)
		_, err = s.desk.Run(t.Context(), lan, roundID, conduct.Stage(stage+1), "12345")
		s.check(err)
	}
	villages, err := s.desk.Listed(t.Context(), roundID)
	s.check(err)
	officer = s.as(s.user(account.User{Name: "hoa", Role: account.Officer, Scope: "80001"}))
	return s, officer, Root + "/rounds/" + roundID + "/lists/" + string(villages[0].Code), villages[0].Name
}

// workbook is an XLSX of sheets by name; rows begin at the first.
func workbook(t *testing.T, sheets ...any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i := 0; i+1 < len(sheets); i += 2 {
		name := sheets[i].(string)
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for n, row := range sheets[i+1].([][]any) {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", n+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is wrong with an officer's file is shown with its place, and nothing is
// taken; what is merely unusual is taken.
func TestAnOfficersFileIsReadOrItsFaultsArePlaced(t *testing.T) {
	s, officer, here, village := listing(t)
	const head = "STT,Họ và tên,Năm sinh,Giới tính,Số hộ\n"
	good := [][]any{{"Họ và tên", "Năm sinh", "Giới tính"}, {"Trần Thị Hoà", 1956, "nữ"}, {"Lê Văn Tám", 1990, "nam"}}
	for name, c := range map[string]struct {
		file   string
		data   []byte
		status int
		texts  []string
	}{
		"the same person twice": {"a.csv", []byte(head + "1,Lê Văn Tám,1970,nam,7\n2,Lê Văn Tám,1970,nam,7\n"), 422, []string{"dòng 3", "trùng với dòng 2"}},
		"a child":               {"a.csv", []byte(head + "1,Lê Văn Tám,1970,nam,7\n2,Lê Thị Bé,2020,nữ,7\n"), 422, []string{"dòng 3", "cột Năm sinh", "chưa đủ 18 tuổi"}},
		"no birth year":         {"a.csv", []byte(head + "1,Lê Văn Tám,,nam,7\n"), 422, []string{"dòng 2", "Thiếu năm sinh"}},
		"another village":       {"a.csv", []byte("Họ và tên,Năm sinh,Thôn\nLê Văn Tám,1970,Thôn Lạ Hoắc\n"), 422, []string{"dòng 2", "Thôn Lạ Hoắc"}},
		"semicolons":            {"a.csv", []byte("Họ và tên;Năm sinh;Giới tính\nLê Văn Tám;1970;nam\n"), 200, []string{"1 người", "Nộp danh sách này"}},
		"decomposed Vietnamese": {"a.csv", []byte("Ho\u0323 va\u0300 te\u0302n,Na\u0306m sinh\nTra\u0302\u0300n Thi\u0323 Hoa\u0300,1956\n"), 200, []string{"Trần Thị Hoà"}},
		"a title above":         {"a.xlsx", workbook(t, "Thôn", append([][]any{{"DANH SÁCH CỬ TRI"}, {}}, good...)), 200, []string{"2 người", "Lê Văn Tám"}},
		"the second sheet":      {"a.xlsx", workbook(t, "Ghi chú", [][]any{{"Lập ngày 1/9"}}, "Danh sách", good), 200, []string{"2 người"}},
		"two such sheets":       {"a.xlsx", workbook(t, "Thôn 1", good, "Thôn 2", good), 422, []string{`href="#file"`, "Thôn 2"}},
		"no such columns":       {"a.xlsx", workbook(t, "Trang", [][]any{{"Tên hàng", "Giá"}, {"Gạo", 15000}}), 422, []string{`href="#file"`}},
		"no table":              {"a.csv", []byte("\x89PNG\r\n"), 422, []string{`href="#file"`}},
	} {
		t.Run(name, func(t *testing.T) {
			b := *officer
			b.t = t
			b.upload(here, c.file, c.data).wants(c.status, append(c.texts, "a.")...)
			if c.status != 200 {
				b.wants(c.status, "<title>Lỗi:", "!Nộp danh sách này")
			}
		})
	}
	heads, err := s.store.ListHeads(t.Context(), roundID, "")
	s.check(err)
	if len(heads) != 0 {
		t.Errorf("%d lists were taken by looking", len(heads))
	}
	officer.upload(here, "a.xlsx", workbook(t, "Thôn 1", good, "Thôn 2", good[:2]))
	officer.post(here, "upload", officer.hidden("upload"), "name", officer.hidden("name"), "sheet", "Thôn 2").wants(http.StatusOK, "1 người", village)
}

// Where two columns could be the birth year the officer names one, and the file
// need not be chosen again; the confirmation reads the same column.
func TestAColumnIsNamedByItsLetter(t *testing.T) {
	s, officer, here, _ := listing(t)
	officer.upload(here, "a.csv", []byte("Họ và tên,Năm sinh,Năm sinh\nLê Văn Tám,1970,1980\n")).wants(
		http.StatusUnprocessableEntity, `href="#file"`, "B (Năm sinh)", "C (Năm sinh)")
	kept := []string{"upload", officer.hidden("upload"), "name", "a.csv"}
	officer.post(here, append(kept, "col_birth_year", "5%")...).wants(http.StatusUnprocessableEntity, `href="#col_birth_year"`, "“5%”")
	officer.post(here, append(kept, "col_birth_year", "c")...).wants(http.StatusOK, `<td data-label="năm sinh">1980`, `!<td data-label="năm sinh">1970`, "Nộp danh sách này")
	officer.post(here+"/confirm", append(kept, "col_birth_year", officer.hidden("col_birth_year"))...).leads(here + "?done=list_taken")
	heads, err := s.store.ListHeads(t.Context(), roundID, "")
	s.check(err)
	list, err := s.store.List(t.Context(), heads[0])
	s.check(err)
	if list.People[0].BirthYear != 1980 {
		t.Errorf("taken %+v", list.People[0])
	}
	for column, letters := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ"} {
		if got, ok := columnOf(letters); got != column || !ok || lettersOf(column) != letters {
			t.Errorf("%s is %d, and %d is %s", letters, got, column, lettersOf(column))
		}
	}
}

// A file waits an hour for its confirmation and is deleted: it names people.
func TestAFileThatNobodyConfirmedIsGone(t *testing.T) {
	s, officer, here, village := listing(t)
	officer.upload(here, "a.csv", villageList(village, 5)).wants(http.StatusOK, "một giờ")
	upload := officer.hidden("upload")
	_, err := s.store.SweepUploads(t.Context(), time.Now().Add(time.Minute))
	s.check(err)
	if _, err := s.store.OpenBlob(t.Context(), upload); !fault.Is(err, fault.NotFound) {
		t.Errorf("the file is still there: %v", err)
	}
	officer.post(here+"/confirm", "upload", upload, "name", "a.csv").wants(http.StatusUnprocessableEntity, `href="#file"`, "chọn lại tệp")
}

func TestAListIsCountedBySexAndAge(t *testing.T) {
	list := sampling.List{People: []sampling.Person{
		{BirthYear: 2008, Sex: sampling.Male}, {BirthYear: 2001, Sex: sampling.Female}, {BirthYear: 1991}, {BirthYear: 1976, Sex: sampling.Male}, {BirthYear: 1966}, {BirthYear: 1965, Sex: sampling.Female},
	}}
	c := countHeads(list, 2026) // ages 18, 25, 35, 50, 60 and 61
	if c.People != 6 || c.Men != 2 || c.Women != 2 || c.Unknown() != 2 {
		t.Errorf("%+v", c)
	}
	var ages []string
	for _, g := range c.Ages {
		ages = append(ages, fmt.Sprintf("%d-%d:%d", g.From, g.To, g.People))
	}
	if got := strings.Join(ages, " "); got != "18-24:1 25-34:1 35-49:1 50-60:2 61-0:1" {
		t.Errorf("ages %s", got)
	}
}
