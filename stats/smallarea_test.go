package stats_test

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"hailong/stats"
)

// invented are eight areas with a rising covariate, as in testdata/areas.R.
func invented() stats.Areas {
	in := stats.Areas{
		Values:    []float64{70.1, 78.4, 71.9, 83.6, 80.2, 74.4, 88.8, 86.1},
		Variances: []float64{3, 2, 6, 1, 4, 9, 2, 5},
	}
	for i := range 8 {
		in.X = append(in.X, []float64{1, float64(i + 1)})
	}
	return in
}

// milk are the 43 areas of Arora and Lahiri (Statistica Sinica 7, 1997) beside the
// repository, with their four major areas as categories.
func milk(t *testing.T) stats.Areas {
	file, err := os.Open(filepath.Join("..", "..", "shared", "data", "reference", "milk.csv"))
	if err != nil {
		if os.Getenv("HAILONG_CI") == "1" {
			t.Fatalf("the milk data are required here: %v", err)
		}
		t.Skipf("needs the milk data beside the repository: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	in := stats.Areas{}
	for _, row := range rows[1:] {
		number := func(column int) float64 {
			v, err := strconv.ParseFloat(row[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		in.Values, in.Variances = append(in.Values, number(2)), append(in.Variances, number(3)*number(3))
		x := []float64{1, 0, 0, 0}
		if area := int(number(5)); area > 1 {
			x[area-1] = 1
		}
		in.X = append(in.X, x)
	}
	return in
}

func agrees(t *testing.T, name string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s: %.12g, want %.12g", name, got, want)
	}
}

// Expected: testdata/areas.R. For the milk data A by REML is also the value that
// R's sae prints (0.01855022, with its own tolerance of 1e-4).
func TestFayHerriotAgreesWithDirectMaximisation(t *testing.T) {
	first := []int{0, 1, 9, 21, 42}
	for _, test := range []struct {
		name             string
		areas            func(*testing.T) stats.Areas
		method           stats.AreaMethod
		at               []int
		a                float64
		beta, eblup, mse []float64
	}{
		{"invented", func(*testing.T) stats.Areas { return invented() }, stats.AreaREML, []int{0, 2, 5, 7}, 19.62754099,
			[]float64{70.394540022, 2.042848016},
			[]float64{70.40989510, 72.98237089, 76.99416808, 86.22939257},
			[]float64{2.9791761416, 5.3977517503, 7.5289637833, 4.8490038502}},
		{"invented", func(*testing.T) stats.Areas { return invented() }, stats.AreaML, []int{0, 2, 5, 7}, 13.39671086,
			[]float64{70.473674932, 2.055597525},
			[]float64{70.54446825, 73.36637259, 77.77841307, 86.32244605},
			[]float64{3.116134771, 5.541106441, 7.614336630, 5.073651271}},
		{"milk", milk, stats.AreaREML, first, 0.0185503347627667,
			[]float64{0.9681889870, 0.1327803055, 0.2269462245, -0.2413010399},
			[]float64{1.0219705442, 1.0476019514, 1.1951460148, 1.1923057228, 0.6810868851},
			[]float64{0.013460256460, 0.005372879733, 0.014901513343, 0.017244045293, 0.009903647797}},
		{"milk", milk, stats.AreaML, first, 0.01551750871,
			[]float64{0.9677986256, 0.1278755176, 0.2266908868, -0.2425804263},
			[]float64{1.0161732362, 1.0436967709, 1.1812563387, 1.1921597496, 0.6840976933},
			[]float64{0.013579938423, 0.005512867363, 0.015036071613, 0.017193700417, 0.010037131488}},
	} {
		t.Run(test.name+" "+string(test.method), func(t *testing.T) {
			m, err := stats.FitAreas(test.areas(t), test.method)
			if err != nil {
				t.Fatal(err)
			}
			agrees(t, "A", m.A, test.a, 1e-8)
			for j, want := range test.beta {
				agrees(t, "beta", m.Beta[j], want, 1e-8)
			}
			for j, i := range test.at {
				agrees(t, "value", m.Areas[i].Value, test.eblup[j], 1e-8)
				agrees(t, "mse", m.Areas[i].MSE, test.mse[j], 1e-8)
			}
		})
	}
}

// What the areas do not differ by beyond their errors is no variance: every area then
// is what its covariates say.
func TestAreasThatDoNotDifferAreSynthetic(t *testing.T) {
	in := invented()
	for i := range in.Values {
		in.Values[i] = 70 + float64(i)
	}
	m, err := stats.FitAreas(in, stats.AreaREML)
	if err != nil {
		t.Fatal(err)
	}
	if m.A != 0 {
		t.Errorf("A is %v", m.A)
	}
	for i, a := range m.Areas {
		if a.Gamma != 0 || math.Abs(a.Value-in.Values[i]) > 1e-9 || !(a.MSE > 0) {
			t.Errorf("area %d: %+v", i, a)
		}
	}
}

func TestAnAreaWithoutAnEstimateIsPredicted(t *testing.T) {
	in := invented()
	in.Values[3] = math.NaN()
	m, err := stats.FitAreas(in, stats.AreaREML)
	if err != nil {
		t.Fatal(err)
	}
	a := m.Areas[3]
	if a.Gamma != 0 || a.Value != a.Synthetic || !(a.MSE > m.A) {
		t.Errorf("area without an estimate: %+v with A = %v", a, m.A)
	}
}

// Variances that differ by a factor of a hundred and more, as where communes have three
// or a thousand answers: a plain step of Fisher scoring leaps to 0 and back for ever in
// some of these. The estimate found is where the restricted likelihood is largest.
func TestVeryDifferentVariancesAreFitted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for fit := range 3000 {
		in := stats.Areas{}
		for range 8 + rng.IntN(30) {
			d := math.Exp(-rng.Float64()*math.Log(400)) / 12
			in.Variances = append(in.Variances, d)
			in.Values = append(in.Values, 1.1+math.Sqrt(d+0.0005)*rng.NormFloat64())
		}
		m, err := stats.FitAreas(in, stats.AreaREML)
		if err != nil {
			t.Fatalf("fit %d: %v", fit, err)
		}
		at := restricted(in, m.A)
		for _, step := range []float64{1e-4, -1e-4} {
			if a := m.A * (1 + step); m.A > 0 && restricted(in, a) > at+1e-10 { // of some tens
				t.Errorf("fit %d: A = %g has a lower likelihood than %g", fit, m.A, a)
			}
		}
	}
}

// restricted is twice the restricted log-likelihood of a common mean, up to a constant:
// -Σ log(A+D) - log Σ 1/(A+D) - Σ (y-μ)²/(A+D).
func restricted(in stats.Areas, a float64) float64 {
	weights, sum, out := 0.0, 0.0, 0.0
	for i, d := range in.Variances {
		weights += 1 / (a + d)
		sum += in.Values[i] / (a + d)
	}
	for i, d := range in.Variances {
		miss := in.Values[i] - sum/weights
		out -= math.Log(a+d) + miss*miss/(a+d)
	}
	return out - math.Log(weights)
}

func TestFitAreasRefuses(t *testing.T) {
	few, zero, collinear := invented(), invented(), invented()
	for i := range 6 {
		few.Values[i] = math.NaN()
	}
	zero.Variances[2] = 0
	for i := range 8 {
		collinear.X[i][1] = 2
	}
	_, err := stats.FitAreas(few, stats.AreaREML)
	wantCode(t, "few", err, "area.few")
	_, err = stats.FitAreas(zero, stats.AreaREML)
	wantCode(t, "zero variance", err, "area.variance")
	_, err = stats.FitAreas(collinear, stats.AreaREML)
	wantCode(t, "collinear", err, "area.collinear")
	_, err = stats.FitAreas(invented(), "fh")
	wantCode(t, "method", err, "area.method")
}

// The mean squared error that is stated is that of repeated samples, on average over
// areas within a tenth; the direct estimate's is larger.
func TestStatedErrorOfModelledSharesIsTheErrorSeen(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const areas, rounds, size = 40, 200, 30
	var seen, stated, direct float64
	for range rounds {
		in := stats.ShareAreas{Shares: make([]float64, areas), Effective: make([]float64, areas)}
		truth := make([]float64, areas)
		for i := range truth {
			theta := math.Asin(math.Sqrt(0.8)) + 0.06*rng.NormFloat64()
			truth[i] = math.Pow(math.Sin(theta), 2)
			hits := 0
			for range size {
				if rng.Float64() < truth[i] {
					hits++
				}
			}
			in.Shares[i], in.Effective[i] = float64(hits)/size, size
		}
		shares, _, err := stats.FitShares(in, stats.ShareOptions{Method: stats.AreaREML, Level: 0.95, Draws: 40, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range shares {
			seen += (s.Value - truth[i]) * (s.Value - truth[i])
			direct += (in.Shares[i] - truth[i]) * (in.Shares[i] - truth[i])
			stated += s.MSE
		}
	}
	if ratio := stated / seen; ratio < 0.9 || ratio > 1.1 {
		t.Errorf("stated over seen mean squared error: %.3f", ratio)
	}
	if !(seen < 0.7*direct) {
		t.Errorf("the model's error %v is not well below the direct estimate's %v", seen, direct)
	}
}

func TestBenchmarksReachTheTarget(t *testing.T) {
	values, weights := []float64{0.9, 0.99, 0.5, 1}, []float64{10, 20, 30, 40}
	mean := func(values []float64) (m float64) {
		for i, v := range values {
			m += v * weights[i] / 100
		}
		return m
	}
	agrees(t, "ratio", mean(stats.BenchmarkRatio(values, weights, 0.7)), 0.7, 1e-12)
	for _, target := range []float64{0.7, 0.95, 0.999} {
		shares, err := stats.BenchmarkShares(values, weights, target)
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, "shares", mean(shares), target, 1e-12)
		for i, s := range shares {
			if s < 0 || s > 1 || values[i] == 1 && s != 1 {
				t.Errorf("target %v: share %v became %v", target, values[i], s)
			}
		}
	}
	_, err := stats.BenchmarkShares(values, weights, 0.3)
	wantCode(t, "a target below what certain shares leave", err, "area.benchmark")
}
