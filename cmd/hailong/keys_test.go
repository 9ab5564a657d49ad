package main

import (
	"os"
	"path/filepath"
	"testing"

	"hailong/fault"
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
