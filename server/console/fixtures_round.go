package console

import (
	"strconv"

	"hailong/account"
	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/intake"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// roundFixtures are the pages of rounds.
func roundFixtures() []page.Fixture {
	return []page.Fixture{
		roundsTemplate.Fixed("console/rounds", roundsView{frame: fixedFrame("console.rounds.title", account.Analyst), Rows: []roundHead{fixedHead}, MayCreate: true}),
		roundsTemplate.Fixed("console/rounds, empty", roundsView{frame: fixedFrame("console.rounds.title", account.Watcher)}),
		newRoundTemplate.Fixed("console/new-round, with errors", fixedNewRound()),
		roundTemplate.Fixed("console/round", roundView{
			roundFrame: fixedRound("console.round.overview", account.Analyst), Questionnaire: fixedForm.Ref(), Formula: "sipas-items@1",
			Asker: "Sở Nội vụ tỉnh Sông Hiền", Contact: "0203 000 000", GraceHours: 72, SlipsBy: survey.SlipsByProvince,
			Steps: fixedProgress.steps("/rounds/sipas-2026", account.Analyst), Next: &fixedProgress.steps("/rounds/sipas-2026", account.Analyst)[3], MayOpen: true,
		}),
		turnTemplate.Fixed("console/open", turnView{roundFrame: fixedRound("rounds.turn.open", account.Analyst), Turn: turnOpen, GraceHours: 72, Warnings: fixedProgress.beforeOpening()}),
		turnTemplate.Fixed("console/close", turnView{roundFrame: fixedRound("rounds.turn.close", account.Analyst), Turn: turnClose, GraceHours: 72}),
		drawsTemplate.Fixed("console/draws", fixedDraws()),
		marginsTemplate.Fixed("console/margins", fixedMargins()),
		marginsTemplate.Fixed("console/margins, with errors", fixedMarginErrors()),
		stageTemplate.Fixed("console/stage, frame in doubt", fixedFrameInDoubt()),
		stageTemplate.Fixed("console/stage, plan with errors", fixedPlanErrors()),
		stageTemplate.Fixed("console/stage, plan", fixedPlan()),
		stageTemplate.Fixed("console/stage, ready plan", fixedReady("6")),
		stageTemplate.Fixed("console/stage, ready plan with errors", fixedReady("sáu")),
		stageTemplate.Fixed("console/stage, committed", fixedCommitted()),
		listTemplate.Fixed("console/list, offices", fixedOffices("")),
		listTemplate.Fixed("console/list, transactions", fixedOffices(fixedFiles)),
		listTemplate.Fixed("console/list, transactions with errors", fixedOffices(fixedFilesWrong)),
		listsTemplate.Fixed("console/lists", fixedLists()),
		listsTemplate.Fixed("console/lists, before the draw", listsView{roundFrame: fixedRound("console.lists.title", account.Officer), Waiting: true}),
		listTemplate.Fixed("console/list", fixedList()),
		listTemplate.Fixed("console/list, preview", fixedListPreview()),
		listTemplate.Fixed("console/list, with errors", fixedListErrors()),
		listTemplate.Fixed("console/list, after the draw", fixedListDrawn()),
		doublesTemplate.Fixed("console/doubles", fixedDoubles()),
		doublesTemplate.Fixed("console/doubles, none", doublesView{roundFrame: fixedRound("doubles.title", account.Officer)}),
		undoTemplate.Fixed("console/list, undo", undoView{fixedRound("console.lists.title", account.Officer), fixedVillages()[0]}),
		listsReportTemplate.Fixed("console/lists-check", fixedListsReport()),
		listsReportTemplate.Fixed("console/lists-check, census with errors", fixedCensusErrors()),
		listsReportTemplate.Fixed("console/lists-check, no list yet", listsReportView{roundFrame: fixedRound("console.lists.title", account.Analyst)}),
		ownLineTemplate.Fixed("console/own-line", fixedOwnLine("hoa", nil)),
		ownLineTemplate.Fixed("console/own-line, with errors", fixedOwnLine("h", fieldErrors{{"name", fault.P("rounds.own.too_short", "least", 2)}})),
		slipsTemplate.Fixed("console/slips", fixedSlips()),
		slipsTemplate.Fixed("console/slips, not allowed", slipsView{roundFrame: fixedRound("console.lists.title", account.Officer), Unit: fixedVillages()[0].Unit}),
		slipsTemplate.Fixed("console/slips, again with errors", fixedSlipsErrors()),
		slipsTemplate.Fixed("console/slips, lost letters with errors", fixedLostErrors()),
		countersTemplate.Fixed("console/counters", countersView{
			roundFrame: fixedRound("console.counters.title", account.Analyst), MayAdd: true, Choices: fixedTree.Children("90"),
			Rows: []counterRow{{"K7M4TQ9", "Bộ phận Một cửa xã Bến Tre Xanh", "Xã Bến Tre Xanh", "https://khaosat.songhien.example/q/K7M4TQ9"}},
		}),
		countersTemplate.Fixed("console/counters, empty", countersView{roundFrame: fixedRound("console.counters.title", account.Officer)}),
		answersTemplate.Fixed("console/answers", fixedAnswers()),
		qualityTemplate.Fixed("console/quality", newQualityView(fixedRound("quality.title", account.Analyst), fixedQuality, fixedTree)),
		answersTemplate.Fixed("console/answers, for an officer", veiledAnswers()),
		answersTemplate.Fixed("console/answers, empty", answersView{roundFrame: fixedRound("console.answers.title", account.Watcher)}),
		editionsTemplate.Fixed("console/editions", editionsView{
			roundFrame: fixedRound("console.editions.title", account.Analyst), MayCompute: true, Until: clock(fixedTime),
			Rows: []editionRow{{conduct.EditionHead{Number: 1, Simulated: true, Interim: true, Formula: "sipas-items@1", By: "lan.nguyen"}, clock(fixedTime), show(fixedEdition.Figures[0])}},
		}),
		editionsTemplate.Fixed("console/editions, empty", editionsView{roundFrame: fixedRound("console.editions.title", account.Watcher), Draft: true}),
		editionTemplate.Fixed("console/edition", fixedEditionView("90")),
		editionTemplate.Fixed("console/edition, of a commune", fixedEditionView("90001")),
	}
}

var fixedHead = roundHead{
	ID: "sipas-2026", Title: "Khảo sát sự hài lòng năm 2026", Unit: "Tỉnh Sông Hiền", State: survey.RoundDraft, Simulated: true,
}

func fixedRound(title string, role account.Role) roundFrame {
	f := roundFrame{frame: fixedFrame(title, role), Round: fixedHead, Tabs: tabs(role, fixedHead.ID, title)}
	f.About = fixedHead.Title
	return f
}

func fixedNewRound() newRoundView {
	view := newRoundView{
		frame: fixedFrame("console.new_round.title", account.Analyst), ID: "SIPAS 2026", TitleVI: "Khảo sát sự hài lòng năm 2026", SlipsBy: survey.SlipsByProvince,
		Provinces: fixedTree.Children(""), Questionnaires: []survey.Questionnaire{fixedForm}, Formulas: []formulaChoice{{"sipas-items@1", "Trung bình các câu hỏi"}},
	}
	view.Errors = fieldErrors{{"id", fault.P("round.id", "id", "SIPAS 2026")}, {"asker", fault.P("round.asker")}}
	return view
}

func fixedVillages() []villageRow {
	village, _ := fixedTree.Unit("90001-01")
	other := village
	other.Code, other.Name = "90001-02", "Thôn Hạ"
	return []villageRow{{Unit: village, People: 214, File: "Thôn Thượng.xlsx", At: clock(fixedTime), By: "hoa.bentre"}, {Unit: other}}
}

func fixedLists() listsView {
	commune, _ := fixedTree.Unit("90001")
	return listsView{
		roundFrame: fixedRound("console.lists.title", account.Analyst),
		Communes:   []communeLists{{Unit: commune, Rows: fixedVillages(), Done: 1, Open: true}},
	}
}

func fixedList() listView {
	commune, _ := fixedTree.Unit("90001")
	return listView{roundFrame: fixedRound("console.lists.title", account.Officer), Unit: commune, Rows: fixedVillages(), tableForm: tableForm{At: Root + "/rounds/sipas-2026/lists/90001"}}
}

func fixedListPreview() listView {
	view := fixedList()
	view.File, view.Upload = "Thôn Hạ.xlsx", "sha256:…"
	view.Warnings = []fault.Problem{fault.P("file.hidden_rows", "rows", 2).At(fault.Place{File: view.File, Sheet: "Sheet1", Row: 8}).Warn()}
	view.Marked = true
	view.Kept = []field{{"upload", view.Upload}, {"name", view.File}}
	view.Reading = tableTask{fields: listFields}.readingOf(conduct.Table{Sheets: []intake.SheetInfo{{Name: "Sheet1", Rows: 190}, {Name: "Hộ", Rows: 60}}, Outline: intake.Outline{Sheet: "Sheet1", HeaderRow: 3, Columns: []intake.OutlineColumn{
		{Index: 0, Letters: "A", Header: "STT", Field: "number", Samples: []string{"1", "2", "3"}},
		{Index: 1, Letters: "B", Header: "Họ và tên", Field: "name", Samples: []string{"Trần Thị Hoà", "Lê Văn Tám"}, Encoding: intake.TCVN3},
		{Index: 2, Letters: "C", Header: "Năm sinh", Field: "birth_year", Samples: []string{"1956", "1990"}},
		{Index: 3, Letters: "D", Header: "Giới tính", Field: "sex", Samples: []string{"Nữ", "Nam"}},
		{Index: 4, Letters: "E", Header: "Nghề nghiệp", Samples: []string{"Làm ruộng"}},
	}}}, form{}, conduct.Reading{})
	view.Preview = []previewList{{view.Rows[1].Unit, headcount{People: 187, Men: 90, Women: 95, Ages: []ageGroup{{18, 24, 20}, {25, 34, 41}, {35, 49, 60}, {50, 60, 36}, {61, 0, 30}}}, nil, []sampling.Person{
		{Name: "Trần Thị Hoà", BirthYear: 1956, Sex: sampling.Female, Household: "012", Address: "Ngõ 3"},
		{Name: "Lê Văn Tám", BirthYear: 1990, Sex: sampling.Male, Household: "013"},
	}}}
	return view
}

func fixedListErrors() listView {
	view := fixedListPreview()
	view.Preview, view.Warnings = nil, nil
	view.Problems = []fault.Problem{fault.P("file.missing_columns", "columns", []string{"Năm sinh"}, "header", []string{"STT", "Họ và tên"}).At(fault.Place{File: view.File, Sheet: "Sheet1", Row: 3})}
	view.Errors = fieldErrors{{"problems", fault.P("console.import.stopped", "problems", 1)}}
	return view
}

func fixedDoubles() doublesView {
	villages := fixedVillages()
	one := sampling.Person{Name: "Trần Thị Thuý", BirthYear: 1956, BirthDate: "1956-03-12", Sex: sampling.Female, Household: "012", Address: "Ngõ 3", Phone: "0912 345 678", Row: 14}
	other := one
	other.Name, other.BirthDate, other.Household, other.Address, other.Row = "Trần Thị Thúy", "1956-12-03", "7", "Xóm Đình", 203
	pair := conduct.JudgedDouble{Double: sampling.Double{One: sampling.Entry{Village: villages[0].Unit.Code, Person: one}, Other: sampling.Entry{Village: villages[1].Unit.Code, Person: other},
		Alike: []sampling.Likeness{sampling.SwappedDate, sampling.SamePhone, sampling.SameYear}}}
	weak := pair
	weak.Alike = []sampling.Likeness{sampling.SameYear}
	judged := pair
	judged.Verdict = &conduct.DoubleVerdict{Dropped: pair.Other.ID(), Kept: pair.One.ID(), At: fixedTime, By: "hoa.bentre"}
	view := doublesView{roundFrame: fixedRound("doubles.title", account.Officer)}
	view.fill([]conduct.JudgedDouble{pair, weak, judged}, map[territory.Code]territory.Unit{villages[0].Unit.Code: villages[0].Unit, villages[1].Unit.Code: villages[1].Unit})
	return view
}

func fixedListDrawn() listView {
	view := fixedList()
	view.Locked, view.Drawn, view.MaySlips = true, true, true
	view.Rows[0].Slips = clock(fixedTime)
	return view
}

var fixedQuality = scorecard.QualityReport{
	Sheets: 436, Alarm: scorecard.QualityAlarm, FastBelow: 96.4,
	Tests: []scorecard.QualityTest{scorecard.Copies, scorecard.StraightLines, scorecard.FastSheets, scorecard.Days, scorecard.Hours},
	Findings: []scorecard.Finding{
		{Test: scorecard.Copies, Origin: survey.OriginSample, Unit: "90001-01", Other: "90001-01", N: 17, Observed: 32, Of: 33, Expected: 23.6, P: scorecard.Undefined()},
		{Test: scorecard.FastSheets, Origin: survey.OriginCounter, Unit: "90007", N: 41, Observed: 19, Expected: 0.9, P: 2.1e-8},
		{Test: scorecard.Days, Origin: survey.OriginSample, Unit: "90001-01", N: 17, Observed: 44.2, Expected: 9.3, P: 0.0004},
	},
}

func fixedAnswers() answersView {
	w := view{path: Root + "/rounds/sipas-2026/answers"}
	var rows []answerRow
	view := answersView{roundFrame: fixedRound("console.answers.title", account.Analyst), MayWithdraw: true}
	for i, sample := range []int{17, 12, 20} {
		n := conduct.UnitCount{Sampled: 20, Sample: sample}
		row := answerRow{Unit: "Thôn " + strconv.Itoa(i+1), Parent: "Xã Bến Tre Xanh", order: i}
		row.count(n)
		view.Total.count(n)
		rows = append(rows, row)
	}
	rows = append(rows, answerRow{Unit: "Phường Đồng Sen", Href: w.with("under", "90007"), Counter: 41, order: 3})
	view.Total.Counter = 41
	view.Ways = []menuItem{{"rounds.answers.by_commune", w.with(), false}, {"rounds.answers.by_village", w.with("by", byVillages), true}}
	view.Headings = arrange(w, rows, answerColumns)
	view.Rows, view.Pager = paginate(w, rows)
	return view
}

// veiledAnswers is fixedAnswers as an officer sees it.
func veiledAnswers() answersView {
	view := fixedAnswers()
	view.roundFrame, view.MayWithdraw, view.Step = fixedRound("console.answers.title", account.Officer), false, 5
	view.Total.veil(view.Step)
	for i := range view.Rows {
		view.Rows[i].veil(view.Step)
	}
	return view
}

// fixedEdition has a published, a warned and a withheld figure.
var fixedEdition = func() scorecard.Edition {
	province := scorecard.Domain{Unit: "90", Level: territory.Province, Name: "Tỉnh Sông Hiền"}
	commune := scorecard.Domain{Unit: "90001", Level: territory.Commune, Name: "Xã Bến Tre Xanh"}
	figure := func(d scorecard.Domain, tier scorecard.Tier, code string, value scorecard.Float) scorecard.Figure {
		return scorecard.Figure{
			Domain: d, Tier: tier, Code: code, N: 395, PSUs: 24, Value: value, SE: 1.62, DF: 21,
			Logit: scorecard.Interval{Low: value - 3.4, High: value + 3.1}, Publication: scorecard.Published,
		}
	}
	warned, withheld := figure(province, scorecard.TierItem, "a1", 71.2), figure(commune, scorecard.TierOverall, "overall", 64)
	warned.Publication, warned.Reasons = scorecard.Warned, []string{"edition.imprecise"}
	withheld.Publication, withheld.N, withheld.Reasons = scorecard.Withheld, 9, []string{"edition.few_answers"}
	second := scorecard.Domain{Unit: "90007", Level: territory.Commune, Name: "Phường Đồng Sen"}
	modelled := &scorecard.Modelled{Value: 75.1, RMSE: 2.2, CI: scorecard.Interval{Low: 70.4, High: 79.3}, Direct: 0.55, Benchmarked: 75.3}
	return scorecard.Edition{
		Communes: []scorecard.CommuneStanding{{Unit: "90001", Modelled: modelled}, {Unit: "90007", Modelled: modelled, Place: &scorecard.Place{
			Rank: 1, Of: 1, Marginal: scorecard.Ranks{Best: 1, Worst: 1}, Joint: scorecard.Ranks{Best: 1, Worst: 1}, Band: 1, TopQuarter: 1}}},
		Round: fixedHead.ID, Number: 1, Simulated: true, Interim: true, Formula: "sipas-items@1", FormulaDigest: "sha256:5f0c…",
		Questionnaire: fixedForm.Ref(), InputDigest: "sha256:91ab…", Receipts: []string{"sha256:0d3e…", "sha256:77c1…", "sha256:c2f9…"},
		Design: []string{"design.stages", "design.nonresponse"}, ComputedAt: fixedTime, ComputedBy: "lan.nguyen",
		Fieldwork: []scorecard.Fieldwork{{Domain: province, Sampled: 480, Answered: 395}, {Domain: commune, Sampled: 20, Answered: 9}, {Domain: second, Sampled: 40, Answered: 33}},
		Figures: []scorecard.Figure{
			figure(province, scorecard.TierOverall, "overall", 76.43), figure(province, scorecard.TierGroup, "access", 73.9), warned, withheld,
			figure(second, scorecard.TierOverall, "overall", 78.2),
		},
		Apart: []scorecard.Apart{{Origin: survey.OriginCounter, Unit: "90007", Name: "Phường Đồng Sen", N: 41, Satisfied: 93.4}},
	}
}()

func fixedEditionView(unit territory.Code) editionView {
	formula := scorecard.Shipped()[0]
	view, err := newEditionView(fixedRound("console.editions.title", account.Watcher),
		export.Report{Edition: fixedEdition, Questionnaire: fixedForm, Formula: formula}, unit, static.Vietnamese)
	if err != nil {
		panic(err) // the edition stands above
	}
	return view
}

func fixedSlips() slipsView {
	return slipsView{
		roundFrame: fixedRound("console.lists.title", account.Analyst), Unit: fixedVillages()[0].Unit, May: true,
		Batches: []batchRow{{1, clock(fixedTime.AddDate(0, 0, -2)), "lan.nguyen", 20, true, ""}, {2, clock(fixedTime), "lan.nguyen", 20, false, ""}, {3, clock(fixedTime), "lan.nguyen", 1, false, conduct.ForLost}},
		Uncoded: 2, People: fixedSeated(),
	}
}

func fixedSeated() []slipRow {
	return []slipRow{{1, "Trần Thị Hoà", "Hộ 012, Ngõ 3", false}, {2, "Lê Văn Tám", "Hộ 013", false}, {21, "Vi Thị Nga", "Xóm Đình", false}}
}

// fixedLostErrors is the page when nobody was ticked.
func fixedLostErrors() slipsView {
	view := fixedSlips()
	view.Errors = fieldErrors{{"lost", fault.P("slips.nobody_named")}}
	return view
}

func fixedSlipsErrors() slipsView {
	view := fixedSlips()
	view.Errors = fieldErrors{{"again", fault.P("rounds.slips.again_needed")}}
	return view
}

func fixedOwnLine(name string, errs fieldErrors) ownLineView {
	f := fixedRound("console.lists.title", account.Officer)
	f.Errors = errs
	view := ownLineView{roundFrame: f, Unit: territory.Unit{Code: "90001-01", Name: "Thôn Thượng", Level: territory.Village}, Name: name, Ready: true, Tried: errs == nil}
	if errs == nil {
		view.People = []sampling.Person{{Key: "5dca1f0e77b2a390", Name: "Trần Thị Hoà", BirthYear: 1956, Household: "012", Address: "Ngõ 3"}, {Key: "11ca1f0e77b2a390", Name: "Lê Văn Hòa", BirthYear: 1988, Household: "027"}}
	}
	return view
}

func fixedListsReport() listsReportView {
	view := listsReportView{roundFrame: fixedRound("console.lists.title", account.Analyst), Share: "71,5", Source: "Niên giám thống kê 2025, trang 44"}
	report := conduct.ListReport{Adults: conduct.Adults{Share: .715}, Alpha: sampling.DefaultAlpha, Findings: []sampling.Finding{
		{Village: "90001-01", Compared: sampling.ListAlone, Test: sampling.PickedByAge, Count: 52, Of: 52, Expected: 26, P: 1e-30, Adjusted: 1e-29, Flagged: true},
		{Village: "90001-01", Compared: sampling.ListWithPyramid, Test: sampling.PickedAge, Ages: "60+", Count: 3, Of: 214, Expected: 44.6, P: 4e-7, Adjusted: 4e-6, Flagged: true},
		{Village: "90001-01", Compared: sampling.DrawnWithList, Test: sampling.PickedSex, Count: 12, Of: 80, Expected: 41.2, P: 2.5e-4, Adjusted: .012, Flagged: true},
		{Village: "90001-01", Compared: sampling.ListAlone, Test: sampling.PickedBySex, Count: 7, Of: 30, Expected: 14.9, P: 9e-4, Adjusted: .04, Flagged: true},
		{Village: "90001-01", Compared: sampling.AnsweredWithList, Test: sampling.PickedYoung, Count: 1, Of: 24, Expected: 4.1, P: .02, Adjusted: 1},
		{Village: "90001-01", Compared: sampling.ListWithLists, Test: sampling.PickedOld, Count: 9, Of: 80, Expected: 14.1, P: .07, Adjusted: 1},
	}}
	report.Census = &conduct.CensusHead{File: "thap-tuoi.csv", Source: "Niên giám thống kê 2025, trang 41", Units: 12, By: "lan.nguyen", At: fixedTime}
	for i, listed := range []int{412, 120} {
		c, err := sampling.CoverageOf([]territory.Code{"90001", "90001-01"}[i], listed, 610, report.Share)
		if err != nil {
			panic(err) // the share is a constant
		}
		report.Villages = append(report.Villages, c)
	}
	report.Communes = report.Villages[:1]
	view.fill(report, fixedTree)
	return view
}

func fixedCensusErrors() listsReportView {
	view := fixedListsReport()
	view.Census = nil
	view.Errors = fieldErrors{{"file", fault.P("pyramid.ages", "value", "tuổi già").At(fault.Place{File: "thap-tuoi.csv", Row: 7, Column: "Nhóm tuổi"})}}
	return view
}
