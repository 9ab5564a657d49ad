package sampling_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"

	"hailong/sampling"
)

// frequencyDraws is how many beacons the frequencies are counted over; the
// long build tag takes more.
var frequencyDraws = 4_000

// Over many beacons every unit is drawn as often as its stated probability
// says. For each method the statistic Σ (count − Rπ)²/(Rπ(1−π)) is compared with its
// bound at level 0.0001. Within a draw of fixed size the counts are negatively
// correlated, so the statistic is below the χ² of as many degrees of freedom in
// expectation; the beacons are fixed, so the test gives the same result forever.
func TestFrequenciesAreTheStatedProbabilities(t *testing.T) {
	sizes := []int{12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16, 200}
	for _, method := range []sampling.Method{sampling.SRS, sampling.Systematic, sampling.PPSSystematic, sampling.PPSSampford, sampling.Poisson} {
		t.Run(string(method), func(t *testing.T) {
			f := frameOfSizes(t, sizes...)
			p := sampling.Plan{Key: "key", Size: "size", Method: method, N: sampling.Counts{Each: 4}}
			count, prob := countDraws(t, f, p)
			statistic, df := 0.0, 0.0
			for key, pi := range prob {
				if pi == 1 && count[key] != frequencyDraws {
					t.Errorf("%s is certain and was drawn %d times of %d", key, count[key], frequencyDraws)
				}
				if pi < 1 {
					mean := float64(frequencyDraws) * pi
					statistic += math.Pow(float64(count[key])-mean, 2) / (mean * (1 - pi))
					df++
				}
			}
			if bound := (distuv.ChiSquared{K: df}).Quantile(1 - 1e-4); statistic > bound {
				t.Errorf("statistic %.1f above %.1f", statistic, bound)
			}
			sum := 0.0
			for _, pi := range prob {
				sum += pi
			}
			if math.Abs(sum-4) > 1e-12 || len(prob) != len(sizes) {
				t.Errorf("probabilities of %d units add up to %v, want 4 over %d", len(prob), sum, len(sizes))
			}
		})
	}
}

func countDraws(t *testing.T, f sampling.Frame, p sampling.Plan) (map[sampling.Key]int, map[sampling.Key]float64) {
	t.Helper()
	count, prob := map[sampling.Key]int{}, map[sampling.Key]float64{}
	for i := range frequencyDraws {
		s, _, err := sampling.Draw(f, p, sampling.DrawInput{Beacon: fmt.Sprint(i)})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range s.Units {
			count[u.Key]++
			prob[u.Key] = u.StageProb
		}
	}
	return count, prob
}

// Every ordered sample of srs is equally likely: 5·4 ordered pairs of 5 units,
// χ² with 19 degrees of freedom at level 0.0001.
func TestOrderedSamplesOfSRSAreEquallyLikely(t *testing.T) {
	f := frameOfSizes(t, 1, 1, 1, 1, 1)
	p := sampling.Plan{Key: "key", Method: sampling.SRS, N: sampling.Counts{Each: 1}, Reserve: sampling.Counts{Each: 1}}
	pairs := map[string]int{}
	for i := range frequencyDraws {
		s, _, err := sampling.Draw(f, p, sampling.DrawInput{Beacon: fmt.Sprint("pair ", i)})
		if err != nil {
			t.Fatal(err)
		}
		pairs[string(s.Units[0].Key+s.Units[1].Key)]++
	}
	statistic, mean := 0.0, float64(frequencyDraws)/20
	for _, n := range pairs {
		statistic += math.Pow(float64(n)-mean, 2) / mean
	}
	if bound := (distuv.ChiSquared{K: 19}).Quantile(1 - 1e-4); len(pairs) != 20 || statistic > bound {
		t.Errorf("%d pairs, statistic %.1f, bound %.1f", len(pairs), statistic, bound)
	}
}

// paretoProbabilities returns the exact inclusion probabilities of Pareto sampling
// with targets lambda: unit k is drawn if fewer than n others have a smaller ratio,
// and a ratio lies below t with probability θt/(1+θt), θ = λ/(1−λ) (Rosén 1997), so
// π_k is the integral of P(fewer than n others below t) over k's own probability u,
// with t = u/(θ_k(1−u)). The number below t is a sum of independent trials.
func paretoProbabilities(lambda []float64, n int) []float64 {
	out := make([]float64, len(lambda))
	for k, own := range lambda {
		out[k] = quad.Fixed(func(u float64) float64 {
			fewer := []float64{1} // probabilities of 0, 1, … others below t
			t := u / (1 - u) * (1 - own) / own
			for i, l := range lambda {
				if i == k {
					continue
				}
				p := l * t / (1 - l + l*t)
				next := make([]float64, len(fewer)+1)
				for m, q := range fewer {
					next[m] += q * (1 - p)
					next[m+1] += q * p
				}
				fewer = next
			}
			sum := 0.0
			for _, q := range fewer[:n] {
				sum += q
			}
			return sum
		}, 0, 1, 200, quad.Legendre{}, 0)
	}
	return out
}

// Pareto's stated probabilities are those of the limit. Units are drawn as often as
// the exact ones say (χ² at level 0.0001), and those differ from the stated ones by
// what docs/draw.md says of this cell: 0.0047 at the unit of size 40, by R 4.2.2 too,
// with integrate() in place of the quadrature.
func TestParetoIsCloseToItsTargets(t *testing.T) {
	sizes := []int{12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16}
	f := frameOfSizes(t, sizes...)
	p := sampling.Plan{Key: "key", Size: "size", Method: sampling.PPSPareto, N: sampling.Counts{Each: 3}}
	count, stated := countDraws(t, f, p)
	lambda := make([]float64, len(sizes))
	for i := range sizes {
		lambda[i] = stated[sampling.Key(f.Row(i)[0])]
	}
	exact := paretoProbabilities(lambda, 3)
	sum, furthest, statistic := 0.0, 0.0, 0.0
	for i, pi := range exact {
		sum += pi
		furthest = max(furthest, math.Abs(pi-lambda[i]))
		mean := float64(frequencyDraws) * pi
		statistic += math.Pow(float64(count[sampling.Key(f.Row(i)[0])])-mean, 2) / (mean * (1 - pi))
	}
	if math.Abs(sum-3) > 1e-9 {
		t.Errorf("the exact probabilities add up to %v, want 3", sum)
	}
	if bound := (distuv.ChiSquared{K: 12}).Quantile(1 - 1e-4); statistic > bound {
		t.Errorf("statistic %.1f above %.1f", statistic, bound)
	}
	if got := fmt.Sprintf("%.4f", furthest); got != "0.0047" {
		t.Errorf("the furthest from its target is %s", got)
	}
}

// Pairs are drawn by Sampford's method as often as R says, each within 4.5
// standard errors (two-sided 0.000007, by 15 pairs 0.0001). Joint probabilities by
// R 4.2.2, sampling 2.9: UPsampfordpi2(3*x/sum(x)) with x <- c(10,20,30,40,50,60).
func TestPairsOfSampfordAreRs(t *testing.T) {
	want := [6][6]float64{
		{0, 0.01967289, 0.03274750, 0.05017624, 0.0758010, 0.1073167},
		{1: 0, 2: 0.06981254, 0.10576771, 0.1575173, 0.2186581},
		{3: 0.17006745, 0.2486248, 0.3358905},
		{4: 0.3555268, 0.4613189},
		{5: 0.5911015},
	}
	f := frameOfSizes(t, 10, 20, 30, 40, 50, 60)
	p := sampling.Plan{Key: "key", Size: "size", Method: sampling.PPSSampford, N: sampling.Counts{Each: 3}}
	pairs := map[[2]sampling.Key]int{}
	for i := range frequencyDraws {
		s, _, err := sampling.Draw(f, p, sampling.DrawInput{Beacon: fmt.Sprint("pair ", i)})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range s.Units {
			for _, b := range s.Units {
				pairs[[2]sampling.Key{a.Key, b.Key}]++
			}
		}
	}
	for i := range want {
		for j := i + 1; j < len(want); j++ {
			pi := want[i][j]
			got := float64(pairs[[2]sampling.Key{sampling.Key(f.Row(i)[0]), sampling.Key(f.Row(j)[0])}]) / float64(frequencyDraws)
			if math.Abs(got-pi) > 4.5*math.Sqrt(pi*(1-pi)/float64(frequencyDraws)) {
				t.Errorf("units %d and %d: drawn together %.4f of the time, R has %.4f", i+1, j+1, got, pi)
			}
		}
	}
}
