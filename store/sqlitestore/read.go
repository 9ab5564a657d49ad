package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"hailong/store"
)

// Get implements store.Engine.
func (e *Engine) Get(ctx context.Context, kind store.Kind, id string) (store.Row, error) {
	t, err := e.table(kind)
	if err != nil {
		return store.Row{}, err
	}
	if err := e.settleFirst(ctx, kind); err != nil {
		return store.Row{}, err
	}
	row := store.Row{ID: id}
	err = t.get.QueryRowContext(ctx, id).Scan(&row.Revision, (*[]byte)(&row.Doc))
	if errors.Is(err, sql.ErrNoRows) {
		return store.Row{}, store.NotFound(kind)
	}
	return row, faultOf(err)
}

// A page of a scan ends at whichever comes first.
const (
	pageRows  = 512
	pageBytes = 1 << 20
)

// Scan implements store.Engine. It reads page by page, so that the log can be
// copied back while a reader is slow.
func (e *Engine) Scan(ctx context.Context, r store.Range) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		if err := e.settleFirst(ctx, r.Kind); err != nil {
			yield(store.Row{}, err)
			return
		}
		for {
			rows, more, err := e.page(ctx, r)
			if err != nil {
				yield(store.Row{}, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if !more {
				return
			}
			r.After = rows[len(rows)-1].ID
			if r.Limit > 0 {
				r.Limit -= len(rows)
			}
		}
	}
}

// page reads the first rows of the range and reports whether there may be more.
func (e *Engine) page(ctx context.Context, r store.Range) ([]store.Row, bool, error) {
	limit := pageRows
	if r.Limit > 0 {
		limit = min(limit, r.Limit)
	}
	query, args, err := e.selection(r)
	if err != nil {
		return nil, false, err
	}
	found, err := e.reader.QueryContext(ctx, query, append(args, limit)...)
	if err != nil {
		return nil, false, faultOf(err)
	}
	defer found.Close()
	var rows []store.Row
	for size := 0; found.Next(); {
		var row store.Row
		if err := found.Scan(&row.ID, &row.Revision, (*[]byte)(&row.Doc)); err != nil {
			return nil, false, faultOf(err)
		}
		rows = append(rows, row)
		if size += len(row.Doc); size >= pageBytes {
			return rows, len(rows) != r.Limit, nil
		}
	}
	return rows, len(rows) == limit && limit != r.Limit, faultOf(found.Err())
}

func (e *Engine) selection(r store.Range) (string, []any, error) {
	if _, err := e.table(r.Kind); err != nil {
		return "", nil, err
	}
	bounds, err := r.Bounds()
	if err != nil {
		return "", nil, err
	}
	above, order := ">", "ASC"
	if bounds.Inclusive {
		above = ">="
	}
	if r.Reverse {
		order = "DESC"
	}
	query := fmt.Sprintf(`SELECT id, revision, doc FROM %q WHERE id %s ? AND id < ? ORDER BY id %s LIMIT ?`, r.Kind, above, order)
	return query, []any{bounds.Low, bounds.High}, nil
}

// Count implements store.Engine. It walks the pages of the range, since the
// documents lie beside their ids.
func (e *Engine) Count(ctx context.Context, kind store.Kind, prefix string) (int64, error) {
	if _, err := e.table(kind); err != nil {
		return 0, err
	}
	bounds, err := store.Range{Prefix: prefix}.Bounds()
	if err != nil {
		return 0, err
	}
	if err := e.settleFirst(ctx, kind); err != nil {
		return 0, err
	}
	var n int64
	query := fmt.Sprintf(`SELECT count(*) FROM %q WHERE id >= ? AND id < ?`, kind)
	err = e.reader.QueryRowContext(ctx, query, bounds.Low, bounds.High).Scan(&n)
	return n, faultOf(err)
}
