// Package store keeps what must outlive the process.
//
// An [Engine] is the little that a database has to do for us: keep documents by
// kind and id, insert many at once, change a few together with the audit record
// that says why. There are two engines, store/sqlitestore and store/mongostore,
// and both pass the contract suite of store/storetest. Everything else, from
// files ([PutBlob]) to group commit ([Group]) and the typed access to rounds and
// responses, is written once on top of that interface.
//
// Whatever must be unique is the id of a document, and ids sort by their bytes.
// The first characters of an id are its scope (round, then unit), so that a
// scope is one range. No engine keeps anything that tells the order in which
// documents came: no row numbers, no insertion times.
//
// Errors carry a kind of package fault and a code that starts with "store.".
// They name the kind of document but never its id, because the ids of responses
// may not reach a log.
package store

import (
	"context"
	"iter"
)

// Engine is what a database does for this program. All methods are safe for
// concurrent use. A write that returned nil survives a crash of the process and
// of the machine.
//
// Faults common to all methods: Unavailable when the database is away, full or
// locked ("store.away", "store.full", "store.locked"); Invalid when an id or a
// document cannot be kept ("store.bad_id", "store.bad_document"); TooLarge for a
// document beyond [MaxDoc].
type Engine interface {
	// Get returns one document, or a NotFound fault.
	Get(ctx context.Context, kind Kind, id string) (Row, error)

	// Scan yields the documents of a range in the order of their ids. It holds no
	// lock while the loop's body runs, so the body may use the engine, and it is
	// not a snapshot: a document written meanwhile may or may not be seen. After
	// an error it ends.
	Scan(ctx context.Context, r Range) iter.Seq2[Row, error]

	// Count returns how many ids of the kind start with the prefix. It walks
	// them all, so its time grows with their number.
	Count(ctx context.Context, kind Kind, prefix string) (int64, error)

	// Apply makes the changes in their order and writes the audit record that
	// explains them. The embedded engine does all of it in one transaction.
	// MongoDB writes the record as [Intended], then each change carrying the
	// record's id, then marks the record [Done]; a change that fails midway
	// leaves the record intended and the earlier changes in place. Whoever
	// writes several documents therefore puts last the one that makes the others
	// visible. Whether the last change can succeed is looked at first, so that a
	// writer who is merely late leaves nothing on either engine.
	//
	// A Conflict fault says that an inserted id exists ("store.exists") or that
	// a document is not at the expected revision ("store.changed").
	Apply(ctx context.Context, audit Audit, changes ...Change) error

	// InsertMany inserts new documents of one kind, all durable when it returns.
	// The first result has one entry a row: nil, or what kept that row alone from
	// being stored, above all a Conflict fault "store.exists"; such a row never
	// fails its neighbours. The second is the failure of the whole call, after
	// which the outcome of every row is unknown; inserting them again is safe.
	InsertMany(ctx context.Context, kind Kind, rows []Row) ([]error, error)

	// Ping reports whether the database answers.
	Ping(ctx context.Context) error

	// Close waits for what is under way and releases the database.
	Close() error
}

// Row is one stored document. Revision is 1 when it was inserted and grows by
// one with every change. On insertion Revision 0 means 1; any other value is
// kept, for copying from one engine to another.
type Row struct {
	ID       string
	Revision int64
	Doc      Doc
}

// Range selects the documents of one kind whose ids start with Prefix and come
// after the id After, in the order of ids or, if Reverse, against it: then
// "after" means smaller. The zero After and Limit select without bound.
type Range struct {
	Kind    Kind
	Prefix  string
	After   string
	Reverse bool
	Limit   int
}

// Op is what a change does to its document.
type Op uint8

// The operations.
const (
	Insert  Op = iota + 1 // a new id; Conflict if it exists
	Put                   // insert, or replace whatever is there
	Replace               // replace the document at exactly Change.Revision
	Delete                // remove the document at Change.Revision, or at any if that is 0
)

// Change is one step of Engine.Apply. Doc is anything that Encode takes; Delete
// needs none.
type Change struct {
	Op       Op
	Kind     Kind
	ID       string
	Revision int64
	Doc      any
}

// Audit is the record that goes with changes, stored as a document of the kind
// Audits under its ID, which must be new. Engines know no more about it.
type Audit struct {
	ID  string
	Doc any
}

// Unaudited goes with changes that are nobody's decision, such as the renewal or
// the expiry of a session.
var Unaudited = Audit{}

// The revisions of an audit record say how far its changes came.
const (
	Intended int64 = 1 // attempted; some of the changes may be missing
	Done     int64 = 2 // all changes are in effect
)
