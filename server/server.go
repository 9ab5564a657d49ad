// Package server assembles the HTTP server: limits, deadlines, headers, the
// access log, health and metrics, and the parts that bring their own routes.
// The parts (server/citizen, server/console) declare the few store methods they
// use; this package and its parts meet no database.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"hailong/fault"
	"hailong/server/page"
)

// Part is a part of the server that brings its own routes.
type Part interface {
	Routes(fiber.Router)
}

// Config is what the server needs to know. The zero value serves without
// metrics, log or readiness check.
type Config struct {
	HTTPS    bool                        // the public address is https: browsers are told to stay there
	Proxies  []string                    // addresses or ranges of reverse proxies whose X-Forwarded-For is believed
	Deadline time.Duration               // of a request that does no long work; DefaultDeadline if zero
	Log      *slog.Logger                // the access log and failures
	Metrics  *prometheus.Registry        // to which the server adds its own
	Ready    func(context.Context) error // whether the store answers

	// MayUpload says whose bodies larger than a form are read, before anything
	// else is known of the request; nobody's if nil.
	MayUpload func(*fiber.Ctx) bool
}

// DefaultDeadline bounds a request from its last byte received to its answer,
// unless it is for work that takes longer.
const DefaultDeadline = 15 * time.Second

// The limits of a connection. A phone on a bad network may need half a minute
// for a form of a few kilobytes.
const (
	readTimeout  = 45 * time.Second
	writeTimeout = 45 * time.Second
	idleTimeout  = 75 * time.Second
	stopTimeout  = 20 * time.Second
)

// Server is an assembled server.
type Server struct {
	app *fiber.App
	cfg Config
}

// New assembles a server of its parts. Pages are compiled here, so that nobody waits for
// them later.
func New(cfg Config, parts ...Part) *Server {
	page.Compile()
	if cfg.Deadline == 0 {
		cfg.Deadline = DefaultDeadline
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Metrics == nil {
		cfg.Metrics = prometheus.NewRegistry()
	}
	if cfg.MayUpload == nil {
		cfg.MayUpload = func(*fiber.Ctx) bool { return false }
	}
	cfg.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	app := fiber.New(fiber.Config{
		Immutable: true, UnescapePath: true, CaseSensitive: true, DisableStartupMessage: true,
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		// A body above its limit is handed over as a stream, which bodyLimit
		// reads away: closing at once would cost the sender our answer.
		BodyLimit: formLimit, StreamRequestBody: true, DisablePreParseMultipartForm: true,
		EnableTrustedProxyCheck: true, TrustedProxies: cfg.Proxies,
		ErrorHandler: func(c *fiber.Ctx, err error) error { return page.SendFailure(c, "/", err) },
	})
	app.Server().HeaderReceived = requestLimits
	app.Use(observe(cfg.Log, newRequestMetrics(cfg.Metrics)), page.Headers(cfg.HTTPS), recovered, bodyLimit(cfg.MayUpload), deadline(cfg.Deadline))
	health(app, cfg.Ready)
	page.Assets(app)
	for _, part := range parts {
		part.Routes(app)
	}
	app.Use(func(*fiber.Ctx) error { return fault.New(fault.NotFound, "http.no_page") })
	return &Server{app: app, cfg: cfg}
}

// health answers for those who watch: /healthz that the process lives, /readyz
// that it can do its work.
func health(app *fiber.App, ready func(context.Context) error) {
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	app.Get("/readyz", func(c *fiber.Ctx) error {
		if ready == nil {
			return c.SendString("ok\n")
		}
		if err := ready(c.UserContext()); err != nil {
			return fault.Wrap(err, fault.Unavailable, "http.away")
		}
		return c.SendString("ok\n")
	})
}

// App is the assembled Fiber app, for tests.
func (s *Server) App() *fiber.App { return s.app }

// Serve answers on the public listener and, unless it is nil, on the one for
// metrics, until the context ends; then it lets the requests under way finish.
func (s *Server) Serve(ctx context.Context, public, metrics net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	go func() { ended <- s.app.Listener(newQuietListener(public)) }()
	if metrics != nil {
		go func() { ended <- s.serveMetrics(ctx, metrics) }()
	}
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-ended:
	}
	stop, release := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer release()
	return errors.Join(failed, s.app.ShutdownWithContext(stop))
}

func (s *Server) serveMetrics(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.cfg.Metrics, promhttp.HandlerOpts{}))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
