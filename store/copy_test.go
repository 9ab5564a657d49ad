package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/store"
	"hailong/store/mongostore"
	"hailong/store/sqlitestore"
	"hailong/store/storetest"
)

func openFile(t *testing.T) store.Engine {
	t.Helper()
	e, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "hailong.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func openMongo(t *testing.T) store.Engine {
	t.Helper()
	e, err := mongostore.Open(t.Context(), storetest.MongoURI(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// fill puts documents of all kinds at several revisions, and a blob of two chunks.
func fill(t *testing.T, e store.Engine) {
	t.Helper()
	for _, kind := range store.Kinds {
		for i := range 3 {
			c := store.Change{Op: store.Put, Kind: kind, ID: fmt.Sprintf("%s/%d", kind, i), Doc: map[string]any{"Họ.tên": i, "x": [][]int{{i}}}}
			for range i + 1 {
				if err := e.Apply(t.Context(), store.Unaudited, c); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for i := range 1100 {
		c := store.Change{Op: store.Insert, Kind: store.People, ID: fmt.Sprintf("p%04d", i), Doc: struct{}{}}
		if err := e.Apply(t.Context(), store.Unaudited, c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.PutBlob(t.Context(), e, bytes.NewReader(make([]byte, 1_000_000))); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, e store.Engine) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, kind := range store.Kinds {
		for row, err := range e.Scan(t.Context(), store.Range{Kind: kind}) {
			if err != nil {
				t.Fatal(err)
			}
			all[string(kind)+" "+row.ID] = fmt.Sprintf("%d %s", row.Revision, row.Doc)
		}
	}
	return all
}

func TestACopyThereAndBackIsTheSameByTheLetter(t *testing.T) {
	first, mongo, last := openFile(t), openMongo(t), openFile(t)
	fill(t, first)
	want := contents(t, first)
	for _, way := range [][2]store.Engine{{first, mongo}, {mongo, last}} {
		if n, err := store.Copy(t.Context(), way[0], way[1]); err != nil || n != int64(len(want)) {
			t.Fatalf("copied %d, %v, want %d", n, err, len(want))
		}
	}
	if !reflect.DeepEqual(contents(t, last), want) {
		t.Error("the copy differs")
	}
	_, err := store.Copy(t.Context(), first, last)
	if !fault.Is(err, fault.Conflict) || fault.ProblemsOf(err)[0].Code != "store.not_empty" {
		t.Errorf("copying over data: %v, want store.not_empty", err)
	}
}

// breaking is an engine that refuses inserts of one kind.
type breaking struct {
	store.Engine
	kind store.Kind
}

var errBroken = errors.New("the line broke")

func (e breaking) InsertMany(ctx context.Context, kind store.Kind, rows []store.Row) ([]error, error) {
	if kind == e.kind {
		return nil, errBroken
	}
	return e.Engine.InsertMany(ctx, kind, rows)
}

func TestACopyBrokenOffCanBeRunAgain(t *testing.T) {
	from, to := openFile(t), openFile(t)
	fill(t, from)
	if _, err := store.Copy(t.Context(), from, breaking{to, store.Units}); !errors.Is(err, errBroken) {
		t.Fatalf("got %v, want the failure", err)
	}
	if half := contents(t, to); len(half) == 0 || strings.Contains(fmt.Sprint(half), "schema") {
		t.Errorf("%d documents, want some and none of kind schema", len(half))
	}
	if _, err := store.Copy(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(contents(t, to), contents(t, from)) {
		t.Error("the copy differs")
	}
}
