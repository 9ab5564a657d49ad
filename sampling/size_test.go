package sampling_test

import (
	"math"
	"testing"

	"hailong/sampling"
)

// Expected values by R 4.2.2 from the formulas of docs/draw.md, e.g.
// n0 <- qnorm(.975)^2*.25/.03^2; n1 <- 1.5*n0; n2 <- n1/(1+(n1-1)/54000); n2/.8,
// and the others by hand.
func TestSizesAreRsStepByStep(t *testing.T) {
	for _, c := range []struct {
		name  string
		in    sampling.SizeInput
		steps []float64
		n     int
	}{
		{"proportion", sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, Conditions: sampling.Conditions{DEff: 1.5, Population: 54000, Response: 0.8}},
			[]float64{1.959963984540, 1067.071894637256, 1600.607841955885, 1554.558149246422, 1943.197686558027, 1944}, 1944},
		{"mean", sampling.SizeInput{Kind: sampling.SizeMean, Margin: 1.5, Confidence: 0.95, SD: 12, Conditions: sampling.Conditions{DEff: 1, Population: 800, Response: 1}},
			[]float64{1.959963984540, 245.853364524424, 245.853364524424, 188.059529462790, 188.059529462790, 189}, 189},
		{"unlimited population", sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, Conditions: sampling.Conditions{DEff: 1, Response: 1}},
			[]float64{1.959963984540, 1067.071894637256, 1067.071894637256, 1067.071894637256, 1068}, 1068},
		// the same in villages of 11 answers with ρ = 0.05: deff = 1 + 10·0.05 = 1.5
		{"clusters", sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5,
			Conditions: sampling.Conditions{DEff: 1, Take: 11, Rho: 0.05, Population: 54000, Response: 0.8}},
			[]float64{1.5, 1.959963984540, 1067.071894637256, 1600.607841955885, 1554.558149246422, 1943.197686558027, 1944}, 1944},
		// Slovin for 10,000 people and 5 %: 10000/26
		{"slovin", sampling.SizeInput{Kind: sampling.SizeSlovin, Margin: 0.05, Conditions: sampling.Conditions{Population: 10000, Response: 1}},
			[]float64{384.615384615385, 384.615384615385, 385}, 385},
		// 9900/(1+9900·0.01²) = 4974.87…; an exact integer stays: 400/(1+400·0.05²) = 200
		{"no rounding up of an integer", sampling.SizeInput{Kind: sampling.SizeSlovin, Margin: 0.05, Conditions: sampling.Conditions{Population: 400, Response: 1}},
			[]float64{200, 200, 200}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := sampling.Size(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if r.N != c.n || len(r.Steps) != len(c.steps) {
				t.Fatalf("n %d in steps %v, want %d in %v", r.N, r.Steps, c.n, c.steps)
			}
			for i, want := range c.steps {
				if got := r.Steps[i].Value; math.Abs(got/want-1) > 1e-6 {
					t.Errorf("%s = %s is %v, want %v", r.Steps[i].Name, r.Steps[i].Formula, got, want)
				}
			}
		})
	}
}

// A population smaller than what the response rate asks for is taken whole,
// and the result says so.
func TestASizeAboveThePopulationIsCapped(t *testing.T) {
	r, err := sampling.Size(sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.02, Confidence: 0.95, P: 0.5, Conditions: sampling.Conditions{DEff: 2, Population: 300, Response: 0.5}})
	if err != nil || r.N != 300 || !r.Capped {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestSizesOutOfRangeAreRefused(t *testing.T) {
	right := sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, Conditions: sampling.Conditions{DEff: 1, Response: 1}}
	for want, change := range map[string]func(*sampling.SizeInput){
		"":                      func(*sampling.SizeInput) {},
		"size.kind":             func(in *sampling.SizeInput) { in.Kind = "guess" },
		"size.range size.range": func(in *sampling.SizeInput) { in.P, in.Margin = 1, math.NaN() },
		"size.range":            func(in *sampling.SizeInput) { in.Response = 1.1 },
		"size.huge":             func(in *sampling.SizeInput) { in.Margin = 1e-9 },
		"size.take":             func(in *sampling.SizeInput) { in.Rho = 0.05 },
		"size.rho":              func(in *sampling.SizeInput) { in.Take, in.Rho = 20, -0.1 },
	} {
		in := right
		change(&in)
		if _, err := sampling.Size(in); codes(err) != want {
			t.Errorf("%+v: %v, want %q", in, err, want)
		}
	}
}

// Published examples. Unrounded values, because books round on the way.
func TestSizesOfTheTextbooks(t *testing.T) {
	const two = 0.954499736103642 // the confidence for which z = 2
	none := sampling.Conditions{DEff: 1, Response: 1}
	of := func(population int) sampling.Conditions { c := none; c.Population = population; return c }
	for _, c := range []struct {
		source string
		in     sampling.SizeInput
		want   float64 // as printed there
		within float64
	}{
		{"Cochran (1977, §4.2 and §4.4): blood group O in an island of 3,200 people, 5 points: n0 = 400, n = 356",
			sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.05, Confidence: two, P: 0.5, Conditions: of(3200)}, 356, 0.5},
		{"Cochran (1977, §4.6): seedlings on 430 feet of bed, mean 19, s² = 85.6, within 10 %: n0 = 95, n = 78",
			sampling.SizeInput{Kind: sampling.SizeMean, Margin: 1.9, Confidence: two, SD: math.Sqrt(85.6), Conditions: of(430)}, 78, 0.5},
		{"Lohr (2010, ex. 2.11): recipes in a book of 1,251, 3 points: n0 = 1067, n = 576",
			sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, Conditions: of(1251)}, 576, 0.5},
		{"the sample that opinion polls draw for 3 points, 1,067",
			sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, Conditions: none}, 1067, 0.5},
	} {
		r, err := sampling.Size(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Steps[len(r.Steps)-2].Value; math.Abs(got-c.want) > c.within {
			t.Errorf("%s: %v, want %v", c.source, got, c.want)
		}
	}
}

// Slovin's rule is that of a proportion with p = 0.5 and z = 2, but for N in
// place of N − 1: it claims a margin at 95.4 % confidence under simple random sampling.
func TestSlovinIsAProportionOfOneHalfWithZTwo(t *testing.T) {
	for _, population := range []int{200, 10_000, 1_300_000} {
		slovin, err := sampling.Size(sampling.SizeInput{Kind: sampling.SizeSlovin, Margin: 0.05,
			Conditions: sampling.Conditions{DEff: 1, Response: 1, Population: population}})
		if err != nil {
			t.Fatal(err)
		}
		const n0 = 2 * 2 * 0.5 * 0.5 / (0.05 * 0.05)
		want := n0 / (1 + n0/float64(population))
		if got := slovin.Steps[0].Value; math.Abs(got/want-1) > 1e-12 {
			t.Errorf("N = %d: %v, want %v", population, got, want)
		}
	}
}
