package stats

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"hailong/fault"
)

// Key names a cell of a tally: a sampling unit, crossed with levels that are not
// nested in units (a respondent's sex, an adjustment cell).
type Key struct {
	Stratum string // variance stratum
	PSU     string // primary sampling unit; labels may repeat across strata
	SSU     string // second-stage unit within the PSU; "" if its people were drawn directly
	// StratumSize is the number of PSUs in the stratum's population and PSUSize that
	// of SSUs in the PSU's; 0 leaves out the finite population correction.
	StratumSize, PSUSize float64
	Levels               []string // of the tally's crossings, in their order
}

// ItemSums are a cell's sums over the valid answers to one item.
type ItemSums struct {
	N   int64   // valid answers
	W   float64 // Σw
	WY  float64 // Σw·score
	WYY float64 // Σw·score², for design effects
}

// Count is a number of people and the sum of their weights.
type Count struct {
	N int64
	W float64
}

// Cell holds the sums of one cell.
type Cell struct {
	Key   Key
	All   Count      // respondents
	Items []ItemSums // in the order of the tally's items
	Sets  []Count    // people with at least one valid answer in each set
}

// Tally sums a sample's answers in cells, in one pass. Linearised variances of
// means, proportions and indices depend on the rows only through these sums,
// so they follow exactly; memory depends on the number of cells, not of rows.
// People drawn within a PSU or SSU are not a stage of the variance: the
// finite population correction among them is left out.
//
// A Tally is not safe for concurrent use: let each reader fill its own, and Add them.
//
// A unit that was drawn and in which nobody answered belongs to the design: make
// its cell, without observing anything in it.
type Tally struct {
	items     []string
	sets      [][]string
	setItems  [][]int // positions in items
	crossings []string
	cells     []Cell
	at        map[string]CellID
	sizes     map[string]float64 // population sizes by stratum and by PSU
}

// CellID is a cell's place in its tally.
type CellID int

// NewTally makes an empty tally for the items and for the sets of items whose
// respondents are to be counted (see Index.Sets), with the named crossings.
func NewTally(items []string, sets [][]string, crossings ...string) (*Tally, error) {
	t := &Tally{items: items, sets: sets, crossings: crossings, at: map[string]CellID{}, sizes: map[string]float64{}}
	for _, set := range sets {
		var places []int
		for _, id := range set {
			i := slices.Index(items, id)
			if i < 0 {
				return nil, fault.New(fault.Invalid, "stats.tally_unknown_item", "item", id)
			}
			places = append(places, i)
		}
		t.setItems = append(t.setItems, places)
	}
	return t, nil
}

// Sets returns the item sets of the index's composites, which a tally must count
// for their n: those of more than one item, without repetition.
func (x Index) Sets() [][]string {
	var sets [][]string
	for _, members := range x.members() {
		set := make([]string, len(members))
		for i, m := range members {
			set[i] = x.Items[m]
		}
		if len(set) > 1 && !slices.ContainsFunc(sets, func(s []string) bool { return slices.Equal(s, set) }) {
			sets = append(sets, set)
		}
	}
	return sets
}

// set finds the set of exactly these items, in any order.
func (t *Tally) set(items []string) (int, error) {
	for j, set := range t.sets {
		if len(set) == len(items) && !slices.ContainsFunc(items, func(id string) bool { return !slices.Contains(set, id) }) {
			return j, nil
		}
	}
	return 0, fault.New(fault.Invalid, "stats.tally_no_set", "items", strings.Join(items, ", "))
}

// Cell returns the cell of the key, made empty if it is new. Population sizes must
// be the same for all cells of a stratum or a PSU.
func (t *Tally) Cell(key Key) (CellID, error) {
	id := key.encode()
	if cell, ok := t.at[id]; ok {
		old := t.cells[cell].Key
		if old.StratumSize == key.StratumSize && old.PSUSize == key.PSUSize {
			return cell, nil
		}
	}
	if err := t.checkKey(key); err != nil {
		return 0, err
	}
	key.Levels = slices.Clone(key.Levels)
	cell := CellID(len(t.cells))
	t.cells = append(t.cells, Cell{Key: key, Items: make([]ItemSums, len(t.items)), Sets: make([]Count, len(t.sets))})
	t.at[id] = cell
	return cell, nil
}

// checkKey refuses levels of the wrong number and sizes that differ or are not
// positive, and remembers the sizes.
func (t *Tally) checkKey(key Key) error {
	if len(key.Levels) != len(t.crossings) {
		return fault.New(fault.Invalid, "stats.tally_levels", "levels", len(key.Levels), "want", len(t.crossings))
	}
	for unit, size := range map[string]float64{
		encode(key.Stratum):          key.StratumSize,
		encode(key.Stratum, key.PSU): key.PSUSize,
	} {
		if math.IsNaN(size) || size < 0 {
			return fault.New(fault.Invalid, "stats.tally_size_invalid", "stratum", key.Stratum, "psu", key.PSU, "size", size)
		}
		if known, ok := t.sizes[unit]; ok && known != size {
			return fault.New(fault.Invalid, "stats.tally_size_differs",
				"stratum", key.Stratum, "psu", key.PSU, "size", size, "first", known)
		}
	}
	t.sizes[encode(key.Stratum)], t.sizes[encode(key.Stratum, key.PSU)] = key.StratumSize, key.PSUSize
	return nil
}

func (k Key) encode() string {
	return encode(append([]string{k.Stratum, k.PSU, k.SSU}, k.Levels...)...)
}

// encode joins labels so that no two lists give the same string.
func encode(labels ...string) string {
	var b []byte
	for _, l := range labels {
		b = binary.AppendUvarint(b, uint64(len(l)))
		b = append(b, l...)
	}
	return string(b)
}

// Observe adds one respondent: the weight, and a score for each item, NaN where
// there is no valid answer. A weight of 0 adds nothing (a drawn person who did not
// answer, whose weight others carry).
func (t *Tally) Observe(cell CellID, weight float64, scores []float64) error {
	if len(scores) != len(t.items) {
		return fault.New(fault.Internal, "stats.index_scores", "scores", len(scores), "items", len(t.items))
	}
	if !(weight >= 0) || math.IsInf(weight, 1) {
		return fault.New(fault.Invalid, "stats.weight_invalid", "value", weight)
	}
	if weight == 0 {
		return nil
	}
	c := &t.cells[cell]
	c.All.add(Count{1, weight})
	for i, y := range scores {
		if y != y { // NaN
			continue
		}
		s, wy := &c.Items[i], weight*y
		s.N++
		s.W += weight
		s.WY += wy
		s.WYY += wy * y
	}
	for j, set := range t.setItems {
		for _, i := range set {
			if y := scores[i]; y == y {
				c.Sets[j].add(Count{1, weight})
				break
			}
		}
	}
	return nil
}

func (c *Count) add(o Count) {
	c.N += o.N
	c.W += o.W
}

func (s *ItemSums) add(o ItemSums) {
	s.N += o.N
	s.W += o.W
	s.WY += o.WY
	s.WYY += o.WYY
}

// Add adds another tally of the same items, sets and crossings, cell by cell.
func (t *Tally) Add(o *Tally) error {
	if !slices.Equal(t.items, o.items) || !slices.EqualFunc(t.sets, o.sets, slices.Equal[[]string]) ||
		!slices.Equal(t.crossings, o.crossings) {
		return fault.New(fault.Invalid, "stats.tally_shapes")
	}
	for _, c := range o.cells {
		if err := t.AddCell(c); err != nil {
			return err
		}
	}
	return nil
}

// AddCell adds a cell's sums to the cell of the same key.
func (t *Tally) AddCell(c Cell) error {
	if len(c.Items) != len(t.items) || len(c.Sets) != len(t.sets) {
		return fault.New(fault.Invalid, "stats.tally_shapes")
	}
	id, err := t.Cell(c.Key)
	if err != nil {
		return err
	}
	own := &t.cells[id]
	own.All.add(c.All)
	for i := range c.Items {
		own.Items[i].add(c.Items[i])
	}
	for j := range c.Sets {
		own.Sets[j].add(c.Sets[j])
	}
	return nil
}

// Items returns the names of the items.
func (t *Tally) Items() []string { return t.items }

// Cells returns the cells ordered by stratum, PSU, SSU and levels, whatever the
// order in which they were made: estimates are computed in this order, so that a
// tally read back gives the very same figures. They share memory with the tally.
func (t *Tally) Cells() []Cell {
	cells := slices.Clone(t.cells)
	slices.SortFunc(cells, func(a, b Cell) int { return a.Key.compare(b.Key) })
	return cells
}

func (k Key) compare(o Key) int {
	if c := strings.Compare(k.Stratum, o.Stratum); c != 0 {
		return c
	}
	if c := strings.Compare(k.PSU, o.PSU); c != 0 {
		return c
	}
	if c := strings.Compare(k.SSU, o.SSU); c != 0 {
		return c
	}
	return slices.Compare(k.Levels, o.Levels)
}

// like returns an empty tally of the same shape.
func (t *Tally) like() *Tally {
	return &Tally{items: t.items, sets: t.sets, setItems: t.setItems, crossings: t.crossings,
		at: map[string]CellID{}, sizes: map[string]float64{}}
}

// Reweight returns the tally with the weights of each cell's people multiplied by
// a factor of its own: nonresponse within cells, or post-stratification where the
// crossings hold the post-strata.
func (t *Tally) Reweight(factor func(Key) float64) (*Tally, error) {
	out := t.like()
	for _, c := range t.cells {
		f := factor(c.Key)
		if !(f >= 0) || math.IsInf(f, 1) {
			return nil, fault.New(fault.Invalid, "stats.weight_invalid", "value", f)
		}
		scaled := Cell{Key: c.Key, All: c.All.scaled(f), Items: slices.Clone(c.Items), Sets: slices.Clone(c.Sets)}
		for i, s := range scaled.Items {
			scaled.Items[i] = ItemSums{s.N, s.W * f, s.WY * f, s.WYY * f}
		}
		for j, s := range scaled.Sets {
			scaled.Sets[j] = s.scaled(f)
		}
		if err := out.AddCell(scaled); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c Count) scaled(f float64) Count { return Count{c.N, c.W * f} }

// Regroup returns the tally with every cell moved to the key that move gives, and
// cells that meet there added up; cells for which keep is false are dropped.
func (t *Tally) Regroup(move func(Key) (key Key, keep bool)) (*Tally, error) {
	out := t.like()
	for _, c := range t.Cells() {
		key, keep := move(c.Key)
		if !keep {
			continue
		}
		c.Key = key
		if err := out.AddCell(c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Conditional returns the tally of one PSU by itself: the PSU becomes the stratum
// and its SSUs the PSUs. It is the design of a commune's own result; from the main
// design the variance of a domain that is one PSU would come out as 0.
func (t *Tally) Conditional(stratum, psu string) (*Tally, error) {
	return t.Regroup(func(k Key) (Key, bool) {
		own := Key{Stratum: k.PSU, PSU: k.SSU, StratumSize: k.PSUSize, Levels: k.Levels}
		return own, k.Stratum == stratum && k.PSU == psu
	})
}
