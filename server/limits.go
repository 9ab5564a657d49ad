package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"hailong/fault"
)

// The largest request bodies in bytes: a form, and a file that an officer
// uploads in the console.
const (
	formLimit   = 64 << 10
	uploadLimit = 32 << 20
	drainLimit  = 64 << 20 // above this the connection is cut instead
)

// consolePrefix begins the addresses that take uploads.
const consolePrefix = "/console/"

// publicPrefix begins the addresses of files that anybody downloads.
const publicPrefix = "/verify/"

// How long an upload may take to arrive, and a download to be taken.
const (
	uploadTimeout   = 5 * time.Minute
	downloadTimeout = 5 * time.Minute
)

func limitOf(path []byte) int {
	if bytes.HasPrefix(path, []byte(consolePrefix)) {
		return uploadLimit
	}
	return formLimit
}

// requestLimits sets how much of a body is read into memory, by address.
func requestLimits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	limits := fasthttp.RequestConfig{MaxRequestBodySize: limitOf(h.RequestURI())}
	if limits.MaxRequestBodySize == uploadLimit {
		limits.ReadTimeout = uploadTimeout
	}
	if bytes.HasPrefix(h.RequestURI(), []byte(publicPrefix)) {
		limits.WriteTimeout = downloadTimeout
	}
	return limits
}

// bodyLimit reads the whole body, whether a handler wants it or not, so that
// what is left of one request is never taken for the next. A body above its
// limit is read away and refused: the sender gets the refusal and not a broken
// connection. An upload of somebody who may not send one is read away too, and
// answered as if it were empty: strangers cost no memory.
func bodyLimit(mayUpload func(*fiber.Ctx) bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		request := c.Request()
		if !request.IsBodyStream() {
			return c.Next()
		}
		size, limit := request.Header.ContentLength(), limitOf(request.Header.RequestURI())
		if size > limit {
			return tooLarge(c, request.BodyStream())
		}
		if size > formLimit && !mayUpload(c) {
			if err := discard(request.BodyStream()); err != nil {
				return unreadable(c, err)
			}
			request.SetBodyRaw(nil)
			return c.Next()
		}
		body, err := readBody(request.BodyStream(), size)
		if err != nil {
			return unreadable(c, err)
		}
		if size < 0 && len(body) > formLimit {
			return tooLarge(c, request.BodyStream())
		}
		request.SetBodyRaw(body)
		return c.Next()
	}
}

// unreadable refuses a body that broke off.
func unreadable(c *fiber.Ctx, err error) error {
	c.Context().SetConnectionClose()
	return fault.Wrap(err, fault.Unreadable, "http.unreadable")
}

// readBody reads a body of known size, or of a size that only its end shows: of
// that, a byte more than a form at most, since browsers announce what they upload.
func readBody(stream io.Reader, size int) ([]byte, error) {
	if size < 0 {
		return io.ReadAll(io.LimitReader(stream, formLimit+1))
	}
	body := make([]byte, size)
	_, err := io.ReadFull(stream, body)
	return body, err
}

func tooLarge(c *fiber.Ctx, rest io.Reader) error {
	c.Context().SetConnectionClose()
	if err := discard(rest); err != nil {
		return fault.Wrap(err, fault.TooLarge, "http.too_large")
	}
	return fault.New(fault.TooLarge, "http.too_large")
}

// discard reads a body away, up to a bound.
func discard(body io.Reader) error {
	if body == nil {
		return nil
	}
	if _, err := io.CopyN(io.Discard, body, drainLimit); err != nil && err != io.EOF {
		return err
	}
	return nil
}

// longWork begins the addresses behind which a whole province is read, drawn or
// computed: half a million people are committed in some six seconds on two
// processors, and a database across the network takes longer.
var longWork = [][]byte{[]byte(consolePrefix + "rounds/"), []byte(consolePrefix + "import-"), []byte(publicPrefix)}

// longDeadline bounds a request for long work.
const longDeadline = 2 * time.Minute

func deadlineOf(path []byte, usual time.Duration) time.Duration {
	for _, prefix := range longWork {
		if bytes.HasPrefix(path, prefix) {
			return max(usual, longDeadline)
		}
	}
	return usual
}

// deadline gives every request a context that ends. It does not end when the
// reader hangs up: what is queued for storing is stored.
func deadline(usual time.Duration) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(context.Background(), deadlineOf(c.Request().URI().Path(), usual))
		defer cancel()
		c.SetUserContext(ctx)
		return c.Next()
	}
}

// recovered turns a panic of a handler into an error that is logged with its
// stack, so that one request cannot take the server down.
func recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.Wrap(fmt.Errorf("panic: %v\n%s", r, debug.Stack()), fault.Internal, "internal")
		}
	}()
	return c.Next()
}
