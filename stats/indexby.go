package stats

import (
	"math"
	"slices"

	"hailong/fault"
)

// Scores are the answers to an item: a code for each row, Missing or an index into
// Of, which holds the codes' scores, NaN for an answer that is not valid.
type Scores struct {
	Codes []int32
	Of    []float64
}

// Numbers returns the scores as a column.
func (s Scores) Numbers(name string) Numbers {
	out := Numbers{Name: name, Values: make([]float64, len(s.Codes))}
	for i, c := range s.Codes {
		out.Values[i] = math.NaN()
		if c != Missing {
			out.Values[i] = s.Of[c]
		}
	}
	return out
}

// IndexBy estimates an index in each of several domains that have no row in common.
// The rows are gone through twice in their own order, whatever the number of
// domains: once for the sums of every sampling unit, once for the design effects
// of composites. There is no covariance between domains, and a calibrated design
// needs the linear forms of Index instead.
func (d *Design) IndexBy(x Index, scores []Scores, domains []Domain) ([]Result, error) {
	if err := x.Check(); err != nil {
		return nil, err
	}
	if len(scores) != len(x.Items) {
		return nil, fault.New(fault.Invalid, "stats.index_scores", "scores", len(scores), "items", len(x.Items))
	}
	if len(d.adjustments) > 0 {
		return nil, fault.New(fault.Internal, "stats.index_calibrated")
	}
	s := indexSweep{d: d, scores: scores, by: constant(d.rows, Missing), members: x.members()}
	for g, in := range domains {
		for _, row := range in.rows {
			s.by[row] = int32(g)
		}
	}
	s.sum()
	groups := make([]indexCells, len(domains))
	for g := range groups {
		groups[g] = indexCells{x: x, design: d}
	}
	for _, c := range s.ordered() {
		g := &groups[s.group[c]]
		g.cells = append(g.cells, s.cells[c])
	}
	s.squares(groups)
	results := make([]Result, len(groups))
	for g := range groups {
		results[g] = groups[g].result()
	}
	return results, nil
}

// indexSweep goes through the rows. Its cells are the pairs of a group and a unit of
// the last stage that enters the variance.
type indexSweep struct {
	d       *Design
	scores  []Scores
	by      []int32 // of each row: its domain, or Missing
	members [][]int
	cells   []indexCell
	group   []int32 // of each cell
}

// sum makes the cells.
func (s *indexSweep) sum() {
	d, unit := s.d, s.d.stages[s.d.lastStage()].unit
	at := pairs{codes: map[uint64]int32{}}
	values := make([]float64, len(s.scores))
	for row, w := range d.weights {
		g := s.by[row]
		if g == Missing {
			continue
		}
		c := at.code(g, unit[row], row)
		if int(c) == len(s.cells) {
			s.cells = append(s.cells, indexCell{row: int32(row),
				items: make([]ItemSums, len(s.scores)), people: make([]Count, len(s.members))})
			s.group = append(s.group, g)
		}
		cell := &s.cells[c]
		s.read(row, values)
		for i, y := range values {
			if y == y { // not NaN
				item, wy := &cell.items[i], w*y
				item.N++
				item.W += w
				item.WY += wy
				item.WYY += wy * y
			}
		}
		for j, members := range s.members {
			if len(members) > 1 && answered(values, members) {
				cell.people[j].add(Count{1, w})
			}
		}
	}
}

// read fills in a row's scores.
func (s *indexSweep) read(row int, values []float64) {
	for i := range s.scores {
		values[i] = math.NaN()
		if c := s.scores[i].Codes[row]; c != Missing {
			values[i] = s.scores[i].Of[c]
		}
	}
}

func answered(values []float64, members []int) bool {
	for _, i := range members {
		if y := values[i]; y == y {
			return true
		}
	}
	return false
}

// ordered returns the cells in the design's order.
func (s *indexSweep) ordered() []int {
	order := make([]int, len(s.cells))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(s.d.rank[s.cells[a].row]) - int(s.d.rank[s.cells[b].row]) })
	return order
}

// influence are the items' means in a group and, for each composite, the factor by
// which an answer's distance from its mean enters the linearised value.
type influence struct {
	mean    []float64
	pooled  float64
	factors [][]float64
	terms   []term
}

func (c *indexCells) influence(members [][]int) influence {
	total := c.totals()
	pooled := pool(total)
	low, high := c.x.bounds()
	f := influence{mean: make([]float64, len(total)), pooled: pooled.WY / pooled.W, terms: c.x.terms(validItems(total))}
	for i, t := range total {
		f.mean[i] = t.WY / t.W
	}
	for j, t := range f.terms {
		factors := make([]float64, len(total))
		for _, i := range members[j] {
			switch {
			case t.pooled:
				factors[i] = (high - low) / pooled.W
			case total[i].N > 0:
				factors[i] = (high - low) * t.weights[i] / total[i].W
			}
		}
		f.factors = append(f.factors, factors)
	}
	return f
}

// squares sums w·z² of every composite in every group.
func (s *indexSweep) squares(groups []indexCells) {
	influences := make([]influence, len(groups))
	for g := range groups {
		groups[g].squares = make([]float64, len(s.members))
		influences[g] = groups[g].influence(s.members)
	}
	values := make([]float64, len(s.scores))
	for row, w := range s.d.weights {
		g := s.by[row]
		if g == Missing {
			continue
		}
		s.read(row, values)
		f := &influences[g]
		for j, members := range s.members {
			if len(members) == 1 {
				continue
			}
			z, factors := 0.0, f.factors[j]
			for _, i := range members {
				if y := values[i]; y == y {
					centre := f.mean[i]
					if f.terms[j].pooled {
						centre = f.pooled
					}
					z += factors[i] * (y - centre)
				}
			}
			groups[g].squares[j] += w * z * z
		}
	}
}
