package sampling_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"hailong/sampling"
)

// chainFrame has some units below each parent, named after it.
func chainFrame(r *rand.Rand, parents []string, units int) string {
	var out strings.Builder
	out.WriteString("code,parent,kind,size\n")
	for _, parent := range parents {
		for i := range units + r.IntN(3) {
			fmt.Fprintf(&out, "%s.%d,%s,%s,%d\n", parent, i, parent, []string{"a", "b"}[i%2], 1+r.IntN(20))
		}
	}
	return out.String()
}

// Province → commune → village → household → person: each stage is drawn below
// the receipt of the one before, the second verifier gets the same bytes, and the
// overall probability is the product of the stages'.
func TestFiveLevelsAreChainedByReceipts(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 11))
	stages := []string{
		`{"id":"communes","key":"code","strata":["kind"],"method":"pps_systematic","size":"size","n":2,"certainty":["22.0"]}`,
		`{"id":"villages","key":"code","parent_key":"parent","method":"pps_sampford","size":"size","n":2,"parent":"PARENT"}`,
		`{"id":"households","key":"code","parent_key":"parent","strata":["kind"],"method":"systematic","n":2,"reserve":1,"parent":"PARENT"}`,
		`{"id":"people","key":"code","parent_key":"parent","method":"srs","n":1,"reserve":1,"parent":"PARENT"}`,
	}
	parents, above, files := []string{"22"}, map[string]float64{}, ""
	for i, plan := range stages {
		receiptDigest := sampling.DigestOf([]byte(strings.SplitN(files, "\x00", 2)[0]))
		frame := chainFrame(r, parents, 8)
		sample, receipt := compare(t, frame, strings.Replace(plan, "PARENT", string(receiptDigest), 1), files, fmt.Sprint("stage ", i))
		if sample == nil {
			t.Fatalf("stage %d could not be drawn", i+1)
		}
		s, err := sampling.ReadSample(strings.NewReader(string(sample)), "code")
		if err != nil {
			t.Fatal(err)
		}
		parents = nil
		next := map[string]float64{}
		for _, u := range s.Units {
			if u.Role == sampling.RoleReserve {
				continue
			}
			want := u.StageProb
			if i > 0 {
				want *= above[s.Value(u, "parent")]
			}
			if math.Abs(u.InclusionProb-want) > 1e-15 || u.Weight != 1/u.InclusionProb {
				t.Errorf("stage %d, %s: %v, want %v", i+1, u.Key, u.InclusionProb, want)
			}
			if inCertain := strings.HasPrefix(string(u.Key), "22.0."); i > 0 && inCertain != strings.HasPrefix(u.PSU, "22.0|") {
				t.Errorf("stage %d, %s: primary unit %s", i+1, u.Key, u.PSU)
			}
			parents, next[string(u.Key)] = append(parents, string(u.Key)), u.InclusionProb
		}
		above, files = next, string(receipt)+"\x00"+string(sample)
	}
	if len(parents) != 4*2*4*1 {
		t.Errorf("%d people, want 4 communes × 2 villages × 4 households × 1", len(parents))
	}
}

// A plan that reads is drawn, or refused with problems that have codes; a draw
// verifies, and a frame in its file gives the same.
func FuzzPlan(f *testing.F) {
	for _, plan := range []string{
		`{"key":"code","method":"srs","n":2}`,
		`{"key":"code","strata":["kind"],"method":"pps_pareto","size":"size","allocation":{"total":7,"rule":"power","power":0.5,"min":1}}`,
		`{"key":"code","parent_key":"province","method":"pps_sampford","size":"size","n":{"1":2,"2":3},"reserve":{"1":1,"2":0}}`,
		`{"key":"name","method":"all","where":[{"var":"size","op":">=","value":"5"},{"var":"kind","op":"in","value":["Xã"]}]}`,
		`{"key":"code","method":"poisson","size":"size","n":3,"certainty":["003"],"order":["order","kind"]}`,
		`{"key":"code","method":"systematic","n":99999999}`, `{"n":null}`, `[]`, `{"key":"code","method":"srs","n":-1}`,
		`{"key":"code","strata":["kind"],"method":"srs","allocation":{"total":6,"rule":"optimal","sd":"size","cost":"order"}}`,
	} {
		f.Add(plan, uint64(1))
	}
	f.Fuzz(func(t *testing.T, plan string, seed uint64) {
		p, err := sampling.ReadPlan(strings.NewReader(plan))
		if err != nil {
			return
		}
		text := randomFrame(rand.New(rand.NewPCG(seed, 1)), 20, nil)
		s, receipt, err := sampling.Draw(mustFrame(t, text), p, sampling.DrawInput{Beacon: "b"})
		if err != nil {
			if strings.HasPrefix(codes(err), "internal") {
				t.Fatalf("%s: %v", plan, err)
			}
			return
		}
		file, err := fileOf(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := sampling.Verify(file, receipt, sampling.Evidence{Sample: s.CSV()}); err != nil {
			t.Fatalf("%s was drawn and does not verify: %v", plan, err)
		}
	})
}
