package stats

// hadamard is a square matrix of 0 and 1 any two of whose rows agree in half of their
// places: Sylvester's, or that of Paley (Journal of Mathematics and Physics 12, 1933) for a
// prime base-1, doubled as Sylvester does. The first row and column are 0.
type hadamard struct {
	order int
	base  int    // 1: Sylvester's alone
	odd   []bool // of Paley's: whether a remainder is 0 or a square
}

// newHadamard makes the smallest matrix of these with more rows than n. Up to 47 these are
// the matrices of R's survey package, but for 24 to 27 and 32 to 35, where it has tables of
// orders 28 and 36.
func newHadamard(n int) hadamard {
	for order := n/4*4 + 4; ; order += 4 {
		base := order
		for base%8 == 0 {
			base /= 2
		}
		if base == 4 {
			return hadamard{order: order, base: 1}
		}
		if p := base - 1; prime(p) {
			h := hadamard{order, base, make([]bool, p)}
			for x := range p {
				h.odd[x*x%p] = true
			}
			return h
		}
	}
}

func prime(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return false
		}
	}
	return n > 1
}

// at is an entry.
func (h hadamard) at(i, j int) int {
	parity := 0
	for both := i / h.base & (j / h.base); both > 0; both &= both - 1 {
		parity ^= 1
	}
	if x, y := i%h.base, j%h.base; x > 0 && y > 0 && h.odd[(x+y-2)%len(h.odd)] {
		parity ^= 1
	}
	return parity
}
