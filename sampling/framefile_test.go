package sampling_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/sampling"
)

// fileOf is a frame that is read anew at every pass.
func fileOf(text string) (sampling.FrameFile, error) {
	return sampling.OpenFrame(func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil })
}

// scratchIn makes temporary files in a folder of the test.
func scratchIn(t *testing.T) sampling.Scratch {
	folder := t.TempDir()
	return func() (sampling.ScratchFile, error) { return os.CreateTemp(folder, "scratch-*") }
}

// A frame that stays in its file gives the same bytes as one in memory: sample,
// receipt, lines, and what is wrong with it.
func TestAFrameInItsFileIsDrawnAsOneInMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2026))
	drawn, refused := 0, 0
	for i := range 400 {
		text, p := randomFrame(r, 1+r.IntN(80), nil), mustPlan(t, randomPlan(r))
		if r.IntN(4) == 0 { // spoil a row: a key twice, a size gone
			spoilt := [][2]string{{"\n004,", "\n003,"}, {",1,", ",x,"}}[r.IntN(2)]
			text = strings.Replace(text, spoilt[0], spoilt[1], 1)
		}
		if r.IntN(3) == 0 {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		var lines bytes.Buffer
		in := sampling.DrawInput{Beacon: fmt.Sprint(i)}
		s, receipt, err := sampling.Draw(mustFrame(t, text), p, in)
		file, openErr := fileOf(text)
		if openErr != nil {
			t.Fatal(openErr)
		}
		in.Lines, in.Scratch = &lines, scratchIn(t)
		again, other, fileErr := sampling.Draw(file, p, in)
		if fmt.Sprint(err) != fmt.Sprint(fileErr) {
			t.Fatalf("in memory: %v, from the file: %v", err, fileErr)
		}
		if err != nil {
			refused++
			continue
		}
		drawn++
		if !bytes.Equal(s.CSV(), again.CSV()) || !bytes.Equal(receipt.Encode(), other.Encode()) {
			t.Fatalf("other samples of %s:\n%s\n%s", p.Canonical(), s.CSV(), again.CSV())
		}
		if sampling.DigestOf(lines.Bytes()) != receipt.FrameDigest {
			t.Fatalf("the lines do not give the frame's digest: %s", lines.Bytes())
		}
		if err := sampling.Verify(file, receipt, sampling.Evidence{Sample: s.CSV(), Lines: bytes.NewReader(lines.Bytes())}); err != nil {
			t.Fatalf("the file does not verify: %v", err)
		}
	}
	if drawn < 150 || refused < 50 {
		t.Errorf("only %d draws and %d refusals were compared", drawn, refused)
	}
}

// randomPlan is a plan of any method for a randomFrame.
func randomPlan(r *rand.Rand) string {
	any := func(of ...string) string { return of[r.IntN(len(of))] }
	method := any("srs", "systematic", "pps_systematic", "pps_sampford", "pps_pareto", "poisson", "all")
	count := fmt.Sprintf(`"n":%d`, 1+r.IntN(5))
	switch {
	case method == "all":
		count = `"n":null`
	case r.IntN(3) == 0:
		count = fmt.Sprintf(`"allocation":{"total":%d,"rule":%q,"min":%d}`, 6+r.IntN(10), any("proportional", "equal"), r.IntN(3))
	}
	return fmt.Sprintf(`{"id":"p","key":"code","strata":%s,"method":%q,"size":"size",%s,"reserve":%d,"certainty":%s,"order":%s,"where":%s}`,
		any(`[]`, `["kind"]`, `["kind","province"]`), method, count, r.IntN(4), any(`[]`, `["003"]`, `["001","004"]`),
		any(`[]`, `["order","name"]`, `["name"]`), any(`[]`, `[{"var":"province","op":"==","value":"1"}]`, `[{"var":"size","op":">","value":1}]`))
}

// A frame that changes between the passes is not drawn from.
func TestAFrameThatChangesMeanwhileIsRefused(t *testing.T) {
	versions := []string{register, register, strings.Replace(register, "05,Em,50", "05,Em,51", 1)}
	file, err := sampling.OpenFrame(func() (io.ReadCloser, error) {
		text := versions[0]
		versions = versions[1:]
		return io.NopCloser(strings.NewReader(text)), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = sampling.Draw(file, mustPlan(t, `{"key":"code","method":"srs","n":2}`), sampling.DrawInput{Beacon: "b"})
	if codes(err) != "frame.changed" || !fault.Is(err, fault.Conflict) {
		t.Errorf("%v, want frame.changed", err)
	}
}

// Repeated keys are found by name among more than memory holds at once, whatever
// lies between them.
func TestDuplicateKeysAreFoundInALargeFile(t *testing.T) {
	const rows = 400_000 // some 3 MB of hashes, of which 1 MB is held
	var text strings.Builder
	text.WriteString("key\n")
	for i := range rows {
		fmt.Fprintf(&text, "k%d\n", i)
	}
	text.WriteString("k17\nk399999\nk17\n")
	file, err := fileOf(text.String())
	if err != nil {
		t.Fatal(err)
	}
	plan := mustPlan(t, `{"key":"key","method":"srs","n":2}`)
	_, _, err = sampling.Draw(file, plan, sampling.DrawInput{Beacon: "b", Scratch: scratchIn(t)})
	want := "invalid: frame.duplicate_key column=key row=400002 key=k17 first=19; " +
		"frame.duplicate_key column=key row=400003 key=k399999 first=400001; " +
		"frame.duplicate_key column=key row=400004 key=k17 first=19"
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

// A scratch folder that is full or gone stops the draw with its own message.
func TestAScratchThatFailsIsNamed(t *testing.T) {
	var text strings.Builder
	text.WriteString("key\n")
	for i := range 200_000 {
		fmt.Fprintf(&text, "k%d\n", i)
	}
	gone := func() (sampling.ScratchFile, error) { return os.Create(filepath.Join(t.TempDir(), "no", "such")) }
	file, err := fileOf(text.String())
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = sampling.Draw(file, mustPlan(t, `{"key":"key","method":"srs","n":2}`), sampling.DrawInput{Beacon: "b", Scratch: gone})
	if codes(err) != "draw.scratch" || !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v, want draw.scratch", err)
	}
}
