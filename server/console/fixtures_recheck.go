package console

import (
	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
)

// fixedRechecks are an attempt that was drawn and one that waits for its event.
func fixedRechecks() []conduct.Draw {
	drawn := fixedDrawn
	drawn.Stage, drawn.Plan, drawn.Units = conduct.Recheck, sampling.Plan{Method: sampling.SRS}, 718
	drawn.Receipt = &sampling.Receipt{Beacon: "42571 90318 06644", SampleDigest: sampling.DigestOf([]byte("sheets")), Counts: []sampling.CellCount{{Stratum: "90001", Units: 600, Main: 60}, {Stratum: "90007", Units: 118, Main: 12}}}
	waiting := drawn
	waiting.Attempt, waiting.Receipt = 2, nil
	waiting.Commitment.Source, waiting.Commitment.Reason = sampling.QuicknetAt(fixedTime), "Lần trước chưa có phiếu của xã Cù Lao Mây"
	return []conduct.Draw{drawn, waiting}
}

// fixedRecheck has a commune of each verdict, if one is drawn.
func fixedRecheck(role account.Role, attempts []conduct.Draw) recheckView {
	view := newRecheckView(fixedRound("recheck.title", role), attempts, fixedTime)
	view.MayDraw, view.MayRecord = role == account.Analyst, role == account.Analyst
	if len(attempts) == 1 {
		view.fill(fixedRecheckReport(), fixedTree)
	}
	return view
}

func fixedRecheckReport() conduct.RecheckReport {
	counts := []scorecard.RecheckCount{
		{Unit: "90001", Sheets: 600, Drawn: 60, Confirmed: 58, Denied: 1, ByOther: 1},
		{Unit: "90007", Sheets: 118, Drawn: 12, Confirmed: 7, Denied: 2, ByOther: 1, Unreached: 1},
	}
	report := conduct.RecheckReport{Attempt: 1, Total: scorecard.RecheckTotal("90", counts).Figure()}
	for _, count := range counts {
		report.Communes = append(report.Communes, count.Figure())
	}
	return report
}

func fixedRecheckErrors() recheckView {
	view := fixedRecheck(account.Analyst, nil)
	view.Percent, view.Event = "mười", eventForm{Kind: eventDice, When: "2026-09-20T09:00"}
	view.Errors = fieldErrors{{"percent", fault.P("console.draws.not_a_number", "typed", "mười")}, {"place", fault.P("rounds.draw.no_place")}}
	return view
}

func fixedRecheckCommune(errs fieldErrors) recheckCommuneView {
	unit, _ := fixedTree.Unit("90007")
	view := recheckCommuneView{roundFrame: fixedRound("recheck.title", account.Analyst), Unit: unit, Row: newRecheckRow(fixedRecheckReport().Communes[1], fixedTree)}
	view.Errors = errs
	return view
}
