package sampling

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"hailong/fault"
	"hailong/territory"
)

// ListRules say what a file of village lists is checked against.
type ListRules struct {
	Villages         []territory.Unit  // whose people the file may list; if there is one, rows need not name it
	Today            territory.Day     // the day on which ages count
	MinAge           int               // years; SIPAS asks adults, 18
	LeaveOutChildren bool              // the officer agreed that children's rows are left out
	Headers          map[string]string // header by field, for what only a header says ("1 = nam, 0 = nữ"); nil if unknown
}

// The ages that make a birth year impossible and a reason to look again.
const (
	oldestAge = 120
	oldAge    = 100
)

// CheckLists makes the lists of a file's villages, in the order of
// rules.Villages and without those that have no rows, from records of row
// number and text by field:
//
//	number, name (or family_name and given_name), birth_year, birth_date,
//	birth_male and birth_female (a year in the one or the other), sex, sex_male
//	and sex_female (a mark in the one or the other), household,
//	household_head, address, phone, village
//
// Nothing is guessed silently: a row that cannot be read makes no person and a
// problem at its row and field that stops the import; what was read with a
// doubt, and rows that are no people (totals, signatures), are warnings.
// Children stop the import unless the rules leave them out. People have neither
// key nor salt yet: see List.Seal.
func CheckLists(records iter.Seq2[int, map[string]string], rules ListRules) ([]List, []fault.Problem) {
	c := newListCheck(rules)
	for row, fields := range records {
		c.row, c.fields, c.failed = row, fields, false
		c.check()
	}
	c.swappedDates()
	var lists []List
	for _, l := range c.lists {
		if len(l.People) > 0 {
			lists = append(lists, l)
		}
	}
	if len(lists) == 0 {
		c.problems = append(c.problems, fault.P("list.empty"))
	}
	return lists, c.problems
}

// listCheck is the state of one check.
type listCheck struct {
	rules    ListRules
	villages villageIndex
	sexCodes map[string]Sex
	lists    []List // one a village
	twins    map[twinKey][]place
	dates    dateForms
	problems []fault.Problem
	once     map[string]bool // codes that are reported once a file

	row    int
	fields map[string]string
	failed bool
	signed bool // the rows before this one are the date and the signatures of the list
}

func newListCheck(rules ListRules) *listCheck {
	c := &listCheck{
		rules: rules, villages: indexVillages(rules.Villages), sexCodes: sexCodes(rules.Headers["sex"]),
		lists: make([]List, len(rules.Villages)), twins: map[twinKey][]place{}, once: map[string]bool{},
	}
	for i, v := range rules.Villages {
		c.lists[i].Village = v.Code
	}
	return c
}

// value is a field's text, tidied, since records may come from anywhere.
func (c *listCheck) value(field string) string {
	return strings.Join(strings.Fields(territory.NFC(c.fields[field])), " ")
}

// fail reports a problem for which the row makes no person.
func (c *listCheck) fail(field, code string, pairs ...any) {
	c.failed = true
	c.problems = append(c.problems, fault.P(code, pairs...).AtRow(c.row, field))
}

// warn reports what was read all the same.
func (c *listCheck) warn(field, code string, pairs ...any) {
	c.problems = append(c.problems, fault.P(code, pairs...).Warn().AtRow(c.row, field))
}

// warnOnce reports what holds for a whole column.
func (c *listCheck) warnOnce(field, code string) {
	if !c.once[code] {
		c.once[code] = true
		c.problems = append(c.problems, fault.P(code).Warn())
	}
}

// failOnce reports what is wrong with the whole file.
func (c *listCheck) failOnce(code string) {
	c.failed = true
	if !c.once[code] {
		c.once[code] = true
		c.problems = append(c.problems, fault.P(code))
	}
}

// check reads one row.
func (c *listCheck) check() {
	name := c.name()
	born := c.birth()
	if c.noPerson(name, born) {
		return
	}
	c.signed = false
	p := Person{
		Name: name, BirthYear: born.year, BirthDate: born.date, Household: c.value("household"),
		Address: c.value("address"), Phone: c.value("phone"), Row: c.row,
	}
	if p.Household == "" {
		p.Household = c.value("household_head")
	}
	village := c.village()
	c.checkName(name)
	c.problems = append(c.problems, born.problems...)
	c.failed = c.failed || !born.known()
	p.Sex = c.sex(born.sex)
	if born.known() && !c.ofAge(born) || c.failed {
		return
	}
	c.noteHousehold(p)
	c.add(village, p)
}

// add appends a person unless the list has them already.
func (c *listCheck) add(village int, p Person) {
	if c.listedBefore(village, p) {
		return
	}
	l := &c.lists[village]
	l.People = append(l.People, p)
}

// name is the name in one column, or family and given name from two.
func (c *listCheck) name() string {
	if name := c.value("name"); name != "" {
		return name
	}
	return strings.TrimSpace(c.value("family_name") + " " + c.value("given_name"))
}

func (c *listCheck) checkName(name string) {
	hasLetter := strings.ContainsFunc(name, unicode.IsLetter)
	switch {
	case name == "":
		c.fail("name", "list.name_missing")
	case !hasLetter:
		c.fail("name", "list.name_without_letters", "value", name)
	case strings.ContainsFunc(name, unicode.IsDigit):
		c.warn("name", "list.name_with_digits", "name", name)
	case !strings.Contains(name, " "):
		c.warn("name", "list.name_of_one_word", "name", name)
	}
}

// noPerson recognises rows that name nobody: totals, signatures, rows with
// nothing in the columns that matter. They are reported and left out.
func (c *listCheck) noPerson(name string, born birth) bool {
	if born.known() {
		return false
	}
	if name != "" {
		if isFooter(name) || c.signs() {
			c.leaveOut(name)
			return true
		}
		return false
	}
	filled := ""
	for _, field := range slices.Sorted(maps.Keys(c.fields)) {
		text := c.value(field)
		if isFooter(text) {
			c.leaveOut(text)
			return true
		}
		if field != "number" && field != "village" {
			filled += text
		}
	}
	if filled == "" {
		c.warn("", "list.row_without_person")
		return true
	}
	return false
}

// leaveOut reports a row that is not a person's.
func (c *listCheck) leaveOut(text string) {
	c.warn("", "list.footer", "text", text)
	c.signed = c.signed || isSignature(text)
}

// signs reports whether the row, below a date or a signature, names those who
// signed: nothing in it is said of a person of the list.
func (c *listCheck) signs() bool {
	return c.signed && !strings.ContainsFunc(c.value("birth_year")+c.value("birth_date"), unicode.IsDigit) &&
		c.value("number") == "" && c.value("household") == "" && sexWords[territory.Plain(c.value("sex"))] == ""
}

// ofAge reports whether the person is old enough and may stay on the list.
func (c *listCheck) ofAge(b birth) bool {
	age, sure := b.age(c.rules.Today)
	switch {
	case age > oldAge:
		c.warn(b.field, "list.very_old", "age", age, "birth", b.text())
	case age < c.rules.MinAge && c.rules.LeaveOutChildren:
		c.warn(b.field, "list.child_left_out", "birth", b.text(), "age", c.rules.MinAge)
		return false
	case age < c.rules.MinAge:
		c.fail(b.field, "list.child", "birth", b.text(), "age", c.rules.MinAge)
		return false
	case age == c.rules.MinAge && !sure:
		c.warn(b.field, "list.turns_of_age", "birth", b.text(), "age", c.rules.MinAge)
	}
	return true
}

// noteHousehold says once that households are missing: without them doubles
// are only likely ones.
func (c *listCheck) noteHousehold(p Person) {
	_, number := c.fields["household"]
	_, head := c.fields["household_head"]
	switch {
	case !number && !head:
		c.warnOnce("", "list.no_household_column")
	case p.Household == "":
		c.warn("household", "list.household_missing")
	}
}
