package sampling_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"hailong/sampling"
)

// province is a small province in three frames: six communes, of which 06994 is
// drawn with certainty, four villages in each, thirty people in each.
func province(t *testing.T) (communes, villages, people sampling.Frame) {
	t.Helper()
	var c, v, p strings.Builder
	c.WriteString("code,kind,population\n")
	v.WriteString("village,commune,households\n")
	p.WriteString("person,village,sex\n")
	for i, code := range []string{"06652", "06658", "06724", "06733", "06757", "06994"} {
		fmt.Fprintf(&c, "%s,%s,%d\n", code, []string{"Phường", "Xã"}[min(1, i/2)], 1000+500*i)
		for j := 1; j <= 4; j++ {
			fmt.Fprintf(&v, "%s-%d,%s,%d\n", code, j, code, 100+10*j)
			for k := 1; k <= 30; k++ {
				fmt.Fprintf(&p, "%s-%d-%02d,%s-%d,%d\n", code, j, k, code, j, k%2)
			}
		}
	}
	return mustFrame(t, c.String()), mustFrame(t, v.String()), mustFrame(t, p.String())
}

// stage draws one stage below a parent.
func stage(t *testing.T, f sampling.Frame, p sampling.Plan, parent *sampling.Parent) (sampling.Sample, *sampling.Parent) {
	t.Helper()
	if parent != nil {
		p.Parent = parent.Digest()
	}
	s, r := mustDraw(t, f, p, sampling.DrawInput{Parent: parent, Beacon: "beacon"})
	drawn, err := sampling.ReadParent(r.Encode(), s.CSV())
	if err != nil {
		t.Fatal(err)
	}
	return s, drawn
}

// Below a commune drawn by chance the commune is the PSU; below a certainty
// commune the villages are, and the commune is their variance stratum. The
// overall probability is the product over the stages.
func TestThreeStagesCarryProbabilitiesAndDesign(t *testing.T) {
	communes, villages, people := province(t)
	first, one := stage(t, communes, sampling.Plan{Key: "code", Strata: []string{"kind"}, Method: sampling.PPSSystematic, Size: "population",
		N: sampling.Counts{By: map[string]int{"Phường": 1, "Xã": 2}}, Certainty: []sampling.Key{"06994"}}, nil)
	second, two := stage(t, villages, sampling.Plan{Key: "village", ParentKey: "commune", Method: sampling.PPSSystematic, Size: "households",
		N: sampling.Counts{Each: 2}}, one)
	third, _ := stage(t, people, sampling.Plan{Key: "person", ParentKey: "village", Method: sampling.SRS,
		N: sampling.Counts{Each: 5}, Reserve: sampling.Counts{Each: 3}}, two)
	if len(first.Units) != 3 || len(second.Units) != 6 || len(third.Units) != 6*8 {
		t.Fatalf("drew %d communes, %d villages, %d people", len(first.Units), len(second.Units), len(third.Units))
	}
	commune, village := byKey(first), byKey(second)
	for _, u := range third.Units {
		v := village[sampling.Key(third.Value(u, "village"))]
		c := commune[sampling.Key(second.Value(v, "commune"))]
		want := c.StageProb * v.StageProb * (5.0 / 30)
		if u.Role == sampling.RoleReserve {
			want = 0
		}
		if math.Abs(u.InclusionProb-want) > 1e-15 || u.Role == sampling.RoleMain && u.Weight != 1/u.InclusionProb {
			t.Errorf("%s: probability %v, weight %v, want %v", u.Key, u.InclusionProb, u.Weight, want)
		}
		psu, ssu, stratum, fpc := string(c.Key), string(v.Key), string(c.Stratum), c.StageProb
		if c.Key == "06994" {
			psu, ssu, stratum, fpc = "06994|"+string(v.Key), string(u.Key), "Xã|06994", v.StageProb
		}
		if u.PSU != psu || u.SSU != ssu || u.VarianceStratum != stratum || u.FPC != fpc {
			t.Errorf("%s: psu %s, ssu %s, variance stratum %s, fpc %v; want %s, %s, %s, %v",
				u.Key, u.PSU, u.SSU, u.VarianceStratum, u.FPC, psu, ssu, stratum, fpc)
		}
	}
}

func byKey(s sampling.Sample) map[sampling.Key]sampling.Drawn {
	all := map[sampling.Key]sampling.Drawn{}
	for _, u := range s.Units {
		all[u.Key] = u
	}
	return all
}

// A stratum taken whole stays one stratum, but the units below each of its
// units are PSUs of a stratum of their own: without that their variance would
// be multiplied by 1 − 1.
func TestUnitsBelowAStratumTakenWholeArePSUs(t *testing.T) {
	communes, villages, _ := province(t)
	first, one := stage(t, communes, sampling.Plan{Key: "code", Method: sampling.All}, nil)
	second, _ := stage(t, villages, sampling.Plan{Key: "village", ParentKey: "commune", Method: sampling.SRS, N: sampling.Counts{Each: 3}}, one)
	for _, u := range first.Units {
		if u.Role != sampling.RoleMain || u.VarianceStratum != "-" || u.FPC != 1 {
			t.Errorf("%s: %s in %s, fpc %v", u.Key, u.Role, u.VarianceStratum, u.FPC)
		}
	}
	for _, u := range second.Units {
		commune := second.Value(u, "commune")
		if u.PSU != commune+"|"+string(u.Key) || u.SSU != "" || u.VarianceStratum != "-|"+commune || u.FPC != 0.75 {
			t.Errorf("%s: psu %s, ssu %q, variance stratum %s, fpc %v", u.Key, u.PSU, u.SSU, u.VarianceStratum, u.FPC)
		}
	}
}

// A plan is bound to the receipt of its parent, and that to its sample.
func TestAStageRefusesAnotherParent(t *testing.T) {
	communes, villages, _ := province(t)
	plan := sampling.Plan{Key: "code", Method: sampling.SRS, N: sampling.Counts{Each: 3}}
	s, r := mustDraw(t, communes, plan, sampling.DrawInput{Beacon: "one"})
	other, _ := mustDraw(t, communes, plan, sampling.DrawInput{Beacon: "two"})
	if _, err := sampling.ReadParent(r.Encode(), other.CSV()); codes(err) != "draw.parent_sample" {
		t.Errorf("a foreign sample: %v", err)
	}
	parent, err := sampling.ReadParent(r.Encode(), s.CSV())
	if err != nil {
		t.Fatal(err)
	}
	next := sampling.Plan{Key: "village", ParentKey: "commune", Method: sampling.SRS, N: sampling.Counts{Each: 1}}
	for _, c := range []struct {
		digest sampling.Digest
		parent *sampling.Parent
		want   string
	}{
		{parent.Digest(), nil, "draw.parent_needed"},
		{"", parent, "draw.other_parent"},
		{sampling.DigestOf([]byte("another")), parent, "draw.other_parent"},
		{parent.Digest(), parent, ""},
	} {
		next.Parent = c.digest
		if _, _, err := sampling.Draw(villages, next, sampling.DrawInput{Parent: c.parent, Beacon: "b"}); codes(err) != c.want {
			t.Errorf("parent %q: %v, want %q", c.digest, err, c.want)
		}
	}
	next.Parent = parent.Digest()
	next.Where = []sampling.Condition{{Var: "commune", Op: sampling.NotEqual, Value: sampling.Operands{sampling.Text(string(s.Units[0].Key))}}}
	if _, _, err := sampling.Draw(villages, next, sampling.DrawInput{Parent: parent, Beacon: "b"}); codes(err) != "draw.parent_without_units" {
		t.Errorf("a drawn commune without villages: %v", err)
	}
}
