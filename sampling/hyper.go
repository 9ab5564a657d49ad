package sampling

// hyper is the hypergeometric distribution: how many marked ones there are among
// those drawn from all by chance, without replacement.
type hyper struct{ all, marked, drawn int }

func (h hyper) mean() float64 { return float64(h.drawn) * float64(h.marked) / float64(h.all) }

// least and most are the smallest and the largest count that can be.
func (h hyper) least() int { return max(0, h.drawn+h.marked-h.all) }
func (h hyper) most() int  { return min(h.marked, h.drawn) }

// probabilities are those of least, least+1, …, most, each
// C(marked, k)·C(all−marked, drawn−k) / C(all, drawn). They are worked out from
// the likeliest count outwards by the ratio of neighbours, and divided by their
// sum: no factorial is needed, and the tails keep their digits.
func (h hyper) probabilities() []float64 {
	least, most := h.least(), h.most()
	mode := min(max(int((float64(h.drawn)+1)*(float64(h.marked)+1)/(float64(h.all)+2)), least), most)
	p := make([]float64, most-least+1)
	p[mode-least] = 1
	sum := 1.0
	for k := mode + 1; k <= most; k++ {
		p[k-least] = p[k-least-1] * h.ratio(k)
		sum += p[k-least]
	}
	for k := mode; k > least; k-- {
		p[k-least-1] = p[k-least] / h.ratio(k)
		sum += p[k-least-1]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// ratio is the probability of k over that of k−1.
func (h hyper) ratio(k int) float64 {
	return float64(h.marked-k+1) * float64(h.drawn-k+1) / (float64(k) * float64(h.all-h.marked-h.drawn+k))
}

// sum adds the probabilities of the counts wanted.
func (h hyper) sum(wanted func(k int, p float64) bool) float64 {
	total := 0.0
	for i, p := range h.probabilities() {
		if wanted(h.least()+i, p) {
			total += p
		}
	}
	return min(total, 1)
}

// lower is the chance of at most k, upper of at least k.
func (h hyper) lower(k int) float64 { return h.sum(func(i int, _ float64) bool { return i <= k }) }
func (h hyper) upper(k int) float64 { return h.sum(func(i int, _ float64) bool { return i >= k }) }

// twoSided is the chance of a count that is at most as likely as k; k must be one
// that can be.
func (h hyper) twoSided(k int) float64 {
	limit := h.probabilities()[k-h.least()] * (1 + 1e-7)
	return h.sum(func(_ int, p float64) bool { return p <= limit })
}
