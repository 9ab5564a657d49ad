package stats

import (
	"math"
	"slices"

	"hailong/fault"
)

// Distance measures how far calibrated weights are from the original ones
// (Deville and Särndal, Journal of the American Statistical Association 87, 1992).
type Distance string

// The distances.
const (
	DistanceLinear Distance = "linear" // g = 1 + u: the regression estimator
	DistanceRaking Distance = "raking" // g = exp(u): always positive
	DistanceLogit  Distance = "logit"  // g between the bounds, smoothly
)

// Limits of the iteration, as misfit/(1+|total|).
const (
	iterations = 50
	converged  = 1e-12 // where it stops
	acceptable = 1e-7  // above which it has failed, as in R
)

// Calibration asks for weights near the design's with which the totals of known
// columns are exact.
type Calibration struct {
	Terms  []Term
	Totals map[string]float64 // by the name of each column of the terms
	// Intercept adds a column of ones named (Intercept).
	Intercept    bool
	Distance     Distance
	Lower, Upper float64   // bounds on g, the factor of each weight; both 0: none
	Variance     []float64 // working variance of each row; nil: constant
	Cluster      bool      // one g for all rows of a PSU
}

// Term is an auxiliary variable: Numbers, or Labels, which stand for one column a
// level but the first in alphabetical order, named by variable and level.
type Term struct {
	Numbers *Numbers
	Labels  *Labels
}

// Intercept is the name of the column of ones.
const Intercept = "(Intercept)"

// Margin is a known distribution of a category: totals by level.
type Margin struct {
	By     Labels
	Totals map[string]float64
}

// adjusted returns the design with the weights multiplied by g, which is given for each
// row, or for each kind of row of x. The linear distance may make weights negative.
func (d *Design) adjusted(g []float64, x *auxiliary, fitWeights []float64) *Design {
	out := *d
	if !d.scratch {
		out.weights = make([]float64, d.rows)
	}
	for i, w := range d.weights {
		switch {
		case w == 0:
		case len(g) == d.rows:
			out.weights[i] = w * g[i]
		default:
			out.weights[i] = w * g[x.kind[i]]
		}
	}
	out.adjustments = append(slices.Clone(d.adjustments), adjustment{x, fitWeights, out.weights})
	out.residual = &residualTotals{}
	return &out
}

// checkAuxiliary refuses missing auxiliary values, and weights that an earlier
// calibration made negative: no distance is defined from them.
func (d *Design) checkAuxiliary(x *auxiliary) error {
	for i, w := range d.weights {
		if w < 0 {
			return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.calibrate_negative", "value", w).AtRow(i+1, "")}}
		}
	}
	return x.check(d.weights)
}

// PostStratify makes the weights of each level add up to its known total. A level
// with a total and no sample, or the reverse, is an error.
func (d *Design) PostStratify(m Margin) (*Design, error) {
	x := &auxiliary{rows: d.rows}
	x.addCodes(m.By.Name, m.By.Codes, m.By.Levels, Missing)
	if err := d.checkAuxiliary(x); err != nil {
		return nil, err
	}
	sums, err := m.sums(d.weights)
	if err != nil {
		return nil, err
	}
	g := make([]float64, d.rows)
	for i, c := range m.By.Codes {
		if d.weights[i] > 0 {
			g[i] = m.Totals[m.By.Levels[c]] / sums[c]
		}
	}
	return d.adjusted(g, x, d.weights), nil
}

// sums adds up the weights by level and compares the levels with the totals'.
func (m Margin) sums(weights []float64) ([]float64, error) {
	sums := make([]float64, len(m.By.Levels))
	for i, c := range m.By.Codes {
		if weights[i] > 0 {
			sums[c] += weights[i]
		}
	}
	var problems []fault.Problem
	for c, level := range m.By.Levels {
		if total, known := m.Totals[level]; sums[c] > 0 && !(known && total > 0) {
			problems = append(problems, fault.P("stats.margin_no_total", "margin", m.By.Name, "level", level))
		}
	}
	for _, level := range sortedKeys(m.Totals) {
		c := slices.Index(m.By.Levels, level)
		if m.Totals[level] != 0 && (c < 0 || sums[c] == 0) {
			problems = append(problems, fault.P("stats.margin_no_sample", "margin", m.By.Name, "level", level))
		}
	}
	return sums, fault.Of(fault.Invalid, problems)
}

func sortedKeys(m map[string]float64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Rake makes the weights agree with several margins at once: the raking distance on
// their dummies, which is where iterative proportional fitting ends.
func (d *Design) Rake(margins []Margin) (*Design, error) { return NewRaking(margins).Apply(d) }

// Raking is raking to margins, prepared for designs of the same rows: it is solved on
// the crossing of the margins, of which there are few levels, and only sums over them
// depend on the weights.
type Raking struct {
	margins []Margin // by levels of the crossing
	x       *auxiliary
	totals  []float64
}

// NewRaking crosses the margins.
func NewRaking(margins []Margin) *Raking {
	r := &Raking{}
	rows := 0
	if len(margins) > 0 {
		rows = len(margins[0].By.Codes)
	}
	r.x = &auxiliary{rows: rows}
	for k, m := range margins {
		reference := Missing
		if k > 0 {
			reference = 0 // redundant given the first margin
		}
		r.x.addCodes(m.By.Name, m.By.Codes, m.By.Levels, reference)
		for c, level := range m.By.Levels {
			if int32(c) != reference {
				r.totals = append(r.totals, m.Totals[level])
			}
		}
	}
	r.x.cross()
	for k, m := range margins {
		m.By.Codes = r.x.columns[k].codes
		r.margins = append(r.margins, m)
	}
	return r
}

// check compares the margins with the sample and with each other.
func (r *Raking) check(weights []float64) error {
	grand := math.NaN()
	for k, m := range r.margins {
		if _, err := m.sums(weights); err != nil {
			return err
		}
		sum := 0.0
		for _, level := range m.By.Levels {
			sum += m.Totals[level]
		}
		if k > 0 && math.Abs(sum-grand) > acceptable*grand {
			return fault.New(fault.Invalid, "stats.margins_differ", "margin", m.By.Name, "total", sum,
				"first", r.margins[0].By.Name, "first_total", grand)
		}
		if k == 0 {
			grand = sum
		}
	}
	return nil
}

// Apply rakes the weights of a design.
func (r *Raking) Apply(d *Design) (*Design, error) {
	if err := d.checkAuxiliary(r.x); err != nil {
		return nil, err
	}
	weights := r.x.fold(d.weights)
	if err := r.check(weights); err != nil {
		return nil, err
	}
	s := solver{x: r.x.folded(), weights: weights, sigma2: constant(len(weights), 1.0), totals: r.totals, distance: DistanceRaking}
	g, err := s.solve()
	if err != nil {
		return nil, err
	}
	return d.adjusted(g, r.x, d.weights), nil
}

func constant[T any](n int, value T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = value
	}
	return out
}

// Calibrate solves for the weights. Not converging is an error that names the
// column whose total is missed most.
func (d *Design) Calibrate(c Calibration) (*Design, error) {
	x, err := c.auxiliary(d.rows)
	if err != nil {
		return nil, err
	}
	if err := d.checkAuxiliary(x); err != nil {
		return nil, err
	}
	s := solver{x: x, weights: d.weights, sigma2: c.Variance, distance: c.Distance, lower: c.Lower, upper: c.Upper}
	if s.sigma2 == nil {
		s.sigma2 = constant(d.rows, 1.0)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.totals, err = c.totals(x.names); err != nil {
		return nil, err
	}
	if c.Cluster {
		d.clusterMeans(&s)
	}
	g, err := s.solve()
	if err != nil {
		return nil, err
	}
	fit := make([]float64, d.rows)
	for i, w := range s.weights {
		fit[i] = w / s.sigma2[i]
	}
	return d.adjusted(g, s.x, fit), nil
}

// auxiliary lays out the columns of the terms.
func (c Calibration) auxiliary(rows int) (*auxiliary, error) {
	x := &auxiliary{rows: rows}
	if c.Intercept {
		x.addNumbers(Intercept, constant(rows, 1.0))
	}
	for _, t := range c.Terms {
		if t.Numbers != nil {
			if len(t.Numbers.Values) != rows {
				return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{lengthProblem(t.Numbers.Name, len(t.Numbers.Values), rows)}}
			}
			x.addNumbers(t.Numbers.Name, t.Numbers.Values)
			continue
		}
		l := *t.Labels
		if len(l.Codes) != rows {
			return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{lengthProblem(l.Name, len(l.Codes), rows)}}
		}
		names := make([]string, len(l.Levels))
		for i, level := range l.Levels {
			names[i] = l.Name + level
		}
		reference := Missing
		if c.Intercept {
			reference = int32(slices.Index(l.Levels, slices.Min(l.Levels)))
		}
		x.addCodes(l.Name, l.Codes, names, reference)
	}
	return x, nil
}

// totals orders the known totals as the columns.
func (c Calibration) totals(names []string) ([]float64, error) {
	var problems []fault.Problem
	totals := make([]float64, len(names))
	for i, name := range names {
		total, ok := c.Totals[name]
		if !ok || math.IsNaN(total) || math.IsInf(total, 0) {
			problems = append(problems, fault.P("stats.calibrate_no_total", "column", name))
		}
		totals[i] = total
	}
	for _, name := range sortedKeys(c.Totals) {
		if !slices.Contains(names, name) {
			problems = append(problems, fault.P("stats.calibrate_no_column", "column", name))
		}
	}
	return totals, fault.Of(fault.Invalid, problems)
}

// clusterMeans replaces the auxiliary values and weights by their means in each
// PSU, so that g is the same for its rows (Lemaître and Dufour, Survey Methodology
// 13, 1987). Where weights differ within a PSU values are averaged with them.
func (d *Design) clusterMeans(s *solver) {
	unit, units := d.stages[0].unit, len(d.stages[0].stratum)
	average := func(values, weights []float64) []float64 {
		sum, size := make([]float64, units), make([]float64, units)
		for i, u := range unit {
			if s.weights[i] > 0 {
				sum[u] += weights[i] * values[i]
				size[u] += weights[i]
			}
		}
		out := make([]float64, d.rows)
		for i, u := range unit {
			if s.weights[i] > 0 {
				out[i] = sum[u] / size[u]
			}
		}
		return out
	}
	ones := constant(d.rows, 1.0)
	dense := &auxiliary{rows: d.rows}
	columns := make([][]float64, len(s.x.names))
	for j := range columns {
		columns[j] = make([]float64, d.rows)
	}
	var buf []entry
	for i, w := range s.weights {
		if w > 0 {
			for _, e := range s.x.row(int32(i), buf[:0]) {
				columns[e.column][i] = e.value
			}
		}
	}
	for j, name := range s.x.names {
		dense.addNumbers(name, average(columns[j], s.weights))
	}
	sigma2 := average(s.sigma2, ones)
	for i, w := range s.weights {
		if w == 0 {
			sigma2[i] = 1
		}
	}
	s.x, s.sigma2, s.weights = dense, sigma2, average(s.weights, ones)
}

// Trim cuts the weights to the bounds and shares what was cut off equally among
// the weights that were not. With strict this is repeated, among those never cut,
// until every weight is within the bounds. Rows of weight 0 are left alone.
func (d *Design) Trim(lower, upper float64, strict bool) (*Design, error) {
	weights := d.Weights()
	cut := make([]bool, d.rows)
	for {
		excess, free, outside := 0.0, 0, false
		for i, w := range weights {
			if w == 0 {
				continue
			}
			if bounded := min(max(w, lower), upper); bounded != w {
				excess, cut[i], weights[i], outside = excess+w-bounded, true, bounded, true
			}
			if !cut[i] {
				free++
			}
		}
		if !outside {
			return d.Reweighted(weights)
		}
		if free == 0 {
			return nil, fault.New(fault.Invalid, "stats.trim_impossible", "lower", lower, "upper", upper)
		}
		for i, w := range weights {
			if w > 0 && !cut[i] {
				weights[i] += excess / float64(free)
			}
		}
		if !strict {
			return d.Reweighted(weights)
		}
	}
}
