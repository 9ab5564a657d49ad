package console

import (
	"net/http"
	"strings"
	"testing"

	"hailong/account"
	"hailong/conduct"
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

// The ready plan for two tiers, from its parameters to a commitment at the first
// stage, and at the second with the receipt of the first.
func TestAPlanStartsFromAReadyPlan(t *testing.T) {
	s := newSite(t)
	s.province()
	user := s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "80"})
	_, err := s.desk.CreateRound(t.Context(), user, survey.Round{
		ID: roundID, Title: survey.Labels{"vi": "Đợt thử"}, Unit: "80", Questionnaire: s.sipas(), Formula: "sipas-items@1", Simulated: true,
		Asker: "Sở Nội vụ", Contact: "0203", SlipsBy: survey.SlipsByProvince, Grace: survey.DefaultGrace,
	})
	s.check(err)
	here := Root + "/rounds/" + roundID + "/draws/"
	analyst := s.as(user)
	analyst.get(here+"1").wants(http.StatusOK, `value="sipas-two-tier"`, "!papi", "!set_communes")
	analyst.get(here+"1?ready=sipas-two-tier").wants(http.StatusOK, `name="set_communes" value="12"`, "Mặc định 12 (của phần mềm)", "Nguồn: Mô hình SIPAS", "!set_villages", "!name=\"plan\"")
	analyst.get(here+"1?ready=papi").wants(http.StatusUnprocessableEntity, `href="#ready"`, "sipas-two-tier")

	const two = "1?ready=sipas-two-tier&set_certainty=80003&set_communes="
	analyst.get(here+two+"hai&set_rule=best&set_power=0").wants(http.StatusUnprocessableEntity, `href="#set_communes"`, `value="hai"`, `href="#set_rule"`, "<option selected>best", "!name=\"plan\"")
	analyst.get(here+two+"2&set_power=0").wants(http.StatusUnprocessableEntity, `href="#set_power"`, "!name=\"plan\"")
	analyst.get(here+two+"2&set_strata=&set_colour=red").wants(http.StatusUnprocessableEntity, "colour")
	analyst.get(here+two+"9").wants(http.StatusUnprocessableEntity, `href="#`, "!kế hoạch này rút được")

	plan := analyst.get(here+two+"2").wants(http.StatusOK, "kế hoạch này rút được", `name="n1" value="2"`, `name="certainty" value="80003"`).textarea("plan")
	analyst.post(here+"1/commit", "plan", plan, "event", "dice", "place", "Hội trường", "when", "2026-10-01T09:00").leads(here + "1?done=draw_committed")
	analyst.post(here+"1/run", "beacon", "3 5 1 6 2").leads(here + "1?done=draw_done")
	parent, err := s.desk.Parent(t.Context(), survey.Round{ID: roundID}, conduct.Villages)
	s.check(err)

	const papi = "2?ready=papi&set_villages="
	analyst.get(here+papi+"3&set_seat=population").wants(http.StatusUnprocessableEntity, `href="#ready"`, "population")
	analyst.get(here+papi+"3, 99999=1").wants(http.StatusUnprocessableEntity, `href="#set_villages"`, "99999", `value="3, 99999=1"`)
	analyst.get(here+papi+"9").wants(http.StatusOK, "80003” chỉ có 4 đơn vị, ít hơn 9", "kế hoạch này rút được", `name="n" value="4"`)
	plan = analyst.get(here+papi+"3").wants(http.StatusOK, "kế hoạch này rút được", `name="n" value="3"`).textarea("plan")
	if !strings.Contains(plan, string(parent.Digest())) {
		t.Errorf("the plan of the second stage does not name its parent: %s", plan)
	}
	analyst.post(here+"2/commit", "plan", plan, "event", "dice", "place", "Hội trường", "when", "2026-10-01T09:00").leads(here + "2?done=draw_committed")
}
