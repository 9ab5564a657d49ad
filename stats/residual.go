package stats

import (
	"sync"

	"gonum.org/v1/gonum/mat"
)

// adjustment is what a calibration leaves for the variance: linearised values are
// replaced by the residuals of their regression on the columns calibrated to,
// fitted with the weights before (over the working variance), and multiplied by
// the weights after.
type adjustment struct {
	x     *auxiliary
	fit   []float64 // weights of the regression
	after []float64
}

// residualTotals gives the totals of residuals over the sampling units. The residuals
// of a form are not 0 outside its own rows, but there they are fixed columns times its
// few coefficients, so that a form costs its own rows and the units, not all rows:
//
//	Σ_unit after_K·e_K = Σ_unit w·z - Σ_k (Σ_unit after_k·x_k) β_k
//	β_k = (X_kᵀ F_k X_k)⁻¹ (Σ f_k/after_k·w·z·x_k - Σ_{l<k} (Σ f_k/after_k·after_l·x_k·x_lᵀ) β_l)
//
// for the calibrations k in their order, with regression weights f_k.
type residualTotals struct {
	once  sync.Once
	rows  []int32 // one of each unit with people, in the design's order
	place []int32 // of each row of the design: the place of its unit in rows
	steps []residualStep
}

// residualStep is what one calibration contributes.
type residualStep struct {
	x       *auxiliary
	scale   []float64 // f/after of each row
	inverse *mat.Dense
	carry   []block // for each step before: columns of this step by columns of that
	totals  block   // of each unit: Σ after·x
}

// residuals prepares the totals when a variance first asks for them: a replicate never
// does.
func (d *Design) residuals() *residualTotals {
	t := d.residual
	t.once.Do(func() {
		unit := d.stages[d.lastStage()].unit
		t.place = constant(d.rows, Missing)
		all := d.All().rows
		for _, row := range all {
			if n := len(t.rows); n == 0 || unit[t.rows[n-1]] != unit[row] {
				t.rows = append(t.rows, row)
			}
			t.place[row] = int32(len(t.rows) - 1)
		}
		for k := range d.adjustments {
			t.steps = append(t.steps, t.step(d, k, all))
		}
	})
	return t
}

// step prepares the k-th calibration.
func (t *residualTotals) step(d *Design, k int, rows []int32) residualStep {
	a := d.adjustments[k]
	s := residualStep{x: a.x, scale: make([]float64, d.rows), inverse: pseudoInverse(a.x.crossproduct(a.fit))}
	for i, after := range a.after {
		if after != 0 {
			s.scale[i] = a.fit[i] / after
		}
	}
	s.totals = newBlock(len(t.rows), len(a.x.names))
	var own, other []entry
	for _, row := range rows {
		if a.fit[row] == 0 {
			continue
		}
		own = a.x.row(row, own[:0])
		into := s.totals.row(int(t.place[row]))
		for _, e := range own {
			into[e.column] += a.after[row] * e.value
		}
	}
	for l := range k {
		before := d.adjustments[l]
		carry := newBlock(len(a.x.names), len(before.x.names))
		for i, scale := range s.scale {
			if scale == 0 || before.fit[i] == 0 {
				continue
			}
			own, other = a.x.row(int32(i), own[:0]), before.x.row(int32(i), other[:0])
			for _, e := range own {
				for _, o := range other {
					carry.row(e.column)[o.column] += scale * before.after[i] * e.value * o.value
				}
			}
		}
		s.carry = append(s.carry, carry)
	}
	return s
}

// of adds the totals of a form's residuals to column j of x.
func (t *residualTotals) of(weights []float64, f Linear, j int, x block) {
	sums := make([][]float64, len(t.steps))
	for k, s := range t.steps {
		sums[k] = make([]float64, len(s.x.names))
	}
	var buf []entry
	for i, row := range f.rows {
		value := weights[row] * f.z[i]
		x.row(int(t.place[row]))[j] += value
		for k, s := range t.steps {
			if s.scale[row] == 0 {
				continue
			}
			buf = s.x.row(row, buf[:0])
			for _, e := range buf {
				sums[k][e.column] += s.scale[row] * value * e.value
			}
		}
	}
	var betas [][]float64
	for k, s := range t.steps {
		for l, beta := range betas {
			for c := range sums[k] {
				sums[k][c] -= dot(s.carry[l].row(c), beta)
			}
		}
		beta := multiply(s.inverse, sums[k])
		betas = append(betas, beta)
		for unit := range t.rows {
			x.row(unit)[j] -= dot(s.totals.row(unit), beta)
		}
	}
}
