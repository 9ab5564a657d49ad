package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hailong/fault"
	"hailong/store"
)

// content makes n bytes that differ everywhere, so that a chunk out of place shows.
func content(n int) []byte {
	made := make([]byte, 0, n+8)
	for i := 0; len(made) < n; i++ {
		made = fmt.Appendf(made, "%07d\n", i)
	}
	return made[:n]
}

func read(t *testing.T, e store.Engine, digest store.Digest) []byte {
	t.Helper()
	r, err := store.OpenBlob(testContext(t), e, digest)
	must(t, err)
	defer r.Close()
	got, err := io.ReadAll(r)
	must(t, err)
	return got
}

func putBlob(t *testing.T, e store.Engine, what []byte) store.Digest {
	t.Helper()
	digest, err := store.PutBlob(testContext(t), e, bytes.NewReader(what))
	must(t, err)
	return digest
}

func blobs(t *testing.T, e store.Engine) {
	for _, n := range []int{0, 1, 720 << 10, 720<<10 + 1, 2_000_000} {
		what := content(n)
		digest := putBlob(t, e, what)
		if want := store.Digest(fmt.Sprintf("sha256:%x", sha256.Sum256(what))); digest != want {
			t.Errorf("%d bytes: digest %s, want %s", n, digest, want)
		}
		if !bytes.Equal(read(t, e, digest), what) {
			t.Errorf("%d bytes came back otherwise", n)
		}
	}
	before := ids(t, e, store.Range{Kind: store.Chunks})
	together(t, 4, func(int) error {
		_, err := store.PutBlob(testContext(t), e, bytes.NewReader(content(2_000_000)))
		return err
	})
	wantIDs(t, e, store.Range{Kind: store.Chunks}, before...)
	_, err := store.OpenBlob(testContext(t), e, "sha256:none")
	wantFault(t, err, fault.NotFound, "store.not_found")

	digest := putBlob(t, e, []byte("the original"))
	added := slices.DeleteFunc(ids(t, e, store.Range{Kind: store.Chunks}), func(id string) bool { return slices.Contains(before, id) })
	forged := store.Change{Op: store.Put, Kind: store.Chunks, ID: added[0], Doc: map[string][]byte{"bytes": []byte("a forgery")}}
	must(t, e.Apply(testContext(t), store.Unaudited, forged))
	r, err := store.OpenBlob(testContext(t), e, digest)
	must(t, err)
	_, err = io.ReadAll(r)
	wantFault(t, err, fault.Internal, "store.damaged")
}

func sweepsBlobs(t *testing.T, e store.Engine) {
	ctx := testContext(t)
	kept, dead := putBlob(t, e, content(1_000_000)), putBlob(t, e, content(1_500_000))
	broken := errors.New("the line broke")
	_, err := store.PutBlob(ctx, e, io.MultiReader(bytes.NewReader(content(800_000)), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Fatalf("got %v, want the reader's error", err)
	}
	live := func(d store.Digest) bool { return d == kept }
	for _, c := range []struct {
		before time.Time
		want   int
	}{{time.Now().Add(-time.Hour), 0}, {time.Now().Add(2 * time.Second), 2}, {time.Now().Add(2 * time.Second), 0}} {
		if n, err := store.SweepBlobs(ctx, e, live, c.before); n != c.want || err != nil {
			t.Errorf("swept %d, %v, want %d", n, err, c.want)
		}
	}
	if !bytes.Equal(read(t, e, kept), content(1_000_000)) {
		t.Error("the blob in use came back otherwise")
	}
	_, err = store.OpenBlob(ctx, e, dead)
	wantFault(t, err, fault.NotFound, "store.not_found")
	if left := ids(t, e, store.Range{Kind: store.Chunks}); len(left) != 2 {
		t.Errorf("%d chunks left, want the 2 of the blob in use", len(left))
	}
}

func sweeps(t *testing.T, e store.Engine) {
	all := numbered("s/", 450)
	put(t, e, store.Sessions, all...)
	ctx, renewed := testContext(t), false
	n, err := store.Sweep(ctx, e, store.Range{Kind: store.Sessions, Prefix: "s/"}, func(row store.Row) (bool, error) {
		if !renewed { // by another hand, after the sweep read the row
			renewed = true
			must(t, e.Apply(ctx, store.Unaudited, store.Change{Op: store.Put, Kind: store.Sessions, ID: row.ID, Doc: note{Text: "renewed"}}))
		}
		return !strings.HasSuffix(row.ID, "7"), nil
	})
	must(t, err)
	want := []string{all[0]}
	for _, id := range all {
		if strings.HasSuffix(id, "7") {
			want = append(want, id)
		}
	}
	wantIDs(t, e, store.Range{Kind: store.Sessions}, want...)
	if n != 450-len(want) {
		t.Errorf("swept %d, want %d", n, 450-len(want))
	}
}

func groups(t *testing.T, e store.Engine) {
	put(t, e, store.Responses, "r1/taken")
	g := store.NewGroup(e, store.Responses)
	insert := func(id string) error { return g.Insert(testContext(t), id, note{Text: id}) }
	won := together(t, 64, func(i int) error {
		switch {
		case i%8 == 0:
			return insert("r1/taken")
		case i%8 == 1:
			return insert("r1/twin")
		}
		return insert(fmt.Sprintf("r1/%02d", i))
	})
	if won != 64-8-8+1 {
		t.Errorf("%d inserts succeeded, want 49", won)
	}
	left, cancel := context.WithCancel(t.Context())
	cancel()
	wantFault(t, g.Insert(left, "r1/left", note{}), fault.Unavailable, "store.interrupted")
	wantFault(t, insert(""), fault.Invalid, "store.bad_id")
	g.Close()
	g.Close()
	wantFault(t, insert("r1/late"), fault.Unavailable, "store.busy")
	if got := ids(t, e, store.Range{Kind: store.Responses}); len(got) != 51 || !slices.Contains(got, "r1/left") {
		t.Errorf("%d rows %q, want 51 with that of the caller who left", len(got), got)
	}
	if s := g.Stats(); s.Rows != 50 || s.Refused != 1 || s.Queued != 0 || s.Commits < 1 || s.Commits > 65 {
		t.Errorf("counted %+v", s)
	}
}

// migrates starts once with an empty database and once with data of number 1.
func migrates(t *testing.T, e store.Engine) {
	ctx, ran := testContext(t), []string{}
	step := func(name string) store.Migration {
		return func(context.Context, store.Engine) error { ran = append(ran, name); return nil }
	}
	shout := func(ctx context.Context, e store.Engine) error {
		ran = append(ran, "shout")
		for row, err := range e.Scan(ctx, store.Range{Kind: store.Rounds}) {
			must(t, err)
			must(t, e.Apply(ctx, store.Unaudited, store.Change{Op: store.Replace, Kind: store.Rounds, ID: row.ID,
				Revision: row.Revision, Doc: note{Text: "Đợt", N: 2}}))
		}
		return nil
	}
	must(t, store.Migrate(ctx, e, step("one")))
	must(t, apply(t, e, store.Insert, "r1", 0, "đợt"))
	must(t, store.Migrate(ctx, e, step("one"), shout, step("three")))
	must(t, store.Migrate(ctx, e, step("one"), shout, step("three")))
	if want := []string{"shout", "three"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	wantNote(t, e, "r1", "Đợt", 2)
	wantFault(t, store.Migrate(ctx, e, step("one")), fault.Unreadable, "store.newer")
}

// migratesAnswers starts with sheets as shape 0 kept them.
func migratesAnswers(t *testing.T, e store.Engine) {
	ctx := testContext(t)
	must(t, store.Migrate(ctx, e))
	insert := func(kind store.Kind, id string, doc any) {
		must(t, e.Apply(ctx, store.Unaudited, store.Change{Op: store.Insert, Kind: kind, ID: id, Doc: doc}))
	}
	insert(store.Questionnaires, string(form.Ref()), form)
	want := response("n1", "d1")
	insert(store.Responses, string(want.ID), want)
	for range 2 { // and again with what is a line already
		must(t, store.Migrate(ctx, e, store.Migrations...))
		st := store.New(e)
		for got, err := range st.Responses(ctx, "r/") {
			must(t, err)
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("read back %+v, want %+v", got, want)
			}
		}
		if n, err := st.CountResponses(ctx, "r/"); n != 1 || err != nil {
			t.Errorf("%d answers, %v, want 1", n, err)
		}
		st.Close()
		must(t, e.Apply(ctx, store.Unaudited, store.Change{Op: store.Put, Kind: store.Schema, ID: "shape", Doc: map[string]int{"number": 0}}))
	}
}
