package stats

// ClopperPearson is the exact interval of a share of which hits of n independent
// trials were seen, 0 <= hits <= n, at a level such as 0.95: the beta quantiles
// B((1-level)/2; x, n-x+1) and B((1+level)/2; x+1, n-x), 0 and 1 at the ends (C.
// Clopper, E. Pearson, Biometrika 26, 1934). It covers with at least the level.
// For a sample without replacement it is longer than it need be. Undefined (NaN)
// for n = 0.
func ClopperPearson(hits, n int, level float64) Interval {
	if n < 1 || hits < 0 || hits > n || !(level > 0 && level < 1) {
		return undefined
	}
	x, rest, tail := float64(hits), float64(n-hits), (1-level)/2
	i := Interval{0, 1}
	if hits > 0 {
		i.Low = betaQuantile(tail, x, rest+1)
	}
	if hits < n {
		i.High = betaQuantile(1-tail, x+1, rest)
	}
	return i
}
