package sampling

import "math"

// hyper is the hypergeometric distribution: how many marked ones there are among
// those drawn from all by chance, without replacement.
type hyper struct{ all, marked, drawn int }

func (h hyper) mean() float64 { return float64(h.drawn) * float64(h.marked) / float64(h.all) }

// probability is C(marked, k)·C(all−marked, drawn−k) / C(all, drawn).
func (h hyper) probability(k int) float64 {
	if k < 0 || k > h.marked || h.drawn-k < 0 || h.drawn-k > h.all-h.marked {
		return 0
	}
	return math.Exp(logChoose(h.marked, k) + logChoose(h.all-h.marked, h.drawn-k) - logChoose(h.all, h.drawn))
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

func (h hyper) sum(include func(k int) bool) float64 {
	total := 0.0
	for k := max(0, h.drawn+h.marked-h.all); k <= min(h.marked, h.drawn); k++ {
		if include(k) {
			total += h.probability(k)
		}
	}
	return min(total, 1)
}

// lower is the chance of at most k, upper of at least k.
func (h hyper) lower(k int) float64 { return h.sum(func(i int) bool { return i <= k }) }
func (h hyper) upper(k int) float64 { return h.sum(func(i int) bool { return i >= k }) }

// twoSided is the chance of a count that is at most as likely as k.
func (h hyper) twoSided(k int) float64 {
	limit := h.probability(k) * (1 + 1e-7)
	return h.sum(func(i int) bool { return h.probability(i) <= limit })
}
