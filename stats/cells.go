package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
)

// Estimator computes figures from a tally as it stood when the estimator was made.
type Estimator struct {
	tally  *Tally
	cells  []Cell
	design *Design // its rows are the cells
}

// Estimator prepares estimation. Cells are units of the design: strata, PSUs and,
// if population sizes of PSUs are known, SSUs.
func (t *Tally) Estimator(lonely LonelyPSU) (*Estimator, error) {
	e := &Estimator{tally: t, cells: t.Cells()}
	n := len(e.cells)
	spec := DesignSpec{Rows: n, Nest: true, Lonely: lonely, Weights: make([]float64, n), onePSU: true}
	stratum, psu, ssu := NewInterner("stratum"), NewInterner("psu"), NewInterner("ssu")
	sizes, subsizes := make([]float64, n), make([]float64, n)
	finite := false
	for i, c := range e.cells {
		// A prefix keeps the empty label apart from a missing one.
		stratum.Add("=" + c.Key.Stratum)
		psu.Add("=" + c.Key.PSU)
		ssu.Add("=" + c.Key.SSU)
		spec.Weights[i] = 1
		sizes[i], subsizes[i] = population(c.Key.StratumSize), population(c.Key.PSUSize)
		if c.Key.SSU == "" {
			subsizes[i] = 1 // no second stage to speak of: its part of the variance is 0
		}
		finite = finite || c.Key.StratumSize > 0
	}
	spec.Strata = []Labels{stratum.Labels()}
	spec.IDs = []Labels{psu.Labels()}
	if finite {
		spec.IDs = append(spec.IDs, ssu.Labels())
		spec.FPC = []Numbers{{"stratum_size", sizes}, {"psu_size", subsizes}}
	}
	var err error
	e.design, err = NewDesign(spec)
	return e, err
}

func population(size float64) float64 {
	if size == 0 {
		return math.Inf(1)
	}
	return size
}

// All returns the whole tally as a domain.
func (e *Estimator) All() Domain { return e.design.All() }

// Where returns the domain of the cells whose keys are kept.
func (e *Estimator) Where(keep func(Key) bool) Domain {
	return e.design.Where(func(row int) bool { return keep(e.cells[row].Key) })
}

// Split divides the tally into domains by the name that of gives to each cell;
// cells named "" are in none. Domains come in the order of their names' first
// appearance among the ordered cells.
func (e *Estimator) Split(of func(Key) string) (names []string, domains []Domain) {
	in := NewInterner("domain")
	for _, c := range e.cells {
		in.Add(of(c.Key))
	}
	labels := in.Labels()
	return labels.Levels, e.All().Split(labels)
}

// Index estimates items, groups, parts and overall value with their covariance.
// Items are those of the index by name, in any order of the tally. Design effects
// are given for items alone: those of composites need the products of answers to
// different items, which a tally does not keep.
func (e *Estimator) Index(x Index, in Domain) (Result, error) {
	if err := x.Check(); err != nil {
		return Result{}, err
	}
	s, err := e.sums(x, in)
	if err != nil {
		return Result{}, err
	}
	return s.result()
}

// indexSums are the sums of one domain from which an index is computed.
type indexSums struct {
	x       Index
	e       *Estimator
	in      Domain
	columns []int      // of each item in the tally
	total   []ItemSums // of each item over the domain
	psus    []int      // of each item: PSUs with valid answers
	strata  []int
}

func (e *Estimator) sums(x Index, in Domain) (*indexSums, error) {
	s := &indexSums{x: x, e: e, in: in, total: make([]ItemSums, len(x.Items))}
	for _, id := range x.Items {
		column := -1
		for i, name := range e.tally.items {
			if name == id {
				column = i
			}
		}
		if column < 0 {
			return nil, fault.New(fault.Invalid, "stats.tally_unknown_item", "item", id)
		}
		s.columns = append(s.columns, column)
	}
	for i, column := range s.columns {
		for _, row := range in.rows {
			s.total[i].add(e.cells[row].Items[column])
		}
		psus, strata := e.present(in, func(c *Cell) bool { return c.Items[column].N > 0 })
		s.psus, s.strata = append(s.psus, psus), append(s.strata, strata)
	}
	return s, nil
}

// present counts the PSUs and strata with a cell that holds answers.
func (e *Estimator) present(in Domain, holds func(*Cell) bool) (psus, strata int) {
	rows := make([]int32, 0, len(in.rows))
	for _, row := range in.rows {
		if holds(&e.cells[row]) {
			rows = append(rows, row)
		}
	}
	return e.design.present(rows)
}

// linearised returns the weighted linearised values of the items, a column each,
// and of the pooled ratio in the last: (Σwy - m·Σw) / Σw of the cell over that of
// the domain.
func (s *indexSums) linearised() block {
	var pooled ItemSums
	for _, t := range s.total {
		pooled.add(t)
	}
	low, high := s.x.bounds()
	k := len(s.columns)
	z := newBlock(len(s.in.rows), k+1)
	for r, row := range s.in.rows {
		cell, out := &s.e.cells[row], z.row(r)
		for i, column := range s.columns {
			c, t := cell.Items[column], s.total[i]
			if c.N == 0 {
				continue
			}
			out[i] = (high - low) * (c.WY - t.WY/t.W*c.W) / t.W
			out[k] += (high - low) * (c.WY - pooled.WY/pooled.W*c.W) / pooled.W
		}
	}
	return z
}

func (s *indexSums) result() (Result, error) {
	z := s.linearised()
	itemCov := s.e.design.covariance(s.in.rows, z)
	valid := make([]bool, len(s.total))
	for i, t := range s.total {
		valid[i] = t.N > 0
	}
	terms := s.x.terms(valid)
	members := s.x.members()
	r := Result{Cov: mat.NewSymDense(len(terms), nil)}
	a := s.coefficients(terms)
	var half mat.Dense
	half.Mul(a, itemCov)
	var cov mat.Dense
	cov.Mul(&half, a.T())
	for i := range terms {
		for j := i; j < len(terms); j++ {
			r.Cov.SetSym(i, j, cov.At(i, j))
		}
	}
	for j, t := range terms {
		row, warnings, err := s.row(t, members[j], figure{variance: r.Cov.At(j, j), spread: math.NaN()})
		if err != nil {
			return Result{}, err
		}
		if math.IsNaN(row.SE) {
			blank(r.Cov, j)
		}
		r.Rows = append(r.Rows, row)
		r.Warnings = append(r.Warnings, warnings...)
	}
	return r, nil
}

// coefficients has a row a term and a column an item, the last for the pooled ratio.
func (s *indexSums) coefficients(terms []term) *mat.Dense {
	k := len(s.columns)
	a := mat.NewDense(len(terms), k+1, nil)
	for j, t := range terms {
		if t.pooled {
			a.Set(j, k, 1)
			continue
		}
		for i, w := range t.weights {
			a.Set(j, i, w)
		}
	}
	return a
}

// row completes one term. Its people are those with a valid answer to any of its
// members, whether or not the member has a value in this domain.
func (s *indexSums) row(t term, members []int, f figure) (Row, []fault.Problem, error) {
	low, high := s.x.bounds()
	f.Label, f.Level, f.Unit = t.label, t.level, s.x.unit()
	value, weight := 0.0, 0.0
	for _, i := range members {
		if total := s.total[i]; total.N > 0 {
			f.unsettled = f.unsettled || (!t.pooled && s.psus[i] < 2)
			w := t.weights[i]
			if t.pooled {
				w = total.W
			}
			value += w * total.WY / total.W
			weight += w
		}
	}
	f.Value = low + (high-low)*value/weight
	if len(members) == 1 {
		f.one(s, members[0], high-low)
	} else if err := f.set(s, members); err != nil {
		return Row{}, nil, err
	}
	row, warnings := f.complete()
	return row, warnings, nil
}

// one fills in the counts and the spread of a single item.
func (f *figure) one(s *indexSums, i int, scale float64) {
	t := s.total[i]
	f.N, f.SumWeights, f.psus, f.strata = int(t.N), t.W, s.psus[i], s.strata[i]
	n, m := float64(t.N), t.WY/t.W
	f.spread = scale * scale * n / (n - 1) * max(t.WYY/t.W-m*m, 0) / (t.W * t.W)
}

// set fills in the counts of a composite.
func (f *figure) set(s *indexSums, members []int) error {
	items := make([]string, len(members))
	for i, m := range members {
		items[i] = s.x.Items[m]
	}
	set, err := s.e.tally.set(items)
	if err != nil {
		return err
	}
	var all Count
	for _, row := range s.in.rows {
		all.add(s.e.cells[row].Sets[set])
	}
	f.N, f.SumWeights = int(all.N), all.W
	f.psus, f.strata = s.e.present(s.in, func(c *Cell) bool { return c.Sets[set].N > 0 })
	return nil
}
