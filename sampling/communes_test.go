package sampling_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/sampling"
)

// communes is the public list of Việt Nam's 3,321 communes, which is not part
// of the project: HAILONG_COMMUNES names it, or it lies in ../shared beside the
// repository. It is required where HAILONG_CI is set.
func communes(t *testing.T) sampling.Frame {
	t.Helper()
	path := os.Getenv("HAILONG_COMMUNES")
	if path == "" {
		path = filepath.Join("..", "..", "shared", "data", "units", "communes.csv")
	}
	in, err := os.Open(path)
	if err != nil {
		if os.Getenv("HAILONG_CI") == "1" {
			t.Fatalf("the list of communes is required here: %v", err)
		}
		t.Skipf("without the list of communes (HAILONG_COMMUNES=FILE): %v", err)
	}
	defer in.Close()
	f, err := sampling.ReadFrame(in)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Twelve communes of Quảng Ninh by population, Vân Đồn with certainty.
func TestRealCommunesOfQuangNinh(t *testing.T) {
	f := communes(t)
	p := mustPlan(t, `{"id":"qn-2026","unit":"commune","key":"code","method":"pps_systematic","size":"population","n":12,
		"certainty":["06994"],"order":["kind","code"],"where":[{"var":"province_code","op":"==","value":"22"}]}`)
	sum := 0.0
	s, r := mustDraw(t, f, p, sampling.DrawInput{Beacon: "quảng ninh"})
	if len(s.Units) != 12 || r.Counts[0].Units != 54 || s.Units[0].Key != "06994" || s.Units[0].Role != sampling.RoleCertainty {
		t.Errorf("%d units of %d, the first %+v", len(s.Units), r.Counts[0].Units, s.Units[0])
	}
	for _, u := range s.Units {
		sum += u.Weight * size(t, s, u)
	}
	total := 0.0
	for i := range f.Len() {
		if f.Value(i, "province_code") == "22" {
			total += size(t, s, sampling.Drawn{Values: f.Row(i)})
		}
	}
	// By size the weighted total of the size is exact in every sample.
	if d := sum/total - 1; d > 1e-12 || d < -1e-12 {
		t.Errorf("weighted population %v of %v", sum, total)
	}
}

func size(t *testing.T, s sampling.Sample, u sampling.Drawn) float64 {
	t.Helper()
	n := 0.0
	for _, digit := range s.Value(u, "population") {
		n = 10*n + float64(digit-'0')
	}
	return n
}

// The 66 communes without population are each named, and a draw of the whole
// country leaves them out only if the plan says so.
func TestRealCommunesWithoutPopulationAreNamed(t *testing.T) {
	f := communes(t)
	plan := `{"id":"vn","key":"code","strata":["province_code"],"method":"pps_systematic","size":"population","n":3`
	_, _, err := sampling.Draw(f, mustPlan(t, plan+`}`), sampling.DrawInput{Beacon: "b"})
	problems := fault.ProblemsOf(err)
	if len(problems) != 66 || strings.ReplaceAll(codes(err), "frame.missing_size", "") != strings.Repeat(" ", 65) {
		t.Fatalf("%d problems: %v", len(problems), err)
	}
	for _, problem := range problems {
		if row := problem.Place.Row; f.Value(row-2, "population") != "" || f.Value(row-2, "code") != problem.Args[0].Value {
			t.Errorf("%v", problem)
		}
	}
	s, r := mustDraw(t, f, mustPlan(t, plan+`,"where":[{"var":"population","op":">=","value":1}]}`), sampling.DrawInput{Beacon: "b"})
	if len(s.Units) != 3*34 || len(r.Counts) != 34 {
		t.Errorf("%d communes of %d provinces", len(s.Units), len(r.Counts))
	}
}
