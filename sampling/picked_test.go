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

// pyramidOf counts the people of lists as a census two years before did, in the
// age groups of a yearbook.
func pyramidOf(lists []sampling.List) sampling.Pyramid {
	p := sampling.Pyramid{Unit: "90001", Year: 2024}
	for from := 10; from < 90; from += 10 {
		p.Groups = append(p.Groups, sampling.AgeGroup{From: from, To: from + 9})
	}
	p.Groups[0].From, p.Groups[0].To = 16, 19 // who came of age since is in it
	for _, l := range lists {
		for _, one := range l.People {
			g := &p.Groups[max((2024-one.BirthYear)/10-1, 0)]
			if one.Sex == sampling.Female {
				g.Women++
			} else {
				g.Men++
			}
		}
	}
	return p
}

// someOf is a number of people of each list by chance.
func someOf(rng *rand.Rand, lists []sampling.List, n int) map[sampling.PersonKey]bool {
	keys := map[sampling.PersonKey]bool{}
	for _, l := range lists {
		for _, j := range rng.Perm(len(l.People))[:n] {
			keys[l.People[j].Key] = true
		}
	}
	return keys
}

// honestInput is a report's input on honest lists of six of a commune's 24 villages, whose
// figures are known; 22 people are drawn of each and 17 answer.
func honestInput(rng *rand.Rand) sampling.PickedInput {
	commune := honest(rng, 24, 30)
	in := sampling.PickedInput{Lists: commune[:6], Pyramids: map[territory.Code]sampling.Pyramid{}, Year: 2026}
	figures := pyramidOf(commune)
	for _, l := range in.Lists {
		in.Pyramids[l.Village] = figures
	}
	in.Drawn, in.Answered = someOf(rng, in.Lists, 22), someOf(rng, in.Lists, 17)
	return in
}

// kindOfTest is one test of one comparison.
type kindOfTest struct {
	sampling.Comparison
	sampling.PickedTest
}

// Over 400 reports on honest lists the share of reports that flag anything stays
// within three standard errors of the stated 5 %, and so does every single test
// at its own 5 %.
func TestHonestListsAreFlaggedAsRarelyAsStated(t *testing.T) {
	const reports = 400
	rng := rand.New(rand.NewPCG(20260901, 1))
	alarms, low, tries := 0, map[kindOfTest]int{}, map[kindOfTest]int{}
	for range reports {
		findings := sampling.FindPicked(honestInput(rng))
		if findings[0].Flagged {
			alarms++
		}
		for _, f := range findings {
			kind := kindOfTest{f.Compared, f.Test}
			tries[kind]++
			if f.P <= .05 {
				low[kind]++
			}
		}
	}
	bound := func(n int) float64 { return .05*float64(n) + 3*math.Sqrt(float64(n)*.05*.95) }
	if float64(alarms) > bound(reports) {
		t.Errorf("%d of %d reports flag something, stated are 5 %%", alarms, reports)
	}
	if len(tries) != 6+2+4+4+2 { // lists, pyramid, drawn, answered, order
		t.Errorf("%d tests ran, want 18: %v", len(tries), tries)
	}
	for test, n := range tries {
		if float64(low[test]) > bound(n) {
			t.Errorf("%s: %d of %d at 5 %%", test, low[test], n)
		}
		t.Logf("%s: %d of %d at 5 %%", test, low[test], n)
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
	if !first.Flagged || first.Compared != sampling.DrawnWithList || first.Test != sampling.PickedSex || first.Count != 0 || first.Of != 20 {
		t.Errorf("%+v", first)
	}
}

// A commune of 2,000 adults has half of them women and a quarter above 60. One
// list holds its share of both; of another somebody struck out the old, and from
// the third the women: each is found by the figures alone, since there is no other
// list to compare with.
func TestListsAreComparedWithTheCensus(t *testing.T) {
	figures := sampling.Pyramid{Year: 2026, Groups: []sampling.AgeGroup{{From: 0, To: 17, Women: 400, Men: 400}, {From: 18, To: 39, Women: 500, Men: 500}, {From: 40, To: 60, Women: 250, Men: 250}, {From: 61, Women: 250, Men: 250}}}
	make := func(young, middle, old, women int) []sampling.List {
		l := sampling.List{Village: "90001-01"}
		for i := range young + middle + old {
			p := sampling.Person{Key: sampling.PersonKey(fmt.Sprint(i)), Sex: sampling.Male, BirthYear: 1990}
			if i >= young {
				p.BirthYear = 1976
			}
			if i >= young+middle {
				p.BirthYear = 1950
			}
			if i*37%(young+middle+old) < women {
				p.Sex = sampling.Female
			}
			l.People = append(l.People, p)
		}
		return []sampling.List{l}
	}
	for _, c := range []struct {
		name  string
		lists []sampling.List
		test  sampling.PickedTest
		ages  string
	}{
		{"as the commune", make(100, 50, 50, 100), "", ""},
		{"without the old", make(130, 70, 0, 100), sampling.PickedAge, "61+"},
		{"without women", make(100, 50, 50, 40), sampling.PickedSex, ""},
	} {
		in := sampling.PickedInput{Lists: c.lists, Year: 2026, Pyramids: map[territory.Code]sampling.Pyramid{"90001-01": figures}}
		var found []sampling.Finding
		for _, f := range sampling.FindPicked(in) {
			if f.Compared == sampling.ListWithPyramid && f.Flagged {
				found = append(found, f)
			}
		}
		if c.test == "" && len(found) == 0 {
			continue
		}
		if len(found) != 1 || found[0].Test != c.test || found[0].Ages != c.ages {
			t.Errorf("%s: %+v", c.name, found)
		}
	}
}

// Whoever was 16 in 2024 is 18 in 2026 and belongs to the group of 16–17; the
// group of 10–15 is not of age yet and is left out on both sides. By hand: of 40
// in the figures 20 are women; of the 18 on the list 9.
func TestAgesAreReckonedInTheYearOfTheFigures(t *testing.T) {
	figures := sampling.Pyramid{Year: 2024, Groups: []sampling.AgeGroup{{From: 10, To: 15, Women: 99}, {From: 16, To: 17, Women: 10, Men: 10}, {From: 18, Women: 10, Men: 10}}}
	l := sampling.List{Village: "v"}
	for i := range 18 {
		p := sampling.Person{Key: sampling.PersonKey(fmt.Sprint(i)), Sex: []sampling.Sex{sampling.Male, sampling.Female}[i%2], BirthYear: 2008 - i/9*10}
		l.People = append(l.People, p)
	}
	for _, f := range sampling.FindPicked(sampling.PickedInput{Lists: []sampling.List{l}, Year: 2026, Pyramids: map[territory.Code]sampling.Pyramid{"v": figures}}) {
		if f.Compared == sampling.ListWithPyramid && (f.Count != 9 || f.Of != 18 || f.Expected != 9 || f.P != 1) {
			t.Errorf("%+v", f)
		}
	}
}

func TestTheSameListsGiveTheSameReport(t *testing.T) {
	lists := honest(rand.New(rand.NewPCG(5, 5)), 4, 40)
	in := sampling.PickedInput{Lists: lists, Year: 2026}
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
