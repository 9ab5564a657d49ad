package stats

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// block holds p values for each of some rows or units, row-major.
type block struct {
	p int
	x []float64
}

func newBlock(rows, p int) block { return block{p: p, x: make([]float64, rows*p)} }

func (b block) row(i int) []float64 { return b.x[i*b.p : (i+1)*b.p] }

// general is the part of the block that begins at a row, for products.
func (b block) general(from, rows, columns int) blas64.General {
	return blas64.General{Rows: rows, Cols: columns, Stride: b.p, Data: b.x[from*b.p : (from+rows)*b.p]}
}

// covariance estimates the covariance of the p totals of x, whose rows are the
// given rows of the design in its order; rows not given are 0. The values are
// weighted linearised values w·z. Units not touched count with total 0.
//
// It is the multistage estimator of Särndal, Swensson and Wretman (1992), result
// 4.3.1 applied at every stage:
//
//	V = Σ_stages Σ_strata F (1-f) n/(n-1) Σ_units (t_u - t̄)(t_u - t̄)ᵀ
//
// where F is the product of the sampling fractions of the units that contain the
// stratum. Without finite populations F is 0 after the first stage. An entry is
// NaN if the lonely-PSU rule leaves no stratum to estimate from.
func (d *Design) covariance(rows []int32, x block) *mat.SymDense {
	sum := newBlock(x.p, x.p)
	if d.pps.singleStage() {
		d.ppsCovariance(rows, x, sum)
	} else {
		for s := range d.lastStage() + 1 {
			d.stageCovariance(s, rows, x, sum)
		}
	}
	return mat.NewSymDense(x.p, sum.x) // which is the upper triangle
}

// withReplacement reports whether no unit of the first stage has a fraction, so
// that later stages do not enter the variance.
func (d *Design) withReplacement() bool {
	for _, f := range d.stages[0].fraction {
		if f != 0 {
			return false
		}
	}
	return true
}

// touched are the units of one stage that hold given rows, in the design's order,
// with their totals.
type touched struct {
	st    stage
	unit  []int32
	total block
	grand []float64 // mean total of all units of the stage, for LonelyAdjust
}

func (d *Design) touch(st stage, rows []int32, x block) touched {
	t := touched{st: st, unit: make([]int32, 0, len(rows)), total: block{p: x.p, x: make([]float64, 0, len(x.x))}, grand: make([]float64, x.p)}
	for i, row := range rows {
		u := st.unit[row]
		if last := len(t.unit) - 1; last < 0 || t.unit[last] != u {
			t.unit = append(t.unit, u)
			t.total.x = append(t.total.x, x.row(i)...)
			continue
		}
		addTo(t.total.row(len(t.unit)-1), x.row(i))
	}
	for i := range t.unit {
		addTo(t.grand, t.total.row(i))
	}
	for a := range t.grand {
		t.grand[a] /= float64(st.drawn)
	}
	return t
}

func addTo(dst, x []float64) {
	for a, v := range x {
		dst[a] += v
	}
}

// stageCovariance adds one stage's part, parent unit by parent unit. Under
// LonelyAverage a parent's strata that can be estimated stand for all of them.
func (d *Design) stageCovariance(s int, rows []int32, x, sum block) {
	st := d.stages[s]
	t := d.touch(st, rows, x)
	part := sum
	if d.lonely == LonelyAverage {
		part = newBlock(x.p, x.p)
	}
	for from := 0; from < len(t.unit); {
		parent, strata, estimable := st.parent[t.unit[from]], 0, 0
		for from < len(t.unit) && st.parent[t.unit[from]] == parent {
			to := from + 1
			for to < len(t.unit) && st.stratum[t.unit[to]] == st.stratum[t.unit[from]] {
				to++
			}
			strata++
			if d.stratumCovariance(t, span{from, to}, part) {
				estimable++
			}
			from = to
		}
		if d.lonely != LonelyAverage {
			continue // all strata were estimable, and are in the sum
		}
		scale := float64(strata) / float64(estimable)
		if estimable == 0 {
			scale = math.NaN()
		}
		for i, v := range part.x {
			sum.x[i] += scale * v
		}
		clear(part.x)
	}
}

// span is a run of touched units: those of one stratum.
type span struct{ from, to int }

// stratumCovariance adds one stratum's part, or returns false if the rule for
// lonely PSUs leaves it to the other strata.
func (d *Design) stratumCovariance(t touched, in span, part block) bool {
	first := t.unit[in.from]
	drawn, present := t.st.size[t.st.stratum[first]], in.to-in.from
	lonely := drawn == 1 || (d.domains && present == 1)
	if drawn == 1 && (t.st.keep[first] < census || d.lonely < LonelyAdjust) {
		return true
	}
	if lonely && d.lonely == LonelyAverage {
		return false
	}
	centre := t.grand
	if !lonely || d.lonely != LonelyAdjust {
		centre = make([]float64, part.p)
		for i := in.from; i < in.to; i++ {
			addTo(centre, t.total.row(i))
		}
		for a := range centre {
			centre[a] /= float64(drawn)
		}
	}
	t.addSquares(in, centre, part)
	return true
}

// addSquares adds the scaled squares and products of the units' distances from
// the centre; the stratum's untouched units lie at -centre.
func (t touched) addSquares(in span, centre []float64, part block) {
	h := t.st.stratum[t.unit[in.from]]
	scale := 1.0
	if n := float64(t.st.size[h]); n > 1 {
		scale = n / (n - 1)
	}
	rest := t.st.kept[h]
	dist := make([]float64, part.p)
	for i := in.from; i < in.to; i++ {
		u := t.unit[i]
		for a, v := range t.total.row(i) {
			dist[a] = v - centre[a]
		}
		addProducts(part, dist, scale*t.st.factor[u]*t.st.keep[u])
		rest -= t.st.keep[u]
	}
	if in.to-in.from < t.st.size[h] {
		addProducts(part, centre, scale*t.st.factor[t.unit[in.from]]*rest)
	}
}

// addProducts adds c·v·vᵀ to the upper triangle.
func addProducts(dst block, v []float64, c float64) {
	for a, va := range v {
		if va *= c; va == 0 {
			continue
		}
		row := dst.row(a)
		for b := a; b < len(v); b++ {
			row[b] += va * v[b]
		}
	}
}
