package spec_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object in the making.
type object = map[string]any

// sampleRow is a row of a made sample.
type sampleRow struct {
	h, psu, ssu   int     // stratum and sampling units, counted anew within each parent
	n1, n2, n3    float64 // drawn at each stage
	N1, N2, N3    float64 // of so many
	w, v, p       float64 // weights by row and by primary unit; a probability of inclusion
	x, m          float64 // never missing: an auxiliary number, and one above 0
	y, z          float64 // z is missing at times
	zMissing      bool
	g, s          string
	k, q1, q2, q3 int // answers 1 to 5; 9 is none, 0 is missing
	responded     int // 1 answered, 0 did not, 2 was not eligible
}

// maker makes a sample and a specification of it.
type maker struct {
	*rand.Rand
	rows []sampleRow
}

func (m *maker) between(low, high int) int { return low + m.IntN(high-low+1) }

func pickOf[T any](m *maker, from ...T) T { return from[m.IntN(len(from))] }

// sample draws strata of 2 or more primary units (1 in the first where lonely), in each two
// or more secondary units with people.
func (m *maker) sample(strata int, lonely bool) {
	m.rows = nil
	for h := range strata {
		a := m.between(2, 5)
		if strata == 1 {
			a = m.between(5, 9)
		}
		if lonely && h == 0 {
			a = 1
		}
		N1 := float64(a + m.between(1, 9))
		for psu := range a {
			b := m.between(2, 3)
			N2, effect, v, p := float64(b+m.IntN(5)), 3*m.NormFloat64(), 1+math.Round(400*m.Float64())/100, 0.05+math.Round(50*m.Float64())/100
			for ssu := range b {
				c := m.between(2, 3)
				N3 := float64(c + m.IntN(4))
				for range c {
					r := sampleRow{h: h + 1, psu: psu + 1, ssu: ssu + 1, n1: float64(a), n2: float64(b), n3: float64(c), N1: N1, N2: N2, N3: N3, v: v, p: p}
					m.answers(&r, effect)
					m.rows = append(m.rows, r)
				}
			}
		}
	}
}

func (m *maker) answers(r *sampleRow, effect float64) {
	two := func(x float64) float64 { return math.Round(100*x) / 100 }
	r.w, r.x, r.m = two(1+5*m.Float64()), two(20+effect+4*m.NormFloat64()), two(1+9*m.Float64())
	r.y, r.z, r.zMissing = two(50+2*effect+r.x/4+5*m.NormFloat64()), two(r.x+3*m.NormFloat64()), m.IntN(8) == 0
	r.g, r.s = pickOf(m, "alpha", "beta", "beta", `c, "d"`), pickOf(m, "01", "02")
	r.k = m.between(1, 5)
	for _, q := range []*int{&r.q1, &r.q2, &r.q3} {
		*q = pickOf(m, 1, 2, 3, 4, 4, 5, 5, 9, 0)
	}
	r.responded = pickOf(m, 1, 1, 1, 1, 0, 2)
}

// csv writes the sample as a file; what stands for a missing value, line ends and the byte
// order mark vary.
func (m *maker) csv() string {
	missing, end := pickOf(m, "", "NA"), pickOf(m, "\n", "\r\n")
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	answer := func(q int) string {
		if q == 0 {
			return missing
		}
		return strconv.Itoa(q)
	}
	var b strings.Builder
	b.WriteString(pickOf(m, "", "\ufeff"))
	b.WriteString("h,psu,unit,ssu,id,w,v,p,N1,N2,N3,f1,f2,f3,x,m,y,z,kind,s,k,q1,q2,q3,r" + end)
	for i, r := range m.rows {
		z, responded := number(r.z), strconv.Itoa(r.responded)
		if r.zMissing {
			z = missing
		}
		if r.responded == 2 {
			responded = missing
		}
		fields := []string{"h" + strconv.Itoa(r.h), strconv.Itoa(r.psu), fmt.Sprintf("%d-%d", r.h, r.psu), strconv.Itoa(r.ssu), strconv.Itoa(i + 1),
			number(r.w), number(r.v), number(r.p), number(r.N1), number(r.N2), number(r.N3), number(r.n1 / r.N1), number(r.n2 / r.N2), number(r.n3 / r.N3),
			number(r.x), number(r.m), number(r.y), z, `"` + strings.ReplaceAll(r.g, `"`, `""`) + `"`, r.s, strconv.Itoa(r.k),
			answer(r.q1), answer(r.q2), answer(r.q3), responded}
		b.WriteString(strings.Join(fields, ",") + end)
	}
	return b.String()
}

// weight is the row's weight in the design: of a column, or the product of N/n.
func (m *maker) weight(i int, design object) float64 {
	r := m.rows[i]
	switch design["weights"] {
	case "w":
		return r.w
	case "v":
		return r.v
	}
	w := 1.0
	of := map[string]float64{"N1": r.N1 / r.n1, "N2": r.N2 / r.n2, "N3": r.N3 / r.n3, "f1": r.N1 / r.n1, "f2": r.N2 / r.n2, "f3": r.N3 / r.n3, "p": 1 / r.p}
	for _, f := range design["fpc"].([]string) {
		w *= of[f]
	}
	return w
}

// design makes a design and the sample for it.
func (m *maker) design(kind string) object {
	strata := m.between(2, 3)
	if kind == "clusters" || kind == "rows" {
		strata = 1
	}
	m.sample(strata, kind == "lonely")
	d := object{"ids": []string{}, "weights": pickOf(m, "w", "v")}
	switch kind {
	case "rows":
		if m.IntN(2) == 0 {
			m.only(func(r *sampleRow, n float64) { r.n1, r.N1 = n, 3*n })
			d["fpc"], d["weights"] = []string{pickOf(m, "N1", "f1")}, pickOf[any](m, "w", nil)
		}
	case "strata":
		d["strata"] = []string{"h"}
	case "clusters":
		d["ids"] = []string{"unit"}
		if m.IntN(2) == 0 {
			d["fpc"], d["weights"] = []string{pickOf(m, "N1", "f1")}, pickOf[any](m, "v", nil)
		}
	case "nested":
		d["ids"], d["strata"], d["nest"] = []string{"psu"}, []string{"h"}, true
		if m.IntN(2) == 0 {
			d["fpc"] = []string{pickOf(m, "N1", "f1")}
		}
	case "two", "brewer":
		d["ids"], d["strata"] = []string{"unit", "ssu"}, []string{"h"}
		d["fpc"] = pickOf(m, []string{"N1", "N2"}, []string{"f1", "f2"})
		d["weights"] = pickOf[any](m, "w", nil)
		if kind == "brewer" {
			d["pps"], d["fpc"] = "brewer", []string{"p", "f2"}
		}
	case "three":
		d["ids"], d["strata"], d["nest"] = []string{"psu", "ssu", "id"}, []string{"h"}, true
		d["fpc"] = pickOf(m, []string{"N1", "N2", "N3"}, []string{"f1", "f2", "f3"})
		d["weights"] = pickOf[any](m, "w", nil)
	case "hartley_rao", "ht", "yg":
		m.rows = m.rows[:min(len(m.rows), 25)]
		m.only(func(r *sampleRow, _ float64) { r.p = 0.1003 + math.Round(600*m.Float64())/1000 })
		d["pps"], d["fpc"], d["weights"] = kind, []string{"p"}, nil
		if kind != "hartley_rao" {
			d["joint"] = "joint"
		}
	case "lonely":
		d["ids"], d["strata"] = []string{"unit"}, []string{"h"}
		d["lonely_psu"] = pickOf(m, "remove", "certainty", "adjust", "average")
		if m.IntN(2) == 0 {
			d["fpc"] = []string{"N1"}
		}
	case "domains":
		d["ids"], d["strata"] = []string{"unit"}, []string{"h"}
		d["lonely_psu"], d["adjust_domain_lonely"] = pickOf(m, "adjust", "average"), true
	}
	return d
}

// only changes every row, given their number.
func (m *maker) only(change func(r *sampleRow, n float64)) {
	for i := range m.rows {
		change(&m.rows[i], float64(len(m.rows)))
	}
}

// joint are joint probabilities below the product of the single ones, after Hájek's form.
func (m *maker) joint() string {
	spread := 0.0
	for _, r := range m.rows {
		spread += (1 - r.p)
	}
	var b strings.Builder
	b.WriteString("i,j,pi\n")
	for i, a := range m.rows {
		for j, c := range m.rows[:i] {
			fmt.Fprintf(&b, "%d,%d,%v\n", j+1, i+1, a.p*c.p*(1-(1-a.p)*(1-c.p)/spread))
		}
	}
	return b.String()
}

// margin gives each level of a category a total near that of the weights, or their sum if
// the total of all is given.
func (m *maker) margin(design object, by string, all float64) (entries []object, sum float64) {
	totals := map[string]float64{}
	for i, r := range m.rows {
		if r.responded != 2 || design["nonresponse"] == nil {
			totals[r.level(by)] += m.weight(i, design)
		}
	}
	levels := []string{}
	for level := range totals {
		levels = append(levels, level)
	}
	slices.Sort(levels)
	for _, level := range levels {
		totals[level] = math.Round(totals[level] * (0.85 + 0.4*m.Float64()))
		sum += totals[level]
	}
	for _, level := range levels {
		if all > 0 {
			totals[level] *= all / sum
		}
		entries = append(entries, object{by: level, "total": totals[level]})
	}
	return entries, sum
}

func (r sampleRow) level(by string) string {
	if by == "kind" {
		return r.g
	}
	return r.s
}

// calibration makes a step.
func (m *maker) calibration(design object, method string) object {
	step := object{"method": method}
	switch method {
	case "poststratify":
		by := pickOf(m, "kind", "s")
		totals, _ := m.margin(design, by, 0)
		step["by"], step["totals"] = []string{by}, totals
		return step
	case "rake":
		first, all := m.margin(design, "kind", 0)
		second, _ := m.margin(design, "s", all)
		step["margins"] = []object{{"by": []string{"kind"}, "totals": first}, {"by": []string{"s"}, "totals": second}}
		return step
	case "trim", "cap":
		mean := 0.0
		for i := range m.rows {
			mean += m.weight(i, design) / float64(len(m.rows))
		}
		step["method"], step["upper"] = "trim", math.Round(200*mean)/100
		if method == "trim" {
			step["lower"] = math.Round(40*mean) / 100
		}
		return step
	}
	m.terms(step, design)
	switch {
	case method == "logit":
		step["bounds"] = []float64{0.2, 5}
	case m.IntN(3) == 0:
		step["bounds"] = []float64{0.3, 4}
	}
	if method == "linear" && step["bounds"] == nil && m.IntN(2) == 0 { // with bounds R leaves it out of the variance
		step["variance"] = "m"
	}
	if design["weights"] == "v" && len(design["ids"].([]string)) == 1 && m.IntN(2) == 0 {
		step["cluster"] = true
		delete(step, "variance")
	}
	return step
}

// terms are a category, a number or both; with an intercept or without.
func (m *maker) terms(step, design object) {
	terms, totals := pickOf(m, []string{"kind"}, []string{"x"}, []string{"kind", "x"}, []string{"kind", "m"}), object{}
	intercept := m.IntN(4) > 0 || len(terms) == 1
	entries, sum := m.margin(design, "kind", 0)
	for _, term := range terms {
		switch term {
		case "kind":
			for i, e := range entries {
				if i > 0 || !intercept {
					totals["kind"+e["kind"].(string)] = e["total"]
				}
			}
		default:
			total, weights := 0.0, 0.0
			for i, r := range m.rows {
				w := m.weight(i, design)
				weights += w
				total += w * map[string]float64{"x": r.x, "m": r.m}[term]
			}
			totals[term] = math.Round(total / weights * sum * (0.98 + 0.04*m.Float64()))
		}
	}
	if intercept {
		totals["(Intercept)"] = sum
	}
	step["terms"], step["totals"] = terms, totals
}

// replicates are made from the design, or a file of factors or weights of the rows.
func (m *maker) replicates(kind string, design object, file string) (r object, content string) {
	r = object{"type": kind, "mse": m.IntN(2) == 0}
	if kind == "JK1" || kind == "JKn" || kind == "BRR" || kind == "Fay" {
		if kind == "Fay" {
			r["rho"] = 0.3
		}
		return r, ""
	}
	kind = strings.TrimPrefix(kind, "file:")
	count := m.between(8, 15)
	r["type"], r["file"], r["key"], r["combined"] = kind, file, []string{"id"}, m.IntN(2) == 0
	switch kind {
	case "JKn", "other":
		scales := make([]float64, count)
		for i := range scales {
			scales[i] = math.Round(100*m.Float64()) / 100
		}
		r["rscales"], r["scale"] = scales, 0.5
	case "Fay":
		r["rho"] = 0.3
	case "JK1":
		r["scale"] = float64(count-1) / float64(count)
	}
	var b strings.Builder
	b.WriteString("id")
	for k := range count {
		fmt.Fprintf(&b, ",r%d", k+1)
	}
	for i := range m.rows {
		fmt.Fprintf(&b, "\n%d", i+1)
		for range count {
			factor := 0.1 + math.Round(180*m.Float64())/100
			if r["combined"] == true {
				factor *= m.weight(i, design)
			}
			fmt.Fprintf(&b, ",%v", factor)
		}
	}
	return r, b.String() + "\n"
}

// literal writes a JSON value as an R expression.
func literal(v any) string {
	list := func(n int, item func(int) string) string {
		items := make([]string, n)
		for i := range items {
			items[i] = item(i)
		}
		return strings.Join(items, ", ")
	}
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case []string:
		return "c(" + list(len(v), func(i int) string { return literal(v[i]) }) + ")"
	case []float64:
		return "c(" + list(len(v), func(i int) string { return literal(v[i]) }) + ")"
	case []any:
		return "list(" + list(len(v), func(i int) string { return literal(v[i]) }) + ")"
	case []object:
		return "list(" + list(len(v), func(i int) string { return literal(v[i]) }) + ")"
	case object:
		keys := []string{}
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return "list(" + list(len(keys), func(i int) string { return strconv.Quote(keys[i]) + " = " + literal(v[keys[i]]) }) + ")"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

// write saves a case: its data, the specification for us and for R.
func (m *maker) write(folder, name string, spec object, files map[string]string) (document string, err error) {
	raw, err := json.Marshal(spec)
	if err != nil {
		return "", err
	}
	files[name+".json"], files[name+".R"], files[name+".csv"] = string(raw), literal(spec), m.csv()
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	return string(raw), nil
}
