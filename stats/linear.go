package stats

import (
	"math"
	"slices"
)

// Domain is a part of the sample. Rows outside it stay in the design: they are
// drawn units with value 0, not rows that were never there.
type Domain struct {
	rows []int32 // of weight other than 0, in the design's order
}

// Empty reports whether no row of weight other than 0 lies in the domain.
func (in Domain) Empty() bool { return len(in.rows) == 0 }

// Rows returns the rows of the domain that count. The caller must not change them.
func (in Domain) Rows() []int32 { return in.rows }

// All returns the whole sample as a domain.
func (d *Design) All() Domain { return d.Where(func(int) bool { return true }) }

// Where returns the domain of the rows for which keep is true.
func (d *Design) Where(keep func(row int) bool) Domain {
	var in Domain
	for _, row := range d.order {
		if d.weights[row] != 0 && keep(int(row)) {
			in.rows = append(in.rows, row)
		}
	}
	return in
}

// Split divides a domain by the labels; the result is indexed by code. Rows
// without a label are in none.
func (in Domain) Split(by Labels) []Domain {
	parts := make([]Domain, len(by.Levels))
	for _, row := range in.rows {
		if c := by.Codes[row]; c != Missing {
			parts[c].rows = append(parts[c].rows, row)
		}
	}
	return parts
}

// valid returns the rows of the domain where no value is missing: the domain's own
// slice if that is everywhere, so that the caller must not change them.
func (in Domain) valid(columns ...[]float64) []int32 {
	complete := func(row int32) bool {
		for _, c := range columns {
			if c[row] != c[row] { // NaN
				return false
			}
		}
		return true
	}
	first := slices.IndexFunc(in.rows, func(row int32) bool { return !complete(row) })
	if first < 0 {
		return in.rows
	}
	rows := append(make([]int32, 0, len(in.rows)-1), in.rows[:first]...)
	for _, row := range in.rows[first+1:] {
		if complete(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// With returns the rows of the domain that have a value of y.
func (in Domain) With(y Numbers) Domain { return Domain{in.valid(y.Values)} }

// Total estimates the total t = Σ w·y of the column over the domain; z = y. It is
// NaN if the domain has no value.
func (d *Design) Total(y Numbers, in Domain) Linear {
	f := Linear{Label: y.Name, rows: in.valid(y.Values), base: in.rows, Value: math.NaN()}
	f.z = make([]float64, len(f.rows))
	if len(f.rows) > 0 {
		f.Value = 0
	}
	for i, row := range f.rows {
		f.z[i] = y.share(row) * y.Values[row]
		f.Value += d.weights[row] * f.z[i]
	}
	f.people = d.peopleWith(y, f.rows, 1)
	return f
}

// Ratio estimates R = Σ w·y / Σ w·x over the rows of the domain that have both
// values; z = (y - R·x) / Σ w·x (Särndal, Swensson and Wretman 1992, 5.6).
func (d *Design) Ratio(y, x Numbers, in Domain) Linear {
	f := Linear{Label: y.Name + "/" + x.Name, rows: in.valid(y.Values, x.Values), base: in.rows}
	f.z = make([]float64, len(f.rows))
	var num, den float64
	for _, row := range f.rows {
		num += d.weights[row] * y.Values[row]
		den += d.weights[row] * x.Values[row]
	}
	f.Value = num / den
	if den == 0 {
		f.Value = math.NaN()
	}
	for i, row := range f.rows {
		f.z[i] = (y.Values[row] - f.Value*x.Values[row]) / den
	}
	return f
}

// Mean estimates ȳ = Σ w·y / Σ w over the rows of the domain that have a value;
// z = (y - ȳ) / Σ w. A domain's mean is a ratio: its size is estimated too.
func (d *Design) Mean(y Numbers, in Domain) Linear {
	f := Linear{Label: y.Name, rows: in.valid(y.Values), base: in.rows}
	f.z = make([]float64, len(f.rows))
	var sum, size float64
	for _, row := range f.rows {
		w := d.weights[row] * y.share(row)
		sum += w * y.Values[row]
		size += w
	}
	f.Value = sum / size
	for i, row := range f.rows {
		f.z[i] = y.share(row) * (y.Values[row] - f.Value) / size
	}
	f.people = d.peopleWith(y, f.rows, 1/size)
	return f
}

// Proportion is the Mean of a column of zeros and ones (NaN where the row is out
// of the denominator), as a share of 1, so that it has share intervals.
func (d *Design) Proportion(indicator Numbers, in Domain) Linear {
	f := d.Mean(indicator, in)
	f.Unit = 1
	return f
}

// Combine returns the form of value whose partial derivatives with respect to the
// forms are given: for a linear contrast value = Σ gradient·form, for any other
// smooth function the delta method.
func (d *Design) Combine(value float64, gradient []float64, forms []Linear) Linear {
	out := Linear{Value: value, rows: d.union(forms)}
	out.z = make([]float64, len(out.rows))
	for j, f := range forms {
		at := 0
		for i, row := range f.rows {
			for out.rows[at] != row {
				at++
			}
			out.z[at] += gradient[j] * f.z[i]
		}
		psus, _ := d.present(f.rows)
		out.unsettled = out.unsettled || f.unsettled || psus < 2
	}
	out.people = d.peopleOf(gradient, forms, len(out.rows))
	return out
}

// Contrast returns Σ coefficient·form, for instance the difference of two domains
// with coefficients 1 and -1.
func (d *Design) Contrast(label string, coefficients []float64, forms []Linear) Linear {
	value := 0.0
	for j, f := range forms {
		value += coefficients[j] * f.Value
	}
	out := d.Combine(value, coefficients, forms)
	out.Label = label
	return out
}
