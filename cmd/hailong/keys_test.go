package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"hailong/fault"
	"hailong/store"
	"hailong/store/sqlitestore"
)

func TestKeysAreMadeOnceForANewDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets", "keys.json")
	made, err := keysFor(path, "")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key file: %v, mode %v, want 0600", err, info.Mode().Perm())
	}
	again, err := keysFor(path, made.Fingerprint())
	if err != nil || again.Fingerprint() != made.Fingerprint() {
		t.Errorf("the second start got other keys: %v", err)
	}
}

func TestADatabaseWithoutItsKeysStopsTheStart(t *testing.T) {
	dir := t.TempDir()
	mine, err := createKeys(filepath.Join(dir, "mine.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := createKeys(filepath.Join(dir, "other.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "damaged.json"), []byte(`{"master":"AA=="}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "open.json"), []byte(`{}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, code string }{
		{"gone.json", "keys.missing"},
		{"other.json", "keys.foreign"},
		{"damaged.json", "keys.malformed"},
		{"open.json", "keys.readable"},
	} {
		_, err := keysFor(filepath.Join(dir, c.file), mine.Fingerprint())
		if !fault.Is(err, fault.Invalid) || fault.ProblemsOf(err)[0].Code != c.code {
			t.Errorf("%s: %v, want %s", c.file, err, c.code)
		}
		if c.file == "gone.json" {
			if _, err := os.Stat(filepath.Join(dir, c.file)); err == nil {
				t.Errorf("a key file was made for a database that has one elsewhere")
			}
		}
	}
}

// overtaken is a database to which another copy of the program binds its keys
// just after this one found it new.
type overtaken struct {
	store.Engine
	other func()
}

func (o *overtaken) Get(ctx context.Context, kind store.Kind, id string) (store.Row, error) {
	row, err := o.Engine.Get(ctx, kind, id)
	if kind == store.Schema && id == "keys" && o.other != nil {
		other := o.other
		o.other = nil
		other()
	}
	return row, err
}

func TestOfTwoCopiesWithKeysOfTheirOwnOneStops(t *testing.T) {
	dir := t.TempDir()
	file, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "hailong.db"))
	if err != nil {
		t.Fatal(err)
	}
	first := &system{engine: file, store: store.New(file)}
	defer first.store.Close()
	engine := &overtaken{Engine: file, other: func() {
		if err := first.prepare(t.Context(), filepath.Join(dir, "first.json")); err != nil {
			t.Error(err)
		}
	}}
	second := &system{engine: engine, store: store.New(engine)}
	defer second.Close()
	err = second.prepare(t.Context(), filepath.Join(dir, "second.json"))
	if !fault.Is(err, fault.Invalid) || fault.ProblemsOf(err)[0].Code != "keys.foreign" {
		t.Errorf("the second copy goes on with its own keys: %v", err)
	}
}
