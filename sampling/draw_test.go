package sampling_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/sampling"
)

// mustFrame reads a frame that is right.
func mustFrame(t testing.TB, csv string) sampling.Frame {
	t.Helper()
	f, err := sampling.ReadFrame(strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// mustPlan reads a plan that is right.
func mustPlan(t testing.TB, json string) sampling.Plan {
	t.Helper()
	p, err := sampling.ReadPlan(strings.NewReader(json))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// mustDraw draws with a beacon and checks that the receipt verifies.
func mustDraw(t testing.TB, f sampling.Frame, p sampling.Plan, in sampling.DrawInput) (sampling.Sample, sampling.Receipt) {
	t.Helper()
	s, r, err := sampling.Draw(f, p, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := sampling.Verify(f, r, sampling.Evidence{Parent: in.Parent, Sample: s.CSV(), Lines: bytes.NewReader(f.Lines())}); err != nil {
		t.Fatalf("the draw does not verify: %v", err)
	}
	return s, r
}

// frameOfSizes makes a frame of units "u01", "u02", … with the sizes.
func frameOfSizes(t testing.TB, sizes ...int) sampling.Frame {
	t.Helper()
	rows := make([][]string, len(sizes))
	for i, size := range sizes {
		rows[i] = []string{fmt.Sprintf("u%02d", i+1), fmt.Sprint(size)}
	}
	f, err := sampling.NewFrame([]string{"key", "size"}, rows)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// codes lists the codes of an error's problems.
func codes(err error) string {
	if err == nil {
		return ""
	}
	var all []string
	for _, p := range fault.ProblemsOf(err) {
		all = append(all, p.Code)
	}
	return strings.Join(all, " ")
}

// Units with n·x ≥ X are taken with certainty and the rest is computed again
// until none is. Expected: R 4.2.2, sampling 2.9,
// inclusionprobabilities(c(10, 20, 30, 15, 300, 90, 7), 4).
func TestProbabilitiesBySizeAreRs(t *testing.T) {
	f := frameOfSizes(t, 10, 20, 30, 15, 300, 90, 7)
	want := map[sampling.Key]float64{"u01": 0.24390243902439, "u02": 0.48780487804878, "u03": 0.73170731707317,
		"u04": 0.365853658536585, "u05": 1, "u06": 1, "u07": 0.170731707317073}
	seen := map[sampling.Key]bool{}
	for _, method := range []sampling.Method{sampling.PPSSystematic, sampling.PPSSampford, sampling.PPSPareto, sampling.Poisson} {
		for beacon := range 20 {
			p := sampling.Plan{Key: "key", Size: "size", Method: method, N: sampling.Counts{Each: 4}}
			s, _ := mustDraw(t, f, p, sampling.DrawInput{Beacon: fmt.Sprint(beacon)})
			if method != sampling.Poisson && len(s.Units) != 4 {
				t.Fatalf("%s drew %d units, want 4", method, len(s.Units))
			}
			for _, u := range s.Units {
				seen[u.Key] = true
				if math.Abs(u.InclusionProb-want[u.Key]) > 1e-14 || u.Weight != 1/u.InclusionProb {
					t.Errorf("%s %s: probability %v, weight %v, want %v", method, u.Key, u.InclusionProb, u.Weight, want[u.Key])
				}
				if (u.Role == sampling.RoleCertainty) != (want[u.Key] == 1) {
					t.Errorf("%s %s is %s with probability %v", method, u.Key, u.Role, want[u.Key])
				}
			}
		}
	}
	if len(seen) != len(want) {
		t.Errorf("of %d units only %v were ever drawn", len(want), seen)
	}
}

// Whoever draws with another plan than the committed one is told so, even if that
// plan names columns that the frame has not.
func TestAnotherPlanThanTheCommittedIsRefusedWhateverIsInIt(t *testing.T) {
	f := mustFrame(t, "key,kind\n1,x\n2,y\n")
	committed, err := sampling.Commit(f, mustPlan(t, `{"key":"key","method":"srs","n":1}`),
		sampling.CommitInput{Source: "dice:hall:2026-09-05T08:00:00+07:00"})
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range []string{
		`{"key":"code","method":"srs","n":1}`,
		`{"key":"key","strata":["ward"],"method":"srs","n":1}`,
		`{"key":"key","order":["ward"],"method":"srs","n":1}`,
		`{"key":"key","where":[{"var":"ward","op":"<","value":[]}],"method":"srs","n":1}`,
		`{"key":"key","method":"srs","n":2}`,
	} {
		_, _, err := sampling.Draw(f, mustPlan(t, plan), sampling.DrawInput{Commitment: &committed, Beacon: "1 2 3"})
		if codes(err) != "draw.other_plan" {
			t.Errorf("%s: %v, want draw.other_plan", plan, err)
		}
	}
}
