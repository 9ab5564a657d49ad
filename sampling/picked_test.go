package sampling_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"hailong/sampling"
	"hailong/territory"
)

// honest makes lists of households of one to four adults, whose sexes and ages
// are the same mixture in every village.
func honest(rng *rand.Rand, villages, households int) []sampling.List {
	lists := make([]sampling.List, villages)
	for v := range lists {
		lists[v].Village = territory.Code(fmt.Sprintf("90001-%02d", v+1))
		for h := range households {
			for i := range 1 + rng.IntN(4) {
				p := sampling.Person{Key: sampling.PersonKey(fmt.Sprint(v, "-", h, "-", i)), BirthYear: 2026 - 18 - rng.IntN(65), Household: fmt.Sprint(h + 1), Sex: sampling.Male}
				if rng.IntN(100) < 52 {
					p.Sex = sampling.Female
				}
				lists[v].People = append(lists[v].People, p)
			}
		}
	}
	return lists
}

func keep(l *sampling.List, wanted func(sampling.Person) bool) {
	l.People = slices.DeleteFunc(l.People, func(p sampling.Person) bool { return !wanted(p) })
}

// Over 400 reports on honest lists the share of reports that flag anything stays
// within three standard errors of the stated 5 %, and so does every single test
// at its own 5 %.
func TestHonestListsAreFlaggedAsRarelyAsStated(t *testing.T) {
	const reports = 400
	rng := rand.New(rand.NewPCG(20260901, 1))
	alarms, low, tries := 0, map[sampling.PickedTest]int{}, map[sampling.PickedTest]int{}
	for i := range reports {
		lists := honest(rng, 6, 30)
		drawn := map[sampling.PersonKey]bool{}
		for _, l := range lists {
			for _, j := range rng.Perm(len(l.People))[:20] {
				drawn[l.People[j].Key] = true
			}
		}
		findings := sampling.FindPicked(sampling.PickedInput{Lists: lists, Drawn: drawn, Year: 2026, Seed: uint64(i)})
		if findings[0].Flagged {
			alarms++
		}
		for _, f := range findings {
			tries[f.Test]++
			if f.P <= .05 {
				low[f.Test]++
			}
		}
	}
	bound := func(n int) float64 { return .05*float64(n) + 3*math.Sqrt(float64(n)*.05*.95) }
	if float64(alarms) > bound(reports) {
		t.Errorf("%d of %d reports flag something, stated are 5 %%", alarms, reports)
	}
	if len(tries) != 8 {
		t.Errorf("%d tests ran, want 8", len(tries))
	}
	for test, n := range tries {
		if float64(low[test]) > bound(n) {
			t.Errorf("%s: %d of %d at 5 %%", test, low[test], n)
		}
	}
	t.Logf("false alarms: %d of %d reports", alarms, reports)
}

// A list that somebody picked is found, among five honest ones, by the test that
// is made for it.
func TestPickedListsAreFound(t *testing.T) {
	age := func(p sampling.Person) int { return 2026 - p.BirthYear }
	seen := map[string]bool{}
	for name, c := range map[string]struct {
		test sampling.PickedTest
		pick func(*sampling.List)
	}{
		"few women": {sampling.PickedSex, func(l *sampling.List) {
			keep(l, func(p sampling.Person) bool { return p.Sex == sampling.Male || age(p) > 65 })
		}},
		"nobody young":     {sampling.PickedYoung, func(l *sampling.List) { keep(l, func(p sampling.Person) bool { return age(p) > 24 }) }},
		"nobody old":       {sampling.PickedOld, func(l *sampling.List) { keep(l, func(p sampling.Person) bool { return age(p) <= 60 }) }},
		"middle ages only": {sampling.PickedAge, func(l *sampling.List) { keep(l, func(p sampling.Person) bool { return age(p) > 30 && age(p) < 50 }) }},
		"one adult a household": {sampling.PickedSingle, func(l *sampling.List) {
			l.People = slices.CompactFunc(l.People, func(a, b sampling.Person) bool { return a.Household == b.Household })
		}},
		"birth years made round": {sampling.PickedHeaping, func(l *sampling.List) {
			for i := range l.People {
				l.People[i].BirthYear -= l.People[i].BirthYear % 5
			}
		}},
		"sorted by age": {sampling.PickedByAge, func(l *sampling.List) {
			slices.SortFunc(l.People, func(a, b sampling.Person) int { return a.BirthYear - b.BirthYear })
		}},
		"men first": {sampling.PickedBySex, func(l *sampling.List) {
			slices.SortStableFunc(l.People, func(a, b sampling.Person) int { return len(a.Sex) - len(b.Sex) })
		}},
	} {
		lists := honest(rand.New(rand.NewPCG(7, 7)), 6, 70)
		c.pick(&lists[2])
		found := false
		for _, f := range sampling.FindPicked(sampling.PickedInput{Lists: lists, Year: 2026}) {
			found = found || f.Flagged && f.Village == lists[2].Village && f.Test == c.test
		}
		if !found {
			t.Errorf("%s: not found by %s", name, c.test)
		}
		seen[string(c.test)] = true
	}
	if len(seen) != 8 {
		t.Errorf("%d tests have a list that they find, want all 8", len(seen))
	}
}

// The drawn people were replaced by men: 20 drawn of a list that is half women.
func TestReplacedPeopleAreFound(t *testing.T) {
	lists := honest(rand.New(rand.NewPCG(3, 3)), 2, 70)
	drawn := map[sampling.PersonKey]bool{}
	for _, p := range lists[0].People {
		if p.Sex == sampling.Male && len(drawn) < 20 {
			drawn[p.Key] = true
		}
	}
	first := sampling.FindPicked(sampling.PickedInput{Lists: lists, Drawn: drawn, Year: 2026})[0]
	if !first.Flagged || !first.Drawn || first.Test != sampling.PickedSex || first.Count != 0 || first.Of != 20 {
		t.Errorf("%+v", first)
	}
}

func TestTheSameListsGiveTheSameReport(t *testing.T) {
	lists := honest(rand.New(rand.NewPCG(5, 5)), 4, 40)
	in := sampling.PickedInput{Lists: lists, Year: 2026, Seed: 1}
	if a, b := sampling.FindPicked(in), sampling.FindPicked(in); !slices.Equal(a, b) {
		t.Error("two reports on the same lists differ")
	}
}

// 412 people listed of 600 inhabitants, 70 % of them adults: 412/420.
func TestCoverage(t *testing.T) {
	for _, c := range []struct {
		listed     int
		population int64
		ratio      float64
		flag       sampling.CoverageFlag
	}{
		{412, 600, 412. / 420, sampling.CoverageFair}, {300, 600, 300. / 420, sampling.CoverageLow}, {480, 600, 480. / 420, sampling.CoverageHigh},
		{601, 600, 601. / 420, sampling.CoverageImpossible}, {10, 0, 0, sampling.CoverageUnknown},
	} {
		got, err := sampling.CoverageOf("90001-01", c.listed, c.population, .7)
		if err != nil || math.Abs(got.Ratio-c.ratio) > 1e-12 || got.Flag != c.flag {
			t.Errorf("%d of %d: %+v, %v", c.listed, c.population, got, err)
		}
	}
	for _, share := range []sampling.AdultShare{0, -1, 1.01, sampling.AdultShare(math.NaN())} {
		if _, err := sampling.CoverageOf("90001-01", 1, 10, share); err == nil {
			t.Errorf("a share of %v was taken", share)
		}
	}
}
