// Package sqlitestore is the embedded engine: one SQLite file beside the
// program, in write-ahead mode, written by one connection and read by several.
//
// Every kind is a table keyed by the document's id, without row numbers. A
// commit returns after its data are on the disk (synchronous=FULL). Answers are
// appended first and settle in their table together; see arriving.
package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	_ "modernc.org/sqlite" // registers the driver

	"hailong/fault"
	"hailong/store"
)

// Engine is the embedded store.Engine.
type Engine struct {
	path   string
	writer *sql.DB // one connection: SQLite knows one writer at a time
	reader *sql.DB
	tables map[store.Kind]*table

	arrivals   arrivals
	statements []*sql.Stmt // all that were prepared, to be closed
}

var _ store.Engine = (*Engine)(nil)

// What marks a file as ours, and the number of its layout (tables and their
// columns): 1 had no arrivals. The shape of the documents has a number of its
// own, store.Schema.
const (
	applicationID = 0x484C4E47 // "HLNG"
	layout        = 2
)

// Open opens the file, or creates it, readable by its owner alone, in a folder
// that exists. Its faults say what is wrong with the place: "store.no_folder",
// "store.cannot_open", "store.read_only" (all Unavailable), "store.not_a_store"
// or "store.newer" (Unreadable).
func Open(ctx context.Context, path string) (*Engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", path)
	}
	if err := touch(path); err != nil {
		return nil, err
	}
	e := &Engine{path: path}
	if err := e.open(ctx); err != nil {
		return nil, errors.Join(openFault(err, path), e.Close())
	}
	return e, nil
}

// touch makes sure that the file exists and is private; SQLite gives its
// companion files the same mode.
func touch(path string) error {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); errors.Is(err, os.ErrPermission) {
		return fault.Wrap(err, fault.Unavailable, "store.read_only", "path", folder)
	} else if err != nil || !info.IsDir() {
		return fault.Wrap(err, fault.Unavailable, "store.no_folder", "path", folder)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, os.ErrPermission) {
		return fault.Wrap(err, fault.Unavailable, "store.read_only", "path", path)
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", path)
	}
	return file.Close()
}

func (e *Engine) open(ctx context.Context) (err error) {
	if e.writer, err = sql.Open("sqlite", writerDSN(e.path)); err != nil {
		return err
	}
	e.writer.SetMaxOpenConns(1)
	number, err := e.prepareFile(ctx)
	if err != nil {
		return err
	}
	if e.reader, err = sql.Open("sqlite", dsn(e.path, url.Values{"_query_only": {"true"}})); err != nil {
		return err
	}
	readers := 2 * runtime.GOMAXPROCS(0)
	e.reader.SetMaxOpenConns(readers)
	e.reader.SetMaxIdleConns(readers)
	if err := e.prepareTables(ctx); err != nil {
		return err
	}
	if number < layout {
		_, err = e.writer.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version=%d", layout))
	}
	return err
}

// writerDSN holds the settings that decide durability and speed. Whole pages are
// logged, so they are small, and a sheet fits on one many times over. The log is
// copied back every 64 MB, because some pages are written many
// times over and copied once.
func writerDSN(path string) string {
	return dsn(path, url.Values{
		"_pragma": {
			"page_size(4096)", "cache_size(-32768)", "wal_autocheckpoint(16384)", "journal_size_limit(67108864)",
			"secure_delete(true)",
		},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_txlock":       {"immediate"},
	})
}

func dsn(path string, values url.Values) string {
	values.Set("_busy_timeout", "5000")
	return (&url.URL{Scheme: "file", Path: path, RawQuery: values.Encode()}).String()
}

// prepareFile refuses a file of another program or of a newer layout, marks an
// empty one as ours, and returns the number of the layout.
func (e *Engine) prepareFile(ctx context.Context) (number int, err error) {
	var id, tables int
	row := e.writer.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`)
	if err := row.Scan(&id, &number, &tables); err != nil {
		return 0, err
	}
	switch {
	case id == 0 && tables == 0:
		_, err = e.writer.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id=%d", applicationID))
	case id != applicationID:
		err = fault.New(fault.Unreadable, "store.not_a_store", "path", e.path)
	case number > layout:
		err = fault.New(fault.Unreadable, "store.newer", "found", number, "known", layout)
	}
	return number, err
}

// Ping implements store.Engine.
func (e *Engine) Ping(ctx context.Context) error {
	var one int
	return faultOf(e.reader.QueryRowContext(ctx, "SELECT 1 FROM sqlite_schema LIMIT 1").Scan(&one))
}

// Close implements store.Engine. It settles what has gathered and copies the
// log back into the file.
func (e *Engine) Close() error {
	var errs []error
	if settler := e.arrivals.settler; settler != nil {
		settler.Stop()
		errs = append(errs, e.settleFirst(context.Background(), arriving))
	}
	for _, statement := range e.statements {
		errs = append(errs, statement.Close())
	}
	for _, db := range []*sql.DB{e.reader, e.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
