package sampling

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hailong/fault"
	"hailong/territory"
)

// TransactionRules say which transactions of a file count.
type TransactionRules struct {
	From, To territory.Day    // the period, both ends in it
	MinAge   int              // on the last day of the period, where the birth is known
	Unit     string           // of rows that name no office; with Offices the code of the one whose rows count, "" for all
	Offices  []territory.Unit // one of which every row must name; none to take offices as written
	ByName   bool             // people known by nothing but a name are one person if the names agree
}

// CheckTransactions makes the transactions of the period from records of row
// number and text by field:
//
//	file_number, procedure, field, unit, received, returned, name, birth_year,
//	birth_date, phone, id_number, address
//
// A transaction counts by the day of its result, or of its reception if the file
// has no such column. Outside the period, without a result yet, of organisations
// and of children: left out and counted in a warning. The number of an identity
// paper serves to know a person again and is kept nowhere. Rows that cannot be
// read, people who cannot be told apart, and with rules.Offices rows of no known
// office are errors; the office of a transaction is then its code.
func CheckTransactions(records iter.Seq2[int, map[string]string], rules TransactionRules) ([]Transaction, []fault.Problem) {
	c := transactionCheck{
		listCheck: newListCheck(ListRules{Today: rules.To}), rules: rules, offices: indexVillages(rules.Offices),
		files: map[string]int{}, left: map[string]int{},
	}
	var kept []Transaction
	for row, fields := range records {
		c.row, c.fields, c.failed = row, fields, false
		if t, counts := c.transaction(); counts && !c.failed {
			kept = append(kept, t)
		}
	}
	for _, code := range leftOut {
		if n := c.left[code]; n > 0 {
			c.problems = append(c.problems, fault.P(code, "rows", n).Warn())
		}
	}
	if len(kept) == 0 {
		c.problems = append(c.problems, fault.P("transactions.none", "from", string(rules.From), "to", string(rules.To)))
	}
	return kept, c.problems
}

// leftOut are the reasons for leaving a row out, in the order of reporting.
var leftOut = []string{"transactions.no_applicant", "transactions.elsewhere", "transactions.not_done", "transactions.outside", "transactions.organisation", "transactions.child", "transactions.repeated"}

type transactionCheck struct {
	*listCheck
	rules   TransactionRules
	offices villageIndex
	files   map[string]int // file numbers, and their first rows
	left    map[string]int
}

// transaction reads one row; counts is false for one that is left out.
func (c *transactionCheck) transaction() (t Transaction, counts bool) {
	t = Transaction{FileNumber: c.value("file_number"), Procedure: c.value("procedure"), Field: c.value("field"), Unit: c.value("unit"),
		Name: c.value("name"), Phone: c.value("phone"), Address: c.value("address"), Row: c.row}
	if t.Unit == "" {
		t.Unit = c.rules.Unit
	}
	if t.Name == "" && t.FileNumber == "" || t.FileNumber == "" && isFooter(t.Name) {
		c.left["transactions.no_applicant"]++
		return t, false
	}
	if reason := c.day(&t); reason != "" {
		c.left[reason]++
		return t, false
	}
	if c.failed {
		return t, false
	}
	for _, need := range []struct{ field, text string }{{"name", t.Name}, {"field", t.Field}, {"file_number", t.FileNumber}} {
		if need.text == "" {
			c.fail(need.field, "transactions.missing")
		}
	}
	if isOrganisation(t.Name) {
		c.left["transactions.organisation"]++
		return t, false
	}
	if len(c.rules.Offices) > 0 && !c.office(&t) {
		return t, false
	}
	return t, c.applicant(&t) && c.unique(t)
}

// officePrefixes are how the names of one-stop offices begin before that of their
// commune, without marks.
var officePrefixes = []string{
	"ubnd", "uy ban nhan dan", "bo phan tiep nhan va tra ket qua", "bo phan mot cua", "mot cua", "trung tam phuc vu hanh chinh cong", "tt phuc vu hanh chinh cong", "cua",
}

// office turns what a row calls its office into the code of its commune; false for
// a row that is left out.
func (c *transactionCheck) office(t *Transaction) bool {
	if t.Unit == c.rules.Unit && t.Unit != "" {
		return true
	}
	if t.Unit == "" {
		c.fail("unit", "transactions.no_office")
		return true
	}
	switch found := c.officesNamed(t.Unit); len(found) {
	case 0:
		c.fail("unit", "transactions.office_unknown", "value", t.Unit)
	case 1:
		t.Unit = string(c.rules.Offices[found[0]].Code)
	default:
		c.fail("unit", "transactions.office_ambiguous", "value", t.Unit)
	}
	if !c.failed && c.rules.Unit != "" && t.Unit != c.rules.Unit {
		c.left["transactions.elsewhere"]++
		return false
	}
	return true
}

// officesNamed are the offices that a name can mean, written in full or without
// what names of offices begin with.
func (c *transactionCheck) officesNamed(name string) []int {
	for {
		if found := c.offices.find(name); found != nil {
			return found
		}
		words := strings.Fields(villageKey(name))
		i := slices.IndexFunc(officePrefixes, func(prefix string) bool {
			return strings.HasPrefix(territory.Plain(strings.Join(words, " ")), prefix+" ")
		})
		if i < 0 {
			return nil
		}
		name = strings.Join(words[len(strings.Fields(officePrefixes[i])):], " ")
	}
}

// day reads the day that counts, and says why the row does not.
func (c *transactionCheck) day(t *Transaction) (reason string) {
	field := "returned"
	if _, known := c.fields[field]; !known {
		field = "received"
	}
	text := c.value(field)
	if text == "" {
		return "transactions.not_done"
	}
	day, ok := parseDay(text)
	if !ok {
		c.fail(field, "transactions.day", "value", text)
		return ""
	}
	if t.Done = day; day < c.rules.From || day > c.rules.To {
		return "transactions.outside"
	}
	return ""
}

// applicant reads who it is, and by what they are known again.
func (c *transactionCheck) applicant(t *Transaction) bool {
	born := c.birth()
	if born.known() {
		t.BirthYear, t.BirthDate = born.year, born.date
		if age, _ := born.age(c.rules.To); age < c.rules.MinAge {
			c.left["transactions.child"]++
			return false
		}
	} else if c.value("birth_date")+c.value("birth_year") != "" {
		c.problems = append(c.problems, born.problems...)
		c.failed = true
	}
	name := nameKey(t.Name)
	tie := func(kind, value string) { t.ties = append(t.ties, name+"|"+kind+value) }
	if id := onlyDigits(c.value("id_number")); len(id) >= 9 {
		tie("id", id)
	}
	if t.BirthDate != "" {
		tie("date", string(t.BirthDate))
	}
	if phone := onlyDigits(t.Phone); len(phone) >= 9 {
		tie("phone", phone[len(phone)-9:])
	}
	if t.BirthYear > 0 && t.Address != "" {
		tie("home", strconv.Itoa(t.BirthYear)+territory.Fold(t.Address))
	}
	switch {
	case len(t.ties) > 0:
	case c.rules.ByName:
		tie("name", "")
	default:
		c.fail("name", "transactions.unknown_person", "name", t.Name)
	}
	return true
}

// unique reports a file number that was there before.
func (c *transactionCheck) unique(t Transaction) bool {
	key := territory.Fold(t.FileNumber)
	if _, before := c.files[key]; before {
		c.left["transactions.repeated"]++
		return false
	}
	c.files[key] = t.Row
	return true
}

var (
	// clockTime is a time of day beside a day; SA and CH are morning and afternoon.
	clockTime  = regexp.MustCompile(`(?:^|[ t])\d{1,2}[:h]\d{0,2}(?::\d{2}(?:\.\d+)?)?(?: (?:sa|ch|am|pm)|\+07:00)?(?: |$)`)
	beginsFirm = regexp.MustCompile(`^(?:cong ty|cty|doanh nghiep|dntn|hop tac xa|htx|ubnd|uy ban|truong|ngan hang|quy tin dung|chi nhanh|ho kinh doanh|van phong|ban quan ly|trung tam|phong giao dich|benh vien|hoi |tap doan|tong cong ty|co so)\b`)
)

// parseDay reads a day with or without a time of day: 05/09/2026 08:15,
// 2026-09-05T08:15, "ngày 5 tháng 9 năm 2026", a serial day of five digits. The day
// stands before the month.
func parseDay(text string) (territory.Day, bool) {
	s := strings.TrimSpace(clockTime.ReplaceAllString(territory.Plain(text), " "))
	r, code := reading{}, ""
	if serial, err := strconv.ParseFloat(s, 64); err == nil && serial >= 30000 && serial < 80000 {
		return territory.Day(time.Date(1899, 12, 30+int(serial), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)), true
	}
	if r, code = parseBirth(s); code != "" || r.date == "" {
		return "", false
	}
	return r.date, true
}

// isOrganisation recognises applicants that are no people by how they begin.
func isOrganisation(name string) bool { return beginsFirm.MatchString(territory.Plain(name)) }
