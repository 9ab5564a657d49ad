package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"hailong/fault"
	"hailong/store"
)

// apply makes one unaudited change of a round.
func apply(t *testing.T, e store.Engine, op store.Op, id string, revision int64, text string) error {
	t.Helper()
	return e.Apply(testContext(t), store.Unaudited,
		store.Change{Op: op, Kind: store.Rounds, ID: id, Revision: revision, Doc: note{Text: text}})
}

// wantNote checks text and revision of a round.
func wantNote(t *testing.T, e store.Engine, id, text string, revision int64) {
	t.Helper()
	row, err := e.Get(testContext(t), store.Rounds, id)
	must(t, err)
	var got note
	must(t, row.Doc.Decode(&got))
	if got.Text != text || row.Revision != revision {
		t.Errorf("%q at revision %d, want %q at %d", got.Text, row.Revision, text, revision)
	}
}

func insertsOnce(t *testing.T, e store.Engine) {
	must(t, apply(t, e, store.Insert, "r1", 0, "first"))
	wantFault(t, apply(t, e, store.Insert, "r1", 0, "second"), fault.Conflict, "store.exists")
	wantNote(t, e, "r1", "first", 1)
}

func puts(t *testing.T, e store.Engine) {
	must(t, apply(t, e, store.Put, "r1", 0, "first"))
	must(t, apply(t, e, store.Put, "r1", 0, "second"))
	wantNote(t, e, "r1", "second", 2)
}

func replacesRevision(t *testing.T, e store.Engine) {
	wantFault(t, apply(t, e, store.Replace, "r1", 1, "nobody"), fault.Conflict, "store.changed")
	must(t, apply(t, e, store.Insert, "r1", 0, "first"))
	must(t, apply(t, e, store.Replace, "r1", 1, "second"))
	wantFault(t, apply(t, e, store.Replace, "r1", 1, "stale"), fault.Conflict, "store.changed")
	wantFault(t, apply(t, e, store.Replace, "r1", 0, "careless"), fault.Conflict, "store.changed")
	wantNote(t, e, "r1", "second", 2)
}

func deletes(t *testing.T, e store.Engine) {
	put(t, e, store.Rounds, "r1", "r2")
	wantFault(t, apply(t, e, store.Delete, "r1", 2, ""), fault.Conflict, "store.changed")
	must(t, apply(t, e, store.Delete, "r1", 1, ""))
	wantFault(t, apply(t, e, store.Delete, "r1", 1, ""), fault.Conflict, "store.changed")
	must(t, apply(t, e, store.Delete, "r2", 0, ""))
	must(t, apply(t, e, store.Delete, "r2", 0, ""))
	wantIDs(t, e, store.Range{Kind: store.Rounds})
}

func audits(t *testing.T, e store.Engine) {
	ctx := testContext(t)
	must(t, e.Apply(ctx, store.Audit{ID: "a1", Doc: note{Text: "opened the round"}},
		store.Change{Op: store.Insert, Kind: store.Units, ID: "06994", Doc: note{Text: "Vân Đồn"}},
		store.Change{Op: store.Insert, Kind: store.Rounds, ID: "r1", Doc: note{Text: "open"}}))
	row, err := e.Get(ctx, store.Audits, "a1")
	must(t, err)
	var got note
	must(t, row.Doc.Decode(&got))
	if got.Text != "opened the round" || row.Revision != store.Done {
		t.Errorf("audit record %q at %d, want it done", got.Text, row.Revision)
	}
	wantNote(t, e, "r1", "open", 1)
	err = e.Apply(ctx, store.Audit{ID: "a1", Doc: note{}}, store.Change{Op: store.Put, Kind: store.Rounds, ID: "r1", Doc: note{}})
	wantFault(t, err, fault.Conflict, "store.exists")
	wantNote(t, e, "r1", "open", 1)
}

func failsWhole(t *testing.T, e store.Engine) {
	ctx := testContext(t)
	put(t, e, store.Rounds, "r1")
	err := e.Apply(ctx, store.Audit{ID: "a1", Doc: note{}},
		store.Change{Op: store.Put, Kind: store.Units, ID: "u1", Doc: note{}},
		store.Change{Op: store.Put, Kind: store.Units, ID: "", Doc: note{}})
	wantFault(t, err, fault.Invalid, "store.bad_id")
	err = e.Apply(ctx, store.Audit{ID: "a2", Doc: note{}},
		store.Change{Op: store.Put, Kind: store.Units, ID: "u1", Doc: note{}},
		store.Change{Op: store.Replace, Kind: store.Rounds, ID: "r1", Revision: 9, Doc: note{}})
	wantFault(t, err, fault.Conflict, "store.changed")
	wantIDs(t, e, store.Range{Kind: store.Units})
	wantIDs(t, e, store.Range{Kind: store.Audits})
}

// together calls do from n goroutines and counts the successes; every failure
// must be a conflict.
func together(t *testing.T, n int, do func(i int) error) (won int) {
	t.Helper()
	outcomes := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { outcomes[i] = do(i) })
	}
	all.Wait()
	for _, err := range outcomes {
		if err == nil {
			won++
		} else if !fault.Is(err, fault.Conflict) {
			t.Errorf("lost by %v, want a conflict", err)
		}
	}
	return won
}

func race(t *testing.T, e store.Engine) {
	doc := encode(t, note{})
	won := together(t, 16, func(i int) error {
		if i%2 == 0 {
			return apply(t, e, store.Insert, "r1", 0, "")
		}
		outcomes, err := e.InsertMany(testContext(t), store.Rounds, []store.Row{{ID: "r1", Doc: doc}})
		return errors.Join(append(outcomes, err)...)
	})
	if won != 1 {
		t.Errorf("%d writers inserted the same id, want 1", won)
	}
}

func raceRevision(t *testing.T, e store.Engine) {
	put(t, e, store.Rounds, "r1")
	won := together(t, 16, func(int) error { return apply(t, e, store.Replace, "r1", 1, "mine") })
	if won != 1 {
		t.Errorf("%d writers replaced the same revision, want 1", won)
	}
	wantNote(t, e, "r1", "mine", 2)
	if won := together(t, 16, func(int) error { return apply(t, e, store.Put, "new", 0, "any") }); won != 16 {
		t.Errorf("%d of 16 puts succeeded", won)
	}
	wantNote(t, e, "new", "any", 16)
}

func interrupted(t *testing.T, e store.Engine) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := e.Get(ctx, store.Rounds, "r1")
	wantFault(t, err, fault.Unavailable, "store.interrupted")
	for _, err := range e.Scan(ctx, store.Range{Kind: store.Rounds}) {
		wantFault(t, err, fault.Unavailable, "store.interrupted")
	}
	_, err = e.Count(ctx, store.Rounds, "")
	wantFault(t, err, fault.Unavailable, "store.interrupted")
	_, err = e.InsertMany(ctx, store.Rounds, []store.Row{{ID: "r1", Doc: encode(t, note{})}})
	wantFault(t, err, fault.Unavailable, "store.interrupted")
	err = e.Apply(ctx, store.Unaudited, store.Change{Op: store.Put, Kind: store.Rounds, ID: "r1", Doc: note{}})
	wantFault(t, err, fault.Unavailable, "store.interrupted")
	wantFault(t, e.Ping(ctx), fault.Unavailable, "store.interrupted")
	wantIDs(t, e, store.Range{Kind: store.Rounds})
}
