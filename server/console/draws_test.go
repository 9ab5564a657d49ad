package console

import (
	"net/http"
	"testing"

	"hailong/account"
	"hailong/survey"
)

// Sizes that nobody vouched for stop the frame, each with the page that mends it.
func TestADoubtfulSizeLeadsToItsUnit(t *testing.T) {
	s := furnished(t)
	analyst := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"}))
	analyst.get(Root+"/rounds/"+roundOf("90")+"/draws/1").wants(http.StatusOK, "Khung chưa dùng được", `href="/console/units/90004"`, "Cù Lao Mây", "!name=\"method\"")
}

// The clock of the site stands in September 2026.
func TestARealRoundNeedsAnEventThatIsToCome(t *testing.T) {
	s := newSite(t)
	s.province()
	user := s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "80"})
	_, err := s.desk.CreateRound(t.Context(), user, survey.Round{
		ID: roundID, Title: survey.Labels{"vi": "Đợt thật"}, Unit: "80", Questionnaire: s.sipas(), Formula: "sipas-items@1",
		Asker: "Sở Nội vụ", Contact: "0203", SlipsBy: survey.SlipsByProvince, Grace: survey.DefaultGrace,
	})
	s.check(err)
	here := Root + "/rounds/" + roundID + "/draws/1"
	analyst := s.as(user)
	plan := []string{"plan", `{"key":"code","method":"all"}`, "event", "dice", "place", "Hội trường", "when"}
	analyst.post(here+"/commit", append(plan, "2026-09-01T09:00")...).wants(http.StatusUnprocessableEntity, `href="#when"`, `value="2026-09-01T09:00"`, "&#34;method&#34;:&#34;all&#34;")
	analyst.post(here+"/commit", append(plan, "2026-10-01T09:00")...).leads(here + "?done=draw_committed")
	analyst.post(here+"/run", "beacon", "3 5 1").wants(http.StatusUnprocessableEntity, `href="#beacon"`, `value="3 5 1"`)
}
