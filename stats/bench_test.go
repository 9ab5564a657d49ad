package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"hailong/stats"
)

// province is an invented sample: 20 strata of 10 PSUs (communes) of 6 SSUs, with 22
// items scored 0 or 1, one answer in twenty missing.
type province struct {
	keys    []stats.Key
	cell    []int // of each row
	weight  []float64
	columns [][]float64 // of each item
	index   stats.Index
}

func newProvince(rows int) province {
	p := province{index: stats.Index{Overall: stats.MeanOfItems, Share: true}}
	for i := range 22 {
		p.index.Items = append(p.index.Items, fmt.Sprint("q", i))
	}
	for g := range 5 {
		p.index.Groups = append(p.index.Groups, stats.Composite{ID: fmt.Sprint("g", g), Of: p.index.Items[4*g : 4*g+4]})
	}
	for c := range 20 * 10 * 6 {
		p.keys = append(p.keys, stats.Key{Stratum: fmt.Sprint("h", c/60), PSU: fmt.Sprint("c", c/6), SSU: fmt.Sprint("v", c),
			StratumSize: 30, PSUSize: 20})
	}
	rng := rand.New(rand.NewPCG(1, 2))
	p.columns = make([][]float64, 22)
	for range rows {
		p.cell = append(p.cell, rng.IntN(len(p.keys)))
		p.weight = append(p.weight, 1+rng.Float64())
	}
	for i := range p.columns {
		p.columns[i] = make([]float64, rows)
		for r := range p.columns[i] {
			p.columns[i][r] = float64(min(1, rng.IntN(5)))
			if rng.IntN(20) == 0 {
				p.columns[i][r] = math.NaN()
			}
		}
	}
	return p
}

func (p province) tally(b *testing.B) *stats.Tally {
	tally, err := stats.NewTally(p.index.Items, p.index.Sets())
	if err != nil {
		b.Fatal(err)
	}
	cells := make([]stats.CellID, len(p.keys))
	for i, k := range p.keys {
		if cells[i], err = tally.Cell(k); err != nil {
			b.Fatal(err)
		}
	}
	scores := make([]float64, len(p.columns))
	for r, c := range p.cell {
		for i := range p.columns {
			scores[i] = p.columns[i][r]
		}
		if err := tally.Observe(cells[c], p.weight[r], scores); err != nil {
			b.Fatal(err)
		}
	}
	return tally
}

func BenchmarkTallyMillionRows22Items(b *testing.B) {
	p := newProvince(1_000_000)
	for b.Loop() {
		p.tally(b)
	}
}

// BenchmarkDashboard is every item, group and the overall index with standard
// errors for the province and its 200 communes, from a tally that is at hand.
func BenchmarkDashboard200Communes(b *testing.B) {
	p := newProvince(100_000)
	tally := p.tally(b)
	for b.Loop() {
		e, err := tally.Estimator(stats.LonelyFail)
		if err != nil {
			b.Fatal(err)
		}
		_, communes := e.Split(func(k stats.Key) string { return k.PSU })
		if _, err := e.Indices(p.index, append(communes, e.All())...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkObserveOneAnswer(b *testing.B) {
	p := newProvince(1)
	tally := p.tally(b)
	scores := make([]float64, 22)
	for b.Loop() {
		cell, err := tally.Cell(p.keys[7])
		if err != nil {
			b.Fatal(err)
		}
		if err := tally.Observe(cell, 1.5, scores); err != nil {
			b.Fatal(err)
		}
	}
}

// columnSpec is the design of the rows, and their communes.
func (p province) columnSpec() (stats.DesignSpec, stats.Labels) {
	spec := stats.DesignSpec{Rows: len(p.weight), Weights: p.weight}
	stratum, psu := stats.NewInterner("stratum"), stats.NewInterner("psu")
	for _, c := range p.cell {
		stratum.Add(p.keys[c].Stratum)
		psu.Add(p.keys[c].SSU)
	}
	communes := stats.NewInterner("commune")
	for _, c := range p.cell {
		communes.Add(p.keys[c].PSU)
	}
	spec.Strata, spec.IDs = []stats.Labels{stratum.Labels()}, []stats.Labels{psu.Labels()}
	return spec, communes.Labels()
}

// BenchmarkIndexFromRows100k is by linear forms, which hold every linearised value.
func BenchmarkIndexFromRows100k(b *testing.B) {
	p := newProvince(100_000)
	spec, _ := p.columnSpec()
	var scores []stats.Numbers
	for i, c := range p.columns {
		scores = append(scores, stats.Numbers{Name: p.index.Items[i], Values: c})
	}
	for b.Loop() {
		d := mustDesign(b, spec)
		forms, err := d.Index(p.index, scores, d.All())
		if err != nil {
			b.Fatal(err)
		}
		d.Joint(forms)
	}
}
