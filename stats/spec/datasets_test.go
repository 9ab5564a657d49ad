package spec_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hailong/stats/spec"
)

// surveyData writes the data sets of R's survey package, which are not ours to ship, with
// R's figures of them; see testdata/datasets.R.
func surveyData(t *testing.T) (folder string, want map[string]float64) {
	t.Helper()
	folder = t.TempDir()
	out, err := exec.Command("Rscript", testdata+"datasets.R", folder).CombinedOutput()
	if err != nil {
		if os.Getenv("HAILONG_CI") == "1" {
			t.Fatalf("R with its package survey is required: %v\n%s", err, out)
		}
		t.Skip("R with its package survey is not installed")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "expected.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want = map[string]float64{}
	for line := range strings.Lines(string(raw)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ",")
		if want[key], err = strconv.ParseFloat(value, 64); err != nil {
			t.Fatal(err)
		}
	}
	return folder, want
}

func TestTheDataSetsOfRsSurveyPackageAgreeWithR(t *testing.T) {
	folder, want := surveyData(t)
	open := func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(folder, name)) }
	const (
		nhanes   = `"ids":["SDMVPSU"],"strata":["SDMVSTRA"],"weights":"WTMEC2YR","nest":true`
		yrbs     = `"ids":["psu"],"strata":["stratum"],"weights":"weight","nest":true`
		mu284    = `"ids":["id1","id2"],"fpc":["n1","n2"]`
		fpc      = `"ids":["psuid"],"strata":["stratid"],"weights":"weight","nest":true`
		fpcOnly  = `"ids":["psuid"],"strata":["stratid"],"nest":true,"fpc":["Nh"]`
		hospital = `"ids":["hospno"],"strata":["oblevel"],"weights":"weighta","fpc":["tothosp"]`
		old      = `"where":[{"var":"agecat","op":"==","value":"(59,Inf]"}]`
	)
	for _, c := range []struct{ data, design, name, estimate string }{
		{"nhanes", nhanes, "mean", `"stat":"mean","vars":["HI_CHOL"]`},
		{"nhanes", nhanes, "race", `"stat":"mean","vars":["HI_CHOL"],"by":["race"]`},
		{"nhanes", nhanes, "total", `"stat":"total","vars":["agecat"]`},
		{"nhanes", nhanes, "old", `"stat":"mean","vars":["HI_CHOL"],` + old},
		{"nhanes", nhanes, "F", `"stat":"chisq","vars":["HI_CHOL","race"]`},
		{"nhanes", nhanes, "Wald", `"stat":"chisq","vars":["HI_CHOL","race"],"test":"Wald"`},
		{"nhanes", nhanes, "adjWald", `"stat":"chisq","vars":["HI_CHOL","race"],"test":"adjWald"`},
		{"yrbs", yrbs, "mean", `"stat":"mean","vars":["qn8"]`},
		{"mu284", mu284, "total", `"stat":"total","vars":["y1"]`},
		{"mu284", mu284, "mean", `"stat":"mean","vars":["y1"]`},
		{"fpc", fpc, "mean", `"stat":"mean","vars":["x"]`},
		{"fpc", fpcOnly, "total", `"stat":"total","vars":["x"]`},
		{"hospital", hospital, "total", `"stat":"total","vars":["births"]`},
	} {
		s, err := spec.Parse(strings.NewReader(fmt.Sprintf(`{"data":"%s.csv","design":{%s},"estimates":[{"id":"x",%s}]}`, c.data, c.design, c.estimate)))
		if err != nil {
			t.Fatal(err)
		}
		out, err := spec.Run(s, open)
		if err != nil {
			t.Fatal(c, err)
		}
		seen := 0
		for i, row := range out.Results[0].Rows {
			key := fmt.Sprintf("%s.%s.%d", c.data, c.name, i)
			figures := map[string]spec.Number{".value": row.Estimate, ".se": row.SE, ".df": row.DF}
			if row.Statistic != nil {
				figures = map[string]spec.Number{".statistic": *row.Statistic, ".p": *row.PValue}
			}
			for quantity, got := range figures {
				if _, ok := want[key+quantity]; ok {
					agree(t, want, got, 1e-9, key+quantity)
					seen++
				}
			}
		}
		if seen < 2 {
			t.Errorf("%s.%s: R has no figures", c.data, c.name)
		}
	}
}
