package sampling_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hailong/sampling"
)

// The form of the file is not part of the frame: all of these are one frame.
func TestTheCanonicalFormIsOne(t *testing.T) {
	const canonical = "mã,tên\n1,\"Xã \"\"A\"\", B\"\n2,\"hai\ndòng\"\n"
	want := mustFrame(t, canonical)
	for name, file := range map[string]string{
		"byte order mark":   "\ufeff" + canonical,
		"CR LF":             strings.ReplaceAll(canonical, "\n", "\r\n"),
		"needless quotes":   "\"mã\",\"tên\"\n\"1\",\"Xã \"\"A\"\", B\"\n\"2\",\"hai\ndòng\"\n",
		"no final line end": strings.TrimSuffix(canonical, "\n"),
		"blank line":        strings.Replace(canonical, "1,", "\n1,", 1),
		"decomposed":        "ma\u0303,te\u0302n\n1,\"Xa\u0303 \"\"A\"\", B\"\n2,\"hai\ndo\u0300ng\"\n",
		"spaced header":     strings.Replace(canonical, "mã,tên", " mã , tên", 1),
	} {
		f, err := sampling.ReadFrame(strings.NewReader(file))
		if err != nil || f.Digest() != want.Digest() {
			t.Errorf("%s: %v, digest %s, want %s", name, err, f.Digest(), want.Digest())
		}
		var out bytes.Buffer
		if err := f.WriteCSV(&out); err != nil || out.String() != canonical {
			t.Errorf("%s: written %q (%v)", name, out.String(), err)
		}
	}
	// printf 'mã,tên' | sha256sum, and so on for the rows, then sha256sum of the lines
	if got := string(want.Digest()); got != frameDigestBySHA256Sum {
		t.Errorf("digest %s, by sha256sum %s", got, frameDigestBySHA256Sum)
	}
}

func TestFramesThatCannotBeReadAreNamedByRow(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"", "unreadable: frame.empty"},
		{"a,b\n1,2\n3\n", "invalid: frame.ragged row=3 values=1 columns=2"},
		{"a,b\n1,\"2\n", "unreadable: frame.malformed row=2 line=2"},
		{"a,b\n1,\xff\n", "unreadable: frame.not_utf8 column=b row=2"},
		{"a,,a\n", "invalid: frame.unnamed_column row=1 position=2; frame.repeated_column column=a row=1 name=a"},
		{"a,fpc\n", "invalid: frame.reserved_column column=fpc row=1 name=fpc"},
	} {
		_, err := sampling.ReadFrame(strings.NewReader(c.file))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.file, err, c.want)
		}
	}
}

// A frame is read as encoding/csv reads the file, save for normal forms, and
// written in a form that reads as the same frame.
func FuzzReadFrame(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\ufeffmã\r\n\"\"\r\n", "a,b\n\"x\"\"y\",\"1\r\n2\"\n", "a\n\xff\n", "a,a\n", "weight\n1\n",
		"a,b\n\n1,\"2\n\n3\"\n\r\n4,5\r", "a\n\"\n", "a,b\n1,x\"y\n2,\"z\n", "a\nb\rc\n\r\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		frame, err := sampling.ReadFrame(strings.NewReader(file))
		rows, csvErr := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
		if err != nil {
			known := regexp.MustCompile(`frame\.(empty|not_utf8|unnamed_column|repeated_column|reserved_column)`)
			if csvErr == nil && !known.MatchString(err.Error()) {
				t.Fatalf("encoding/csv reads %q, ReadFrame says %v", file, err)
			}
			return
		}
		if csvErr != nil || len(rows) != frame.Len()+1 {
			t.Fatalf("%q: %d rows, encoding/csv reads %d (%v)", file, frame.Len()+1, len(rows), csvErr)
		}
		for i, row := range rows[1:] {
			for j, value := range row {
				if want := norm.NFC.String(strings.ReplaceAll(value, "\r\n", "\n")); frame.Row(i)[j] != want {
					t.Fatalf("%q: row %d has %q, encoding/csv reads %q", file, i, frame.Row(i)[j], value)
				}
			}
		}
		var out bytes.Buffer
		if err := frame.WriteCSV(&out); err != nil {
			t.Fatal(err)
		}
		again, err := sampling.ReadFrame(bytes.NewReader(out.Bytes()))
		if err != nil || again.Digest() != frame.Digest() {
			t.Fatalf("%q was written as %q, which reads as another frame (%v)", file, out.Bytes(), err)
		}
	})
}

const frameDigestBySHA256Sum = "sha256:3482ef18f4276e0a77a8df3fbecf865cf2c555428f42f196d3d813ea81bcdb61"
