package sampling_test

import (
	"math/big"
	"sort"
)

// plainStream draws the cells of the second verifier.
type plainStream struct{ generator chacha8rand }

// below follows docs/draw.md with unlimited integers.
func (s *plainStream) below(m *big.Int) *big.Int {
	all := new(big.Int).Lsh(big.NewInt(1), 64)
	limit := new(big.Int).Sub(all, new(big.Int).Mod(all, m))
	for {
		v := new(big.Int).SetUint64(s.generator.next())
		if v.Cmp(limit) < 0 {
			return v.Mod(v, m)
		}
	}
}

func (s *plainStream) below64(m int) int { return int(s.below(big.NewInt(int64(m))).Int64()) }

// draw returns the rows of the sample in drawn order, with role and probability.
func (s *plainStream) draw(c *cellOf, method string) []*row {
	out, rest := certainRows(c, method)
	n := c.n - len(out)
	if n > 0 {
		sum := sumOf(rest)
		for _, r := range rest {
			r.prob = new(big.Rat).SetFrac(times(n, r.size), sum)
			if sizeless(method) {
				r.prob = big.NewRat(int64(n), int64(len(rest)))
			}
		}
		for _, r := range s.main(rest, n, method) {
			r.role = "main"
			out = append(out, r)
		}
	}
	var left []*row
	for _, r := range rest {
		if r.role == "" {
			left = append(left, r)
		}
	}
	sort.Slice(left, func(i, j int) bool { return left[i].at < left[j].at })
	for _, r := range s.srs(left, min(c.reserve, len(left))) {
		r.role = "reserve"
		out = append(out, r)
	}
	return out
}

func sizeless(method string) bool {
	return method == "srs" || method == "systematic" || method == "all"
}

func times(n int, x *big.Int) *big.Int { return new(big.Int).Mul(big.NewInt(int64(n)), x) }

func certainRows(c *cellOf, method string) (certain, rest []*row) {
	for changed := !sizeless(method); changed; {
		changed = false
		n, sum := c.n, new(big.Int)
		for _, r := range c.rows {
			if r.certain {
				n--
			} else {
				sum.Add(sum, r.size)
			}
		}
		for _, r := range c.rows {
			if !r.certain && times(n, r.size).Cmp(sum) >= 0 {
				r.certain, changed = true, true
			}
		}
	}
	for _, r := range c.rows {
		if r.certain {
			r.role, r.prob = "certainty", big.NewRat(1, 1)
			certain = append(certain, r)
		} else {
			rest = append(rest, r)
		}
	}
	return certain, rest
}

func (s *plainStream) main(rest []*row, n int, method string) []*row {
	switch method {
	case "srs":
		return s.srs(rest, n)
	case "systematic":
		var out []*row
		r := s.below64(len(rest))
		for k := range n {
			out = append(out, rest[(r+k*len(rest))/n])
		}
		return out
	case "pps_systematic":
		return s.ppsSystematic(rest, n)
	case "pps_sampford":
		return s.sampford(rest, n)
	case "pps_pareto":
		return s.pareto(rest, n)
	case "poisson":
		var out []*row
		for _, r := range rest {
			if s.below(sumOf(rest)).Cmp(times(n, r.size)) < 0 {
				out = append(out, r)
			}
		}
		return out
	}
	return rest
}

func (s *plainStream) srs(rows []*row, n int) []*row {
	list := append([]*row{}, rows...)
	for k := range n {
		j := k + s.below64(len(list)-k)
		list[k], list[j] = list[j], list[k]
	}
	return list[:n]
}

func (s *plainStream) ppsSystematic(rows []*row, n int) (out []*row) {
	sum := sumOf(rows)
	start := s.below(sum)
	for k := range n {
		point := new(big.Int).Add(start, times(k, sum))
		end := new(big.Int)
		for _, r := range rows {
			if end.Add(end, times(n, r.size)); point.Cmp(end) < 0 {
				out = append(out, r)
				break
			}
		}
	}
	return out
}

func (s *plainStream) sampford(rows []*row, n int) (list []*row) {
	sum := sumOf(rows)
	spare := func(r *row) *big.Int { return new(big.Int).Sub(sum, times(n, r.size)) }
	least := spare(rows[0])
	for _, r := range rows {
		if spare(r).Cmp(least) < 0 {
			least = spare(r)
		}
	}
	for len(list) < n {
		point, end := s.below(sum), new(big.Int)
		var candidate *row
		for _, r := range rows {
			if end.Add(end, r.size); point.Cmp(end) < 0 {
				candidate = r
				break
			}
		}
		if len(list) > 0 && s.below(spare(candidate)).Cmp(least) >= 0 {
			continue
		}
		again := false
		for _, r := range list {
			again = again || r == candidate
		}
		if again {
			list = nil
		} else {
			list = append(list, candidate)
		}
	}
	return list
}

func (s *plainStream) pareto(rows []*row, n int) []*row {
	ratios := map[*row]*big.Rat{}
	for _, r := range rows {
		odd := new(big.Int).SetUint64(s.generator.next())
		odd.Add(odd.Lsh(odd, 1), big.NewInt(1))
		q := new(big.Rat).SetFrac(odd, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 65), odd))
		sum := sumOf(rows)
		ratios[r] = q.Mul(q, new(big.Rat).SetFrac(new(big.Int).Sub(sum, times(n, r.size)), times(n, r.size)))
	}
	list := append([]*row{}, rows...)
	sort.SliceStable(list, func(i, j int) bool { return ratios[list[i]].Cmp(ratios[list[j]]) < 0 })
	return list[:n]
}
