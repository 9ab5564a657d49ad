package spec_test

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hailong/fault"
)

// Four communes of villages: C is far above the others, and D has a single village and
// so no error.
const places = `commune,village,w,y
A,A1,1,1
A,A2,1,2
A,A3,1,3
B,B1,1,1
B,B2,1,2
B,B3,1,4
C,C1,1,91
C,C2,1,92
C,C3,1,93
D,D1,1,50
D,D1,1,51
`

func TestRankOrdersTheGroupsThatHaveAnError(t *testing.T) {
	out, err := run(t, `{"data":"places.csv","design":{"ids":["village"],"strata":["commune"],"weights":"w","lonely_psu":"remove"},
		"estimates":[{"id":"r","stat":"rank","vars":["y"],"by":["commune"],"top":1,"seed":7}]}`, map[string]string{"places.csv": places})
	if err != nil {
		t.Fatal(err)
	}
	type place struct {
		rank, band int
		joint      [2]int
	}
	want := map[string]place{"A": {3, 2, [2]int{2, 3}}, "B": {2, 2, [2]int{2, 3}}, "C": {1, 1, [2]int{1, 1}}}
	for _, row := range out.Results[0].Rows {
		w, ranked := want[row.Group["commune"]]
		if !ranked {
			if row.Rank != 0 || row.RankJoint != nil {
				t.Errorf("%v has rank %d without an error", row.Group, row.Rank)
			}
			continue
		}
		if row.Rank != w.rank || row.Band != w.band || *row.RankJoint != w.joint {
			t.Errorf("%v: rank %d, band %d, in %v; want %+v", row.Group, row.Rank, row.Band, *row.RankJoint, w)
		}
	}
	if len(out.Warnings) == 0 {
		t.Error("no warning about the commune of one village")
	}
}

func TestRankOfAnIndexIsThatOfItsOverallValue(t *testing.T) {
	document := func(stat string) string {
		return `{"data":"places.csv","design":{"ids":["village"],"strata":["commune"],"weights":"w","lonely_psu":"remove"},
		"estimates":[{"id":"r","stat":"` + stat + `","items":["y"],"satisfied":[2,3,4,91,92,93],"valid":[1,2,3,4,91,92,93],"overall":"mean_of_items",
		"by":["commune"],"where":[{"var":"commune","op":"!=","value":"D"}]}]}`
	}
	ranked, err := run(t, document("rank"), map[string]string{"places.csv": places})
	if err != nil {
		t.Fatal(err)
	}
	index, err := run(t, document("index"), map[string]string{"places.csv": places})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range ranked.Results[0].Rows {
		overall := index.Results[0].Rows[2*i+1] // item, overall
		if row.Estimate != overall.Estimate || row.SE != overall.SE || row.Group["commune"] != overall.Group["commune"] {
			t.Errorf("row %d: %+v, the index has %+v", i, row, overall)
		}
	}
}

// Expected: testdata/areas.R of package stats; A is what R's sae gives for the milk data.
func TestSmallAreaOfTheMilkData(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "reference", "milk.csv")
	raw, err := os.ReadFile(path)
	if err != nil {
		if os.Getenv("HAILONG_CI") == "1" {
			t.Fatalf("the milk data are required here: %v", err)
		}
		t.Skipf("needs the milk data beside the repository: %v", err)
	}
	text := map[string]string{"milk.csv": squared(string(raw))}
	out, err := run(t, `{"data":"milk.csv","design":{"ids":[],"weights":"one"},"estimates":[{"id":"fh","stat":"small_area",
		"vars":["yi"],"by":["SmallArea"],"variance":"D","terms":["Area"],"benchmark":{"weights":"one","target":1}}]}`, text)
	if err != nil {
		t.Fatal(err)
	}
	got := out.Results[0]
	mean := 0.0
	for _, row := range got.Rows {
		mean += float64(*row.Benchmarked) / float64(len(got.Rows))
	}
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"A", float64(*got.AreaVariance), 0.0185503347627667},
		{"first area", float64(got.Rows[0].Estimate), 1.0219705442},
		{"its error", float64(got.Rows[0].SE), math.Sqrt(0.013460256460)},
		{"last area", float64(got.Rows[42].Estimate), 0.6810868851},
		{"benchmark", mean, 1},
	} {
		if math.Abs(test.got-test.want) > 1e-8*test.want {
			t.Errorf("%s: %.12g, want %.12g", test.name, test.got, test.want)
		}
	}
}

func TestRankAndSmallAreaRefuse(t *testing.T) {
	for _, test := range []struct{ code, estimate string }{
		{"rank.spec", `"stat":"rank","by":["commune"]`},
		{"rank.spec", `"stat":"rank","by":["commune"],"vars":["village"]`},
		{"stats.spec_missing", `"stat":"rank","vars":["y"]`},
		{"rank.options", `"stat":"rank","by":["commune"],"vars":["y"],"top":9`},
		{"area.rows", `"stat":"small_area","by":["commune"],"vars":["y"],"variance":"w"`},
		{"area.spec", `"stat":"small_area","by":["village"],"vars":["y"]`},
		{"stats.spec_unused", `"stat":"mean","vars":["y"],"top":2`},
	} {
		_, err := run(t, `{"data":"places.csv","design":{"ids":["village"],"strata":["commune"],"weights":"w","lonely_psu":"remove"},
			"estimates":[{"id":"x",`+test.estimate+`}]}`, map[string]string{"places.csv": places})
		if code := firstCode(err); code != test.code {
			t.Errorf("%s: %v", test.code, err)
		}
	}
}

// squared adds to the milk data the variance D = SD², the major area as a category,
// and a column of ones.
func squared(milk string) string {
	var out strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(milk), "\n") {
		line = strings.TrimSpace(line)
		if i == 0 {
			out.WriteString(line + ",D,Area,one\n")
			continue
		}
		fields := strings.Split(line, ",")
		sd, _ := strconv.ParseFloat(fields[3], 64)
		out.WriteString(line + "," + strconv.FormatFloat(sd*sd, 'g', -1, 64) + ",area" + fields[5] + ",1\n")
	}
	return out.String()
}

func firstCode(err error) string {
	if err == nil {
		return ""
	}
	return fault.ProblemsOf(err)[0].Code
}
