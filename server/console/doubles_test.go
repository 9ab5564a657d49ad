package console

import (
	"net/http"
	"strings"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/territory"
)

// Two villages of a commune list the same woman. The officer sees both entries
// side by side and keeps one; the other is left out of the frame. Whoever may not
// see one of the villages sees nothing of the pair and cannot decide it.
func TestADoubleIsSeenDecidedAndLeftOutOfTheFrame(t *testing.T) {
	s, officer, _, _ := listing(t)
	villages, err := s.desk.Listed(t.Context(), roundID)
	s.check(err)
	const head = "Họ và tên,Ngày sinh,Giới tính\n"
	lists := Root + "/rounds/" + roundID + "/lists/"
	for i, name := range []string{"Trần Thị Thuý", "TRẦN THỊ THÚY"} {
		here := lists + string(villages[i].Code)
		officer.upload(here, "a.csv", []byte(head+name+",12/03/1956,nữ\nLê Văn "+string(rune('A'+i))+"ng,01/01/1970,nam\n")).wants(http.StatusOK)
		officer.post(here+"/confirm", "upload", officer.hidden("upload"), "name", "a.csv").leads(here + "?done=list_taken")
	}
	page := Root + "/rounds/" + roundID + "/doubles"
	officer.get(lists+"80001").wants(http.StatusOK, "1 cặp")
	officer.get(page).wants(http.StatusOK, "Trần Thị Thuý", "TRẦN THỊ THÚY", "cùng ngày sinh", "!Lê Văn")
	pair, one, other := officer.hidden("pair"), officer.hidden("one"), officer.hidden("other")
	dropped := strings.Split(pair, "-")[0]

	foreign := s.as(s.user(account.User{Name: "mai", Role: account.Officer, Scope: "80002"}))
	foreign.get(page).wants(http.StatusOK, "!Thuý")
	foreign.post(page, "pair", pair, "one", one, "other", other, "answer", dropped).wants(http.StatusForbidden)

	officer.post(page, "pair", pair, "one", one, "other", other).wants(http.StatusUnprocessableEntity, "Hãy chọn")
	officer.post(page, "pair", pair, "one", one, "other", other, "answer", "two").leads(page + "?done=double_judged")
	officer.get(page).wants(http.StatusOK, "còn 0 cặp")
	officer.post(page, "pair", pair, "one", one, "other", other, "answer", dropped).leads(page + "?done=double_judged")
	officer.get(page).wants(http.StatusOK, "Bỏ khỏi danh sách rút")
	if rec := s.log()[0]; rec.Action != account.JudgeDouble || rec.Actor != "hoa" {
		t.Errorf("recorded %+v", rec)
	}

	lan, people := account.User{Name: "lan", Role: account.Analyst, Scope: "80"}, 4
	for _, v := range villages[2:] {
		plan, err := conduct.PlanLists(conduct.ListFile{Data: villageList(v.Name, people), Villages: []territory.Unit{v}, Today: "2026-09-21"})
		s.check(err)
		_, err = s.desk.AddList(t.Context(), lan, roundID, "b.csv", plan.Lists[0])
		s.check(err)
		people++
	}
	round, err := s.store.Round(t.Context(), roundID)
	s.check(err)
	frame, err := s.desk.Frame(t.Context(), round, conduct.People)
	s.check(err)
	want := 4 - 1 // two and two, one of them left out
	for n := 4; n < people; n++ {
		want += n
	}
	if frame.Len() != want {
		t.Errorf("%d people in the frame, want %d", frame.Len(), want)
	}
}
