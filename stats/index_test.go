package stats_test

import (
	"math"
	"testing"

	"hailong/stats"
)

// roundIndex is the index of reference.R.
func roundIndex(overall stats.Overall) stats.Index {
	return stats.Index{
		Items:   []string{"q1", "q2", "q3", "q4", "q5", "q6"},
		Groups:  []stats.Composite{{ID: "g1", Of: []string{"q1", "q2"}}, {ID: "g2", Of: []string{"q3", "q4", "q5"}}, {ID: "g3", Of: []string{"q6"}}},
		Parts:   []stats.Composite{{ID: "p1", Of: []string{"g1"}}, {ID: "p2", Of: []string{"g2", "g3"}}},
		Overall: overall,
		Share:   true,
	}
}

// satisfied scores the items of round.csv: 1 for 4 and 5, 0 for 1 to 3.
func satisfied(data table) []stats.Numbers {
	var scores []stats.Numbers
	for _, id := range roundIndex(stats.Pooled).Items {
		column := data.numbers(id)
		for i, v := range column.Values {
			switch {
			case v >= 4:
				column.Values[i] = 1
			case v >= 1:
				column.Values[i] = 0
			}
		}
		scores = append(scores, column)
	}
	return scores
}

func roundSpec(data table, fpc bool) stats.DesignSpec {
	spec := stats.DesignSpec{Rows: len(data.rows), IDs: []stats.Labels{data.labels("psu"), data.labels("ssu")},
		Strata: []stats.Labels{data.labels("stratum")}, Nest: true, Weights: data.number("w")}
	if fpc {
		spec.FPC = []stats.Numbers{data.numbers("fpc1"), data.numbers("fpc2")}
	}
	return spec
}

// roundTally sums round.csv by stratum, PSU, SSU and sex.
func roundTally(t testing.TB, data table, fpc bool, sets [][]string) *stats.Tally {
	t.Helper()
	tally, err := stats.NewTally(roundIndex(stats.Pooled).Items, sets, "sex")
	if err != nil {
		t.Fatal(err)
	}
	scores, weights := satisfied(data), data.number("w")
	fpc1, fpc2 := data.number("fpc1"), data.number("fpc2")
	for i := range data.rows {
		key := stats.Key{Stratum: data.text("stratum")[i], PSU: data.text("psu")[i], SSU: data.text("ssu")[i],
			Levels: []string{data.text("sex")[i]}}
		if fpc {
			key.StratumSize, key.PSUSize = fpc1[i], fpc2[i]
		}
		cell, err := tally.Cell(key)
		if err != nil {
			t.Fatal(err)
		}
		row := make([]float64, len(scores))
		for j := range scores {
			row[j] = scores[j].Values[i]
		}
		if err := tally.Observe(cell, weights[i], row); err != nil {
			t.Fatal(err)
		}
	}
	return tally
}

func rowsByLabel(r stats.Result) map[string]stats.Row {
	out := map[string]stats.Row{}
	for _, row := range r.Rows {
		out[row.Label] = row
	}
	return out
}

var overalls = []stats.Overall{stats.MeanOfItems, stats.MeanOfGroups, stats.MeanOfParts, stats.Pooled}

func TestIndexAgreesWithRFromRowsAndFromCells(t *testing.T) {
	want := readExpected(t)
	data := readTable(t, "round.csv")
	sex := data.text("sex")
	for _, c := range []struct {
		name string
		fpc  bool
	}{{"round_wr", false}, {"round_fpc", true}} {
		d := mustDesign(t, roundSpec(data, c.fpc))
		for _, overall := range overalls {
			x := roundIndex(overall)
			estimator, err := roundTally(t, data, c.fpc, x.Sets()).Estimator(stats.LonelyFail)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []struct {
				name  string
				rows  stats.Domain
				cells stats.Domain
			}{
				{"all", d.All(), estimator.All()},
				{"women", d.Where(func(row int) bool { return sex[row] == "f" }),
					estimator.Where(func(k stats.Key) bool { return k.Levels[0] == "f" })},
			} {
				forms, err := d.Index(x, satisfied(data), part.rows)
				if err != nil {
					t.Fatal(err)
				}
				slow := d.Joint(forms)
				fast, err := estimator.Index(x, part.cells)
				if err != nil {
					t.Fatal(err)
				}
				for _, got := range []stats.Result{slow, fast} {
					for label, row := range rowsByLabel(got) {
						if label == "overall" {
							label = string(overall)
						}
						want.agree(row.Value, "%s.%s.%s.value", c.name, part.name, label)
						want.agree(row.SE, "%s.%s.%s.se", c.name, part.name, label)
					}
					want.agree(got.Cov.At(6, 10), "%s.%s.joint.cov", c.name, part.name)
				}
				sameResult(t, fast, slow)
			}
		}
	}
}

// sameResult compares results from cells with those from rows. Design effects of
// composites are not known to cells.
func sameResult(t *testing.T, got, want stats.Result) {
	t.Helper()
	const tolerance = 1e-12
	for i, w := range want.Rows {
		g := got.Rows[i]
		if g.Label != w.Label || g.Level != w.Level || g.N != w.N || g.DF != w.DF || g.Unit != w.Unit {
			t.Errorf("row %d: got %+v, want %+v", i, g, w)
		}
		for _, p := range [][2]float64{{g.Value, w.Value}, {g.SE, w.SE}, {g.SumWeights, w.SumWeights}} {
			if !near(p[0], p[1], tolerance) {
				t.Errorf("%s: got %.17g, want %.17g", w.Label, p[0], p[1])
			}
		}
		if g.Level == stats.LevelItem && !(near(g.Deff, w.Deff, tolerance) && near(g.DeffWR, w.DeffWR, tolerance)) {
			t.Errorf("%s: deff %v and %v, want %v and %v", w.Label, g.Deff, g.DeffWR, w.Deff, w.DeffWR)
		}
		for j := range want.Rows {
			scale := math.Sqrt(want.Cov.At(i, i) * want.Cov.At(j, j))
			if d := math.Abs(got.Cov.At(i, j) - want.Cov.At(i, j)); d > tolerance*scale {
				t.Errorf("cov %d,%d: got %v, want %v", i, j, got.Cov.At(i, j), want.Cov.At(i, j))
			}
		}
	}
}

func near(a, b, tolerance float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) && math.IsNaN(b)
	}
	return math.Abs(a-b) <= tolerance*math.Max(math.Abs(a), math.Abs(b))
}

func TestDeffOfAGroupIsThatOfItsRowMeans(t *testing.T) {
	want := readExpected(t)
	data := readTable(t, "round.csv")
	scores := satisfied(data)
	complete := func(row int) bool {
		for _, s := range scores {
			if math.IsNaN(s.Values[row]) {
				return false
			}
		}
		return true
	}
	spec := roundSpec(data, false)
	// reference.R drops incomplete rows before it makes the design; as no PSU loses
	// all its rows, the domain of complete rows is the same sample.
	d := mustDesign(t, spec)
	forms, err := d.Index(roundIndex(stats.Pooled), scores, d.Where(complete))
	if err != nil {
		t.Fatal(err)
	}
	got := rowsByLabel(d.Joint(forms))["g1"]
	want.agree(got.Value, "complete.group.value")
	want.agree(got.SE, "complete.group.se")
	want.agree(got.Deff, "complete.group.deff")
	want.agree(got.DeffWR, "complete.group.deff_wr")
}

func TestACommunesOwnResultUsesItsVillages(t *testing.T) {
	want := readExpected(t)
	data := readTable(t, "round.csv")
	x := roundIndex(stats.MeanOfItems)
	tally := roundTally(t, data, true, x.Sets())

	main, err := tally.Estimator(stats.LonelyFail)
	if err != nil {
		t.Fatal(err)
	}
	commune := main.Where(func(k stats.Key) bool { return k.Stratum == "h4" && k.PSU == "p1" })
	naive, err := main.Index(x, commune)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range naive.Rows {
		if !math.IsNaN(row.SE) {
			t.Errorf("%s: the main design gives a domain of one PSU the standard error %v, want none", row.Label, row.SE)
		}
	}

	own, err := tally.Conditional("h4", "p1")
	if err != nil {
		t.Fatal(err)
	}
	estimator, err := own.Estimator(stats.LonelyFail)
	if err != nil {
		t.Fatal(err)
	}
	got, err := estimator.Index(x, estimator.All())
	if err != nil {
		t.Fatal(err)
	}
	for label, row := range rowsByLabel(got) {
		if label == "overall" {
			label = string(x.Overall)
		}
		want.agree(row.Value, "conditional.%s.value", label)
		want.agree(row.SE, "conditional.%s.se", label)
	}
}

func TestOneVillageHasAValueButNoStandardError(t *testing.T) {
	x := stats.Index{Items: []string{"q1"}, Overall: stats.MeanOfItems, Share: true}
	tally, err := stats.NewTally(x.Items, x.Sets())
	if err != nil {
		t.Fatal(err)
	}
	cell, err := tally.Cell(stats.Key{Stratum: "commune", PSU: "village", StratumSize: 9})
	if err != nil {
		t.Fatal(err)
	}
	for _, score := range []float64{1, 0, 1, 1} {
		if err := tally.Observe(cell, 10, []float64{score}); err != nil {
			t.Fatal(err)
		}
	}
	estimator, err := tally.Estimator(stats.LonelyCertainty)
	if err != nil {
		t.Fatal(err)
	}
	got, err := estimator.Index(x, estimator.All())
	if err != nil {
		t.Fatal(err)
	}
	row := got.Rows[0]
	if row.Value != 75 || !math.IsNaN(row.SE) || !math.IsNaN(row.Deff) || !math.IsNaN(row.CI(0.95).Low) {
		t.Errorf("got %+v, want value 75 and nothing else", row)
	}
	if len(got.Warnings) == 0 || got.Warnings[0].Code != "stats.too_few_psus" {
		t.Errorf("warnings %v, want too_few_psus", got.Warnings)
	}
}

func TestAnItemWithoutAnswersLeavesItsGroup(t *testing.T) {
	data := readTable(t, "round.csv")
	scores := satisfied(data)
	for i := range scores[1].Values {
		scores[1].Values[i] = math.NaN()
	}
	d := mustDesign(t, roundSpec(data, false))
	forms, err := d.Index(roundIndex(stats.MeanOfGroups), scores, d.All())
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsByLabel(d.Joint(forms))
	if !math.IsNaN(rows["q2"].Value) || rows["g1"].Value != rows["q1"].Value || !near(rows["g1"].SE, rows["q1"].SE, 1e-12) {
		t.Errorf("q1 %+v, q2 %+v, g1 %+v", rows["q1"], rows["q2"], rows["g1"])
	}
}

func TestIndexThatDoesNotHoldTogetherIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*stats.Index)
		code   string
	}{
		"an item twice":           {func(x *stats.Index) { x.Items[1] = "q1" }, "stats.index_duplicate"},
		"a group of nothing":      {func(x *stats.Index) { x.Groups[0].Of = nil }, "stats.index_empty"},
		"a group of an unknown":   {func(x *stats.Index) { x.Groups[0].Of = []string{"q9"} }, "stats.index_unknown"},
		"a part of an unknown":    {func(x *stats.Index) { x.Parts[0].Of = []string{"g9"} }, "stats.index_unknown"},
		"an unknown overall":      {func(x *stats.Index) { x.Overall = "median" }, "stats.index_overall"},
		"an overall over nothing": {func(x *stats.Index) { x.Parts = nil; x.Overall = stats.MeanOfParts }, "stats.index_overall"},
	} {
		x := roundIndex(stats.MeanOfParts)
		c.change(&x)
		wantCode(t, name, x.Check(), c.code)
	}
}
