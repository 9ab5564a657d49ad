package stats

import (
	"math"

	"hailong/fault"
)

// PPS names the variance of a single stage drawn with unequal probabilities without
// replacement, from weighted totals t of the PSUs with probabilities π.
type PPS uint8

// The variances.
const (
	// PPSNone: equal probabilities within a stratum, or with replacement.
	PPSNone PPS = iota
	// PPSBrewer scales each PSU's distance from the mean by 1-π; for later stages too
	// (Brewer and Donadio, Survey Methodology 29, 2003).
	PPSBrewer
	// PPSHartleyRao is the Horvitz-Thompson form with the joint probabilities of
	// Hartley and Rao (Annals of Mathematical Statistics 33, 1962) for systematic
	// sampling in random order: 1-π_iπ_j/π_ij ≈ 1 - (n-π_i-π_j+π̄)/(n-1), with the
	// sample's mean π̄ for Σπ²/n.
	PPSHartleyRao
	// PPSHorvitzThompson is ΣΣ (1-π_iπ_j/π_ij) t_i t_j (Horvitz and Thompson, Journal
	// of the American Statistical Association 47, 1952).
	PPSHorvitzThompson
	// PPSYatesGrundy is -½ ΣΣ (1-π_iπ_j/π_ij) (t_i-t_j)², for samples of fixed size (Yates
	// and Grundy, Journal of the Royal Statistical Society B 15, 1953).
	PPSYatesGrundy
)

var ppsNames = [...]string{"", "brewer", "hartley_rao", "ht", "yg"}

// ParsePPS reads a variance's name.
func ParsePPS(name string) (PPS, error) {
	for i, n := range ppsNames {
		if n == name {
			return PPS(i), nil
		}
	}
	return PPSNone, fault.New(fault.Invalid, "stats.pps_unknown", "method", name)
}

// NeedsJoint reports whether the variance needs joint probabilities.
func (p PPS) NeedsJoint() bool { return p == PPSHorvitzThompson || p == PPSYatesGrundy }

// singleStage reports whether the variance is defined for one stage only.
func (p PPS) singleStage() bool { return p >= PPSHartleyRao }

// JointProbability is the probability that the PSUs of two rows (from 0) were both
// drawn.
type JointProbability struct {
	I, J int
	P    float64
}

// checkPPS refuses what the variance cannot use.
func (s DesignSpec) checkPPS() []fault.Problem {
	var problems []fault.Problem
	if s.PPS != PPSNone && len(s.FPC) == 0 {
		problems = append(problems, fault.P("stats.pps_without_fpc"))
	}
	if s.PPS.singleStage() && len(s.IDs) > 1 {
		problems = append(problems, fault.P("stats.pps_stages", "method", ppsNames[s.PPS], "stages", len(s.IDs)))
	}
	if s.PPS.NeedsJoint() != (len(s.Joint) > 0) {
		problems = append(problems, fault.P("stats.pps_joint", "method", ppsNames[s.PPS]))
	}
	return problems
}

// jointChecks turns joint probabilities into 1-π_iπ_j/π_ij of the PSUs. Every pair
// must be given, in either order.
func (d *Design) jointChecks(joint []JointProbability) error {
	st := d.stages[0]
	n := len(st.stratum)
	d.joint = newBlock(n, n)
	first := make([]int, n)
	for row := d.rows - 1; row >= 0; row-- {
		first[st.unit[row]] = row
	}
	for i := range d.joint.x {
		d.joint.x[i] = math.NaN()
	}
	for i, pi := range st.fraction {
		d.joint.row(i)[i] = 1 - pi
	}
	for _, p := range joint {
		i, j := st.unit[p.I], st.unit[p.J]
		if i == j {
			continue
		}
		if !(p.P > 0 && p.P <= min(st.fraction[i], st.fraction[j])) {
			return fault.New(fault.Invalid, "stats.joint_invalid", "value", p.P, "first", p.I+1, "second", p.J+1)
		}
		check := 1 - st.fraction[i]*st.fraction[j]/p.P
		d.joint.row(int(i))[j], d.joint.row(int(j))[i] = check, check
	}
	for i := range n {
		for j := range n {
			if math.IsNaN(d.joint.row(i)[j]) {
				return fault.New(fault.Invalid, "stats.joint_missing", "first", first[i]+1, "second", first[j]+1)
			}
		}
	}
	return nil
}

// ppsCovariance adds the covariance of a single stage with unequal probabilities.
func (d *Design) ppsCovariance(rows []int32, x, sum block) {
	st := d.stages[0]
	t := d.touch(st, rows, x)
	if d.pps == PPSHartleyRao {
		for from := 0; from < len(t.unit); {
			to := from + 1
			for to < len(t.unit) && st.stratum[t.unit[to]] == st.stratum[t.unit[from]] {
				to++
			}
			d.hartleyRao(t, span{from, to}, sum)
			from = to
		}
		return
	}
	for i, u := range t.unit {
		for j, v := range t.unit {
			addOuter(sum, t.total.row(i), t.total.row(j), d.joint.row(int(u))[v])
		}
	}
	if d.pps == PPSYatesGrundy {
		for i, u := range t.unit {
			all := 0.0
			for _, check := range d.joint.row(int(u)) {
				all += check
			}
			addProducts(sum, t.total.row(i), -all)
		}
	}
}

// hartleyRao adds one stratum. The sum over pairs is that of a+b(π_i+π_j), which
// needs only the sums of t and π·t.
func (d *Design) hartleyRao(t touched, in span, sum block) {
	st := d.stages[0]
	h := st.stratum[t.unit[in.from]]
	n := float64(st.size[h])
	a, b := 0.0, 0.0
	if n > 1 {
		mean := (n - st.kept[h]) / n // of π over the stratum's PSUs
		a, b = 1-(n+mean)/(n-1), 1/(n-1)
	}
	total, weighted := make([]float64, sum.p), make([]float64, sum.p)
	for i := in.from; i < in.to; i++ {
		pi, x := st.fraction[t.unit[i]], t.total.row(i)
		for k, v := range x {
			total[k] += v
			weighted[k] += pi * v
		}
		addProducts(sum, x, 1-pi-a-2*b*pi)
	}
	addProducts(sum, total, a)
	addOuter(sum, weighted, total, b)
	addOuter(sum, total, weighted, b)
}

// addOuter adds c·u·vᵀ to the upper triangle.
func addOuter(dst block, u, v []float64, c float64) {
	for a, ua := range u {
		row := dst.row(a)
		for b := a; b < len(v); b++ {
			row[b] += c * ua * v[b]
		}
	}
}
