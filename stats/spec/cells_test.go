package spec

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// randomData is a sample in strata, PSUs and SSUs, with finite populations, missing and
// invalid answers, people of weight 0, and columns for domains and adjustments.
func randomData(rng *rand.Rand) string {
	var b strings.Builder
	b.WriteString("stratum,psu,ssu,size,subsize,w,zero,sex,area,answered,spend,kind,q1,q2,q3,q4,q5\n")
	pick := func(values ...string) string { return values[rng.IntN(len(values))] }
	for h := range 2 + rng.IntN(3) {
		psus := 2 + rng.IntN(4)
		for p := range psus {
			ssus := 2 + rng.IntN(3)
			area := pick("core", "near", "far")
			for s := range ssus {
				for range 1 + rng.IntN(6) {
					w := 0.5 + float64(rng.IntN(900))/100
					zero := w
					if rng.IntN(8) == 0 {
						zero = 0
					}
					fmt.Fprintf(&b, "h%d,p%d,s%d,%d,%d,%.17g,%v,%s,%s,%s,%s,%s", h, p, s, psus+h, ssus+2*p, w, zero,
						pick("f", "m"), pick(area, area, area, "core"), pick("1", "1", "1", "0", ""), pick("1.5", "2", "30", "", "-4"), pick("a", "b", "NA"))
					for range 5 {
						b.WriteString("," + pick("1", "2", "3", "4", "5", "9", "NA"))
					}
					b.WriteString("\n")
				}
			}
		}
	}
	return b.String()
}

// randomSpec combines a design, weighting and replicates with every statistic that
// cells suffice for.
func randomSpec(rng *rand.Rand) string {
	pick := func(values ...string) string { return values[rng.IntN(len(values))] }
	index := `"stat":"index","items":["q1","q2","q3","q4","q5"],"valid":[1,2,3,4,5],
		"groups":[{"id":"g1","items":["q1","q2"]},{"id":"g2","items":["q3"]},{"id":"g3","items":["q4","q5"]}],
		"parts":[{"id":"p1","groups":["g1","g2"]},{"id":"p2","groups":["g3"]}],` +
		pick(`"satisfied":[4,5]`, `"score":"rescale"`, `"scale":[1,10]`) +
		`,"overall":"` + pick("mean_of_items", "mean_of_groups", "mean_of_parts", "pooled") + `"`
	by := pick(``, `,"by":["sex"]`, `,"by":["sex","area"]`, `,"by":["psu"]`)
	where := pick(``, `,"where":[{"var":"spend","op":">","value":0}]`, `,"where":[{"var":"kind","op":"!=","value":"a"},{"var":"sex","op":"==","value":"f"}]`)
	return `{"data":"d.csv","design":{"lonely_psu":"adjust","nest":true,"weights":"` + pick("w", "w", "zero") + `",` + pick(
		`"ids":["psu","ssu"],"strata":["stratum"]`,
		`"ids":["psu"],"strata":["stratum"],"fpc":["size"]`,
		`"ids":["psu","ssu"],"strata":["stratum"],"fpc":["size","subsize"]`) + `},` +
		pick(``, ``, `"nonresponse":{"responded":"answered","cells":["sex"]},`) +
		pick(``, ``, `"replicates":{"type":"JKn"},`, `"replicates":{"type":"bootstrap","count":20,"seed":3},`) +
		`"calibrate":[` + pick(``,
		`{"method":"poststratify","by":["sex"],"totals":[{"sex":"f","total":900},{"sex":"m","total":800}]}`,
		`{"method":"rake","margins":[{"by":["sex"],"totals":[{"sex":"f","total":900},{"sex":"m","total":800}]},
			{"by":["area"],"totals":[{"area":"core","total":900},{"area":"near","total":500},{"area":"far","total":300}]}]}`,
		`{"method":"poststratify","by":["sex"],"totals":[{"sex":"f","total":900},{"sex":"m","total":800}]},
			{"method":"linear","terms":["area"],"totals":{"(Intercept)":1700,"areafar":300,"areanear":500}}`) + `],
		"estimates":[{"id":"i",` + index + by + where + `},
			{"id":"m","stat":"mean","vars":["spend","kind"]` + by + where + `},
			{"id":"t","stat":"total","vars":["spend","kind"]` + by + `},
			{"id":"p","stat":"proportion","indicator":[{"var":"q1","op":">=","value":3},{"var":"kind","op":"==","value":"a"}]` + by + `},
			{"id":"d","stat":"difference","vars":["spend"],"by":["sex"]` + where + `}]}`
}

// byRows computes everything from the rows.
func byRows(s Spec, open Open) (Output, error) {
	in, err := open(s.Data)
	if err != nil {
		return Output{}, err
	}
	t, err := readTable(in, s.Data, s.columns())
	if err != nil {
		return Output{}, err
	}
	r, err := s.runner(t, open)
	if err != nil {
		return Output{}, err
	}
	out := Output{weights: func(w io.Writer) error { _, err := w.Write(encodeWeights(r.design.Weights())); return err }}
	return out, out.compute(s.Estimates, r.estimate)
}

func TestFromCellsComesWhatComesFromRows(t *testing.T) {
	done := 0
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 9))
		data, document := randomData(rng), randomSpec(rng)
		s, err := Parse(strings.NewReader(document))
		if err != nil {
			t.Fatal(err)
		}
		open := func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(data)), nil }
		want, wantErr := byRows(s, open)
		got, gotErr := s.runByCells(open)
		if (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("seed %d: cells %v, rows %v\n%s", seed, gotErr, wantErr, document)
		}
		if wantErr != nil {
			continue
		}
		done++
		if text := differ(got, want); text != "" {
			t.Errorf("seed %d: %s\n%s", seed, text, document)
		}
		if t.Failed() && done > 3 {
			return
		}
	}
	if done < 30 {
		t.Errorf("only %d specifications were valid", done)
	}
}

// differ describes the first difference.
func differ(got, want Output) string {
	const tolerance = 1e-11
	near := func(a, b Number) bool {
		x, y := float64(a), float64(b)
		return (math.IsNaN(x) && math.IsNaN(y)) || math.Abs(x-y) <= tolerance*(1+math.Abs(y))
	}
	for i, w := range want.Results {
		g := got.Results[i]
		if len(g.Rows) != len(w.Rows) {
			return fmt.Sprintf("%s: %d rows, want %d", w.ID, len(g.Rows), len(w.Rows))
		}
		for j, a := range w.Rows {
			b := g.Rows[j]
			same := a.Label == b.Label && fmt.Sprint(a.Group) == fmt.Sprint(b.Group) && a.N == b.N && (a.CI == nil) == (b.CI == nil)
			pairs := [][2]Number{{a.Estimate, b.Estimate}, {a.SE, b.SE}, {a.DF, b.DF}, {a.SumWeights, b.SumWeights}}
			if a.SE > 1e-9 { // else the design effect is a ratio of rounding errors
				pairs = append(pairs, [2]Number{a.Deff, b.Deff}, [2]Number{a.DeffWR, b.DeffWR})
			}
			for _, p := range pairs {
				same = same && near(p[1], p[0])
			}
			if !same {
				return fmt.Sprintf("%s: got %+v, want %+v", w.ID, b, a)
			}
			for k := range w.Cov {
				if !near(g.Cov[j][k], w.Cov[j][k]) {
					return fmt.Sprintf("%s: cov %d,%d: got %v, want %v", w.ID, j, k, g.Cov[j][k], w.Cov[j][k])
				}
			}
		}
	}
	if g, w := fmt.Sprint(got.Warnings), fmt.Sprint(want.Warnings); g != w {
		return "warnings " + g + ", want " + w
	}
	var a, b strings.Builder
	if err := got.WriteWeights(&a); err != nil {
		return err.Error()
	}
	if err := want.WriteWeights(&b); err != nil {
		return err.Error()
	}
	return differentLine(a.String(), b.String())
}

func differentLine(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(g) != len(w) {
		return fmt.Sprintf("%d weights, want %d", len(g), len(w))
	}
	for i := range w {
		x, _ := number(g[i])
		y, _ := number(w[i])
		if math.Abs(x-y) > 1e-12*math.Abs(y) {
			return fmt.Sprintf("weight %d: %s, want %s", i, g[i], w[i])
		}
	}
	return ""
}
