package stats

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"hailong/fault"
)

// contest is a ranking with the draws of its bootstrap.
type contest struct {
	n        int
	goodness []float64 // the values, turned so that the highest is the best
	cov      *mat.SymDense
	draws    []rankDraw
}

// rankDraw is one draw: the errors of the estimates, and by what each estimated
// standard error misses the true one.
type rankDraw struct{ err, spread []float64 }

func newContest(r Ranking, o RankOptions) (*contest, error) {
	c := &contest{n: len(r.Values), goodness: slices.Clone(r.Values), cov: mat.NewSymDense(len(r.Values), nil)}
	c.cov.CopySym(r.Cov)
	if o.LowFirst {
		for j := range c.goodness {
			c.goodness[j] = -c.goodness[j]
		}
	}
	root, common, err := rootOf(c.cov)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(o.Seed, 2))
	df := r.DF
	if common {
		df = []int{slices.Min(r.DF)}
	}
	for range o.Draws {
		d := rankDraw{make([]float64, c.n), make([]float64, c.n)}
		for j := range d.spread {
			if j < len(df) {
				f := float64(df[j])
				d.spread[j] = math.Sqrt(distuv.ChiSquared{K: f, Src: rng}.Rand() / f)
			} else {
				d.spread[j] = d.spread[0]
			}
		}
		z := make([]float64, c.n)
		for j := range z {
			z[j] = rng.NormFloat64()
		}
		root(z, d.err)
		c.draws = append(c.draws, d)
	}
	return c, nil
}

// rootOf returns what turns independent standard errors into errors of the
// covariance, and whether there are covariances at all.
func rootOf(cov *mat.SymDense) (apply func(z, out []float64), common bool, err error) {
	n := cov.SymmetricDim()
	for j := range n {
		for k := range j {
			common = common || cov.At(j, k) != 0
		}
	}
	if !common {
		return func(z, out []float64) {
			for j := range z {
				out[j] = math.Sqrt(cov.At(j, j)) * z[j]
			}
		}, false, nil
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		return nil, false, fault.New(fault.Invalid, "rank.covariance")
	}
	values := eigen.Values(nil)
	if values[0] < -1e-9*values[n-1] {
		return nil, false, fault.New(fault.Invalid, "rank.covariance")
	}
	var root mat.Dense
	eigen.VectorsTo(&root)
	for j, v := range values {
		column := root.ColView(j).(*mat.VecDense)
		column.ScaleVec(math.Sqrt(max(v, 0)), column)
	}
	return func(z, out []float64) {
		mat.NewVecDense(n, out).MulVec(&root, mat.NewVecDense(n, z))
	}, true, nil
}

// variance is that of the difference of two estimates.
func (c *contest) variance(p pair) float64 {
	j, k := int(p.j), int(p.k)
	return c.cov.At(j, j) + c.cov.At(k, k) - 2*c.cov.At(j, k)
}

// squaredRatio is the drawn difference divided by its drawn standard error, squared.
func (d rankDraw) squaredRatio(c *contest, p pair) float64 {
	j, k := int(p.j), int(p.k)
	sj, sk := d.spread[j], d.spread[k]
	variance := c.cov.At(j, j)*sj*sj + c.cov.At(k, k)*sk*sk - 2*c.cov.At(j, k)*sj*sk
	diff := d.err[j] - d.err[k]
	if diff == 0 || variance <= 0 {
		return 0 // both are known without error
	}
	return diff * diff / variance
}

// ahead counts the units with a better estimate.
func (c *contest) ahead(j int) (n int) {
	for _, g := range c.goodness {
		if g > c.goodness[j] {
			n++
		}
	}
	return n
}

// tops counts how often each unit is among the first k when its true value is drawn.
func (c *contest) tops(ranks []Rank, k int) {
	truth, order := make([]float64, c.n), make([]int, c.n)
	for _, d := range c.draws {
		for j := range truth {
			truth[j], order[j] = c.goodness[j]+d.err[j]/d.spread[j], j
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case truth[a] > truth[b]:
				return -1
			case truth[a] < truth[b]:
				return 1
			}
			return 0
		})
		for place, j := range order {
			if place < k || truth[j] == truth[order[k-1]] {
				ranks[j].Top += 1 / float64(len(c.draws))
			}
		}
	}
}
