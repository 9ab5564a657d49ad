package stats_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"hailong/stats"
)

func indexOf(t testing.TB, tally *stats.Tally, x stats.Index, lonely stats.LonelyPSU) stats.Result {
	t.Helper()
	e, err := tally.Estimator(lonely)
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Index(x, e.All())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestATallyReadBackGivesTheVerySameFigures(t *testing.T) {
	x := roundIndex(stats.MeanOfParts)
	tally := roundTally(t, readTable(t, "round.csv"), true, x.Sets())
	var file bytes.Buffer
	if err := tally.WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	text := file.String()
	back, err := stats.ReadTally(&file)
	if err != nil {
		t.Fatal(err)
	}
	want, got := indexOf(t, tally, x, stats.LonelyFail), indexOf(t, back, x, stats.LonelyFail)
	for i := range want.Rows {
		if fmt.Sprint(got.Rows[i]) != fmt.Sprint(want.Rows[i]) {
			t.Errorf("got %v, want %v", got.Rows[i], want.Rows[i])
		}
	}
	if !reflect.DeepEqual(got.Cov, want.Cov) {
		t.Error("covariances differ")
	}
	var again bytes.Buffer
	if err := back.WriteCSV(&again); err != nil {
		t.Fatal(err)
	}
	if again.String() != text {
		t.Error("written again, the file differs")
	}
}

func TestATallyFileThatIsNoneIsRefusedByRow(t *testing.T) {
	header := "variance_stratum,stratum_size,psu,psu_size,ssu,kind,items,n,w,w_score,w_score2\n"
	shape := header + ",,,,,counted_item,q1,,,,\n"
	for name, c := range map[string]struct{ file, code string }{
		"other columns":        {"a,b\n", "stats.tally_header"},
		"a crossing unnamed":   {strings.Replace(header, "kind", "sex,kind", 1), "stats.tally_header"},
		"no number":            {shape + "h,0,p,0,s,cell,,x,1,,\n", "stats.tally_number"},
		"a negative weight":    {shape + "h,0,p,0,s,cell,,1,-1,,\n", "stats.tally_number"},
		"an item not counted":  {shape + "h,0,p,0,s,item,q2,1,1,1,1\n", "stats.tally_row"},
		"counted afterwards":   {shape + "h,0,p,0,s,cell,,1,1,,\n,0,,0,,counted_item,q2,0,0,,\n", "stats.tally_row"},
		"a set of the unknown": {shape + ",,,,,counted_set,q1 q7,,,,\nh,0,p,0,s,cell,,1,1,,\n", "stats.tally_unknown_item"},
		"a size that differs":  {shape + "h,9,p,0,s,cell,,1,1,,\nh,8,p2,0,s,cell,,1,1,,\n", "stats.tally_size_differs"},
	} {
		_, err := stats.ReadTally(strings.NewReader(c.file))
		wantCode(t, name, err, c.code)
	}
}

// smallRound is a random round: up to 4 strata of 2-4 PSUs of 1-3 SSUs.
type person struct {
	key    stats.Key
	weight float64
	scores []float64
}

func smallRound(rng *rand.Rand, items int) []person {
	var people []person
	for h := range 1 + rng.IntN(4) {
		for p := range 2 + rng.IntN(3) {
			for s := range 1 + rng.IntN(3) {
				for range 1 + rng.IntN(9) {
					scores := make([]float64, items)
					for i := range scores {
						scores[i] = float64(rng.IntN(2))
						if rng.IntN(8) == 0 {
							scores[i] = math.NaN()
						}
					}
					key := stats.Key{Stratum: fmt.Sprint("h", h), PSU: fmt.Sprint("p", p), SSU: fmt.Sprint("s", s),
						StratumSize: 20, PSUSize: 10}
					people = append(people, person{key, 1 + 9*rng.Float64(), scores})
				}
			}
		}
	}
	return people
}

var threeItems = stats.Index{Items: []string{"a", "b", "c"}, Groups: []stats.Composite{{ID: "g", Of: []string{"a", "b"}}},
	Overall: stats.MeanOfItems, Share: true}

func tallyOf(t testing.TB, people []person) *stats.Tally {
	t.Helper()
	tally, err := stats.NewTally(threeItems.Items, threeItems.Sets())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		cell, err := tally.Cell(p.key)
		if err != nil {
			t.Fatal(err)
		}
		if err := tally.Observe(cell, p.weight, p.scores); err != nil {
			t.Fatal(err)
		}
	}
	return tally
}

func FuzzTalliesOfPartsAddUpToTheTallyOfTheWhole(f *testing.F) {
	f.Add(uint64(1), uint8(3))
	f.Add(uint64(99), uint8(0))
	f.Fuzz(func(t *testing.T, seed uint64, cut uint8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		people := smallRound(rng, 3)
		at := int(cut) % (len(people) + 1)
		sum := tallyOf(t, people[at:])
		if err := sum.Add(tallyOf(t, people[:at])); err != nil {
			t.Fatal(err)
		}
		want, got := tallyOf(t, people).Cells(), sum.Cells()
		if len(got) != len(want) {
			t.Fatalf("%d cells, want %d", len(got), len(want))
		}
		for i := range want {
			if got[i].All.N != want[i].All.N || !near(got[i].All.W, want[i].All.W, 1e-13) {
				t.Errorf("cell %v: %+v, want %+v", want[i].Key, got[i].All, want[i].All)
			}
			for j := range want[i].Items {
				g, w := got[i].Items[j], want[i].Items[j]
				if g.N != w.N || !near(g.W, w.W, 1e-13) || !near(g.WY, w.WY, 1e-13) {
					t.Errorf("cell %v item %d: %+v, want %+v", want[i].Key, j, g, w)
				}
			}
		}
	})
}

func FuzzMergedCellsAreNotSmallAndLoseNobody(f *testing.F) {
	f.Add(uint64(1), uint8(5))
	f.Add(uint64(7), uint8(30))
	f.Fuzz(func(t *testing.T, seed uint64, size uint8) {
		k := int(size%40) + 1
		tally := tallyOf(t, smallRound(rand.New(rand.NewPCG(seed, 2)), 3))
		merged, problems, err := tally.Merge(k)
		if err != nil {
			t.Fatal(err)
		}
		reported := map[any]bool{}
		for _, p := range problems {
			reported[p.Args[0].Value] = true
		}
		for _, c := range merged.Cells() {
			if c.All.N < int64(k) && !reported[c.Key.Stratum] {
				t.Errorf("cell %v has %d respondents, fewer than %d, and its stratum is not reported", c.Key, c.All.N, k)
			}
		}
		before := indexOf(t, tally, threeItems, stats.LonelyCertainty)
		after := indexOf(t, merged, threeItems, stats.LonelyCertainty)
		for i := range before.Rows {
			b, a := before.Rows[i], after.Rows[i]
			if b.N != a.N || !near(b.Value, a.Value, 1e-12) || a.DF > b.DF {
				t.Errorf("merging changed %+v to %+v", b, a)
			}
		}
	})
}

func TestSmallUnitsJoinTheNextInOrder(t *testing.T) {
	tally, err := stats.NewTally([]string{"a"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		psu, ssu string
		n        int
	}{
		{"p1", "s1", 6}, {"p1", "s2", 2}, {"p1", "s3", 4}, // s2 joins s3
		{"p2", "s1", 2}, {"p2", "s2", 2}, // 4 people: p2 joins p3
		{"p3", "s1", 5}, {"p3", "s2", 0}, {"p3", "s3", 1}, // s2 stays; s3 joins s1
		{"p4", "s1", 3}, // the last joins the one before it
	} {
		cell, err := tally.Cell(stats.Key{Stratum: "h", PSU: c.psu, SSU: c.ssu, StratumSize: 8})
		if err != nil {
			t.Fatal(err)
		}
		for range c.n {
			if err := tally.Observe(cell, 1, []float64{1}); err != nil {
				t.Fatal(err)
			}
		}
	}
	merged, problems, err := tally.Merge(5)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	var got []string
	for _, c := range merged.Cells() {
		got = append(got, fmt.Sprintf("%s|%s|%d", c.Key.PSU, c.Key.SSU, c.All.N))
		if c.Key.StratumSize != 4 {
			t.Errorf("population of %v PSUs, want 4: two of four drawn, of 8", c.Key.StratumSize)
		}
	}
	want := "p1|s1|6 p1|s2+s3|6 p2+p3+p4|p2/s1+p2/s2+p3/s1+p3/s3+p4/s1|13 p2+p3+p4|p3/s2|0"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

func TestAStratumTooSmallToMergeIsReported(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	_, problems, err := tallyOf(t, smallRound(rng, 3)).Merge(1000)
	if err != nil || len(problems) == 0 || problems[0].Code != "stats.merge_small_stratum" {
		t.Errorf("problems %v, %v; want every stratum reported", problems, err)
	}
}

func TestReweightingCellsIsReweightingTheirPeople(t *testing.T) {
	people := smallRound(rand.New(rand.NewPCG(4, 4)), 3)
	factor := func(k stats.Key) float64 { return 1 + float64(len(k.PSU+k.SSU))*float64(k.SSU[1]) }
	byCell, err := tallyOf(t, people).Reweight(factor)
	if err != nil {
		t.Fatal(err)
	}
	for i := range people {
		people[i].weight *= factor(people[i].key)
	}
	sameResult(t, indexOf(t, byCell, threeItems, stats.LonelyCertainty),
		indexOf(t, tallyOf(t, people), threeItems, stats.LonelyCertainty))
}

func TestNonrespondentsWeightGoesToTheirCell(t *testing.T) {
	nan := math.NaN()
	got, err := stats.AdjustNonresponse([]float64{10, 10, 20, 5, 7}, []float64{1, 0, 1, 1, nan},
		labels("cell", "x", "x", "x", "y", "y"))
	if err != nil {
		t.Fatal(err)
	}
	// Cell x: 40 eligible over 30 answered; cell y: 5 over 5; the last is not eligible.
	want := []float64{10 * 40.0 / 30, 0, 20 * 40.0 / 30, 5, 0}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNonresponseThatCannotBeAdjustedIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		responded []float64
		cells     stats.Labels
		code      string
	}{
		"nobody answered in a cell": {[]float64{1, 0}, labels("c", "x", "y"), "stats.cell_without_answers"},
		"neither yes nor no":        {[]float64{1, 2}, labels("c", "x", "x"), "stats.responded_invalid"},
		"a missing cell":            {[]float64{1, 1}, labels("c", "x", ""), "stats.label_missing"},
		"a column too short":        {[]float64{1}, labels("c", "x", "x"), "stats.length"},
	} {
		_, err := stats.AdjustNonresponse([]float64{1, 1}, c.responded, c.cells)
		wantCode(t, name, err, c.code)
	}
}
