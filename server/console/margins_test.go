package console

import (
	"net/http"
	"testing"

	"hailong/account"
	"hailong/survey"
)

// The numbers lead to a table by commune; every trial is an address. A plan's form
// leads here before anything was tried, what this page has no field for comes along,
// and what is not a number is said beside it.
func TestAnalystsTryMarginsBeforeDrawing(t *testing.T) {
	s := newSite(t)
	s.province()
	user := s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "80"})
	_, err := s.desk.CreateRound(t.Context(), user, survey.Round{
		ID: roundID, Title: survey.Labels{"vi": "Đợt thử"}, Unit: "80", Questionnaire: s.sipas(), Formula: "sipas-items@1",
		Asker: "Sở Nội vụ", Contact: "0203", SlipsBy: survey.SlipsByProvince, Grace: survey.DefaultGrace,
	})
	s.check(err)
	here := Root + "/rounds/" + roundID + "/margins"
	analyst := s.as(user)
	analyst.get(here+"?method=srs&n=1").wants(http.StatusOK, `value="srs" selected`, `name="rho1" value=""`, "!Kết quả dự kiến")
	numbers := "?method=srs&strata=&n=1&order=code&villages=3&people=20&spare=0&response=80&p=80&deff=1"
	analyst.get(here+numbers+"&rho1=0,02&rho2=0.06").wants(http.StatusOK, "Kết quả dự kiến", "Toàn tỉnh", "1 xã, 3 thôn, 60 người", "48", `name="order" value="code"`)
	analyst.get(here+numbers+"&rho1=&rho2=nhỏ").wants(http.StatusUnprocessableEntity, `href="#rho1"`, `href="#rho2"`, `value="nhỏ"`)
	analyst.get(here+numbers+"&rho1=NaN&rho2=0.06").wants(http.StatusUnprocessableEntity, `href="#rho1"`)
	analyst.get(here+numbers+"&rho1=0.06&rho2=0.02").wants(http.StatusUnprocessableEntity, `href="#method"`, "rho")
}
