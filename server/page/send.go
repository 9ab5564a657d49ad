package page

import (
	"bytes"
	"compress/gzip"
	"html/template"
	"net/netip"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"hailong/static"
)

// zipFrom is the size in bytes from which compressing a page pays.
const zipFrom = 1024

// writers are reused: a gzip writer is some hundred kilobytes.
var writers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, gzip.DefaultCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// SendHTML answers with a page, compressed if the reader can unpack it.
func SendHTML(c *fiber.Ctx, status int, html []byte) error {
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Vary(fiber.HeaderAcceptEncoding)
	if len(html) < zipFrom || !takesGzip(c) {
		return c.Send(html)
	}
	var buffer bytes.Buffer
	w := writers.Get().(*gzip.Writer)
	defer writers.Put(w)
	w.Reset(&buffer)
	if _, err := w.Write(html); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(buffer.Bytes())
}

// sendEither answers with the variant that the reader can unpack.
func sendEither(c *fiber.Ctx, plain, zipped []byte) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	if !takesGzip(c) {
		return c.Send(plain)
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(zipped)
}

func takesGzip(c *fiber.Ctx) bool {
	return strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip")
}

// WantsJSON reports whether the reader is a script rather than a browser.
func WantsJSON(c *fiber.Ctx) bool {
	accept := c.Get(fiber.HeaderAccept)
	return strings.Contains(accept, "json") && c.Accepts(fiber.MIMETextHTML, fiber.MIMEApplicationJSON) == fiber.MIMEApplicationJSON
}

// Lang is the interface language that the reader wants: the query parameter
// lang, else the browser's first language, else Vietnamese.
func Lang(c *fiber.Ctx) static.Lang {
	if tag := c.Query("lang"); tag != "" {
		return static.ParseLang(tag)
	}
	first, _, _ := strings.Cut(c.Get(fiber.HeaderAcceptLanguage), ",")
	return static.ParseLang(strings.TrimSpace(first))
}

// contentPolicy is the content security policy of a page: nothing from anybody
// else, no script in the text, styles by their digest.
func contentPolicy(style template.HTML, scripts bool) string {
	policy := "default-src 'none'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	if style != "" {
		policy += "; style-src " + styleHash(style)
	}
	if scripts {
		policy += "; script-src 'self'; connect-src 'self'"
	}
	return policy
}

// Headers is the middleware that sets the headers of every answer; a page
// replaces the content policy by its own. With https the browser is told to
// come back that way only.
func Headers(https bool) fiber.Handler {
	headers := [][2][]byte{
		{[]byte(fiber.HeaderContentSecurityPolicy), []byte(contentPolicy("", false))},
		{[]byte(fiber.HeaderXContentTypeOptions), []byte("nosniff")},
		{[]byte(fiber.HeaderReferrerPolicy), []byte("no-referrer")},
		{[]byte(fiber.HeaderXFrameOptions), []byte("DENY")},
		{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
		{[]byte("Cross-Origin-Resource-Policy"), []byte("same-origin")},
		{[]byte("Permissions-Policy"), []byte("camera=(), geolocation=(), microphone=()")},
		{[]byte(fiber.HeaderCacheControl), []byte("no-store")},
	}
	if https {
		headers = append(headers, [2][]byte{[]byte(fiber.HeaderStrictTransportSecurity), []byte("max-age=31536000")})
	}
	return func(c *fiber.Ctx) error {
		for _, h := range headers {
			c.Response().Header.SetCanonical(h[0], h[1])
		}
		return c.Next()
	}
}

// Peer is the address that a request comes from: the connection's, or, behind a
// proxy that the server was told to believe, the last one that the proxy added.
// Of an IPv6 address it is the network: whoever has one address of a /64 has all.
// It is for throttling in memory and never written down.
func Peer(c *fiber.Ctx) string {
	direct := c.Context().RemoteIP().String()
	if len(c.App().Config().TrustedProxies) == 0 || !c.IsProxyTrusted() {
		return network(direct)
	}
	forwarded := c.Get(fiber.HeaderXForwardedFor)
	if last := strings.TrimSpace(forwarded[strings.LastIndexByte(forwarded, ',')+1:]); last != "" {
		return network(last)
	}
	return network(direct)
}

// network is the /64 of an IPv6 address, an IPv4 address itself, and any other
// text as it is.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}
