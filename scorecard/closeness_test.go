package scorecard_test

import (
	"slices"
	"testing"

	"hailong/scorecard"
	"hailong/stats"
)

// cellsOf is a tally of one item: of each village its people, of whom the first so many
// are satisfied. Weights are of the reader's making.
func cellsOf(t *testing.T, weight float64, cells ...any) *stats.Tally {
	t.Helper()
	tally, err := stats.NewTally([]string{"q"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(cells); i += 3 {
		cell, err := tally.Cell(stats.Key{Stratum: "h", PSU: "xã", SSU: cells[i].(string)})
		if err != nil {
			t.Fatal(err)
		}
		for person := range cells[i+1].(int) {
			score := 0.0
			if person < cells[i+2].(int) {
				score = 1
			}
			if err := tally.Observe(cell, weight, []float64{score}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return tally
}

func TestAWithdrawnSheetCannotBeSubtractedFromTheEditionBefore(t *testing.T) {
	earlier := []any{"v1", 12, 9, "v2", 5, 4, "v3", 8, 8}
	for name, c := range map[string]struct {
		later []any
		want  []string
	}{
		"nothing changed":                      {earlier, nil},
		"one sheet is gone":                    {[]any{"v1", 11, 8, "v2", 5, 4, "v3", 8, 8}, []string{"v1"}},
		"four are gone":                        {[]any{"v1", 8, 5, "v2", 5, 4, "v3", 8, 8}, []string{"v1"}},
		"five are gone":                        {[]any{"v1", 7, 4, "v2", 5, 4, "v3", 8, 8}, nil},
		"one is gone and its village is small": {[]any{"v1", 12, 9, "v2+v3", 12, 11}, []string{"v2"}},
		"one came for another":                 {[]any{"v1", 12, 8, "v2", 5, 4, "v3", 8, 8}, []string{"v1"}},
		"two villages at once":                 {[]any{"v1", 11, 9, "v2", 5, 4, "v3", 7, 7}, []string{"v1", "v3"}},
		"a whole village is gone":              {[]any{"v1", 12, 9, "v2", 0, 0, "v3", 8, 8}, nil},
	} {
		near := scorecard.Near(scorecard.Comparable{Tally: cellsOf(t, 3, earlier...)}, scorecard.Comparable{Tally: cellsOf(t, 3.4, c.later...)}, 5)
		if !slices.Equal(near, c.want) {
			t.Errorf("%s: near at %v, want %v", name, near, c.want)
		}
	}
}

func TestAWithdrawnSheetOfACounterCannotBeSubtractedEither(t *testing.T) {
	tally := cellsOf(t, 1, "v1", 12, 9)
	at := func(n int, satisfied scorecard.Float) scorecard.Comparable {
		return scorecard.Comparable{Tally: tally, Apart: []scorecard.Apart{{Origin: "counter", Unit: "90001", N: n, Satisfied: satisfied}}}
	}
	for _, c := range []struct {
		later scorecard.Comparable
		near  bool
	}{{at(40, 80), false}, {at(39, 79), true}, {at(35, 79), false}, {at(40, 79), true}, {scorecard.Comparable{Tally: tally}, false}} {
		if near := scorecard.Near(at(40, 80), c.later, 5); (len(near) > 0) != c.near {
			t.Errorf("%+v: near at %v", c.later.Apart, near)
		}
	}
}
