package sqlitestore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"hailong/fault"
	"hailong/store"
)

// arriving is the kind whose rows come one by one and by the thousand. Their ids
// are hashes, so in a table that is kept in the order of ids each row changes a
// page of its own, and every second one splits it. So they are kept in two steps:
// a commit appends its rows as one row of the table arrivals, and what has
// gathered there is settled at once, in the order of ids, where neighbours share
// pages.
//
// Only writers know of this: whoever reads or changes the kind settles first. A
// row of arrivals has a random number and holds its rows in the order of their
// ids; settling overwrites it.
const arriving = store.Responses

// What has gathered is settled after a moment, or when it is this many rows: the
// more there are, the more share a page, and the longer the next commit waits.
const (
	settleAfter = 2 * time.Second
	settleRows  = 8 << 10
)

// keptBatch is how much room is kept for the next commit.
const keptBatch = 1 << 20

// arrivals is what the writer knows of the table. It belongs to whoever holds
// the writer's one connection.
type arrivals struct {
	ids     map[string]struct{} // all that have not settled; nil if that is not known
	version int64               // the connection's data_version when ids was read
	batch   []byte              // room for the rows of a commit, used again
	settler *time.Timer

	seen, look, list, check, add, clear *sql.Stmt
}

func (e *Engine) prepareArrivals(ctx context.Context) error {
	if _, err := e.writer.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS arrivals (number INTEGER PRIMARY KEY, rows BLOB NOT NULL)`); err != nil {
		return err
	}
	a := &e.arrivals
	err := e.prepare(ctx,
		statement{&a.seen, e.writer, `PRAGMA data_version`},
		statement{&a.look, e.reader, `SELECT EXISTS (SELECT 1 FROM arrivals)`},
		statement{&a.list, e.writer, `SELECT rows FROM arrivals`},
		statement{&a.check, e.writer, `SELECT settled.id FROM json_each(?1) AS new CROSS JOIN ` + string(arriving) + ` AS settled ON settled.id = new.value`},
		statement{&a.add, e.writer, `INSERT INTO arrivals (number, rows) VALUES (?1, ?2)`},
		statement{&a.clear, e.writer, `DELETE FROM arrivals`},
	)
	a.settler = time.AfterFunc(settleAfter, e.settleBehind) // a crash leaves what had gathered
	return err
}

// arrive appends the rows that are new, in the given order, and notes the
// outcome of the others.
func (e *Engine) arrive(ctx context.Context, tx *sql.Tx, rows []store.Row, order []int, outcomes []error) error {
	a := &e.arrivals
	if err := a.learn(ctx, tx); err != nil {
		return err
	}
	settled, err := a.settled(ctx, tx, rows, order)
	if err != nil {
		return err
	}
	before := len(a.ids)
	batch := a.batch[:0]
	for _, i := range order {
		if _, waits := a.ids[rows[i].ID]; waits || settled[rows[i].ID] {
			outcomes[i] = store.Exists(arriving)
			continue
		}
		a.ids[rows[i].ID] = struct{}{}
		batch = appendRow(batch, rows[i])
	}
	if cap(batch) <= keptBatch {
		a.batch = batch
	}
	if len(batch) == 0 {
		return nil
	}
	if before == 0 {
		a.settler.Reset(settleAfter)
	}
	if before/settleRows < len(a.ids)/settleRows { // each time: the time before may have failed
		a.settler.Reset(0)
	}
	_, err = tx.StmtContext(ctx, a.add).ExecContext(ctx, rand.Int64(), batch)
	return faultOf(err)
}

// learn reads which ids wait, unless it is known and no other connection wrote
// since.
func (a *arrivals) learn(ctx context.Context, tx *sql.Tx) error {
	var version int64
	if err := tx.StmtContext(ctx, a.seen).QueryRowContext(ctx).Scan(&version); err != nil {
		return faultOf(err)
	}
	if a.ids != nil && a.version == version {
		return nil
	}
	waiting, err := a.waiting(ctx, tx)
	if err != nil {
		return err
	}
	a.ids, a.version = make(map[string]struct{}, len(waiting)), version
	for _, row := range waiting {
		a.ids[row.ID] = struct{}{}
	}
	return nil
}

// waiting reads all rows that have not settled.
func (a *arrivals) waiting(ctx context.Context, tx *sql.Tx) ([]store.Row, error) {
	found, err := tx.StmtContext(ctx, a.list).QueryContext(ctx)
	if err != nil {
		return nil, faultOf(err)
	}
	defer found.Close()
	var rows []store.Row
	for found.Next() {
		var batch []byte
		if err := found.Scan(&batch); err != nil {
			return nil, faultOf(err)
		}
		if rows, err = splitRows(rows, batch); err != nil {
			return nil, err
		}
	}
	return rows, faultOf(found.Err())
}

// settled returns which of the rows are in their table.
func (a *arrivals) settled(ctx context.Context, tx *sql.Tx, rows []store.Row, order []int) (map[string]bool, error) {
	ids := make([]string, len(order))
	for i, n := range order {
		ids[i] = rows[n].ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	found, err := tx.StmtContext(ctx, a.check).QueryContext(ctx, string(list))
	if err != nil {
		return nil, faultOf(err)
	}
	defer found.Close()
	settled := make(map[string]bool)
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return nil, faultOf(err)
		}
		settled[id] = true
	}
	return settled, faultOf(found.Err())
}

// settle moves what has gathered into its table, within a transaction. The pages
// that it leaves are taken by those it fills.
func (e *Engine) settle(ctx context.Context, tx *sql.Tx) error {
	a := &e.arrivals
	rows, err := a.waiting(ctx, tx)
	if err != nil || len(rows) == 0 {
		return err
	}
	a.ids = nil
	if _, err := tx.StmtContext(ctx, a.clear).ExecContext(ctx); err != nil {
		return faultOf(err)
	}
	slices.SortFunc(rows, func(x, y store.Row) int { return strings.Compare(x.ID, y.ID) })
	stmt := tx.StmtContext(ctx, e.tables[arriving].insert)
	for _, row := range rows {
		err := insert(ctx, stmt, arriving, row)
		if fault.Is(err, fault.Conflict) {
			err = e.doubled(ctx, tx, row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// doubled passes over a row that is in its table already, to the letter; another of the
// same id is damage.
func (e *Engine) doubled(ctx context.Context, tx *sql.Tx, row store.Row) error {
	var known []byte
	if err := tx.QueryRowContext(ctx, fmt.Sprintf("SELECT doc FROM %q WHERE id = ?", arriving), row.ID).Scan(&known); err != nil {
		return faultOf(err)
	}
	if !bytes.Equal(known, row.Doc) {
		return fault.New(fault.Internal, "store.damaged")
	}
	return nil
}

// settleFirst is called by whoever reads a kind.
func (e *Engine) settleFirst(ctx context.Context, kind store.Kind) error {
	if kind != arriving {
		return nil
	}
	var some bool
	if err := e.arrivals.look.QueryRowContext(ctx).Scan(&some); err != nil || !some {
		return faultOf(err)
	}
	return e.transact(ctx, e.settle)
}

// settleBehind settles when nobody asks for it. A failure loses nothing: the
// next reader tries again, and is told.
func (e *Engine) settleBehind() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = e.settleFirst(ctx, arriving)
}

// appendRow writes a row: the length of its id, the id, the revision, the length
// of its document, the document.
func appendRow(out []byte, row store.Row) []byte {
	out = append(binary.AppendUvarint(out, uint64(len(row.ID))), row.ID...)
	out = binary.AppendUvarint(out, uint64(max(row.Revision, 1)))
	return append(binary.AppendUvarint(out, uint64(len(row.Doc))), row.Doc...)
}

// splitRows appends the rows of a batch.
func splitRows(rows []store.Row, batch []byte) ([]store.Row, error) {
	damaged := false
	number := func() uint64 {
		n, size := binary.Uvarint(batch)
		damaged = damaged || size <= 0
		batch = batch[max(size, 0):]
		return n
	}
	bytes := func() []byte {
		n := number()
		if damaged = damaged || n > uint64(len(batch)); damaged {
			return nil
		}
		b := batch[:n]
		batch = batch[n:]
		return b
	}
	for len(batch) > 0 && !damaged {
		id := string(bytes())
		revision := int64(number())
		rows = append(rows, store.Row{ID: id, Revision: revision, Doc: bytes()})
	}
	if damaged {
		return nil, fault.Wrap(errors.New("a batch of arrivals"), fault.Internal, "store.damaged")
	}
	return rows, nil
}
