package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// Estimate is one figure with what is needed to judge it. What cannot be
// estimated is NaN.
type Estimate struct {
	Value      float64
	SE         float64 // standard error, by linearisation
	DF         int     // PSUs minus strata in the domain; of what combines several, among the rows used
	N          int     // rows used: in the domain, with a value and a weight other than 0
	SumWeights float64 // sum of their weights
	// Deff compares the variance with that of a simple random sample of N drawn
	// without replacement from SumWeights people (NaN if that is not above N);
	// DeffWR with one drawn with replacement.
	Deff, DeffWR float64
	// Unit is 1 for shares between 0 and 1, 100 for percentages, and 0 for
	// figures that are not shares, which have no share intervals.
	Unit float64
	// logitSE is the standard error of a share's logit where replicates tell it; 0 otherwise.
	logitSE float64
}

// Level tells what an estimate is a figure of.
type Level string

// The levels of an index; the zero Level is any other figure.
const (
	LevelItem    Level = "item"
	LevelGroup   Level = "group"
	LevelPart    Level = "part"
	LevelOverall Level = "overall"
)

// Row is an estimate with its name.
type Row struct {
	Label string
	Level Level
	Estimate
}

// Linear is the linearised form of an estimator: near its expectation it behaves
// like the weighted total of one value a row. Its rows belong to the design that
// made it.
type Linear struct {
	Label string
	Level Level
	Value float64
	Unit  float64   // as in Estimate
	rows  []int32   // rows used, in the design's order
	base  []int32   // rows of the domain, whose PSUs and strata give the degrees of freedom; nil: the rows used
	z     []float64 // of each: linearised value, not weighted
	// people are those of the rows, where rows are cells; nil where they are the people.
	people *people
	// again computes the value under other weights: with those of other forms, among
	// which its place is given. Nil where only the estimator can.
	again interface {
		values(weights [][]float64) [][]float64
	}
	place int
	// unsettled: the value rests on a form that has no variance.
	unsettled bool
}

// Result is a set of estimates with their covariance.
type Result struct {
	Rows     []Row
	Cov      *mat.SymDense // of the rows, in their order; NaN where a standard error is. Nil from Each.
	Warnings []fault.Problem
}

// Estimate completes a form with its standard error, degrees of freedom and
// design effects. Warnings say why a figure is NaN.
func (d *Design) Estimate(f Linear) (Estimate, []fault.Problem) {
	r := d.Joint([]Linear{f})
	return r.Rows[0].Estimate, r.Warnings
}

// Joint completes several forms and estimates their covariance. It holds one value
// for each form and unit of the last stage that enters the variance.
func (d *Design) Joint(forms []Linear) Result {
	r := Result{Cov: d.jointCovariance(forms), Rows: make([]Row, 0, len(forms))}
	for j, f := range forms {
		row, warnings := d.complete(f, r.Cov.At(j, j))
		if math.IsNaN(row.SE) {
			blank(r.Cov, j)
		}
		r.Rows = append(r.Rows, row)
		r.Warnings = append(r.Warnings, warnings...)
	}
	return r
}

// jointCovariance estimates the forms' covariance. Where the lonely-PSU rule depends on
// which strata a domain reaches, the forms of a domain are estimated by themselves, so
// that a figure does not change with the others that are asked for.
func (d *Design) jointCovariance(forms []Linear) *mat.SymDense {
	rows, x := d.unitTotals(forms)
	cov := d.covariance(rows, x)
	if !d.dependsOnDomain() || len(d.adjustments) > 0 {
		return cov
	}
	done := make([]bool, len(forms))
	for j := range forms {
		if done[j] {
			continue
		}
		var at []int
		var same []Linear
		for k := j; k < len(forms); k++ {
			if !done[k] && slices.Equal(forms[k].rows, forms[j].rows) {
				at, same, done[k] = append(at, k), append(same, forms[k]), true
			}
		}
		own := d.covariance(d.unitTotals(same))
		for a, i := range at {
			for b, k := range at[:a+1] {
				cov.SetSym(i, k, own.At(a, b))
			}
		}
	}
	return cov
}

// dependsOnDomain reports whether a stratum's part of the variance depends on where else
// the rows used lie.
func (d *Design) dependsOnDomain() bool {
	return d.lonely == LonelyAverage || d.domains && d.lonely == LonelyAdjust
}

// Each completes forms one by one, without the covariance between them: the
// memory is that of one form.
func (d *Design) Each(forms []Linear) Result {
	r := Result{}
	for _, f := range forms {
		e, warnings := d.Estimate(f)
		r.Rows = append(r.Rows, Row{f.Label, f.Level, e})
		r.Warnings = append(r.Warnings, warnings...)
	}
	return r
}

// blank sets a row and column of the covariance to NaN.
func blank(cov *mat.SymDense, j int) {
	for i := 0; i < cov.SymmetricDim(); i++ {
		cov.SetSym(i, j, math.NaN())
	}
}

// complete turns a form and its variance into an estimate.
func (d *Design) complete(f Linear, variance float64) (Row, []fault.Problem) {
	g := figure{Row: Row{Label: f.Label, Level: f.Level}, variance: variance, unsettled: f.unsettled}
	g.Value, g.Unit = f.Value, f.Unit
	p := f.people
	if p == nil {
		p = d.rowPeople(f)
	}
	g.N, g.SumWeights, g.spread = p.n, p.w, p.spread
	g.psus, g.strata = d.present(f.rows)
	g.df = g.psus - g.strata
	if f.base != nil {
		psus, strata := d.present(f.base)
		g.df = psus - strata
	}
	return g.complete()
}

// figure is a value with what its estimate is completed from.
type figure struct {
	Row
	variance     float64
	spread       float64 // S² of the linearised values; NaN if not known
	psus, strata int     // present among the rows used
	df           int     // PSUs minus strata
	unsettled    bool    // the value rests on one that has no variance
}

// complete fills in standard error, degrees of freedom and design effects, or says
// in a warning why they are undefined.
func (f figure) complete() (Row, []fault.Problem) {
	f.SE, f.Deff, f.DeffWR, f.DF = math.NaN(), math.NaN(), math.NaN(), f.df
	switch {
	case math.IsNaN(f.Value):
		return f.Row, []fault.Problem{fault.P("stats.no_value", "label", f.Label).Warn()}
	case f.psus < 2 || f.unsettled:
		return f.Row, []fault.Problem{fault.P("stats.too_few_psus", "label", f.Label, "psus", f.psus).Warn()}
	case math.IsNaN(f.variance):
		return f.Row, []fault.Problem{fault.P("stats.no_stratum_left", "label", f.Label).Warn()}
	case f.variance < -f.noise():
		return f.Row, []fault.Problem{fault.P("stats.variance_negative", "label", f.Label).Warn()}
	}
	f.variance = max(f.variance, 0)
	f.SE = math.Sqrt(f.variance)
	f.designEffects()
	switch {
	case f.DF < 1:
		return f.Row, []fault.Problem{fault.P("stats.no_degrees_of_freedom", "label", f.Label, "psus", f.psus).Warn()}
	case f.Unit != 0 && (f.Value == 0 || f.Value == f.Unit):
		return f.Row, []fault.Problem{fault.P("stats.share_at_bound", "label", f.Label).Warn()}
	}
	return f.Row, nil
}

// noise is how far below 0 rounding alone may put a variance that is 0. The forms with joint
// probabilities go further below where they have no estimate to give.
func (f *figure) noise() float64 {
	const rounding = 1e-12
	scale := f.Value * f.Value
	if v := f.withReplacement(); v > scale {
		scale = v
	}
	return rounding * scale
}

// withReplacement is the variance of the total of N simple random draws with spread S²
// with replacement: W²S²/n.
func (f *figure) withReplacement() float64 {
	return f.SumWeights * f.SumWeights * f.spread / float64(f.N)
}

// designEffects divides the variance by that of the total of N simple random
// draws with spread S²: W²S²/n, and W²S²/n·(1-n/W) without replacement.
func (f *figure) designEffects() {
	n, w := float64(f.N), f.SumWeights
	srs := f.withReplacement()
	if !(srs > 0) {
		return
	}
	f.DeffWR = f.variance / srs
	if w > n {
		f.Deff = f.DeffWR / (1 - n/w)
	}
}

// present counts the PSUs and the strata that hold the given rows.
func (d *Design) present(rows []int32) (psus, strata int) {
	st := d.stages[0]
	unit, stratum := Missing, Missing
	for _, row := range rows {
		if u := st.unit[row]; u != unit {
			unit = u
			psus++
			if h := st.stratum[u]; h != stratum {
				stratum = h
				strata++
			}
		}
	}
	return psus, strata
}

// extent is the range of places in the design's order that the forms' rows span:
// what is done form by form costs that much, not the size of the sample.
func (d *Design) extent(forms []Linear) (from, to int32) {
	from = int32(d.rows)
	for _, f := range forms {
		if n := len(f.rows); n > 0 {
			from, to = min(from, d.rank[f.rows[0]]), max(to, d.rank[f.rows[n-1]]+1)
		}
	}
	return min(from, to), to
}

// union merges the rows of all forms, in the design's order.
func (d *Design) union(forms []Linear) []int32 {
	if sameRows(forms) {
		return forms[0].rows
	}
	from, to := d.extent(forms)
	used := make([]bool, to-from)
	count := 0
	for _, f := range forms {
		for _, row := range f.rows {
			if at := d.rank[row] - from; !used[at] {
				used[at] = true
				count++
			}
		}
	}
	rows := make([]int32, 0, count)
	for at, in := range used {
		if in {
			rows = append(rows, d.order[from+int32(at)])
		}
	}
	return rows
}

// sameRows reports whether the forms share one slice of rows: those of a domain in which
// nothing is missing.
func sameRows(forms []Linear) bool {
	for _, f := range forms {
		if len(f.rows) != len(forms[0].rows) || len(f.rows) > 0 && &f.rows[0] != &forms[0].rows[0] {
			return false
		}
	}
	return len(forms) > 0
}

// unitTotals sums the weighted values of the forms over the units of the last stage
// that enters the variance. Each unit is represented by one of its rows.
func (d *Design) unitTotals(forms []Linear) (rows []int32, x block) {
	if len(d.adjustments) > 0 {
		t := d.residuals()
		x = newBlock(len(t.rows), len(forms))
		for j, f := range forms {
			t.of(d.weights, f, j, x)
		}
		return t.rows, x
	}
	last := d.stages[d.lastStage()]
	all := d.union(forms)
	from, to := d.extent([]Linear{{rows: all}})
	place := make([]int32, to-from) // of each used row, by rank: its unit's place in rows
	for _, row := range all {
		if n := len(rows); n == 0 || last.unit[rows[n-1]] != last.unit[row] {
			rows = append(rows, row)
		}
		place[d.rank[row]-from] = int32(len(rows) - 1)
	}
	x = newBlock(len(rows), len(forms))
	for j, f := range forms {
		for i, row := range f.rows {
			x.x[int(place[d.rank[row]-from])*x.p+j] += d.weights[row] * f.z[i]
		}
	}
	return rows, x
}

// lastStage is the last that enters the variance.
func (d *Design) lastStage() int {
	if d.withReplacement() {
		return 0
	}
	return len(d.stages) - 1
}
