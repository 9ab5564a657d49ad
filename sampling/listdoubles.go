package sampling

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"hailong/territory"
)

// Double is a pair of entries, in one village's list or in two, that may be one
// person. One stands before Other in the order of the lists.
type Double struct {
	One, Other Entry
	Alike      []Likeness // besides the name, the strongest first
}

// Entry is one line of a village's list.
type Entry struct {
	Village territory.Code
	Person  Person
}

// Likeness is something that two entries have in common.
type Likeness string

// What entries have in common. Without one of the first four a common name and
// year alone tie them.
const (
	SameDate      Likeness = "date"
	SwappedDate   Likeness = "swapped" // 12/03 here, 03/12 there
	SamePhone     Likeness = "phone"
	SameHousehold Likeness = "household"
	SameYear      Likeness = "year"
)

// Likely reports whether more than name and year speak for one person.
func (d Double) Likely() bool { return len(d.Alike) > 0 && d.Alike[0] != SameYear }

// EntryID stands for an entry: it stays the same when a list is handed in again,
// since it follows from the personal line. It is as secret as the line.
type EntryID string

// ID is the entry's: 16 hexadecimal digits of SHA-256("entry" ‖ line).
func (e Entry) ID() EntryID {
	sum := sha256.Sum256([]byte("entry" + string(e.Person.Line(e.Village))))
	return EntryID(hex.EncodeToString(sum[:8]))
}

// DoubleID stands for a pair of entries, whatever their order.
type DoubleID string

// ID is the pair's.
func (d Double) ID() DoubleID { return PairID(d.One.ID(), d.Other.ID()) }

// PairID joins the ids of two entries, the lesser first.
func PairID(a, b EntryID) DoubleID { return DoubleID(min(a, b)) + "-" + DoubleID(max(a, b)) }

// Doubles finds the pairs of entries that may be one person: the same name up
// to case, spacing, the place of the tone and i or y; the same year of birth,
// and no other full date but one with day and month swapped; no other sex. The
// likely ones come first, otherwise the order is that of the lists. Namesakes
// beyond 20 of one name and year are not paired.
func Doubles(lists []List) []Double {
	type nameYear struct {
		name string
		year int
	}
	seen := map[nameYear][]Entry{}
	var found []Double
	for _, l := range lists {
		for _, p := range l.People {
			entry, key := Entry{l.Village, p}, nameYear{nameKey(p.Name), p.BirthYear}
			for _, other := range seen[key] {
				if alike := likenesses(other, entry); len(alike) > 0 {
					found = append(found, Double{other, entry, alike})
				}
			}
			if len(seen[key]) < mostNamesakes {
				seen[key] = append(seen[key], entry)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Double) int {
		switch {
		case a.Likely() == b.Likely():
			return 0
		case a.Likely():
			return -1
		}
		return 1
	})
	return found
}

// likenesses compares two entries of one name and year: nil if they are two
// people.
func likenesses(a, b Entry) []Likeness {
	p, q := a.Person, b.Person
	if p.Sex != "" && q.Sex != "" && p.Sex != q.Sex {
		return nil
	}
	var alike []Likeness
	switch {
	case p.BirthDate == "" || q.BirthDate == "":
	case p.BirthDate == q.BirthDate:
		alike = append(alike, SameDate)
	case swapped(p.BirthDate) == q.BirthDate:
		alike = append(alike, SwappedDate)
	default:
		return nil
	}
	if p.Phone != "" && onlyDigits(p.Phone) == onlyDigits(q.Phone) {
		alike = append(alike, SamePhone)
	}
	if a.Village == b.Village && p.Household != "" && territory.Fold(p.Household) == territory.Fold(q.Household) {
		alike = append(alike, SameHousehold)
	}
	if p.BirthYear == 0 {
		return alike // of namesakes whose year nobody knows a phone or household must speak
	}
	return append(alike, SameYear)
}

// swapped is a date with day and month changed for each other.
func swapped(d territory.Day) territory.Day {
	if len(d) != len("2006-01-02") {
		return ""
	}
	return d[:5] + d[8:] + "-" + d[5:7]
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// nameKey is a name as doubles are looked for: folded, without spaces, and with
// i for a y that sounds the same ("Lý" and "Lí", "Quý" and "Quí", but not
// "Thuý" and "Thúi").
func nameKey(name string) string {
	var b, tones strings.Builder // tones apart, since without spaces they have no syllable
	var before [2]rune           // the two letters before
	letters := []rune(territory.Fold(name))
	for i, r := range letters {
		if r == ' ' {
			before = [2]rune{}
			continue
		}
		if isTone(r) {
			tones.WriteRune(r)
			continue
		}
		last := i+1 == len(letters) || letters[i+1] == ' ' || isTone(letters[i+1])
		vowel := strings.ContainsRune("aeiou\u0306\u0302\u031b", before[1]) && before != [2]rune{'q', 'u'}
		if r == 'y' && last && !vowel {
			r = 'i'
		}
		before[0], before[1] = before[1], r
		b.WriteRune(r)
	}
	return b.String() + " " + tones.String()
}

func isTone(r rune) bool { return strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) }

// Verdict is what was decided about a pair of entries.
type Verdict struct {
	Kept    EntryID // the entry that stands
	Dropped EntryID // the other one, left out of the frame; "" if they are two people
}

// WithoutDoubles returns the lists without the entries that verdicts drop, in
// the order of the verdicts. An entry goes only while the one kept instead of it
// is there, so that no chain of verdicts loses a person.
func WithoutDoubles(lists []List, verdicts []Verdict) []List {
	there := map[EntryID]bool{}
	for _, l := range lists {
		for _, p := range l.People {
			there[Entry{l.Village, p}.ID()] = true
		}
	}
	dropped := map[EntryID]bool{}
	for _, v := range verdicts {
		if v.Dropped != "" && v.Dropped != v.Kept && there[v.Kept] && there[v.Dropped] {
			dropped[v.Dropped] = true
			delete(there, v.Dropped)
		}
	}
	if len(dropped) == 0 {
		return lists
	}
	kept := slices.Clone(lists)
	for i := range kept {
		kept[i].People = slices.DeleteFunc(slices.Clone(kept[i].People), func(p Person) bool { return dropped[Entry{kept[i].Village, p}.ID()] })
	}
	return kept
}
