package intake

import (
	"slices"
	"strings"
)

// Column is a field that a caller wants, and how people write its header.
type Column struct {
	Field     string   // the caller's name of it: "birth_year"
	Names     []string // headers with their marks; the first is shown to people
	Required  bool
	InsteadOf string // a required field that this one can stand in for
	Begins    bool   // a header that only begins with one of the names will do, where no other fits
}

// Label is the header by which people are told of the column.
func (c Column) Label() string { return c.Names[0] }

// Mapping says which column of a header holds which field. It is shown to the
// user, who may change it (see Want.Override).
type Mapping struct {
	Header    []string
	Fields    map[string]int   // field → column index
	Missing   []Column         // required columns that the header lacks
	Ambiguous map[string][]int // field → the several columns that could hold it
}

// Unused lists the columns that no field uses.
func (m Mapping) Unused() []int {
	used := m.used()
	var unused []int
	for i, text := range m.Header {
		if !used[i] && text != "" {
			unused = append(unused, i)
		}
	}
	return unused
}

// used tells of each column whether a field uses it.
func (m Mapping) used() []bool {
	used := make([]bool, len(m.Header))
	for _, i := range m.Fields {
		used[i] = true
	}
	return used
}

// Match maps a header to the columns wanted. Headers are compared without case
// and punctuation, and with their marks, unless a header is typed without any:
// "NAM SINH" is "Năm sinh", but "Năm" is not "Nam". What stands in brackets
// counts only if nothing matches otherwise. The parts of a header under a group
// header ("Năm sinh / Nam") are tried as a whole, then the lower, then the upper.
// A field that no header names may be found by how one begins: "Họ và tên người từ
// 18 tuổi" for a column that says so.
func Match(header []string, columns []Column) Mapping {
	return spellings(columns).match(header, columns)
}

func (s spelling) match(header []string, columns []Column) Mapping {
	m := Mapping{Header: header, Fields: map[string]int{}, Ambiguous: map[string][]int{}}
	candidates := map[string][]int{}
	for i, text := range header {
		if field := s.field(text); field != "" {
			candidates[field] = append(candidates[field], i)
		}
	}
	s.beginnings(header, candidates)
	for field, found := range candidates {
		if len(found) == 1 {
			m.Fields[field] = found[0]
		} else {
			m.Ambiguous[field] = found
		}
	}
	m.Missing = m.missing(columns)
	return m
}

// beginnings adds the columns whose header begins with the name of a field that
// has none yet, by the longest such name.
func (s spelling) beginnings(header []string, candidates map[string][]int) {
	found := map[string][]int{}
	for i, text := range header {
		if text == "" || len(text) > longestHeader || s.field(text) != "" {
			continue
		}
		key := headerKey(text)
		table := s.begins
		if key == unmarked(key) {
			table = s.beginsPlain
		}
		for end := strings.LastIndexByte(key, ' '); end > 0; end = strings.LastIndexByte(key[:end], ' ') {
			if field := table[key[:end]]; field != "" {
				found[field] = append(found[field], i)
				break
			}
		}
	}
	for field, columns := range found {
		if len(candidates[field]) == 0 {
			candidates[field] = columns
		}
	}
}

// missing lists the required columns that neither themselves nor a stand-in
// were found, nor are waiting for the user to choose.
func (m Mapping) missing(columns []Column) []Column {
	found := map[string]bool{}
	for _, c := range columns {
		_, mapped := m.Fields[c.Field]
		if mapped || len(m.Ambiguous[c.Field]) > 0 {
			found[c.Field], found[c.InsteadOf] = true, true
		}
	}
	var missing []Column
	for _, c := range columns {
		if c.Required && !found[c.Field] {
			missing = append(missing, c)
		}
	}
	return missing
}

// override returns the mapping as the user changed it: a column index for a
// field, or -1 for none.
func (m Mapping) override(fields map[string]int, columns []Column) Mapping {
	for field, i := range fields {
		delete(m.Ambiguous, field)
		delete(m.Fields, field)
		if i >= 0 && i < len(m.Header) {
			m.Fields[field] = i
		}
	}
	m.Missing = m.missing(columns)
	return m
}

// spelling maps a header key to a field, with marks and without. A key that two
// fields would have without marks ("ho" for Họ and Hộ) maps to none.
type spelling struct {
	marked, plain map[string]string
	known         map[string]string // texts looked up before

	begins, beginsPlain map[string]string // names of columns that a header may begin with
}

func spellings(columns []Column) spelling {
	s := spelling{marked: map[string]string{}, plain: map[string]string{}, known: map[string]string{},
		begins: map[string]string{}, beginsPlain: map[string]string{}}
	for _, c := range columns {
		for _, name := range append([]string{c.Field}, c.Names...) {
			key := headerKey(name)
			if _, taken := s.marked[key]; !taken {
				s.marked[key] = c.Field
			}
			plain := unmarked(key)
			if c.Begins && strings.Contains(key, " ") {
				s.begins[key], s.beginsPlain[plain] = c.Field, c.Field
			}
			if first, taken := s.plain[plain]; !taken {
				s.plain[plain] = c.Field
			} else if first != c.Field {
				s.plain[plain] = ""
			}
		}
	}
	return s
}

// longestHeader is how many bytes a header may have; what is longer is prose.
const longestHeader = 300

// field returns the field of a header text, or "".
func (s spelling) field(text string) string {
	tries := []string{text, withoutBrackets(text)}
	if parts := strings.Split(text, groupMark); len(parts) > 1 {
		upper, lower := parts[0], parts[len(parts)-1]
		tries = append(tries, lower, withoutBrackets(lower), upper, withoutBrackets(upper))
	}
	for _, try := range tries {
		if field := s.lookUp(try); field != "" {
			return field
		}
	}
	return ""
}

// lookUp compares one text with the spellings. The header search asks for the
// same cells many times, so answers are kept.
func (s spelling) lookUp(text string) string {
	field, asked := s.known[text]
	if asked || text == "" || len(text) > longestHeader {
		return field
	}
	key := headerKey(text)
	if field = s.marked[key]; field == "" && key == unmarked(key) {
		field = s.plain[key]
	}
	s.known[text] = field
	return field
}

// withoutBrackets drops "(dd/mm/yyyy)" and the like.
func withoutBrackets(text string) string {
	before, rest, found := strings.Cut(text, "(")
	if !found {
		return text
	}
	_, after, _ := strings.Cut(rest, ")")
	return before + " " + after
}

// labels names columns for a message.
func labels(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Label()
	}
	return slices.Compact(names)
}
