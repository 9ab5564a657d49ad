package stats_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"hailong/stats"
)

// expected holds the figures that testdata/reference.R computed with R's survey
// package; the file's first line gives the versions.
type expected struct {
	t      *testing.T
	values map[string]float64
}

func readExpected(t *testing.T) expected {
	t.Helper()
	e := expected{t: t, values: map[string]float64{}}
	table := readTable(t, "expected.csv")
	for i := range table.rows {
		e.values[table.text("case")[i]+"."+table.text("quantity")[i]] = table.number("value")[i]
	}
	return e
}

// agree fails unless got is within 1e-9 of R's figure, relatively.
func (e expected) agree(got float64, format string, args ...any) {
	e.t.Helper()
	key := fmt.Sprintf(format, args...)
	want, ok := e.values[key]
	if !ok {
		e.t.Fatalf("no expected value %q", key)
	}
	if math.Abs(got-want) > 1e-9*math.Max(math.Abs(want), 1e-12) || math.IsNaN(got) != math.IsNaN(want) {
		e.t.Errorf("%s: got %.15g, R has %.15g", key, got, want)
	}
}

func (e expected) estimate(case_ string, got stats.Estimate) {
	e.t.Helper()
	e.agree(got.Value, "%s.value", case_)
	e.agree(got.SE, "%s.se", case_)
	e.agree(float64(got.DF), "%s.df", case_)
	e.agree(got.Deff, "%s.deff", case_)
}

// table is a CSV file of testdata.
type table struct {
	header map[string]int
	rows   [][]string
}

func readTable(t testing.TB, name string) table {
	t.Helper()
	f, err := os.Open("testdata/" + name)
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
	out := table{header: map[string]int{}, rows: records[1:]}
	for i, n := range records[0] {
		out.header[n] = i
	}
	return out
}

func (d table) text(name string) []string {
	values := make([]string, len(d.rows))
	for i, r := range d.rows {
		values[i] = r[d.header[name]]
	}
	return values
}

func (d table) number(name string) []float64 {
	values := make([]float64, len(d.rows))
	for i, s := range d.text(name) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			v = math.NaN()
		}
		values[i] = v
	}
	return values
}

func (d table) labels(name string) stats.Labels { return stats.NewLabels(name, d.text(name)) }
func (d table) numbers(name string) stats.Numbers {
	return stats.Numbers{Name: name, Values: d.number(name)}
}

func mustDesign(t testing.TB, spec stats.DesignSpec) *stats.Design {
	t.Helper()
	d, err := stats.NewDesign(spec)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// apiDesigns are the designs of reference.R on the api data.
func apiDesigns(t testing.TB) map[string]struct {
	data   table
	design *stats.Design
} {
	strat, clus1, clus2 := readTable(t, "apistrat.csv"), readTable(t, "apiclus1.csv"), readTable(t, "apiclus2.csv")
	out := map[string]struct {
		data   table
		design *stats.Design
	}{}
	add := func(name string, data table, spec stats.DesignSpec) {
		spec.Rows = len(data.rows)
		out[name] = struct {
			data   table
			design *stats.Design
		}{data, mustDesign(t, spec)}
	}
	byType := []stats.Labels{strat.labels("stype")}
	add("strat", strat, stats.DesignSpec{Strata: byType, Weights: strat.number("pw"), FPC: []stats.Numbers{strat.numbers("fpc")}})
	add("strat_wr", strat, stats.DesignSpec{Strata: byType, Weights: strat.number("pw")})
	add("clus1", clus1, stats.DesignSpec{IDs: []stats.Labels{clus1.labels("dnum")}, Weights: clus1.number("pw"),
		FPC: []stats.Numbers{clus1.numbers("fpc")}})
	ids := []stats.Labels{clus2.labels("dnum"), clus2.labels("snum")}
	add("clus2", clus2, stats.DesignSpec{IDs: ids, FPC: []stats.Numbers{clus2.numbers("fpc1"), clus2.numbers("fpc2")}})
	add("clus2_wr", clus2, stats.DesignSpec{IDs: ids, Weights: clus2.number("pw")})
	return out
}

func TestEstimatesOfTheAPIDataAgreeWithR(t *testing.T) {
	want := readExpected(t)
	for name, c := range apiDesigns(t) {
		d, data := c.design, c.data
		stype := data.text("stype")
		elementary := d.Where(func(row int) bool { return stype[row] == "E" })
		for key, form := range map[string]stats.Linear{
			"mean.api00":     d.Mean(data.numbers("api00"), d.All()),
			"mean.enroll":    d.Mean(data.numbers("enroll"), d.All()),
			"total.enroll":   d.Total(data.numbers("enroll"), d.All()),
			"ratio":          d.Ratio(data.numbers("api00"), data.numbers("api99"), d.All()),
			"domain.E":       d.Mean(data.numbers("api00"), elementary),
			"domain_total.E": d.Total(data.numbers("enroll"), elementary),
			"domain_ratio.E": d.Ratio(data.numbers("api00"), data.numbers("api99"), elementary),
		} {
			got, _ := d.Estimate(form)
			if key == "mean.enroll" || key == "total.enroll" || key == "domain_total.E" {
				// R's degf does not see that rows with a missing value are not used.
				want.agree(got.Value, "%s.%s.value", name, key)
				want.agree(got.SE, "%s.%s.se", name, key)
				want.agree(got.Deff, "%s.%s.deff", name, key)
				continue
			}
			want.estimate(name+"."+key, got)
			if _, ok := want.values[name+"."+key+".low"]; ok {
				want.agree(got.DeffWR, "%s.%s.deff_wr", name, key)
				want.agree(got.CI(0.95).Low, "%s.%s.low", name, key)
				want.agree(got.CI(0.95).High, "%s.%s.high", name, key)
			}
		}
	}
}

func TestContrastsAgreeWithR(t *testing.T) {
	want := readExpected(t)
	for name, c := range apiDesigns(t) {
		d, data := c.design, c.data
		groups := d.All().Split(data.labels("sch.wide"))
		level := map[string]int{}
		for i, l := range data.labels("sch.wide").Levels {
			level[l] = i
		}
		api00, api99 := data.numbers("api00"), data.numbers("api99")
		gap, _ := d.Estimate(d.Contrast("No-Yes", []float64{1, -1},
			[]stats.Linear{d.Mean(api00, groups[level["No"]]), d.Mean(api00, groups[level["Yes"]])}))
		want.agree(gap.Value, "%s.difference.value", name)
		want.agree(gap.SE, "%s.difference.se", name)

		means := []stats.Linear{d.Mean(api00, d.All()), d.Mean(api99, d.All())}
		joint := d.Joint(means)
		want.agree(joint.Cov.At(0, 1), "%s.joint.cov", name)
		log, _ := d.Estimate(d.Combine(math.Log(means[0].Value/means[1].Value),
			[]float64{1 / means[0].Value, -1 / means[1].Value}, means))
		want.agree(log.Value, "%s.log_ratio.value", name)
		want.agree(log.SE, "%s.log_ratio.se", name)
	}
}

func TestShareIntervalsAgreeWithR(t *testing.T) {
	want := readExpected(t)
	for name, c := range apiDesigns(t) {
		yes := make([]float64, len(c.data.rows))
		for i, s := range c.data.text("sch.wide") {
			if s == "Yes" {
				yes[i] = 1
			}
		}
		got, _ := c.design.Estimate(c.design.Proportion(stats.Numbers{Name: "sch.wide", Values: yes}, c.design.All()))
		want.agree(got.Value, "%s.share.value", name)
		want.agree(got.SE, "%s.share.se", name)
		for _, method := range []stats.IntervalMethod{
			stats.IntervalLogit, stats.IntervalBeta, stats.IntervalXLogit, stats.IntervalMean, stats.IntervalASin,
		} {
			ci := got.ShareInterval(method, 0.95)
			want.agree(ci.Low, "%s.share.%s_low", name, method)
			want.agree(ci.High, "%s.share.%s_high", name, method)
		}
	}
}

func TestLonelyPSURulesAgreeWithR(t *testing.T) {
	want := readExpected(t)
	data := readTable(t, "lonely.csv")
	y, g := data.numbers("y"), data.number("g")
	for _, rule := range []stats.LonelyPSU{stats.LonelyRemove, stats.LonelyCertainty, stats.LonelyAdjust, stats.LonelyAverage} {
		for _, domains := range []string{"plain", "domains"} {
			for _, fpc := range []string{"wr", "fpc"} {
				spec := stats.DesignSpec{Rows: len(data.rows), IDs: []stats.Labels{data.labels("psu")},
					Strata: []stats.Labels{data.labels("stratum")}, Weights: data.number("w"),
					Lonely: rule, AdjustDomainLonely: domains == "domains"}
				if fpc == "fpc" {
					spec.FPC = []stats.Numbers{data.numbers("fpc")}
				}
				d := mustDesign(t, spec)
				name := fmt.Sprintf("lonely.%s.%s.%s", rule, domains, fpc)
				all, _ := d.Estimate(d.Mean(y, d.All()))
				want.agree(all.SE, "%s.all.se", name)
				part, _ := d.Estimate(d.Mean(y, d.Where(func(row int) bool { return g[row] == 1 })))
				want.agree(part.SE, "%s.g.se", name)
				if rule != stats.LonelyAdjust {
					total, _ := d.Estimate(d.Total(y, d.All()))
					want.agree(total.SE, "%s.total.se", name)
				}
			}
		}
	}
}

func TestUnequalProbabilitiesAgreeWithR(t *testing.T) {
	want := readExpected(t)
	data, joint := readTable(t, "election_pps.csv"), readTable(t, "election_joint.csv")
	var pairs []stats.JointProbability
	for k := range joint.rows {
		pairs = append(pairs, stats.JointProbability{
			I: int(joint.number("i")[k]) - 1, J: int(joint.number("j")[k]) - 1, P: joint.number("pi")[k]})
	}
	kerry := data.number("Kerry")
	for name, pps := range map[string]stats.PPS{
		"hr": stats.PPSHartleyRao, "ht": stats.PPSHorvitzThompson, "yg": stats.PPSYatesGrundy,
	} {
		spec := stats.DesignSpec{Rows: len(data.rows), FPC: []stats.Numbers{data.numbers("p")}, PPS: pps}
		if pps.NeedsJoint() {
			spec.Joint = pairs
		}
		d := mustDesign(t, spec)
		total, _ := d.Estimate(d.Total(data.numbers("Bush"), d.All()))
		want.agree(total.Value, "%s.total.value", name)
		want.agree(total.SE, "%s.total.se", name)
		both := d.Joint([]stats.Linear{d.Mean(data.numbers("Bush"), d.All()), d.Mean(data.numbers("Kerry"), d.All())})
		want.agree(both.Rows[0].SE, "%s.mean.se", name)
		want.agree(both.Cov.At(0, 1), "%s.mean.cov", name)
		domain, _ := d.Estimate(d.Total(data.numbers("Bush"), d.Where(func(row int) bool { return kerry[row] > 100000 })))
		want.agree(domain.SE, "%s.domain.se", name)
	}
}

func TestBrewerAgreesWithR(t *testing.T) {
	want := readExpected(t)
	data := readTable(t, "election_pps.csv")
	d := mustDesign(t, stats.DesignSpec{Rows: len(data.rows), FPC: []stats.Numbers{data.numbers("p")}, PPS: stats.PPSBrewer})
	total, _ := d.Estimate(d.Total(data.numbers("Bush"), d.All()))
	want.estimate("brewer.total", total)
	mean, _ := d.Estimate(d.Mean(data.numbers("Bush"), d.All()))
	want.estimate("brewer.mean", mean)
}
