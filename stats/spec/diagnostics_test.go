package spec_test

import (
	"math"
	"slices"
	"testing"

	"hailong/stats/spec"
)

// Five people of two cells, of whom the second's only respondent stands for three; joined
// by the rule both cells have the factor 5/3.
const silent = `unit,cell,sex,w,answered,y
1,a,f,10,1,1
2,a,m,10,1,2
3,b,f,10,1,3
4,b,m,10,0,
5,b,f,10,0,
`

func TestSmallNonresponseCellsAreJoinedAndTold(t *testing.T) {
	for _, test := range []struct {
		rule string
		mean float64
	}{
		{``, (1 + 2 + 3*3.0) / 5},
		{`,"min":2`, 2},
		{`,"max_factor":2`, 2},
		{`,"max_factor":3`, (1 + 2 + 3*3.0) / 5},
	} {
		out, err := run(t, `{"data":"s.csv","design":{"ids":[],"weights":"w"},"diagnostics":true,
			"nonresponse":{"responded":"answered","cells":["cell"]`+test.rule+`},"estimates":[{"id":"m","stat":"mean","vars":["y"]}]}`, map[string]string{"s.csv": silent})
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(out.Results[0].Rows[0].Estimate); math.Abs(got-test.mean) > 1e-12 {
			t.Errorf("%q: mean %v, want %v", test.rule, got, test.mean)
		}
		joined := test.mean == 2
		if slices.Equal(out.Diagnostics.Joined, []string{"a + b"}) != joined || (len(out.Warnings) > 0) != joined {
			t.Errorf("%q: joined %v, warnings %v", test.rule, out.Diagnostics.Joined, out.Warnings)
		}
	}
}

// Weights 10, 10, 30: Kish's design effect is 3·1100/2500 = 1.32. The margin of sex is
// reached by post-stratification, and trimming at 40 moves it away again.
func TestDiagnosticsTellWhatTheWeightingDid(t *testing.T) {
	document := func(steps string) string {
		return `{"data":"s.csv","design":{"ids":[],"weights":"w"},"diagnostics":true,"nonresponse":{"responded":"answered","cells":["cell"]},
		"calibrate":[` + steps + `],"estimates":[{"id":"m","stat":"mean","vars":["y"]}]}`
	}
	plain, err := run(t, document(``), map[string]string{"s.csv": silent})
	if err != nil {
		t.Fatal(err)
	}
	if d := plain.Diagnostics; d.Base.N != 5 || d.Base.Deff != 1 || d.Final.N != 3 || math.Abs(float64(d.Final.Deff)-1.32) > 1e-12 || *d.Factors != [2]spec.Number{1, 3} {
		t.Errorf("%+v", d)
	}
	const sexes = `{"method":"poststratify","by":["sex"],"totals":[{"sex":"f","total":60},{"sex":"m","total":20}]}`
	const terms = `{"method":"linear","terms":["sex"],"totals":{"(Intercept)":80,"sexm":20}}`
	const trim = `,{"method":"trim","lower":0,"upper":40}`
	for _, test := range []struct {
		steps   string
		level   string
		target  spec.Number
		reached bool
	}{{sexes, "f", 60, true}, {sexes + trim, "f", 60, false}, {terms, "sexm", 20, true}, {terms + trim, "sexm", 20, false}} {
		out, err := run(t, document(test.steps), map[string]string{"s.csv": silent})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(out.Diagnostics.Totals, func(r spec.ReachedTotals) bool { return r.Level == test.level })
		if i < 0 || len(out.Diagnostics.Totals) != 2 {
			t.Fatalf("%s: %+v", test.steps, out.Diagnostics.Totals)
		}
		r := out.Diagnostics.Totals[i]
		if near := math.Abs(float64(r.Reached-test.target)) < 1e-9; r.Target != test.target || near != test.reached {
			t.Errorf("%s: %+v", test.steps, r)
		}
	}
}
