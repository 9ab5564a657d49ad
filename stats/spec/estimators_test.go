package spec_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/stats/spec"
)

// agree fails unless got is within the relative tolerance of R's figure.
func agree(t *testing.T, want map[string]float64, got spec.Number, tolerance float64, key string) {
	t.Helper()
	r, ok := want[key]
	if !ok {
		t.Fatalf("no expected value %s", key)
	}
	if !(math.Abs(float64(got)-r) <= tolerance*math.Abs(r)) {
		t.Errorf("%s: got %.15g, R has %.15g", key, got, r)
	}
}

func TestRegressionsVariancesAndContrastsAgreeWithR(t *testing.T) {
	want := readExpected(t)
	for name, design := range map[string]string{"strat": strat, "clus1": clus1, "clus2": clus2} {
		out := mustRun(t, fmt.Sprintf(`{%s,"estimates":[
			{"id":"linear","stat":"regression","vars":["api00"],"terms":["stype","meals"]},
			{"id":"logistic","stat":"regression","indicator":[{"var":"sch.wide","op":"==","value":"Yes"}],"terms":["stype","api99"],"family":"binomial"},
			{"id":"variance","stat":"variance","vars":["api00"]},{"id":"m","stat":"mean","vars":["api00","api99"]},
			{"id":"contrast","stat":"contrast","of":"m","contrasts":[{"label":"a","formula":"r1/r2"},
				{"label":"b","formula":"log(r1) - sqrt(r2) * exp(r2/1e3) + r1^2"}]}]}`, design), nil)
		for i, tolerance := range []float64{1e-9, 1e-6} {
			result := out.Results[i]
			for _, row := range result.Rows {
				key := name + "." + result.ID + "." + row.Label
				agree(t, want, row.Estimate, tolerance, key+".value")
				agree(t, want, row.SE, tolerance, key+".se")
				agree(t, want, row.DF, tolerance, key+".df")
				agree(t, want, *row.PValue, 1e-6, key+".p")
			}
			key := name + "." + result.ID + ".test"
			agree(t, want, result.Tests[0].Statistic, tolerance, key+".statistic")
			agree(t, want, result.Tests[0].DDF, tolerance, key+".ddf")
			agree(t, want, result.Tests[0].PValue, 1e-6, key+".p")
		}
		agree(t, want, out.Results[2].Rows[0].Estimate, 1e-9, name+".variance.value")
		agree(t, want, out.Results[2].Rows[0].SE, 1e-9, name+".variance.se")
		for _, row := range out.Results[4].Rows {
			agree(t, want, row.Estimate, 1e-9, name+".contrast."+row.Label+".value")
			agree(t, want, row.SE, 1e-9, name+".contrast."+row.Label+".se")
		}
	}
}

// Two waves over the same PSUs, stacked: by hand, the change is the mean of the PSUs'
// changes d = 1, 2, 3, and its variance, with weights 1 and means of PSU means, is that of
// their mean, s²/3 = 1/3; taken as independent samples it would be (s²₁+s²₂)/3 = 1/3·(1+4).
func TestAChangeBetweenRoundsOverTheSameUnitsHasTheirCovariance(t *testing.T) {
	const data = "psu,round,y\n1,1,1\n2,1,2\n3,1,3\n1,2,2\n2,2,4\n3,2,6\n"
	estimates := `"estimates":[{"id":"m","stat":"mean","vars":["y"],"by":["round"]},{"id":"c","stat":"change","of":"m","over":"round"},
		{"id":"relative","stat":"contrast","of":"m","contrasts":[{"label":"growth","formula":"100*(r2/r1 - 1)"}]}]}`
	files := map[string]string{"d.csv": strings.ReplaceAll(strings.ReplaceAll(data, "\n", ",1\n"), "y,1\n", "y,w\n")}
	out := mustRun(t, `{"data":"d.csv","design":{"ids":["psu"],"weights":"w"},`+estimates, files)
	change := out.Results[1].Rows[0]
	if change.Estimate != 2 || math.Abs(float64(change.SE)-math.Sqrt(1.0/3)) > 1e-12 || change.DF != 2 || change.Group["round"] != "2" || change.Minus["round"] != "1" {
		t.Errorf("change %+v, want 2 with standard error √(1/3)", change)
	}
	if p := float64(*change.PValue); math.Abs(p-0.0742) > 1e-4 { // 2*pt(-2*sqrt(3), 2)
		t.Errorf("p-value %v", p)
	}
	if growth := out.Results[2].Rows[0]; growth.Estimate != 100 || math.Abs(float64(growth.SE)) > 1e-9 {
		t.Errorf("growth %+v: every unit doubled", growth)
	}
	out = mustRun(t, `{"data":"d.csv","design":{"ids":["psu"],"strata":["round"],"nest":true,"weights":"w"},`+estimates, files)
	if apart := out.Results[1].Rows[0]; math.Abs(float64(apart.SE)-math.Sqrt(5.0/3)) > 1e-12 || apart.DF != 4 {
		t.Errorf("of independent samples %+v, want standard error √(5/3)", apart)
	}
}

func TestFiguresThatCannotBeCombinedOrFittedAreRefused(t *testing.T) {
	files := map[string]string{"d.csv": "w,x,y,g,yes\n1,1,2,a,0\n1,2,4,b,0\n1,3,6,a,1\n1,4,8,b,1\n1,5,9,a,1\n"}
	const head = `{"data":"d.csv","design":{"weights":"w"},"estimates":[{"id":"m","stat":"mean","vars":["x","y"]},{"id":"e",`
	for fields, code := range map[string]string{
		`"stat":"contrast","of":"n","contrasts":[{"label":"a","coefficients":[1,-1]}]`:                                      "stats.spec_value",
		`"stat":"contrast","of":"m","contrasts":[{"label":"a","coefficients":[1]}]`:                                         "stats.spec_formula",
		`"stat":"contrast","of":"m","contrasts":[{"label":"a"}]`:                                                            "stats.spec_formula",
		`"stat":"contrast","of":"m","contrasts":[{"label":"a","formula":"r1+r3"}]`:                                          "stats.spec_formula",
		`"stat":"contrast","of":"m","contrasts":[{"label":"a","formula":"sin(r1)"}]`:                                        "stats.spec_formula",
		`"stat":"contrast","of":"m","contrasts":[{"label":"a","formula":"(r1"}]`:                                            "stats.spec_formula",
		`"stat":"contrast","of":"m","contrasts":[{"label":"a","formula":"` + strings.Repeat("(", 5000) + `"}]`:              "stats.spec_formula",
		`"stat":"contrast","of":"m","contrasts":[{"label":"a","formula":"r1"}],"where":[{"var":"g","op":"==","value":"a"}]`: "stats.spec_unused",
		`"stat":"change","of":"m","over":"g"`:                                                                               "stats.spec_value",
		`"stat":"regression","vars":["y"],"terms":["x","x"]`:                                                                "stats.regression_singular",
		`"stat":"regression","vars":["y"],"terms":["x","w"]`:                                                                "stats.regression_singular",
		`"stat":"regression","vars":["y"],"terms":["x","g"],"where":[{"var":"g","op":"==","value":"a"}]`:                    "stats.regression_singular",
		`"stat":"regression","vars":["y"],"terms":["x"],"family":"poisson"`:                                                 "stats.spec_unsupported",
		`"stat":"regression","vars":["y"],"terms":["x"],"family":"binomial"`:                                                "stats.regression_outcome",
		`"stat":"regression","vars":["yes"],"terms":["x"],"family":"binomial"`:                                              "stats.regression_failed",
		`"stat":"regression","terms":["x"]`:                                                                                 "stats.spec_vars",
		`"stat":"regression","vars":["y"],"terms":["x"],"where":[{"var":"x","op":"<","value":3}]`:                           "stats.regression_rows",
	} {
		_, err := run(t, head+fields+"}]}", files)
		if err == nil || fault.ProblemsOf(err)[0].Code != code {
			t.Errorf("%s: %v, want %s", fields, err, code)
		}
	}
}

// Of several domains, one that cannot be tested has a row without figures, and a warning.
func TestADomainThatCannotBeTestedHasNoFigures(t *testing.T) {
	out := mustRun(t, `{`+strat+`,"estimates":[{"id":"c","stat":"chisq","vars":["awards","stype"],"by":["comp.imp"]},
		{"id":"t","stat":"ttest","vars":["api00","awards"],"by":["comp.imp"]}]}`, nil)
	for _, result := range out.Results {
		if no, yes := result.Rows[0], result.Rows[1]; no.PValue != nil || yes.PValue == nil || no.Group["comp.imp"] != "No" {
			t.Errorf("%s: %+v", result.ID, result.Rows)
		}
	}
	if len(out.Warnings) != 2 || out.Warnings[0].Code != "stats.chisq_levels" || out.Warnings[1].Code != "stats.ttest_groups" {
		t.Errorf("warnings %v", out.Warnings)
	}
}
