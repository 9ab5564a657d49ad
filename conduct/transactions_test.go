package conduct_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/survey"
	"hailong/territory"
)

// officeFile is what a one-stop office keeps: people of three fields, some of whom
// came twice, and one transaction before the period.
func officeFile(office territory.Code, people int) []byte {
	var out strings.Builder
	out.WriteString("Đơn vị,Mã hồ sơ,Lĩnh vực,Ngày trả kết quả,Người nộp,Số điện thoại\n")
	fields := []string{"đất đai", "đất đai", "hộ tịch", "hộ tịch", "xây dựng"}
	for i := range people {
		for n := range 1 + (i%4)/3 { // every fourth came twice
			fmt.Fprintf(&out, "%s,%s.%d.%d,%s,%02d/0%d/2026,Người %d,0912%06d\n", office, office, i, n, fields[i%5], 1+i%28, 1+i%9, i, i)
		}
	}
	fmt.Fprintf(&out, "%s,%s.x,hộ tịch,31/12/2025,Người cũ,0912999999\n", office, office)
	return []byte(out.String())
}

// offices creates the province and a round of people with a transaction, and takes
// the files of some offices.
func offices(t *testing.T, d conduct.Desk, units interface {
	PutUnits(context.Context, account.Record, []territory.Unit) error
	AddQuestionnaire(context.Context, account.Record, survey.Questionnaire) error
}, sizes map[territory.Code]int) {
	t.Helper()
	ctx := context.Background()
	must(t, units.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), smallProvince()))
	must(t, units.AddQuestionnaire(ctx, account.NewRecord(start, analyst, account.ImportQuestionnaire, ""), smallQuestionnaire()))
	r := newRound()
	r.Transactions = &survey.Period{From: "2026-01-01", To: "2026-09-30"}
	_, err := d.CreateRound(ctx, analyst, r)
	must(t, err)
	takeFiles(t, d, sizes)
}

func takeFiles(t *testing.T, d conduct.Desk, sizes map[territory.Code]int) {
	t.Helper()
	ctx := context.Background()
	r, err := d.Store.Round(ctx, round)
	must(t, err)
	listed, err := d.Listed(ctx, round)
	must(t, err)
	for office, people := range sizes {
		plan, err := conduct.PlanTransactions(conduct.TransactionFile{
			Name: "hồ sơ.csv", Data: officeFile(office, people), Rule: sampling.Latest, Rules: conduct.OfficeRules(r, listed, ""),
		})
		must(t, err)
		must(t, plan.Err())
		for _, list := range plan.Lists() {
			if list.Village != office || len(list.People) != people {
				t.Fatalf("%d people of %s, want %d of %s", len(list.People), list.Village, people, office)
			}
			_, err := d.AddList(ctx, officer, round, "hồ sơ.csv", list)
			must(t, err)
		}
	}
}

var officePlan = sampling.Plan{Key: "key", ParentKey: "unit", Strata: []string{"field"}, Method: sampling.SRS,
	Allocation: &sampling.Allocation{Total: 60, Rule: sampling.Power, Power: 50, Min: 5, OrAll: true}, Reserve: sampling.Counts{Each: 3}}

func drawOffices(t *testing.T, d conduct.Desk, plan sampling.Plan) conduct.Draw {
	t.Helper()
	ctx := context.Background()
	_, err := d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plan, Source: "lottery:XSMB:2026-12-31"})
	must(t, err)
	draw, err := d.Run(ctx, analyst, round, conduct.People, "12345")
	must(t, err)
	return draw
}

// A round of people with a transaction in one stage: offices with a file take part,
// a small one with everybody; weights of each office add up to its people; the
// edition says of which population it is, and gives each office its own figure.
func TestPeopleWithATransactionAreDrawnInOneStage(t *testing.T) {
	d, st := newDesk(t)
	offices(t, d, st, map[territory.Code]int{"98001": 400, "98002": 200, "98005": 40})
	ctx := context.Background()

	wrong := officePlan
	wrong.ParentKey = ""
	wantCode(t, d.TryPlan(ctx, round, conduct.People, wrong), fault.Invalid, "stage.by_office")
	wantCode(t, d.TryPlan(ctx, round, conduct.Villages, plans[conduct.Villages]), fault.Invalid, "stage.not_of_round")
	draw := drawOffices(t, d, officePlan)
	_, err := d.Commit(ctx, analyst, round, conduct.Communes, conduct.Intent{Plan: plans[conduct.Communes], Source: "lottery:XSMB:2026-12-31"})
	wantCode(t, err, fault.Conflict, "stage.later_committed")

	frame, err := sampling.ReadFrame(bytes.NewReader(blob(t, st, draw.Frame)))
	must(t, err)
	if got := strings.Join(frame.Columns(), ","); got != "key,unit,field,order,seal" || frame.Len() != 640 {
		t.Errorf("%d rows of %s", frame.Len(), got)
	}
	must(t, sampling.Verify(frame, *draw.Receipt, sampling.Evidence{Sample: blob(t, st, draw.Sample)}))
	sample, err := d.CurrentSample(ctx, round, conduct.People)
	must(t, err)
	weights, people := map[string]float64{}, map[string]int{}
	for _, u := range sample.Units {
		if u.Role != sampling.RoleReserve {
			weights[sample.Value(u, "unit")] += u.Weight
			people[sample.Value(u, "unit")]++
		}
	}
	for office, n := range map[string]int{"98001": 400, "98002": 200, "98005": 40} {
		if math.Abs(weights[office]-float64(n)) > 1e-9*float64(n) || people[office] != min(60, n) {
			t.Errorf("%s: weights %v of %d, %d drawn", office, weights[office], n, people[office])
		}
	}

	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
	if _, err := d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.9}); err != nil {
		t.Fatal(err)
	}
	for r, err := range st.Responses(ctx, survey.RoundPrefix(round)) {
		must(t, err)
		if r.Origin != survey.OriginSample || r.Placing.PSU != string(r.Unit) || r.Placing.SSU != "" {
			t.Fatalf("a response came as %s at %+v", r.Origin, r.Placing)
		}
	}
	e, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if want := (scorecard.Population{Transactions: &survey.Period{From: "2026-01-01", To: "2026-09-30"}, Offices: 3, Communes: 6}); e.Population.Statement().String() != want.Statement().String() {
		t.Errorf("the edition is of %v", e.Population.Statement())
	}
	if len(e.Receipts) != 1 || !slices.Contains(e.Design, "design.offices") {
		t.Errorf("receipts %v, design %v", e.Receipts, e.Design)
	}
	for _, office := range []territory.Code{"98", "98001", "98002"} {
		f, found := e.Find(office, scorecard.TierOverall, "overall")
		if !found || f.Publication == scorecard.Withheld || !(f.SE > 0) {
			t.Errorf("%s: %+v", office, f)
		}
	}
	if f, _ := e.Find("98001", scorecard.TierOverall, "overall"); f.PSUs != 6 || f.DF != 5 {
		t.Errorf("60 people of an office are %d groups with %d degrees of freedom", f.PSUs, f.DF)
	}
}

// After a draw of communes only their offices are asked for their files, and the
// weights carry both stages.
func TestPeopleWithATransactionAreDrawnInDrawnCommunes(t *testing.T) {
	d, st := newDesk(t)
	offices(t, d, st, nil)
	ctx := context.Background()
	draw(t, d, conduct.Communes)
	listed, err := d.Listed(ctx, round)
	must(t, err)
	if len(listed) != 4 {
		t.Fatalf("%d communes listed, want 4", len(listed))
	}
	sizes := map[territory.Code]int{}
	for i, u := range listed[1:] {
		sizes[u.Code] = 200 + 50*i
	}
	takeFiles(t, d, sizes)
	wantCode(t, d.TryPlan(ctx, round, conduct.People, officePlan), fault.Invalid, "stage.list_missing")
	takeFiles(t, d, map[territory.Code]int{listed[0].Code: 150})
	people := drawOffices(t, d, officePlan)
	communes, err := d.CurrentSample(ctx, round, conduct.Communes)
	must(t, err)
	above := map[string]float64{}
	for _, u := range communes.Units {
		above[string(u.Key)] = u.InclusionProb
	}
	sample, err := d.CurrentSample(ctx, round, conduct.People)
	must(t, err)
	for _, u := range sample.Units {
		if got := u.StageProb * above[sample.Value(u, "unit")]; u.Role != sampling.RoleReserve && math.Abs(u.InclusionProb-got) > 1e-12 {
			t.Fatalf("%s has %v, its stages give %v", u.Key, u.InclusionProb, got)
		}
	}
	if people.Plan.Parent == "" {
		t.Error("the plan does not name the draw of communes")
	}
	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
	if _, err := d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.9}); err != nil {
		t.Fatal(err)
	}
	e, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if e.Population.Offices != 6 || len(e.Receipts) != 2 || !slices.Contains(e.Design, "design.office_stages") {
		t.Errorf("%+v, receipts %v, design %v", e.Population, e.Receipts, e.Design)
	}
	for _, u := range listed {
		if f, found := e.Find(u.Code, scorecard.TierOverall, "overall"); !found || !(f.SE > 0) {
			t.Errorf("%s: %+v", u.Code, f)
		}
	}
}

// A reserve takes the place of somebody of the same field, and of no other, so that
// the weight of the place holds.
func TestAReserveReplacesSomebodyOfTheSameField(t *testing.T) {
	d, st := newDesk(t)
	offices(t, d, st, map[territory.Code]int{"98001": 400})
	plan := officePlan
	plan.Replacement = &sampling.ReplacementRule{Visits: 1, AtOnce: []sampling.Disposition{sampling.Moved}}
	drawOffices(t, d, plan)
	ctx := context.Background()
	_, err := d.OpenRound(ctx, analyst, round)
	must(t, err)
	drawn, err := d.VillageSample(ctx, round, "98001")
	must(t, err)
	fields := map[sampling.PersonKey]string{}
	for i, p := range drawn {
		fields[p.Person.Key] = p.Person.Case.Field
		if p.Order != i+1 {
			t.Fatalf("number %d of the list is numbered %d", i+1, p.Order)
		}
	}
	replaced := 0
	for i, p := range drawn {
		if p.Role == sampling.RoleReserve || p.Person.Case.Field != "xây dựng" {
			continue
		}
		_, err := d.AddContacts(ctx, officer, round, []conduct.Attempt{{Village: "98001", Number: i + 1, Contact: sampling.Contact{
			Day: "2026-07-01", Mode: sampling.ByVisit, Result: sampling.Moved, Visitor: "Hoa"}}})
		must(t, err)
		x, err := d.Replace(ctx, officer, round, "98001", i+1)
		if replaced == 3 {
			wantCode(t, err, fault.Conflict, "fieldwork.reserve_empty")
			return
		}
		must(t, err)
		replaced++
		if fields[x.Reserve] != "xây dựng" || fields[x.Replaced] != "xây dựng" {
			t.Errorf("%s of %s replaced by %s", x.Replaced, fields[x.Replaced], fields[x.Reserve])
		}
	}
	t.Errorf("%d replaced in a field with a reserve of three", replaced)
}

// What an earlier version stored of a round of residents reads as one.
func TestARoundWithoutAPeriodIsOfResidents(t *testing.T) {
	var r survey.Round
	must(t, json.Unmarshal([]byte(`{"id":"r","unit":"98"}`), &r))
	if got := r.Population().Code; got != "population.residents" {
		t.Error(got)
	}
	if got := conduct.StagesOf(r); !slices.Equal(got, conduct.Stages) {
		t.Error(got)
	}
}
