package sqlitestore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/store"
)

// arriveAll stores rows as a group commit does and returns their outcomes.
func arriveAll(t *testing.T, e *Engine, doc string, ids ...string) []error {
	t.Helper()
	rows := make([]store.Row, len(ids))
	for i, id := range ids {
		rows[i] = store.Row{ID: id, Doc: store.Doc(doc)}
	}
	outcomes, err := e.InsertMany(t.Context(), store.Responses, rows)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func gathered(t *testing.T, e *Engine) (n int) {
	t.Helper()
	if err := e.writer.QueryRow("SELECT count(*) FROM arrivals").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAReaderFindsWhatHasJustArrived(t *testing.T) {
	for rule, read := range map[string]func(e *Engine) error{
		"one": func(e *Engine) error { _, err := e.Get(t.Context(), store.Responses, "r/2"); return err },
		"their number": func(e *Engine) error {
			n, err := e.Count(t.Context(), store.Responses, "r/")
			if err == nil && n != 3 {
				err = fmt.Errorf("counted %d", n)
			}
			return err
		},
		"all": func(e *Engine) error {
			n := 0
			for _, err := range e.Scan(t.Context(), store.Range{Kind: store.Responses}) {
				if err != nil {
					return err
				}
				n++
			}
			if n != 3 {
				return fmt.Errorf("scanned %d", n)
			}
			return nil
		},
		"to remove one": func(e *Engine) error {
			return e.Apply(t.Context(), store.Unaudited, store.Change{Op: store.Delete, Kind: store.Responses, ID: "r/2", Revision: 1})
		},
	} {
		e := open(t, filepath.Join(t.TempDir(), "hailong.db"))
		arriveAll(t, e, "{}", "r/2", "r/1")
		arriveAll(t, e, "{}", "r/3")
		if err := read(e); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
		if n := gathered(t, e); n != 0 {
			t.Errorf("%s: %d batches have not settled", rule, n)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// An id is unique wherever the first of it is: in the same call, among what has
// gathered, or settled.
func TestAnIDArrivesOnce(t *testing.T) {
	e := open(t, filepath.Join(t.TempDir(), "hailong.db"))
	defer e.Close()
	for i, step := range []struct {
		ids   []string
		taken []bool
	}{
		{[]string{"r/a", "r/b", "r/a"}, []bool{false, false, true}},
		{[]string{"r/c", "r/b"}, []bool{false, true}},
	} {
		for j, err := range arriveAll(t, e, "{}", step.ids...) {
			if taken := fault.Is(err, fault.Conflict); taken != step.taken[j] || !taken && err != nil {
				t.Errorf("step %d, %s: %v", i, step.ids[j], err)
			}
		}
	}
	if n, err := e.Count(t.Context(), store.Responses, ""); n != 3 || err != nil {
		t.Errorf("Count = %d, %v, want 3", n, err)
	}
	if outcomes := arriveAll(t, e, "{}", "r/d", "r/a"); outcomes[0] != nil || !fault.Is(outcomes[1], fault.Conflict) {
		t.Errorf("after settling: %v", outcomes)
	}
}

// Other commands use the file while the server runs: what one program gathered
// another settles, and neither takes an id twice or forgets one.
func TestTwoProgramsKeepOneSetOfIDs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hailong.db")
	server, other := open(t, path), open(t, path)
	arriveAll(t, server, "{}", "r/a")
	if outcomes := arriveAll(t, other, "{}", "r/a", "r/b"); !fault.Is(outcomes[0], fault.Conflict) || outcomes[1] != nil {
		t.Errorf("the other program: %v", outcomes)
	}
	if outcomes := arriveAll(t, server, "{}", "r/b"); !fault.Is(outcomes[0], fault.Conflict) {
		t.Errorf("the server, of what the other gathered: %v", outcomes)
	}
	withdrawn := store.Change{Op: store.Delete, Kind: store.Responses, ID: "r/a"}
	if err := other.Apply(t.Context(), store.Unaudited, withdrawn); err != nil {
		t.Fatal(err)
	}
	if outcomes := arriveAll(t, server, "{}", "r/a", "r/b"); outcomes[0] != nil || !fault.Is(outcomes[1], fault.Conflict) {
		t.Errorf("the server, after the other removed one: %v", outcomes)
	}
	if n, err := other.Count(t.Context(), store.Responses, ""); n != 2 || err != nil {
		t.Errorf("Count = %d, %v, want 2", n, err)
	}
	if err := errors.Join(server.Close(), other.Close()); err != nil {
		t.Error(err)
	}
}

// Nothing in a closed file tells which answers came together.
func TestWhatSettledIsThereOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hailong.db")
	e := open(t, path)
	const secret = "Mong cán bộ hướng dẫn "
	for i := range 200 {
		arriveAll(t, e, `{"text":"`+strings.Repeat(secret, 5)+`"}`, fmt.Sprintf("r/%d/2", i), fmt.Sprintf("r/%d/1", i))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), secret); n != 200*2*5 {
		t.Errorf("%d copies in the file, want %d", n, 200*2*5)
	}
}

func TestABatchComesApartAsItWasPutTogether(t *testing.T) {
	rows := []store.Row{{ID: "r/a", Revision: 1, Doc: store.Doc("{}")}, {ID: "r/b", Revision: 300, Doc: store.Doc(`{"text":"đ"}`)}}
	var batch []byte
	for _, row := range rows {
		batch = appendRow(batch, row)
	}
	back, err := splitRows(nil, batch)
	if fmt.Sprint(back) != fmt.Sprint(rows) || err != nil {
		t.Errorf("%v, %v; want %v", back, err, rows)
	}
	for n := 1; n < len(batch); n++ {
		if back, err := splitRows(nil, batch[:n]); err == nil && len(back) != 1 {
			t.Errorf("the first %d bytes: %v", n, back)
		}
	}
}

// A file of the layout before is given the table of arrivals and the number.
func TestAFileOfTheLayoutBeforeIsOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hailong.db")
	e := open(t, path)
	if err := put(t, e, "r1", "kept"); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, path)
	if _, err := e.writer.Exec("DROP TABLE arrivals; PRAGMA user_version=1"); err != nil {
		t.Fatal(err)
	}
	e.arrivals.settler.Stop()
	if err := errors.Join(e.reader.Close(), e.writer.Close()); err != nil {
		t.Fatal(err)
	}
	e = open(t, path)
	defer e.Close()
	arriveAll(t, e, "{}", "r/a")
	var number int
	if err := e.writer.QueryRow("PRAGMA user_version").Scan(&number); err != nil || number != layout {
		t.Errorf("layout %d, %v, want %d", number, err, layout)
	}
	if n, err := e.Count(t.Context(), store.Rounds, ""); n != 1 || err != nil {
		t.Errorf("Count = %d, %v, want 1", n, err)
	}
}

// A row that is in its table and among the arrivals is kept once if it is the same to the
// letter; another of the same id is damage, which is said and not settled over.
func TestADoubledRowSettlesOnceOrIsDamage(t *testing.T) {
	for doc, damaged := range map[string]bool{`{"a":1}`: false, `{"a":2}`: true} {
		e := open(t, filepath.Join(t.TempDir(), "hailong.db"))
		arriveAll(t, e, `{"a":1}`, "r/1")
		if _, err := e.writer.Exec(`INSERT INTO responses (id, revision, doc) VALUES ('r/1', 1, ?)`, doc); err != nil {
			t.Fatal(err)
		}
		n, err := e.Count(t.Context(), store.Responses, "r/")
		if damaged != (err != nil) || !damaged && n != 1 {
			t.Errorf("%s: %d rows, %v", doc, n, err)
		}
		if err := e.Close(); damaged != (err != nil) {
			t.Errorf("%s: closing: %v", doc, err)
		}
	}
}
