package stats_test

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"hailong/stats"
)

// replicate estimates forms again under every replicate.
func replicate(t *testing.T, d *stats.Design, r stats.Replicates, forms func(*stats.Design) []stats.Linear) stats.Result {
	t.Helper()
	values := make([][]float64, len(r.Factors))
	for i := range values {
		again, err := r.Design(d, i)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range forms(again) {
			values[i] = append(values[i], f.Value)
		}
	}
	return d.JointReplicated(forms(d), values, r)
}

// Figures that are not linear depend on the matrix: orders 12 and 24 are Paley's and twice
// it, 16 is Sylvester's, and strata go by the order of their labels, wherever they stand.
//
//	d <- data.frame(h = rep(1:H, each = 2), p = rep(1:2, H)); d$w <- 1 + d$h%%3
//	d$y <- 10 + d$p*(d$h%%5) + (d$h*7)%%11; d$x <- 3 + (d$h*d$p*5)%%7
//	SE(svyratio(~y, ~x, as.svrepdesign(svydesign(~p, strata = ~h, weights = ~w, nest = TRUE, data = d), type = "BRR")))
func TestBalancedHalfSamplesOfManyStrataAgreeWithR(t *testing.T) {
	for strata, want := range map[int]struct {
		replicates int
		se         float64
	}{8: {12, 0.212184012918904}, 13: {16, 0.137020461914289}, 20: {24, 0.129090569135093}, 45: {48, 0.082758005971786}} {
		h, p := stats.NewInterner("h"), stats.NewInterner("p")
		y, x, weights := stats.Numbers{Name: "y"}, stats.Numbers{Name: "x"}, []float64(nil)
		for i := range strata {
			s := i*7%strata + 1 // in no order; 7 divides none of the numbers of strata
			for unit := 1; unit <= 2; unit++ {
				h.Append(stats.Labels{Codes: []int32{0}, Levels: []string{strconv.Itoa(s)}})
				p.Append(stats.Labels{Codes: []int32{0}, Levels: []string{strconv.Itoa(unit)}})
				y.Values = append(y.Values, float64(10+unit*(s%5)+s*7%11))
				x.Values = append(x.Values, float64(3+s*unit*5%7))
				weights = append(weights, float64(1+s%3))
			}
		}
		d := mustDesign(t, stats.DesignSpec{Rows: 2 * strata, Nest: true, Weights: weights,
			IDs: []stats.Labels{p.Labels()}, Strata: []stats.Labels{h.Labels()}})
		r, err := d.BRRReplicates(0)
		if err != nil {
			t.Fatal(err)
		}
		got := replicate(t, d, r, func(d *stats.Design) []stats.Linear { return []stats.Linear{d.Ratio(y, x, d.All())} })
		if len(r.Factors) != want.replicates || !near(got.Rows[0].SE, want.se, 1e-9) {
			t.Errorf("%d strata: %d replicates and %.15g, R has %d and %.15g", strata, len(r.Factors), got.Rows[0].SE, want.replicates, want.se)
		}
	}
}

func TestBalancedHalfSamplesAgreeWithR(t *testing.T) {
	want := readExpected(t)
	data := readTable(t, "scd.csv")
	weights := make([]float64, len(data.rows))
	for i := range weights {
		weights[i] = 2.5
	}
	d := mustDesign(t, stats.DesignSpec{Rows: len(data.rows), Nest: true, Weights: weights,
		IDs: []stats.Labels{data.labels("ambulance")}, Strata: []stats.Labels{data.labels("ESA")}})
	r, err := d.BRRReplicates(0)
	if err != nil {
		t.Fatal(err)
	}
	got := replicate(t, d, r, func(d *stats.Design) []stats.Linear {
		return []stats.Linear{d.Total(data.numbers("arrests"), d.All()), d.Ratio(data.numbers("alive"), data.numbers("arrests"), d.All())}
	})
	want.agree(got.Rows[0].Value, "rep.brr.total.value")
	want.agree(got.Rows[0].SE, "rep.brr.total.se")
	want.agree(float64(got.Rows[0].DF), "rep.brr.total.df")
	want.agree(got.Rows[1].Value, "rep.brr.ratio.value")
	want.agree(got.Rows[1].SE, "rep.brr.ratio.se")

	// A total is linear, so every rho gives the linearised standard error.
	linear, _ := d.Estimate(d.Total(data.numbers("arrests"), d.All()))
	fay, err := d.BRRReplicates(0.3)
	if err != nil {
		t.Fatal(err)
	}
	got = replicate(t, d, fay, func(d *stats.Design) []stats.Linear {
		return []stats.Linear{d.Total(data.numbers("arrests"), d.All())}
	})
	if !near(got.Rows[0].SE, linear.SE, 1e-12) {
		t.Errorf("Fay's standard error %v, linearised %v", got.Rows[0].SE, linear.SE)
	}
}

func TestTheJackknifeOfATotalIsTheLinearisedVariance(t *testing.T) {
	for seed := range uint64(20) {
		s := randomSample(seed)
		d := mustDesign(t, stats.DesignSpec{Rows: len(s.y), Nest: true, Weights: s.weight,
			Strata: []stats.Labels{stats.NewLabels("stratum", s.stratum)}, IDs: []stats.Labels{stats.NewLabels("psu", s.psu)},
			FPC: []stats.Numbers{{Name: "size", Values: s.size}}})
		r, err := d.JackknifeReplicates()
		if err != nil {
			t.Fatal(err)
		}
		y := stats.Numbers{Values: s.y}
		linear, _ := d.Estimate(d.Total(y, d.All()))
		got := replicate(t, d, r, func(d *stats.Design) []stats.Linear { return []stats.Linear{d.Total(y, d.All())} })
		// Within a stratum the replicates average to the total, so the centre is it too.
		if !near(got.Rows[0].SE, linear.SE, 1e-10) || got.Rows[0].DF != linear.DF {
			t.Errorf("seed %d: jackknife %+v, linearised %+v", seed, got.Rows[0], linear)
		}
	}
}

func TestTheBootstrapIsRepeatableAndNearTheLinearisedError(t *testing.T) {
	c := apiDesigns(t)["strat_wr"]
	y := c.data.numbers("api00")
	estimate := func(seed uint64) float64 {
		r, err := c.design.BootstrapReplicates(2000, seed)
		if err != nil {
			t.Fatal(err)
		}
		return replicate(t, c.design, r, func(d *stats.Design) []stats.Linear {
			return []stats.Linear{d.Mean(y, d.All())}
		}).Rows[0].SE
	}
	a, b := estimate(1), estimate(1)
	linear, _ := c.design.Estimate(c.design.Mean(y, c.design.All()))
	// The relative error of a standard deviation of 2,000 draws is 1/√4000 = 1.6 %.
	if a != b || math.Abs(a/linear.SE-1) > 0.06 {
		t.Errorf("bootstrap %v and %v, linearised %v", a, b, linear.SE)
	}
}

func TestTheRescaledBootstrapIsNearTheMultistageError(t *testing.T) {
	data := readTable(t, "round.csv")
	d := mustDesign(t, roundSpec(data, true))
	y := satisfied(data)[0]
	r, err := d.RescaledReplicates(4000, 8)
	if err != nil {
		t.Fatal(err)
	}
	total := func(d *stats.Design) []stats.Linear { return []stats.Linear{d.Total(y, d.All())} }
	got := replicate(t, d, r, total).Rows[0].SE
	want, _ := d.Estimate(d.Total(y, d.All()))
	firstStage := roundSpec(data, true)
	firstStage.IDs, firstStage.FPC = firstStage.IDs[:1], firstStage.FPC[:1]
	less, _ := mustDesign(t, firstStage).Estimate(d.Total(y, d.All()))
	// The relative error of a standard deviation of 4,000 draws is 1/√8000 = 1.1 %.
	if math.Abs(got/want.SE-1) > 0.05 {
		t.Errorf("bootstrap %v, linearised %v (first stage alone %v)", got, want.SE, less.SE)
	}
}

func TestAReplicateWithoutAValueIsLeftOutAndReported(t *testing.T) {
	d := mustDesign(t, stats.DesignSpec{Rows: 4, Weights: []float64{1, 1, 1, 1}})
	r, err := d.JackknifeReplicates()
	if err != nil {
		t.Fatal(err)
	}
	in := d.Where(func(row int) bool { return row < 2 })
	form := d.Mean(numbers("y", 1, 3, 5, 7), in)
	got := d.JointReplicated([]stats.Linear{form}, [][]float64{{3}, {1}, {2}, {math.NaN()}}, r)
	// 3/4·((3-2)² + (1-2)² + 0)
	if !near(got.Rows[0].SE, math.Sqrt(1.5), 1e-14) || len(got.Warnings) != 1 || got.Warnings[0].Code != "stats.replicates_dropped" {
		t.Errorf("%+v, %v", got.Rows, got.Warnings)
	}
}

// R: qr(t(matrix(factors, 3)))$rank - 1
func TestDegreesOfFreedomAreTheRankOfTheFactorsLessOne(t *testing.T) {
	for _, c := range []struct {
		what    string
		factors [][]float64
		want    int
	}{
		{"independent modulo 2", [][]float64{{1, 1, 0}, {0, 1, 1}, {0, 0, 1}}, 2},
		{"so in multiples of 1.5", [][]float64{{1.5, 1.5, 0}, {0, 3, 1.5}, {3, 0, 0}, {0, 0, 1.5}}, 2},
		{"independent, though their sum is even", [][]float64{{1, 1, 0}, {0, 1, 1}, {1, 0, 1}}, 2},
		{"the third the sum of the others", [][]float64{{1, 1, 0}, {0, 1, 1}, {1, 2, 1}}, 1},
		{"the third twice the first", [][]float64{{1, 1, 0}, {0, 1, 1}, {2, 2, 0}}, 1},
		{"no whole multiples", [][]float64{{1, 1.5, 1}, {1.5, 1, 1}, {1, 1, 1.5}}, 2},
		{"no whole multiples, the third a mean", [][]float64{{1, 1.5, 1}, {1.5, 1, 1}, {1.25, 1.25, 1}}, 1},
		{"a unit that never counts", [][]float64{{1, 0, 0}, {0, 0, 1}}, 1},
	} {
		d := mustDesign(t, stats.DesignSpec{Rows: 3, Weights: []float64{1, 1, 1}})
		r := stats.Replicates{Unit: []int32{0, 1, 2}, Factors: c.factors, Scale: 1, RScales: slices.Repeat([]float64{1}, len(c.factors))}
		got := replicate(t, d, r, func(d *stats.Design) []stats.Linear {
			return []stats.Linear{d.Mean(numbers("y", 1, 3, 5), d.All())}
		})
		if got.Rows[0].DF != c.want {
			t.Errorf("%s: %d, want %d", c.what, got.Rows[0].DF, c.want)
		}
	}
}

// A bootstrap's factors add up to n in every stratum of n, so that of 2 strata of 3 units
// no more than 6 - 2 + 1 replicates are independent, and mostly that many are.
func TestDegreesOfFreedomOfManyReplicatesAreThoseOfTheUnits(t *testing.T) {
	d := mustDesign(t, stats.DesignSpec{Rows: 6, Weights: []float64{1, 1, 1, 1, 1, 1},
		Strata: []stats.Labels{stats.NewLabels("h", []string{"a", "a", "a", "b", "b", "b"})}})
	made, err := d.BootstrapReplicates(50, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := stats.Replicates{Unit: made.Unit, Factors: made.Factors, Scale: made.Scale, RScales: made.RScales}
	got := replicate(t, d, r, func(d *stats.Design) []stats.Linear {
		return []stats.Linear{d.Mean(numbers("y", 1, 3, 5, 2, 2, 8), d.All())}
	})
	if got.Rows[0].DF != 4 {
		t.Errorf("%d, want 4", got.Rows[0].DF)
	}
}
