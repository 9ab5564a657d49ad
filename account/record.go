package account

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"

	"hailong/territory"
)

// RecordID identifies an audit record. It sorts by time: 48 bits of
// milliseconds, then 72 random bits, in 24 lower-case characters whose
// alphabet is in ASCII order.
type RecordID string

// recordEncoding is base 32 with extended hex letters, which sorts as the bytes do.
var recordEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// NewRecordID makes an identifier for the time given.
func NewRecordID(at time.Time) RecordID {
	return RecordID(timePrefix(at, func(tail []byte) { rand.Read(tail) })) // crypto/rand never fails
}

// RecordIDFrom is the lowest identifier of the time given: the bound of a
// query by time.
func RecordIDFrom(at time.Time) RecordID {
	return RecordID(timePrefix(at, func([]byte) {}))
}

func timePrefix(at time.Time, fill func(tail []byte)) string {
	var raw [15]byte
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(max(at.UnixMilli(), 0)))
	copy(raw[:6], ms[2:])
	fill(raw[6:])
	return recordEncoding.EncodeToString(raw[:])
}

// State says how far a recorded change came.
type State string

// The states. A store without transactions writes the record as intended, then
// the change with the record's ID, then marks the record done; an intended
// record without effect is shown as attempted.
const (
	Intended State = "intended"
	Done     State = "done"
)

// Detail is one named fact of a record, for instance {"role", "officer"}. It
// never holds a secret, a token, or what ties a person to an answer.
type Detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Record is the audit record of one change: who did what to which thing. The
// store method that makes the change takes the record and writes both.
type Record struct {
	ID      RecordID  `json:"id"`
	At      time.Time `json:"at"`
	Actor   Name      `json:"actor"` // "" for the command line
	Role    Role      `json:"role"`  // of the actor at that time
	Action  Action    `json:"action"`
	Path    Path      `json:"path,omitempty"`    // the unit and its ancestors, so that a subtree finds its records
	Subject string    `json:"subject,omitempty"` // what was changed: a user's name, a round's ID
	Details []Detail  `json:"details,omitempty"`
	State   State     `json:"state"`
}

// NewRecord makes the record of a user's intended change. Pairs are detail
// names and values in turn; a name without a value is left out.
func NewRecord(at time.Time, by User, action Action, subject string, pairs ...string) Record {
	r := Record{
		ID: NewRecordID(at), At: at.UTC().Truncate(time.Millisecond),
		Actor: by.Name, Role: by.Role, Action: action, Subject: subject, State: Intended,
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Details = append(r.Details, Detail{pairs[i], pairs[i+1]})
	}
	return r
}

// On returns the record placed at a unit.
func (r Record) On(path Path) Record {
	r.Path = path
	return r
}

// RecordQuery asks for a page of records, the newest first. Empty fields other
// than Scope do not narrow it.
type RecordQuery struct {
	Scope  territory.Code // records whose path lies in this subtree; Everywhere for all
	Actor  Name
	Action Action
	Since  time.Time // at or after
	Until  time.Time // before
	Before RecordID  // older than this record: where the next page begins
	Limit  int       // at most so many
}

// Matches reports whether the query, its limit aside, asks for the record.
func (q RecordQuery) Matches(r Record) bool {
	return (q.Scope == Everywhere || r.Path.In(q.Scope)) &&
		(q.Actor == "" || q.Actor == r.Actor) &&
		(q.Action == "" || q.Action == r.Action) &&
		(q.Since.IsZero() || !r.At.Before(q.Since)) &&
		(q.Until.IsZero() || r.At.Before(q.Until)) &&
		(q.Before == "" || r.ID < q.Before)
}
