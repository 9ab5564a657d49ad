// Package load sends requests to a loopback server over a bounded number of
// connections and says how long the answers took.
package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Run is one run of requests.
type Run struct {
	Addr        string                     // host:port
	Connections int                        // how many requests are under way at most
	For         time.Duration              // how long
	PerSecond   float64                    // at which rate; 0: as fast as answers come
	Request     func(worker, i int) []byte // a whole HTTP/1.1 request
	Want        int                        // the status that counts as done
}

// Result is what became of a run.
type Result struct {
	Done      int
	Failed    int // any other status
	Status    int // one of those statuses, to say which
	Took      time.Duration
	latencies []time.Duration
}

// PerSecond is the throughput.
func (r Result) PerSecond() float64 { return float64(r.Done) / r.Took.Seconds() }

// Quantile is the latency that a share q of the requests stayed under. Of a
// paced run it counts from when a request was due, not from when a connection
// was free to send it, so that a slow server cannot hide by being asked less.
func (r Result) Quantile(q float64) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	return r.latencies[min(int(q*float64(len(r.latencies))), len(r.latencies)-1)]
}

// Plus is both results as one.
func (r Result) Plus(o Result) Result {
	latencies := slices.Concat(r.latencies, o.latencies)
	slices.Sort(latencies)
	return Result{r.Done + o.Done, r.Failed + o.Failed, max(r.Status, o.Status), r.Took + o.Took, latencies}
}

// Do makes the run.
func (r Run) Do(ctx context.Context) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, r.For)
	defer cancel()
	start := time.Now()
	var (
		due   atomic.Int64
		group sync.WaitGroup
		parts = make([]Result, r.Connections)
		fails = make([]error, r.Connections)
	)
	for w := range r.Connections {
		group.Go(func() { parts[w], fails[w] = r.work(ctx, w, start, &due) })
	}
	group.Wait()
	total := Result{Took: time.Since(start)}
	for w, part := range parts {
		if fails[w] != nil {
			return total, fails[w]
		}
		total.Done += part.Done
		total.Failed += part.Failed
		total.Status = max(total.Status, part.Status)
		total.latencies = append(total.latencies, part.latencies...)
	}
	slices.Sort(total.latencies)
	return total, nil
}

// work is one connection.
func (r Run) work(ctx context.Context, w int, start time.Time, due *atomic.Int64) (Result, error) {
	var result Result
	conn, err := net.Dial("tcp", r.Addr)
	if err != nil {
		return result, err
	}
	defer conn.Close()
	answers := bufio.NewReaderSize(conn, 64<<10)
	for i := 0; ctx.Err() == nil; i++ {
		since := time.Now()
		if r.PerSecond > 0 {
			since = start.Add(time.Duration(float64(due.Add(1)) / r.PerSecond * float64(time.Second)))
			if wait := time.Until(since); wait > 0 {
				select {
				case <-ctx.Done():
					return result, nil
				case <-time.After(wait):
				}
			}
		}
		if _, err := conn.Write(r.Request(w, i)); err != nil {
			return result, err
		}
		status, err := readAnswer(answers)
		if err != nil {
			return result, err
		}
		if status != r.Want {
			result.Failed++
			result.Status = status
			continue
		}
		result.Done++
		result.latencies = append(result.latencies, time.Since(since))
	}
	return result, nil
}

var lengthHeader = []byte("content-length:")

// readAnswer reads one response with a Content-Length and returns its status.
func readAnswer(r *bufio.Reader) (int, error) {
	line, err := r.ReadSlice('\n')
	if err != nil || len(line) < len("HTTP/1.1 200") {
		return 0, fmt.Errorf("no status line in %q: %w", line, err)
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, err
	}
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			break
		}
		if len(line) > len(lengthHeader) && bytes.EqualFold(line[:len(lengthHeader)], lengthHeader) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(lengthHeader):]))); err != nil {
				return 0, err
			}
		}
	}
	_, err = io.CopyN(io.Discard, r, int64(length))
	return status, err
}
