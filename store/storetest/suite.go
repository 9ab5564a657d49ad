// Package storetest is the contract of store.Engine as tests. Every engine runs
// the whole of it; what only one engine can show is tested beside that engine.
package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"hailong/fault"
	"hailong/store"
)

// AtomicUpdates is the rule that a server may fail which looks a document up and
// writes it in two steps.
const AtomicUpdates = "of writers at the same revision exactly one wins"

// Run runs the contract but for the rules named. open returns an empty engine,
// which Run closes.
func Run(t *testing.T, open func(t *testing.T) store.Engine, except ...string) {
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Engine)
	}{
		{"a document comes back as it was put", comesBack},
		{"a time keeps nanoseconds and offset", keepsTime},
		{"any JSON value survives", keepsAnyValue},
		{"a missing document is not found", missing},
		{"an insert refuses an id that exists", insertsOnce},
		{"a put replaces whatever is there", puts},
		{"a replace needs the revision that was read", replacesRevision},
		{"a delete needs the revision or none", deletes},
		{"an id or a document that cannot be kept is refused", refuses},
		{"an unknown kind is a fault", unknownKind},
		{"the audit record is written with the change", audits},
		{"a change that fails at once leaves nothing", failsWhole},
		{"a scan is in the order of the ids' bytes", scansInOrder},
		{"a scan keeps to prefix, after, direction and limit", scansRange},
		{"a scan of ten thousand rows streams", scansMany},
		{"a scan's body may write and may stop", scansWithWrites},
		{"a bad row fails alone", insertsMany},
		{"of rows with the same id the first wins", insertsManyTwins},
		{"of writers of the same id exactly one wins", race},
		{AtomicUpdates, raceRevision},
		{"a call whose time is over says so", interrupted},
		{"a blob comes back and is stored once", blobs},
		{"a blob that nobody names is swept", sweepsBlobs},
		{"a sweep removes what is over", sweeps},
		{"a group gives each caller its own outcome", groups},
		{"migrations run once, from any number", migrates},
		{"answers by question code become lines", migratesAnswers},
	} {
		if slices.Contains(except, c.name) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			e := open(t)
			defer func() {
				if err := e.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}()
			c.test(t, e)
		})
	}
}

// ctx returns a context that ends before the test binary gives up.
func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// note is a document of no particular meaning.
type note struct {
	Text string `json:"text"`
	N    int    `json:"n,omitempty"`
}

// must stops the test on an error that the rule at hand is not about.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantFault checks kind and code of an error.
func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.ProblemsOf(err)[0].Code != code {
		t.Errorf("got %v, want %v %s", err, kind, code)
	}
}

// put stores a note under each id.
func put(t *testing.T, e store.Engine, kind store.Kind, ids ...string) {
	t.Helper()
	rows := make([]store.Row, len(ids))
	for i, id := range ids {
		rows[i] = store.Row{ID: id, Doc: encode(t, note{Text: id})}
	}
	outcomes, err := e.InsertMany(testContext(t), kind, rows)
	must(t, err)
	for _, err := range outcomes {
		must(t, err)
	}
}

func encode(t *testing.T, v any) store.Doc {
	t.Helper()
	doc, err := store.Encode(v)
	must(t, err)
	return doc
}

// ids returns the ids of a range in the order of the scan.
func ids(t *testing.T, e store.Engine, r store.Range) []string {
	t.Helper()
	var found []string
	for row, err := range e.Scan(testContext(t), r) {
		must(t, err)
		found = append(found, row.ID)
	}
	return found
}

func wantIDs(t *testing.T, e store.Engine, r store.Range, want ...string) {
	t.Helper()
	if got := ids(t, e, r); !slices.Equal(got, want) {
		t.Errorf("Scan(%+v) = %q, want %q", r, got, want)
	}
}

// numbered makes n ids with the prefix that sort by their number.
func numbered(prefix string, n int) []string {
	made := make([]string, n)
	for i := range made {
		made[i] = fmt.Sprintf("%s%06d", prefix, i)
	}
	return made
}
