package sampling_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hailong/sampling"
)

// randomFrame has units in two provinces and up to three kinds, with sizes that
// make some units certain.
func randomFrame(r *rand.Rand, units int, parents []string) string {
	var out strings.Builder
	out.WriteString("code,name,kind,province,size,order\n")
	for i := range units {
		province := fmt.Sprint(1 + r.IntN(2))
		if parents != nil {
			province = parents[i%len(parents)]
		}
		fmt.Fprintf(&out, "%03d,\"Xã \"\"Đồng, %d\"\"\",%s,%s,%d,%s\n", i, i, []string{"Xã", "Phường", "Đặc khu"}[r.IntN(3)], province,
			1+r.IntN(30)*r.IntN(30), []string{fmt.Sprint(r.IntN(120)), "NA", ""}[min(2, r.IntN(12))])
	}
	return out.String()
}

// compare draws with the package and with the second verifier, and returns the
// sample and receipt if the plan could be drawn.
func compare(t *testing.T, frame, plan string, parent, beacon string) (sample, receipt []byte) {
	t.Helper()
	f, p := mustFrame(t, frame), mustPlan(t, plan)
	in := sampling.DrawInput{Beacon: beacon, Source: "dice:Bình Liêu:2026-03-01T09:00:00+07:00"}
	again := second{source: string(in.Source), beacon: beacon}
	if parent != "" {
		files := strings.SplitN(parent, "\x00", 2)
		var err error
		if in.Parent, err = sampling.ReadParent([]byte(files[0]), []byte(files[1])); err != nil {
			t.Fatal(err)
		}
		again.parent = readSecondParent([]byte(files[1]), "code")
	}
	s, r, err := sampling.Draw(f, p, in)
	if err != nil {
		return nil, nil // such as an n above its stratum; other tests say which
	}
	if err := sampling.Verify(f, r, sampling.Evidence{Parent: in.Parent, Sample: s.CSV()}); err != nil {
		t.Fatalf("the draw does not verify: %v\n%s", err, plan)
	}
	if again.frame, err = csv.NewReader(strings.NewReader(frame)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(plan), &again.plan); err != nil {
		t.Fatal(err)
	}
	if got := again.frameDigest(); got != string(r.FrameDigest) {
		t.Fatalf("frame digests differ: %s and %s", r.FrameDigest, got)
	}
	if got := again.planDigest(); got != string(r.PlanDigest) {
		t.Fatalf("plan digests differ: %s and %s", r.PlanDigest, got)
	}
	if got := again.seed(string(r.PlanDigest)); got != r.Seed {
		t.Fatalf("seeds differ: %s and %s", r.Seed, got)
	}
	if got := again.sample(string(r.PlanDigest)); got != string(s.CSV()) {
		t.Fatalf("samples differ.\nplan %s\npackage:\n%s\nsecond verifier:\n%s", plan, s.CSV(), got)
	}
	return s.CSV(), r.Encode()
}

// A second verifier, written from the specification alone, gets the same bytes
// for random frames and plans, over two stages.
func TestASecondVerifierGetsTheSameSample(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 3))
	drawn, chained := 0, 0
	for i := range 600 {
		plan := randomPlan(r)
		sample, receipt := compare(t, randomFrame(r, 20+r.IntN(30), nil), plan, "", fmt.Sprint("beacon ", i))
		if sample == nil {
			continue
		}
		drawn++
		next := strings.Replace(randomPlan(r), `"id":"p"`, fmt.Sprintf(`"id":"q","parent_key":"province","parent":%q`, sampling.DigestOf(receipt)), 1)
		parents := slices.Sorted(maps.Keys(readSecondParent(sample, "code")))
		if len(parents) == 0 {
			continue
		}
		if again, _ := compare(t, randomFrame(r, 90, parents), next, string(receipt)+"\x00"+string(sample), "next"); again != nil {
			chained++
		}
	}
	if drawn < 200 || chained < 60 {
		t.Errorf("only %d of 600 plans could be drawn, %d chained", drawn, chained)
	}
	t.Logf("compared %d draws and %d second stages", drawn, chained)
}
