package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/store"
	"hailong/store/storetest"
)

func open(t *testing.T, path string) *Engine {
	t.Helper()
	e, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Engine { return open(t, filepath.Join(t.TempDir(), "hailong.db")) })
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.ProblemsOf(err)[0].Code != code {
		t.Errorf("got %v, want %v %s", err, kind, code)
	}
}

func put(t *testing.T, e *Engine, id, text string) error {
	t.Helper()
	return e.Apply(t.Context(), store.Unaudited,
		store.Change{Op: store.Put, Kind: store.Rounds, ID: id, Doc: map[string]string{"text": text}})
}

func TestAFileIsOpenedAgainWithItsData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "đợt khảo sát 100%?#.db")
	e := open(t, path)
	if err := errors.Join(put(t, e, "r1", "kept"), e.Close()); err != nil {
		t.Fatal(err)
	}
	e = open(t, path)
	defer e.Close()
	if row, err := e.Get(t.Context(), store.Rounds, "r1"); err != nil || string(row.Doc) != `{"text":"kept"}` {
		t.Errorf("got %s, %v", row.Doc, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want readable by its owner alone", info.Mode(), err)
	}
}

// A file of an earlier program lacks the tables of kinds that came later.
func TestAFileGetsTheTablesOfNewKinds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hailong.db")
	e := open(t, path)
	if err := put(t, e, "r1", "kept"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.writer.Exec("DROP TABLE sessions"); err != nil {
		t.Fatal(err)
	}
	e.Close()
	e = open(t, path)
	defer e.Close()
	if n, err := e.Count(t.Context(), store.Sessions, ""); n != 0 || err != nil {
		t.Errorf("Count = %d, %v", n, err)
	}
	if n, err := e.Count(t.Context(), store.Rounds, ""); n != 1 || err != nil {
		t.Errorf("Count = %d, %v", n, err)
	}
}

func TestNoTableNumbersItsRows(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "hailong.db"))
	defer e.Close()
	for _, kind := range store.Kinds {
		if _, err := e.reader.Exec(fmt.Sprintf("SELECT rowid FROM %q", kind)); err == nil || !strings.Contains(err.Error(), "no such column") {
			t.Errorf("%s: %v, want no such column", kind, err)
		}
	}
}

func TestACommitIsOnTheDiskBeforeItReturns(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "hailong.db"))
	defer e.Close()
	var mode string
	var synchronous, pageSize int
	err := e.writer.QueryRow(`SELECT journal_mode, synchronous, page_size FROM pragma_journal_mode, pragma_synchronous, pragma_page_size`).
		Scan(&mode, &synchronous, &pageSize)
	// 2 is FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
	if mode != "wal" || synchronous != 2 || pageSize != 4096 || err != nil {
		t.Errorf("journal %s, synchronous %d, page %d, %v", mode, synchronous, pageSize, err)
	}
}

func TestAFullDiskFailsTheCallAndLosesNothing(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "hailong.db"))
	defer e.Close()
	if err := put(t, e, "r1", "before"); err != nil {
		t.Fatal(err)
	}
	limit := func(pages int) {
		if _, err := e.writer.Exec(fmt.Sprintf("PRAGMA max_page_count=%d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite raises it to the present size
	big := strings.Repeat("x", 100_000)
	wantFault(t, put(t, e, "r2", big), fault.Unavailable, "store.full")
	doc, err := store.Encode(map[string]string{"text": big})
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.InsertMany(t.Context(), store.Rounds, []store.Row{{ID: "r2", Doc: doc}, {ID: "r1", Doc: doc}})
	wantFault(t, err, fault.Unavailable, "store.full")
	if n, err := e.Count(t.Context(), store.Rounds, ""); n != 1 || err != nil {
		t.Errorf("Count = %d, %v, want what was there before", n, err)
	}
	limit(1 << 20)
	if err := put(t, e, "r2", big); err != nil {
		t.Errorf("after the disk has room again: %v", err)
	}
}

func TestATransactionWhoseTimeEndsLeavesNothing(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "hailong.db"))
	defer e.Close()
	ctx, cancel := context.WithCancel(t.Context())
	err := e.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		defer cancel()
		return e.change(ctx, tx, store.Change{Op: store.Insert, Kind: store.Rounds, ID: "r1"}, store.Doc("{}"))
	})
	wantFault(t, err, fault.Unavailable, "store.interrupted")
	if n, err := e.Count(t.Context(), store.Rounds, ""); n != 0 || err != nil {
		t.Errorf("Count = %d, %v, want 0", n, err)
	}
	if err := put(t, e, "r1", "x"); err != nil {
		t.Errorf("the next writer: %v", err)
	}
}

func TestAFileLockedByAnotherProgramIsUnavailable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hailong.db")
	e := open(t, path)
	defer e.Close()
	if _, err := e.writer.Exec("PRAGMA busy_timeout=10"); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", writerDSN(path))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, put(t, e, "r1", "x"), fault.Unavailable, "store.locked")
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := put(t, e, "r1", "x"); err != nil {
		t.Errorf("after the lock is gone: %v", err)
	}
}

func TestOpenSaysWhatIsWrongWithThePlace(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	altered := func(name, statement string) string {
		path := filepath.Join(folder, name)
		e := open(t, path)
		if _, err := e.writer.Exec(statement); err != nil {
			t.Fatal(err)
		}
		e.Close()
		return path
	}
	for _, c := range []struct {
		rule, path string
		kind       fault.Kind
		code       string
	}{
		{"the folder is missing", filepath.Join(folder, "none", "hailong.db"), fault.Unavailable, "store.no_folder"},
		{"the folder is a file", filepath.Join(file("a file", ""), "hailong.db"), fault.Unavailable, "store.no_folder"},
		{"the file is a folder", folder, fault.Unavailable, "store.cannot_open"},
		{"the file is no database", file("list.csv", strings.Repeat("stt;họ tên\n", 100)), fault.Unreadable, "store.not_a_store"},
		{"the file is another program's", altered("other.db", "PRAGMA application_id=7"), fault.Unreadable, "store.not_a_store"},
		{"the file is a newer program's", altered("newer.db", "PRAGMA user_version=3"), fault.Unreadable, "store.newer"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			e, err := Open(t.Context(), c.path)
			wantFault(t, err, c.kind, c.code)
			if e != nil {
				t.Error("an engine beside the error")
			}
		})
	}
}

func TestABackupIsWholeWhileOthersWrite(t *testing.T) {
	folder := t.TempDir()
	e := open(t, filepath.Join(folder, "hailong.db"))
	defer e.Close()
	if err := put(t, e, "r1", "before"); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan error)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
				if err := put(t, e, fmt.Sprintf("x%d", i), "during"); err != nil {
					stopped <- err
					return
				}
			}
		}
	}()
	path := filepath.Join(folder, "copy.db")
	err := e.Backup(t.Context(), path)
	close(stop)
	if err := errors.Join(err, <-stopped); err != nil {
		t.Fatal(err)
	}
	wantFault(t, e.Backup(t.Context(), path), fault.Conflict, "store.backup_exists")
	copied := open(t, path)
	defer copied.Close()
	if err := copied.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if row, err := copied.Get(t.Context(), store.Rounds, "r1"); err != nil || string(row.Doc) != `{"text":"before"}` {
		t.Errorf("got %s, %v", row.Doc, err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*.partial*")); len(left) != 0 || err != nil {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestADamagedFileIsReported(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hailong.db")
	e := open(t, path)
	for i := range 200 {
		if err := put(t, e, fmt.Sprintf("r%d", i), strings.Repeat("x", 500)); err != nil {
			t.Fatal(err)
		}
	}
	e.Close()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(make([]byte, 8192), info.Size()-8192); err != nil {
		t.Fatal(err)
	}
	file.Close()
	e = open(t, path)
	defer e.Close()
	wantFault(t, e.Check(t.Context()), fault.Internal, "store.damaged")
}

// What is deleted was personal: a list undone, an answer withdrawn, a file that
// waited. Once the log is copied back nothing of it may be in the file.
func TestWhatIsDeletedIsOverwritten(t *testing.T) {
	const secret = "Nguyen Thi Bi Mat 0912345678 "
	path := filepath.Join(t.TempDir(), "hailong.db")
	e := open(t, path)
	for i, copies := range []int{1, 200, 20_000} { // beside others, on a page of its own, on many
		if err := put(t, e, fmt.Sprint("r", i), strings.Repeat(secret, copies)); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(path); err != nil || !strings.Contains(string(raw), secret) {
		t.Fatalf("the test finds nothing to be deleted: %v", err)
	}
	e = open(t, path)
	for i := range 3 {
		if err := e.Apply(t.Context(), store.Unaudited, store.Change{Op: store.Delete, Kind: store.Rounds, ID: fmt.Sprint("r", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), secret); n > 0 {
		t.Errorf("%d copies are left in the file", n)
	}
}
