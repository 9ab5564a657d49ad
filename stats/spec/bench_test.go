package spec

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"hailong/stats"
)

// benchTable is an invented sample in columns: 20 strata of 10 communes of 5 villages, and
// 22 items.
func benchTable(rows int) *table {
	rng := rand.New(rand.NewPCG(7, 7))
	t := newTable("d.csv")
	t.rows = rows
	column := func(name, prefix string, levels int, code func(row int) int) {
		l := stats.Labels{Name: name, Codes: make([]int32, rows)}
		for i := range levels {
			l.Levels = append(l.Levels, fmt.Sprint(prefix, i+1))
		}
		for row := range l.Codes {
			l.Codes[row] = int32(code(row))
		}
		t.columns[name] = l
	}
	village := func(row int) int { return row * 1000 / rows }
	column("stratum", "h", 20, func(row int) int { return village(row) / 50 })
	column("commune", "c", 200, func(row int) int { return village(row) / 5 })
	column("psu", "v", 1000, village)
	for i := range 22 {
		column(fmt.Sprint("q", i), "", 5, func(int) int { return rng.IntN(5) })
	}
	weights := stats.Numbers{Name: "w", Values: make([]float64, rows)}
	for row := range weights.Values {
		weights.Values[row] = 1 + rng.Float64()
	}
	t.parsed["w"] = weights
	return t
}

// BenchmarkFromColumnsMillionRows is from columns in memory to every item, group and the
// overall index, with standard errors and design effects, for the province and 200
// communes.
func BenchmarkFromColumnsMillionRows(b *testing.B) {
	index := `"stat":"index","satisfied":[4,5],"valid":[1,2,3,4,5],"overall":"mean_of_groups","items":["q0"`
	groups := `],"groups":[{"id":"g0","items":["q0"]}`
	for i := 1; i < 22; i++ {
		index += fmt.Sprintf(`,"q%d"`, i)
	}
	for g := range 5 {
		groups += fmt.Sprintf(`,{"id":"g%d","items":["q%d","q%d","q%d","q%d"]}`, g+1, 4*g+1, 4*g+2, 4*g+3, 4*g+4)
	}
	index += groups + "]"
	s, err := Parse(strings.NewReader(`{"data":"d.csv","design":{"ids":["psu"],"strata":["stratum"],"weights":"w"},
		"estimates":[{"id":"a",` + index + `},{"id":"b","by":["commune"],` + index + `}]}`))
	if err != nil {
		b.Fatal(err)
	}
	t := benchTable(1_000_000)
	for b.Loop() {
		p, _ := s.plan(s.Estimates)
		c := newCells(p)
		if err := c.addTable(t, t.parsed["w"].Values); err != nil {
			b.Fatal(err)
		}
		r, err := s.runner(c.table(""), func(string) (io.ReadCloser, error) { return nil, nil })
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range s.Estimates {
			if _, _, err := r.estimate(e); err != nil {
				b.Fatal(err)
			}
		}
	}
}
