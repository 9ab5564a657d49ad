package stats

import (
	"math"
	"slices"

	"hailong/fault"
)

// Estimator computes figures from a tally as it stood when the estimator was made.
type Estimator struct {
	tally  *Tally
	cells  []Cell
	items  []Numbers      // a column an item, a row a cell
	sets   [][]CellValues // of each set, a row a cell
	design *Design        // its rows are the cells, of weight 1: the sums are weighted
}

// Estimator prepares estimation. Cells are units of the design: strata, PSUs and,
// if population sizes of PSUs are known, SSUs.
func (t *Tally) Estimator(lonely LonelyPSU) (*Estimator, error) {
	e := &Estimator{tally: t, cells: t.Cells()}
	for i := range t.items {
		e.items = append(e.items, t.itemColumn(e.cells, i))
	}
	for j := range t.sets {
		e.sets = append(e.sets, setColumn(e.cells, j))
	}
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
		spec.Weights[i] = 1 // sums are weighted already
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
		spec.FPC = []Numbers{{Name: "stratum_size", Values: sizes}, {Name: "psu_size", Values: subsizes}}
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
	results, err := e.Indices(x, in)
	if err != nil {
		return Result{}, err
	}
	return results[0], nil
}

// Indices is Index in each of several domains, for which the index is prepared once.
func (e *Estimator) Indices(x Index, domains ...Domain) ([]Result, error) {
	a := Answers{Together: tallySets{e, x.Items}}
	for _, id := range x.Items {
		item := slices.Index(e.tally.items, id)
		if item < 0 {
			return nil, fault.New(fault.Invalid, "stats.tally_unknown_item", "item", id)
		}
		a.Items = append(a.Items, e.items[item])
	}
	forms, err := e.design.IndexOf(x, a, domains...)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(domains))
	for i := range results {
		results[i] = e.design.Joint(forms[i])
	}
	return results, nil
}

// itemColumn is the column of an item's scores, a row a cell.
func (t *Tally) itemColumn(cells []Cell, item int) Numbers {
	out := Numbers{Name: t.items[item], Values: make([]float64, len(cells)), Cells: make([]CellValues, len(cells))}
	for row, c := range cells {
		s := c.Items[item]
		mean := s.WY / s.W // NaN where nobody answered
		out.Values[row] = mean
		if s.N > 0 {
			out.Cells[row] = CellValues{s.N, s.W, max(s.WYY/s.W-mean*mean, 0)}
		}
	}
	return out
}

// setColumn is the column of those who answered any item of a set.
func setColumn(cells []Cell, set int) []CellValues {
	out := make([]CellValues, len(cells))
	for row, c := range cells {
		out[row] = CellValues{N: c.Sets[set].N, Share: c.Sets[set].W}
	}
	return out
}

// tallySets are the sets that a tally counts, by the items of an index.
type tallySets struct {
	e     *Estimator
	items []string
}

// Any finds the set of the items.
func (t tallySets) Any(items []int) ([]CellValues, error) {
	names := make([]string, len(items))
	for i, m := range items {
		names[i] = t.items[m]
	}
	set, err := t.e.tally.set(names)
	if err != nil {
		return nil, err
	}
	return t.e.sets[set], nil
}

// Squares are not known.
func (t tallySets) Squares([]float64, Domain, []Influence) float64 { return math.NaN() }
