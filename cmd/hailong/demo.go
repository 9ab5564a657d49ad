package main

import (
	"context"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"net/url"
	"os"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/sampling"
	"hailong/static"
	"hailong/survey"
	"hailong/survey/xlsform"
	"hailong/territory"
)

// The demo's one round and the people who sign in to it.
const (
	demoRound = survey.RoundID("hai-long-2026")
	demoAdmin = account.Name("quantri")
)

var demoUsers = []account.User{
	{Name: demoAdmin, FullName: "Quản trị tỉnh", Role: account.Admin, Scope: demoProvince},
	{Name: "phantich", FullName: "Chuyên viên phân tích", Role: account.Analyst, Scope: demoProvince},
	{Name: "canbo.xa", FullName: "Cán bộ đặc khu Hòn Ngọc Vừng", Role: account.Officer, Scope: "98012"}, // the one commune that is always drawn
	{Name: "giamsat", FullName: "Ủy ban Mặt trận Tổ quốc tỉnh", Role: account.Watcher, Scope: demoProvince},
}

// welcome seeds the demo if it is not there yet and prints the ways in.
func welcome(ctx context.Context, out io.Writer, s *system, base *url.URL) error {
	if err := ensureDemo(ctx, s); err != nil {
		return err
	}
	link, err := s.link(ctx, demoAdmin, base)
	if err != nil {
		return err
	}
	counters, err := s.store.Counters(ctx, demoRound)
	if err != nil || len(counters) == 0 {
		return err
	}
	form := base.JoinPath("q", string(counters[0].Code)).String()
	fmt.Fprintf(out, "\nHài Lòng · tỉnh %s (hư cấu, số liệu mô phỏng · fictional, simulated)\n\n", demoName)
	fmt.Fprintf(out, "Bàn điều khiển · console (một lần, 15 phút · once, 15 minutes):\n  %s\n", link)
	fmt.Fprintln(out, "Chuyên viên, cán bộ xã, giám sát · analyst, officer, watcher:")
	for _, u := range demoUsers[1:] {
		fmt.Fprintf(out, "  %s user link %s --base-url %s\n", os.Args[0], u.Name, base)
	}
	fmt.Fprintf(out, "Phiếu của người dân · a citizen's form:\n  %s\n\n", form)
	return export.TerminalQR(out, form)
}

// ensureDemo seeds the demo once. The edition is made last: a round without one
// was cut short, and is better made anew than mended.
func ensureDemo(ctx context.Context, s *system) error {
	_, err := s.store.Round(ctx, demoRound)
	if fault.Is(err, fault.NotFound) {
		return seedDemo(ctx, s)
	}
	if err != nil {
		return err
	}
	editions, err := s.store.Editions(ctx, demoRound)
	if err == nil && len(editions) == 0 {
		err = fault.New(fault.Conflict, "demo.unfinished")
	}
	return err
}

// demoSeed makes every demo the same.
const demoSeed = 20260701

// seedDemo carries a fictional province through a whole round by the same steps
// as a real one: units, questionnaire, draws, lists, counters, answers, edition.
// Its round is marked as simulated.
func seedDemo(ctx context.Context, s *system) error {
	rng := mrand.New(mrand.NewPCG(demoSeed, 0))
	units := demoUnits(rng)
	if err := s.store.PutUnits(ctx, account.NewRecord(now(), operator, account.ImportUnits, "demo"), units); err != nil {
		return err
	}
	ref, err := publishShipped(ctx, s)
	if err != nil {
		return err
	}
	if err := addDemoUsers(ctx, s); err != nil {
		return err
	}
	round := survey.Round{
		ID: demoRound, Unit: demoProvince, Questionnaire: ref, Formula: "sipas-items@1", Grace: survey.DefaultGrace,
		Title:   survey.Labels{"vi": "Khảo sát sự hài lòng của người dân năm 2026", "en": "Citizen satisfaction survey 2026"},
		SlipsBy: survey.SlipsByProvince, Simulated: true,
		Asker:   "Sở Nội vụ tỉnh " + demoName,
		Contact: "Sở Nội vụ tỉnh " + demoName + ", số 1 đường Bến Ngự, điện thoại 1900 0000 (số hư cấu)",
	}
	if _, err := s.desk.CreateRound(ctx, operator, round); err != nil {
		return err
	}
	if err := drawDemo(ctx, s, rng, units); err != nil {
		return err
	}
	return answerDemo(ctx, s, units)
}

// publishShipped publishes the questionnaire that the program brings along.
func publishShipped(ctx context.Context, s *system) (survey.Ref, error) {
	q, err := shippedQuestionnaire()
	if err != nil {
		return "", err
	}
	err = s.store.AddQuestionnaire(ctx, account.NewRecord(now(), operator, account.ImportQuestionnaire, string(q.Ref())), q)
	if fault.Is(err, fault.Conflict) {
		err = nil
	}
	return q.Ref(), err
}

func shippedQuestionnaire() (survey.Questionnaire, error) {
	raw, err := static.Files.ReadFile("questionnaires/sipas-2026.xlsx")
	if err != nil {
		return survey.Questionnaire{}, err
	}
	q, problems := xlsform.Read(raw, xlsform.DefaultLimits)
	return q, fault.Of(fault.Invalid, problems)
}

func addDemoUsers(ctx context.Context, s *system) error {
	for _, u := range demoUsers {
		u.CreatedAt = now()
		rec := account.NewRecord(now(), operator, account.AddUser, string(u.Name), "role", string(u.Role)).On(account.Path{u.Scope, demoProvince})
		if err := s.store.AddUser(ctx, rec, u); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

// demoPlans are the three stages: eight communes by size within their kinds,
// the island among them for certain; three villages of each by size; twenty
// people of each village and ten in reserve.
var demoPlans = []sampling.Plan{
	{ID: "demo-xa", Unit: "commune", Key: "code", Strata: []string{"kind"}, Method: sampling.PPSSystematic, Size: "population",
		N: sampling.Counts{By: map[string]int{"Phường": 3, "Xã": 4, "Đặc khu": 1}}, Certainty: []sampling.Key{"98012"}, Order: []string{"code"}},
	{ID: "demo-thon", Unit: "village", Key: "code", ParentKey: "commune", Method: sampling.PPSSystematic, Size: "population",
		N: sampling.Counts{Each: 3}, Order: []string{"code"}},
	{ID: "demo-nguoi", Unit: "person", Key: "key", ParentKey: "village", Method: sampling.SRS,
		N: sampling.Counts{Each: 20}, Reserve: sampling.Counts{Each: 10}},
}

// drawDemo draws the three stages. Every village of the province has its list
// before the people are drawn, as in a province whose communes keep theirs
// ready. The public event is a throw of dice that the demo invents.
func drawDemo(ctx context.Context, s *system, rng *mrand.Rand, units []territory.Unit) error {
	for i, stage := range conduct.Stages {
		if stage == conduct.People {
			if err := listDemo(ctx, s, rng, units); err != nil {
				return err
			}
		}
		at := now().Add(time.Duration(i+1) * time.Hour).Format(time.RFC3339)
		source := sampling.Source("dice:Nhà văn hóa Bến Ngự (mô phỏng):" + at)
		if _, err := s.desk.Commit(ctx, operator, demoRound, stage, conduct.Intent{Plan: demoPlans[i], Source: source}); err != nil {
			return err
		}
		if _, err := s.desk.Run(ctx, operator, demoRound, stage, fmt.Sprintf("%06d", rng.IntN(1_000_000))); err != nil {
			return err
		}
	}
	return nil
}

// demoVillagePeople is how many adults every list of the demo has: 60 villages,
// 6,000 people.
const demoVillagePeople = 100

func listDemo(ctx context.Context, s *system, rng *mrand.Rand, units []territory.Unit) error {
	for _, u := range units {
		if u.Level != territory.Village {
			continue
		}
		list := demoList(rng, u, demoVillagePeople, now().Year())
		if _, err := s.desk.AddList(ctx, operator, demoRound, u.Name+".xlsx", list); err != nil {
			return err
		}
	}
	return nil
}

// answerDemo opens the round with a counter in every commune and invents the
// answers.
func answerDemo(ctx context.Context, s *system, units []territory.Unit) error {
	for _, u := range units {
		if u.Level != territory.Commune {
			continue
		}
		name := "Bộ phận Một cửa " + u.FullName()
		if _, err := s.desk.AddCounter(ctx, operator, demoRound, u.Code, name); err != nil {
			return err
		}
	}
	if _, err := s.desk.OpenRound(ctx, operator, demoRound); err != nil {
		return err
	}
	if _, err := s.desk.Simulate(ctx, demoRound, conduct.Simulation{Seed: demoSeed, Response: 0.83, PerCounter: 25}); err != nil {
		return err
	}
	_, err := s.desk.Compute(ctx, operator, demoRound)
	return err
}
