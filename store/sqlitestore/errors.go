package sqlitestore

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"hailong/fault"
)

// faultOf classifies an error of SQLite by its primary result code. An error
// that is a fault already is returned as it is.
func faultOf(err error) error {
	var classified *fault.Error
	if err == nil || errors.As(err, &classified) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sql.ErrTxDone) {
		return fault.Wrap(err, fault.Unavailable, "store.interrupted")
	}
	switch primaryCode(err) {
	case codes.SQLITE_FULL:
		return fault.Wrap(err, fault.Unavailable, "store.full")
	case codes.SQLITE_IOERR, codes.SQLITE_CANTOPEN, codes.SQLITE_NOMEM:
		return fault.Wrap(err, fault.Unavailable, "store.away")
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fault.Wrap(err, fault.Unavailable, "store.locked")
	case codes.SQLITE_INTERRUPT:
		return fault.Wrap(err, fault.Unavailable, "store.interrupted")
	case codes.SQLITE_READONLY:
		return fault.Wrap(err, fault.Unavailable, "store.not_writable")
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		return fault.Wrap(err, fault.Internal, "store.damaged")
	}
	return fault.Wrap(err, fault.Internal, "store.failed")
}

// openFault is faultOf for what can be wrong when the file is opened.
func openFault(err error, path string) error {
	switch primaryCode(err) {
	case codes.SQLITE_NOTADB:
		return fault.Wrap(err, fault.Unreadable, "store.not_a_store", "path", path)
	case codes.SQLITE_READONLY:
		return fault.Wrap(err, fault.Unavailable, "store.read_only", "path", path)
	case codes.SQLITE_CANTOPEN:
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", path)
	}
	return faultOf(err)
}

// primaryCode returns SQLite's result code without its details, or 0.
func primaryCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return codes.SQLITE_OK
}

// ofThisRow reports whether an insert succeeded or failed for reasons of its own
// row, so that the transaction can go on.
func ofThisRow(err error) bool { return err == nil || fault.Is(err, fault.Conflict) }
