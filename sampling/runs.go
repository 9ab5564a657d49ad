package sampling

import "math"

// fewRuns is the chance that a row of a marked and b other ones, in an order
// given by chance, has at most k runs of a kind (Wald and Wolfowitz 1940):
// P(2i) = 2·C(a−1, i−1)·C(b−1, i−1) / C(a+b, a),
// P(2i+1) = (C(a−1, i)·C(b−1, i−1) + C(a−1, i−1)·C(b−1, i)) / C(a+b, a).
// Both kinds must occur.
func fewRuns(a, b, k int) float64 {
	all := logChoose(a+b, a)
	pair := func(i, j int) float64 { return math.Exp(logChoose(a-1, i) + logChoose(b-1, j) - all) }
	total := 0.0
	for runs := 2; runs <= k; runs++ {
		if i := runs / 2; runs%2 == 0 {
			total += 2 * pair(i-1, i-1)
		} else {
			total += pair(i, i-1) + pair(i-1, i)
		}
	}
	return min(total, 1)
}

// logChoose is ln C(n, k), −Inf where there is no way.
func logChoose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
