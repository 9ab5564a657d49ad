package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"hailong/fault"
)

// Backup writes a consistent copy of the store as of now to a new file, readable
// by its owner alone, which Open opens. Others read and write meanwhile. The
// copy is whole or absent: it gets its name when it is on the disk.
func (e *Engine) Backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fault.Wrap(err, fault.Conflict, "store.backup_exists", "path", path)
	}
	if err := e.settleFirst(ctx, arriving); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.partial")
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", path)
	}
	defer file.Close()
	if err := e.copyTo(ctx, file); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", path)
	}
	return syncFolder(filepath.Dir(path))
}

// copyTo fills the empty file. SQLite rebuilds every table in the order of its
// ids, so that the copy holds no trace of the order in which rows came.
func (e *Engine) copyTo(ctx context.Context, file *os.File) error {
	db, err := sql.Open("sqlite", dsn(e.path, url.Values{})) // the readers may not write any file
	if err != nil {
		return faultOf(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", file.Name()); err != nil {
		return faultOf(err)
	}
	if err := file.Sync(); err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.away")
	}
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", path)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.away")
	}
	return nil
}

// Check reads the whole file and reports damage ("store.damaged"); run it on a
// copy before trusting it as a backup.
func (e *Engine) Check(ctx context.Context) error {
	var verdict string
	if err := e.reader.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return faultOf(err)
	}
	if verdict != "ok" {
		return fault.Wrap(errors.New(verdict), fault.Internal, "store.damaged")
	}
	return nil
}
