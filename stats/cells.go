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
	c := indexCells{x: x, design: e.design, cells: make([]indexCell, len(in.rows))}
	columns, sets, err := e.tally.layout(x)
	if err != nil {
		return Result{}, err
	}
	for r, row := range in.rows {
		cell := &e.cells[row]
		out := indexCell{row: row, items: make([]ItemSums, len(columns)), people: make([]Count, len(sets))}
		for i, column := range columns {
			out.items[i] = cell.Items[column]
		}
		for j, set := range sets {
			if set >= 0 {
				out.people[j] = cell.Sets[set]
			}
		}
		c.cells[r] = out
	}
	return c.result(), nil
}

// layout finds the index's items and the sets of its terms in the tally; a term of
// one item has no set (-1).
func (t *Tally) layout(x Index) (columns, sets []int, err error) {
	for _, id := range x.Items {
		column := slices.Index(t.items, id)
		if column < 0 {
			return nil, nil, fault.New(fault.Invalid, "stats.tally_unknown_item", "item", id)
		}
		columns = append(columns, column)
	}
	for _, members := range x.members() {
		if len(members) == 1 {
			sets = append(sets, -1)
			continue
		}
		items := make([]string, len(members))
		for i, m := range members {
			items[i] = x.Items[m]
		}
		set, err := t.set(items)
		if err != nil {
			return nil, nil, err
		}
		sets = append(sets, set)
	}
	return columns, sets, nil
}
