package storetest

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/store"
	"hailong/survey"
)

// attempt is the attempt of a number that follows another one.
func attempt(number int, before *conduct.Draw) conduct.Draw {
	d := conduct.Draw{Round: "r", Stage: conduct.Communes, Attempt: number, Frame: "sha256:frame", Plan: sampling.Plan{Key: "code", Method: sampling.SRS}}
	d.Commitment = sampling.Commitment{Source: "dice:Hội trường:2026-07-02T09:00:00+07:00", Attempt: number, At: day}
	if before != nil {
		d.Commitment.Previous = before.Commitment.Digest()
	}
	return d
}

func draftRound(t *testing.T, st *store.Store) survey.Round {
	t.Helper()
	ok(t, st.AddRound(context.Background(), record(account.CreateRound, "r"), survey.Round{ID: "r", State: survey.RoundDraft}))
	return readRound(t, st)
}

func readRound(t *testing.T, st *store.Store) survey.Round {
	t.Helper()
	r, err := st.Round(context.Background(), "r")
	ok(t, err)
	return r
}

func commitments(t *testing.T, st *store.Store) {
	ctx := context.Background()
	first := attempt(1, nil)
	ok(t, st.AddDraw(ctx, record(account.CommitDraw, "r"), draftRound(t, st), first))
	other := attempt(1, nil)
	other.Commitment.Source = "lottery:XSMB:2026-07-03"
	for name, d := range map[string]conduct.Draw{
		"the same number again": attempt(1, nil), "a number left out": attempt(3, &first),
		"one that names no attempt before": attempt(2, nil), "one that names another attempt before": attempt(2, &other),
	} {
		wantFault(t, st.AddDraw(ctx, record(account.CommitDraw, "r"), readRound(t, st), d), fault.Conflict, "stage.out_of_turn")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	ok(t, st.AddDraw(ctx, record(account.CommitDraw, "r"), readRound(t, st), attempt(2, &first)))

	kept, err := st.Draws(ctx, "r")
	ok(t, err)
	drawn := kept[1]
	drawn.Receipt = &sampling.Receipt{Beacon: "1 2 3"}
	for name, change := range map[string]func(*conduct.Draw){
		"another event": func(d *conduct.Draw) { d.Commitment.Source = other.Commitment.Source },
		"another plan":  func(d *conduct.Draw) { d.Plan.Method = sampling.Systematic },
		"another frame": func(d *conduct.Draw) { d.Frame = "sha256:other" },
		"no receipt":    func(d *conduct.Draw) { d.Receipt = nil },
	} {
		d := drawn
		change(&d)
		wantFault(t, st.FinishDraw(ctx, record(account.Draw, "r"), readRound(t, st), d), fault.Conflict, "stage.fixed")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	ok(t, st.FinishDraw(ctx, record(account.Draw, "r"), readRound(t, st), drawn))
	kept, err = st.Draws(ctx, "r")
	ok(t, err)
	again := kept[1]
	again.Receipt = &sampling.Receipt{Beacon: "4 5 6"}
	wantFault(t, st.FinishDraw(ctx, record(account.Draw, "r"), readRound(t, st), again), fault.Conflict, "stage.fixed")
	if len(kept) != 2 || kept[0].Done() || kept[1].Receipt.Beacon != "1 2 3" {
		t.Errorf("kept %+v", kept)
	}
}

func commitmentsRace(t *testing.T, st *store.Store) {
	const hands = 8
	r := draftRound(t, st)
	errs := make([]error, hands)
	var wait sync.WaitGroup
	for i := range hands {
		wait.Go(func() {
			errs[i] = st.AddDraw(context.Background(), record(account.CommitDraw, "r"), r, attempt(1, nil))
		})
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	kept, err := st.Draws(context.Background(), "r")
	ok(t, err)
	if won != 1 || len(kept) != 1 {
		t.Errorf("%d of %d commitments at once were taken and %d kept, want 1", won, hands, len(kept))
	}
}

// The store has three methods on draws, and each is held by the tests above.
func commitmentsStay(t *testing.T, st *store.Store) {
	var methods []string
	for m := range reflect.TypeOf(st).Methods() {
		if strings.Contains(m.Name, "Draw") || strings.Contains(m.Name, "Commitment") {
			methods = append(methods, m.Name)
		}
	}
	if want := []string{"AddDraw", "Draws", "FinishDraw"}; !slices.Equal(methods, want) {
		t.Errorf("methods on draws: %v, want %v; what is committed is never changed or removed", methods, want)
	}
}
