package sampling

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hailong/fault"
	"hailong/territory"
)

// ContactMode is how somebody was sought.
type ContactMode string

// The modes. Only a visit counts towards the visits that a replacement needs.
const (
	ByVisit   ContactMode = "visit"
	ByPhone   ContactMode = "phone"
	ByLetter  ContactMode = "letter"
	ByMessage ContactMode = "message"
)

// ContactModes lists the modes in the order in which they are offered.
var ContactModes = []ContactMode{ByVisit, ByPhone, ByLetter, ByMessage}

// Mistaken is the result of a contact that only corrects another: the one that
// it supersedes never took place.
const Mistaken Disposition = "mistaken"

// Contact is one attempt to reach a drawn person, as written down. It is never
// changed: a correction is another contact that supersedes it.
type Contact struct {
	Person     PersonKey     `json:"person"`
	Number     int           `json:"number"` // of the person's contacts, from 1, in the order of writing
	Day        territory.Day `json:"day"`
	Mode       ContactMode   `json:"mode"`
	Result     Disposition   `json:"result"`
	Visitor    string        `json:"visitor"` // who went or called
	Supersedes int           `json:"supersedes,omitempty"`
}

// maxVisitor bounds the visitor's name, in characters.
const maxVisitor = 80

// Check reports what is wrong with a contact that is to follow those given of
// the same person; today is the last day that it may have taken place on.
// Problems: fieldwork.unknown_mode, fieldwork.answered_is_computed,
// fieldwork.unknown_disposition, fieldwork.day, fieldwork.day_ahead,
// fieldwork.visitor, fieldwork.nothing_to_correct, fieldwork.mistaken_alone.
func (c Contact) Check(before []Contact, today territory.Day) []fault.Problem {
	var problems []fault.Problem
	need := func(ok bool, code string, pairs ...any) {
		if !ok {
			problems = append(problems, fault.P(code, pairs...))
		}
	}
	answered := c.Result == Completed || c.Result == PartlyDone || c.Result == BrokenOff
	need(slices.Contains(ContactModes, c.Mode), "fieldwork.unknown_mode", "value", string(c.Mode))
	need(!answered, "fieldwork.answered_is_computed")
	need(answered || c.Result == Mistaken || c.Result.Recorded(), "fieldwork.unknown_disposition", "value", string(c.Result))
	need(validDay(c.Day), "fieldwork.day", "value", string(c.Day))
	need(!validDay(c.Day) || c.Day <= today, "fieldwork.day_ahead", "day", string(c.Day))
	need(strings.TrimSpace(c.Visitor) != "" && utf8.RuneCountInString(c.Visitor) <= maxVisitor, "fieldwork.visitor")
	need(c.Supersedes == 0 || slices.ContainsFunc(Standing(before), func(b Contact) bool { return b.Number == c.Supersedes }),
		"fieldwork.nothing_to_correct", "number", c.Supersedes)
	need(c.Result != Mistaken || c.Supersedes != 0, "fieldwork.mistaken_alone")
	return problems
}

func validDay(day territory.Day) bool {
	_, err := time.Parse(time.DateOnly, string(day))
	return err == nil
}

// Same reports whether two contacts tell of the same attempt, whenever they were
// written down: what makes a file that is handed in twice add nothing.
func (c Contact) Same(other Contact) bool {
	return c.Person == other.Person && c.Day == other.Day && c.Mode == other.Mode && c.Result == other.Result && c.Visitor == other.Visitor
}

// Standing returns the contacts that count, by day and then as written: those
// that no other supersedes, without those that only take one back.
func Standing(contacts []Contact) []Contact {
	superseded := make(map[int]bool)
	for _, c := range contacts {
		superseded[c.Supersedes] = true
	}
	var standing []Contact
	for _, c := range contacts {
		if !superseded[c.Number] && c.Result != Mistaken {
			standing = append(standing, c)
		}
	}
	slices.SortStableFunc(standing, func(a, b Contact) int { return strings.Compare(string(a.Day), string(b.Day)) })
	return standing
}

// VisitDays counts the different days with a visit that counts.
func VisitDays(contacts []Contact) int {
	days := make(map[territory.Day]bool)
	for _, c := range Standing(contacts) {
		if c.Mode == ByVisit {
			days[c.Day] = true
		}
	}
	return len(days)
}

// LastDisposition is what the contacts of a person come to, the answer aside: the
// last that settled something, since finding nobody at home afterwards does not
// undo a refusal, a move or a death. So a contact in which something was learned
// of the person outweighs finding nobody, and that outweighs not knowing; among
// equals the last counts. Without contacts it is NotAttempted.
func LastDisposition(contacts []Contact) Disposition {
	last := NotAttempted
	for _, c := range Standing(contacts) {
		if c.Result.weight() >= last.weight() {
			last = c.Result
		}
	}
	return last
}

// weight orders dispositions by how much they settle.
func (d Disposition) weight() int {
	switch d.Category() {
	case UnknownHousehold, UnknownOther:
		return 0
	case NonContact:
		return 1
	}
	return 2
}
