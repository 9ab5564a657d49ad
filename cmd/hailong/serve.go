package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"hailong/account"
	"hailong/fault"
	"hailong/server"
	"hailong/server/citizen"
	"hailong/server/console"
	"hailong/server/public"
	"hailong/store"
)

// serving is what `hailong serve` is told.
type serving struct {
	place
	addr    string
	metrics string
	base    string
	proxies []string
	demo    bool
}

func newServeCommand() *cobra.Command {
	var s serving
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server: the citizens' pages and the console",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return s.run(cmd) },
	}
	s.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&s.addr, "addr", env("HAILONG_ADDR", "127.0.0.1:8080"), "address to listen on (HAILONG_ADDR)")
	flags.StringVar(&s.metrics, "metrics-addr", env("HAILONG_METRICS_ADDR", "127.0.0.1:9464"), "address of /metrics, loopback; empty for none (HAILONG_METRICS_ADDR)")
	flags.StringVar(&s.base, "base-url", env("HAILONG_BASE_URL", ""), "public address of the server, as printed in QR codes (HAILONG_BASE_URL)")
	flags.StringSliceVar(&s.proxies, "proxies", envList("HAILONG_PROXIES"), "addresses or ranges of reverse proxies whose X-Forwarded-For is believed (HAILONG_PROXIES)")
	flags.BoolVar(&s.demo, "demo", false, "seed a fictional province, once, and print the ways in")
	return cmd
}

// gcPercent lets the heap grow to five times what is live between collections.
// Little is live (some ten megabytes) and every answer leaves garbage, so this
// saves a tenth of the processor time an answer and costs tens of megabytes
// under load, none at rest.
const gcPercent = 400

func (s *serving) run(cmd *cobra.Command) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if err := checkProxies(s.proxies); err != nil {
		return err
	}
	base, err := s.baseURL()
	if err != nil {
		return err
	}
	public, err := listen(s.addr, "--addr")
	if err != nil {
		return err
	}
	defer public.Close()
	if base == nil {
		base = &url.URL{Scheme: "http", Host: public.Addr().String()}
	}
	var metrics net.Listener
	if s.metrics != "" {
		if metrics, err = listenLoopback(s.metrics); err != nil {
			return err
		}
		defer metrics.Close()
	}
	return s.with(cmd, func(ctx context.Context, sys *system) error {
		log := slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))
		if s.demo {
			if err := welcome(ctx, cmd.OutOrStdout(), sys, base); err != nil {
				return err
			}
		}
		log.Info("serving", "address", public.Addr().String(), "base", base.String(), "version", programVersion())
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		go sweep(ctx, sys.store, log)
		defer log.Info("stopped")
		return s.assemble(sys, base, log).Serve(ctx, public, metrics)
	})
}

// assemble is the one place where the server meets a store.
func (s *serving) assemble(sys *system, base *url.URL, log *slog.Logger) *server.Server {
	registry := prometheus.NewRegistry()
	registerStoreMetrics(registry, sys.store)
	office := console.New(console.Config{
		Accounts: sys.store, Records: sys.store, Units: sys.store, Questionnaires: sys.store, Uploads: sys.store,
		Rounds: sys.store, Desk: sys.desk, Base: base, Hasher: account.NewHasher(), Throttle: &account.Throttle{}, Clock: now,
	})
	return server.New(
		server.Config{
			HTTPS: base.Scheme == "https", Proxies: s.proxies, Log: log, Metrics: registry, Ready: sys.store.Ping,
			MayUpload: office.MayUpload,
		},
		citizen.New(citizen.Config{Store: sys.store, Keys: sys.keys}), public.New(public.Config{Store: sys.store, Desk: sys.desk}), office,
	)
}

// listen opens the address that a flag names.
func listen(addr, flag string) (net.Listener, error) {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "serve.address", "address", addr, "flag", flag)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "serve.cannot_listen", "address", addr, "flag", flag)
	}
	return l, nil
}

// listenLoopback refuses an address that other machines could reach: metrics
// tell how a round goes while it goes.
func listenLoopback(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	ip, parseErr := netip.ParseAddr(host)
	if err != nil || host != "localhost" && (parseErr != nil || !ip.IsLoopback()) {
		return nil, fault.New(fault.Invalid, "serve.metrics_not_loopback", "address", addr)
	}
	return listen(addr, "--metrics-addr")
}

// checkProxies refuses what is neither an address nor a range: a proxy that is
// misspelt would make all visitors one.
func checkProxies(proxies []string) error {
	for _, text := range proxies {
		_, err := netip.ParseAddr(text)
		if _, notRange := netip.ParsePrefix(text); err != nil && notRange != nil {
			return fault.New(fault.Invalid, "serve.proxy", "proxy", text)
		}
	}
	return nil
}

// baseURL is the public address as given, nil for where the server listens. Whoever
// listens everywhere must say it, or posters would be printed with 0.0.0.0.
func (s *serving) baseURL() (*url.URL, error) {
	if s.base == "" {
		host, _, err := net.SplitHostPort(s.addr)
		if at, _ := netip.ParseAddr(host); err == nil && (host == "" || at.IsUnspecified()) {
			return nil, fault.New(fault.Invalid, "serve.base_url_missing", "address", s.addr)
		}
		return nil, nil
	}
	base, err := url.Parse(s.base)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || base.Path != "" && base.Path != "/" {
		return nil, fault.New(fault.Invalid, "serve.base_url", "url", s.base)
	}
	base.Path = ""
	return base, nil
}

// sweepEvery is how often what has expired is removed. Files that were uploaded
// and that nothing names live uploadLife: long enough to read a preview.
const (
	sweepEvery = 10 * time.Minute
	uploadLife = time.Hour
)

func sweep(ctx context.Context, st *store.Store, log *slog.Logger) {
	for tick := time.NewTicker(sweepEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		_, err := st.SweepUploads(ctx, now().Add(-uploadLife))
		if err := errors.Join(err, st.SweepExpired(ctx, now())); err != nil && !errors.Is(err, context.Canceled) {
			log.Warn("sweep", "error", err)
		}
	}
}

// registerStoreMetrics shows how many commits carry how many answers.
func registerStoreMetrics(registry *prometheus.Registry, st *store.Store) {
	for name, value := range map[string]func(store.GroupStats) float64{
		"hailong_store_commits_total":   func(g store.GroupStats) float64 { return float64(g.Commits) },
		"hailong_store_responses_total": func(g store.GroupStats) float64 { return float64(g.Rows) },
	} {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: "Group commits of answers."},
			func() float64 { return value(st.Commits()) }))
	}
}
