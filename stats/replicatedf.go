package stats

import (
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// df is the rank of the factors of the units in use, less one; ranks remembers it
// by the units.
func (r Replicates) df(rows []int32, ranks map[string]int) int {
	used := make([]byte, len(r.Factors[0]))
	count := 0
	for _, row := range rows {
		if u := r.Unit[row]; used[u] == 0 {
			used[u] = 1
			count++
		}
	}
	if rank, ok := ranks[string(used)]; ok {
		return rank - 1
	}
	rank := len(r.Factors)
	if !r.independentBits(used) {
		rank = rankOf(r.columns(used, count))
	}
	ranks[string(used)] = rank
	return rank - 1
}

// independentBits reports whether the factors of the units in use are whole multiples of
// the least that each unit has, and independent modulo 2: as those of a bootstrap mostly
// are, which a bit each then tells. What is independent modulo 2 is so altogether; false
// tells nothing.
func (r Replicates) independentBits(used []byte) bool {
	least := constant(len(used), math.Inf(1))
	for _, factors := range r.Factors {
		for u, f := range factors {
			if f > 0 && f < least[u] {
				least[u] = f
			}
		}
	}
	byFirst := make([][]uint64, len(used)) // the independent ones by the first bit that is set
	for _, factors := range r.Factors {
		odd := make([]uint64, (len(used)+63)/64)
		for u, in := range used {
			times := factors[u] / least[u]
			whole := int(times + 0.5)
			if in == 1 && (times > 1e6 || math.Abs(times-float64(whole)) > 1e-9) {
				return false
			}
			odd[u/64] |= uint64(whole&int(in)&1) << (u % 64)
		}
		if !extend(byFirst, odd) {
			return false
		}
	}
	return true
}

// extend adds a vector of bits to independent ones, unless it is a sum of some of them.
func extend(byFirst [][]uint64, v []uint64) bool {
	for w := range v {
		for v[w] != 0 {
			first := 64*w + bits.TrailingZeros64(v[w])
			if byFirst[first] == nil {
				byFirst[first] = v
				return true
			}
			for i := w; i < len(v); i++ {
				v[i] ^= byFirst[first][i]
			}
		}
	}
	return false
}

// columns are the factors of the units in use, by replicate.
func (r Replicates) columns(used []byte, count int) [][]float64 {
	columns := make([][]float64, len(r.Factors))
	for i, factors := range r.Factors {
		columns[i] = make([]float64, 0, count)
		for u, in := range used {
			if in == 1 {
				columns[i] = append(columns[i], factors[u])
			}
		}
	}
	return columns
}

// rankOf counts the columns that are not combinations of those before, in the
// manner of R's qr with tolerance 1e-5.
func rankOf(columns [][]float64) int {
	const tolerance = 1e-5
	if independent(columns, 100*tolerance) {
		return len(columns)
	}
	var basis [][]float64
	for _, c := range columns {
		rest := slices.Clone(c)
		before := norm(rest)
		after := leaveOut(rest, basis)
		if after < before/10 {
			after = leaveOut(rest, basis) // again, for the rounding errors of the first time
		}
		if after > tolerance*before {
			floats.Scale(1/after, rest)
			basis = append(basis, rest)
		}
	}
	return len(basis)
}

// independent reports whether each column is farther from the span of those before than
// the tolerance times its length. Replicates mostly are, in a part of the units already,
// and a Cholesky factor of the products in that part tells so in a third of the time that
// the columns take one after the other; false tells nothing.
func independent(columns [][]float64, tolerance float64) bool {
	p, n := len(columns), len(columns[0])
	if n < p {
		return false
	}
	part := min(n, p+p/4)
	scaled := mat.NewDense(p, part, nil)
	for j, c := range columns {
		length := norm(c)
		if length == 0 {
			return false
		}
		floats.ScaleTo(scaled.RawRowView(j), 1/length, c[:part])
	}
	products := mat.NewSymDense(p, nil)
	products.SymOuterK(1, scaled)
	factor, ok := lapack64.Potrf(products.RawSymmetric())
	for j := range p {
		ok = ok && factor.Data[j*factor.Stride+j] > tolerance // the distance of the j-th column
	}
	return ok
}

// leaveOut subtracts from a what lies along each vector of the basis, and returns the norm
// of what is left.
func leaveOut(a []float64, basis [][]float64) float64 {
	for _, b := range basis {
		floats.AddScaled(a, -floats.Dot(a, b), b)
	}
	return norm(a)
}
