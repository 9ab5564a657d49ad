package sampling

import (
	"cmp"
	"slices"

	"hailong/territory"
)

// PickedTest names one way in which people on a list may differ from what they
// are compared with.
type PickedTest string

// The tests, each with its null hypothesis. A "pool" is what people are compared
// with: see Comparison.
const (
	PickedSex     PickedTest = "sex"        // as many women as n drawn by chance from the pool hold; two-sided
	PickedAge     PickedTest = "age"        // the age groups as in n drawn by chance from the pool; two-sided
	PickedYoung   PickedTest = "young"      // not fewer of 18–24 than n drawn by chance hold
	PickedOld     PickedTest = "old"        // not fewer above 60
	PickedHeaping PickedTest = "heaping"    // not more birth years ending in 0 or 5
	PickedSingle  PickedTest = "households" // not more households with one person listed, among households
	PickedByAge   PickedTest = "by_age"     // households stand in an order that has nothing to do with age
	PickedBySex   PickedTest = "by_sex"     // nor with the sex of who stands first in each: not fewer runs
)

// Comparison says who is compared with which pool.
type Comparison string

// The comparisons.
const (
	ListWithLists    Comparison = "lists"    // a list with the people on all lists
	ListWithPyramid  Comparison = "pyramid"  // a list with the census figures that hold for its village
	DrawnWithList    Comparison = "drawn"    // the people drawn from a list, reserves too, with the list
	AnsweredWithList Comparison = "answered" // those of them who answered, with the list
	ListAlone        Comparison = "order"    // the order of a list with any other order of its households
)

// Finding is the outcome of one test. Adjusted is Holm's p-value over all tests
// of the report: where every list is honest, the chance that any finding of the
// report is flagged is at most Alpha, however the tests depend on each other.
type Finding struct {
	Village  territory.Code `json:"village"`
	Compared Comparison     `json:"compared"`
	Test     PickedTest     `json:"test"`
	Ages     string         `json:"ages,omitempty"` // PickedAge: the group that differs most
	Count    int            `json:"count"`          // observed: women, people of the age, runs, …
	Of       int            `json:"of"`             // people or households looked at
	Expected float64        `json:"expected"`       // under the null hypothesis
	P        float64        `json:"p_value"`
	Adjusted float64        `json:"p_adjusted"`
	Flagged  bool           `json:"flagged"`
}

// PickedInput is what is looked at.
type PickedInput struct {
	Lists    []List
	Pyramids map[territory.Code]Pyramid // by village, the census figures to compare its list with; none without
	Drawn    map[PersonKey]bool         // who was drawn, reserves included; nil before the draw
	Answered map[PersonKey]bool         // who answered; nil if that is not known
	Year     int                        // in which the ages are reckoned
	Alpha    float64                    // chance of any false alarm in the report; DefaultAlpha if 0
}

// DefaultAlpha is the chance that a report on honest lists flags anything.
const DefaultAlpha = 0.05

// leastPeople is how many people a test needs: with fewer nothing can be told.
const leastPeople = 15

// FindPicked runs every test that the lists allow and returns the findings, the
// smallest p-value first. Every p-value is exact given the totals of the pool:
// counts are hypergeometric, age groups take the smallest of their p-values times
// their number (Bonferroni), runs have the distribution of Wald and Wolfowitz
// (1940). All are adjusted together by Holm (1979). What is flagged differs from
// what it is compared with; whether somebody picked, and who, it does not say.
func FindPicked(in PickedInput) []Finding {
	if in.Alpha == 0 {
		in.Alpha = DefaultAlpha
	}
	r := picking{in: in}
	makeups := make([]makeup, len(in.Lists))
	pool := newMakeup()
	for i, l := range in.Lists {
		makeups[i] = r.makeup(l.People, nil)
		pool.add(makeups[i])
	}
	households, all := countHouseholds(in.Lists)
	for i, l := range in.Lists {
		r.village = l.Village
		if len(in.Lists) > 1 {
			r.compare(ListWithLists, pool, makeups[i])
			r.count(ListWithLists, PickedHeaping, pool.share(pool.heaped, makeups[i].people), makeups[i].heaped)
			r.count(ListWithLists, PickedSingle, hyper{all.all, all.single, households[i].all}, households[i].single)
		}
		if p, known := in.Pyramids[l.Village]; known {
			r.pyramid(p, l.People)
		}
		r.part(DrawnWithList, makeups[i], l.People, in.Drawn)
		r.part(AnsweredWithList, makeups[i], l.People, in.Answered)
		r.order(l.People)
	}
	holm(r.findings, in.Alpha)
	return r.findings
}

// picking gathers the findings of a report.
type picking struct {
	in       PickedInput
	village  territory.Code
	findings []Finding
}

// compare looks at sex and age of some people beside those of a pool.
func (r *picking) compare(with Comparison, pool, part makeup) {
	r.count(with, PickedSex, hyper{pool.sexed, pool.women, part.sexed}, part.women)
	r.count(with, PickedYoung, pool.share(pool.ages[0], part.people), part.ages[0])
	last := len(pool.ages) - 1
	r.count(with, PickedOld, pool.share(pool.ages[last], part.people), part.ages[last])
	r.ages(with, pool, part)
}

// part compares some of a list's people with the list.
func (r *picking) part(with Comparison, list makeup, people []Person, wanted map[PersonKey]bool) {
	if wanted != nil {
		r.compare(with, list, r.makeup(people, wanted))
	}
}

// tails say which counts are as extreme as the one observed.
var tails = map[PickedTest]func(hyper, int) float64{
	PickedSex: hyper.twoSided, PickedAge: hyper.twoSided, PickedYoung: hyper.lower, PickedOld: hyper.lower,
	PickedHeaping: hyper.upper, PickedSingle: hyper.upper, PickedByAge: hyper.twoSided,
}

// tells reports whether a count can tell anything: enough people, not the whole
// pool, and not all alike.
func (h hyper) tells() bool {
	return h.drawn >= leastPeople && h.drawn < h.all && h.marked > 0 && h.marked < h.all
}

// count tests one count.
func (r *picking) count(with Comparison, test PickedTest, h hyper, count int) {
	if h.tells() {
		r.add(Finding{Compared: with, Test: test, Count: count, Of: h.drawn, Expected: h.mean(), P: tails[test](h, count)})
	}
}

func (r *picking) add(f Finding) {
	f.Village = r.village
	r.findings = append(r.findings, f)
}

// ages takes the group that differs most. Whatever the groups have to do with
// each other, the smallest of m p-values times m is one.
func (r *picking) ages(with Comparison, pool, part makeup) {
	worst, groups := Finding{P: 2}, 0
	for i, count := range part.ages {
		h := pool.share(pool.ages[i], part.people)
		if !h.tells() {
			continue
		}
		groups++
		if p := hyper.twoSided(h, count); p < worst.P {
			worst = Finding{Compared: with, Test: PickedAge, Ages: pool.labels[i], Count: count, Of: h.drawn, Expected: h.mean(), P: p}
		}
	}
	if groups > 0 {
		worst.P = min(1, float64(groups)*worst.P)
		r.add(worst)
	}
}

// holm adjusts the p-values and sorts the findings by them.
func holm(findings []Finding, alpha float64) {
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(a.P, b.P) })
	worst := 0.0
	for i := range findings {
		worst = max(worst, min(1, float64(len(findings)-i)*findings[i].P))
		findings[i].Adjusted, findings[i].Flagged = worst, worst <= alpha
	}
}
