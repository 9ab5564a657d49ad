package spec

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"
)

// readAll reads every record, or the error that stops it.
func readAll(next func() ([]string, error)) (all [][]string, failed bool) {
	for {
		record, err := next()
		if err == io.EOF {
			return all, false
		}
		if err != nil {
			return all, true
		}
		all = append(all, slices.Clone(record))
	}
}

// readPieces reads every record of a text that is cut into pieces.
func readPieces(text string, size int) (all [][]string, failed bool) {
	cut := pieces{in: strings.NewReader(text), size: size}
	width := 0
	for {
		p, err := cut.next(nil)
		if err != nil {
			return all, err != io.EOF
		}
		in := records{data: p.data, line: p.line, width: width}
		more, bad := readAll(func() ([]string, error) {
			record, err := in.read()
			return texts(record), err
		})
		width = in.width
		all = append(all, more...)
		if bad {
			return all, true
		}
	}
}

// FuzzRecordsAreThoseOfEncodingCSV compares the fast reader with the slow one.
func FuzzRecordsAreThoseOfEncodingCSV(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,2\n", "a,b\r\n1,2\r\n", "a\n\n\nb", "a,b\n\"x,y\",\"z\"\"\"\n", "\"a\nb\",c\nd,e\n", "a,b\n1\n", "a,\"b\nc", "a,b\"\n1,2",
		"\"a\"x,b\n", ",\n,\n", "", "\n", "a\r\rb\n", "\"z\r\r\n\n~\",\x82\r\v", "\"a\r\nb\",c\r\n",
		strings.Repeat("x", 70_000) + ",y\n1,2\n",
	} {
		f.Add(text, 1)
		f.Add(text, 7)
		f.Add(text, pieceSize)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		if size < 1 || size > 1<<20 {
			size = 1
		}
		if strings.HasPrefix(text, "\ufeff") {
			return // encoding/csv takes the byte order mark for text
		}
		slow := csv.NewReader(strings.NewReader(text))
		want, wantFailed := readAll(slow.Read)
		got, gotFailed := readPieces(text, size)
		if gotFailed != wantFailed || !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("%q: got %q, failed %v; want %q, failed %v", text, got, gotFailed, want, wantFailed)
		}
	})
}
