package conduct_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/store"
	"hailong/survey"
)

func TestAnEditionIsReproducedFromItsPublicTally(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	_, err := d.AddCounter(ctx, analyst, round, "98001", "Một cửa")
	must(t, err)
	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
	n, err := d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8, PerCounter: 10})
	must(t, err)
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	read, head, err := d.Edition(ctx, round, edition.Number)
	must(t, err)
	if !read.Simulated || !read.Interim || read.InputDigest != head.Tally {
		t.Errorf("flags or digest lost: %+v", head)
	}
	field := read.Fieldwork[0]
	if field.Sampled != 4*3*12 || field.Answered != n-10 {
		t.Errorf("fieldwork %+v, want 144 drawn and %d answers", field, n-10)
	}
	if len(read.Apart) != 1 || read.Apart[0].N != 10 || read.Apart[0].Origin != survey.OriginCounter {
		t.Errorf("counter answers %+v, want 10 apart", read.Apart)
	}
	q := smallQuestionnaire()
	if problems, err := scorecard.Recompute(read, q, scorecard.Shipped(), blob(t, st, head.Tally)); err != nil || len(problems) > 0 {
		t.Errorf("recomputing: %v %v", problems, err)
	}
	overall, ok := read.Find("98", scorecard.TierOverall, "overall")
	if !ok || !overall.SE.Defined() || overall.SE <= 0 || overall.N == 0 {
		t.Errorf("overall %+v", overall)
	}
	if v := float64(overall.Value); math.IsNaN(v) || v < float64(overall.Logit.Low) || v > float64(overall.Logit.High) {
		t.Errorf("value %v outside of %v", v, overall.Logit)
	}
}

// A tally or a response that held a person's key would tell who answered.
func TestNoPersonKeyReachesAResponseOrAPublicTally(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	opened, err := d.OpenRound(ctx, analyst, round)
	must(t, err)
	_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8})
	must(t, err)
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	_, head, err := d.Edition(ctx, round, edition.Number)
	must(t, err)
	sample, err := d.CurrentSample(ctx, round, conduct.People)
	must(t, err)
	places, err := json.Marshal(opened.Places)
	must(t, err)
	public := append(blob(t, st, head.Tally), blob(t, st, head.Edition)...)
	for r, err := range st.Responses(ctx, survey.RoundPrefix(round)) {
		must(t, err)
		raw, err := json.Marshal(r)
		must(t, err)
		public = append(public, raw...)
	}
	public = append(public, places...)
	for _, u := range sample.Units {
		if bytes.Contains(public, []byte(u.Key)) {
			t.Fatalf("the key %s of a drawn person is where answers are", u.Key)
		}
	}
}

// simulated is the desk of an open round whose drawn people have answered as told.
func simulated(t *testing.T, answers conduct.Simulation) (conduct.Desk, *store.Store) {
	t.Helper()
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	_, err := d.OpenRound(context.Background(), analyst, round)
	must(t, err)
	_, err = d.Simulate(context.Background(), round, answers)
	must(t, err)
	return d, st
}

// Whether a commune was taken with certainty or not, its figures rest on its
// villages.
func TestEveryCommuneHasItsOwnFigures(t *testing.T) {
	d, _ := simulated(t, conduct.Simulation{Seed: 3, Response: 1})
	ctx := context.Background()
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if len(edition.Fieldwork) != 1+4 {
		t.Fatalf("fieldwork of %d units, want the province and 4 communes", len(edition.Fieldwork))
	}
	for _, f := range edition.Fieldwork[1:] {
		got, ok := edition.Find(f.Domain.Unit, scorecard.TierOverall, "overall")
		if !ok || got.N != 36 || got.PSUs != 3 || got.DF != 2 || !(got.SE > 0) {
			t.Errorf("%s: %+v, want 36 answers from 3 villages", f.Domain.Name, got)
		}
	}
}

func TestAWithdrawnAnswerIsGoneAndCounted(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	_, err := d.OpenRound(ctx, analyst, round)
	must(t, err)
	n, err := d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8})
	must(t, err)
	var receipt survey.Receipt
	for r, err := range st.Responses(ctx, survey.RoundPrefix(round)) {
		must(t, err)
		receipt = d.Keys.Receipt(r.ID)
		break
	}
	must(t, d.Withdraw(ctx, analyst, round, receipt))
	wantCode(t, d.Withdraw(ctx, analyst, round, receipt), fault.NotFound, "receipt.unknown")
	left, err := st.CountResponses(ctx, survey.RoundPrefix(round))
	must(t, err)
	if int(left) != n-1 {
		t.Errorf("%d answers left, want %d", left, n-1)
	}
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if edition.Withdrawn != 1 {
		t.Errorf("edition counts %d withdrawn, want 1", edition.Withdrawn)
	}
}

func TestARealRoundIsNeverSimulated(t *testing.T) {
	d, st := newDesk(t)
	ctx := context.Background()
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), smallProvince()))
	must(t, st.AddQuestionnaire(ctx, account.NewRecord(start, analyst, account.ImportQuestionnaire, ""), smallQuestionnaire()))
	real := newRound()
	real.Simulated = false
	_, err := d.CreateRound(ctx, analyst, real)
	must(t, err)
	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
	_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 1, Response: 1})
	wantCode(t, err, fault.Denied, "simulate.real_round")
}

// A share of a handful of sheets is the opinion of people whom the counter knows.
func TestACounterOfFewAnswersHasNoShare(t *testing.T) {
	for _, c := range []struct {
		answers int
		shown   bool
	}{{4, false}, {5, true}} {
		d, st := newDesk(t)
		prepare(t, d, st, conduct.People)
		ctx := context.Background()
		_, err := d.AddCounter(ctx, analyst, round, "98001", "Một cửa")
		must(t, err)
		_, err = d.OpenRound(ctx, analyst, round)
		must(t, err)
		_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8, PerCounter: c.answers})
		must(t, err)
		edition, err := d.Compute(ctx, analyst, round)
		must(t, err)
		if a := edition.Apart[0]; a.N != c.answers || a.Satisfied.Defined() != c.shown {
			t.Errorf("%d answers at a counter: %+v", c.answers, a)
		}
	}
}

func TestAnEditionIsInterimUntilTheGraceIsOver(t *testing.T) {
	d, _ := simulated(t, conduct.Simulation{Seed: 3, Response: 0.8})
	ctx := context.Background()
	closed, err := d.CloseRound(ctx, analyst, round)
	must(t, err)
	for _, c := range []struct {
		after   time.Duration
		interim bool
	}{{time.Hour, true}, {closed.Grace, true}, {closed.Grace + time.Second, false}} {
		d.Clock = func() time.Time { return closed.Closed.Add(c.after) }
		edition, err := d.Compute(ctx, analyst, round)
		must(t, err)
		if edition.Interim != c.interim {
			t.Errorf("%v after closing: interim %v", c.after, edition.Interim)
		}
	}
}

// One answer withdrawn between two final editions would be their difference.
func TestAFinalEditionIsRefusedThatSubtractedFromTheOneBeforeShowsASingleSheet(t *testing.T) {
	d, st := newDesk(t)
	ctx := context.Background()
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), smallProvince()))
	must(t, st.AddQuestionnaire(ctx, account.NewRecord(start, analyst, account.ImportQuestionnaire, ""), smallQuestionnaire()))
	real := newRound()
	real.Simulated = false
	_, err := d.CreateRound(ctx, analyst, real)
	must(t, err)
	for _, stage := range conduct.Stages {
		if stage == conduct.People {
			addLists(t, d)
		}
		_, err := d.Commit(ctx, analyst, round, stage, conduct.Intent{Plan: plans[stage], Source: "lottery:XSMB:2026-12-31"})
		must(t, err)
		drawn := d
		drawn.Clock = func() time.Time { return time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) }
		_, err = drawn.Run(ctx, analyst, round, stage, "12345")
		must(t, err)
	}
	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
	villages, err := d.Listed(ctx, round)
	must(t, err)
	for _, village := range villages {
		for number := 1; number <= 11; number++ {
			reply(t, d, st, village.Code, number, "4", "5", "3", "4", "2")
		}
	}
	_, err = d.Compute(ctx, analyst, round) // interim: nobody else sees it
	must(t, err)
	closed, err := d.CloseRound(ctx, analyst, round)
	must(t, err)
	d.Clock = func() time.Time { return closed.Closed.Add(closed.Grace + time.Minute) }
	_, err = d.Compute(ctx, analyst, round)
	must(t, err)
	again, err := d.Compute(ctx, analyst, round)
	must(t, err) // the same answers: nothing to subtract
	withdraw := func(n int) {
		var gone []survey.Receipt
		for r, err := range st.Responses(ctx, survey.UnitPrefix(round, villages[0].Code, survey.OriginSample)) {
			must(t, err)
			if gone = append(gone, d.Keys.Receipt(r.ID)); len(gone) == n {
				break
			}
		}
		for _, receipt := range gone {
			must(t, d.Withdraw(ctx, analyst, round, receipt))
		}
	}
	withdraw(1)
	_, err = d.Compute(ctx, analyst, round)
	wantCode(t, err, fault.Conflict, "edition.too_close")
	withdraw(3)
	_, err = d.Compute(ctx, analyst, round)
	wantCode(t, err, fault.Conflict, "edition.too_close")
	withdraw(1)
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if edition.Number != again.Number+1 || edition.Withdrawn != 5 {
		t.Errorf("edition %d with %d withdrawn", edition.Number, edition.Withdrawn)
	}
}
