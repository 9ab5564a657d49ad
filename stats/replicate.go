package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// Replicates are sets of weights under which a figure is computed again; its
// variance follows from how the results differ (Wolter, Introduction to Variance
// Estimation, 2007, ch. 3 to 5):
//
//	V = Scale · Σ_r RScales[r] (θ_r - c)²
//
// around the mean of the replicates with RScales above 0, or with MSE around the
// figure itself.
type Replicates struct {
	// Unit is each row's unit, and Factors its value in each replicate, by replicate
	// and unit: a factor of the row's weight, or with Combined the weight itself.
	Unit     []int32
	Factors  [][]float64
	Combined bool
	Scale    float64
	RScales  []float64
	MSE      bool
	// made says that the replicates come from the design, whose degrees of freedom
	// are then known; otherwise they are the rank of the factors less one.
	made bool
}

// Check reports sizes that do not fit, and factors and scales that are not numbers.
func (r Replicates) Check() error {
	if len(r.Factors) < 2 {
		return fault.New(fault.Invalid, "stats.replicates_few", "replicates", len(r.Factors))
	}
	if len(r.RScales) != len(r.Factors) || !(r.Scale >= 0) || math.IsInf(r.Scale, 0) {
		return fault.New(fault.Invalid, "stats.replicate_scales", "scales", len(r.RScales), "replicates", len(r.Factors), "scale", r.Scale)
	}
	for i, s := range r.RScales {
		if !(s >= 0) || math.IsInf(s, 0) {
			return fault.New(fault.Invalid, "stats.replicate_invalid", "replicate", i+1, "value", s)
		}
		for _, f := range r.Factors[i] {
			if !(f >= 0) || math.IsInf(f, 0) {
				return fault.New(fault.Invalid, "stats.replicate_invalid", "replicate", i+1, "value", f)
			}
		}
	}
	return nil
}

// Design returns the design under the i-th replicate.
func (r Replicates) Design(d *Design, i int) (*Design, error) {
	out := *d
	return &out, out.takeWeights(r.weigh(d, i, make([]float64, d.rows)))
}

// DesignIn is Design with the weights in scratch, one a row. Calibrating it changes them
// there and keeps nothing for a variance: for values under many replicates, each of
// which lasts until its scratch is used again.
func (r Replicates) DesignIn(scratch []float64, d *Design, i int) (*Design, error) {
	out := *d
	out.scratch = true
	return &out, out.takeWeights(r.weigh(d, i, scratch))
}

// weigh fills in the weights under the i-th replicate.
func (r Replicates) weigh(d *Design, i int, weights []float64) []float64 {
	factors := r.Factors[i]
	for row, u := range r.Unit {
		weights[row] = factors[u]
		if !r.Combined {
			weights[row] *= d.weights[row]
		}
	}
	return weights
}

// fresh makes replicates over the design's PSUs, all factors 1.
func (d *Design) fresh(count int) Replicates {
	psus := len(d.stages[0].stratum)
	r := Replicates{Unit: d.stages[0].unit, Scale: 1, made: true}
	for range count {
		r.Factors = append(r.Factors, constant(psus, 1.0))
		r.RScales = append(r.RScales, 1)
	}
	return r
}

// psusByStratum lists the PSUs of each stratum of the first stage.
func (d *Design) psusByStratum() [][]int32 {
	st := d.stages[0]
	out := make([][]int32, len(st.size))
	for u, h := range st.stratum {
		out[h] = append(out[h], int32(u))
	}
	return out
}

// JackknifeReplicates leaves out one PSU at a time and gives its weight to the
// others of its stratum (JKn; JK1 in a single stratum), with the first stage's
// finite population correction. A fully enumerated stratum of one PSU, and any
// other where the lonely rule says remove or certainty, has none.
func (d *Design) JackknifeReplicates() (Replicates, error) {
	r := d.fresh(0)
	for _, psus := range d.psusByStratum() {
		n := float64(len(psus))
		if n == 1 {
			if d.stages[0].keep[psus[0]] >= census && d.lonely > LonelyCertainty {
				return r, fault.New(fault.Invalid, "stats.replicate_lonely", "rule", d.lonely.String())
			}
			continue
		}
		for _, left := range psus {
			factors := constant(len(d.stages[0].stratum), 1.0)
			for _, u := range psus {
				factors[u] = n / (n - 1)
			}
			factors[left] = 0
			r.Factors = append(r.Factors, factors)
			r.RScales = append(r.RScales, d.stages[0].keep[left]*(n-1)/n)
		}
	}
	return r, r.Check()
}

// BRRReplicates makes balanced half-samples of a design with two PSUs in every
// stratum, balanced by a row of a Hadamard matrix for each stratum, in the order of the
// strata's labels. With rho above 0 they are Fay's: the factors are 2-rho and rho. Finite
// population corrections are not used.
func (d *Design) BRRReplicates(rho float64) (Replicates, error) {
	if !(rho >= 0 && rho < 1) {
		return Replicates{}, fault.New(fault.Invalid, "stats.replicate_rho", "rho", rho)
	}
	strata := d.psusByStratum()
	balance := newHadamard(len(strata))
	r := d.fresh(balance.order)
	r.Scale = 1 / (float64(balance.order) * (1 - rho) * (1 - rho))
	for k, h := range d.strataByName() {
		psus := strata[h]
		if len(psus) != 2 {
			return r, fault.New(fault.Invalid, "stats.replicate_pairs", "psus", len(psus))
		}
		for i := range balance.order {
			chosen := balance.at(k+1, i)
			r.Factors[i][psus[chosen]] = 2 - rho
			r.Factors[i][psus[1-chosen]] = rho
		}
	}
	return r, r.Check()
}

// strataByName lists the strata of the first stage in the order of their labels.
func (d *Design) strataByName() []int {
	names := d.stages[0].names
	order := make([]int, len(names))
	for h := range order {
		order[h] = h
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(names[a], names[b]) })
	return order
}

// BootstrapReplicates draws n-1 of a stratum's n PSUs with replacement; a PSU's
// factor is n/(n-1) times how often it was drawn (Rao, Wu and Yue, Survey
// Methodology 18, 1992; R calls it subbootstrap). The same seed gives the same
// replicates. Finite population corrections are not used; a stratum of one PSU
// stays as it is.
func (d *Design) BootstrapReplicates(count int, seed uint64) (Replicates, error) {
	r := d.fresh(count)
	r.Scale = 1 / float64(count-1)
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, psus := range d.psusByStratum() {
		n := len(psus)
		if n == 1 {
			continue
		}
		step := float64(n) / float64(n-1)
		for i := range r.Factors {
			for _, u := range psus {
				r.Factors[i][u] = 0
			}
			for range n - 1 {
				r.Factors[i][psus[rng.IntN(n)]] += step
			}
		}
	}
	return r, r.Check()
}

// RescaledReplicates makes the multistage rescaled bootstrap: at each stage half of a
// stratum's units are drawn without replacement, and factors are scaled so that the
// variance of a total is that of the multistage formula with its finite
// populations (Preston, Survey Methodology 35, 2009; R calls it mrbbootstrap). The
// same seed gives the same replicates.
func (d *Design) RescaledReplicates(count int, seed uint64) (Replicates, error) {
	last := d.lastStage()
	r := Replicates{Unit: d.stages[last].unit, Scale: 1 / float64(count-1), RScales: constant(max(count, 0), 1.0), made: true}
	rng := rand.New(rand.NewPCG(seed, 1))
	for range count {
		before := rescaled{carry: []float64{1}, sum: []float64{1}}
		for _, st := range d.stages[:last+1] {
			before = st.rescale(before, rng)
		}
		r.Factors = append(r.Factors, before.sum)
	}
	return r, r.Check()
}

// rescaled is one replicate at one stage, by unit: the factor so far, and what the
// later stages of a unit are multiplied by, 0 if it was not drawn.
type rescaled struct{ carry, sum []float64 }

// rescale goes on to a stage from the one before.
func (st stage) rescale(before rescaled, rng *rand.Rand) rescaled {
	units := make([][]int32, len(st.size))
	for u, h := range st.stratum {
		units[h] = append(units[h], int32(u))
	}
	out := rescaled{carry: make([]float64, len(st.stratum)), sum: make([]float64, len(st.stratum))}
	for _, stratum := range units {
		parent := st.parent[stratum[0]]
		n, pass := len(stratum), before.carry[parent]
		for _, u := range stratum {
			out.sum[u] = before.sum[parent]
		}
		half := n / 2
		if half == 0 || pass == 0 {
			continue
		}
		for i, place := range rng.Perm(n) {
			u := stratum[place]
			lambda := math.Sqrt(st.factor[u] * float64(half) * st.keep[u] / float64(n-half))
			out.sum[u] -= pass * lambda
			if i < half {
				out.sum[u] += pass * lambda * float64(n) / float64(half)
				out.carry[u] = pass * math.Sqrt(float64(n)/float64(half))
			}
		}
	}
	return out
}

// JointReplicated completes the forms with the covariance of the replicates: values
// holds the forms' values in each replicate, by replicate and form. A replicate in
// which a figure is undefined is left out of that figure, with a warning.
func (d *Design) JointReplicated(forms []Linear, values [][]float64, r Replicates) Result {
	out := Result{Cov: r.covariance(forms, values)}
	ranks := map[string]int{}
	for j, f := range forms {
		row, warnings := d.complete(f, out.Cov.At(j, j))
		if !r.made {
			used := f.rows
			if f.base != nil {
				used = f.base
			}
			row.DF = r.df(used, ranks)
		}
		if math.IsNaN(row.SE) {
			blank(out.Cov, j)
		}
		row.logitSE = r.logitSE(row.Estimate, values, j)
		if lost := r.undefined(values, j); lost > 0 {
			warnings = append(warnings, fault.P("stats.replicates_dropped", "label", f.Label, "replicates", lost).Warn())
		}
		out.Rows = append(out.Rows, row)
		out.Warnings = append(out.Warnings, warnings...)
	}
	return out
}

// logitSE is the standard error of the logit of a share over the replicates; 0, which is
// not known, for other figures and where a replicate has no logit.
func (r Replicates) logitSE(e Estimate, values [][]float64, j int) float64 {
	if e.Unit == 0 || !(e.Value > 0 && e.Value < e.Unit) {
		return 0
	}
	logits := make([][]float64, len(values))
	for i := range values {
		p := values[i][j] / e.Unit
		if !(p > 0 && p < 1) {
			return 0
		}
		logits[i] = []float64{math.Log(p / (1 - p))}
	}
	form := Linear{Value: math.Log(e.Value / (e.Unit - e.Value))}
	return math.Sqrt(r.covariance([]Linear{form}, logits).At(0, 0))
}

func (r Replicates) undefined(values [][]float64, j int) int {
	lost := 0
	for i := range values {
		if math.IsNaN(values[i][j]) {
			lost++
		}
	}
	return lost
}

// covariance of the columns of values.
func (r Replicates) covariance(forms []Linear, values [][]float64) *mat.SymDense {
	p := len(forms)
	centre := make([]float64, p)
	for j, f := range forms {
		centre[j] = f.Value
		if !r.MSE {
			centre[j] = r.mean(values, j)
		}
	}
	cov := mat.NewSymDense(p, nil)
	for a := range p {
		for b := a; b < p; b++ {
			sum, any := 0.0, false
			for i, scale := range r.RScales {
				if product := (values[i][a] - centre[a]) * (values[i][b] - centre[b]); !math.IsNaN(product) {
					sum, any = sum+scale*product, true
				}
			}
			if !any {
				sum = math.NaN()
			}
			cov.SetSym(a, b, r.Scale*sum)
		}
	}
	return cov
}

// mean averages a column over the replicates that count.
func (r Replicates) mean(values [][]float64, j int) float64 {
	sum, n := 0.0, 0.0
	for i, scale := range r.RScales {
		if v := values[i][j]; scale > 0 && !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }
