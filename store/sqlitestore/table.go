package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hailong/fault"
	"hailong/store"
)

// table holds the prepared statements of one kind.
type table struct {
	insert, put, replace, delete *sql.Stmt
	get                          *sql.Stmt
}

// prepareTables creates the tables of new kinds and prepares the statements.
func (e *Engine) prepareTables(ctx context.Context) error {
	e.tables = make(map[store.Kind]*table, len(store.Kinds))
	for _, kind := range store.Kinds {
		if _, err := e.writer.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE IF NOT EXISTS %q (
			id TEXT PRIMARY KEY, revision INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID`, kind)); err != nil {
			return err
		}
		t := &table{}
		e.tables[kind] = t
		for _, s := range []struct {
			into **sql.Stmt
			db   *sql.DB
			text string
		}{
			{&t.insert, e.writer, `INSERT INTO %q (id, revision, doc) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`},
			{&t.put, e.writer, `INSERT INTO %q (id, revision, doc) VALUES (?1, 1, ?2)
				ON CONFLICT DO UPDATE SET revision = revision + 1, doc = excluded.doc`},
			{&t.replace, e.writer, `UPDATE %q SET revision = revision + 1, doc = ?3 WHERE id = ?1 AND revision = ?2`},
			{&t.delete, e.writer, `DELETE FROM %q WHERE id = ?1 AND (?2 = 0 OR revision = ?2)`},
			{&t.get, e.reader, `SELECT revision, doc FROM %q WHERE id = ?1`},
		} {
			stmt, err := s.db.PrepareContext(ctx, fmt.Sprintf(s.text, kind))
			if err != nil {
				return err
			}
			*s.into = stmt
		}
	}
	return nil
}

// table returns the statements of a kind that is in the closed list.
func (e *Engine) table(kind store.Kind) (*table, error) {
	if t, ok := e.tables[kind]; ok {
		return t, nil
	}
	return nil, fault.New(fault.Internal, "store.unknown_kind", "kind", string(kind))
}

func (t *table) close() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{t.insert, t.put, t.replace, t.delete, t.get} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(errs...)
}
