package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// auxiliary is a design matrix kept by rows of few non-zero entries: numeric
// columns and dummies of categories.
type auxiliary struct {
	names   []string
	columns []auxiliaryColumn
	rows    int
}

// auxiliaryColumn is one term: numbers in one column, or codes whose dummies start
// at offset, without that of the reference level (-1 if there is none).
type auxiliaryColumn struct {
	name      string
	offset    int
	values    []float64 // nil for codes
	codes     []int32
	reference int32
}

func (a *auxiliary) addNumbers(name string, values []float64) {
	a.columns = append(a.columns, auxiliaryColumn{name: name, offset: len(a.names), values: values})
	a.names = append(a.names, name)
}

// addCodes adds dummies for all levels, or for all but the reference.
func (a *auxiliary) addCodes(name string, codes []int32, levels []string, reference int32) {
	a.columns = append(a.columns, auxiliaryColumn{name: name, offset: len(a.names), codes: codes, reference: reference})
	for c, l := range levels {
		if int32(c) != reference {
			a.names = append(a.names, l)
		}
	}
}

// entry is a non-zero of a row.
type entry struct {
	column int
	value  float64
}

// row appends the non-zeros of a row to buf.
func (a *auxiliary) row(i int32, buf []entry) []entry {
	for _, c := range a.columns {
		if c.values != nil {
			buf = append(buf, entry{c.offset, c.values[i]})
			continue
		}
		code := c.codes[i]
		switch {
		case c.reference >= 0 && code > c.reference:
			buf = append(buf, entry{c.offset + int(code) - 1, 1})
		case code != c.reference:
			buf = append(buf, entry{c.offset + int(code), 1})
		}
	}
	return buf
}

// check refuses missing values in rows that count.
func (a *auxiliary) check(weights []float64) error {
	for _, c := range a.columns {
		for i, w := range weights {
			if w == 0 {
				continue
			}
			if (c.values != nil && math.IsNaN(c.values[i])) || (c.values == nil && c.codes[i] == Missing) {
				return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
					fault.P("stats.auxiliary_missing").AtRow(i+1, c.name)}}
			}
		}
	}
	return nil
}

// regression is a weighted least-squares fit on auxiliary columns, made once and
// applied to many left-hand sides.
type regression struct {
	x       *auxiliary
	weights []float64 // of each row; 0 leaves it out
	inverse *mat.Dense
}

func newRegression(x *auxiliary, weights []float64) regression {
	r := regression{x: x, weights: weights}
	r.inverse = pseudoInverse(x.crossproduct(weights))
	return r
}

// crossproduct is Σ w·x·xᵀ.
func (a *auxiliary) crossproduct(weights []float64) *mat.SymDense {
	p := len(a.names)
	sum := newBlock(p, p)
	var buf []entry
	for i, w := range weights {
		if w == 0 {
			continue
		}
		buf = a.row(int32(i), buf[:0])
		for _, u := range buf {
			row := sum.row(u.column)
			for _, v := range buf {
				row[v.column] += w * u.value * v.value
			}
		}
	}
	t := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			t.SetSym(i, j, sum.x[i*p+j])
		}
	}
	return t
}

// total is Σ w·y·x over the rows of positive weight.
func (a *auxiliary) total(weights, y []float64) []float64 {
	sum := make([]float64, len(a.names))
	var buf []entry
	for i, w := range weights {
		if w == 0 {
			continue
		}
		buf = a.row(int32(i), buf[:0])
		for _, u := range buf {
			sum[u.column] += w * y[i] * u.value
		}
	}
	return sum
}

// predict is x·β for every row of positive weight, 0 elsewhere.
func (a *auxiliary) predict(weights, beta []float64) []float64 {
	out := make([]float64, a.rows)
	var buf []entry
	for i, w := range weights {
		if w == 0 {
			continue
		}
		buf = a.row(int32(i), buf[:0])
		for _, u := range buf {
			out[i] += u.value * beta[u.column]
		}
	}
	return out
}

// residual returns y - x·β of the fit of y; rows of weight 0 keep their y.
func (r regression) residual(y []float64) []float64 {
	beta := multiply(r.inverse, r.x.total(r.weights, y))
	out := r.x.predict(r.weights, beta)
	for i := range out {
		out[i] = y[i] - out[i]
	}
	return out
}

func multiply(m *mat.Dense, v []float64) []float64 {
	out := mat.NewVecDense(len(v), nil)
	out.MulVec(m, mat.NewVecDense(len(v), v))
	return out.RawVector().Data
}

// pseudoInverse inverts a symmetric positive semidefinite matrix. Columns are
// first scaled to a unit diagonal, so that what counts as singular does not
// depend on their units; directions of no extent are left out.
func pseudoInverse(t *mat.SymDense) *mat.Dense {
	p := t.SymmetricDim()
	scale := make([]float64, p)
	scaled := mat.NewSymDense(p, nil)
	for i := range p {
		if v := t.At(i, i); v > 0 {
			scale[i] = 1 / math.Sqrt(v)
		}
	}
	for i := range p {
		for j := i; j < p; j++ {
			scaled.SetSym(i, j, t.At(i, j)*scale[i]*scale[j])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(scaled, true) {
		return mat.NewDense(p, p, nil)
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	out := mat.NewDense(p, p, nil)
	const tolerance = 1e-11
	for i := range p {
		for j := range p {
			sum := 0.0
			for k, lambda := range values {
				if lambda > tolerance*values[p-1] {
					sum += vectors.At(i, k) * vectors.At(j, k) / lambda
				}
			}
			out.Set(i, j, sum*scale[i]*scale[j])
		}
	}
	return out
}
