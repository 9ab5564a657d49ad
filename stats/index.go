package stats

import (
	"math"
	"slices"

	"hailong/fault"
)

// Index is a tree of means: items make groups, groups make parts, and one of
// them makes the overall value. An item's value is Low + (High-Low) times the
// weighted mean of its score, a number between 0 and 1: for shares 1 if the answer
// is among the satisfied ones, else 0. A group is the plain mean of its items, a
// part of its groups. Members without any valid answer are left out of a mean.
type Index struct {
	Items   []string
	Groups  []Composite // of items
	Parts   []Composite // of groups
	Overall Overall
	// Low and High are the values of scores 0 and 1; both 0 means 0 and 100.
	Low, High float64
	// Share says that scores are 0 or 1, so that every value is a percentage and
	// has share intervals.
	Share bool
}

// Composite is a named mean of others.
type Composite struct {
	ID string
	Of []string
}

// Overall says what the overall value is the mean of.
type Overall string

// The overall values.
const (
	MeanOfItems  Overall = "mean_of_items"
	MeanOfGroups Overall = "mean_of_groups"
	MeanOfParts  Overall = "mean_of_parts"
	Pooled       Overall = "pooled" // all valid answers to all items in one ratio
)

// Check reports duplicate, unknown and empty members, and an overall value that
// has nothing to be the mean of.
func (x Index) Check() error {
	var problems []fault.Problem
	report := func(code string, pairs ...any) { problems = append(problems, fault.P(code, pairs...)) }
	unique := func(level Level, ids []string) {
		for i, id := range ids {
			if slices.Contains(ids[:i], id) {
				report("stats.index_duplicate", "level", string(level), "id", id)
			}
		}
	}
	members := func(level Level, composites []Composite, known []string) {
		for _, c := range composites {
			if len(c.Of) == 0 {
				report("stats.index_empty", "level", string(level), "id", c.ID)
			}
			unique(level, c.Of)
			for _, id := range c.Of {
				if !slices.Contains(known, id) {
					report("stats.index_unknown", "level", string(level), "id", c.ID, "member", id)
				}
			}
		}
	}
	groups, parts := ids(x.Groups), ids(x.Parts)
	unique(LevelItem, x.Items)
	unique(LevelGroup, groups)
	unique(LevelPart, parts)
	members(LevelGroup, x.Groups, x.Items)
	members(LevelPart, x.Parts, groups)
	of, known := map[Overall]int{
		MeanOfItems: len(x.Items), Pooled: len(x.Items), MeanOfGroups: len(groups), MeanOfParts: len(parts)}[x.Overall]
	if !known || of == 0 {
		report("stats.index_overall", "overall", string(x.Overall))
	}
	return fault.Of(fault.Invalid, problems)
}

func ids(composites []Composite) []string {
	out := make([]string, len(composites))
	for i, c := range composites {
		out[i] = c.ID
	}
	return out
}

// bounds returns the values of scores 0 and 1.
func (x Index) bounds() (low, high float64) {
	if x.Low == 0 && x.High == 0 {
		return 0, 100
	}
	return x.Low, x.High
}

func (x Index) unit() float64 {
	if low, high := x.bounds(); x.Share && low == 0 {
		return high
	}
	return 0
}

// term is one row of an index as a combination of items.
type term struct {
	label   string
	level   Level
	weights []float64 // of each item
	pooled  bool      // instead of weights: one ratio over all items
}

// terms lists items, groups, parts and the overall value as combinations of the
// items, leaving out those without any valid answer. Weights are all 0 where
// nothing is left. size is the sum of the weights of each item's valid answers.
func (x Index) terms(size []float64) []term {
	byItem := map[string][]float64{}
	for i, id := range x.Items {
		w := make([]float64, len(x.Items))
		if size[i] != 0 {
			w[i] = 1
		}
		byItem[id] = w
	}
	var all []term
	level := func(level Level, composites []Composite, of map[string][]float64) map[string][]float64 {
		out := map[string][]float64{}
		for _, c := range composites {
			out[c.ID] = meanOf(c.Of, of, len(x.Items))
			all = append(all, term{label: c.ID, level: level, weights: out[c.ID]})
		}
		return out
	}
	for _, id := range x.Items {
		all = append(all, term{label: id, level: LevelItem, weights: byItem[id]})
	}
	byGroup := level(LevelGroup, x.Groups, byItem)
	byPart := level(LevelPart, x.Parts, byGroup)
	overall := term{label: string(LevelOverall), level: LevelOverall, weights: make([]float64, len(x.Items))}
	switch x.Overall {
	case MeanOfItems:
		overall.weights = meanOf(x.Items, byItem, len(x.Items))
	case MeanOfGroups:
		overall.weights = meanOf(ids(x.Groups), byGroup, len(x.Items))
	case MeanOfParts:
		overall.weights = meanOf(ids(x.Parts), byPart, len(x.Items))
	case Pooled:
		overall.pooled = true
	}
	return append(all, overall)
}

// answered are the terms where all items have answers.
func (x Index) answered() []term { return x.terms(constant(len(x.Items), 1.0)) }

// members lists the items that each term rests on where all have answers.
func (x Index) members() [][]int {
	var members [][]int
	for _, t := range x.answered() {
		var items []int
		for i := range x.Items {
			if t.pooled || t.weights[i] != 0 {
				items = append(items, i)
			}
		}
		members = append(members, items)
	}
	return members
}

// meanOf averages the members that have a value.
func meanOf(members []string, of map[string][]float64, items int) []float64 {
	sum, count := make([]float64, items), 0.0
	for _, id := range members {
		if w := of[id]; slices.ContainsFunc(w, func(v float64) bool { return v != 0 }) {
			addTo(sum, w)
			count++
		}
	}
	for i := range sum {
		if count > 0 {
			sum[i] /= count
		}
	}
	return sum
}

// Answers are those to an index's items, in the order of Index.Items: scores between
// 0 and 1, NaN where an answer is not valid.
type Answers struct {
	Items []Numbers
	// Together is what is known of the answers of one person to several items, in a
	// design whose rows are cells. Where rows are people it is nil.
	Together Together
}

// Together tells of a cell's people what the items by themselves do not.
type Together interface {
	// Any returns, for each cell, how many people have a valid answer to any of the
	// items, and their share of its weight.
	Any(items []int) ([]CellValues, error)
	// Squares returns Σ w·z² over the people of the domain, z = Σ_i factor_i (y_i - centre_i)
	// over the items with a valid answer; NaN if it is not known. weights are the cells'.
	Squares(weights []float64, in Domain, of []Influence) float64
}

// Influence is how an item's answers enter a linearised value. A factor of 0 leaves the
// item out.
type Influence struct{ Factor, Centre float64 }

// Index returns the linear forms of an index from the items' scores, as columns:
// items, groups, parts and the overall value, for Joint or Each.
func (d *Design) Index(x Index, scores []Numbers, in Domain) ([]Linear, error) {
	forms, err := d.IndexOf(x, Answers{Items: scores}, in)
	if err != nil {
		return nil, err
	}
	return forms[0], nil
}

// IndexOf is Index for a design whose rows may be cells, in each of some domains.
func (d *Design) IndexOf(x Index, a Answers, domains ...Domain) ([][]Linear, error) {
	if err := x.Check(); err != nil {
		return nil, err
	}
	if len(a.Items) != len(x.Items) {
		return nil, fault.New(fault.Invalid, "stats.index_scores", "scores", len(a.Items), "items", len(x.Items))
	}
	m := indexForms{d: d, x: x, a: a, answered: x.answered(), members: x.members()}
	if a.Together != nil {
		m.any = make([][]CellValues, len(m.members))
		for j, members := range m.members {
			if len(members) == 1 && !m.answered[j].pooled {
				continue // an item by itself
			}
			var err error
			if m.any[j], err = a.Together.Any(members); err != nil {
				return nil, err
			}
		}
	}
	forms := make([][]Linear, len(domains))
	for i, in := range domains {
		forms[i] = m.forms(in)
	}
	return forms, nil
}

// scaled turns a mean of scores into one between the bounds.
func (f Linear) scaled(low, high float64) Linear {
	f.Value = low + (high-low)*f.Value
	for i := range f.z {
		f.z[i] *= high - low
	}
	if f.people != nil {
		f.people.spread *= (high - low) * (high - low)
	}
	return f
}

// indexForms makes the forms of an index.
type indexForms struct {
	d        *Design
	x        Index
	a        Answers
	answered []term         // the terms where every item has answers
	members  [][]int        // of each term
	any      [][]CellValues // of each term of several items: those with an answer to any; nil if rows are people
}

// indexDomain is an index in a domain.
type indexDomain struct {
	*indexForms
	in        Domain
	items     []Linear
	sum, size []float64   // of each item: Σw·score and Σw
	influence []Influence // of each item on the term at hand
}

// forms makes those of a domain.
func (m *indexForms) forms(in Domain) []Linear {
	k := len(m.x.Items)
	of := indexDomain{m, in, make([]Linear, k), make([]float64, k), make([]float64, k), make([]Influence, k)}
	low, high := m.x.bounds()
	terms := m.answered
	for i, y := range m.a.Items {
		f := m.d.Mean(y, in)
		for _, row := range f.rows {
			of.size[i] += m.d.weights[row] * y.share(row)
		}
		if of.size[i] != 0 {
			of.sum[i] = f.Value * of.size[i]
		}
		of.items[i] = f.scaled(low, high)
	}
	if slices.Contains(of.size, 0) {
		terms = m.x.terms(of.size)
	}
	again := &indexTotals{x: m.x, items: m.a.Items, rows: in.rows}
	forms := make([]Linear, len(terms))
	for j, t := range terms {
		f := of.term(t, j)
		f.Label, f.Level, f.Unit, f.again, f.place = t.label, t.level, m.x.unit(), again, j
		forms[j] = f
	}
	return forms
}

// term combines the items that the j-th term rests on, or pools them.
func (m *indexDomain) term(t term, j int) Linear {
	var f Linear
	low, high := m.x.bounds()
	switch used := answeredItems(t); {
	case t.pooled:
		f = m.pooled().scaled(low, high)
	case used == 0:
		return Linear{Value: math.NaN()}
	case len(m.members[j]) == 1:
		return m.items[m.members[j][0]]
	default:
		forms, weights := make([]Linear, 0, used), make([]float64, 0, used)
		for i, w := range t.weights {
			if w != 0 {
				forms, weights = append(forms, m.items[i]), append(weights, w)
			}
		}
		f = m.d.Combine(m.x.value(t, m.sum, m.size), weights, forms)
	}
	if m.any != nil {
		f.people = m.people(t, m.any[j])
	}
	return f
}

// answeredItems is the number of items that a term is made of.
func answeredItems(t term) int {
	n := 0
	for _, w := range t.weights {
		if w != 0 {
			n++
		}
	}
	return n
}

// people are those with a valid answer to any member of a term.
func (m *indexDomain) people(t term, any []CellValues) *people {
	var p people
	for _, row := range m.in.rows {
		p.n += int(any[row].N)
		p.w += m.d.weights[row] * any[row].Share
	}
	m.influences(t)
	p.spread = spreadOf(p.n, m.a.Together.Squares(m.d.weights, m.in, m.influence), p.w)
	return &p
}

// influences fills in those of each item's answers on a term.
func (m *indexDomain) influences(t term) {
	low, high := m.x.bounds()
	sum, size := total(m.sum), total(m.size)
	for i, w := range m.size {
		switch {
		case w == 0:
			m.influence[i] = Influence{}
		case t.pooled:
			m.influence[i] = Influence{(high - low) / size, sum / size}
		default:
			m.influence[i] = Influence{(high - low) * t.weights[i] / w, m.sum[i] / w}
		}
	}
}

func total(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

// value of a term, from Σw·score and Σw of each item.
func (x Index) value(t term, sum, size []float64) float64 {
	low, high := x.bounds()
	value, weight := 0.0, 0.0
	if t.pooled {
		value, weight = total(sum), total(size)
	}
	for i, w := range t.weights {
		if w != 0 {
			value += w * sum[i] / size[i]
			weight += w
		}
	}
	return low + (high-low)*value/weight // NaN where nothing is left
}

// pooled is the ratio of all valid scores to all valid answers.
func (m *indexDomain) pooled() Linear {
	y := Numbers{Values: make([]float64, m.d.rows)}
	count := Numbers{Values: make([]float64, m.d.rows)}
	for _, row := range m.in.rows {
		for _, s := range m.a.Items {
			if v := s.Values[row]; !math.IsNaN(v) {
				y.Values[row] += s.share(row) * v
				count.Values[row] += s.share(row)
			}
		}
		if count.Values[row] == 0 {
			count.Values[row] = math.NaN()
		}
	}
	return m.d.Ratio(y, count, m.in)
}
