package stats_test

import (
	"math"
	"testing"

	"hailong/stats"
)

// The population totals of the api data, as in reference.R.
var (
	typeTotals  = map[string]float64{"E": 4421, "H": 755, "M": 1018}
	wideTotals  = map[string]float64{"No": 1072, "Yes": 5122}
	termsTotals = map[string]float64{stats.Intercept: 6194, "stypeH": 755, "stypeM": 1018, "api99": 3914069}
)

func apiTerms(data table) []stats.Term {
	stype, api99 := data.labels("stype"), data.numbers("api99")
	return []stats.Term{{Labels: &stype}, {Numbers: &api99}}
}

func TestCalibrationAgreesWithR(t *testing.T) {
	want := readExpected(t)
	designs := apiDesigns(t)
	clus1, strat := designs["clus1"], designs["strat"]
	toTerms := func(change func(*stats.Calibration)) func(table, *stats.Design) (*stats.Design, error) {
		return func(data table, d *stats.Design) (*stats.Design, error) {
			c := stats.Calibration{Intercept: true, Terms: apiTerms(data), Totals: termsTotals, Distance: stats.DistanceLinear}
			change(&c)
			return d.Calibrate(c)
		}
	}
	toWide := func(data table, d *stats.Design) (*stats.Design, error) {
		return d.PostStratify(stats.Margin{By: data.labels("sch.wide"), Totals: wideTotals})
	}
	for name, c := range map[string]struct {
		data  table
		from  *stats.Design
		apply func(table, *stats.Design) (*stats.Design, error)
	}{
		"poststratify": {clus1.data, clus1.design, func(data table, d *stats.Design) (*stats.Design, error) {
			return d.PostStratify(stats.Margin{By: data.labels("stype"), Totals: typeTotals})
		}},
		"rake": {clus1.data, clus1.design, func(data table, d *stats.Design) (*stats.Design, error) {
			return d.Rake([]stats.Margin{
				{By: data.labels("stype"), Totals: typeTotals}, {By: data.labels("sch.wide"), Totals: wideTotals}})
		}},
		"linear":          {clus1.data, clus1.design, toTerms(func(*stats.Calibration) {})},
		"linear_variance": {clus1.data, clus1.design, toTerms(func(c *stats.Calibration) { c.Variance = clus1.data.number("enroll") })},
		"linear_cluster":  {clus1.data, clus1.design, toTerms(func(c *stats.Calibration) { c.Cluster = true })},
		"linear_bounds":   {clus1.data, clus1.design, toTerms(func(c *stats.Calibration) { c.Lower, c.Upper = 0.6, 1.7 })},
		"raking":          {clus1.data, clus1.design, toTerms(func(c *stats.Calibration) { c.Distance = stats.DistanceRaking })},
		"logit": {clus1.data, clus1.design, toTerms(func(c *stats.Calibration) {
			c.Distance, c.Lower, c.Upper = stats.DistanceLogit, 0.5, 2.5
		})},
		"two_steps": {strat.data, strat.design, func(data table, d *stats.Design) (*stats.Design, error) {
			d, err := toWide(data, d)
			if err != nil {
				return nil, err
			}
			return toTerms(func(*stats.Calibration) {})(data, d)
		}},
		"trim": {strat.data, strat.design, func(_ table, d *stats.Design) (*stats.Design, error) { return d.Trim(20, 42, false) }},
		"poststratify_trim": {strat.data, strat.design, func(data table, d *stats.Design) (*stats.Design, error) {
			d, err := toWide(data, d)
			if err != nil {
				return nil, err
			}
			return d.Trim(16, 45, false)
		}},
	} {
		d, err := c.apply(c.data, c.from)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		name = "cal." + name
		want.agree(d.Weights()[0], "%s.w1", name)
		want.agree(d.Weights()[76], "%s.w77", name)
		mean, _ := d.Estimate(d.Mean(c.data.numbers("api00"), d.All()))
		want.estimate(name+".mean", mean)
		want.agree(mean.DeffWR, "%s.mean.deff_wr", name)
		total, _ := d.Estimate(d.Total(c.data.numbers("enroll"), d.All()))
		want.agree(total.Value, "%s.total.value", name)
		want.agree(total.SE, "%s.total.se", name)
		improved := c.data.text("comp.imp")
		domain, _ := d.Estimate(d.Mean(c.data.numbers("api00"), d.Where(func(row int) bool { return improved[row] == "Yes" })))
		want.agree(domain.Value, "%s.domain.value", name)
		want.agree(domain.SE, "%s.domain.se", name)
	}
}

func TestCalibratedTotalsAreExactAndWithoutError(t *testing.T) {
	c := apiDesigns(t)["clus1"]
	d, err := c.design.Calibrate(stats.Calibration{Intercept: true, Terms: apiTerms(c.data), Totals: termsTotals,
		Distance: stats.DistanceRaking})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := d.Estimate(d.Total(c.data.numbers("api99"), d.All()))
	if !near(got.Value, termsTotals["api99"], 1e-11) || got.SE > 1e-6 {
		t.Errorf("got %v with standard error %v, want %v with none", got.Value, got.SE, termsTotals["api99"])
	}
}

func TestRakingIsWhereProportionalFittingEnds(t *testing.T) {
	c := apiDesigns(t)["clus1"]
	margins := []stats.Margin{
		{By: c.data.labels("stype"), Totals: typeTotals}, {By: c.data.labels("sch.wide"), Totals: wideTotals}}
	raked, err := c.design.Rake(margins)
	if err != nil {
		t.Fatal(err)
	}
	fitted := c.design
	for range 200 {
		for _, m := range margins {
			if fitted, err = fitted.PostStratify(m); err != nil {
				t.Fatal(err)
			}
			if fitted, err = c.design.Reweighted(fitted.Weights()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, w := range raked.Weights() {
		if !near(w, fitted.Weights()[i], 1e-10) {
			t.Fatalf("row %d: raked %v, fitted %v", i+1, w, fitted.Weights()[i])
		}
	}
}

func TestStrictTrimmingLeavesNoWeightOutside(t *testing.T) {
	d := mustDesign(t, stats.DesignSpec{Rows: 6, Weights: []float64{1, 4, 5, 10, 20, 0}})
	// 1 rises to 2 and 20 falls to 12: 7 over the other three takes the 10 to 12⅓,
	// whose ⅓ the last two share. The nonrespondent's 0 stays 0.
	want := []float64{2, 6.5, 7.5, 12, 12, 0}
	got, err := d.Trim(2, 12, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range got.Weights() {
		if !near(w, want[i], 1e-14) {
			t.Errorf("weight %d is %v, want %v", i+1, w, want[i])
		}
	}
	_, err = d.Trim(2, 7, true)
	wantCode(t, "five weights of 40 do not fit below 7", err, "stats.trim_impossible")
}

func TestCalibrationThatCannotSucceedIsRefused(t *testing.T) {
	c := apiDesigns(t)["clus1"]
	d, data := c.design, c.data
	calibrate := func(change func(*stats.Calibration)) error {
		spec := stats.Calibration{Intercept: true, Terms: apiTerms(data), Totals: map[string]float64{}, Distance: stats.DistanceLinear}
		for k, v := range termsTotals {
			spec.Totals[k] = v
		}
		change(&spec)
		_, err := d.Calibrate(spec)
		return err
	}
	postStratify := func(totals map[string]float64) error {
		_, err := d.PostStratify(stats.Margin{By: data.labels("stype"), Totals: totals})
		return err
	}
	missing := data.numbers("api99")
	missing.Values[3] = math.NaN()
	_, raked := d.Rake([]stats.Margin{{By: data.labels("stype"), Totals: typeTotals},
		{By: data.labels("sch.wide"), Totals: map[string]float64{"No": 1000, "Yes": 5122}}})
	negative, err := d.Calibrate(stats.Calibration{Intercept: true, Terms: apiTerms(data), Totals: termsTotals,
		Distance: stats.DistanceLinear, Cluster: true})
	if err != nil {
		t.Fatal(err)
	}
	_, again := negative.Rake([]stats.Margin{{By: data.labels("stype"), Totals: typeTotals}})
	for name, c := range map[string]struct {
		err  error
		code string
	}{
		"a total without a column":  {calibrate(func(c *stats.Calibration) { c.Totals["api98"] = 1 }), "stats.calibrate_no_column"},
		"a column without a total":  {calibrate(func(c *stats.Calibration) { delete(c.Totals, "stypeH") }), "stats.calibrate_no_total"},
		"bounds too narrow":         {calibrate(func(c *stats.Calibration) { c.Lower, c.Upper = 0.99, 1.01 }), "stats.calibrate_failed"},
		"bounds that leave out one": {calibrate(func(c *stats.Calibration) { c.Lower, c.Upper = 1.1, 2 }), "stats.calibrate_bounds"},
		"logit without bounds":      {calibrate(func(c *stats.Calibration) { c.Distance = stats.DistanceLogit }), "stats.calibrate_bounds"},
		"an unknown distance":       {calibrate(func(c *stats.Calibration) { c.Distance = "chi" }), "stats.distance_unknown"},
		"a missing auxiliary value": {calibrate(func(c *stats.Calibration) { c.Terms[1].Numbers = &missing }), "stats.auxiliary_missing"},
		"a working variance of 0":   {calibrate(func(c *stats.Calibration) { c.Variance = make([]float64, d.Rows()) }), "stats.variance_invalid"},
		"weights already negative":  {again, "stats.calibrate_negative"},
		"a level without a total":   {postStratify(map[string]float64{"E": 1, "H": 1}), "stats.margin_no_total"},
		"a total without a sample":  {postStratify(map[string]float64{"E": 1, "H": 1, "M": 1, "X": 1}), "stats.margin_no_sample"},
		"margins of different size": {raked, "stats.margins_differ"},
	} {
		wantCode(t, name, c.err, c.code)
	}
}
