package stats_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"hailong/stats"
)

func TestQuantilesAgreeWithR(t *testing.T) {
	want := readExpected(t)
	designs := apiDesigns(t)
	for _, name := range []string{"strat", "clus1", "clus2"} {
		c := designs[name]
		api00 := c.data.numbers("api00")
		for _, rule := range stats.QuantileRules {
			got, _, err := c.design.Quantiles(api00, c.design.All(),
				stats.QuantileSpec{P: []float64{0.25, 0.5, 0.9}, Rule: rule, Level: 0.95})
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range got {
				key := fmt.Sprintf("%s.quantile.%s.%v", name, rule, q.P)
				want.agree(q.Value, "%s.value", key)
				want.agree(q.SE, "%s.se", key)
				want.agree(q.CI.Low, "%s.low", key)
				want.agree(q.CI.High, "%s.high", key)
			}
		}
		for _, method := range []stats.IntervalMethod{stats.IntervalBeta, stats.IntervalXLogit, stats.IntervalASin} {
			got, _, err := c.design.Quantiles(api00, c.design.All(),
				stats.QuantileSpec{P: []float64{0.5}, Interval: method, Level: 0.95})
			if err != nil {
				t.Fatal(err)
			}
			want.agree(got[0].CI.Low, "%s.quantile.%s.low", name, method)
			want.agree(got[0].CI.High, "%s.quantile.%s.high", name, method)
		}
	}
}

// Expected at 0.1, by R's survey 4.1 and 4.5, which for hf4 goes on below the data, to 4:
// svyquantile(~y, svydesign(~1, weights=~1, data=data.frame(y=c(30,10,20,40))), 0.1, qrule=rule)
func TestAQuantileBelowTheFirstShareIsThatOfR(t *testing.T) {
	d := mustDesign(t, stats.DesignSpec{Rows: 4, Weights: []float64{1, 1, 1, 1}})
	low := map[stats.QuantileRule]float64{"math": 20, "school": 20, "hf1": 20, "hf2": 20, "hf3": 20, "hf4": 10, "hf5": 10, "hf6": 10, "hf7": 13,
		"hf8": 10, "hf9": 10}
	for _, rule := range stats.QuantileRules {
		got, _, err := d.Quantiles(numbers("y", 30, 10, 20, 40), d.All(), stats.QuantileSpec{P: []float64{0, 1, 0.1}, Rule: rule, Level: 0.95})
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Value != 10 || got[1].Value != 40 || math.Abs(got[2].Value-low[rule]) > 1e-9 {
			t.Errorf("%s: %v to %v and %v, want 10 to 40 and %v", rule, got[0].Value, got[1].Value, got[2].Value, low[rule])
		}
	}
}

func TestTestsAgreeWithR(t *testing.T) {
	want := readExpected(t)
	designs := apiDesigns(t)
	for _, name := range []string{"strat", "clus1", "clus2"} {
		c := designs[name]
		slope, first, last, err := c.design.Slope(c.data.numbers("api00"), c.data.labels("sch.wide"), c.design.All())
		if err != nil || first != "No" || last != "Yes" {
			t.Fatal(first, last, err)
		}
		row := c.design.Each([]stats.Linear{slope}).Rows[0]
		tt := stats.NewTTest(row)
		want.agree(tt.Value, "%s.ttest.value", name)
		want.agree(tt.T, "%s.ttest.t", name)
		want.agree(float64(tt.DF), "%s.ttest.df", name)
		want.agree(tt.P, "%s.ttest.p", name)
		want.agree(tt.CI(0.95).Low, "%s.ttest.low", name)
		want.agree(tt.CI(0.95).High, "%s.ttest.high", name)
		for _, test := range stats.IndependenceTests {
			got, err := c.design.Independence(c.data.labels("sch.wide"), c.data.labels("stype"), c.design.All(), test)
			if err != nil {
				t.Fatal(err)
			}
			key := fmt.Sprintf("%s.chisq.%s", name, test)
			want.agree(got.Statistic, "%s.statistic", key)
			want.agree(got.DF, "%s.df", key)
			if test != stats.TestChisq {
				want.agree(got.DDF, "%s.ddf", key)
			}
			want.agree(got.P, "%s.p", key)
		}
	}
	c := designs["clus2"]
	stype := c.data.text("stype")
	got, err := c.design.Independence(c.data.labels("sch.wide"), c.data.labels("comp.imp"),
		c.design.Where(func(row int) bool { return stype[row] != "H" }), stats.TestF)
	if err != nil {
		t.Fatal(err)
	}
	want.agree(got.Statistic, "chisq.domain.statistic")
	want.agree(got.P, "chisq.domain.p")
}

func TestTestsThatCannotBeMadeAreRefused(t *testing.T) {
	c := apiDesigns(t)["clus1"]
	d := c.design
	one := make([]string, d.Rows())
	for i := range one {
		one[i] = "x"
	}
	_, _, _, tErr := d.Slope(c.data.numbers("api00"), c.data.labels("stype"), d.All())
	_, chiErr := d.Independence(stats.NewLabels("one", one), c.data.labels("stype"), d.All(), stats.TestF)
	_, waldErr := d.Independence(c.data.labels("stype"), stats.NewLabels("one", one), d.All(), stats.TestWald)
	_, _, pErr := d.Quantiles(c.data.numbers("api00"), d.All(), stats.QuantileSpec{P: []float64{50}})
	_, _, nanErr := d.Quantiles(c.data.numbers("api00"), d.All(), stats.QuantileSpec{P: []float64{math.NaN()}})
	_, _, ruleErr := d.Quantiles(c.data.numbers("api00"), d.All(), stats.QuantileSpec{P: []float64{0.5}, Rule: "hf10"})
	for code, errs := range map[string][]error{
		"stats.ttest_groups":  {tErr},
		"stats.chisq_levels":  {chiErr, waldErr},
		"stats.quantile_p":    {pErr, nanErr},
		"stats.quantile_rule": {ruleErr},
	} {
		for _, err := range errs {
			wantCode(t, code, err, code)
		}
	}
}

// In R: p <- 0.55; n <- p*(1-p)/0.38^2*(qt(.025,3)/qt(.025,1))^2; c(qbeta(.025,n*p,n*(1-p)+1), qbeta(.975,n*p+1,n*(1-p))).
// A share that the weights are calibrated to has an error of rounding alone.
func TestKornGraubardHoldsAtExtremeEffectiveSizes(t *testing.T) {
	few := stats.Estimate{Value: 0.55, SE: 0.38, DF: 1, N: 4, Unit: 1}.ShareInterval(stats.IntervalBeta, 0.95)
	if !(few.Low >= 0 && few.Low < 1e-20 && few.High == 1) {
		t.Errorf("of few: %v", few)
	}
	fixed := stats.Estimate{Value: 0.827, SE: 1e-17, DF: 14, N: 183, Unit: 1}.ShareInterval(stats.IntervalBeta, 0.95)
	if fixed.Low != 0.827 || fixed.High != 0.827 {
		t.Errorf("of a calibrated share: %v", fixed)
	}
}

// Both variances are positive, but β = (1, -1) has F = (1+2+2+1)/(1-4)/2 = -1.
func TestAJointTestByACovarianceThatIsNoneHasNoFigure(t *testing.T) {
	r := stats.Result{Rows: []stats.Row{{Estimate: stats.Estimate{Value: 1}}, {Estimate: stats.Estimate{Value: -1}}},
		Cov: mat.NewSymDense(2, []float64{1, 2, 2, 1})}
	if got := stats.JointZero(r, []int{0, 1}, 9); !math.IsNaN(got.Statistic) || !math.IsNaN(got.P) {
		t.Errorf("F %v, p %v", got.Statistic, got.P)
	}
	if got := stats.JointZero(r, []int{0}, 9); got.Statistic != 1 {
		t.Errorf("of one coefficient: F %v, want 1", got.Statistic)
	}
}
