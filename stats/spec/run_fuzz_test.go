package spec_test

import (
	"encoding/json"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"hailong/stats/spec"
)

// FuzzASpecificationIsRunOrRefused gives Parse and Run what nobody would write: they answer
// with figures or with an error, and no figure has an error that is no number or below 0.
func FuzzASpecificationIsRunOrRefused(f *testing.F) {
	const design = `{"data":"d.csv","design":{"ids":["psu"],"strata":["h"],"weights":"w","nest":true`
	const pps = `{"data":"d.csv","design":{"fpc":["p"],"pps":"hartley_rao"},"estimates":[{"id":"t","stat":"total","vars":["y"]}]}`
	const whole = small + "b,3,,12,,1,\n"
	for _, more := range []string{
		`},"estimates":[{"id":"m","stat":"mean","vars":["y"],"by":["g"]},{"id":"c","stat":"contrast","of":"m","contrasts":[{"label":"x","formula":"log(r1/r2)"}]}]}`,
		`,"fpc":["N"]},"estimates":[{"id":"q","stat":"quantile","vars":["y"],"p":[0,0.5,1],"rule":"hf8","ci":"beta"}]}`,
		`,"lonely_psu":"average","adjust_domain_lonely":true},"estimates":[{"id":"p","stat":"proportion","indicator":[{"var":"y","op":">=","value":4}],"ci":["beta","wilson"]}]}`,
		`},"calibrate":[{"method":"raking","terms":["t"],"totals":{"(Intercept)":25,"t":40}}],"estimates":[{"id":"r","stat":"ratio","vars":["y","t"]}]}`,
		`},"calibrate":[{"method":"rake","margins":[{"by":["g"],"totals":[{"g":0,"total":9},{"g":1,"total":14}]}]},{"method":"trim","lower":1,"upper":5}],"estimates":[{"id":"v","stat":"variance","vars":["y"]}]}`,
		`},"replicates":{"type":"JKn"},"estimates":[{"id":"d","stat":"difference","vars":["y"],"by":["g"]}]}`,
		`},"replicates":{"type":"bootstrap","count":5,"seed":1},"estimates":[{"id":"t","stat":"ttest","vars":["y","g"]}]}`,
		`},"nonresponse":{"responded":"g","cells":["h"],"min":1},"estimates":[{"id":"x","stat":"chisq","vars":["g","t"],"test":"Wald"}],"diagnostics":true}`,
		`},"estimates":[{"id":"i","stat":"index","items":["g","t"],"valid":[0,1,2],"satisfied":[1],"overall":"mean_of_items"}]}`,
		`},"estimates":[{"id":"g","stat":"regression","vars":["y"],"terms":["t","g"]},{"id":"b","stat":"regression","indicator":[{"var":"g","op":"==","value":1}],"terms":["y"],"family":"binomial"}]}`,
		`},"estimates":[{"id":"k","stat":"rank","vars":["y"],"by":["psu"],"draws":20},{"id":"a","stat":"small_area","vars":["y"],"by":["psu"],"variance":"w","draws":5}]}`,
		`},"estimates":[{"id":"o","stat":"mean","vars":["y"],"conditional_on":"h"}]}`,
	} {
		f.Add(design+more, small)
		f.Add(design+more, whole)
	}
	f.Add(pps, "p,y\n0.5,3\n0.25,1\n0.5,8\n")
	f.Fuzz(func(t *testing.T, document, data string) {
		s, err := spec.Parse(strings.NewReader(document))
		if err != nil || laborious(s) {
			return
		}
		out, err := spec.Run(s, func(name string) (io.ReadCloser, error) {
			if name != "d.csv" {
				return nil, os.ErrNotExist
			}
			return io.NopCloser(strings.NewReader(data)), nil
		})
		if err != nil {
			return
		}
		if _, err := json.Marshal(out); err != nil {
			t.Fatal(err)
		}
		for _, result := range out.Results {
			for _, row := range result.Rows {
				wellFormed(t, result, row)
			}
		}
	})
}

// laborious reports whether a specification asks for much work rightly.
func laborious(s spec.Spec) bool {
	if r := s.Replicates; r != nil && r.Count > 50 {
		return true
	}
	for _, e := range s.Estimates {
		if e.Draws > 50 || len(e.P) > 50 {
			return true
		}
	}
	return len(s.Estimates) > 10
}

// wellFormed fails unless what a row says about its error holds together.
func wellFormed(t *testing.T, result spec.Result, row spec.Row) {
	t.Helper()
	se := float64(row.SE)
	switch {
	case se < 0 || math.IsInf(se, 0):
		t.Errorf("%s %s: standard error %v", result.Stat, row.Label, se)
	case math.IsNaN(float64(row.Estimate)) && se >= 0:
		t.Errorf("%s %s: no estimate, but a standard error %v", result.Stat, row.Label, se)
	case row.N < 0 || row.CI != nil && row.CI[0] > row.CI[1]:
		t.Errorf("%s %s: n %d, interval %v", result.Stat, row.Label, row.N, row.CI)
	case row.PValue != nil && (*row.PValue < 0 || *row.PValue > 1):
		t.Errorf("%s %s: p value %v", result.Stat, row.Label, *row.PValue)
	}
}
