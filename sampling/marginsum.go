package sampling

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"hailong/fault"
)

// margins goes through the units of a frame and adds up the domains.
type margins struct {
	in      MarginInput
	drawing *drawing
	below   below
	chances [][]float64 // of each cell's units
	next    []int       // unit of each cell that comes next
	people  int         // column, -1 for none
	name    int         // column, -1 for none
	all     domain
	strata  []domain
	units   []MarginRow
	faults  []fault.Problem
}

func newMargins(in MarginInput, d *drawing) *margins {
	cells := d.census.cells
	m := &margins{in: in, drawing: d, below: in.below(), chances: make([][]float64, len(cells)), next: make([]int, len(cells)),
		people: -1, name: -1, strata: make([]domain, len(cells))}
	columns := in.Frame.Columns()
	if in.People != "" {
		m.people = slices.Index(columns, in.People)
	}
	if in.Name != "" {
		m.name = slices.Index(columns, in.Name)
	}
	m.all.MarginRow = MarginRow{Level: MarginAll, Chance: 1}
	for i, c := range cells {
		m.chances[i] = c.chances(d.plan.Method)
		n := float64(c.n)
		m.strata[i].MarginRow = MarginRow{Level: MarginStratum, Label: c.label(), Chance: 1, Drawn: n, Asked: n * m.below.asked, Answers: n * m.below.answers}
	}
	return m
}

// see takes one row of the frame.
func (m *margins) see(row int, values []string) error {
	c := m.drawing.census.find(values)
	if c == nil {
		return nil
	}
	unit := m.next[c.number]
	m.next[c.number]++
	x := float64(c.size(uint32(unit)))
	if m.people >= 0 {
		n, err := strconv.ParseUint(values[m.people], 10, 32)
		if err != nil || n == 0 {
			m.report(row, values)
			return nil
		}
		x = float64(n)
	}
	chance := m.chances[c.number][unit]
	m.strata[c.number].add(m.below, x, chance)
	if !m.below.people {
		m.addUnit(c, values, x, chance)
	}
	return nil
}

func (m *margins) report(row int, values []string) {
	if len(m.faults) < maxProblems {
		key := strings.Clone(values[m.drawing.census.key])
		m.faults = append(m.faults, fault.P("size.people", "key", key, "value", strings.Clone(values[m.people])).AtRow(row+2, m.in.People))
	}
}

func (m *margins) problems() error { return fault.Of(fault.Invalid, m.faults) }

// add takes a unit of x people into a stratum. People who are units answer with the
// response rate, which thins the sample as a further stage would.
func (d *domain) add(b below, x, chance float64) {
	d.Units++
	d.People += x
	if b.people {
		chance *= b.answers
	}
	d.sum += x * x * (b.between*(1-chance)/chance + b.within/chance)
	if chance == 1 && !b.people {
		d.PSUs += b.psus
		d.strata++
	} else {
		d.byChance++
	}
}

// close settles the primary units of a stratum that were drawn by chance.
func (d *domain) close(people bool) {
	if d.byChance == 0 {
		return
	}
	drawn := d.Drawn - float64(d.Units-d.byChance)
	if people {
		drawn = d.Answers
	}
	d.PSUs += int(math.Round(drawn))
	d.strata++
}

// merge takes a stratum into the whole; its variance is that of its total.
func (d *domain) merge(s domain) {
	d.Units += s.Units
	d.People += s.People
	d.Drawn += s.Drawn
	d.Asked += s.Asked
	d.Answers += s.Answers
	d.sum += s.sum
	d.PSUs += s.PSUs
	d.strata += s.strata
}

// addUnit makes the row of a unit: what it would show if it were drawn.
func (m *margins) addUnit(c *cell, values []string, x, chance float64) {
	d := domain{MarginRow: MarginRow{
		Level: MarginUnit, Label: strings.Clone(values[m.drawing.census.key]), Stratum: c.label(), Chance: chance,
		Units: 1, Drawn: chance, People: x, Asked: m.below.asked, Answers: m.below.answers, PSUs: m.below.psus,
	}, sum: x * x * m.below.within, strata: 1}
	if m.name >= 0 {
		d.Name = strings.Clone(values[m.name])
	}
	m.units = append(m.units, m.complete(&d))
}

func (m *margins) result() Margins {
	rows := make([]MarginRow, 1, 1+len(m.strata)+len(m.units))
	for i := range m.strata {
		m.strata[i].close(m.below.people)
		m.all.merge(m.strata[i])
		rows = append(rows, m.complete(&m.strata[i]))
	}
	if rows[0] = m.complete(&m.all); len(m.strata) == 1 && rows[1].Label == "-" {
		rows = rows[:1] // a plan without strata
	}
	result := Margins{Rows: append(rows, m.units...), Drawn: []float64{m.all.Drawn}}
	for _, s := range m.in.Stages {
		result.Drawn = append(result.Drawn, result.Drawn[len(result.Drawn)-1]*float64(s.N))
	}
	for i, cost := range m.in.Costs {
		result.Cost += cost * result.Drawn[i]
	}
	return result
}
