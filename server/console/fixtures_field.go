package console

import (
	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/territory"
)

// fieldFixtures are the pages of the fieldwork.
func fieldFixtures() []page.Fixture {
	return []page.Fixture{
		fieldworkTemplate.Fixed("console/field", fixedFieldwork()),
		fieldworkTemplate.Fixed("console/field, before the draw", fieldworkView{roundFrame: fixedRound("fieldwork.title", account.Officer), Waiting: true}),
		visitsTemplate.Fixed("console/visits", fixedVisits(false)),
		visitsTemplate.Fixed("console/visits, without who answered", fixedVisits(true)),
		visitsTemplate.Fixed("console/visits, with errors", fixedVisitErrors()),
		ratesTemplate.Fixed("console/rates", fixedRates()),
		recheckTemplate.Fixed("console/recheck", fixedRecheck(account.Analyst, fixedRechecks()[:1])),
		recheckTemplate.Fixed("console/recheck, waiting for its event", fixedRecheck(account.Analyst, fixedRechecks())),
		recheckTemplate.Fixed("console/recheck, for a watcher", fixedRecheck(account.Watcher, fixedRechecks()[:1])),
		recheckTemplate.Fixed("console/recheck, none yet", fixedRecheck(account.Analyst, nil)),
		recheckTemplate.Fixed("console/recheck, none yet, for a watcher", fixedRecheck(account.Watcher, nil)),
		recheckTemplate.Fixed("console/recheck, with errors", fixedRecheckErrors()),
		recheckCommuneTemplate.Fixed("console/recheck-results", fixedRecheckCommune(nil)),
		recheckCommuneTemplate.Fixed("console/recheck-results, with errors", fixedRecheckCommune(fieldErrors{
			{"file", fault.P("recheck.unknown_result", "value", "tốt").At(fault.Place{File: "phúc-tra.xlsx", Sheet: "Phúc tra", Row: 9, Column: "Kết quả phúc tra"})},
		})),
		ratesTemplate.Fixed("console/rates, empty", ratesView{roundFrame: fixedRound("fieldwork.rates.title", account.Watcher)}),
	}
}

func fixedFieldwork() fieldworkView {
	commune, _ := fixedTree.Unit("90001")
	rows := fixedVillages()
	return fieldworkView{
		roundFrame: fixedRound("fieldwork.title", account.Analyst), Rates: Root + "/rounds/sipas-2026/rates",
		Communes: []communeField{{Unit: commune, Recheck: Root + "/rounds/sipas-2026/recheck-list/90001", Rows: []villageField{{rows[0].Unit, 20, 17, 2, 8}, {rows[1].Unit, 20, 4, 10, 0}}}},
	}
}

// fixedContact is a contact of a fixture.
func fixedContact(number int, day territory.Day, result sampling.Disposition) conduct.Contact {
	return conduct.Contact{By: "hoa.bentre", At: fixedTime, Contact: sampling.Contact{
		Number: number, Day: day, Mode: sampling.ByVisit, Result: result, Visitor: "Lê Thị Hoà"}}
}

func fixedVisits(asked bool) visitsView {
	shared := &cardPage{
		CSRF: "…", Here: Root + "/rounds/sipas-2026/field/90001-01", Asked: asked, Writable: true,
		Results: sampling.Recordable(), Modes: sampling.ContactModes, Today: "2026-09-21",
	}
	card := func(number int, name string, contacts ...conduct.Contact) personCard {
		p := personCard{Page: shared, Followed: conduct.Followed{
			Number: number, Person: sampling.Person{Name: name, BirthYear: 1950 + 3*number, Sex: sampling.Female, Household: "012", Address: "Ngõ 3", Phone: "0912 000 00" + string('0'+rune(number%10))},
			Contacts: contacts, Last: sampling.NotAttempted,
		}, Where: "012, Ngõ 3", Typed: sampling.Contact{Day: shared.Today, Mode: sampling.ByVisit, Visitor: "Lê Thị Hoà"}}
		for _, contact := range contacts {
			p.Last, p.Visits = contact.Result, p.Visits+1
			p.Standing = append(p.Standing, contact.Contact)
			p.History = append(p.History, contactLine{contact, true})
		}
		p.MayReplace = len(contacts) > 0
		return p
	}
	waitsMore := card(2, "Trần Thị Hoà", fixedContact(1, "2026-09-18", sampling.NotHome), fixedContact(2, "2026-09-20", sampling.NotHome))
	waitsMore.WhyNot = fault.P("fieldwork.replace_visits", "needed", 3, "visits", 2)
	waitsMore.Expanded = true
	moved := card(4, "Lê Văn Tám", fixedContact(1, "2026-09-18", sampling.Moved))
	gone := card(5, "Phạm Thị Nhàn", fixedContact(1, "2026-09-17", sampling.Dead))
	gone.ReplacedBy, gone.MayReplace = 21, false
	view := visitsView{
		roundFrame: fixedRound("fieldwork.title", account.Officer), Unit: fixedVillages()[0].Unit, Left: 8, Visits: 3, May: true, Asked: asked, Writable: true, Uncoded: 1,
		Open:    []personCard{card(1, "Nguyễn Văn An"), waitsMore, card(3, "Hoàng Thị Mến", fixedContact(1, "2026-09-18", sampling.Met))},
		Closed:  []personCard{moved, gone},
		Waiting: []personCard{card(22, "Đỗ Văn Bảy"), card(23, "Vũ Thị Lành")},
	}
	if asked {
		answered := view.Open[2]
		answered.Answered, answered.MayReplace = true, false
		view.Open, view.Closed = view.Open[:2], append(view.Closed, answered)
	}
	return view
}

func fixedVisitErrors() visitsView {
	view := fixedVisits(false)
	view.May = false
	wrong := fault.P("fieldwork.day_ahead", "day", "2026-09-30")
	view.Errors = fieldErrors{{"p2", wrong}}
	view.Open[1].Wrong, view.Open[1].Typed.Day = &wrong, "2026-09-30"
	return view
}

func fixedRates() ratesView {
	w := view{path: Root + "/rounds/sipas-2026/rates"}
	units := []conduct.UnitOutcomes{
		{Unit: "90001", Drawn: 40, Substitutes: 2, People: sampling.Outcomes{I: 27, P: 2, R: 3, NC: 5, O: 1, UH: 2, NE: 2}},
		{Unit: "90007", Drawn: 40, People: sampling.Outcomes{I: 31, R: 6, NC: 2, UO: 1}},
	}
	view := ratesView{roundFrame: fixedRound("fieldwork.rates.title", account.Analyst), CSV: w.path + ".csv"}
	for i, u := range units {
		units[i].Weighted = u.People
		view.Rows = append(view.Rows, newRateRow(u, unitName(fixedTree, u.Unit)))
	}
	total := conduct.OutcomesOf("90", units)
	view.Total, view.All = newRateRow(total, "Tỉnh Sông Hiền"), ratePairs(total)
	view.Ways = []menuItem{{"rounds.answers.by_commune", w.with(), true}, {"rounds.answers.by_village", w.with("by", byVillages), false}}
	view.Headings = arrange(w, view.Rows, rateColumns)
	view.Rows, view.Pager = paginate(w, view.Rows)
	return view
}
