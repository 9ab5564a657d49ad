package stats

import "math"

// Variance estimates the population variance S² = n/(n-1)·Σ w(y-ȳ)²/Σw over the n rows of
// the domain that have a value; z = (n/(n-1)·(y-ȳ)² - S²)/Σw, since the mean adds nothing
// to first order (R's svyvar).
func (d *Design) Variance(y Numbers, in Domain) Linear {
	mean := d.Mean(y, in).Value
	f := Linear{Label: y.Name, rows: in.valid(y.Values), Value: math.NaN()}
	n := float64(len(f.rows))
	f.z = make([]float64, len(f.rows))
	sum, size := 0.0, 0.0
	for i, row := range f.rows {
		dist := y.Values[row] - mean
		f.z[i] = n / (n - 1) * dist * dist
		sum += d.weights[row] * f.z[i]
		size += d.weights[row]
	}
	if n > 1 {
		f.Value = sum / size
	}
	for i := range f.z {
		f.z[i] = (f.z[i] - f.Value) / size
	}
	return f
}

// ChangeBetween is the change from a figure to the same figure of an independent sample:
// the variances add up, and the degrees of freedom are Satterthwaite's (Biometrics
// Bulletin 2, 1946), (v₁+v₂)²/(v₁²/f₁+v₂²/f₂), rounded down. Samples that share sampling
// units are not independent: stack their rows in one design and take a Contrast of the two
// domains.
func ChangeBetween(before, after Estimate) Estimate {
	v1, v2 := before.SE*before.SE, after.SE*after.SE
	out := Estimate{Value: after.Value - before.Value, SE: math.Sqrt(v1 + v2), N: before.N + after.N,
		SumWeights: before.SumWeights + after.SumWeights, Deff: math.NaN(), DeffWR: math.NaN()}
	switch df := (v1 + v2) * (v1 + v2) / (v1*v1/float64(before.DF) + v2*v2/float64(after.DF)); {
	case before.DF < 1 || after.DF < 1 || math.IsNaN(df):
		out.DF = 0
	default:
		out.DF = int(df + 1e-9)
	}
	return out
}
