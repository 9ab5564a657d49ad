package spec_test

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"hailong/fault"
)

// round.csv numbers communes (psu) anew in every stratum; commune is a label of its own.
func communes(t *testing.T) map[string]string {
	t.Helper()
	in, err := files(nil)("round.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out strings.Builder
	raw, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		parts := strings.Split(line, ",")
		commune := "commune"
		if i > 0 {
			commune = parts[0] + parts[1]
		}
		fmt.Fprintln(&out, line+","+commune)
	}
	return map[string]string{"communes.csv": out.String()}
}

const communeDesign = `"data":"communes.csv","design":{"ids":["commune","ssu"],"strata":["stratum"],"weights":"w","fpc":["fpc1","fpc2"]}`

// R: svymean(~q1, svydesign(id = ~ssu, weights = ~w, fpc = ~fpc2, data = own), na.rm = TRUE),
// where own are the rows of the commune; see testdata/reference.R.
func TestACommunesOwnResultIsConditionalOnTheCommune(t *testing.T) {
	want, data := readExpected(t), communes(t)
	out := mustRun(t, `{`+communeDesign+`,"estimates":[
		{"id":"own","stat":"mean","vars":["q1"],"conditional_on":"commune"},
		{"id":"index","conditional_on":"commune",`+roundIndex+`,"overall":"mean_of_groups"},
		{"id":"main","stat":"mean","vars":["q1"],"by":["commune"]}]}`, data)
	found := 0
	for i, row := range out.Results[0].Rows {
		if main := out.Results[2].Rows[i]; math.Abs(float64(main.Estimate-row.Estimate)) > 1e-9 || !math.IsNaN(float64(main.SE)) {
			t.Errorf("from the main design %+v, want the same value without a standard error", main)
		}
		if row.Group["commune"] == "h4p1" {
			agree(t, want, row.Estimate, 1e-9, "conditional.mean.q1.value")
			agree(t, want, row.SE, 1e-9, "conditional.mean.q1.se")
			agree(t, want, row.DF, 1e-9, "conditional.mean.q1.df")
			agree(t, want, row.Deff, 1e-9, "conditional.mean.q1.deff")
			found++
		}
	}
	for _, row := range out.Results[1].Rows {
		if row.Group["commune"] == "h4p1" && row.Level == "overall" {
			agree(t, want, row.SE, 1e-9, "conditional.mean_of_groups.se")
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d rows of the commune", found)
	}
}

// Never 0: a commune in which one village answered has no standard error.
func TestACommuneOfOneVillageHasNoError(t *testing.T) {
	const data = "commune,village,w,y\na,1,1,3\na,1,1,5\nb,1,1,2\nb,2,1,4\n"
	out := mustRun(t, `{"data":"d.csv","design":{"ids":["commune","village"],"weights":"w"},"estimates":[
		{"id":"own","stat":"mean","vars":["y"],"conditional_on":"commune"}]}`, map[string]string{"d.csv": data})
	a, b := out.Results[0].Rows[0], out.Results[0].Rows[1]
	if a.Estimate != 4 || !math.IsNaN(float64(a.SE)) || a.CI != nil {
		t.Errorf("a: %+v, want 4 without a standard error", a)
	}
	if b.Estimate != 3 || b.SE != 1 || b.DF != 1 { // villages 2 and 4: s/√2 = 1
		t.Errorf("b: %+v, want 3 with standard error 1", b)
	}
	if len(out.Warnings) != 1 || out.Warnings[0].Code != "stats.too_few_psus" {
		t.Errorf("warnings %v", out.Warnings)
	}
}

func TestWhatIsNotDoneConditionallyIsRefused(t *testing.T) {
	data := communes(t)
	for document, code := range map[string]string{
		`{` + communeDesign + `,"replicates":{"type":"JKn"},"estimates":[{"id":"m","stat":"mean","vars":["q1"],"conditional_on":"commune"}]}`: "stats.spec_unsupported",
		`{` + communeDesign + `,"estimates":[{"id":"m","stat":"mean","vars":["q1"],"conditional_on":"commune","by":["commune"]}]}`:            "stats.spec_value",
		`{` + communeDesign + `,"estimates":[{"id":"m","stat":"rank","vars":["q1"],"by":["stratum"],"conditional_on":"commune"}]}`:            "stats.spec_unused",
		`{` + communeDesign + `,"estimates":[{"id":"m","stat":"mean","vars":["q1"],"conditional_on":"county"}]}`:                              "stats.column_unknown",
	} {
		if _, err := run(t, document, data); err == nil || fault.ProblemsOf(err)[0].Code != code {
			t.Errorf("%s: %v, want %s", document, err, code)
		}
	}
}
