package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// auxiliary is a design matrix kept by rows of few non-zero entries: numeric
// columns and dummies of categories.
type auxiliary struct {
	names   []string
	columns []auxiliaryColumn
	rows    int
	// kind is the place in the columns of each row, where they hold one row of each
	// kind; nil: a row's own.
	kind     []int32
	complete bool // no kind lacks a category
}

// cross keeps one row of each kind, if all columns are categories. What is done for
// every kind of row instead of every row is then nearly free.
func (a *auxiliary) cross() {
	kind, first := make([]int32, a.rows), make([]int, min(a.rows, 1))
	for _, c := range a.columns {
		if c.codes == nil {
			return
		}
		kind, first = nestedCodes(kind, c.codes)
	}
	for j, c := range a.columns {
		codes := make([]int32, len(first))
		for k, row := range first {
			codes[k] = c.codes[row]
		}
		a.columns[j].codes = codes
	}
	a.kind, a.complete = kind, true
	for _, c := range a.columns {
		a.complete = a.complete && !slices.Contains(c.codes, Missing)
	}
}

// kinds is the number of rows that the columns have.
func (a *auxiliary) kinds() int {
	if a.kind == nil || len(a.columns) == 0 {
		return a.rows
	}
	return len(a.columns[0].codes)
}

// folded is the matrix of one row of each kind.
func (a *auxiliary) folded() *auxiliary {
	out := *a
	out.rows, out.kind = a.kinds(), nil
	return &out
}

// fold adds up values of rows by their kind.
func (a *auxiliary) fold(values []float64) []float64 {
	if a.kind == nil {
		return values
	}
	sum := make([]float64, a.kinds())
	for i, k := range a.kind {
		sum[k] += values[i]
	}
	return sum
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
	if a.kind != nil {
		i = a.kind[i]
	}
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
	if a.complete {
		return nil
	}
	for _, c := range a.columns {
		for i, w := range weights {
			if w == 0 {
				continue
			}
			at := int32(i)
			if a.kind != nil {
				at = a.kind[i]
			}
			if (c.values != nil && math.IsNaN(c.values[at])) || (c.values == nil && c.codes[at] == Missing) {
				return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
					fault.P("stats.auxiliary_missing").AtRow(i+1, c.name)}}
			}
		}
	}
	return nil
}

// crossproduct is Σ w·x·xᵀ.
func (a *auxiliary) crossproduct(weights []float64) *mat.SymDense {
	if a.kind != nil {
		return a.folded().crossproduct(a.fold(weights))
	}
	p := len(a.names)
	sum := newBlock(p, p)
	buf := make([]entry, 0, len(a.columns))
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

// total makes sum Σ w·y·x over the rows of positive weight.
func (a *auxiliary) total(sum, weights, y []float64) {
	clear(sum)
	buf := make([]entry, 0, len(a.columns))
	for i, w := range weights {
		if w == 0 {
			continue
		}
		buf = a.row(int32(i), buf[:0])
		for _, u := range buf {
			sum[u.column] += w * y[i] * u.value
		}
	}
}

// predict makes out x·β for every row of positive weight, 0 elsewhere.
func (a *auxiliary) predict(out, weights, beta []float64) {
	clear(out)
	buf := make([]entry, 0, len(a.columns))
	for i, w := range weights {
		if w == 0 {
			continue
		}
		buf = a.row(int32(i), buf[:0])
		for _, u := range buf {
			out[i] += u.value * beta[u.column]
		}
	}
}

func multiply(m *mat.Dense, v []float64) []float64 {
	out := mat.NewVecDense(len(v), nil)
	out.MulVec(m, mat.NewVecDense(len(v), v))
	return out.RawVector().Data
}

// unitDiagonal scales a symmetric matrix to a diagonal of ones, so that what counts as
// singular does not depend on the units of its columns; scale is 0 where it has none.
func unitDiagonal(t *mat.SymDense) (scaled *mat.SymDense, scale []float64) {
	p := t.SymmetricDim()
	scale, scaled = make([]float64, p), mat.NewSymDense(p, nil)
	from, into := t.RawSymmetric(), scaled.RawSymmetric()
	for i := range p {
		if v := from.Data[i*from.Stride+i]; v > 0 {
			scale[i] = 1 / math.Sqrt(v)
		}
	}
	for i := range p {
		for j := i; j < p; j++ {
			into.Data[i*into.Stride+j] = from.Data[i*from.Stride+j] * scale[i] * scale[j]
		}
	}
	return scaled, scale
}

// solved is t⁻¹v for a symmetric positive semidefinite t: by its Cholesky factor, or where
// it is singular or nearly so by its pseudoinverse.
func solved(t *mat.SymDense, v []float64) []float64 {
	scaled, scale := unitDiagonal(t)
	factor, ok := lapack64.Potrf(scaled.RawSymmetric())
	for i := range v {
		ok = ok && factor.Data[i*factor.Stride+i] > 1e-3
	}
	if !ok {
		return multiply(pseudoInverse(t), v)
	}
	out := make([]float64, len(v))
	floats.MulTo(out, v, scale)
	lapack64.Potrs(factor, blas64.General{Rows: len(v), Cols: 1, Stride: 1, Data: out})
	floats.Mul(out, scale)
	return out
}

// pseudoInverse inverts a symmetric positive semidefinite matrix. Directions of no
// extent are left out.
func pseudoInverse(t *mat.SymDense) *mat.Dense {
	p := t.SymmetricDim()
	scaled, scale := unitDiagonal(t)
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
