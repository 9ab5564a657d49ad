package conduct_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
)

// Whoever draws again until the result suits has to say why, in public, before
// the next event; and what was committed before still shows.
func TestAnotherAttemptGivesItsReasonAndTheOneBeforeStays(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Communes)
	ctx := context.Background()
	again := conduct.Intent{Plan: plans[conduct.Communes], Source: "lottery:XSMB:2026-12-31", Reason: "  \n"}
	_, err := d.Commit(ctx, analyst, round, conduct.Communes, again)
	wantCode(t, err, fault.Invalid, "stage.reason_needed")
	again.Reason = " Xã A nhập vào  xã B "
	_, err = d.Commit(ctx, analyst, round, conduct.Communes, again)
	must(t, err)
	attempts, err := st.Draws(ctx, round)
	must(t, err)
	if len(attempts) != 2 || !attempts[0].Done() {
		t.Fatalf("the attempt before is not there as it was: %+v", attempts)
	}
	second := attempts[1].Commitment
	if second.Attempt != 2 || second.Previous != attempts[0].Commitment.Digest() || second.Reason != "Xã A nhập vào xã B" {
		t.Errorf("the second commitment: %+v", second)
	}
}

// Whoever commits to an event that is over, or draws before it, could choose
// what comes out. Only a rehearsal may.
func TestARealRoundCommitsBeforeTheEventAndDrawsAfterIt(t *testing.T) {
	d, st := newDesk(t)
	ctx := context.Background()
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), smallProvince()))
	must(t, st.AddQuestionnaire(ctx, account.NewRecord(start, analyst, account.ImportQuestionnaire, ""), smallQuestionnaire()))
	real := newRound()
	real.Simulated = false
	_, err := d.CreateRound(ctx, analyst, real)
	must(t, err)
	noon := time.Date(2026, 9, 1, 12, 0, 0, 0, time.FixedZone("+07", 7*60*60))
	at := func(clock time.Time) conduct.Desk { d.Clock = func() time.Time { return clock }; return d }
	plan := plans[conduct.Communes]
	for _, source := range []sampling.Source{"lottery:XSMB:2026-08-31", "lottery:XSMB:2026-09-01", "dice:UBND tỉnh:2026-09-01T11:59:00+07:00", sampling.QuicknetAt(noon.Add(-time.Minute))} {
		_, err = at(noon).Commit(ctx, analyst, round, conduct.Communes, conduct.Intent{Plan: plan, Source: source})
		wantCode(t, err, fault.Invalid, "stage.event_past")
	}
	for _, source := range []sampling.Source{"dice:UBND tỉnh:9 giờ", "lottery:XSMB:24/12/2026", "drand:elsewhere:5"} {
		_, err = at(noon).Commit(ctx, analyst, round, conduct.Communes, conduct.Intent{Plan: plan, Source: source})
		wantCode(t, err, fault.Invalid, "stage.event_undated")
	}
	_, err = at(noon).Commit(ctx, analyst, round, conduct.Communes, conduct.Intent{Plan: plan, Source: "lottery:XSMB:2026-09-02"})
	must(t, err)
	_, err = at(noon).Run(ctx, analyst, round, conduct.Communes, "12345")
	wantCode(t, err, fault.Conflict, "stage.event_ahead")
	_, err = at(noon.Add(30*time.Hour)).Run(ctx, analyst, round, conduct.Communes, "12345") // that evening
	must(t, err)
	_, err = at(noon).Commit(ctx, analyst, round, conduct.Communes, conduct.Intent{Plan: plan, Source: sampling.QuicknetAt(noon.Add(time.Minute)), Reason: "gõ sai"})
	must(t, err)
	_, err = at(noon.Add(time.Hour)).Run(ctx, analyst, round, conduct.Communes, "12345")
	wantCode(t, err, fault.Invalid, "stage.beacon_shape")
	_, err = at(noon.Add(time.Hour)).Run(ctx, analyst, round, conduct.Communes, strings.Repeat("5a1f", 16))
	must(t, err)
}
