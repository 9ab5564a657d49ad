package sqlitestore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hailong/store"
)

// answer is as long as a complete answer to a questionnaire of some forty items,
// 1.2 KB of JSON.
type answer struct {
	Ballot  string            `json:"ballot"`
	Origin  string            `json:"origin"`
	Unit    string            `json:"unit"`
	Day     string            `json:"day"`
	Answers map[string]string `json:"answers"`
	Note    string            `json:"note"`
}

func newAnswer() (id string, a answer) {
	nonce := rand.Text()
	a = answer{Ballot: nonce, Origin: "sample", Unit: "06994", Day: "2026-03-01", Answers: make(map[string]string, 40)}
	for i := range 40 {
		a.Answers[fmt.Sprintf("service_quality_%02d", i)] = "4"
	}
	a.Note = strings.Repeat("đ", 50)
	return fmt.Sprintf("r2026/%05d/%s", nonce[0]%200, nonce), a
}

// processorTime is what this process used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkGroup stores answers from 64 callers, each waiting for its own.
func BenchmarkGroup(b *testing.B) {
	e, err := Open(b.Context(), filepath.Join(b.TempDir(), "hailong.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	g := store.NewGroup(e, store.Responses)
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	used := processorTime(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id, a := newAnswer()
			if err := g.Insert(context.Background(), id, a); err != nil {
				b.Error(err)
				return
			}
		}
	})
	g.Close()
	b.StopTimer()
	commits := g.Stats().Commits
	b.ReportMetric(float64(b.N)/float64(commits), "rows/commit")
	b.ReportMetric(float64(commits)/b.Elapsed().Seconds(), "commits/s")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64((processorTime(b)-used).Microseconds())/float64(b.N), "cpu-µs/row")
}

// BenchmarkAppend is the ceiling: the same answers appended to a bare file by 64
// callers who share whatever sync comes next.
func BenchmarkAppend(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	type line struct {
		bytes []byte
		done  chan error
	}
	queue := make(chan line, 4096)
	var syncs atomic.Int64
	go func() {
		for first := range queue {
			batch, all := []line{first}, first.bytes
			for len(queue) > 0 {
				next := <-queue
				batch, all = append(batch, next), append(all, next.bytes...)
			}
			_, err := file.Write(all)
			if err == nil {
				err = file.Sync()
			}
			syncs.Add(1)
			for _, l := range batch {
				l.done <- err
			}
		}
	}()
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	used := processorTime(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, a := newAnswer()
			doc, err := store.Encode(a)
			if err != nil {
				b.Error(err)
				return
			}
			l := line{bytes: doc, done: make(chan error, 1)}
			queue <- l
			if err := <-l.done; err != nil {
				b.Error(err)
				return
			}
		}
	})
	close(queue)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/float64(syncs.Load()), "rows/commit")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64((processorTime(b)-used).Microseconds())/float64(b.N), "cpu-µs/row")
}

// BenchmarkScan streams 6,000 answers, the size of a small round, and decodes them.
func BenchmarkScan(b *testing.B) {
	e, err := Open(b.Context(), filepath.Join(b.TempDir(), "hailong.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	rows := make([]store.Row, 6000)
	for i := range rows {
		id, a := newAnswer()
		doc, err := store.Encode(a)
		if err != nil {
			b.Fatal(err)
		}
		rows[i] = store.Row{ID: id, Doc: doc}
	}
	if _, err := e.InsertMany(b.Context(), store.Responses, rows); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		for row, err := range e.Scan(b.Context(), store.Range{Kind: store.Responses}) {
			var a answer
			if err := errors.Join(err, row.Doc.Decode(&a)); err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(rows) {
			b.Fatalf("%d rows, want %d", n, len(rows))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(rows)), "µs/row")
}
