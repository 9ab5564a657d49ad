package files

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/sampling"
)

// serve answers every request with an archive and returns the address, and what
// tells that an archive was given up or sent.
func serve(t *testing.T, entries []Entry) (address string, done chan struct{}) {
	t.Helper()
	done = make(chan struct{}, 1)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error { return SendArchive(c, "all.zip", entries, func() { done <- struct{}{} }) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + listener.Addr().String(), done
}

func text(s string) func(context.Context, io.Writer) error {
	return func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func get(t *testing.T, address string) (*http.Response, []byte, error) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

func TestAnArchiveIsSentWhole(t *testing.T) {
	address, done := serve(t, []Entry{{"a/one.txt", text("một")}, {"two.txt", text("hai")}})
	response, body, err := get(t, address)
	if err != nil || response.Header.Get("Content-Disposition") != `attachment; filename="all.zip"` || response.Header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%v, %+v", err, response)
	}
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || len(archive.File) != 2 || archive.File[0].Name != "a/one.txt" {
		t.Fatalf("%v, %+v", err, archive)
	}
	<-done
}

// A file that cannot be made in the middle, by an error or worse, is a broken
// download and not a shorter archive.
func TestAFailureMidwayIsSeenAsABrokenDownload(t *testing.T) {
	for name, fails := range map[string]func(context.Context, io.Writer) error{
		"an error": func(context.Context, io.Writer) error { return errors.New("the store is away") },
		"a panic":  func(context.Context, io.Writer) error { panic("a bug") },
	} {
		address, done := serve(t, []Entry{{"one.txt", text(strings.Repeat("một ", 1<<18))}, {"two.txt", fails}, {"three.txt", text("ba")}})
		if _, body, err := get(t, address); err == nil {
			t.Errorf("%s: %d bytes came as if they were all", name, len(body))
		}
		<-done
	}
}

// Whoever hangs up stops the making.
func TestAnArchiveNobodyFetchesIsGivenUp(t *testing.T) {
	endless := func(ctx context.Context, w io.Writer) error {
		noise := make([]byte, 1<<16)
		for i := uint32(1); ; {
			for at := range noise {
				i = i*1664525 + 1013904223
				noise[at] = byte(i >> 24)
			}
			if _, err := w.Write(noise); err != nil {
				return err
			}
		}
	}
	address, done := serve(t, []Entry{{"endless", endless}})
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, response.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	<-done
}

// rows is a stored frame of very many people, made as it is read.
type rows struct{ n int }

func (r rows) OpenBlob(context.Context, string) (io.ReadCloser, error) {
	out, in := io.Pipe()
	go func() {
		_, err := io.WriteString(in, "key,village,order,seal\n")
		for i := range r.n {
			if err != nil {
				break
			}
			_, err = fmt.Fprintf(in, "%016x,06994-03,%d,%064x\n", i, i+1, i)
		}
		in.CloseWithError(err)
	}()
	return out, nil
}

// The frame of very many people goes into an archive, with its lines, in the memory
// of a few buffers.
func TestAnArchiveOfManyPeopleTakesLittleMemory(t *testing.T) {
	const people, most = 300_000, 24 << 20 // the frame alone has 33 MB
	d := conduct.Draw{Stage: conduct.People, Attempt: 1, Frame: "frame"}
	entries := DrawEntries(rows{people}, d, DrawFolder(d), []string{"frame.csv", "frame.lines"})
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak := &peakWriter{}
	if err := Archive(t.Context(), peak, entries); err != nil {
		t.Fatal(err)
	}
	if grown := int64(peak.heap) - int64(before.HeapAlloc); grown > most {
		t.Errorf("the heap grew by %d MB for an archive of %d", grown>>20, peak.written>>20)
	}
}

// peakWriter remembers how large the heap was while it was written to.
type peakWriter struct {
	written, looked int
	heap            uint64
}

func (p *peakWriter) Write(b []byte) (int, error) {
	if p.written += len(b); p.written-p.looked > 1<<20 {
		p.looked = p.written
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		p.heap = max(p.heap, now.HeapAlloc)
	}
	return len(b), nil
}

// The lines written row by row are those of the frame in memory.
func TestLinesOfAStoredFrameAreThoseOfTheFrame(t *testing.T) {
	frame, err := sampling.NewFrame([]string{"key", "name"}, [][]string{{"1", "Ngõ 3, Đông Xá"}, {"2", "hai\ndòng \"trích\""}, {"3", ""}})
	if err != nil {
		t.Fatal(err)
	}
	var csv, lines bytes.Buffer
	if err := frame.WriteCSV(&csv); err != nil {
		t.Fatal(err)
	}
	if err := sampling.WriteLines(&lines, &csv); err != nil || !bytes.Equal(lines.Bytes(), frame.Lines()) {
		t.Errorf("%v\n%s\n%s", err, lines.Bytes(), frame.Lines())
	}
}
