package page_test

import (
	"io"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"

	"hailong/server/page"
)

// What a stranger writes into the header counts for nothing; what the proxy that
// we believe added last does. Fiber's test connection comes from 0.0.0.0.
func TestPeerBelievesOnlyTheProxyItWasTold(t *testing.T) {
	for _, c := range []struct {
		name      string
		proxies   []string
		forwarded string
		want      string
	}{
		{"no proxy", nil, "198.51.100.7", "0.0.0.0"},
		{"another proxy", []string{"192.0.2.1"}, "198.51.100.7", "0.0.0.0"},
		{"the proxy", []string{"0.0.0.0"}, "203.0.113.9, 198.51.100.7", "198.51.100.7"},
		{"an address of the newer kind", []string{"0.0.0.0"}, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"},
		{"its neighbour", []string{"0.0.0.0"}, "2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"},
		{"the older kind, mapped", []string{"0.0.0.0"}, "::ffff:198.51.100.7", "198.51.100.7"},
		{"the proxy, silent", []string{"0.0.0.0"}, "", "0.0.0.0"},
	} {
		app := fiber.New(fiber.Config{EnableTrustedProxyCheck: true, TrustedProxies: c.proxies})
		app.Get("/", func(ctx *fiber.Ctx) error { return ctx.SendString(page.Peer(ctx)) })
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Forwarded-For", c.forwarded)
		response, err := app.Test(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || string(body) != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.name, body, c.want, err)
		}
	}
}
