package spec_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/stats/spec"
)

// testdata are the files of package stats, whose expected figures R's survey
// package computed (testdata/reference.R).
const testdata = "../testdata/"

func readExpected(t *testing.T) map[string]float64 {
	t.Helper()
	f, err := os.Open(testdata + "expected.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, record := range records[1:] {
		v, err := strconv.ParseFloat(record[2], 64)
		if err != nil {
			v = math.NaN()
		}
		values[record[0]+"."+record[1]] = v
	}
	return values
}

// files opens the given texts, and the files of testdata.
func files(texts map[string]string) spec.Open {
	return func(name string) (io.ReadCloser, error) {
		if text, ok := texts[name]; ok {
			return io.NopCloser(strings.NewReader(text)), nil
		}
		return os.Open(testdata + name)
	}
}

func run(t *testing.T, document string, texts map[string]string) (spec.Output, error) {
	t.Helper()
	s, err := spec.Parse(strings.NewReader(document))
	if err != nil {
		return spec.Output{}, err
	}
	return spec.Run(s, files(texts))
}

func mustRun(t *testing.T, document string, texts map[string]string) spec.Output {
	t.Helper()
	out, err := run(t, document, texts)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The designs of reference.R as specifications.
const (
	strat    = `"data":"apistrat.csv","design":{"ids":[],"strata":["stype"],"weights":"pw","fpc":["fpc"]}`
	clus1    = `"data":"apiclus1.csv","design":{"ids":["dnum"],"weights":"pw","fpc":["fpc"]}`
	clus2    = `"data":"apiclus2.csv","design":{"ids":["dnum","snum"],"weights":null,"fpc":["fpc1","fpc2"]}`
	roundFPC = `"data":"round.csv","design":{"ids":["psu","ssu"],"strata":["stratum"],"nest":true,"weights":"w","fpc":["fpc1","fpc2"]}`
	brewer   = `"data":"election_pps.csv","design":{"ids":[],"fpc":["p"],"pps":"brewer"}`
	hartley  = `"data":"election_pps.csv","design":{"ids":[],"fpc":["p"],"pps":"hartley_rao"}`
	joint    = `"data":"election_pps.csv","design":{"ids":["County"],"fpc":["p"],"pps":"yg","joint":"joint_by_county.csv"}`

	roundIndex = `"stat":"index","items":["q1","q2","q3","q4","q5","q6"],"satisfied":[4,5],"valid":[1,2,3,4,5],
		"groups":[{"id":"g1","items":["q1","q2"]},{"id":"g2","items":["q3","q4","q5"]},{"id":"g3","items":["q6"]}],
		"parts":[{"id":"p1","groups":["g1"]},{"id":"p2","groups":["g2","g3"]}]`
	toType  = `"by":["stype"],"totals":[{"stype":"E","total":4421},{"stype":"H","total":755},{"stype":"M","total":1018}]`
	toWide  = `"by":["sch.wide"],"totals":[{"sch.wide":"No","total":1072},{"sch.wide":"Yes","total":5122}]`
	toTerms = `"terms":["stype","api99"],"totals":{"(Intercept)":6194,"stypeH":755,"stypeM":1018,"api99":3914069}`
)

// jointByCounty is election_joint.csv with the names of the counties for row numbers.
func jointByCounty(t *testing.T) string {
	t.Helper()
	rows := func(name string) [][]string {
		raw, err := os.ReadFile(testdata + name)
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return records
	}
	counties := rows("election_pps.csv")
	var out strings.Builder
	for k, pair := range rows("election_joint.csv") {
		if k > 0 {
			for column := range 2 {
				row, err := strconv.Atoi(pair[column])
				if err != nil {
					t.Fatal(err)
				}
				pair[column] = counties[row][0]
			}
		}
		out.WriteString(strings.Join(pair, ",") + "\n")
	}
	return out.String()
}

func TestSpecificationsAgreeWithR(t *testing.T) {
	want, counties := readExpected(t), jointByCounty(t)
	for _, c := range []struct {
		design, extra, estimate string
		row                     int
		key                     string
	}{
		{strat, "", `"stat":"mean","vars":["api00"]`, 0, "strat.mean.api00"},
		{strat, "", `"stat":"mean","vars":["api00"],"where":[{"var":"stype","op":"==","value":"E"}]`, 0, "strat.domain.E"},
		{strat, "", `"stat":"mean","vars":["api00"],"by":["stype"]`, 0, "strat.domain.E"},
		{clus1, "", `"stat":"ratio","vars":["api00","api99"]`, 0, "clus1.ratio"},
		{clus1, "", `"stat":"ratio","vars":["api00","api99"],"where":[{"var":"stype","op":"in","value":["E","X"]}]`, 0, "clus1.domain_ratio.E"},
		{clus2, "", `"stat":"mean","vars":["api99","api00"]`, 1, "clus2.mean.api00"},
		{clus2, "", `"stat":"total","vars":["enroll"]`, 0, "clus2.total.enroll"},
		{clus2, "", `"stat":"difference","vars":["api00"],"by":["sch.wide"]`, 0, "clus2.difference"},
		{clus2, "", `"stat":"proportion","indicator":[{"var":"sch.wide","op":"!=","value":"No"}]`, 0, "clus2.share"},
		{brewer, "", `"stat":"total","vars":["Bush"]`, 0, "brewer.total"},
		{hartley, "", `"stat":"total","vars":["Bush"]`, 0, "hr.total"},
		{joint, "", `"stat":"total","vars":["Bush"]`, 0, "yg.total"},
		{roundFPC, "", roundIndex + `,"overall":"mean_of_groups"`, 11, "round_fpc.all.mean_of_groups"},
		{roundFPC, "", roundIndex + `,"overall":"pooled","by":["sex"]`, 11, "round_fpc.women.pooled"},
		{roundFPC, "", roundIndex + `,"overall":"pooled","by":["sex"]`, 7, "round_fpc.women.g2"},
		{clus1, `{"method":"poststratify",` + toType + `}`, `"stat":"mean","vars":["api00"]`, 0, "cal.poststratify.mean"},
		{clus1, `{"method":"rake","margins":[{` + toType + `},{` + toWide + `}]}`, `"stat":"mean","vars":["api00"]`, 0, "cal.rake.mean"},
		{clus1, `{"method":"linear",` + toTerms + `,"bounds":[0.6,1.7]}`, `"stat":"mean","vars":["api00"]`, 0, "cal.linear_bounds.mean"},
		{clus1, `{"method":"linear",` + toTerms + `,"variance":"enroll"}`, `"stat":"mean","vars":["api00"]`, 0, "cal.linear_variance.mean"},
		{clus1, `{"method":"linear",` + toTerms + `,"cluster":true}`, `"stat":"total","vars":["enroll"]`, 0, "cal.linear_cluster.total"},
		{clus1, `{"method":"logit",` + toTerms + `,"bounds":[0.5,2.5]}`, `"stat":"mean","vars":["api00"]`, 0, "cal.logit.mean"},
		{strat, `{"method":"poststratify",` + toWide + `},{"method":"linear",` + toTerms + `}`, `"stat":"mean","vars":["api00"]`, 0, "cal.two_steps.mean"},
		{strat, `{"method":"poststratify",` + toWide + `},{"method":"trim","lower":16,"upper":45}`, `"stat":"mean","vars":["api00"]`, 0, "cal.poststratify_trim.mean"},
	} {
		document := fmt.Sprintf(`{%s,"calibrate":[%s],"estimates":[{"id":"x",%s}]}`, c.design, c.extra, c.estimate)
		got := mustRun(t, document, map[string]string{"joint_by_county.csv": counties}).Results[0].Rows[c.row]
		for quantity, value := range map[string]float64{"value": float64(got.Estimate), "se": float64(got.SE),
			"deff": float64(got.Deff), "deff_wr": float64(got.DeffWR)} {
			if r, ok := want[c.key+"."+quantity]; ok && math.Abs(value-r) > 1e-9*math.Abs(r) {
				t.Errorf("%s.%s: got %.15g, R has %.15g", c.key, quantity, value, r)
			} else if !ok && (quantity == "value" || quantity == "se") {
				t.Fatalf("no expected value %s.%s", c.key, quantity)
			}
		}
	}
}

func TestReplicatesAgreeWithR(t *testing.T) {
	want := readExpected(t)
	const file = `"type":"subbootstrap","file":"replicates.csv","key":["dnum"],"combined":false`
	const combined = `"type":"other","file":"replicate_weights.csv","key":["cds"],"combined":true,"scale":0.02564102564102564,"rscales":1`
	for _, c := range []struct{ design, replicates, calibrate, key string }{
		{clus1, `"type":"JK1"`, "", "rep.jk1"},
		{strat, `"type":"JKn"`, "", "rep.jkn"},
		{clus1, `"type":"JK1","mse":true`, "", "rep.mse"},
		{clus1, `"type":"JK1"`, `{"method":"raking",` + toTerms + `}`, "rep.calibrated"},
		{clus1, `"type":"JK1"`, `{"method":"poststratify",` + toType + `}`, "rep.poststratified"},
		{clus1, file, "", "rep.file"},
		{clus1, combined, "", "rep.combined"},
	} {
		out := mustRun(t, fmt.Sprintf(`{%s,"replicates":{%s},"calibrate":[%s],"estimates":[
			{"id":"m","stat":"mean","vars":["api00"]},{"id":"r","stat":"ratio","vars":["api00","api99"]},
			{"id":"d","stat":"mean","vars":["api00"],"where":[{"var":"stype","op":"==","value":"E"}]},
			{"id":"q","stat":"quantile","vars":["api00"],"p":[0.5]},{"id":"t","stat":"ttest","vars":["api00","sch.wide"]},
			{"id":"s","stat":"proportion","indicator":[{"var":"sch.wide","op":"==","value":"Yes"}]},
			{"id":"c","stat":"chisq","vars":["sch.wide","stype"]}]}`,
			c.design, c.replicates, c.calibrate), nil)
		mean, ratio, domain := out.Results[0].Rows[0], out.Results[1].Rows[0], out.Results[2].Rows[0]
		median, test := out.Results[3].Rows[0], out.Results[4].Rows[0]
		logit, independence := out.Results[5].Rows[0].Intervals["logit"], out.Results[6].Rows[0]
		for key, got := range map[string]spec.Number{
			".quantile.value": median.Estimate, ".quantile.se": median.SE, ".ttest.value": test.Estimate, ".ttest.t": *test.T,
			".ttest.p": *test.PValue, ".value": mean.Estimate, ".se": mean.SE, ".df": mean.DF, ".deff": mean.Deff, ".ratio.value": ratio.Estimate,
			".ratio.se": ratio.SE, ".domain.value": domain.Estimate, ".domain.se": domain.SE, ".domain.df": domain.DF,
			".share.logit_low": logit[0], ".share.logit_high": logit[1], ".chisq.statistic": *independence.Statistic,
			".chisq.df": independence.DF, ".chisq.ddf": *independence.DDF, ".chisq.p": *independence.PValue,
		} {
			r, ok := want[c.key+key]
			tolerance := 1e-9
			if strings.Contains(key, "logit") {
				tolerance = 1e-6 // R iterates
			}
			if !ok || math.Abs(float64(got)-r) > tolerance*math.Abs(r) {
				t.Errorf("%s%s: got %.15g, R has %.15g", c.key, key, got, r)
			}
		}
	}
}

func TestShareIntervalsAreThoseAskedForBesideTheLogit(t *testing.T) {
	want := readExpected(t)
	out := mustRun(t, `{`+clus1+`,"estimates":[{"id":"x","stat":"proportion","ci":["beta","asin"],
		"indicator":[{"var":"sch.wide","op":"==","value":"Yes"}]}]}`, nil)
	got := out.Results[0].Rows[0].Intervals
	if len(got) != 3 {
		t.Errorf("intervals %v, want logit, beta and asin", got)
	}
	for _, method := range []string{"logit", "beta", "asin"} {
		low, high := float64(got[method][0]), float64(got[method][1])
		if math.Abs(low-want["clus1.share."+method+"_low"]) > 1e-9 || math.Abs(high-want["clus1.share."+method+"_high"]) > 1e-9 {
			t.Errorf("%s: [%v, %v]", method, low, high)
		}
	}
}

func TestQuantilesAndTestsAgreeWithR(t *testing.T) {
	want := readExpected(t)
	out := mustRun(t, `{`+clus2+`,"estimates":[
		{"id":"q","stat":"quantile","vars":["api00"],"p":[0.5,0.9],"rule":"hf8"},
		{"id":"b","stat":"quantile","vars":["api00"],"p":[0.5],"ci":"beta"},
		{"id":"t","stat":"ttest","vars":["api00","sch.wide"]},
		{"id":"f","stat":"chisq","vars":["sch.wide","stype"]},
		{"id":"w","stat":"chisq","vars":["sch.wide","stype"],"test":"Wald"}]}`, nil)
	row := func(result, row int) spec.Row { return out.Results[result].Rows[row] }
	for key, got := range map[string]spec.Number{
		"clus2.quantile.hf8.0.5.value": row(0, 0).Estimate,
		"clus2.quantile.hf8.0.9.se":    row(0, 1).SE,
		"clus2.quantile.hf8.0.9.high":  row(0, 1).CI[1],
		"clus2.quantile.beta.low":      row(1, 0).CI[0],
		"clus2.ttest.value":            row(2, 0).Estimate,
		"clus2.ttest.t":                *row(2, 0).T,
		"clus2.ttest.df":               row(2, 0).DF,
		"clus2.ttest.p":                *row(2, 0).PValue,
		"clus2.ttest.low":              row(2, 0).CI[0],
		"clus2.chisq.F.statistic":      *row(3, 0).Statistic,
		"clus2.chisq.F.df":             row(3, 0).DF,
		"clus2.chisq.F.ddf":            *row(3, 0).DDF,
		"clus2.chisq.F.p":              *row(3, 0).PValue,
		"clus2.chisq.Wald.statistic":   *row(4, 0).Statistic,
	} {
		r, ok := want[key]
		if !ok || math.Abs(float64(got)-r) > 1e-9*math.Abs(r) {
			t.Errorf("%s: got %.15g, R has %.15g", key, got, r)
		}
	}
}

func TestConditions(t *testing.T) {
	// Code 01 is text, so it is not the number 1 unless compared with one.
	const data = "code,x,y\n01,1,10\n1,2,20\nNA,3,30\n02,,40\n"
	for condition, rows := range map[string]int{
		`"var":"code","op":"==","value":"01"`:        1,
		`"var":"code","op":"==","value":1`:           2,
		`"var":"code","op":"!=","value":"01"`:        2,
		`"var":"code","op":"in","value":["01","02"]`: 2,
		`"var":"x","op":"<","value":3`:               2,
		`"var":"x","op":"<=","value":3`:              3,
		`"var":"x","op":">","value":"1"`:             2,
		`"var":"x","op":">=","value":2`:              2,
	} {
		out := mustRun(t, `{"data":"d.csv","design":{"weights":"y"},"estimates":[{"id":"n","stat":"total","vars":["y"],
			"where":[{`+condition+`}]}]}`, map[string]string{"d.csv": data})
		if got := out.Results[0].Rows[0].N; got != rows {
			t.Errorf("%s: %d rows, want %d", condition, got, rows)
		}
	}
}

func TestASpecificationThatIsNotFullyUnderstoodIsRefused(t *testing.T) {
	data := map[string]string{"d.csv": "w,x,g\n1,2,a\n1,3,b\n1,4,b\n", "twice.csv": "w,x,x\n1,2,3\n", "empty.csv": "",
		"ragged.csv": "w,x\n1,2\n1\n", "r.csv": "g,r1,r2\na,1,2\n", "r2.csv": "g,r1,r2\na,1,2\na,1,2\n",
		"j.csv": "i,j,pi\n1,9,0.5\n", "r3.csv": "g,r1,r2\na,1,2\nb,1,2\n"}
	design := `"design":{"weights":"w"}`
	estimate := func(fields string) string {
		return `{"data":"d.csv",` + design + `,"estimates":[{"id":"a",` + fields + `}]}`
	}
	mean := `"estimates":[{"id":"a","stat":"mean","vars":["x"]}]`
	index := `"stat":"index","items":["x"],"overall":"mean_of_items",`
	for document, code := range map[string]string{
		`{`: "stats.spec_json",
		`{"data":"d.csv",` + design + `,` + mean + `} {}`: "stats.spec_json",
		`{"data":3}`:                      "stats.spec_type",
		`{"data":"d.csv","desing":{}}`:    "stats.spec_unknown_key",
		`{"data":"d.csv",` + design + `}`: "stats.spec_missing",
		`{` + design + `,` + mean + `}`:   "stats.spec_missing",
		estimate(`"stat":"mean","vars":["x"]},{"id":"a","stat":"mean","vars":["x"]`): "stats.spec_id",
		estimate(`"stat":"mean"`):                                                                                                                            "stats.spec_missing",
		estimate(`"stat":"mode","vars":["x"]`):                                                                                                               "stats.spec_unsupported",
		estimate(`"stat":"mean","vars":["x"],"level":0`):                                                                                                     "stats.spec_value",
		estimate(`"stat":"mean","vars":["x"],"level":1.5`):                                                                                                   "stats.spec_value",
		estimate(`"stat":"mean","vars":["x"],"score":"rescale"`):                                                                                             "stats.spec_unused",
		estimate(`"stat":"mean","vars":["x"],"where":[{"var":"x","op":"~","value":1}]`):                                                                      "stats.spec_value",
		estimate(`"stat":"mean","vars":["x"],"where":[{"var":"x","op":"<","value":"a"}]`):                                                                    "stats.spec_value",
		estimate(`"stat":"mean","vars":["x"],"where":[{"var":"x","op":"in","value":1}]`):                                                                     "stats.spec_value",
		estimate(`"stat":"mean","vars":["x"],"where":[{"var":"x","op":"==","value":null}]`):                                                                  "stats.spec_value",
		estimate(`"stat":"mean","vars":["x"],"where":[{"var":"x","op":">","value":9}]`):                                                                      "stats.empty_domain",
		estimate(`"stat":"mean","vars":["z"]`):                                                                                                               "stats.column_unknown",
		estimate(`"stat":"ratio","vars":["x"]`):                                                                                                              "stats.spec_vars",
		estimate(`"stat":"ratio","vars":["x","g"]`):                                                                                                          "stats.not_a_number",
		estimate(`"stat":"difference","vars":["x"],"by":["w"]`):                                                                                              "stats.one_domain",
		estimate(`"stat":"proportion","indicator":[{"var":"x","op":">","value":2}],"ci":["exact"]`):                                                          "stats.interval_unknown",
		estimate(`"stat":"chisq","vars":["x","g"],"test":"G"`):                                                                                               "stats.spec_unsupported",
		estimate(`"stat":"ttest","vars":["x"]`):                                                                                                              "stats.spec_vars",
		estimate(`"stat":"quantile","vars":["x"]`):                                                                                                           "stats.spec_missing",
		estimate(index + `"valid":[2,3]`):                                                                                                                    "stats.spec_missing",
		estimate(index + `"valid":[2,3],"satisfied":[4]`):                                                                                                    "stats.spec_value",
		estimate(index + `"valid":[2,3],"satisfied":[[3]]`):                                                                                                  "stats.spec_value",
		estimate(index + `"valid":[2,3],"satisfied":[3],"score":"best"`):                                                                                     "stats.spec_value",
		estimate(index + `"valid":[2],"score":"rescale"`):                                                                                                    "stats.spec_value",
		estimate(index + `"valid":["a","b"],"score":"rescale"`):                                                                                              "stats.spec_value",
		estimate(index + `"valid":[2,3],"scale":[10,1]`):                                                                                                     "stats.spec_value",
		estimate(index + `"valid":[2,3],"satisfied":[3],"score":"satisfied","scale":[1,10]`):                                                                 "stats.spec_unused",
		`{"data":"twice.csv",` + design + `,` + mean + `}`:                                                                                                   "stats.column_twice",
		`{"data":"empty.csv",` + design + `,` + mean + `}`:                                                                                                   "stats.no_rows",
		`{"data":"ragged.csv",` + design + `,` + mean + `}`:                                                                                                  "stats.csv",
		`{"data":"d.csv","design":{"weights":"g"},` + mean + `}`:                                                                                             "stats.not_a_number",
		`{"data":"d.csv","design":{"weights":"w","pps":"random"},` + mean + `}`:                                                                              "stats.pps_unknown",
		`{"data":"d.csv","design":{"fpc":["w"],"pps":"yg"},` + mean + `}`:                                                                                    "stats.pps_joint",
		`{"data":"d.csv","design":{"fpc":["w"],"pps":"ht","joint":"j.csv"},` + mean + `}`:                                                                    "stats.joint_unit",
		`{"data":"d.csv","design":{"weights":"w","lonely_psu":"drop"},` + mean + `}`:                                                                         "stats.lonely_unknown",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"odd"},` + mean + `}`:                                                                           "stats.spec_unsupported",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"JK1","file":"r.csv","key":["g"]},` + mean + `}`:                                                "stats.spec_missing",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"bootstrap"},` + mean + `}`:                                                                     "stats.spec_missing",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"JK1","count":9},` + mean + `}`:                                                                 "stats.spec_unused",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"BRR"},` + mean + `}`:                                                                           "stats.replicate_pairs",
		`{"data":"d.csv","design":{"weights":"w","strata":["g"],"lonely_psu":"remove"},"replicates":{"type":"JK1"},` + mean + `}`:                            "stats.replicate_strata",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"Fay","rho":1},` + mean + `}`:                                                                   "stats.replicate_rho",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"JK1","file":"r.csv","key":["g"],"combined":true},` + mean + `}`:                                "stats.replicate_no_key",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"JK1","file":"r2.csv","key":["g"],"combined":true},` + mean + `}`:                               "stats.replicate_key_twice",
		`{"data":"d.csv",` + design + `,"replicates":{"type":"JKn","file":"r3.csv","key":["g"],"combined":true,"rscales":[1,1,1]},` + mean + `}`:             "stats.replicate_scales",
		`{"data":"d.csv",` + design + `,"estimates":[{"id":"q","stat":"chisq","vars":["x","g"],"test":"G"}]}`:                                                "stats.spec_unsupported",
		`{"data":"d.csv",` + design + `,"calibrate":[{"method":"guess"}],` + mean + `}`:                                                                      "stats.spec_unsupported",
		`{"data":"d.csv",` + design + `,"calibrate":[{"method":"rake"}],` + mean + `}`:                                                                       "stats.spec_missing",
		`{"data":"d.csv",` + design + `,"calibrate":[{"method":"trim","lower":9,"upper":2}],` + mean + `}`:                                                   "stats.spec_value",
		`{"data":"d.csv",` + design + `,"calibrate":[{"method":"poststratify","by":["g"],"totals":[{"g":"a","total":1},{"g":"a","total":2}]}],` + mean + `}`: "stats.margin_twice",
		`{"data":"d.csv",` + design + `,"calibrate":[{"method":"poststratify","by":["g"],"totals":[{"total":1}]}],` + mean + `}`:                             "stats.spec_value",
		`{"data":"d.csv",` + design + `,"calibrate":[{"method":"linear","terms":["x"],"totals":[]}],` + mean + `}`:                                           "stats.spec_type",
		`{"data":"d.csv",` + design + `,"nonresponse":{"cells":["g"]},` + mean + `}`:                                                                         "stats.spec_missing",
		`{"data":"d.csv",` + design + `,"nonresponse":{"responded":"x","cells":["g"]},` + mean + `}`:                                                         "stats.responded_invalid",
	} {
		_, err := run(t, document, data)
		if err == nil {
			t.Errorf("%s: no error, want %s", document, code)
		} else if got := fault.ProblemsOf(err)[0].Code; got != code {
			t.Errorf("%s: %v, want %s", document, err, code)
		}
	}
}

func TestNonrespondentsStayInTheDesignWithWeightZero(t *testing.T) {
	// By hand: PSU 4 did not answer at all and counts as a drawn unit of total 0; the
	// others weigh 4/3, so their totals are t = (4/3)(y-4)/4, and the standard error is
	// √(4/3·Σ(t-t̄)²). The degrees of freedom are of the three that answered.
	out := mustRun(t, `{"data":"d.csv","design":{"ids":["psu"],"weights":"w"},"nonresponse":{"responded":"r","cells":[]},
		"estimates":[{"id":"m","stat":"mean","vars":["y"]}]}`,
		map[string]string{"d.csv": "psu,w,r,y\n1,1,1,2\n2,1,1,4\n3,1,1,6\n4,1,0,\n"})
	row := out.Results[0].Rows[0]
	se := math.Sqrt(4.0 / 3 * (4.0/9 + 4.0/9))
	if row.Estimate != 4 || math.Abs(float64(row.SE)-se) > 1e-12 || row.DF != 2 || row.N != 3 || row.SumWeights != 4 {
		t.Errorf("got %+v, want 4 with standard error %v", row, se)
	}
}

func TestRescaledIndexHasTheScalesBounds(t *testing.T) {
	const data = "w,q\n1,1\n1,5\n1,3\n1,9\n"
	for fields, want := range map[string]float64{
		`"score":"rescale"`:                   50,
		`"score":"rescale","scale":[1,10]`:    5.5,
		`"scale":[0,1]`:                       0.5,
		`"score":"satisfied","satisfied":[5]`: 100.0 / 3,
	} {
		out := mustRun(t, `{"data":"d.csv","design":{"weights":"w"},"estimates":[{"id":"i","stat":"index","items":["q"],
			"valid":[1,2,3,4,5],"overall":"mean_of_items",`+fields+`}]}`, map[string]string{"d.csv": data})
		overall := out.Results[0].Rows[1]
		if math.Abs(float64(overall.Estimate)-want) > 1e-12 || overall.N != 3 || overall.Label != "overall" {
			t.Errorf("%s: got %+v, want %v", fields, overall, want)
		}
	}
}

func TestCategoriesGiveARowALevel(t *testing.T) {
	out := mustRun(t, `{`+strat+`,"estimates":[{"id":"t","stat":"total","vars":["stype"]},{"id":"m","stat":"mean","vars":["stype"]}]}`, nil)
	var labels []string
	for _, r := range append(out.Results[0].Rows, out.Results[1].Rows...) {
		labels = append(labels, r.Label)
	}
	if got := strings.Join(labels, " "); got != "stypeE stypeH stypeM stypeE stypeH stypeM" {
		t.Errorf("labels %s", got)
	}
	if total := out.Results[0].Rows[0]; math.Abs(float64(total.Estimate)-4421) > 1e-3 {
		t.Errorf("total of E %v, want 4421", total.Estimate)
	}
}

func TestTheByteOrderMarkAndTheWeightsDigest(t *testing.T) {
	out := mustRun(t, `{"data":"d.csv","design":{"weights":"w"},"estimates":[{"id":"m","stat":"mean","vars":["x"]}]}`,
		map[string]string{"d.csv": "\ufeffw,x\r\n1.5,2\r\n2,3\r\n"})
	var b strings.Builder
	if err := out.WriteWeights(&b); err != nil {
		t.Fatal(err)
	}
	// printf 'weight\n1.5\n2\n' | sha256sum
	const digest = "sha256:ad2e8b5070235138d08e37af465a3f6abc7fc7bffeaa9bcf6ece180dbfd18ce7"
	if b.String() != "weight\n1.5\n2\n" || out.WeightsDigest != digest {
		t.Errorf("weights %q, digest %s", b.String(), out.WeightsDigest)
	}
}

func TestWhatIsUndefinedIsNullInJSON(t *testing.T) {
	out := mustRun(t, `{"data":"d.csv","design":{"ids":["p"],"weights":"w"},"estimates":[{"id":"m","stat":"mean","vars":["x"],
		"where":[{"var":"p","op":"==","value":1}]}]}`, map[string]string{"d.csv": "p,w,x\n1,1,2\n1,1,4\n2,1,5\n"})
	raw, err := json.Marshal(out.Results[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"estimate":3`, `"se":null`, `"ci":null`, `"deff":null`, `"cov":[[null]]`} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("%s lacks %s", raw, part)
		}
	}
	if len(out.Warnings) != 1 || out.Warnings[0].Code != "stats.too_few_psus" {
		t.Errorf("warnings %v", out.Warnings)
	}
}
