package main

import (
	"context"
	"fmt"
	mrand "math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"hailong/bench/subject"
	"hailong/server"
	"hailong/server/citizen"
	"hailong/server/guard"
	"hailong/store"
	"hailong/store/sqlitestore"
)

// assemble puts the server over a prepared database, in this process.
func assemble(b *testing.B) (*subject.Subject, fasthttp.RequestHandler) {
	b.Helper()
	ctx := context.Background()
	s, err := subject.Prepare(ctx, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	engine, err := sqlitestore.Open(ctx, filepath.Join(s.Folder, "hailong.db"))
	if err != nil {
		b.Fatal(err)
	}
	st := store.New(engine)
	b.Cleanup(func() {
		st.Close()
		if err := engine.Close(); err != nil {
			b.Error(err)
		}
	})
	limits := citizen.Limits{Token: guard.Rate{Burst: 1e9, PerSecond: 1e9}, Counter: guard.Rate{Burst: 1e9, PerSecond: 1e9}, Wrong: guard.Rate{Burst: 1e9, PerSecond: 1e9}}
	part := citizen.New(citizen.Config{Store: st, Keys: s.Keys(), Limits: limits})
	return s, server.New(server.Config{}, part).App().Handler()
}

// BenchmarkAnswer is one complete answer from its body to the durable row, 64 at
// once, without the network.
func BenchmarkAnswer(b *testing.B) {
	s, handler := assemble(b)
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		random := mrand.New(mrand.NewPCG(mrand.Uint64(), 1))
		answers := s.Answers(random)
		var c fasthttp.RequestCtx // reused, as the server reuses its own
		for pb.Next() {
			c.Request.Reset()
			c.Response.Reset()
			c.Request.Header.SetMethod(fiber.MethodPost)
			c.Request.SetRequestURI("/b")
			c.Request.Header.SetContentType(fiber.MIMEApplicationForm)
			c.Request.Header.Set(fiber.HeaderAccept, fiber.MIMEApplicationJSON)
			c.Request.SetBodyString(answers + "&ballot=" + s.Ballot(random))
			handler(&c)
			if c.Response.StatusCode() != fiber.StatusCreated {
				b.Errorf("%d %s", c.Response.StatusCode(), c.Response.Body())
				return
			}
		}
	})
}

// BenchmarkForm is one page with a fresh ballot.
func BenchmarkForm(b *testing.B) {
	s, handler := assemble(b)
	b.ReportAllocs()
	var c fasthttp.RequestCtx // reused, as the server reuses its own
	for i := 0; b.Loop(); i++ {
		c.Request.Reset()
		c.Response.Reset()
		c.Request.SetRequestURI(fmt.Sprintf("/q/%s", s.Counters[i%len(s.Counters)]))
		c.Request.Header.Set(fiber.HeaderAcceptEncoding, "gzip")
		handler(&c)
		if c.Response.StatusCode() != fiber.StatusOK {
			b.Fatalf("%d %s", c.Response.StatusCode(), c.Response.Body())
		}
	}
}
