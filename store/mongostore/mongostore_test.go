package mongostore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"hailong/fault"
	"hailong/store"
	"hailong/store/storetest"
)

// open opens a new database that is dropped when the test ends. The caller
// closes the engine.
func open(t *testing.T) *Engine {
	t.Helper()
	uri := storetest.MongoURI(t)
	e, err := Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, uri) })
	return e
}

func TestContract(t *testing.T) {
	var except []string
	if storetest.OnWire() { // FerretDB 1 updates in two steps; MongoDB updates a document atomically
		except = append(except, storetest.AtomicUpdates)
	}
	storetest.Run(t, func(t *testing.T) store.Engine { return open(t) }, except...)
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.ProblemsOf(err)[0].Code != code {
		t.Errorf("got %v, want %v %s", err, kind, code)
	}
}

func edit(op store.Op, id string, revision int64) store.Change {
	return store.Change{Op: op, Kind: store.Rounds, ID: id, Revision: revision, Doc: map[string]string{"text": id}}
}

func wantRevision(t *testing.T, e *Engine, kind store.Kind, id string, want int64) {
	t.Helper()
	if row, err := e.Get(t.Context(), kind, id); err != nil || row.Revision != want {
		t.Errorf("%s at revision %d, %v, want %d", id, row.Revision, err, want)
	}
}

func TestAChangeThatFailsMidwayShowsAsAttempted(t *testing.T) {
	e := open(t)
	defer e.Close()
	if err := e.Apply(t.Context(), store.Unaudited, edit(store.Insert, "taken", 0)); err != nil {
		t.Fatal(err)
	}
	audit := store.Audit{ID: "a1", Doc: map[string]string{"what": "draw"}}
	err := e.Apply(t.Context(), audit, edit(store.Insert, "row", 0), edit(store.Insert, "taken", 0), edit(store.Insert, "head", 0))
	wantFault(t, err, fault.Conflict, "store.exists")
	wantRevision(t, e, store.Audits, "a1", store.Intended)
	wantRevision(t, e, store.Rounds, "row", 1)
	_, err = e.Get(t.Context(), store.Rounds, "head")
	wantFault(t, err, fault.NotFound, "store.not_found")
}

func TestADocumentCarriesTheAuditRecordThatChangedIt(t *testing.T) {
	e := open(t)
	defer e.Close()
	for i, c := range []store.Change{edit(store.Insert, "r1", 0), edit(store.Put, "r1", 0), edit(store.Replace, "r1", 2)} {
		audit := store.Audit{ID: fmt.Sprintf("a%d", i), Doc: struct{}{}}
		if err := e.Apply(t.Context(), audit, c); err != nil {
			t.Fatal(err)
		}
		var found struct {
			Audit string `bson:"audit"`
		}
		if err := e.kinds[store.Rounds].FindOne(t.Context(), byID("r1")).Decode(&found); err != nil || found.Audit != audit.ID {
			t.Errorf("change %d: the document carries %q, %v, want %q", i, found.Audit, err, audit.ID)
		}
	}
}

func TestPutsOfManyGoTogether(t *testing.T) {
	e := open(t)
	defer e.Close()
	var changes []store.Change
	for i := range putLimit + 10 {
		changes = append(changes, edit(store.Put, fmt.Sprintf("r%04d", i), 0))
	}
	for range 2 {
		if err := e.Apply(t.Context(), store.Unaudited, changes...); err != nil {
			t.Fatal(err)
		}
	}
	wantRevision(t, e, store.Rounds, fmt.Sprintf("r%04d", putLimit+9), 2)
	if n, err := e.Count(t.Context(), store.Rounds, ""); n != putLimit+10 || err != nil {
		t.Errorf("Count = %d, %v, want %d", n, err, putLimit+10)
	}
}

// The message of a duplicate key names the id, and ids of responses may not reach
// a log.
func TestAConflictDoesNotNameTheID(t *testing.T) {
	e := open(t)
	defer e.Close()
	doc, err := store.Encode(struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	secret := "r1/u1/5ec4e7"
	for range 2 {
		outcomes, err := e.InsertMany(t.Context(), store.Responses, []store.Row{{ID: secret, Doc: doc}})
		if err := errors.Join(append(outcomes, err)...); err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error names the id: %v", err)
		}
	}
	err = e.Apply(t.Context(), store.Unaudited, store.Change{Op: store.Insert, Kind: store.Responses, ID: secret, Doc: doc})
	wantFault(t, err, fault.Conflict, "store.exists")
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error names the id: %v", err)
	}
}

func TestADocumentOfAnotherHandIsDamaged(t *testing.T) {
	e := open(t)
	defer e.Close()
	for _, doc := range []bson.D{
		{{Key: "_id", Value: "no revision"}, {Key: "doc", Value: bson.D{}}},
		{{Key: "_id", Value: "no document"}, {Key: "revision", Value: 1}},
		{{Key: "_id", Value: "a date"}, {Key: "revision", Value: 1}, {Key: "doc", Value: bson.D{{Key: "at", Value: time.Now()}}}},
	} {
		if _, err := e.kinds[store.Rounds].InsertOne(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
		_, err := e.Get(t.Context(), store.Rounds, doc[0].Value.(string))
		wantFault(t, err, fault.Internal, "store.damaged")
	}
}

func TestTheDatabaseIsNamedByTheAddress(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb://localhost":                                    "hailong",
		"mongodb://localhost:27017/":                             "hailong",
		"mongodb://a:1,b:2/quangninh?replicaSet=rs0":             "quangninh",
		"mongodb://user:p%2Fss@a,b/?authSource=admin":            "hailong",
		"mongodb+srv://user:secret@cluster.example/tinh?x=a/b/c": "tinh",
	} {
		if got := databaseOf(uri); got != want {
			t.Errorf("databaseOf(%s) = %q, want %q", uri, got, want)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		rule, uri string
		kind      fault.Kind
		code      string
	}{
		{"no address", "localhost:27017", fault.Invalid, "store.bad_uri"},
		{"an option that is none", "mongodb://user:secret@localhost/?w=-1", fault.Invalid, "store.bad_uri"},
		{"a name that nobody knows", "mongodb+srv://user:secret@cluster.invalid/", fault.Unavailable, "store.unreachable"},
		{"nobody listens", "mongodb://user:secret@127.0.0.1:1/", fault.Unavailable, "store.unreachable"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			e, err := Open(ctx, c.uri)
			wantFault(t, err, c.kind, c.code)
			if e != nil {
				t.Error("an engine beside the error")
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error names the password: %v", err)
			}
		})
	}
}

func TestAServerThatGoesAwayIsUnavailableUntilItReturns(t *testing.T) {
	data := t.TempDir()
	wire := storetest.StartWire(t, data, "")
	e, err := Open(t.Context(), wire.URI+"away")
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	group := store.NewGroup(e, store.Responses)
	defer group.Close()
	insert := func(id string) error { return group.Insert(t.Context(), id, struct{}{}) }
	if err := insert("r1/before"); err != nil {
		t.Fatal(err)
	}
	if err := wire.Stop(); err != nil {
		t.Fatal(err)
	}

	soon := func() context.Context { // a call that took longer would be interrupted, not away
		ctx, cancel := context.WithTimeout(t.Context(), 4*selectionTimeout)
		t.Cleanup(cancel)
		return ctx
	}
	wantFault(t, group.Insert(soon(), "r1/during", struct{}{}), fault.Unavailable, "store.away")
	_, err = e.Get(soon(), store.Responses, "r1/before")
	wantFault(t, err, fault.Unavailable, "store.away")
	wantFault(t, e.Apply(soon(), store.Unaudited, edit(store.Put, "r1", 0)), fault.Unavailable, "store.away")
	for _, err := range e.Scan(soon(), store.Range{Kind: store.Responses}) {
		wantFault(t, err, fault.Unavailable, "store.away")
	}
	wantFault(t, e.Ping(soon()), fault.Unavailable, "store.away")

	wire = storetest.StartWire(t, data, wire.Address())
	for end := time.Now().Add(30 * time.Second); e.Ping(t.Context()) != nil; {
		if time.Now().After(end) {
			t.Fatal("the server is back and the engine does not notice")
		}
	}
	if err := insert("r1/after"); err != nil {
		t.Error(err)
	}
	if n, err := e.Count(t.Context(), store.Responses, "r1/"); n != 2 || err != nil {
		t.Errorf("Count = %d, %v, want what was acknowledged before and after", n, err)
	}
	if err := wire.Stop(); err != nil {
		t.Error(err)
	}
}
