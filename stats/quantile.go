package stats

import (
	"math"
	"slices"
	"sort"

	"hailong/fault"
)

// QuantileRule says which value is the p-quantile where the weighted distribution
// jumps; hf1 to hf9 are the weighted forms of the nine types of Hyndman and Fan
// (The American Statistician 50, 1996), as in R's svyquantile.
type QuantileRule string

// QuantileRules lists the rules: math is the left-continuous inverse of the
// distribution function (hf1), school takes the middle of a jump (hf2).
var QuantileRules = []QuantileRule{"math", "school", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"}

// QuantileSpec asks for quantiles.
type QuantileSpec struct {
	P        []float64      // between 0 and 1
	Rule     QuantileRule   // "" is math
	Interval IntervalMethod // of the distribution function: mean (the default), beta, xlogit, asin
	Level    float64
	// Share estimates the share of values up to the quantile, given as a column of zeros
	// and ones; nil is by linearisation.
	Share func(below Numbers) (Row, []fault.Problem)
}

// Quantile is a quantile with Woodruff's interval; its SE is the length of the
// interval over twice the t quantile. It has no design effect.
type Quantile struct {
	P float64
	Row
	CI Interval
}

// Quantiles estimates quantiles of the column in the domain. The interval is
// Woodruff's (Journal of the American Statistical Association 47, 1952): the
// interval of the share of values up to the quantile, turned into quantiles; an
// end that falls outside 0 to 1 is NaN.
func (d *Design) Quantiles(y Numbers, in Domain, spec QuantileSpec) ([]Quantile, []fault.Problem, error) {
	if spec.Rule == "" {
		spec.Rule = "math"
	}
	if spec.Interval == "" {
		spec.Interval = IntervalMean
	}
	if spec.Share == nil {
		spec.Share = func(below Numbers) (Row, []fault.Problem) {
			r := d.Each([]Linear{d.Proportion(below, in.With(y))})
			return r.Rows[0], r.Warnings
		}
	}
	if !slices.Contains(QuantileRules, spec.Rule) {
		return nil, nil, fault.New(fault.Invalid, "stats.quantile_rule", "rule", string(spec.Rule))
	}
	values, err := d.distribution(y, in)
	if err != nil {
		return nil, nil, err
	}
	var out []Quantile
	var warnings []fault.Problem
	for _, p := range spec.P {
		if !(p >= 0 && p <= 1) {
			return nil, nil, fault.New(fault.Invalid, "stats.quantile_p", "p", p)
		}
		q, problems := values.estimate(y, spec.at(p))
		out, warnings = append(out, q), append(warnings, problems...)
	}
	return out, warnings, nil
}

func (s QuantileSpec) at(p float64) QuantileSpec {
	s.P = []float64{p}
	return s
}

// estimate estimates one quantile.
func (v distribution) estimate(y Numbers, spec QuantileSpec) (Quantile, []fault.Problem) {
	at := v.quantile(spec.P[0], spec.Rule)
	below := Numbers{Name: y.Name, Values: make([]float64, len(y.Values))}
	for i, value := range y.Values {
		switch {
		case math.IsNaN(value):
			below.Values[i] = math.NaN()
		case value <= at:
			below.Values[i] = 1
		}
	}
	row, problems := spec.Share(below)
	q := Quantile{P: spec.P[0], Row: row, CI: undefined}
	q.Value, q.Unit, q.Deff, q.DeffWR, q.SE = at, 0, math.NaN(), math.NaN(), math.NaN()
	var warnings []fault.Problem
	for _, p := range problems {
		if p.Code != "stats.share_at_bound" {
			warnings = append(warnings, p)
		}
	}
	share := row.ShareInterval(spec.Interval, spec.Level)
	if share.Low >= 0 {
		q.CI.Low = v.quantile(share.Low, spec.Rule)
	}
	if share.High <= 1 {
		q.CI.High = v.quantile(share.High, spec.Rule)
	}
	if q.DF > 0 {
		q.SE = (q.CI.High - q.CI.Low) / (2 * tQuantile((1+spec.Level)/2, q.DF))
	}
	return q, warnings
}

// distribution is a weighted distribution: sorted values and cumulated weights.
type distribution struct {
	x, w, cum []float64
}

// distribution sorts the values; equal ones stay in the order of their rows.
func (d *Design) distribution(y Numbers, in Domain) (distribution, error) {
	rows := slices.Clone(in.valid(y.Values))
	slices.Sort(rows)
	sort.SliceStable(rows, func(i, j int) bool { return y.Values[rows[i]] < y.Values[rows[j]] })
	var out distribution
	for _, row := range rows {
		if d.weights[row] < 0 {
			return out, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.weight_invalid", "value", d.weights[row]).AtRow(int(row)+1, "")}}
		}
		out.x, out.w = append(out.x, y.Values[row]), append(out.w, d.weights[row])
	}
	out.cumulate()
	return out, nil
}

// cumulate sums the weights with the rounding errors carried along (Neumaier, ZAMM
// 54, 1974): a share that is reached exactly is found to be, whatever the weights.
func (v *distribution) cumulate() {
	sum, lost := 0.0, 0.0
	v.cum = make([]float64, len(v.w))
	for i, w := range v.w {
		t := sum + w
		if math.Abs(sum) >= math.Abs(w) {
			lost += (sum - t) + w
		} else {
			lost += (w - t) + sum
		}
		sum = t
		v.cum[i] = sum + lost
	}
}

// merged joins equal values.
func (v distribution) merged() distribution {
	var out distribution
	for i, x := range v.x {
		if n := len(out.x); n > 0 && out.x[n-1] == x {
			out.w[n-1] += v.w[i]
			continue
		}
		out.x, out.w = append(out.x, x), append(out.w, v.w[i])
	}
	out.cumulate()
	return out
}

// quantile applies a rule.
func (v distribution) quantile(p float64, rule QuantileRule) float64 {
	switch {
	case len(v.x) == 0:
		return math.NaN()
	case p <= 0:
		return v.x[0]
	}
	switch rule {
	case "math", "hf1":
		low, high, exact := v.around(p)
		if exact {
			return v.x[low]
		}
		return v.x[high]
	case "school", "hf2":
		low, high, exact := v.around(p)
		if exact {
			return (v.x[low] + v.x[high]) / 2
		}
		return v.x[high]
	case "hf3":
		v = v.merged()
		low, high, exact := v.around(p)
		if exact && low%2 == 1 { // an even number of values, counted from 1
			return v.x[low]
		}
		return v.x[high]
	case "hf4":
		return v.interpolate(p, func(before, after float64) float64 { return after }, v.total())
	}
	return v.hyndmanFan(p, rule)
}

// hyndmanFan applies the rules that interpolate between plotting positions.
func (v distribution) hyndmanFan(p float64, rule QuantileRule) float64 {
	last := len(v.x) - 1
	switch rule {
	case "hf5":
		return v.interpolate(p, func(before, after float64) float64 { return (before + after) / 2 }, v.total())
	case "hf6":
		return v.interpolate(p, func(_, after float64) float64 { return after }, v.total()+v.w[last])
	case "hf7":
		if last == 0 {
			return v.x[0]
		}
		return v.interpolate(p, func(before, _ float64) float64 { return before }, v.cum[last-1])
	case "hf8":
		return v.interpolate(p, func(before, after float64) float64 { return before/3 + after*2/3 }, v.total()+v.w[last]/3)
	}
	return v.interpolate(p, func(before, after float64) float64 { return before*3/8 + after*5/8 }, v.total()+v.w[last]/4)
}

func (v distribution) total() float64 { return v.cum[len(v.cum)-1] }

// around finds the last value whose cumulated share is at most p, the next one, and
// whether the share is exactly p, by the same comparisons as R's svyquantile: p is the
// number that the computer holds, so that 0.9 of 200 equal weights lies just beyond the
// 180th value. Below the share of the first value they are the first two, as there.
func (v distribution) around(p float64) (low, high int, exact bool) {
	target := p * v.total()
	high = sort.Search(len(v.cum), func(i int) bool { return v.cum[i] > target })
	if low = high - 1; low < 0 {
		return 0, min(1, len(v.cum)-1), false
	}
	return low, min(high, len(v.cum)-1), v.cum[low]/v.total() == p
}

// interpolate is linear between the points (position/scale, value); outside it is
// constant. position is given the weights cumulated before and after a value.
func (v distribution) interpolate(p float64, position func(before, after float64) float64, scale float64) float64 {
	at := func(i int) float64 {
		before := 0.0
		if i > 0 {
			before = v.cum[i-1]
		}
		return position(before, v.cum[i]) / scale
	}
	next := sort.Search(len(v.x), func(i int) bool { return at(i) >= p })
	switch next {
	case 0:
		return v.x[0]
	case len(v.x):
		return v.x[len(v.x)-1]
	}
	from, to := at(next-1), at(next)
	return v.x[next-1] + (v.x[next]-v.x[next-1])*(p-from)/(to-from)
}
