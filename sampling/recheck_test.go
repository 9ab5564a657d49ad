package sampling_test

import (
	"fmt"
	"testing"

	"hailong/fault"
	"hailong/sampling"
)

func TestARecheckTakesAShareOfEachCommuneButAtLeastAFewAndAtMostAll(t *testing.T) {
	for _, c := range []struct{ sheets, percent, least, want int }{
		{60, 10, 3, 6}, {61, 10, 3, 7}, {20, 10, 3, 3}, {2, 10, 3, 2}, {1, 100, 1, 1}, {40, 100, 3, 40}, {7, 50, 1, 4},
	} {
		if got := (sampling.RecheckSize{Percent: c.percent, Least: c.least}).Of(c.sheets); got != c.want {
			t.Errorf("%d %% of %d, at least %d: %d, want %d", c.percent, c.sheets, c.least, got, c.want)
		}
	}
}

func TestARecheckIsDrawnByTheOrdinaryEngine(t *testing.T) {
	var rows [][]string
	for commune, n := range map[string]int{"90001": 45, "90007": 2} {
		for i := range n {
			rows = append(rows, []string{fmt.Sprint(commune, "-", i), commune + "-01", commune})
		}
	}
	f, err := sampling.NewFrame([]string{sampling.RecheckKey, sampling.RecheckVillage, sampling.RecheckCommune}, rows)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := sampling.RecheckPlan("recheck", f, sampling.DefaultRecheck)
	if err != nil {
		t.Fatal(err)
	}
	sample, _, err := sampling.Draw(f, plan, sampling.DrawInput{Source: "dice:UBND:2026-12-26T09:00:00+07:00", Beacon: "3 5 1"})
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]int{}
	for _, u := range sample.Units {
		drawn[string(u.Stratum)]++
	}
	if len(drawn) != 2 || drawn["90001"] != 5 || drawn["90007"] != 2 {
		t.Errorf("drawn %v, want 5 of 45 and both of 2", drawn)
	}
	for _, size := range []sampling.RecheckSize{{Percent: 0, Least: 3}, {Percent: 101, Least: 3}, {Percent: 10, Least: 0}} {
		if _, err := sampling.RecheckPlan("recheck", f, size); !fault.Is(err, fault.Invalid) || fault.ProblemsOf(err)[0].Code != "recheck.size" {
			t.Errorf("%+v: %v, want recheck.size", size, err)
		}
	}
}
