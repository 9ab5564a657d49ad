package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"hailong/stats"
)

// sample is a random sample in plain columns, for the slow reference.
type sample struct {
	stratum, psu, ssu []string
	size, subsize     []float64
	weight, y, x      []float64
}

func randomSample(seed uint64) sample {
	rng := rand.New(rand.NewPCG(seed, 5))
	var s sample
	for _, p := range smallRound(rng, 1) {
		s.stratum, s.psu, s.ssu = append(s.stratum, p.key.Stratum), append(s.psu, p.key.PSU), append(s.ssu, p.key.SSU)
		s.size, s.subsize = append(s.size, p.key.StratumSize), append(s.subsize, p.key.PSUSize)
		s.weight = append(s.weight, p.weight)
		s.y, s.x = append(s.y, rng.NormFloat64()*10+50), append(s.x, 1+rng.Float64())
	}
	rng.Shuffle(len(s.y), func(i, j int) {
		for _, c := range [][]string{s.stratum, s.psu, s.ssu} {
			c[i], c[j] = c[j], c[i]
		}
		for _, c := range [][]float64{s.size, s.subsize, s.weight, s.y, s.x} {
			c[i], c[j] = c[j], c[i]
		}
	})
	return s
}

func (s sample) design(t testing.TB) *stats.Design {
	return mustDesign(t, stats.DesignSpec{
		Rows: len(s.y), Nest: true, Lonely: stats.LonelyCertainty, Weights: s.weight,
		Strata: []stats.Labels{stats.NewLabels("stratum", s.stratum)},
		IDs:    []stats.Labels{stats.NewLabels("psu", s.psu), stats.NewLabels("ssu", s.ssu)},
		FPC:    []stats.Numbers{{Name: "size", Values: s.size}, {Name: "subsize", Values: s.subsize}},
	})
}

// variance is the textbook form for two stages (Särndal, Swensson and Wretman
// 1992, result 4.3.1): Σ N²(1-f)s²/n over strata, in weighted totals n/(n-1)·(1-f)·
// Σ(t-t̄)², plus n/N times the same within each PSU. z is weighted.
func (s sample) variance(z []float64) float64 {
	byStratum := map[string]map[string]map[string]float64{}
	sizes := map[string]float64{}
	for i, v := range z {
		psus, ok := byStratum[s.stratum[i]]
		if !ok {
			psus = map[string]map[string]float64{}
			byStratum[s.stratum[i]] = psus
		}
		if psus[s.psu[i]] == nil {
			psus[s.psu[i]] = map[string]float64{}
		}
		psus[s.psu[i]][s.ssu[i]] += v
		sizes[s.stratum[i]], sizes[s.stratum[i]+"|"+s.psu[i]] = s.size[i], s.subsize[i]
	}
	total := 0.0
	for h, psus := range byStratum {
		var sums []float64
		within := 0.0
		for i, ssus := range psus {
			var parts []float64
			sum := 0.0
			for _, v := range ssus {
				parts = append(parts, v)
				sum += v
			}
			sums = append(sums, sum)
			within += oneStage(parts, sizes[h+"|"+i])
		}
		total += oneStage(sums, sizes[h]) + float64(len(psus))/sizes[h]*within
	}
	return total
}

func oneStage(totals []float64, population float64) float64 {
	n, mean := float64(len(totals)), 0.0
	if n < 2 {
		return 0
	}
	for _, v := range totals {
		mean += v / n
	}
	squares := 0.0
	for _, v := range totals {
		squares += (v - mean) * (v - mean)
	}
	return (1 - n/population) * n / (n - 1) * squares
}

func TestVarianceIsTheTextbookForm(t *testing.T) {
	for seed := range uint64(200) {
		s := randomSample(seed)
		d := s.design(t)
		y, x := stats.Numbers{Values: s.y}, stats.Numbers{Values: s.x}
		total, _ := d.Estimate(d.Total(y, d.All()))
		ratio, _ := d.Estimate(d.Ratio(y, x, d.All()))
		sumX := 0.0
		for i, w := range s.weight {
			sumX += w * s.x[i]
		}
		ofTotal, ofRatio := make([]float64, len(s.y)), make([]float64, len(s.y))
		for i, w := range s.weight {
			ofTotal[i] = w * s.y[i]
			ofRatio[i] = w * (s.y[i] - ratio.Value*s.x[i]) / sumX
		}
		if want := math.Sqrt(s.variance(ofTotal)); !near(total.SE, want, 1e-10) {
			t.Errorf("seed %d: total has se %v, want %v", seed, total.SE, want)
		}
		if want := math.Sqrt(s.variance(ofRatio)); !near(ratio.SE, want, 1e-10) {
			t.Errorf("seed %d: ratio has se %v, want %v", seed, ratio.SE, want)
		}
	}
}

func TestADomainsMeanIsARatio(t *testing.T) {
	s := randomSample(11)
	d := s.design(t)
	in := func(row int) bool { return s.x[row] > 1.4 }
	masked, inside := make([]float64, len(s.y)), make([]float64, len(s.y))
	for i := range s.y {
		if in(i) {
			masked[i], inside[i] = s.y[i], 1
		}
	}
	mean, _ := d.Estimate(d.Mean(stats.Numbers{Values: s.y}, d.Where(in)))
	ratio, _ := d.Estimate(d.Ratio(stats.Numbers{Values: masked}, stats.Numbers{Values: inside}, d.All()))
	if !near(mean.Value, ratio.Value, 1e-13) || !near(mean.SE, ratio.SE, 1e-11) {
		t.Errorf("mean %+v, ratio %+v", mean, ratio)
	}
}

func TestScalingTheWeightsChangesNoMean(t *testing.T) {
	s := randomSample(12)
	before := s.design(t)
	for i := range s.weight {
		s.weight[i] *= 1000
	}
	after := s.design(t)
	a, _ := before.Estimate(before.Mean(stats.Numbers{Values: s.y}, before.All()))
	b, _ := after.Estimate(after.Mean(stats.Numbers{Values: s.y}, after.All()))
	if !near(a.Value, b.Value, 1e-13) || !near(a.SE, b.SE, 1e-12) || !near(a.DeffWR, b.DeffWR, 1e-11) {
		t.Errorf("before %+v, after %+v", a, b)
	}
}

func TestDomainsAddUpToTheWholeWithTheirCovariance(t *testing.T) {
	s := randomSample(13)
	d := s.design(t)
	y := stats.Numbers{Values: s.y}
	forms := []stats.Linear{
		d.Total(y, d.Where(func(row int) bool { return s.x[row] > 1.5 })),
		d.Total(y, d.Where(func(row int) bool { return s.x[row] <= 1.5 })),
	}
	r := d.Joint(forms)
	whole, _ := d.Estimate(d.Total(y, d.All()))
	variance := r.Cov.At(0, 0) + r.Cov.At(1, 1) + 2*r.Cov.At(0, 1)
	if !near(r.Rows[0].Value+r.Rows[1].Value, whole.Value, 1e-13) || !near(math.Sqrt(variance), whole.SE, 1e-12) {
		t.Errorf("parts %v and %v, whole %v", r.Rows, variance, whole)
	}
}

func TestJointAndEachGiveTheSameEstimates(t *testing.T) {
	s := randomSample(14)
	d := s.design(t)
	forms := []stats.Linear{
		d.Mean(stats.Numbers{Name: "y", Values: s.y}, d.Where(func(row int) bool { return s.x[row] > 1.5 })),
		d.Mean(stats.Numbers{Name: "x", Values: s.x}, d.All()),
	}
	joint, each := d.Joint(forms), d.Each(forms)
	for i := range forms {
		if fmt.Sprint(joint.Rows[i]) != fmt.Sprint(each.Rows[i]) {
			t.Errorf("joint %v, each %v", joint.Rows[i], each.Rows[i])
		}
	}
}

func TestNothingIsEverReportedAsZeroError(t *testing.T) {
	s := randomSample(15)
	d := s.design(t)
	y := stats.Numbers{Name: "y", Values: s.y}
	for name, in := range map[string]stats.Domain{
		"an empty domain": d.Where(func(int) bool { return false }),
		"one PSU":         d.Where(func(row int) bool { return s.stratum[row] == s.stratum[0] && s.psu[row] == s.psu[0] }),
	} {
		got, warnings := d.Estimate(d.Mean(y, in))
		if !math.IsNaN(got.SE) || !math.IsNaN(got.Deff) || len(warnings) == 0 {
			t.Errorf("%s: %+v with warnings %v", name, got, warnings)
		}
	}
}
