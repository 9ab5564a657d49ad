package sampling

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"hailong/fault"
	"hailong/territory"
)

// birth is what a row says of a birth.
type birth struct {
	year     int
	date     territory.Day // "" if only the year is known
	field    string        // that it was read from
	sex      Sex           // if the column was that of one sex
	problems []fault.Problem
}

func (b birth) known() bool { return b.year != 0 }

// text is the birth as a message shows it.
func (b birth) text() string {
	if b.date != "" {
		return string(b.date)
	}
	return strconv.Itoa(b.year)
}

// age is the age on a day, in completed years, and whether it is sure: with a
// birth year alone it is the age that the person reaches in the year.
func (b birth) age(today territory.Day) (years int, sure bool) {
	now, _ := strconv.Atoi(string(today[:min(4, len(today))]))
	years = now - b.year
	if b.date == "" {
		return years, false
	}
	if len(today) == len(b.date) && b.date[4:] > today[4:] {
		years--
	}
	return years, true
}

// birth reads the row's birth from whichever of its columns is filled. Problems
// are kept in it, since a row without a birth may be no person at all.
func (c *listCheck) birth() birth {
	var read []birth
	for _, field := range []string{"birth_date", "birth_year", "birth_male", "birth_female"} {
		text := c.value(field)
		if text == "" {
			continue
		}
		b := c.readBirth(field, text)
		if !b.known() {
			return b
		}
		read = append(read, b)
	}
	if len(read) == 0 {
		return birth{problems: []fault.Problem{fault.P("list.birth_missing").AtRow(c.row, c.birthField())}}
	}
	first := read[0]
	for _, other := range read[1:] {
		if other.year != first.year || other.date != "" && other.date != first.date || other.sex != "" && first.sex != "" {
			return birth{problems: []fault.Problem{fault.P("list.birth_contradiction", "one", first.text(), "other", other.text()).AtRow(c.row, other.field)}}
		}
	}
	return first
}

// birthField is the column in which a missing birth is reported.
func (c *listCheck) birthField() string {
	for _, field := range []string{"birth_year", "birth_date", "birth_male"} {
		if _, ok := c.fields[field]; ok {
			return field
		}
	}
	return "birth_year"
}

// readBirth reads one cell and checks that the year is possible.
func (c *listCheck) readBirth(field, text string) birth {
	b := birth{field: field}
	switch field {
	case "birth_male":
		b.sex = Male
	case "birth_female":
		b.sex = Female
	}
	certain, doubt := withoutDoubt(text)
	r, code := parseBirth(certain)
	report := func(p fault.Problem) { b.problems = append(b.problems, p.AtRow(c.row, field)) }
	if code != "" {
		report(fault.P(code, "value", text))
		return b
	}
	b.year, b.date = r.year, r.date
	if age, _ := b.age(c.rules.Today); age > oldestAge || age < 0 {
		report(fault.P("list.birth_impossible", "value", text))
		b.year, b.date = 0, ""
		return b
	}
	if doubt {
		report(fault.P("list.birth_doubtful", "value", text, "birth", b.text()).Warn())
	}
	if r.form == serialForm {
		report(fault.P("list.birth_serial", "value", text, "date", string(r.date)).Warn())
	}
	c.dates.count(r)
	return b
}

var doubts = regexp.MustCompile(`^(?:(?:khoảng|chừng|độ|k\.|~|≈)\s*)+|\s*(?:\(\s*\?+\s*\)|\?+|\(\s*(?:ước|khoảng|không rõ)[^()]*\))$`)

// withoutDoubt takes off what says that a birth is not sure: "1950?", "khoảng
// 1950", "~1950".
func withoutDoubt(text string) (certain string, doubt bool) {
	certain = doubts.ReplaceAllString(strings.ToLower(text), "")
	if certain == strings.ToLower(text) || certain == "" {
		return text, false
	}
	return certain, true
}

// birthForm is the form in which a birth was written.
type birthForm int

const (
	yearForm birthForm = iota
	isoForm            // a date cell of the spreadsheet
	textForm           // day, month, year as text
	serialForm
)

type reading struct {
	year int
	date territory.Day
	form birthForm
}

var (
	birthWords = regexp.MustCompile(`^(?:ngay )?(?:(?:sinh nam|sinh ngay|sinh|nam|sn|ns)[ .:]*)?`)
	yearOnly   = regexp.MustCompile(`^\d{4}(?:\.0|\.)?$`)
	shortYear  = regexp.MustCompile(`^'?\d{1,2}$|^\d{1,2}[/.\- ]+\d{1,2}[/.\- ]+'?\d{2}$|^\d{1,2}[/.\-]+'?\d{2}$`)
	serialDay  = regexp.MustCompile(`^[1-9]\d{4}$`)
	isoDate    = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?: \d{2}:\d{2}(?::\d{2})?)?$`)
	dayMonth   = regexp.MustCompile(`^(\d{1,2})(?: *[/.\-] *| | thang )(\d{1,2})(?: *[/.\-] *| | nam )(\d{4})$`)
	monthYear  = regexp.MustCompile(`^(\d{1,2})(?: *[/.\-] *| nam )(\d{4})$`)
	noDay      = regexp.MustCompile(`^(?:[-_. ?x0]* *[/] *){1,2}(\d{4})$`)
)

// parseBirth reads a birth in any form that lists have: 1956, 12/03/1956,
// 3/1956, 00/00/1956, 1956-03-12, "ngày 12 tháng 3 năm 1956", "sinh năm 1956", or a spreadsheet's serial
// day of five digits (from 1927-05-18 on; a smaller one looks like a year). The
// day stands before the month, as Vietnamese write. The code says what is wrong
// with anything else, "" for nothing.
func parseBirth(text string) (reading, string) {
	s := birthWords.ReplaceAllString(territory.Plain(text), "")
	switch {
	case yearOnly.MatchString(s):
		return reading{year: digits(s[:4])}, ""
	case serialDay.MatchString(s):
		at := time.Date(1899, 12, 30+digits(s), 0, 0, 0, 0, time.UTC)
		return reading{at.Year(), territory.Day(at.Format(time.DateOnly)), serialForm}, ""
	case shortYear.MatchString(s):
		return reading{}, "list.birth_short_year"
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return calendar(m[1], m[2], m[3], isoForm)
	}
	if m := noDay.FindStringSubmatch(s); m != nil {
		return reading{year: digits(m[1])}, ""
	}
	if m := dayMonth.FindStringSubmatch(s); m != nil {
		return calendar(m[3], m[2], m[1], textForm)
	}
	if m := monthYear.FindStringSubmatch(s); m != nil && digits(m[1]) <= 12 {
		return reading{year: digits(m[2])}, ""
	}
	return reading{}, "list.birth_unreadable"
}

// calendar makes a date of its parts; a day or month 0 leaves the year alone.
func calendar(year, month, day string, form birthForm) (reading, string) {
	y, m, d := digits(year), digits(month), digits(day)
	if m == 0 || d == 0 {
		return reading{year: y}, ""
	}
	if m > 12 && d <= 12 {
		return reading{}, "list.birth_month_first"
	}
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if at.Day() != d || int(at.Month()) != m {
		return reading{}, "list.birth_no_such_day"
	}
	return reading{y, territory.Day(at.Format(time.DateOnly)), form}, ""
}

// digits reads a number that a pattern has matched.
func digits(text string) int {
	n := 0
	for _, d := range text {
		n = n*10 + int(d-'0')
	}
	return n
}

// dateForms counts how dates came: a spreadsheet set to month-first takes
// 12/03/1956 for 3 December and leaves 25/03/1956 as text, so that all its
// dates have days up to 12 and all its texts days over 12.
type dateForms struct{ isoLow, isoHigh, textLow, textHigh int }

func (f *dateForms) count(r reading) {
	if r.date == "" || r.form == serialForm {
		return
	}
	late := r.date[8:] > "12"
	switch {
	case r.form == isoForm && late:
		f.isoHigh++
	case r.form == isoForm:
		f.isoLow++
	case late:
		f.textHigh++
	default:
		f.textLow++
	}
}

// swappedDates warns if the file looks as if day and month changed places. With
// four dates of each kind that happens by chance in fewer than one file of 300.
func (c *listCheck) swappedDates() {
	f := c.dates
	if f.isoLow >= 4 && f.isoHigh == 0 && f.textHigh >= 4 && f.textLow == 0 {
		c.problems = append(c.problems, fault.P("list.dates_swapped", "dates", f.isoLow).Warn())
	}
}
