package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hailong/fault"
	"hailong/store"
	"hailong/store/sqlitestore"
)

// TestMain lets the test binary be the program that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("HAILONG_CRASH_CHILD"); path != "" {
		fmt.Fprintln(os.Stderr, insertForever(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// insertForever inserts from many goroutines and prints an id once it is
// acknowledged.
func insertForever(path string) error {
	e, err := sqlitestore.Open(context.Background(), path)
	if err != nil {
		return err
	}
	g := store.NewGroup(e, store.Responses)
	failed := make(chan error)
	for worker := range 32 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("r1/%02d-%06d", worker, i)
				if err := g.Insert(context.Background(), id, map[string]string{"text": strings.Repeat(id, 50)}); err != nil {
					failed <- err
					return
				}
				fmt.Printf("%s\n", id) // one write, so lines do not mix
			}
		}()
	}
	return <-failed
}

// killUnderLoad runs the child until it acknowledged n ids, kills it with no
// chance to tidy up, and returns all it had acknowledged.
func killUnderLoad(t *testing.T, path string, n int) map[string]bool {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "HAILONG_CRASH_CHILD="+path)
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := make(map[string]bool)
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if acknowledged[lines.Text()] {
			t.Errorf("%s was acknowledged twice", lines.Text())
		}
		if acknowledged[lines.Text()] = true; len(acknowledged) == n {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var killed *exec.ExitError
	if err := child.Wait(); !errors.As(err, &killed) || killed.ExitCode() != -1 {
		t.Fatalf("the child ended with %v, want killed", err)
	}
	return acknowledged
}

func TestEveryAcknowledgedRowSurvivesAKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hailong.db")
	acknowledged := killUnderLoad(t, path, 1500)
	if len(acknowledged) < 1500 {
		t.Fatalf("%d acknowledged before the kill, want 1500", len(acknowledged))
	}
	e, err := sqlitestore.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.Check(t.Context()); err != nil {
		t.Error(err)
	}
	found := make(map[string]int)
	for row, err := range e.Scan(t.Context(), store.Range{Kind: store.Responses}) {
		if err != nil {
			t.Fatal(err)
		}
		found[row.ID]++
	}
	for id := range acknowledged {
		if found[id] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", id, found[id])
		}
	}
}

// gated is an engine whose InsertMany tells how many rows came and waits at a gate.
type gated struct {
	store.Engine
	came chan int
	gate chan error
}

func newGated() *gated { return &gated{came: make(chan int, 100), gate: make(chan error)} }

func (e *gated) InsertMany(_ context.Context, _ store.Kind, rows []store.Row) ([]error, error) {
	e.came <- len(rows)
	return make([]error, len(rows)), <-e.gate
}

func waitFor(t *testing.T, what string, reached func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !reached(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func TestWhatQueuedDuringACommitSharesTheNext(t *testing.T) {
	e := newGated()
	g := store.NewGroup(e, store.Responses)
	outcomes := make(chan error, 100)
	insert := func(i int) { outcomes <- g.Insert(t.Context(), fmt.Sprintf("r%02d", i), struct{}{}) }
	go insert(0)
	if n := <-e.came; n != 1 {
		t.Fatalf("a lone insert shares its commit with %d", n-1)
	}
	for i := range 10 {
		go insert(i + 1)
	}
	waitFor(t, "ten wait", func() bool { return g.Stats().Queued >= 10 })
	e.gate <- nil
	if n := <-e.came; n != 10 {
		t.Errorf("the next commit has %d rows, want the 10 that waited", n)
	}
	e.gate <- store.Away(errors.New("cut"))
	failed := 0
	for range 11 {
		if err := <-outcomes; fault.Is(err, fault.Unavailable) {
			failed++
		}
	}
	g.Close()
	if s := g.Stats(); failed != 10 || s.Commits != 2 || s.Rows != 1 {
		t.Errorf("%d callers failed, want the 10 of the failed commit; counted %+v", failed, s)
	}
}

func TestAFullQueueRefusesAtOnceAndCloseDrains(t *testing.T) {
	e := newGated()
	g := store.NewGroup(e, store.Responses)
	var callers sync.WaitGroup
	left, leave := context.WithCancel(t.Context())
	for i := range 6000 { // more than the queue and a commit hold together
		callers.Go(func() { g.Insert(left, fmt.Sprintf("r%d", i), struct{}{}) })
	}
	waitFor(t, "the queue is full", func() bool { return g.Stats().Refused > 0 })
	err := g.Insert(t.Context(), "one more", struct{}{})
	if !fault.Is(err, fault.Unavailable) || fault.ProblemsOf(err)[0].Code != "store.busy" {
		t.Errorf("got %v, want store.busy", err)
	}
	leave()
	callers.Wait()
	close(e.gate)
	g.Close()
	if s := g.Stats(); s.Queued != 0 || s.Rows+s.Refused != 6001 {
		t.Errorf("counted %+v, want every insert stored or refused", s)
	}
}
