package sampling_test

import (
	"math"
	"testing"

	"hailong/sampling"
)

// Expected values by R 4.2.2 from the formulas of docs/draw.md, e.g.
// n0 <- qnorm(.975)^2*.25/.03^2; n1 <- 1.5*n0; n2 <- n1/(1+(n1-1)/54000); n2/.8,
// and power.prop.test(p1=.80, p2=.84, power=.8)$n.
func TestSizesAreRsStepByStep(t *testing.T) {
	for _, c := range []struct {
		name  string
		in    sampling.SizeInput
		steps []float64
		n     int
	}{
		{"proportion", sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, DEff: 1.5, Population: 54000, Response: 0.8},
			[]float64{1.959963984540, 1067.071894637256, 1600.607841955885, 1554.558149246422, 1943.197686558027, 1944}, 1944},
		{"mean", sampling.SizeInput{Kind: sampling.SizeMean, Margin: 1.5, Confidence: 0.95, SD: 12, DEff: 1, Population: 800, Response: 1},
			[]float64{1.959963984540, 245.853364524424, 245.853364524424, 188.059529462790, 188.059529462790, 189}, 189},
		{"unlimited population", sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, DEff: 1, Response: 1},
			[]float64{1.959963984540, 1067.071894637256, 1067.071894637256, 1067.071894637256, 1068}, 1068},
		{"change", sampling.SizeInput{Kind: sampling.SizeChange, Margin: 0.04, Confidence: 0.95, P: 0.8, Power: 0.8, DEff: 1, Response: 1},
			[]float64{1.959963984540, 0.841621233573, 0.84, 1446.93881449258, 1446.93881449258, 1446.93881449258, 1447}, 1447},
		// Slovin for 10,000 people and 5 %: 10000/26
		{"slovin", sampling.SizeInput{Kind: sampling.SizeSlovin, Margin: 0.05, Population: 10000, Response: 1},
			[]float64{384.615384615385, 384.615384615385, 385}, 385},
		// 9900/(1+9900·0.01²) = 4974.87…; an exact integer stays: 400/(1+400·0.05²) = 200
		{"no rounding up of an integer", sampling.SizeInput{Kind: sampling.SizeSlovin, Margin: 0.05, Population: 400, Response: 1},
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
	r, err := sampling.Size(sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.02, Confidence: 0.95, P: 0.5, DEff: 2, Population: 300, Response: 0.5})
	if err != nil || r.N != 300 || !r.Capped {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestSizesOutOfRangeAreRefused(t *testing.T) {
	right := sampling.SizeInput{Kind: sampling.SizeProportion, Margin: 0.03, Confidence: 0.95, P: 0.5, DEff: 1, Response: 1}
	for want, change := range map[string]func(*sampling.SizeInput){
		"":                                func(*sampling.SizeInput) {},
		"plan.size_kind":                  func(in *sampling.SizeInput) { in.Kind = "guess" },
		"plan.size_range plan.size_range": func(in *sampling.SizeInput) { in.P, in.Margin = 1, math.NaN() },
		"plan.size_range":                 func(in *sampling.SizeInput) { in.Response = 1.1 },
		"plan.size_huge":                  func(in *sampling.SizeInput) { in.Margin = 1e-9 },
		"plan.size_change":                func(in *sampling.SizeInput) { in.Kind, in.Power, in.Margin = sampling.SizeChange, 0.8, 0.6 },
	} {
		in := right
		change(&in)
		if _, err := sampling.Size(in); codes(err) != want {
			t.Errorf("%+v: %v, want %q", in, err, want)
		}
	}
}
