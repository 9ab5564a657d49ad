package sampling_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hailong/fault"
	"hailong/sampling"
)

const register = "code,name,size\n01,An,10\n02,Bình,20\n03,Cường,30\n04,Dũng,40\n05,Em,50\n"

func drawn(t *testing.T) (sampling.Frame, sampling.Sample, sampling.Receipt) {
	t.Helper()
	f := mustFrame(t, register)
	p := mustPlan(t, `{"id":"p","key":"code","method":"pps_systematic","size":"size","n":2,"reserve":1}`)
	c, err := sampling.Commit(f, p, sampling.CommitInput{Source: "lottery:XSQN:2026-03-31", At: time.Date(2026, 3, 30, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	s, r := mustDraw(t, f, p, sampling.DrawInput{Commitment: &c, Beacon: "12 34 56"})
	return f, s, r
}

// Whatever was done to the frame after the draw is found and its first row named.
func TestWhatWasDoneToTheFrameIsNamed(t *testing.T) {
	f, _, r := drawn(t)
	for name, c := range map[string]struct{ frame, want string }{
		"a changed letter":  {strings.Replace(register, "Bình", "Binh", 1), "draw.row_changed row=3"},
		"a changed size":    {strings.Replace(register, "An,10", "An,11", 1), "draw.row_changed row=2"},
		"a swapped pair":    {"code,name,size\n01,An,10\n03,Cường,30\n02,Bình,20\n04,Dũng,40\n05,Em,50\n", "draw.row_moved row=3 from=4"},
		"another order":     {"code,name,size\n05,Em,50\n04,Dũng,40\n03,Cường,30\n02,Bình,20\n01,An,10\n", "draw.row_moved row=2 from=6"},
		"a removed row":     {strings.Replace(register, "02,Bình,20\n", "", 1), "draw.row_missing row=3"},
		"an added row":      {strings.Replace(register, "02,", "07,Phúc,5\n02,", 1), "draw.row_added row=3"},
		"the last rows cut": {strings.Replace(register, "04,Dũng,40\n05,Em,50\n", "", 1), "draw.rows_missing row=5 rows=2"},
		"rows at the end":   {register + "06,Giang,5\n", "draw.rows_added row=7 rows=1"},
		"a renamed column":  {strings.Replace(register, "name", "tên", 1), "draw.row_changed row=1"},
	} {
		err := sampling.Verify(mustFrame(t, c.frame), r, sampling.Evidence{Lines: bytes.NewReader(f.Lines())})
		if got := fault.ProblemsOf(err)[0].String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if err := sampling.Verify(f, r, sampling.Evidence{Lines: bytes.NewReader(f.Lines()[65:])}); codes(err) != "draw.lines_changed" {
		t.Errorf("with changed lines: %v", err)
	}
	other := mustFrame(t, strings.Replace(register, "An", "Ân", 1))
	if err := sampling.Verify(other, r, sampling.Evidence{}); codes(err) != "draw.frame_differs" {
		t.Errorf("without lines: %v", err)
	}
	if err := sampling.Verify(other, r, sampling.Evidence{Lines: bytes.NewReader(other.Lines())}); codes(err) != "draw.lines_differ" {
		t.Errorf("with the lines of the other frame: %v", err)
	}
}

// Whatever was done to the receipt is found.
func TestWhatWasDoneToTheReceiptIsNamed(t *testing.T) {
	f, _, r := drawn(t)
	for want, change := range map[string]func(*sampling.Receipt){
		"draw.plan_differs":   func(r *sampling.Receipt) { r.Plan.N.Each = 3 },
		"draw.parent_differs": func(r *sampling.Receipt) { r.ParentDigest = r.FrameDigest },
		"draw.seed_differs":   func(r *sampling.Receipt) { r.Beacon = "12 34 57" },
		"draw.digest_differs": func(r *sampling.Receipt) { r.SampleDigest = r.FrameDigest },
		"draw.other_source":   func(r *sampling.Receipt) { r.Source = "lottery:XSQN:2026-04-01" },
		"draw.status_differs": func(r *sampling.Receipt) { r.Commitment = nil },
		"draw.generator":      func(r *sampling.Receipt) { r.Generator = "pcg" },
		"draw.counts_differ":  func(r *sampling.Receipt) { r.Counts = nil },
		"draw.other_plan":     func(r *sampling.Receipt) { r.Commitment.PlanDigest = r.FrameDigest },
		"draw.beacon":         func(r *sampling.Receipt) { r.Beacon = " " },
	} {
		bent, err := sampling.ReadReceipt(bytes.NewReader(r.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if err := sampling.Verify(f, bent, sampling.Evidence{}); err != nil {
			t.Fatalf("the receipt as read: %v", err)
		}
		change(&bent)
		if err := sampling.Verify(f, bent, sampling.Evidence{}); codes(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// The commitment published before the event must be the receipt's.
func TestThePublishedCommitmentIsTheReceipts(t *testing.T) {
	f, _, r := drawn(t)
	published := *r.Commitment
	if err := sampling.Verify(f, r, sampling.Evidence{Commitment: &published}); err != nil {
		t.Errorf("the published one: %v", err)
	}
	published.Attempt = 2
	if err := sampling.Verify(f, r, sampling.Evidence{Commitment: &published}); codes(err) != "draw.other_commitment" {
		t.Errorf("another attempt: %v", err)
	}
}

// Whatever was done to the sample is found, with row and column.
func TestWhatWasDoneToTheSampleIsNamed(t *testing.T) {
	f, s, r := drawn(t)
	lines := strings.SplitAfter(string(s.CSV()), "\n")
	for name, c := range map[string]struct{ sample, want string }{
		"another unit":     {lines[0] + strings.Replace(lines[1], string(s.Units[0].Key), "09", 1) + lines[2] + lines[3], "draw.sample_row column=code row=2"},
		"a swapped pair":   {lines[0] + lines[2] + lines[1] + lines[3], "draw.sample_row column=code row=2"},
		"a missing row":    {lines[0] + lines[1] + lines[2], "draw.sample_rows row=4"},
		"an added row":     {string(s.CSV()) + lines[3], "draw.sample_rows row=5"},
		"a changed weight": {lines[0] + lines[1] + strings.Replace(lines[2], ",main,", ",certainty,", 1) + lines[3], "draw.sample_row column=role row=3"},
		"saved anew":       {strings.ReplaceAll(string(s.CSV()), "\n", "\r\n"), "draw.sample_form"},
		"no CSV":           {"\"", "draw.sample_malformed"},
		"a longer row":     {lines[0] + strings.Replace(lines[1], "\n", ",x\n", 1) + lines[2] + lines[3], "draw.sample_row row=2"},
	} {
		err := sampling.Verify(f, r, sampling.Evidence{Sample: []byte(c.sample)})
		if got := fault.ProblemsOf(err)[0].String(); err == nil || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Attempts are numbered and name the one before; the times of events are known
// where their names say them.
func TestCommitmentsAreNumberedAndKnowTheirEvent(t *testing.T) {
	f, p := mustFrame(t, register), mustPlan(t, `{"id":"p","key":"code","method":"srs","n":2}`)
	at := time.Date(2026, 3, 30, 16, 59, 59, 0, time.UTC)
	first, err := sampling.Commit(f, p, sampling.CommitInput{Source: "lottery:XSQN:2026-03-31", At: at})
	if err != nil {
		t.Fatal(err)
	}
	again, err := sampling.Commit(f, p, sampling.CommitInput{Source: "dice:Hạ Long:sáng mai", At: at, Previous: &first})
	if err != nil {
		t.Fatal(err)
	}
	if first.Attempt != 1 || again.Attempt != 2 || again.Previous != first.Digest() {
		t.Errorf("attempts %d and %d, previous %s", first.Attempt, again.Attempt, again.Previous)
	}
	read, err := sampling.ReadCommitment(bytes.NewReader(first.Encode()))
	if err != nil || read.Digest() != first.Digest() {
		t.Errorf("the commitment reads as %+v (%v)", read, err)
	}
	for source, want := range map[sampling.Source]string{
		"drand:quicknet:1":                       "2023-08-23T15:09:27Z", // genesis 1692803367
		"drand:quicknet:21":                      "2023-08-23T15:10:27Z",
		"drand:default:1":                        "",
		"lottery:XSQN:2026-03-31":                "2026-03-30T17:00:00Z", // the day begins in Việt Nam
		"dice:Hạ Long:2026-03-01T09:00:00+07:00": "2026-03-01T02:00:00Z",
		"dice:Hạ Long:sáng mai":                  "",
		"drand:quicknet:next":                    "",
	} {
		got := ""
		if when, ok := source.Time(); ok {
			got = when.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s happens at %q, want %q", source, got, want)
		}
	}
	if foresaw, known := first.Foresaw(); !foresaw || !known {
		t.Error("the second before the lottery's day is before it")
	}
	evening := first
	evening.At = at.Add(20 * time.Hour) // the numbers may be out, for all that the name says
	if foresaw, known := evening.Foresaw(); foresaw || !known {
		t.Error("on the lottery's day the outcome may be known")
	}
	for _, source := range []sampling.Source{"", "drand:quicknet", "drand::5", "drand:quicknet:next", "drand:default:0", "coin:a:b", "dice:a:b\nc"} {
		if _, err := sampling.Commit(f, p, sampling.CommitInput{Source: source, At: at}); codes(err) != "draw.source" {
			t.Errorf("%q: %v", source, err)
		}
	}
	if _, err := sampling.Commit(f, mustPlan(t, `{"key":"code","method":"srs","n":9}`), sampling.CommitInput{Source: first.Source, At: at}); codes(err) != "draw.n_too_large" {
		t.Errorf("a plan that cannot be drawn: %v", err)
	}
}
