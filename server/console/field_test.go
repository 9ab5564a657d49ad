package console

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// afield is an open round with twelve drawn people and three reserves in each
// village, its officer, and the address of a village's visits.
func afield(t *testing.T) (s *site, officer *browser, here string, village territory.Code) {
	s, officer, _, _ = listing(t)
	lan := account.User{Name: "lan", Role: account.Analyst, Scope: "80"}
	villages, err := s.desk.Listed(t.Context(), roundID)
	s.check(err)
	for i, v := range villages {
		list := sampling.List{Village: v.Code}
		for n := range 40 {
			list.People = append(list.People, sampling.Person{Name: fmt.Sprintf("Nguyễn Thị %s %s", numeral(i), numeral(n)), BirthYear: 1950 + n, Sex: sampling.Female, Phone: "0912 345 678"})
		}
		_, err := s.desk.AddList(t.Context(), lan, roundID, "ds.xlsx", list)
		s.check(err)
	}
	plan := sampling.Plan{Key: "key", ParentKey: "village", Method: sampling.SRS, N: sampling.Counts{Each: 12}, Reserve: sampling.Counts{Each: 3}}
	_, err = s.desk.Commit(t.Context(), lan, roundID, conduct.People, conduct.Intent{Plan: plan, Source: "lottery:XSMB:2026-12-31"})
	s.check(err)
	_, err = s.desk.Run(t.Context(), lan, roundID, conduct.People, "12345")
	s.check(err)
	_, err = s.desk.OpenRound(t.Context(), lan, roundID)
	s.check(err)
	village = villages[0].Code
	return s, officer, Root + "/rounds/" + roundID + "/field/" + string(village), village
}

// nextDay lets a day pass, after which the officer signs in again, and returns it.
func (s *site) nextDay(officer *browser) string {
	s.now = s.now.AddDate(0, 0, 1)
	user, err := s.store.User(s.t.Context(), "hoa")
	s.check(err)
	*officer = *s.as(user)
	return s.now.In(vietnam).Format(time.DateOnly)
}

// tap records a contact as the card's button does.
func (b *browser) tap(here string, number int, day, result string, more ...string) *browser {
	fields := append([]string{"number", strconv.Itoa(number), "day", day, "mode", "visit", "visitor", "Lê Thị Hoà", "result", result}, more...)
	return b.post(here, fields...)
}

// A whole village: visits, refusals of what is not allowed, replacements until
// the reserve is exhausted, and the rates that come of it.
func TestAVillageFromItsFirstVisitToItsRates(t *testing.T) {
	s, officer, here, village := afield(t)
	round := Root + "/rounds/" + roundID
	officer.get(round+"/field").wants(http.StatusOK, string(village), "Suất trong mẫu", "!80002")
	officer.get(here).wants(http.StatusOK, "Còn phải đến: 12 người", "Dự phòng chưa dùng: 3 người", "12 người có suất trong mẫu nhưng chưa có phiếu mã", `href="tel:0912345678"`, "chưa tiếp cận")

	first := s.nextDay(officer)
	officer.tap(here, 1, first, "complete").wants(http.StatusUnprocessableEntity, `href="#p1"`, "Không ghi việc đã trả lời ở đây")
	officer.tap(here, 1, "2031-01-01", "not_home").wants(http.StatusUnprocessableEntity, "chưa tới", `value="2031-01-01"`, `value="Lê Thị Hoà"`)
	officer.tap(here, 1, first, "gone").wants(http.StatusUnprocessableEntity, "không phải là kết quả tiếp cận")
	officer.tap(here, 13, first, "met").wants(http.StatusUnprocessableEntity, "dự phòng và chưa thay cho ai")
	officer.post(here+"/replace", "number", "1").wants(http.StatusUnprocessableEntity, "Hãy đến nhà trước")

	officer.tap(here, 1, first, "not_home").leads(here + "?done=contact_written#p1")
	officer.tap(here, 1, first, "not_home").leads(here + "?done=contact_known#p1") // the same tap again
	officer.post(here+"/replace", "number", "1").wants(http.StatusUnprocessableEntity, "3 ngày khác nhau", "mới đến 1 ngày")
	officer.tap(here, 1, s.nextDay(officer), "not_home").leads(here + "?done=contact_written#p1")
	officer.tap(here, 1, s.nextDay(officer), "away").leads(here + "?done=contact_written#p1")
	officer.get(here).wants(http.StatusOK, "đến 3 ngày", "Thay bằng người dự phòng kế tiếp")
	officer.post(here+"/replace", "number", "1").leads(here + "?done=person_replaced#p1")
	officer.post(here+"/replace", "number", "1").wants(http.StatusUnprocessableEntity, "đã được thay thế rồi")
	officer.get(here).wants(http.StatusOK, "Thay cho người số 1", "Đã được thay bằng người số 13", "Dự phòng chưa dùng: 2 người")

	day := s.nextDay(officer)
	officer.tap(here, 2, day, "refusal").leads(here + "?done=contact_written#p2")
	officer.post(here+"/replace", "number", "2").wants(http.StatusUnprocessableEntity, "Người từ chối không được thay thế")
	officer.tap(here, 3, day, "dead").leads(here + "?done=contact_written#p3")
	officer.tap(here, 3, day, "met", "supersedes", "1").leads(here + "?done=contact_written#p3") // another person of the name had died
	officer.get(here).wants(http.StatusOK, "<s>", "sửa lần ghi 1")
	officer.post(here+"/replace", "number", "3").wants(http.StatusUnprocessableEntity, "không nằm trong các lý do")
	for i, number := range []int{4, 5, 6} {
		officer.tap(here, number, day, []string{"dead", "moved", "not_eligible"}[i])
		b := officer.post(here+"/replace", "number", strconv.Itoa(number))
		if i < 2 {
			b.leads(here + fmt.Sprintf("?done=person_replaced#p%d", number))
		} else {
			b.wants(http.StatusUnprocessableEntity, "dự phòng của thôn đã hết")
		}
	}

	foreign := strings.Replace(here, string(village), "80002-01", 1)
	officer.get(foreign).wants(http.StatusForbidden)
	officer.tap(foreign, 1, day, "met").wants(http.StatusForbidden)
	officer.post(foreign+"/replace", "number", "1").wants(http.StatusForbidden)

	s.reply(village, 7, 8, 13)
	officer.get(here).wants(http.StatusOK, "!đã trả lời</span>")
	officer.get(here+"/open").wants(http.StatusOK, "Còn phải đến: 7 người", "đã trả lời</span>")
	asked, err := s.store.Records(t.Context(), account.RecordQuery{Scope: village, Action: account.FollowUp})
	s.check(err)
	// Once on each of the two days on which a reserve took somebody's place, since that
	// place is free only of who has not answered; the page was opened on the second.
	if len(asked) != 2 || asked[0].Actor != "hoa" || asked[1].Actor != "hoa" {
		t.Errorf("records of asking who answered: %+v", asked)
	}
	// Rates beside contacts tell who answered: they are not for those who know the names.
	officer.get(round + "/rates?by=village").wants(http.StatusForbidden)
	officer.get(round+"/field").wants(http.StatusOK, "!"+round+"/rates")
	watcher := s.as(s.user(account.User{Name: "wa", Role: account.Watcher, Scope: "80"}))
	watcher.get(round+"/rates").wants(http.StatusOK, "Tỷ lệ trả lời (RR2)", "!by=village")
	watcher.get(round+"/rates?by=village").wants(http.StatusForbidden, "theo xã")
	watcher.get(round + "/rates.csv?by=village").wants(http.StatusForbidden)
	analyst := s.as(s.user(account.User{Name: "an", Role: account.Analyst, Scope: "80"}))
	analyst.get(round+"/rates").wants(http.StatusOK, "by=village")
	records := func() int {
		asked, err := s.store.Records(t.Context(), account.RecordQuery{Scope: "80", Actor: "an", Action: account.FollowUp})
		s.check(err)
		return len(asked)
	}
	byCommune := records()
	s.rates(analyst, round, village)
	if byVillage := records(); byCommune != 0 || byVillage != 1 {
		t.Errorf("an analyst asked %d times by communes, %d by villages; want 0 and 1", byCommune, byVillage)
	}
}

// Of the twelve of the village none, one, all but one, and all have answered: an
// officer, who knows whom they visited, sees which five it passed and no more, and
// the province sees the number.
func TestAnOfficerDoesNotSeeFromTheCountsThatNobodyOrEverybodyOfAVillageAnswered(t *testing.T) {
	s, officer, _, village := afield(t)
	here := Root + "/rounds/" + roundID + "/answers?by=village"
	analyst := s.as(s.user(account.User{Name: "an", Role: account.Analyst, Scope: "80"}))
	row := func(b *browser) string {
		b.get(here).wants(http.StatusOK)
		_, rest, _ := strings.Cut(b.body, `data-label="Đã trả lời">`)
		cell, _, _ := strings.Cut(rest, "</td>")
		return cell
	}
	answered := 0
	for _, c := range []struct {
		people          int
		officer, others string
	}{{0, "–", "0"}, {1, "–", "1"}, {4, "–", "4"}, {5, "ít nhất 5", "5"}, {11, "ít nhất 10", "11"}, {12, "ít nhất 10", "12"}} {
		for ; answered < c.people; answered++ {
			s.reply(village, answered+1)
		}
		if got := row(officer); got != c.officer {
			t.Errorf("of %d answers an officer sees %q, want %q", c.people, got, c.officer)
		}
		if got := row(analyst); got != c.others {
			t.Errorf("of %d answers an analyst sees %q, want %q", c.people, got, c.others)
		}
		officer.get(here).wants(http.StatusOK, "theo từng bậc 5", "!%</strong>", "!<progress")
	}
	officer.get(Root+"/rounds/"+roundID).wants(http.StatusOK, "Ít nhất 10 trên", "!12 trên")
}

// reply answers for people of a village by their numbers.
func (s *site) reply(village territory.Code, numbers ...int) {
	ctx := s.t.Context()
	field, err := s.desk.Field(ctx, account.User{Role: account.Analyst}, roundID, village)
	s.check(err)
	r, err := s.store.Round(ctx, roundID)
	s.check(err)
	values := map[survey.QuestionCode][]string{}
	for i := 1; i <= 8; i++ {
		values[survey.QuestionCode(fmt.Sprintf("q%02d", i))] = []string{"4"}
	}
	for _, number := range numbers {
		nonce := s.desk.Keys.PersonNonce(roundID, string(field.People[number-1].Person.Key))
		b := survey.Ballot{Round: roundID, Questionnaire: r.Questionnaire, Unit: village, Origin: survey.OriginSample, Nonce: nonce}
		s.check(s.store.AddResponses(ctx, []survey.Response{survey.NewResponse(b, r, survey.Sending{At: s.now}, survey.NewAnswers(values))}))
	}
}

// rates reads the CSV of the rates: 15 people had a place in the village, of whom
// 3 answered, 1 refused, 1 was away, 1 was met, 3 are not eligible, 6 were not
// visited. By hand: RR2 = 3/12, e = 6/9, RR4 = 3/(6 + 6·6/9).
func (s *site) rates(reader *browser, round string, village territory.Code) {
	s.t.Helper()
	reader.get(round + "/rates.csv?by=village").wants(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(reader.body)).ReadAll()
	s.check(err)
	cell := func(row []string, name string) string {
		for i, head := range rows[0] {
			if head == name {
				return row[i]
			}
		}
		s.t.Fatalf("no column %s in %v", name, rows[0])
		return ""
	}
	for _, row := range rows[1:] {
		if cell(row, "unit") != string(village) || cell(row, "basis") != "people" {
			continue
		}
		for name, want := range map[string]string{
			"drawn": "12", "substitutes": "3", "I": "3", "P": "0", "R": "1", "NC": "1", "O": "1", "UH": "6", "UO": "0", "NE": "3", "RR2": "0.25", "RR4": "0.3", "COOP2": "0.6",
		} {
			if got := cell(row, name); got != want {
				s.t.Errorf("%s = %s, want %s", name, got, want)
			}
		}
		return
	}
	s.t.Errorf("no row of the village in %s", reader.body)
}

// The form goes out, comes back filled in, and what is wrong in it is placed; of
// a file with faults nothing is stored, and the same file again adds nothing.
func TestContactsComeBackInTheForm(t *testing.T) {
	s, officer, here, village := afield(t)
	day := s.nextDay(officer)
	officer.tap(here, 2, day, "not_home").leads(here + "?done=contact_written#p2")
	officer.get(here + "/contacts.xlsx").wants(http.StatusOK)
	form := officer.body
	officer.upload(here+"/file", "sổ.xlsx", []byte(form)).leads(here + "?done=contacts_taken#p0") // as it is
	before, err := s.store.Contacts(t.Context(), roundID, village)
	s.check(err)
	if len(before) != 1 {
		t.Errorf("%d contacts after the form came back as it was, want 1", len(before))
	}
	field, err := s.desk.Field(t.Context(), account.User{}, roundID, village)
	s.check(err)
	var file bytes.Buffer
	line := func(number int, name, day, result string) {
		fmt.Fprintf(&file, "%s,%d,%s,%s,gọi điện,%s,Chị Mai\n", village, number, name, day, result)
	}
	file.WriteString("Mã thôn,STT,Họ và tên,Ngày,Cách tiếp cận,Kết quả,Người tiếp cận\n")
	dayAsWritten := s.now.In(vietnam).Format("02/01/2006")
	line(3, field.People[2].Person.Name, dayAsWritten, "Từ chối")
	line(4, field.People[4].Person.Name, dayAsWritten, "2.24")
	line(5, "", dayAsWritten, "ngủ")
	officer.upload(here+"/file", "sổ.csv", file.Bytes()).wants(http.StatusUnprocessableEntity,
		"dòng 3, cột Họ và tên", "không phải "+field.People[4].Person.Name, "dòng 4, cột Kết quả", "“ngủ”")
	officer.upload(here+"/file", "sổ.csv", nil).wants(http.StatusUnprocessableEntity, `href="#file"`)
	good := bytes.Replace(file.Bytes(), []byte("ngủ"), []byte("chuyển đi hẳn"), 1)
	good = bytes.Replace(good, []byte(field.People[4].Person.Name), []byte(field.People[3].Person.Name), 1)
	for range 2 {
		officer.upload(here+"/file", "sổ.csv", good).leads(here + "?done=contacts_taken#p0")
	}
	after, err := s.store.Contacts(t.Context(), roundID, village)
	s.check(err)
	if len(after) != 4 {
		t.Fatalf("%d contacts, want 4: %+v", len(after), after)
	}
	for _, c := range after {
		if c.Result == sampling.Moved && (c.Mode != sampling.ByPhone || c.Visitor != "Chị Mai" || string(c.Day) != day || c.By != "hoa") {
			t.Errorf("stored %+v", c)
		}
	}
}

// Where the commune holds the codes it does not learn whose ballot is empty.
func TestAnOfficerWithCodesCannotAskWhoAnswered(t *testing.T) {
	s, officer, here, village := afield(t)
	r, err := s.store.Round(t.Context(), roundID)
	s.check(err)
	r.SlipsBy = survey.SlipsByCommune
	s.check(s.store.ReplaceRound(t.Context(), account.NewRecord(s.tick(), account.User{}, account.OpenRound, roundID), r))
	s.reply(village, 7)
	officer.get(here+"/open").wants(http.StatusOK, "Xã giữ phiếu mã trong đợt này", "!đã trả lời</span>", "Còn phải đến: 12 người")
}
