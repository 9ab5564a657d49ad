package sampling

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"hailong/territory"
)

// PickedTest names one way in which a list may differ from what lists are.
type PickedTest string

// The tests, each with its null hypothesis. A "pool" is the people of all
// villages, for a list; and the list itself, for the people drawn from it.
const (
	PickedSex     PickedTest = "sex"        // as many women as n drawn by chance from the pool hold; two-sided
	PickedAge     PickedTest = "age"        // the five age groups as in n drawn by chance from the pool
	PickedYoung   PickedTest = "young"      // not fewer of 18–24 than n drawn by chance hold
	PickedOld     PickedTest = "old"        // not fewer above 60
	PickedHeaping PickedTest = "heaping"    // not more birth years ending in 0 or 5
	PickedSingle  PickedTest = "households" // not more households with one person listed, among households
	PickedByAge   PickedTest = "by_age"     // households stand in an order that has nothing to do with age
	PickedBySex   PickedTest = "by_sex"     // nor with sex: not fewer runs of one sex
)

// Finding is the outcome of one test. Adjusted is Holm's p-value over all tests
// of the report: where every list is honest, the chance that any finding of the
// report is flagged is at most Alpha, however the tests depend on each other.
type Finding struct {
	Village  territory.Code `json:"village"`
	Drawn    bool           `json:"drawn"` // of the drawn people against their list
	Test     PickedTest     `json:"test"`
	Count    int            `json:"count"`    // observed: women, people of the age, runs, …; 0 where there is no single count
	Of       int            `json:"of"`       // people or households looked at
	Expected float64        `json:"expected"` // under the null hypothesis
	P        float64        `json:"p_value"`
	Adjusted float64        `json:"p_adjusted"`
	Flagged  bool           `json:"flagged"`
}

// PickedInput is what is looked at.
type PickedInput struct {
	Lists []List
	Drawn map[PersonKey]bool // who was drawn, reserves included; nil before the draw
	Year  int                // in which the ages are reckoned
	Alpha float64            // chance of any false alarm in the report; DefaultAlpha if 0
	Seed  uint64             // of the permutations
}

// DefaultAlpha is the chance that a report on honest lists flags anything.
const DefaultAlpha = 0.05

// leastPeople is how many people a test needs: with fewer nothing can be told.
const leastPeople = 15

// FindPicked runs every test that the lists allow and returns the findings, the
// smallest p-value first. Counts are compared by the hypergeometric distribution
// (exact given the pool's totals), age groups and order by permutations
// (sequential Monte Carlo, Besag and Clifford 1991), and all by Holm (1979). What
// is flagged differs from the other lists; whether somebody picked, and who, it
// does not say.
func FindPicked(in PickedInput) []Finding {
	if in.Alpha == 0 {
		in.Alpha = DefaultAlpha
	}
	r := picking{in: in, most: permutationsFor(in)}
	var pool []Person
	for _, l := range in.Lists {
		pool = append(pool, l.People...)
	}
	for _, l := range in.Lists {
		r.village = l.Village
		if len(in.Lists) > 1 {
			r.compare(pool, l.People)
			r.heaping(pool, l.People)
			r.households(l)
		}
		r.order(l)
		r.drawn(l)
	}
	holm(r.findings, in.Alpha)
	return r.findings
}

// permutationsFor is how many permutations it takes for the smallest p-value to
// pass Holm's first step ten times over.
func permutationsFor(in PickedInput) int {
	const testsAList, least, most = 10, 9_999, 400_000
	return min(max(least, int(10*testsAList*float64(len(in.Lists))/in.Alpha)), most)
}

// picking gathers the findings of a report.
type picking struct {
	in       PickedInput
	most     int
	village  territory.Code
	ofDrawn  bool
	findings []Finding
}

func (r *picking) add(f Finding) {
	f.Village, f.Drawn = r.village, r.ofDrawn
	r.findings = append(r.findings, f)
}

// random is the source of one test's permutations: the same lists give the same
// report.
func (r *picking) random(test PickedTest) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(string(r.village) + "\n" + string(test)))
	if r.ofDrawn {
		h.Write([]byte{'d'})
	}
	return rand.New(rand.NewPCG(r.in.Seed, h.Sum64()))
}

// compare looks at sex and age of a part of a pool.
func (r *picking) compare(pool, part []Person) {
	female := func(p Person) bool { return p.Sex == Female }
	sexed := func(people []Person) []Person {
		return slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return p.Sex == "" })
	}
	r.count(PickedSex, tallied(sexed(pool), sexed(part), female), hyper.twoSided)
	r.count(PickedYoung, tallied(pool, part, func(p Person) bool { return r.band(p) == 0 }), hyper.lower)
	r.count(PickedOld, tallied(pool, part, func(p Person) bool { return r.band(p) == len(ageLimits) }), hyper.lower)
	r.ages(pool, part)
}

func (r *picking) heaping(pool, part []Person) {
	r.count(PickedHeaping, tallied(pool, part, func(p Person) bool { return p.BirthYear%5 == 0 }), hyper.upper)
}

func (r *picking) drawn(l List) {
	if r.in.Drawn == nil {
		return
	}
	part := slices.DeleteFunc(slices.Clone(l.People), func(p Person) bool { return !r.in.Drawn[p.Key] })
	r.ofDrawn = true
	r.compare(l.People, part)
	r.ofDrawn = false
}

// observed is a count in a part of a pool.
type observed struct {
	hyper
	count int
}

func tallied(pool, part []Person, is func(Person) bool) observed {
	o := observed{hyper: hyper{all: len(pool), drawn: len(part)}}
	for _, p := range pool {
		if is(p) {
			o.marked++
		}
	}
	for _, p := range part {
		if is(p) {
			o.count++
		}
	}
	return o
}

func (r *picking) count(test PickedTest, o observed, tail func(hyper, int) float64) {
	if o.drawn < leastPeople || o.drawn == o.all || o.marked == 0 || o.marked == o.all {
		return
	}
	r.add(Finding{Test: test, Count: o.count, Of: o.drawn, Expected: o.mean(), P: tail(o.hyper, o.count)})
}

// households compares the share of households of which one person is listed.
func (r *picking) households(l List) {
	var o observed
	for _, other := range r.in.Lists {
		sizes := map[string]int{}
		for _, p := range other.People {
			if p.Household == "" {
				sizes = nil
				break
			}
			sizes[p.Household]++
		}
		for _, size := range sizes {
			o.all++
			if size == 1 {
				o.marked++
			}
			if other.Village == l.Village {
				o.drawn++
				if size == 1 {
					o.count++
				}
			}
		}
	}
	r.count(PickedSingle, o, hyper.upper)
}

// ageLimits end the age groups of the surveys: 18–24, 25–34, 35–49, 50–60, above.
var ageLimits = []int{24, 34, 49, 60}

func (r *picking) band(p Person) int {
	band, _ := slices.BinarySearch(ageLimits, r.in.Year-p.BirthYear)
	return band
}

// ages compares the age groups by Pearson's statistic among parts of the same
// size, drawn from the pool by chance.
func (r *picking) ages(pool, part []Person) {
	n, all := len(part), len(pool)
	if n < leastPeople || n == all {
		return
	}
	bands := make([]int, all)
	var total, seen [5]int
	for i, p := range pool {
		bands[i] = r.band(p)
		total[bands[i]]++
	}
	for _, p := range part {
		seen[r.band(p)]++
	}
	pearson := func(counts [5]int) float64 {
		sum := 0.0
		for b, c := range counts {
			if total[b] > 0 {
				e := float64(n) * float64(total[b]) / float64(all)
				sum += (float64(c) - e) * (float64(c) - e) / e
			}
		}
		return sum
	}
	rng, limit := r.random(PickedAge), pearson(seen)-1e-9
	p := r.permute(func() bool {
		var counts [5]int
		for i := range n {
			j := i + rng.IntN(all-i)
			bands[i], bands[j] = bands[j], bands[i]
			counts[bands[i]]++
		}
		return pearson(counts) >= limit
	})
	r.add(Finding{Test: PickedAge, Of: n, P: p})
}

// enough is after how many permutations as extreme as the list a test stops: its
// p-value is then known well enough, and not small.
const enough = 20

// permute is the sequential Monte Carlo p-value: enough / l if the l-th
// permutation is the last of enough that are as extreme, else (found+1)/(most+1).
func (r *picking) permute(extreme func() bool) float64 {
	found := 0
	for l := 1; l <= r.most; l++ {
		if extreme() {
			found++
		}
		if found == enough {
			return float64(enough) / float64(l)
		}
	}
	return float64(found+1) / float64(r.most+1)
}

// order permutes the households of a list, each as it stands: that spouses
// follow each other is no pattern.
func (r *picking) order(l List) {
	n := len(l.People)
	var blocks [][]Person
	for i, p := range l.People {
		if i > 0 && p.Household != "" && p.Household == l.People[i-1].Household {
			blocks[len(blocks)-1] = append(blocks[len(blocks)-1], p)
		} else {
			blocks = append(blocks, []Person{p})
		}
	}
	if len(blocks) < leastPeople {
		return
	}
	years, women := 0, 0
	for _, p := range l.People {
		years += p.BirthYear
		if p.Sex == Female {
			women++
		}
	}
	trend, runs := patterns(blocks, n, years)
	shuffled := func(test PickedTest, extreme func() bool) float64 {
		rng := r.random(test)
		return r.permute(func() bool {
			rng.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
			return extreme()
		})
	}
	if trend != 0 {
		p := shuffled(PickedByAge, func() bool { t, _ := patterns(blocks, n, years); return abs(t) >= abs(trend) })
		r.add(Finding{Test: PickedByAge, Of: n, P: p})
	}
	if women > 0 && women < n {
		p := shuffled(PickedBySex, func() bool { _, k := patterns(blocks, n, years); return k <= runs })
		w, m := float64(women), float64(n-women)
		r.add(Finding{Test: PickedBySex, Count: runs, Of: n, Expected: 1 + 2*w*m/(w+m), P: p})
	}
}

// patterns are the covariance of place and birth year, in whole numbers, and the
// number of runs of one sex.
func patterns(blocks [][]Person, n, years int) (trend int64, runs int) {
	place, last := 0, Sex("-")
	for _, block := range blocks {
		for _, p := range block {
			place++
			trend += int64(place) * int64(n*p.BirthYear-years)
			if p.Sex != last {
				runs++
				last = p.Sex
			}
		}
	}
	return trend, runs
}

func abs(x int64) int64 { return max(x, -x) }

// holm adjusts the p-values and sorts the findings by them.
func holm(findings []Finding, alpha float64) {
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(a.P, b.P) })
	worst := 0.0
	for i := range findings {
		worst = max(worst, min(1, float64(len(findings)-i)*findings[i].P))
		findings[i].Adjusted, findings[i].Flagged = worst, worst <= alpha
	}
}
