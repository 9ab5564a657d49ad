package sampling

import (
	"slices"
	"strconv"
)

// makeup is what some people are made up of, as the tests count them.
type makeup struct {
	people int
	sexed  int // of whom the sex is given
	women  int
	heaped int // born in years ending in 0 or 5
	ages   []int
	labels []string // of the age groups
}

// surveyAges are the age groups of the surveys: 18–24, 25–34, 35–49, 50–60, above.
var surveyAges = []AgeGroup{{From: 18, To: 24}, {From: 25, To: 34}, {From: 35, To: 49}, {From: 50, To: 60}, {From: 61}}

// newMakeup is that of nobody, by the age groups of the surveys.
func newMakeup() makeup {
	m := makeup{ages: make([]int, len(surveyAges))}
	for _, g := range surveyAges {
		m.labels = append(m.labels, g.Label())
	}
	return m
}

// makeup counts people, only those wanted unless that is nil, by the age groups of
// the surveys. Who is younger than the first group counts in it: lists hold
// adults, and the year alone may say 17.
func (r *picking) makeup(people []Person, wanted map[PersonKey]bool) makeup {
	m := newMakeup()
	for i := range people {
		if p := &people[i]; wanted == nil || wanted[p.Key] {
			m.see(p, max(groupOf(surveyAges, r.in.Year-p.BirthYear), 0))
		}
	}
	return m
}

// see counts a person in an age group.
func (m *makeup) see(p *Person, group int) {
	m.people++
	m.ages[group]++
	if p.Sex != "" {
		m.sexed++
	}
	if p.Sex == Female {
		m.women++
	}
	if p.BirthYear%5 == 0 {
		m.heaped++
	}
}

func (m *makeup) add(other makeup) {
	m.people, m.sexed, m.women, m.heaped = m.people+other.people, m.sexed+other.sexed, m.women+other.women, m.heaped+other.heaped
	for i, n := range other.ages {
		m.ages[i] += n
	}
}

// share is the distribution of how many of n drawn are among the marked of m.
func (m makeup) share(marked, n int) hyper { return hyper{m.people, marked, n} }

// households are those of a list, and those of them with one person listed.
type households struct{ all, single int }

// countHouseholds counts the households of each list and of all. A list in which
// somebody has none counts nowhere.
func countHouseholds(lists []List) (each []households, all households) {
	each = make([]households, len(lists))
	for i, l := range lists {
		sizes := make(map[string]int)
		for _, p := range l.People {
			if p.Household == "" {
				sizes = nil
				break
			}
			sizes[p.Household]++
		}
		for _, size := range sizes {
			each[i].all++
			if size == 1 {
				each[i].single++
			}
		}
		all.all, all.single = all.all+each[i].all, all.single+each[i].single
	}
	return each, all
}

// order looks at the order of a list's households, each as it stands: that
// spouses follow each other is no pattern.
func (r *picking) order(people []Person) {
	var eldest []int // birth year of each household's eldest
	var first []Sex  // of who stands first in it
	for i, p := range people {
		if i > 0 && p.Household != "" && p.Household == people[i-1].Household {
			eldest[len(eldest)-1] = min(eldest[len(eldest)-1], p.BirthYear)
		} else {
			eldest, first = append(eldest, p.BirthYear), append(first, p.Sex)
		}
	}
	r.halves(eldest)
	r.runs(first)
}

// halves counts the older households in the first half of the list.
func (r *picking) halves(eldest []int) {
	limit := olderHalf(eldest)
	h := hyper{all: len(eldest), drawn: len(eldest) / 2}
	count := 0
	for i, year := range eldest {
		if year <= limit {
			h.marked++
			if i < h.drawn {
				count++
			}
		}
	}
	r.count(ListAlone, PickedByAge, h, count)
}

// olderHalf is the birth year up to which a household counts as older, so that
// half of them do, as nearly as equal years allow.
func olderHalf(years []int) int {
	if len(years) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(years))
	limit := sorted[(len(sorted)-1)/2]
	upTo := func(limit int) int { n, _ := slices.BinarySearch(sorted, limit+1); return n }
	if below := upTo(limit - 1); below > 0 && len(sorted)-2*below < 2*upTo(limit)-len(sorted) {
		return sorted[below-1]
	}
	return limit
}

// runs counts the runs of one sex among those who stand first in a household and
// of whom the sex is given.
func (r *picking) runs(first []Sex) {
	n, women, runs, last := 0, 0, 0, Sex("")
	for _, sex := range first {
		if sex == "" {
			continue
		}
		n++
		if sex == Female {
			women++
		}
		if sex != last {
			runs, last = runs+1, sex
		}
	}
	if n < leastPeople || women == 0 || women == n {
		return
	}
	w, m := float64(women), float64(n-women)
	r.add(Finding{Compared: ListAlone, Test: PickedBySex, Count: runs, Of: n, Expected: 1 + 2*w*m/(w+m), P: fewRuns(women, n-women, runs)})
}

// Label names an age group: "18–24", "61+", "18".
func (g AgeGroup) Label() string {
	switch from := strconv.Itoa(g.From); {
	case g.To == 0:
		return from + "+"
	case g.To == g.From:
		return from
	default:
		return from + "–" + strconv.Itoa(g.To)
	}
}
