package territory

import (
	"iter"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hailong/fault"
)

// Defaults fills in what a file of units leaves out for all its rows, for
// instance when the villages of one commune are imported.
type Defaults struct {
	Level  Level
	Parent Code
	From   Day
}

// ReadUnits makes units from records with the fields code, name, kind, level,
// parent, province_code, province, area_km2, population, from and to; only code
// and name are needed. The sequence is read twice. With province_code the rows
// are communes and their provinces are made, before their communes. Sizes are
// not judged here: see Doubts and Assess.
//
// Whatever is missing or in doubt is a problem at its row and field, and the
// row makes no unit; an empty population or area is no problem but unknown.
func ReadUnits(records iter.Seq2[int, map[string]string], defaults Defaults) ([]Unit, []fault.Problem) {
	r := unitReader{
		defaults: defaults, decimal: decimalMark(records, "area_km2"),
		rows: map[Code][]span{}, provinces: map[Code]string{},
	}
	for row, fields := range records {
		r.row, r.fields, r.failed = row, fields, false
		r.read()
	}
	return r.units, r.problems
}

type unitReader struct {
	defaults  Defaults
	decimal   byte // '.' or ',', 0 if the file does not show
	units     []Unit
	problems  []fault.Problem
	rows      map[Code][]span
	provinces map[Code]string // code → name

	row    int
	fields map[string]string
	failed bool
}

// span is the validity of a unit read before, and its row.
type span struct {
	from, to Day
	row      int
}

func (r *unitReader) report(field, code string, pairs ...any) {
	r.failed = true
	r.problems = append(r.problems, fault.P(code, pairs...).AtRow(r.row, field))
}

func (r *unitReader) read() {
	u := Unit{
		Code: Code(r.fields["code"]), Name: r.fields["name"], Kind: Kind(r.fields["kind"]),
		From: r.day("from"), To: r.day("to"),
	}
	if u.From == "" {
		u.From = r.defaults.From
	}
	if u.To != "" && u.To <= u.From {
		r.report("to", "units.ends_before_it_begins", "from", u.From, "to", u.To)
	}
	u.Level = r.level(u)
	u.Parent = r.parent(u.Level)
	u.Population = r.population()
	u.AreaKm2 = r.area()
	r.checkCode("code", u.Code, u.Level)
	if u.Name == "" {
		r.report("name", "units.name_missing", "code", u.Code)
	}
	r.checkRepeated(u)
	if r.failed {
		return
	}
	r.rows[u.Code] = append(r.rows[u.Code], span{u.From, u.To, r.row})
	r.addProvince(u)
	r.units = append(r.units, u)
}

// level is what the row says, else what its kind or province says, else the
// default.
func (r *unitReader) level(u Unit) Level {
	if word := r.fields["level"]; word != "" {
		if level, ok := levelWords[Fold(word)]; ok {
			return level
		}
		r.report("level", "units.unknown_level", "value", word)
		return ""
	}
	if level := u.Kind.Level(); level != "" {
		return level
	}
	if r.fields["province_code"] != "" {
		return Commune
	}
	if r.defaults.Level == "" {
		r.report("level", "units.level_missing", "name", u.FullName())
	}
	return r.defaults.Level
}

// parent is what the row says; only a province may do without.
func (r *unitReader) parent(level Level) Code {
	for _, field := range []string{"parent", "province_code"} {
		parent := Code(r.fields[field])
		if parent == "" || field == "province_code" && level == Province {
			continue
		}
		if field == "province_code" {
			r.checkCode(field, parent, Province)
		}
		return parent
	}
	if level != Province && level != "" && r.defaults.Parent == "" {
		r.report("parent", "units.parent_missing", "name", r.fields["name"])
	}
	if level == Province {
		return ""
	}
	return r.defaults.Parent
}

// codeDigits is how many digits the official codes have (QĐ 19/2025/QĐ-TTg;
// districts as before July 2025).
var codeDigits = map[Level]int{Province: 2, District: 3, Commune: 5}

// wellFormed reports whether a code is made of up to 40 letters and digits, and behind
// the first also dots, lines and dashes: codes stand in addresses, identifiers and names
// of files, and "*" stands for everywhere.
func wellFormed(code string) bool {
	odd := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }
	first, size := utf8.DecodeRuneInString(code)
	return !odd(first) && utf8.RuneCountInString(code) <= 40 &&
		!strings.ContainsFunc(code[size:], func(r rune) bool { return odd(r) && !strings.ContainsRune("._-", r) })
}

// checkCode reports a missing code, one of odd characters, and one whose leading
// zeros a spreadsheet took.
func (r *unitReader) checkCode(field string, code Code, level Level) {
	text, want := string(code), codeDigits[level]
	_, err := strconv.ParseUint(text, 10, 64)
	switch {
	case text == "":
		r.report(field, "units.code_missing")
	case !wellFormed(text):
		r.report(field, "units.code_malformed", "code", text)
	case err == nil && len(text) < want:
		r.report(field, "units.code_too_short", "code", text, "suggestion", strings.Repeat("0", want-len(text))+text)
	}
}

// checkRepeated reports a code that another row holds at the same time.
func (r *unitReader) checkRepeated(u Unit) {
	for _, s := range r.rows[u.Code] {
		if (u.To == "" || s.from < u.To) && (s.to == "" || u.From < s.to) && u.Code != "" {
			r.report("code", "units.code_repeated", "code", u.Code, "first", s.row)
			return
		}
	}
}

// addProvince makes the province of a row that names it in columns of its own,
// once. Its kind is not in such a file and stays empty.
func (r *unitReader) addProvince(u Unit) {
	code, name := Code(r.fields["province_code"]), r.fields["province"]
	if code == "" || u.Level == Province {
		return
	}
	known, seen := r.provinces[code]
	switch {
	case !seen && name == "":
		name = string(code)
		fallthrough
	case !seen:
		r.provinces[code] = name
		if len(r.rows[code]) == 0 {
			r.rows[code] = append(r.rows[code], span{u.From, u.To, r.row})
			r.units = append(r.units, Unit{Code: code, Name: name, Level: Province, From: u.From})
		}
	case name != "" && Fold(name) != Fold(known):
		r.problems = append(r.problems, fault.P("units.province_named_twice", "code", code, "name", name, "other", known).AtRow(r.row, "province"))
	}
}

// population reads a whole number; empty and 0 are unknown.
func (r *unitReader) population() int64 {
	text := r.fields["population"]
	if missing(text) {
		return 0
	}
	n, ok := ParseCount(text)
	if !ok {
		r.report("population", "units.not_a_population", "value", text)
	}
	return n
}

// ParseCount reads a number of people: digits, or groups of three with one mark
// between them all, point, comma or space: "1.234.567". A decimal such as "12,5", as
// tables of thousands have, is none, and neither is "1.234,567".
func ParseCount(text string) (int64, bool) {
	kinds := 0
	for _, mark := range []string{".", ",", " "} {
		if strings.Contains(text, mark) {
			kinds++
		}
	}
	if kinds == 1 && grouped.MatchString(text) {
		text = strings.NewReplacer(".", "", ",", "", " ", "").Replace(text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	return n, true
}

// area reads a decimal number with the decimal mark of the file; empty and 0
// are unknown.
func (r *unitReader) area() float64 {
	text := r.fields["area_km2"]
	if missing(text) {
		return 0
	}
	if grouped.MatchString(text) && r.decimal == 0 {
		r.report("area_km2", "units.area_ambiguous", "value", text)
		return 0
	}
	group, mark := ",", "."
	if r.decimal == ',' {
		group, mark = ".", ","
	}
	x, err := strconv.ParseFloat(strings.Replace(strings.ReplaceAll(text, group, ""), mark, ".", 1), 64)
	if err != nil || !(0 <= x && x < 1e6) {
		r.report("area_km2", "units.not_an_area", "value", text)
		return 0
	}
	return x
}

func missing(text string) bool { return text == "" || text == "-" || strings.EqualFold(text, "NA") }

// grouped matches numbers that can be read as grouped by thousands.
var grouped = regexp.MustCompile(`^[1-9]\d{0,2}([., ]\d{3})+$`)

// decimalMark tells from a whole column whether its decimal mark is the point
// or the comma: a mark that is not followed by just three digits, or that is the
// last of two kinds, is one. Both or none give 0.
func decimalMark(records iter.Seq2[int, map[string]string], field string) byte {
	var point, comma bool
	for _, fields := range records {
		text := fields[field]
		i := strings.LastIndexAny(text, ".,")
		if i < 0 || grouped.MatchString(text) && !(strings.Contains(text, ".") && strings.Contains(text, ",")) {
			continue
		}
		point = point || text[i] == '.'
		comma = comma || text[i] == ','
	}
	switch {
	case point && !comma:
		return '.'
	case comma && !point:
		return ','
	}
	return 0
}

// day reads a day as 2025-07-01 or, as Vietnamese write it, 01/07/2025.
func (r *unitReader) day(field string) Day {
	text := r.fields[field]
	if text == "" {
		return ""
	}
	day, ok := ParseDay(text)
	if !ok {
		r.report(field, "units.not_a_day", "value", text)
	}
	return day
}
