package spec_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hailong/stats/spec"
)

// estimate makes one estimate of the statistic.
func (m *maker) estimate(id, stat string) object {
	e := object{"id": id, "stat": stat}
	switch tested := slices.Contains([]string{"ttest", "chisq", "regression", "difference"}, stat); {
	case tested && m.IntN(2) == 0:
		e["where"] = []object{{"var": "z", "op": ">", "value": 19.5}}
	case !tested && m.IntN(2) == 0:
		e["where"] = []object{pickOf(m,
			object{"var": "kind", "op": "==", "value": "beta"}, object{"var": "kind", "op": "!=", "value": "alpha"}, object{"var": "s", "op": "==", "value": "01"},
			object{"var": "s", "op": "==", "value": 2}, object{"var": "k", "op": "in", "value": []any{1, "3", 4}}, object{"var": "q1", "op": "<=", "value": 4},
			object{"var": "z", "op": ">", "value": 19.5}, object{"var": "kind", "op": "in", "value": []any{`c, "d"`, "beta"}})}
	}
	if m.IntN(3) == 0 {
		e["level"] = pickOf(m, 0.9, 0.99)
	}
	if m.IntN(2) == 0 && stat != "variance" && stat != "regression" {
		e["by"] = pickOf(m, []string{"s"}, []string{"kind"}, []string{"kind", "s"}, []string{"q2"})
	}
	switch stat {
	case "mean", "total":
		e["vars"] = pickOf(m, []string{"y"}, []string{"z", "y"}, []string{"kind"}, []string{"q1"}, []string{"s", "x"})
	case "ratio":
		e["vars"] = pickOf(m, []string{"y", "x"}, []string{"z", "m"}, []string{"q1", "z"})
	case "proportion":
		e["indicator"] = pickOf(m, []object{{"var": "q1", "op": ">=", "value": 4}}, []object{{"var": "kind", "op": "in", "value": []any{"beta"}}},
			[]object{{"var": "k", "op": "<", "value": 4}, {"var": "z", "op": ">", "value": 15}})
		e["ci"] = []string{"logit", "beta", "xlogit", "mean", "asin"}
	case "difference":
		e["vars"], e["by"] = []string{pickOf(m, "y", "z")}, pickOf(m, []string{"s"}, []string{"kind"})
	case "quantile":
		e["vars"], e["p"] = pickOf(m, []string{"y"}, []string{"q1"}, []string{"z", "x"}), []float64{0.25, 0.5, 0.8}
		e["rule"], e["ci"] = pickOf(m, "math", "school", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"), pickOf(m, "mean", "beta", "xlogit", "asin")
	case "variance":
		e["vars"] = []string{pickOf(m, "y", "z")}
	case "ttest":
		e["vars"] = []string{pickOf(m, "y", "z"), "s"}
		delete(e, "by")
	case "chisq":
		e["vars"], e["test"] = pickOf(m, []string{"s", "kind"}, []string{"k", "s"}, []string{"q1", "s"}), pickOf(m, "F", "F", "Wald")
		delete(e, "by")
		delete(e, "level")
	case "regression":
		e["vars"], e["terms"] = []string{"y"}, pickOf(m, []string{"x"}, []string{"kind", "x"}, []string{"z"})
		delete(e, "level")
	case "index":
		m.index(e)
	}
	return e
}

func (m *maker) index(e object) {
	delete(e, "level")
	if m.IntN(3) > 0 {
		delete(e, "by")
	}
	e["items"], e["valid"] = []string{"q1", "q2", "q3"}, []float64{1, 2, 3, 4, 5}
	e["groups"] = []object{{"id": "g1", "items": []string{"q1", "q2"}}, {"id": "g2", "items": []string{"q3"}}}
	e["parts"] = []object{{"id": "p1", "groups": []string{"g1"}}, {"id": "p2", "groups": []string{"g2", "g1"}}}
	e["overall"] = pickOf(m, "mean_of_items", "mean_of_groups", "mean_of_parts", "pooled")
	if m.IntN(2) == 0 {
		e["satisfied"] = []float64{4, 5}
		return
	}
	e["score"] = "rescale"
	if m.IntN(2) == 0 {
		e["scale"] = []float64{1, 10}
	}
}

// randomCase is a specification and what kinds it is of.
type randomCase struct {
	name, document    string
	design, weighting string
}

// makeCases writes the cases into the folder.
func makeCases(t *testing.T, folder string) []randomCase {
	t.Helper()
	designs := []string{"rows", "strata", "clusters", "nested", "two", "three", "brewer", "hartley_rao", "ht", "yg", "lonely", "domains"}
	weightings := []string{"poststratify", "rake", "linear", "raking", "logit", "trim", "nonresponse", "chain",
		"JK1", "JKn", "BRR", "Fay", "file:bootstrap", "file:subbootstrap", "file:mrbbootstrap", "file:other", "file:JK1", "file:JKn", "file:BRR", "file:Fay"}
	stats := []string{"mean", "total", "ratio", "proportion", "difference", "quantile", "variance", "ttest", "chisq", "regression", "index"}
	var cases []randomCase
	for i := range 3*len(designs) + 4*len(weightings) {
		m := &maker{Rand: rand.New(rand.NewPCG(uint64(i), 41))}
		c := randomCase{name: fmt.Sprintf("case%03d", i), design: designs[i%len(designs)]}
		if i >= 3*len(designs) {
			c.design, c.weighting = pickOf(m, designs...), weightings[i%len(weightings)]
		}
		s, files := m.specification(&c)
		var estimates []object
		for _, k := range m.Perm(len(stats))[:4] {
			if design := s["design"].(object); design["lonely_psu"] == "adjust" && (stats[k] == "total" || stats[k] == "chisq") || c.design == "domains" && stats[k] == "index" {
				continue // R measures totals from 0; which strata are lonely depends on the domain
			}
			estimates = append(estimates, m.estimate(stats[k], stats[k]))
		}
		s["estimates"] = estimates
		document, err := m.write(folder, c.name, s, files)
		if err != nil {
			t.Fatal(err)
		}
		c.document = document
		cases = append(cases, c)
	}
	return cases
}

// specification makes a design with a weighting that goes with it.
func (m *maker) specification(c *randomCase) (s object, files map[string]string) {
	files = map[string]string{}
	switch c.weighting {
	case "JK1":
		c.design = "clusters"
	case "JKn", "BRR", "Fay":
		c.design = "nested"
	case "":
	default:
		if strings.HasPrefix(c.weighting, "file:") || c.design == "hartley_rao" || c.design == "ht" || c.design == "yg" {
			c.design = pickOf(m, "rows", "strata", "clusters", "nested", "two", "three")
		}
	}
	if c.weighting == "nonresponse" && c.design == "brewer" { // R keeps rows of weight 0 there
		c.design = "two"
	}
	design := m.design(c.design)
	if design["lonely_psu"] == "adjust" && c.weighting != "" { // R measures from 0
		design["lonely_psu"] = "average"
	}
	if c.weighting == "BRR" || c.weighting == "Fay" {
		m.pairs()
		delete(design, "fpc")
	}
	if design["joint"] != nil {
		design["joint"] = c.name + "-joint.csv"
		files[c.name+"-joint.csv"] = m.joint()
	}
	s = object{"data": c.name + ".csv", "design": design}
	switch c.weighting {
	case "":
	case "poststratify", "rake", "linear", "raking", "logit", "trim":
		s["calibrate"] = []object{m.calibration(design, c.weighting)}
	case "nonresponse":
		s["nonresponse"] = object{"responded": "r", "cells": []string{pickOf(m, "kind", "s")}}
		s["calibrate"] = []object{m.calibration(design, pickOf(m, "poststratify", "rake", "linear"))}[m.IntN(2):]
	case "chain":
		s["calibrate"] = []object{m.calibration(design, "poststratify"), m.calibration(design, "cap"), m.calibration(design, "rake")}
	default:
		file := c.name + "-replicates.csv"
		r, content := m.replicates(c.weighting, design, file)
		if content != "" {
			files[file] = content
		}
		s["replicates"] = r
		switch m.IntN(4) {
		case 0:
			step := m.calibration(design, pickOf(m, "poststratify", "linear"))
			delete(step, "cluster") // replicates differ within a primary unit
			s["calibrate"] = []object{step}
		case 1:
			s["nonresponse"] = object{"responded": "r", "cells": []string{"s"}}
		}
	}
	return s, files
}

// pairs keeps two primary units in each stratum.
func (m *maker) pairs() {
	kept := m.rows[:0]
	for _, r := range m.rows {
		if r.psu <= 2 {
			r.n1 = 2
			kept = append(kept, r)
		}
	}
	m.rows = kept
}

// randomExpected runs R on the cases.
func randomExpected(t *testing.T, folder string) map[string]float64 {
	t.Helper()
	if out, err := exec.Command("Rscript", "-e", "library(survey)").CombinedOutput(); err != nil {
		if os.Getenv("HAILONG_CI") == "1" {
			t.Fatalf("R with its package survey is required: %v\n%s", err, out)
		}
		t.Skip("R with its package survey is not installed")
	}
	out, err := exec.Command("Rscript", testdata+"random.R", folder).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("R: %s", out)
	raw, err := os.ReadFile(filepath.Join(folder, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	for _, r := range records {
		value, err := strconv.ParseFloat(r[4], 64)
		if err != nil || math.IsInf(value, 0) {
			value = math.NaN()
		}
		want[strings.Join(r[:4], ".")] = value
	}
	return want
}

// figures are the numbers of an output by the names that R's script gives them.
func figures(t *testing.T, c randomCase, out spec.Output) map[string]float64 {
	t.Helper()
	got := map[string]float64{}
	for _, result := range out.Results {
		for i, row := range result.Rows {
			put := func(name string, v spec.Number) {
				got[fmt.Sprintf("%s.%s.%d.%s", c.name, result.ID, i, name)] = float64(v)
			}
			for name, v := range map[string]spec.Number{"estimate": row.Estimate, "se": row.SE, "df": row.DF, "deff": row.Deff, "deff_wr": row.DeffWR,
				"n": spec.Number(row.N), "sum_weights": row.SumWeights} {
				put(name, v)
			}
			for name, v := range map[string]*spec.Number{"t": row.T, "p_value": row.PValue, "statistic": row.Statistic, "ddf": row.DDF} {
				if v != nil {
					put(name, *v)
				}
			}
			for name, ci := range row.Intervals {
				if ci != nil {
					put(name+".lo", ci[0])
					put(name+".hi", ci[1])
				}
			}
			if row.CI != nil {
				put("lo", row.CI[0])
				put("hi", row.CI[1])
			}
			for j := range result.Cov {
				put(fmt.Sprintf("cov%d", j), result.Cov[i][j])
			}
		}
	}
	var weights strings.Builder
	if err := out.WriteWeights(&weights); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(weights.String()), "\n")[1:] {
		w, err := strconv.ParseFloat(line, 64)
		if err != nil {
			t.Fatal(err)
		}
		got[fmt.Sprintf("%s.weights.0.w%d", c.name, i+1)] = w
	}
	return got
}

// tolerance is how far the figure of a key may lie from R's. An error and a covariance of
// rounding alone are 0; a covariance is measured by the variances on its diagonal.
func tolerance(key string, want, got map[string]float64) float64 {
	scale := math.Max(math.Abs(want[key]), 1e-3)
	if row, ok := strings.CutSuffix(key, ".se"); ok {
		scale = math.Max(scale, 1e-4*math.Abs(got[row+".estimate"]))
	}
	if row, column, ok := strings.Cut(key, ".cov"); ok {
		at := strings.LastIndex(row, ".") + 1
		other := row[:at] + column
		scale = math.Max(math.Sqrt(want[row+".cov"+row[at:]]*want[other+".cov"+column]), 1e-5*math.Abs(got[row+".estimate"]*got[other+".estimate"]))
	}
	if strings.Contains(key, ".logit.") {
		return 1e-6 * scale // R iterates
	}
	return 1e-9 * scale
}

// The expected figures are made by R's survey package as the test runs (testdata/random.R of
// package stats): a hundred specifications over small samples, of every design, weighting
// and statistic. Where definitions differ (docs/estimate.md) the script follows ours. A
// folder named by HAILONG_RANDOM keeps the cases.
func TestRandomSpecificationsAgreeWithR(t *testing.T) {
	folder := os.Getenv("HAILONG_RANDOM")
	if folder == "" {
		folder = t.TempDir()
	}
	cases := makeCases(t, folder)
	want := randomExpected(t, folder)
	compared := 0
	for _, c := range cases {
		s, err := spec.Parse(strings.NewReader(c.document))
		if err != nil {
			t.Fatal(err)
		}
		out, err := spec.Run(s, func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(folder, name)) })
		if code := firstCode(err); code == "stats.chisq_singular" || code == "stats.chisq_levels" {
			continue // R fails too, or gives what is rounding
		}
		if err != nil {
			t.Errorf("%s (%s, %s): %v", c.name, c.design, c.weighting, err)
			continue
		}
		compared += compare(t, c, want, figures(t, c, out))
	}
	if compared < 20_000 {
		t.Errorf("only %d figures were compared", compared)
	}
}

// compare fails unless the figures of a case are R's, and returns how many R has.
func compare(t *testing.T, c randomCase, want, got map[string]float64) (compared int) {
	t.Helper()
	for key, r := range want {
		if !strings.HasPrefix(key, c.name+".") {
			continue
		}
		compared++
		g, ok := got[key]
		if !ok {
			g = math.NaN()
		}
		if same := math.IsNaN(g) && math.IsNaN(r) || math.Abs(g-r) <= tolerance(key, want, got); !same {
			t.Errorf("%s (%s, %s): got %.15g, R has %.15g", key, c.design, c.weighting, g, r)
		}
	}
	return compared
}
