package storetest

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/store"
)

func recheck(number int, before *conduct.Draw) conduct.Draw {
	d := attempt(number, before)
	d.Stage = conduct.Recheck
	return d
}

func finding(key sampling.Key, number int, result sampling.RecheckResult) conduct.RecheckFinding {
	return conduct.RecheckFinding{Round: "r", Attempt: 1, Key: key, Number: number, Result: result, Day: "2026-07-01", Checker: "Ông Tám", By: "clerk", At: day}
}

// Re-checks have their own numbers, beside the draws of the stages; what was
// committed stays, and results are only added.
func rechecks(t *testing.T, st *store.Store) {
	ctx := context.Background()
	rec := func() account.Record { return record(account.CommitRecheck, "r") }
	first := recheck(1, nil)
	ok(t, st.AddRecheck(ctx, rec(), first))
	wantFault(t, st.AddRecheck(ctx, rec(), recheck(1, nil)), fault.Conflict, "stage.out_of_turn")
	wantFault(t, st.AddRecheck(ctx, rec(), recheck(3, &first)), fault.Conflict, "stage.out_of_turn")
	wantFault(t, st.AddRecheck(ctx, rec(), recheck(2, nil)), fault.Conflict, "stage.out_of_turn")
	ok(t, st.AddRecheck(ctx, rec(), recheck(2, &first)))
	if draws, err := st.Draws(ctx, "r"); err != nil || len(draws) != 0 {
		t.Errorf("draws of the stages %+v, %v: re-checks are none", draws, err)
	}
	kept, err := st.Rechecks(ctx, "r")
	ok(t, err)
	drawn := kept[1]
	drawn.Receipt = &sampling.Receipt{Beacon: "1 2 3"}
	other := drawn
	other.Frame = "sha256:other"
	wantFault(t, st.FinishRecheck(ctx, rec(), other), fault.Conflict, "stage.fixed")
	ok(t, st.FinishRecheck(ctx, rec(), drawn))
	wantFault(t, st.FinishRecheck(ctx, rec(), drawn), fault.Conflict, "store.changed")

	one := finding("k1", 1, sampling.RecheckUnreached)
	ok(t, st.AddRecheckFindings(ctx, rec(), []conduct.RecheckFinding{finding("k2", 1, sampling.RecheckConfirmed), one}))
	ok(t, st.AddRecheckFindings(ctx, rec(), []conduct.RecheckFinding{finding("k1", 2, sampling.RecheckDenied)}))
	wantFault(t, st.AddRecheckFindings(ctx, rec(), []conduct.RecheckFinding{finding("k1", 2, sampling.RecheckConfirmed)}), fault.Conflict, "store.exists")
	found, err := st.RecheckFindings(ctx, "r", 1)
	ok(t, err)
	if len(found) != 3 || found[0] != one || found[1].Result != sampling.RecheckDenied || found[2].Key != "k2" {
		t.Errorf("findings %+v", found)
	}
	if none, err := st.RecheckFindings(ctx, "r", 2); err != nil || len(none) != 0 {
		t.Errorf("findings of another attempt %+v, %v", none, err)
	}
	var methods []string
	for m := range reflect.TypeOf(st).Methods() {
		if strings.Contains(m.Name, "Recheck") {
			methods = append(methods, m.Name)
		}
	}
	if want := []string{"AddRecheck", "AddRecheckFindings", "FinishRecheck", "RecheckFindings", "Rechecks"}; !slices.Equal(methods, want) {
		t.Errorf("methods %v, want %v: nothing changes or removes what is on record", methods, want)
	}
}
