package console

import (
	"net/http"
	"testing"
	"time"

	"hailong/account"
	"hailong/survey"
)

// Of two interim editions the difference is what a few people answered in
// between; officers are those whom the answers judge.
func TestInterimEditionsOfRealAnswersStayWithThoseWhoComputeThem(t *testing.T) {
	s := newSite(t)
	analyst := s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	officer := s.as(s.user(account.User{Name: "nga", Role: account.Officer, Scope: "90001"}))
	watcher := s.as(s.user(account.User{Name: "hoa", Role: account.Watcher, Scope: "90"}))
	round := survey.Round{
		ID: "that-2026", Title: survey.Labels{"vi": "Thật"}, Unit: "90", Questionnaire: s.sipas(), Formula: "sipas-items@1",
		Asker: "Sở Nội vụ", Contact: "1900 0000", SlipsBy: survey.SlipsByProvince, Grace: survey.DefaultGrace,
	}
	_, err := s.desk.CreateRound(t.Context(), analyst, round)
	s.check(err)
	_, err = s.desk.OpenRound(t.Context(), analyst, round.ID)
	s.check(err)
	_, err = s.desk.Compute(t.Context(), analyst, round.ID)
	s.check(err)
	here := Root + "/rounds/that-2026/editions"
	for _, b := range []*browser{officer, watcher} {
		b.get(here).wants(http.StatusOK, "!Bản số 1")
		for _, path := range []string{"/1", "/1/tally.csv", "/1/edition.json", "/1/" + editionArchive} {
			b.get(here + path).wants(http.StatusForbidden)
		}
	}
	s.as(analyst).get(here+"/1").wants(http.StatusOK, "tạm tính")

	_, err = s.desk.CloseRound(t.Context(), analyst, round.ID)
	s.check(err)
	s.now = s.now.Add(round.Grace + time.Minute)
	_, err = s.desk.Compute(t.Context(), analyst, round.ID)
	s.check(err)
	officer = s.as(s.user(account.User{Name: "mai", Role: account.Officer, Scope: "90001"}))
	officer.get(here).wants(http.StatusOK, "Bản số 2", "!Bản số 1")
	officer.get(here + "/2").wants(http.StatusOK)
	officer.get(here + "/2/tally.csv").wants(http.StatusOK)
}
