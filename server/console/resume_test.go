package console

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"hailong/account"
	"hailong/territory"
)

func TestWhatWasTypedSurvivesTheEndOfASession(t *testing.T) {
	s := newSite(t)
	b := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"}))
	b.get(Root + "/units/90004").wants(http.StatusOK)
	s.now = s.now.Add(account.SessionIdle + time.Minute)
	b.post(Root+"/units/90004/size", "population", "4120", "source", "Niên giám <2025>").wants(http.StatusUnauthorized, "vẫn được giữ", "Niên giám &lt;2025&gt;")
	kept := []string{"resume", b.hidden("resume"), "kept.population", b.hidden("kept.population"), "kept.source", b.hidden("kept.source")}
	b.post(Root+"/sign-in", append(kept, "name", "lan", "password", "sai hoàn toàn rồi")...).wants(http.StatusUnprocessableEntity, "Niên giám &lt;2025&gt;")
	b.post(Root+"/sign-in", append(kept, "name", "lan", "password", testPassword)...).wants(http.StatusOK, "Gửi tiếp", "!sai hoàn toàn")
	b.send(Root+"/units/90004/size", url.Values{"csrf": {b.hidden("csrf")}, "population": {b.hidden("population")}, "source": {b.hidden("source")}}).
		leads(Root + "/units/90004?done=size_settled")
	if u, _ := s.tree().Unit("90004"); u.Population != 4120 || u.Size != territory.SizeCorrected {
		t.Errorf("stored %+v", u)
	}
}

// What does not come from a page of the ended session is dropped: a stranger's
// form is not kept for the reader to press on.
func TestAStrangersFormIsNotKept(t *testing.T) {
	s := newSite(t)
	b := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"}))
	s.now = s.now.Add(account.SessionIdle + time.Minute)
	b.post(Root+"/units/90004/size", "csrf", account.NewSecret().CSRF(), "source", "bịa").leads(Root + "/sign-in?ended=1")
	s.browser().post(Root+"/units/90004/size", "source", "bịa").leads(Root + "/sign-in")
	b.get(Root+"/sign-in").post(Root+"/sign-in", "name", "lan", "password", testPassword, "resume", "https://evil.example/", "kept.a", "b").leads(Root)
}

func TestPasswordsAreNotKept(t *testing.T) {
	s := newSite(t)
	b := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"}))
	s.now = s.now.Add(account.SessionIdle + time.Minute)
	b.post(Root+"/me/password", "old", testPassword, "new", "cơn gió heo may đầu mùa", "again", "cơn gió heo may đầu mùa").
		wants(http.StatusUnauthorized, "!mưa rào", "!heo may")
}
