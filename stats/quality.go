package stats

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"hailong/fault"
)

// Suspicion is what a test of answer quality says about one unit: a village, a
// counter, an enumerator. It is a reason to look, not a verdict.
type Suspicion struct {
	Unit     string
	N        int     // sheets of the unit
	Observed float64 // the statistic: a count or a share
	Expected float64 // its mean if the unit were like the others
	P        float64 // probability of such a value or a more extreme one by chance
	Flagged  bool    // P is too small for all units tested together
}

// LongestRun returns the length of the longest run of equal answers in a row, missing
// ones (0) counting as none.
func LongestRun(answers []uint8) int {
	longest, run := 0, 0
	for i, a := range answers {
		switch {
		case a == 0:
			run = 0
		case i > 0 && a == answers[i-1]:
			run++
		default:
			run = 1
		}
		longest = max(longest, run)
	}
	return longest
}

// Concentration tests, unit by unit, whether marked sheets (straight-lined, too fast,
// outside of office hours) gather there: the number marked in a unit against the
// hypergeometric distribution that it has if marks fall on sheets at random. The
// chance that any unit is flagged although marks do fall at random is at most alpha
// (Holm, Scandinavian Journal of Statistics 6, 1979). Sheets without a unit are left
// out. The result is in the order of the units' labels.
func Concentration(marked []bool, unit Labels, alpha float64) ([]Suspicion, error) {
	if len(marked) != len(unit.Codes) {
		return nil, fault.New(fault.Internal, "quality.shape", "sheets", len(marked), "units", len(unit.Codes))
	}
	n, k := make([]int, len(unit.Levels)), make([]int, len(unit.Levels))
	all, hits := 0, 0
	for i, u := range unit.Codes {
		if u == Missing {
			continue
		}
		n[u]++
		all++
		if marked[i] {
			k[u]++
			hits++
		}
	}
	var out []Suspicion
	for u, label := range unit.Levels {
		if n[u] == 0 {
			continue
		}
		out = append(out, Suspicion{Unit: label, N: n[u], Observed: float64(k[u]),
			Expected: float64(n[u]) * float64(hits) / float64(all), P: hypergeometricTail(all, hits, n[u], k[u])})
	}
	slices.SortFunc(out, func(a, b Suspicion) int { return cmp.Compare(a.Unit, b.Unit) })
	holm(out, alpha)
	return out, nil
}

// hypergeometricTail is the probability of k or more of hits among n of all.
func hypergeometricTail(all, hits, n, k int) float64 {
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	total := 0.0
	for x := max(k, n-(all-hits), 0); x <= min(n, hits); x++ {
		total += math.Exp(choose(hits, x) + choose(all-hits, n-x) - choose(all, n))
	}
	return min(total, 1)
}

// holm flags the units whose probabilities are too small for all tests together.
func holm(units []Suspicion, alpha float64) {
	order := make([]int, len(units))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(units[a].P, units[b].P) })
	for place, i := range order {
		if units[i].P > alpha/float64(len(units)-place) {
			return
		}
		units[i].Flagged = true
	}
}

// FastLimit returns the number of seconds below which a sheet counts as too fast: from
// median and median absolute deviation of log seconds, the point below which one of
// oneIn sheets would lie if log seconds were normal. Sheets without a time (0) are
// left out; NaN if fewer than ten have one or all took the same time.
func FastLimit(seconds []int, oneIn float64) float64 {
	var logs []float64
	for _, s := range seconds {
		if s > 0 {
			logs = append(logs, math.Log(float64(s)))
		}
	}
	if len(logs) < 10 {
		return math.NaN()
	}
	middle := median(logs)
	for i := range logs {
		logs[i] = math.Abs(logs[i] - middle)
	}
	spread := 1.482602218505602 * median(logs) // 1/Φ⁻¹(3/4)
	if spread == 0 {
		return math.NaN()
	}
	return math.Exp(middle + spread*distuv.UnitNormal.Quantile(1/oneIn))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// packed are answers, eight to a word, for fast comparison.
type packed []uint64

func pack(answers []uint8) packed {
	p := make(packed, (len(answers)+7)/8)
	for i, a := range answers {
		p[i/8] |= uint64(a) << (8 * (i % 8))
	}
	return p
}

// equal counts the answers in which two sheets of n items agree.
func (p packed) equal(q packed, n int) int {
	const low = 0x7f7f7f7f7f7f7f7f
	same := n - 8*len(p) // the empty places of the last word agree always
	for i, a := range p {
		x := a ^ q[i]
		same += bits.OnesCount64(^(((x & low) + low) | x | low)) // bytes that are 0
	}
	return same
}
