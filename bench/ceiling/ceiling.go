// Package ceiling is the least that a durable answer can cost with the same
// framework: a bare Fiber handler that parses the form and appends it to one
// file, whose fsync concurrent senders share. What the product reaches of it is
// what its store and its checks leave over.
package ceiling

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// line is one body to append and whom to tell.
type line struct {
	body []byte
	done chan error
}

// file appends lines and shares fsyncs.
type file struct {
	out     *os.File
	queue   chan line
	commits atomic.Int64
	rows    atomic.Int64
}

// maxBatch is how many lines one fsync may carry.
const maxBatch = 512

// write is the one goroutine that writes: everything that waits goes out with
// one fsync.
func (f *file) write() {
	var buffer []byte
	var waiting []chan error
	for first := range f.queue {
		buffer, waiting = append(buffer[:0], first.body...), append(waiting[:0], first.done)
		for more := true; more && len(waiting) < maxBatch; {
			select {
			case next := <-f.queue:
				buffer, waiting = append(buffer, next.body...), append(waiting, next.done)
			default:
				more = false
			}
		}
		_, err := f.out.Write(buffer)
		if err == nil {
			err = f.out.Sync()
		}
		f.commits.Add(1)
		f.rows.Add(int64(len(waiting)))
		for _, done := range waiting {
			done <- err
		}
	}
}

// Serve answers POST /b on one listener and /metrics on the other until the
// context ends.
func Serve(ctx context.Context, public, metrics net.Listener, path string) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	f := &file{out: out, queue: make(chan line, maxBatch)}
	go f.write()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/b", func(c *fiber.Ctx) error {
		fields := 0
		c.Context().PostArgs().VisitAll(func(_, _ []byte) { fields++ })
		if fields == 0 {
			return fiber.ErrBadRequest
		}
		l := line{append(c.Body(), '\n'), make(chan error, 1)}
		f.queue <- l
		if err := <-l.done; err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusCreated)
	})
	go func() {
		<-ctx.Done()
		if err := app.Shutdown(); err != nil {
			os.Exit(1)
		}
	}()
	go func() {
		if err := http.Serve(metrics, f.handler()); err != nil {
			os.Exit(1)
		}
	}()
	return app.Listener(public)
}

// handler shows the same metrics as the product, under the same names.
func (f *file) handler() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for name, value := range map[string]*atomic.Int64{"hailong_store_commits_total": &f.commits, "hailong_store_responses_total": &f.rows} {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: "Group commits of answers."},
			func() float64 { return float64(value.Load()) }))
	}
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}
