package console

import (
	"net/url"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/survey"
)

// fixedMargins are numbers that were tried on four communes that do not exist.
func fixedMargins() marginsView {
	typed := url.Values{"method": {"pps_systematic"}, "strata": {kindColumn}, "n1": {"1"}, "n2": {"2"}, "order": {"code"}, "villages": {"3"}, "people": {"20"},
		"spare": {"10"}, "response": {"80"}, "p": {"80"}, "rho1": {"0.02"}, "rho2": {"0.06"}, "deff": {"1"}, "cost1": {"500000"}, "cost2": {"200000"}, "cost3": {"30000"}}
	w := marginsView{roundFrame: fixedRound("console.draws.title", account.Analyst), Form: readPlanForm(typed.Get, conduct.Communes, []kindCount{{"Phường", 1}, {"Xã", 3}}),
		Fields: readMarginFields(typed), Formula: "sipas-items@1"}
	w.Title = "margins.title"
	frame, err := sampling.NewFrame([]string{"code", "name", "kind", "population"}, [][]string{
		{"90001", "Bến Tre Xanh", "Xã", "8421"}, {"90004", "Cù Lao Mây", "Xã", "1250"}, {"90007", "Đồng Sen", "Phường", "23118"}, {"90010", "Núi Voi", "Xã", "5310"}})
	if err != nil {
		panic(err) // it is written here
	}
	var errs fieldErrors
	in := sampling.MarginInput{Frame: frame, Plan: w.Form.plan(survey.Round{ID: fixedHead.ID}, conduct.Communes, &errs), People: "population", Name: "name", Confidence: 0.95}
	w.numbers(&in, &errs)
	expected, err := sampling.ExpectMargins(in)
	if err != nil {
		panic(err)
	}
	w.show(view{path: Root + "/rounds/" + string(fixedHead.ID) + "/margins"}, expected, in.P, scorecard.Shipped()[0].Limits)
	return w
}

// fixedMarginErrors are numbers that were not typed.
func fixedMarginErrors() marginsView {
	typed := url.Values{"method": {"srs"}, "n": {"x"}, "villages": {"3"}, "people": {"20"}, "spare": {"0"}, "response": {"80"}, "p": {"80"}, "rho1": {""}, "rho2": {"nhỏ"}, "deff": {"1"}}
	w := marginsView{roundFrame: fixedRound("console.draws.title", account.Analyst), Form: readPlanForm(typed.Get, conduct.Communes, nil), Fields: readMarginFields(typed)}
	w.Title = "margins.title"
	w.Errors = fieldErrors{{"n", fault.P("console.draws.not_a_number", "typed", "x")}, {"rho2", fault.P("margins.not_a_number", "typed", "nhỏ")}}
	return w
}
