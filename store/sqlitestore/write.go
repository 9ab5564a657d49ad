package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"hailong/store"
)

// Apply implements store.Engine: one transaction with the audit record.
func (e *Engine) Apply(ctx context.Context, audit store.Audit, changes ...store.Change) error {
	docs := make([]store.Doc, len(changes))
	for i, change := range changes {
		var err error
		if docs[i], err = change.Encode(); err != nil {
			return err
		}
	}
	record, err := audit.Encode()
	if err != nil {
		return err
	}
	return e.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if slices.ContainsFunc(changes, func(c store.Change) bool { return c.Kind == arriving }) {
			if err := e.settle(ctx, tx); err != nil {
				return err
			}
		}
		for i, change := range changes {
			if err := e.change(ctx, tx, change, docs[i]); err != nil {
				return err
			}
		}
		if record == nil {
			return nil
		}
		row := store.Row{ID: audit.ID, Revision: store.Done, Doc: record}
		return insert(ctx, tx.StmtContext(ctx, e.tables[store.Audits].insert), store.Audits, row)
	})
}

// transact runs do in a transaction that is on the disk when it returns nil. The
// end of ctx rolls it back between statements; the statements themselves get a
// context without end, because the driver starts a goroutine to watch each
// statement that can be interrupted.
func (e *Engine) transact(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	conn, err := e.writer.Conn(ctx) // there is one: whoever has it is the writer
	if err != nil {
		return faultOf(err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return faultOf(err)
	}
	if err := do(context.WithoutCancel(ctx), tx); err != nil {
		e.arrivals.ids = nil
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			err = errors.Join(err, undo)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		e.arrivals.ids = nil
		return faultOf(err)
	}
	return nil
}

func (e *Engine) change(ctx context.Context, tx *sql.Tx, c store.Change, doc store.Doc) error {
	t, err := e.table(c.Kind)
	if err != nil {
		return err
	}
	switch c.Op {
	case store.Put:
		_, err := tx.StmtContext(ctx, t.put).ExecContext(ctx, c.ID, string(doc))
		return faultOf(err)
	case store.Replace:
		result, err := tx.StmtContext(ctx, t.replace).ExecContext(ctx, c.ID, c.Revision, string(doc))
		return affected(result, err, c.Kind, store.Changed)
	case store.Delete:
		result, err := tx.StmtContext(ctx, t.delete).ExecContext(ctx, c.ID, c.Revision)
		if c.Revision == 0 {
			return faultOf(err)
		}
		return affected(result, err, c.Kind, store.Changed)
	default:
		return insert(ctx, tx.StmtContext(ctx, t.insert), c.Kind, store.Row{ID: c.ID, Doc: doc})
	}
}

// insert adds a row with the insert statement of its kind.
func insert(ctx context.Context, stmt *sql.Stmt, kind store.Kind, row store.Row) error {
	result, err := stmt.ExecContext(ctx, row.ID, max(row.Revision, 1), string(row.Doc))
	return affected(result, err, kind, store.Exists)
}

// affected returns the fault otherwise if the statement touched no row.
func affected(result sql.Result, err error, kind store.Kind, otherwise func(store.Kind) error) error {
	if err != nil {
		return faultOf(err)
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return faultOf(err)
	}
	return otherwise(kind)
}

// InsertMany implements store.Engine. Rows are written in the order of their
// ids: neighbours share pages, and the file does not tell who came first.
func (e *Engine) InsertMany(ctx context.Context, kind store.Kind, rows []store.Row) ([]error, error) {
	t, err := e.table(kind)
	if err != nil {
		return nil, err
	}
	outcomes := make([]error, len(rows))
	order := make([]int, 0, len(rows))
	for i, row := range rows {
		if outcomes[i] = row.Check(); outcomes[i] == nil {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(rows[a].ID, rows[b].ID) })
	err = e.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if kind == arriving {
			return e.arrive(ctx, tx, rows, order, outcomes)
		}
		stmt := tx.StmtContext(ctx, t.insert)
		for _, i := range order {
			outcomes[i] = insert(ctx, stmt, kind, rows[i])
			if !ofThisRow(outcomes[i]) {
				return outcomes[i]
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}
