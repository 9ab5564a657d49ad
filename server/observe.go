package server

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"hailong/server/page"
)

// requestMetrics counts requests by route, never by address or token.
type requestMetrics struct {
	seconds *prometheus.HistogramVec
}

func newRequestMetrics(registry *prometheus.Registry) requestMetrics {
	m := requestMetrics{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "hailong_request_seconds",
		Help:    "Time from a request to its answer, by route, method and status.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"route", "method", "status"})}
	registry.MustRegister(m.seconds)
	return m
}

// observe is the outermost middleware: it has errors answered, then writes one
// line and one measurement a request. A line names the route ("/p/:token") and
// nothing of the person: no address, no token, no code, no query.
func observe(log *slog.Logger, metrics requestMetrics) fiber.Handler {
	return func(c *fiber.Ctx) error {
		start := time.Now()
		failed := c.Next()
		if failed != nil {
			if err := c.App().ErrorHandler(c, failed); err != nil {
				return err
			}
		} else {
			failed = page.NotedFailure(c)
		}
		status, took := c.Response().StatusCode(), time.Since(start)
		route := routeOf(c)
		metrics.seconds.WithLabelValues(route, c.Method(), strconv.Itoa(status)).Observe(took.Seconds())
		attrs := []slog.Attr{
			slog.String("method", c.Method()), slog.String("route", route),
			slog.Int("status", status), slog.Duration("took", took),
		}
		level := slog.LevelInfo
		if failed != nil && page.Status(failed) >= fiber.StatusInternalServerError {
			level = slog.LevelError
			attrs = append(attrs, slog.String("error", failed.Error()))
		}
		note(c.Context(), log.Handler(), level, attrs)
		return nil
	}
}

// note writes the line of a request, without looking up from where in the
// program it is written: from here.
func note(ctx context.Context, log slog.Handler, level slog.Level, attrs []slog.Attr) {
	if !log.Enabled(ctx, level) {
		return
	}
	line := slog.NewRecord(time.Now(), level, "request", 0)
	line.AddAttrs(attrs...)
	_ = log.Handle(ctx, line) // as slog.Logger does: a log that cannot be written stops nobody
}

// unrouted stands for whatever no route matched: strangers choose those
// addresses, and must not choose the names of our metrics.
const unrouted = "(none)"

func routeOf(c *fiber.Ctx) string {
	if route := c.Route().Path; route != "" && route != "/" || c.Path() == "/" {
		return route
	}
	return unrouted
}
