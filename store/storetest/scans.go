package storetest

import (
	"slices"
	"testing"

	"hailong/fault"
	"hailong/store"
)

func scansInOrder(t *testing.T, e store.Engine) {
	// A case-blind or a Vietnamese collation would sort these otherwise.
	want := []string{"B", "a", "aa", "b", "e", "Đ", "đ", "ạ", "\uFFFD", "🙂"}
	put(t, e, store.Units, "🙂", "đ", "b", "ạ", "a", "\uFFFD", "B", "e", "aa", "Đ")
	wantIDs(t, e, store.Range{Kind: store.Units}, want...)
	slices.Reverse(want)
	wantIDs(t, e, store.Range{Kind: store.Units, Reverse: true}, want...)
}

func scansRange(t *testing.T, e store.Engine) {
	put(t, e, store.Units, "r1", "r1/Xã", "r1/Xã Đông/1", "r1/Xã Đông/2", "r1/Xã Đôngx", "r1/Xã Đôn", "r1/Xã Đồng/1", "r10/1", "r2/1", "r0")
	for _, c := range []struct {
		r    store.Range
		want []string
	}{
		{store.Range{Prefix: "r1/"}, []string{"r1/Xã", "r1/Xã Đôn", "r1/Xã Đông/1", "r1/Xã Đông/2", "r1/Xã Đôngx", "r1/Xã Đồng/1"}},
		{store.Range{Prefix: "r1/Xã Đông/"}, []string{"r1/Xã Đông/1", "r1/Xã Đông/2"}},
		{store.Range{Prefix: "r1/Xã Đông"}, []string{"r1/Xã Đông/1", "r1/Xã Đông/2", "r1/Xã Đôngx"}},
		{store.Range{Prefix: "r1/Xã Đông", Limit: 2}, []string{"r1/Xã Đông/1", "r1/Xã Đông/2"}},
		{store.Range{Prefix: "r1/Xã Đông", Reverse: true, Limit: 2}, []string{"r1/Xã Đôngx", "r1/Xã Đông/2"}},
		{store.Range{Prefix: "r1/Xã Đông", After: "r1/Xã Đông/1"}, []string{"r1/Xã Đông/2", "r1/Xã Đôngx"}},
		{store.Range{Prefix: "r1/Xã Đông", After: "r1/Xã Đông/2", Reverse: true}, []string{"r1/Xã Đông/1"}},
		{store.Range{Prefix: "r1/Xã Đông", After: "r0"}, []string{"r1/Xã Đông/1", "r1/Xã Đông/2", "r1/Xã Đôngx"}},
		{store.Range{Prefix: "r1/Xã Đông", After: "r2"}, nil},
		{store.Range{Prefix: "r1/Xã Đông", After: "r2", Reverse: true}, []string{"r1/Xã Đôngx", "r1/Xã Đông/2", "r1/Xã Đông/1"}},
		{store.Range{Prefix: "r1/Xã Đông", After: "r0", Reverse: true}, nil},
		{store.Range{Prefix: "r1", After: "r1", Limit: 1}, []string{"r1/Xã"}},
		{store.Range{Prefix: "r1", Limit: 1}, []string{"r1"}},
		{store.Range{After: "r10"}, []string{"r10/1", "r2/1"}},
		{store.Range{Prefix: "r3"}, nil},
	} {
		c.r.Kind = store.Units
		wantIDs(t, e, c.r, c.want...)
	}
	for prefix, want := range map[string]int64{"": 10, "r1": 8, "r1/": 6, "r1/Xã Đông": 3, "r2/1": 1, "r3": 0} {
		if got, err := e.Count(testContext(t), store.Units, prefix); got != want || err != nil {
			t.Errorf("Count(%q) = %d, %v, want %d", prefix, got, err, want)
		}
	}
}

func scansMany(t *testing.T, e store.Engine) {
	want := numbered("r1/u1/", 10_000)
	for part := range slices.Chunk(want, 2500) {
		put(t, e, store.Responses, part...)
	}
	if got := ids(t, e, store.Range{Kind: store.Responses, Prefix: "r1/"}); !slices.Equal(got, want) {
		t.Errorf("%d rows, want 10000 in order", len(got))
	}
	if got := ids(t, e, store.Range{Kind: store.Responses, Prefix: "r1/", Limit: 3000, Reverse: true}); got[2999] != want[7000] {
		t.Errorf("row 3000 from the end is %s, want %s", got[2999], want[7000])
	}
	if n, err := e.Count(testContext(t), store.Responses, "r1/u1/"); n != 10_000 || err != nil {
		t.Errorf("Count = %d, %v, want 10000", n, err)
	}
}

func scansWithWrites(t *testing.T, e store.Engine) {
	all := numbered("r1/", 1200)
	put(t, e, store.Units, all...)
	seen := 0
	for row, err := range e.Scan(testContext(t), store.Range{Kind: store.Units}) {
		must(t, err)
		if seen++; seen == 1100 {
			break
		}
		if seen%100 == 0 {
			must(t, apply(t, e, store.Put, row.ID, 0, "copied"))
		}
	}
	if n, err := e.Count(testContext(t), store.Rounds, ""); n != 10 || err != nil {
		t.Errorf("%d written from within the scan, %v, want 10", n, err)
	}
}

func insertsMany(t *testing.T, e store.Engine) {
	put(t, e, store.Responses, "r1/taken")
	outcomes, err := e.InsertMany(testContext(t), store.Responses, []store.Row{
		{ID: "r1/c", Doc: encode(t, note{Text: "c"})},
		{ID: "r1/taken", Doc: encode(t, note{Text: "late"})},
		{ID: "", Doc: encode(t, note{})},
		{ID: "r1/a", Doc: encode(t, note{Text: "a"}), Revision: 7},
		{ID: "r1/b"},
		{ID: "r1/d", Doc: encode(t, note{Text: "d"})},
	})
	must(t, err)
	for i, ok := range []bool{true, false, false, true, false, true} {
		if (outcomes[i] == nil) != ok {
			t.Errorf("row %d: %v", i, outcomes[i])
		}
	}
	wantFault(t, outcomes[1], fault.Conflict, "store.exists")
	wantFault(t, outcomes[2], fault.Invalid, "store.bad_id")
	wantFault(t, outcomes[4], fault.Invalid, "store.bad_document")
	wantIDs(t, e, store.Range{Kind: store.Responses}, "r1/a", "r1/c", "r1/d", "r1/taken")
	if row, err := e.Get(testContext(t), store.Responses, "r1/a"); row.Revision != 7 || err != nil {
		t.Errorf("revision %d, %v, want the 7 it came with", row.Revision, err)
	}
	outcomes, err = e.InsertMany(testContext(t), store.Responses, nil)
	if len(outcomes) != 0 || err != nil {
		t.Errorf("inserting nothing: %v, %v", outcomes, err)
	}
}

func insertsManyTwins(t *testing.T, e store.Engine) {
	outcomes, err := e.InsertMany(testContext(t), store.Rounds, []store.Row{
		{ID: "r2", Doc: encode(t, note{Text: "other"})},
		{ID: "r1", Doc: encode(t, note{Text: "first"})},
		{ID: "r1", Doc: encode(t, note{Text: "second"})},
	})
	must(t, err)
	must(t, outcomes[1])
	wantFault(t, outcomes[2], fault.Conflict, "store.exists")
	wantNote(t, e, "r1", "first", 1)
}
