package sqlitestore

import (
	"context"
	"database/sql"
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
		of := func(text string) string { return fmt.Sprintf(text, kind) }
		if err := e.prepare(ctx,
			statement{&t.insert, e.writer, of(`INSERT INTO %q (id, revision, doc) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`)},
			statement{&t.put, e.writer, of(`INSERT INTO %q (id, revision, doc) VALUES (?1, 1, ?2)
				ON CONFLICT DO UPDATE SET revision = revision + 1, doc = excluded.doc`)},
			statement{&t.replace, e.writer, of(`UPDATE %q SET revision = revision + 1, doc = ?3 WHERE id = ?1 AND revision = ?2`)},
			statement{&t.delete, e.writer, of(`DELETE FROM %q WHERE id = ?1 AND (?2 = 0 OR revision = ?2)`)},
			statement{&t.get, e.reader, of(`SELECT revision, doc FROM %q WHERE id = ?1`)},
		); err != nil {
			return err
		}
	}
	return e.prepareArrivals(ctx)
}

// statement is one to be prepared, on the connections that will run it.
type statement struct {
	into **sql.Stmt
	db   *sql.DB
	text string
}

func (e *Engine) prepare(ctx context.Context, statements ...statement) (err error) {
	for _, s := range statements {
		if *s.into, err = s.db.PrepareContext(ctx, s.text); err != nil {
			return err
		}
		e.statements = append(e.statements, *s.into)
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
