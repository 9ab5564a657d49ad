package console

import (
	"net/url"
	"strconv"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/survey"
)

// fixedProgress is a round whose villages are drawn and whose lists come in.
var fixedProgress = progress{
	state: survey.RoundDraft, communes: 12, villages: 24, lists: 17,
	draws: map[conduct.Stage]stageProgress{conduct.Communes: {drawn: 8, of: 12, attempts: 1}, conduct.Villages: {drawn: 24, of: 40, attempts: 2}},
}

var fixedDrawn = conduct.Draw{
	Round: fixedHead.ID, Stage: conduct.Communes, Attempt: 1, Plan: sampling.Plan{Method: sampling.PPSSystematic}, Units: 10, CommittedBy: "lan.nguyen",
	Commitment: sampling.Commitment{
		Source: "dice:Hội trường tỉnh:2026-09-20T09:00:00+07:00", At: fixedTime.AddDate(0, 0, -3),
		FrameDigest: sampling.DigestOf([]byte("frame")), PlanDigest: sampling.DigestOf([]byte("plan")),
	},
	Receipt: &sampling.Receipt{
		Beacon: "3 5 1 6 2 4 4 1 6 5", SampleDigest: sampling.DigestOf([]byte("sample")),
		Counts: []sampling.CellCount{{Units: 9, Main: 3}, {Units: 1, Certainty: 1}},
	},
	DrawnAt: fixedTime, DrawnBy: "lan.nguyen",
}

// fixedAttempts are a drawn stage and one that waits for its event.
func fixedAttempts() []conduct.Draw {
	waiting := fixedDrawn
	waiting.Stage, waiting.Receipt, waiting.Units = conduct.Villages, nil, 48
	waiting.Commitment.Source = sampling.QuicknetAt(fixedTime)
	return []conduct.Draw{fixedDrawn, waiting}
}

func fixedDraws() drawsView {
	view := drawsView{roundFrame: fixedRound("console.draws.title", account.Analyst), MayDraw: true, Verify: files.VerifyDraws(fixedAttempts())}
	for _, stage := range conduct.Stages {
		view.Stages = append(view.Stages, stageOf(survey.Round{}, fixedAttempts(), stage, fixedTime))
	}
	return view
}

func fixedStage(stage conduct.Stage, attempts []conduct.Draw, typed url.Values) stageView {
	f := fixedRound("console.draws.title", account.Analyst)
	f.Title = stageTitles[stage]
	var drawn []drawnUnit
	if len(attempts) > 0 && attempts[0].Done() && attempts[0].Stage == stage {
		drawn = []drawnUnit{{"Xã Bến Tre Xanh", "90001", sampling.RoleMain}, {"Đặc khu Cù Lao Mây", "90004", sampling.RoleCertainty}, {"Phường Đồng Sen", "90007", sampling.RoleReserve}}
	}
	view := stageView{
		roundFrame: f, stageSummary: stageOf(survey.Round{}, attempts, stage, fixedTime), MayDraw: true, Drawn: drawn,
		kinds: []kindCount{{"Phường", 3}, {"Xã", 8}}, Events: events, Event: eventForm{Kind: eventDrand},
		Frame: framePreview{
			Units: 11, Digest: sampling.DigestOf([]byte("frame")), Columns: []string{"code", "name", "kind", "province_code", "population"},
			Rows: [][]string{{"90001", "Bến Tre Xanh", "Xã", "90", "8421"}, {"90007", "Đồng Sen", "Phường", "90", "23118"}},
		},
	}
	view.Form = readPlanForm(typed.Get, stage, view.kinds)
	view.Ready = readReadyForm(typed, blankPlan(survey.Round{ID: fixedHead.ID}, stage), view.Frame.Columns, (*fieldErrors)(&view.Errors))
	return view
}

// fixedReady is a ready plan that was filled in on eleven communes.
func fixedReady(communes string) stageView {
	view := fixedStage(conduct.Communes, nil, url.Values{"ready": {"sipas-two-tier"}, "set_communes": {communes}, "set_certainty": {"90010"}})
	var rows [][]string
	for i := range view.Frame.Units {
		kind := "Xã"
		if i%4 == 2 {
			kind = "Phường"
		}
		rows = append(rows, []string{strconv.Itoa(90001 + i), "Xã " + strconv.Itoa(i+1), kind, "90", strconv.Itoa(5000 + 700*i)})
	}
	frame, err := sampling.NewFrame(view.Frame.Columns, rows)
	if err != nil {
		panic(err) // it is written here
	}
	if _, err := view.fill(frame, nil); err != nil {
		panic(err)
	}
	view.Tried = view.Plan != ""
	return view
}

func fixedFrameInDoubt() stageView {
	view := fixedStage(conduct.Communes, nil, nil)
	view.Frame = framePreview{Problems: []linkedProblem{
		{fault.P("stage.size_doubtful", "unit", "Đặc khu Cù Lao Mây", "code", "90004"), Root + "/units/90004"},
		{fault.P("stage.size_missing", "unit", "Xã Núi Voi", "code", "90010"), Root + "/units/90010"},
	}}
	return view
}

func fixedPlanErrors() stageView {
	view := fixedStage(conduct.Communes, nil, url.Values{"method": {"pps_systematic"}, "strata": {"kind"}, "n1": {"hai"}, "n2": {"4"}})
	view.Errors = fieldErrors{{"n1", fault.P("console.draws.not_a_number", "typed", "hai")}}
	return view
}

func fixedPlan() stageView {
	view := fixedStage(conduct.Communes, nil, url.Values{"method": {"pps_systematic"}, "strata": {"kind"}, "n1": {"2"}, "n2": {"4"}, "order": {"code"}})
	var none fieldErrors
	view.Plan, view.Tried = string(view.Form.plan(survey.Round{ID: fixedHead.ID}, view.Stage, &none).Encode()), true
	return view
}

func fixedCommitted() stageView { return fixedStage(conduct.Villages, fixedAttempts(), nil) }

// fixedOffices is the page of all offices of a round of people with a transaction,
// with a file if there is one.
func fixedOffices(data string) listView {
	view := listView{roundFrame: fixedOfficeRound("console.lists.title"), Unit: fixedTree.Children("")[0], tableForm: tableForm{At: Root + "/rounds/mot-cua-2026/lists/90"}}
	for _, u := range fixedTree.Children("90")[:2] {
		view.Rows = append(view.Rows, villageRow{Unit: u})
		view.Files.offices = append(view.Files.offices, u)
	}
	view.Rows[0].People, view.Rows[0].File, view.Rows[0].At, view.Rows[0].By = 214, "ho-so-2026.csv", clock(fixedTime), "lan.nguyen"
	if data == "" {
		return view
	}
	v := &visit{round: survey.Round{Transactions: &survey.Period{From: "2026-01-01", To: "2026-09-30"}}}
	var plan conduct.ListPlan
	task := v.officeTask(&view, &plan)
	table, err := task.read(form{}, upload{"ho-so-2026.csv", []byte(data)})
	if err != nil {
		panic(err) // it is written here
	}
	view.Upload = "sha256:…"
	task.judge(table)
	view.preview(plan, fixedTime.Year())
	return view
}

// fixedOfficeRound is the frame of a page of a round of people with a transaction.
func fixedOfficeRound(title string) roundFrame {
	f := fixedRound(title, account.Analyst)
	f.Round.ID, f.Round.Title, f.Round.Offices = "mot-cua-2026", "Hài lòng với bộ phận một cửa năm 2026", true
	f.About = f.Round.Title
	f.nameOffices()
	return f
}

const fixedFiles = "Đơn vị tiếp nhận,Mã hồ sơ,Lĩnh vực,Ngày trả kết quả,Người nộp,Số điện thoại\n" +
	"90001,000.01.H90-260105-0001,đất đai,05/01/2026,Trần Thị Hoà,0912345678\n90001,000.01.H90-260206-0002,hộ tịch,06/02/2026,Trần Thị Hòa,0912345678\n" +
	"90001,000.01.H90-260307-0003,đất đai,07/03/2026,Lê Văn Tám,0912000001\n90001,000.01.H90-261001-0004,hộ tịch,01/10/2026,Lò Văn Bình,0912000003\n" +
	"90004,000.01.H90-260408-0005,hộ tịch,08/04/2026,Vi Thị Nga,0912000002\n"

const fixedFilesWrong = fixedFiles + "90004,000.01.H90-260409-0006,,tháng tư,Ma Văn Páo,\n"
