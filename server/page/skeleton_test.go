package page_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"hailong/server/page"
)

// The compressed page must be what any reader of gzip unpacks to the plain one.
func TestSkeletonFillsItsHolesPlainAndCompressed(t *testing.T) {
	body := strings.Repeat("<p>Rất hài lòng</p>\n", 500)
	template := "<h1>" + page.Hole(0) + "</h1>" + body + `<input value="` + page.Hole(1) + `">`
	s, err := page.NewSkeleton([]byte(template), 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, fills := range [][]string{{"a", "b"}, {"", ""}, {strings.Repeat("ữ", 20_000), "x"}} {
		want := "<h1>" + fills[0] + "</h1>" + body + `<input value="` + fills[1] + `">`
		if got := string(s.HTML(fills...)); got != want {
			t.Errorf("HTML: %d bytes, want %d", len(got), len(want))
		}
		zipped := s.Gzip(fills...)
		r, err := gzip.NewReader(bytes.NewReader(zipped))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r) // checks length and CRC-32
		if err != nil || string(got) != want {
			t.Errorf("Gzip: %d bytes, want %d: %v", len(got), len(want), err)
		}
		if len(zipped) > 600+len(fills[0])+len(fills[1]) {
			t.Errorf("%d bytes compressed", len(zipped))
		}
	}
}

func TestSkeletonMissesNoHole(t *testing.T) {
	if _, err := page.NewSkeleton([]byte("<p>"+page.Hole(0)), 2); err == nil {
		t.Error("a missing hole was not noticed")
	}
}

func BenchmarkSkeletonGzip(b *testing.B) {
	html := strings.Repeat("<label><input type=radio>Rất hài lòng</label>\n", 1000) + page.Hole(0)
	s, err := page.NewSkeleton([]byte(html), 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Gzip("eyJhbGciOiJIUzI1NiJ9")
	}
}
