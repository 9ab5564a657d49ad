// Command bench measures the product beside the least that could do its work,
// on this machine and in one run: complete answers stored durably by the built
// binary and by a bare Fiber handler that appends the same bodies to a file
// (package ceiling), then pages asked for at half the rate of answers, then the
// sizes and times that have a bound of their own.
//
// It needs bin/hailong (make build). Load generator and server share the
// machine, so the figures compare; they are no capacity plan.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	mrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"hailong/bench/ceiling"
	"hailong/bench/load"
	"hailong/bench/subject"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	binary      string
	folder      string
	connections int
	seconds     time.Duration
	people      int
	drawOnly    bool
}

func run(ctx context.Context) error {
	if len(os.Args) == 5 && os.Args[1] == "ceiling" {
		return serveCeiling(ctx, os.Args[2], os.Args[3], os.Args[4])
	}
	var o options
	flag.StringVar(&o.binary, "binary", "bin/hailong", "the built product")
	flag.StringVar(&o.folder, "folder", "out", "where to write; the disk of this folder is what is measured")
	flag.IntVar(&o.connections, "connections", 64, "senders at once")
	flag.DurationVar(&o.seconds, "for", 10*time.Second, "length of each measurement")
	flag.IntVar(&o.people, "people", 20_000_000, "people in the file that is drawn from")
	flag.BoolVar(&o.drawOnly, "draw-only", false, "measure the draw alone")
	flag.Parse()
	if err := os.MkdirAll(o.folder, 0o755); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(o.folder, "bench-")
	if err != nil {
		return err
	}
	if !o.drawOnly {
		err = o.measure(ctx, folder)
	}
	if err == nil {
		err = o.draws(ctx, folder)
	}
	return errors.Join(err, os.RemoveAll(folder))
}

// serveCeiling is the child process of the ceiling.
func serveCeiling(ctx context.Context, public, metrics, path string) error {
	a, err := net.Listen("tcp", public)
	if err != nil {
		return err
	}
	b, err := net.Listen("tcp", metrics)
	if err != nil {
		return err
	}
	return ceiling.Serve(ctx, a, b, path)
}

// measure makes all measurements in a folder and prints them.
func (o options) measure(ctx context.Context, folder string) error {
	s, err := subject.Prepare(ctx, folder)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	bare, err := start(ctx, func(public, metrics string) []string {
		return []string{self, "ceiling", public, metrics, filepath.Join(folder, "ceiling.log")}
	})
	if err != nil {
		return err
	}
	product, err := start(ctx, func(public, metrics string) []string {
		return []string{o.binary, "serve", "--data", s.Folder, "--keys", s.KeyFile, "--addr", public, "--metrics-addr", metrics}
	})
	if err != nil {
		return errors.Join(err, bare.stop())
	}
	err = o.compare(ctx, bare, product, s)
	if err := errors.Join(err, bare.stop(), product.stop()); err != nil {
		return err
	}
	return o.sizes(ctx, folder)
}

// turns is how often ceiling and product take turns, so that both see the same
// moods of the machine.
const turns = 4

// compare measures answers on both servers in turns, then pages on the product.
func (o options) compare(ctx context.Context, bare, product *process, s *subject.Subject) error {
	var top, ours measured
	for range turns {
		for _, side := range []struct {
			server *process
			total  *measured
		}{{bare, &top}, {product, &ours}} {
			m, err := o.store(ctx, side.server, s)
			if err != nil {
				return err
			}
			side.total.add(m)
		}
	}
	printAnswers(o, top, ours)
	return o.pages(ctx, product, s, ours.load.PerSecond()/2)
}

// measured is what storing answers took.
type measured struct {
	load load.Result
	used figures // while it ran
}

func (m *measured) add(o measured) {
	m.load = m.load.Plus(o.load)
	m.used = m.used.plus(o.used, 1)
}

// store sends complete answers of new citizens as fast as they are taken.
func (o options) store(ctx context.Context, p *process, s *subject.Subject) (measured, error) {
	randoms := make([]*mrand.Rand, o.connections)
	bodies := make([]string, o.connections)
	for w := range randoms {
		randoms[w] = mrand.New(mrand.NewPCG(uint64(w), uint64(time.Now().UnixNano())))
		bodies[w] = s.Answers(randoms[w])
	}
	plan := load.Run{Addr: p.public, Connections: o.connections, For: o.seconds / turns, Want: http.StatusCreated}
	plan.Request = func(w, _ int) []byte {
		body := bodies[w] + "&ballot=" + s.Ballot(randoms[w])
		return fmt.Appendf(nil, "POST /b HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n"+
			"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	warm := plan
	warm.For = o.seconds / turns / 5
	if _, err := warm.Do(ctx); err != nil {
		return measured{}, err
	}
	var m measured
	before, err := p.figures()
	if err != nil {
		return m, err
	}
	if m.load, err = plan.Do(ctx); err != nil {
		return m, err
	}
	if m.load.Failed > 0 {
		return m, fmt.Errorf("%d requests failed, one with status %d", m.load.Failed, m.load.Status)
	}
	after, err := p.figures()
	m.used = after.plus(before, -1)
	return m, err
}

// pages asks for the form at counters, at a steady rate.
func (o options) pages(ctx context.Context, p *process, s *subject.Subject, rate float64) error {
	plan := load.Run{Addr: p.public, Connections: o.connections, For: o.seconds, PerSecond: rate, Want: http.StatusOK}
	plan.Request = func(w, i int) []byte {
		return fmt.Appendf(nil, "GET /q/%s HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n", s.Counters[(w*31+i)%len(s.Counters)])
	}
	before, err := p.figures()
	if err != nil {
		return err
	}
	result, err := plan.Do(ctx)
	if err != nil {
		return err
	}
	after, err := p.figures()
	if err != nil {
		return err
	}
	if result.Failed > 0 {
		return fmt.Errorf("%d pages failed, one with status %d", result.Failed, result.Status)
	}
	fmt.Printf("\nthe form, asked for %.0f times a second (half the rate of answers)\n", rate)
	fmt.Printf("  %-38s %10.1f %10s\n", "answered a second", result.PerSecond(), "")
	fmt.Printf("  %-38s %10s\n", "latency p50", result.Quantile(.5).Round(10*time.Microsecond))
	fmt.Printf("  %-38s %10s   (bound: 10ms)\n", "latency p99", result.Quantile(.99).Round(10*time.Microsecond))
	fmt.Printf("  %-38s %10.1f\n", "server CPU a page, µs", 1e6*(after.cpu-before.cpu)/float64(result.Done))
	fmt.Printf("  %-38s %10.1f\n", "resident memory, MB", after.resident/1e6)
	return nil
}

// printAnswers prints both columns of the first measurement.
func printAnswers(o options, top, ours measured) {
	fmt.Printf("complete answers stored durably, %d connections, %s each\n", o.connections, o.seconds)
	fmt.Printf("  %-38s %10s %10s\n", "", "ceiling", "hailong")
	row := func(name, format string, value func(measured) any, remark string) {
		fmt.Printf("  %-38s %10s %10s%s\n", name, fmt.Sprintf(format, value(top)), fmt.Sprintf(format, value(ours)), remark)
	}
	row("answers a second", "%.0f", func(m measured) any { return m.load.PerSecond() },
		fmt.Sprintf("   (%.0f %% of the ceiling; bound: 30 %%)", 100*ours.load.PerSecond()/top.load.PerSecond()))
	row("latency p50", "%s", func(m measured) any { return m.load.Quantile(.5).Round(10 * time.Microsecond) }, "")
	row("latency p99", "%s", func(m measured) any { return m.load.Quantile(.99).Round(10 * time.Microsecond) }, "")
	row("server CPU an answer, µs", "%.0f", func(m measured) any { return 1e6 * m.used.cpu / float64(m.load.Done) }, "   (bound: 150)")
	row("fsyncs a second", "%.0f", func(m measured) any { return m.used.commits / m.load.Took.Seconds() }, "")
	row("answers a commit", "%.1f", func(m measured) any {
		return m.used.answers / m.used.commits
	}, "")
}
