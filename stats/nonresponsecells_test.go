package stats_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"hailong/stats"
)

// Cells of stratum and age. North: young 1 of 4 answered, middle 5 of 6, old 2 of 2; south:
// young 6 of 8, old 1 of 3; west: one cell of 1 of 2. Weights are 1.
func TestSmallCellsAreJoinedByTheRule(t *testing.T) {
	var responded, weights []float64
	var codes []string
	add := func(cell string, answered, silent int) {
		for i := range answered + silent {
			codes, weights = append(codes, cell), append(weights, 1)
			responded = append(responded, 0)
			if i < answered {
				responded[len(responded)-1] = 1
			}
		}
	}
	add("west, old", 1, 1)
	add("north, young", 1, 3)
	add("north, middle", 5, 1)
	add("north, old", 2, 0)
	add("south, young", 6, 2)
	add("south, old", 1, 2)
	cells := stats.NewLabels("stratum, age", codes)
	values := make([][]string, len(cells.Levels))
	for i, l := range cells.Levels {
		values[i] = strings.Split(l, ", ")
	}
	for _, test := range []struct {
		name string
		rule stats.CellRule
		want []string
	}{
		{"no rule", stats.CellRule{}, []string{"north, middle", "north, old", "north, young", "south, old", "south, young", "west, old"}},
		{"three respondents", stats.CellRule{Min: 3},
			[]string{"north, middle", "north, old + north, young", "south, old + south, young + west, old"}},
		{"a factor of 2.5", stats.CellRule{MaxFactor: 2.5},
			[]string{"north, middle", "north, old + north, young", "south, old + south, young", "west, old"}},
		{"more than there are", stats.CellRule{Min: 100}, []string{strings.Join([]string{
			"north, middle", "north, old", "north, young", "south, old", "south, young", "west, old"}, " + ")}},
	} {
		got, joined, err := stats.MergeCells(weights, responded, cells, values, test.rule, strings.Compare)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Levels, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got.Levels, test.want)
		}
		for _, j := range joined {
			if !strings.Contains(j, " + ") {
				t.Errorf("%s: %q is said to be joined", test.name, j)
			}
		}
		for i, c := range got.Codes {
			if !slices.Contains(strings.Split(got.Levels[c], " + "), codes[i]) {
				t.Errorf("%s: row %d of %q is in %q", test.name, i, codes[i], got.Levels[c])
			}
		}
	}
}

// Weights 1, 1, 2: n·Σw²/(Σw)² = 3·6/16 = 1.125; a weight of 0 is none.
func TestSpreadOfWeightsIsKishs(t *testing.T) {
	s := stats.SpreadOf([]float64{1, 0, 1, 2})
	if s.N != 3 || s.Sum != 4 || s.Min != 1 || s.Max != 2 || s.Deff != 1.125 || math.Abs(s.CV-math.Sqrt(0.125)) > 1e-15 || math.Abs(s.Effective-3/1.125) > 1e-15 {
		t.Errorf("%+v", s)
	}
	if s := stats.SpreadOf([]float64{0}); s.N != 0 || !math.IsNaN(s.Deff) {
		t.Errorf("%+v", s)
	}
}
