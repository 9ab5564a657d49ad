package sampling

import (
	"math/big"

	"hailong/fault"
)

// Pair is two units of a sample and the probability that both are in it; units
// of later stages are given their parents.
type Pair struct {
	I, J Key
	P    float64
}

// Joint gives the joint inclusion probability of every pair of main and
// certainty units that the receipt's draw selected, each pair once, in the order
// of the sample: within a cell by the method's own formula (docs/draw.md, §4),
// and the product of the two probabilities between cells, which are drawn
// independently. The draw is verified first. Errors: those of Verify,
// draw.no_joint if the method's joint probabilities are not known (Pareto), and
// the visitor's.
func Joint(f Rows, r Receipt, e Evidence, visit func(Pair) error) error {
	d, sample, err := verified(f, r, e)
	if err != nil {
		return err
	}
	if d.plan.Method == PPSPareto {
		return fault.New(fault.Invalid, "draw.no_joint", "method", string(d.plan.Method))
	}
	drawn := make([]drawnUnit, 0, len(sample.Units))
	for i, c := range d.census.cells {
		within := c.split(d.plan.Method).joint(d.plan.Method, d.choices[i])
		for k := range d.choices[i] {
			drawn = append(drawn, drawnUnit{i, k, within})
		}
	}
	for a, u := range sample.Units {
		for b, v := range sample.Units[:a] {
			if u.Role == RoleReserve || v.Role == RoleReserve {
				continue
			}
			if err := visit(Pair{v.Key, u.Key, drawn[b].with(drawn[a], v.StageProb, u.StageProb)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// drawnUnit is one unit of the sample: its cell, its number among the cell's
// choices, and the joint probabilities of these.
type drawnUnit struct {
	cell, choice int
	within       jointly
}

// jointly is the joint probability of two choices of a cell.
type jointly func(a, b int) float64

func (u drawnUnit) with(o drawnUnit, p, q float64) float64 {
	if u.cell != o.cell {
		return p * q
	}
	return u.within(u.choice, o.choice)
}

// joint returns the joint probabilities of the choices: that of a certainty unit
// with another is the other's.
func (r rest) joint(m Method, choices []choice) jointly {
	var main []choice
	before := 0 // certainty units come first
	for _, ch := range choices {
		switch ch.role {
		case RoleCertainty:
			before++
		case RoleMain:
			main = append(main, ch)
		}
	}
	single := func(a int) float64 {
		if a < before {
			return 1
		}
		return nearest(main[a-before].num, main[a-before].den)
	}
	n := uint64(r.cell.n - len(r.certain))
	pair := r.pairs(m, n, main)
	return func(a, b int) float64 {
		if a < before || b < before || m == Poisson {
			return single(a) * single(b)
		}
		return pair(a-before, b-before)
	}
}

// pairs returns the joint probabilities of main units, of which n are drawn.
func (r rest) pairs(m Method, n uint64, main []choice) jointly {
	switch m {
	case SRS:
		units := uint64(r.len())
		p := float64(0)
		if units > 1 {
			p = quotient(product(n, n-1), product(units, units-1))
		}
		return func(int, int) float64 { return p }
	case Systematic, PPSSystematic:
		return r.systematicPairs(m, n, main)
	case PPSSampford:
		return r.sampfordPairs(n, main)
	default: // everyone, or no pair at all
		return func(int, int) float64 { return 1 }
	}
}

func product(a, b uint64) *big.Int {
	x := new(big.Int).SetUint64(a)
	return x.Mul(x, new(big.Int).SetUint64(b))
}

// quotient returns the double nearest to a fraction.
func quotient(num, den *big.Int) float64 {
	x, _ := new(big.Rat).SetFrac(num, den).Float64()
	return x
}

func nearest(num, den uint64) float64 { return quotient(product(num, 1), product(den, 1)) }

// arc is a range of starts, [from, from+length) on the circle of all starts, for
// which a unit is drawn.
type arc struct{ from, length uint64 }

// systematicPairs gives the share of starts for which both units are drawn. The
// unit behind a total C of sizes is drawn for those r with n·C ≤ r + k·X < n·(C+x)
// for some k, which is an arc of n·x of the X starts; so two arcs' common part,
// over X, is exact, and is what an enumeration of all starts counts.
func (r rest) systematicPairs(m Method, n uint64, main []choice) jointly {
	circle := uint64(r.len())
	if m == PPSSystematic {
		circle = r.left
	}
	wanted := make(map[int]int, len(main)) // number in the rest → in main
	for k, ch := range main {
		wanted[ch.at] = k
	}
	arcs := make([]arc, len(main))
	before := uint64(0)
	for i, size := range r.sizes() {
		if m == Systematic {
			size = 1
		}
		if k, ok := wanted[i]; ok {
			arcs[k] = arc{n * before % circle, n * size}
		}
		before += size
	}
	return func(a, b int) float64 { return nearest(arcs[a].common(arcs[b], circle), circle) }
}

// common returns how many starts two arcs share.
func (a arc) common(b arc, circle uint64) uint64 {
	return overlap(a, b) + overlap(arc{a.from + circle, a.length}, b) + overlap(a, arc{b.from + circle, b.length})
}

func overlap(a, b arc) uint64 {
	from, to := max(a.from, b.from), min(a.from+a.length, b.from+b.length)
	if to < from {
		return 0
	}
	return to - from
}

// sampfordPairs gives Sampford's joint probabilities (1967, eq. 3.2), written
// with the probability B(m) that independent trials with the units' π have m
// successes, so that nothing overflows and nothing cancels:
//
//	π_ij = π_i π_j Σ_{t=2…n} (t − π_i − π_j) B_{−i,−j}(n−t) / Σ_{t=1…n} t B(n−t)
//
// B without i and j is put together from the units not drawn and, halving again
// and again, from the drawn ones.
func (r rest) sampfordPairs(n uint64, main []choice) jointly {
	pi := make([]float64, len(main))
	wanted := make(map[int]bool, len(main))
	for k, ch := range main {
		pi[k], wanted[ch.at] = nearest(ch.num, ch.den), true
	}
	others := trials{1} // the units not drawn
	for i, size := range r.sizes() {
		if !wanted[i] {
			others = others.with(nearest(n*size, r.left), int(n))
		}
	}
	all := others
	for _, p := range pi {
		all = all.with(p, int(n))
	}
	denominator := all.weighted(int(n), 0, 1)
	table := make([][]float64, len(main))
	for a := range main {
		table[a] = make([]float64, len(main))
	}
	for a := len(main) - 1; a >= 0; a-- { // others: those not drawn, and the drawn ones after a
		others.leaveOut(pi[:a], 0, int(n), func(b int, t trials) {
			p := float64(pi[a]*pi[b]) * t.weighted(int(n), pi[a]+pi[b], 2) / denominator
			table[a][b], table[b][a] = p, p
		})
		others = others.with(pi[a], int(n))
	}
	return func(a, b int) float64 { return table[a][b] }
}

// trials holds the probabilities of 0, 1, … successes of independent trials, as
// many as are needed. Products are rounded before they are added, which keeps
// them the same on processors that would fuse the two.
type trials []float64

// with adds a trial with success probability p; fewer than top successes matter.
func (t trials) with(p float64, top int) trials {
	out := make(trials, min(len(t)+1, top))
	for m := range out {
		if m < len(t) {
			out[m] = float64(t[m] * (1 - p))
		}
		if m > 0 {
			out[m] += float64(t[m-1] * p)
		}
	}
	return out
}

// leaveOut gives, for each of the probabilities, the trials with all others;
// first is the number of the first one.
func (t trials) leaveOut(pi []float64, first, top int, visit func(int, trials)) {
	if len(pi) == 0 {
		return
	}
	if len(pi) == 1 {
		visit(first, t)
		return
	}
	middle := len(pi) / 2
	left, right := t, t
	for _, p := range pi[middle:] {
		left = left.with(p, top)
	}
	for _, p := range pi[:middle] {
		right = right.with(p, top)
	}
	left.leaveOut(pi[:middle], first, top, visit)
	right.leaveOut(pi[middle:], first+middle, top, visit)
}

// weighted is Σ (t − less) · P(n−t successes) over t from first to n.
func (t trials) weighted(n int, less float64, first int) float64 {
	sum := 0.0
	for k := first; k <= n; k++ {
		if n-k < len(t) {
			sum += float64((float64(k) - less) * t[n-k])
		}
	}
	return sum
}
