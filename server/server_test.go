package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/server"
)

// probe is a part with a route for every way a handler can end.
type probe struct{}

func (probe) Routes(r fiber.Router) {
	r.Get("/p/:token", func(c *fiber.Ctx) error { return c.SendString("hello") })
	r.Get("/panic", func(*fiber.Ctx) error { panic("secret of the house") })
	r.Get("/plain", func(*fiber.Ctx) error { return errors.New("secret of the house") })
	r.Get("/away", func(*fiber.Ctx) error { return fault.New(fault.Unavailable, "http.away") })
	r.Get("/deadline", func(c *fiber.Ctx) error {
		if at, ok := c.UserContext().Deadline(); !ok || time.Until(at) > server.DefaultDeadline {
			return errors.New("no deadline")
		}
		return c.SendString("bounded")
	})
	r.Get("/console/rounds/:round/draws", func(c *fiber.Ctx) error {
		if at, ok := c.UserContext().Deadline(); !ok || time.Until(at) < 2*server.DefaultDeadline {
			return errors.New("no time for a province")
		}
		return c.SendString("bounded")
	})
	r.Post("/b", func(c *fiber.Ctx) error { return c.SendString(string(c.Context().PostArgs().Peek("a"))) })
	r.Post("/console/upload", func(c *fiber.Ctx) error { return c.SendString(strconv.Itoa(len(c.Body()))) })
}

// start serves on a free loopback port and returns the two base addresses.
func start(t *testing.T, cfg server.Config) (public, metrics string) {
	t.Helper()
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a, b := listen(), listen()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.New(cfg, probe{}).Serve(ctx, a, b) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return "http://" + a.Addr().String(), "http://" + b.Addr().String()
}

func fetch(t *testing.T, request *http.Request) (*http.Response, string) {
	t.Helper()
	client := http.Client{Timeout: 20 * time.Second}
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func request(t *testing.T, method, address string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func TestEveryEndOfAHandlerHasItsAnswer(t *testing.T) {
	base, _ := start(t, server.Config{Ready: func(context.Context) error { return errors.New("away") }})
	for _, c := range []struct {
		name, path  string
		status      int
		must, never string
	}{
		{"alive", "/healthz", 200, "ok", ""},
		{"the store is away", "/readyz", 503, "tạm thời", "away"},
		{"a panic", "/panic", 500, "lỗi", "secret"},
		{"an error of no kind", "/plain", 500, "lỗi", "secret"},
		{"a store away under a handler", "/away", 503, "tạm thời", ""},
		{"no such page", "/nowhere", 404, "Không có trang này", "Cannot GET"},
		{"a request has a deadline", "/deadline", 200, "bounded", ""},
		{"a draw has a longer one", "/console/rounds/qn-2026/draws", 200, "bounded", ""},
	} {
		response, body := fetch(t, request(t, "GET", base+c.path, nil))
		if response.StatusCode != c.status || !strings.Contains(body, c.must) || c.never != "" && strings.Contains(body, c.never) {
			t.Errorf("%s: %d %s", c.name, response.StatusCode, body)
		}
		if c.status == 503 && response.Header.Get("Retry-After") == "" {
			t.Errorf("%s: 503 without Retry-After", c.name)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"} {
			if response.Header.Get(header) == "" {
				t.Errorf("%s: no %s", c.name, header)
			}
		}
	}
}

// The refusal must reach senders that write the whole body before they read.
func TestATooLargeBodyGetsAnAnswerNotABrokenConnection(t *testing.T) {
	base, _ := start(t, server.Config{})
	huge := strings.Repeat("a", 10<<20)
	for _, c := range []struct {
		name   string
		path   string
		body   io.Reader
		status int
	}{
		{"10 MB of known length", "/b", strings.NewReader(huge), 413},
		{"10 MB in chunks", "/b", io.MultiReader(strings.NewReader(huge)), 413},
		{"64 KB and a byte", "/b", strings.NewReader(huge[:64<<10+1]), 413},
		{"a form in chunks", "/b", io.MultiReader(strings.NewReader("a=1")), 200},
		{"33 MB where uploads are taken", "/console/upload", strings.NewReader(strings.Repeat("a", 33<<20)), 413},
		{"an upload in chunks", "/console/upload", io.MultiReader(strings.NewReader(huge)), 413},
	} {
		response, body := fetch(t, request(t, "POST", base+c.path, c.body))
		if response.StatusCode != c.status {
			t.Errorf("%s: %d %s", c.name, response.StatusCode, body)
		}
	}
}

// Before a request is known to come from somebody who may upload, nothing but
// its length is taken of it, or a few dozen strangers fill the memory.
func TestOnlyWhoMayUploadIsReadIntoMemory(t *testing.T) {
	base, _ := start(t, server.Config{MayUpload: func(c *fiber.Ctx) bool { return c.Get("Cookie") == "session=ours" }})
	huge := strings.Repeat("a", 10<<20)
	for _, c := range []struct{ name, cookie, body, read string }{
		{"a stranger's file", "", huge, "0"},
		{"a stranger's form", "", "a=1", "3"},
		{"a file of somebody signed in", "session=ours", huge, strconv.Itoa(len(huge))},
	} {
		r := request(t, "POST", base+"/console/upload", strings.NewReader(c.body))
		r.Header.Set("Cookie", c.cookie)
		if response, body := fetch(t, r); response.StatusCode != 200 || body != c.read {
			t.Errorf("%s: %d, %s bytes read, want %s", c.name, response.StatusCode, body, c.read)
		}
	}
}

func TestProblemsAreSentAsRFC9457ToScripts(t *testing.T) {
	base, _ := start(t, server.Config{})
	r := request(t, "GET", base+"/away", nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Language", "en")
	response, body := fetch(t, r)
	if got := response.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q", got)
	}
	for _, part := range []string{`"status":503`, `"code":"http.away"`, `"title":"The system is away for a moment"`} {
		if !strings.Contains(body, part) {
			t.Errorf("%s lacks %s", body, part)
		}
	}
}

// A phone's language is not its reader's choice: as on all public pages the address says
// it, and it is Vietnamese if the address says nothing.
func TestThePageOfWhatIsNotThereSpeaksTheLanguageOfItsAddress(t *testing.T) {
	base, _ := start(t, server.Config{})
	for path, want := range map[string]string{"/nosuch": `lang="vi"`, "/nosuch?lang=en": `lang="en"`} {
		r := request(t, "GET", base+path, nil)
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Accept-Language", "en-GB,en")
		if response, body := fetch(t, r); response.StatusCode != 404 || !strings.Contains(body, want) {
			t.Errorf("%s: %d, without %s: %s", path, response.StatusCode, want, body)
		}
	}
}

func TestLogAndMetricsNameRoutesAndNobody(t *testing.T) {
	var log bytes.Buffer
	base, metrics := start(t, server.Config{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	fetch(t, request(t, "GET", base+"/p/K7M4TQ9ZX?lang=en", nil))
	fetch(t, request(t, "GET", base+"/invented/K7M4TQ9ZX", nil))
	_, page := fetch(t, request(t, "GET", metrics+"/metrics", nil))
	if !strings.Contains(page, `route="/p/:token"`) || !strings.Contains(page, `route="(none)"`) {
		t.Errorf("routes are missing:\n%s", page)
	}
	for _, secret := range []string{"K7M4TQ9ZX", "127.0.0.1", "lang=en"} {
		if strings.Contains(log.String(), secret) || strings.Contains(page, secret) {
			t.Errorf("%s is in the log or the metrics", secret)
		}
	}
	if response, _ := fetch(t, request(t, "GET", base+"/metrics", nil)); response.StatusCode != 404 {
		t.Errorf("metrics are public: %d", response.StatusCode)
	}
}

// Browsers open connections ahead of need; a server that is asked to stop must
// not wait for them.
func TestStoppingDoesNotWaitForConnectionsThatNeverSpoke(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.New(server.Config{}, probe{}).Serve(ctx, listener, nil) }()
	silent, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	fetch(t, request(t, "GET", "http://"+listener.Addr().String()+"/healthz", nil))
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("stopping: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("still waiting after 10 seconds")
	}
}
