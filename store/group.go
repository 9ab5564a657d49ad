package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"hailong/fault"
)

// Group lets concurrent single inserts of one kind share a commit: whatever was
// queued while the previous commit ran goes into the next one. A lone insert is
// as fast as a commit; while many come at once, commits are a few milliseconds
// apart, so that each carries more.
type Group struct {
	engine Engine
	kind   Kind
	queue  chan waiting
	done   chan struct{} // closed when the queue is drained

	closing sync.RWMutex // held for reading while something is put into the queue
	closed  bool

	commits, rows, refused atomic.Int64
}

// waiting is one row and where its outcome goes. The channel holds one outcome,
// so that nobody waits for a caller who left.
type waiting struct {
	row     Row
	outcome chan error
}

// The queue holds some seconds of a full load, so that a caller is refused
// before its patience ends. A commit carries at most maxCommit rows.
const (
	queueLength   = 4096
	maxCommit     = 1024
	commitTimeout = 20 * time.Second
)

// A commit costs nearly the same for one row as for fifty. So one of many rows is
// followed by a pause in which others come aboard: restPerRow for each of its rows,
// which alone would let 10,000 rows a second through, and maxRest at most, which
// nobody notices. A commit of fewer than crowd rows is followed by none.
const (
	crowd      = 8
	restPerRow = 100 * time.Microsecond
	maxRest    = 5 * time.Millisecond
)

// restAfter is how long to pause after a commit of so many rows.
func restAfter(rows int) time.Duration {
	if rows < crowd {
		return 0
	}
	return min(time.Duration(rows)*restPerRow, maxRest)
}

// NewGroup starts a group for one kind. It ends with Close, which the engine must
// outlive.
func NewGroup(engine Engine, kind Kind) *Group {
	g := &Group{engine: engine, kind: kind, queue: make(chan waiting, queueLength), done: make(chan struct{})}
	go g.run()
	return g
}

// Insert stores a new document and returns when it is durable. A Conflict fault
// says that the id exists; Unavailable with "store.busy", that nothing was
// queued. If ctx ends first the insert goes on and its outcome is unknown
// ("store.interrupted"); the same insert again is safe.
func (g *Group) Insert(ctx context.Context, id string, doc any) error {
	encoded, err := Change{Op: Insert, Kind: g.kind, ID: id, Doc: doc}.Encode()
	if err != nil {
		return err
	}
	w := waiting{row: Row{ID: id, Doc: encoded}, outcome: make(chan error, 1)}
	if !g.enqueue(w) {
		g.refused.Add(1)
		return fault.New(fault.Unavailable, "store.busy")
	}
	select {
	case err := <-w.outcome:
		return err
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.Unavailable, "store.interrupted")
	}
}

// enqueue reports whether there was room and the group still takes rows.
func (g *Group) enqueue(w waiting) bool {
	g.closing.RLock()
	defer g.closing.RUnlock()
	if g.closed {
		return false
	}
	select {
	case g.queue <- w:
		return true
	default:
		return false
	}
}

// run commits until the queue is closed and drained.
func (g *Group) run() {
	defer close(g.done)
	batch := make([]waiting, 0, maxCommit)
	rows := make([]Row, 0, maxCommit)
	var rested time.Time
	for first := range g.queue {
		time.Sleep(time.Until(rested))
		batch = g.collect(append(batch[:0], first))
		rows = rows[:0]
		for _, w := range batch {
			rows = append(rows, w.row)
		}
		g.commit(batch, rows)
		rested = time.Now().Add(restAfter(len(rows)))
	}
}

// collect adds what is queued already.
func (g *Group) collect(batch []waiting) []waiting {
	for len(batch) < maxCommit {
		select {
		case w, open := <-g.queue:
			if !open {
				return batch
			}
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// commit inserts the rows and tells each caller its own outcome. It has a time
// limit of its own, since it belongs to none of the callers.
func (g *Group) commit(batch []waiting, rows []Row) {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	outcomes, err := g.engine.InsertMany(ctx, g.kind, rows)
	g.commits.Add(1)
	for i, w := range batch {
		outcome := err
		if err == nil {
			outcome = outcomes[i]
		}
		if outcome == nil {
			g.rows.Add(1)
		}
		w.outcome <- outcome
	}
}

// Close refuses further inserts, waits until those queued have their outcomes,
// and returns. It may be called again.
func (g *Group) Close() {
	g.closing.Lock()
	if !g.closed {
		g.closed = true
		close(g.queue)
	}
	g.closing.Unlock()
	<-g.done
}

// GroupStats counts since the start of a group.
type GroupStats struct {
	Commits int64 // calls of InsertMany, failed ones included
	Rows    int64 // rows stored
	Refused int64 // inserts for which the queue had no room
	Queued  int   // rows waiting now
}

// Stats returns the counters, for metrics.
func (g *Group) Stats() GroupStats {
	return GroupStats{Commits: g.commits.Load(), Rows: g.rows.Load(), Refused: g.refused.Load(), Queued: len(g.queue)}
}
