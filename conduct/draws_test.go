package conduct_test

import (
	"context"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
)

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
	for _, source := range []sampling.Source{"lottery:XSMB:2026-08-31", "dice:UBND tỉnh:2026-09-01T11:59:00+07:00", sampling.QuicknetAt(noon.Add(-time.Minute))} {
		_, err = at(noon).Commit(ctx, analyst, round, conduct.Communes, plan, source)
		wantCode(t, err, fault.Invalid, "stage.event_past")
	}
	_, err = at(noon).Commit(ctx, analyst, round, conduct.Communes, plan, "lottery:XSMB:2026-09-02")
	must(t, err)
	_, err = at(noon).Run(ctx, analyst, round, conduct.Communes, "12345")
	wantCode(t, err, fault.Conflict, "stage.event_ahead")
	_, err = at(noon.Add(30*time.Hour)).Run(ctx, analyst, round, conduct.Communes, "12345") // that evening
	must(t, err)
}
