package sampling

import (
	"cmp"
	"iter"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hailong/fault"
	"hailong/territory"
)

// Pyramid is how many people of each sex and age live in a unit, by a census or a
// register of one year.
type Pyramid struct {
	Unit   territory.Code `json:"unit"`
	Year   int            `json:"year"`
	Groups []AgeGroup     `json:"groups"` // by age, none twice
}

// AgeGroup is people of some ages, in full years; both ends belong to it. To 0 is
// no upper end.
type AgeGroup struct {
	From  int `json:"from"`
	To    int `json:"to,omitempty"`
	Women int `json:"women"`
	Men   int `json:"men"`
}

// holds reports whether an age belongs to the group.
func (g AgeGroup) holds(age int) bool { return age >= g.From && (g.To == 0 || age <= g.To) }

// groupOf is the place of the group that an age belongs to, -1 for none.
func groupOf(groups []AgeGroup, age int) int {
	return slices.IndexFunc(groups, func(g AgeGroup) bool { return g.holds(age) })
}

// pyramid compares a list with census figures, cohort by cohort: people are put
// into the groups by the age that they had in the year of the figures, and groups
// in which somebody is not of age yet are left out on both sides.
func (r *picking) pyramid(p Pyramid, people []Person) {
	var pool makeup
	var groups []AgeGroup
	for _, g := range p.Groups {
		if g.From+r.in.Year-p.Year < adultAge {
			continue
		}
		groups = append(groups, g)
		pool.ages, pool.labels = append(pool.ages, g.Women+g.Men), append(pool.labels, g.Label())
		pool.people, pool.women = pool.people+g.Women+g.Men, pool.women+g.Women
	}
	pool.sexed = pool.people
	part := makeup{ages: make([]int, len(groups))}
	for i := range people {
		if group := groupOf(groups, p.Year-people[i].BirthYear); group >= 0 {
			part.see(&people[i], group)
		}
	}
	r.count(ListWithPyramid, PickedSex, hyper{pool.sexed, pool.women, part.sexed}, part.women)
	r.ages(ListWithPyramid, pool, part)
}

// adultAge is from which age people are asked.
const adultAge = 18

// ReadPyramids makes the pyramids of a file from records of row number and text
// by field: code (of the unit), year, sex, ages and people, a row a unit, sex and
// age group. Ages are written "18-24", "60+", "từ 60 trở lên", "trên 60", "dưới
// 18" or "18". A unit's two sexes must have the same age groups. Problems, all of
// which stop the import: pyramid.unit, pyramid.year, pyramid.years, pyramid.sex,
// pyramid.ages, pyramid.people, pyramid.twice, pyramid.overlap, pyramid.one_sex,
// pyramid.empty.
func ReadPyramids(records iter.Seq2[int, map[string]string]) ([]Pyramid, []fault.Problem) {
	r := pyramidReader{at: map[territory.Code]int{}, cells: map[pyramidCell]int{}}
	for row, fields := range records {
		r.row = row
		r.take(fields)
	}
	for i := range r.pyramids {
		r.finish(&r.pyramids[i])
	}
	if len(r.pyramids) == 0 && len(r.problems) == 0 {
		r.problems = append(r.problems, fault.P("pyramid.empty"))
	}
	return r.pyramids, r.problems
}

// pyramidReader is the state of one reading.
type pyramidReader struct {
	pyramids []Pyramid
	at       map[territory.Code]int
	cells    map[pyramidCell]int // row of each cell read
	row      int
	problems []fault.Problem
}

// pyramidCell is what one row of a file is about.
type pyramidCell struct {
	unit     territory.Code
	from, to int
	sex      Sex
}

func (r *pyramidReader) fail(field, code string, pairs ...any) {
	r.problems = append(r.problems, fault.P(code, pairs...).AtRow(r.row, field))
}

// take reads one row; what is wrong with it is reported.
func (r *pyramidReader) take(fields map[string]string) {
	before := len(r.problems)
	value := func(field string) string { return strings.Join(strings.Fields(territory.NFC(fields[field])), " ") }
	unit := territory.Code(value("code"))
	if unit == "" {
		r.fail("code", "pyramid.unit")
	}
	year, err := strconv.Atoi(value("year"))
	if err != nil || year < 1900 || year > 2200 {
		r.fail("year", "pyramid.year", "value", value("year"))
	}
	sex := sexWords[territory.Plain(value("sex"))]
	if sex == "" {
		r.fail("sex", "pyramid.sex", "value", value("sex"))
	}
	group, ok := parseAges(value("ages"))
	if !ok {
		r.fail("ages", "pyramid.ages", "value", value("ages"))
	}
	people, ok := territory.ParseCount(value("people"))
	if !ok || people > math.MaxInt32 {
		r.fail("people", "pyramid.people", "value", value("people"))
	}
	if len(r.problems) > before {
		return
	}
	cell := pyramidCell{unit, group.From, group.To, sex}
	if other, twice := r.cells[cell]; twice {
		r.fail("ages", "pyramid.twice", "unit", string(unit), "ages", group.Label(), "other", other)
		return
	}
	r.cells[cell] = r.row
	r.count(cell, year, int(people))
}

// count puts the people of a row into their pyramid.
func (r *pyramidReader) count(cell pyramidCell, year, people int) {
	i, known := r.at[cell.unit]
	if !known {
		i = len(r.pyramids)
		r.at[cell.unit], r.pyramids = i, append(r.pyramids, Pyramid{Unit: cell.unit, Year: year})
	}
	p := &r.pyramids[i]
	if p.Year != year {
		r.fail("year", "pyramid.years", "unit", string(cell.unit), "year", p.Year, "other", year)
	}
	g := slices.IndexFunc(p.Groups, func(g AgeGroup) bool { return g.From == cell.from && g.To == cell.to })
	if g < 0 {
		g = len(p.Groups)
		p.Groups = append(p.Groups, AgeGroup{From: cell.from, To: cell.to})
	}
	if cell.sex == Female {
		p.Groups[g].Women = people
	} else {
		p.Groups[g].Men = people
	}
}

// finish sorts the groups and checks that they fit each other.
func (r *pyramidReader) finish(p *Pyramid) {
	slices.SortFunc(p.Groups, func(a, b AgeGroup) int { return cmp.Compare(a.From, b.From) })
	for i, g := range p.Groups {
		women, one := r.cells[pyramidCell{p.Unit, g.From, g.To, Female}]
		men, other := r.cells[pyramidCell{p.Unit, g.From, g.To, Male}]
		r.row = max(women, men)
		if !one || !other {
			r.fail("sex", "pyramid.one_sex", "unit", string(p.Unit), "ages", g.Label())
		}
		if i > 0 && p.Groups[i-1].holds(g.From) {
			r.fail("ages", "pyramid.overlap", "unit", string(p.Unit), "ages", g.Label(), "other", p.Groups[i-1].Label())
		}
	}
}

var ageNumbers = regexp.MustCompile(`\d+`)

// parseAges reads an age group.
func parseAges(text string) (AgeGroup, bool) {
	plain := territory.Plain(text)
	var numbers []int
	for _, digits := range ageNumbers.FindAllString(text, 3) {
		n, err := strconv.Atoi(digits)
		if err != nil || n > oldestAge {
			return AgeGroup{}, false
		}
		numbers = append(numbers, n)
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(plain, w) })
	}
	switch {
	case len(numbers) == 2 && numbers[0] <= numbers[1] && numbers[1] > 0:
		return AgeGroup{From: numbers[0], To: numbers[1]}, true
	case len(numbers) != 1:
		return AgeGroup{}, false
	case strings.Contains(text, "+") || has("tro len", "and over", "or more"):
		return AgeGroup{From: numbers[0]}, true
	case has("tren", "over", "above"):
		return AgeGroup{From: numbers[0] + 1}, true
	case has("duoi", "under", "below") && numbers[0] > 1:
		return AgeGroup{From: 0, To: numbers[0] - 1}, true
	case numbers[0] > 0 && !has("duoi", "under", "below"):
		return AgeGroup{From: numbers[0], To: numbers[0]}, true
	}
	return AgeGroup{}, false
}
