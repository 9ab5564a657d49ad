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
	for i := range 400 {
		method := []string{"srs", "systematic", "pps_systematic", "pps_sampford", "pps_pareto", "poisson", "all"}[i%7]
		count := fmt.Sprintf(`"n":%d`, 1+r.IntN(5))
		switch {
		case method == "all":
			count = `"n":null`
		case r.IntN(3) == 0:
			count = fmt.Sprintf(`"allocation":{"total":%d,"rule":%q,"min":%d}`, 6+r.IntN(10), []string{"proportional", "equal"}[r.IntN(2)], r.IntN(3))
		}
		strata := []string{`[]`, `["kind"]`, `["kind","province"]`}[r.IntN(3)]
		certainty := []string{`[]`, `["003"]`, `["001","004"]`}[r.IntN(3)]
		where := []string{`[]`, `[{"var":"province","op":"==","value":"1"}]`, `[{"var":"size","op":">","value":1}]`}[r.IntN(3)]
		plan := fmt.Sprintf(`{"id":"p","key":"code","strata":%s,"method":%q,"size":"size",%s,"reserve":%d,"certainty":%s,"order":%s,"where":%s}`,
			strata, method, count, r.IntN(4), certainty, []string{`[]`, `["order","name"]`, `["name"]`}[r.IntN(3)], where)
		sample, receipt := compare(t, randomFrame(r, 20+r.IntN(30), nil), plan, "", fmt.Sprint("beacon ", i))
		if sample == nil {
			continue
		}
		drawn++
		next := fmt.Sprintf(`{"id":"q","key":"code","parent_key":"province","parent":%q,"strata":%s,"method":%q,"size":"size",%s,"order":["order"],"reserve":1}`,
			sampling.DigestOf(receipt), []string{`[]`, `["kind"]`}[r.IntN(2)], method, count)
		parents := slices.Sorted(maps.Keys(readSecondParent(sample, "code")))
		if len(parents) == 0 {
			continue
		}
		if again, _ := compare(t, randomFrame(r, 90, parents), next, string(receipt)+"\x00"+string(sample), "next"); again != nil {
			chained++
		}
	}
	if drawn < 200 || chained < 60 {
		t.Errorf("only %d of 400 plans could be drawn, %d chained", drawn, chained)
	}
	t.Logf("compared %d draws and %d second stages", drawn, chained)
}
