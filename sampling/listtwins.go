package sampling

import (
	"strconv"

	"hailong/territory"
)

// twinKey is something that two entries of one person have in common: a form
// of the name, and year, date, or year and household.
type twinKey struct{ name, rest string }

// twinKeys are the keys under which an entry is looked for. However it was
// typed, a double shares one with the first entry.
func (p Person) twinKeys() []twinKey {
	year, folded := strconv.Itoa(p.BirthYear), territory.Fold(p.Name)
	keys := []twinKey{{territory.Plain(p.Name), year}}
	if p.BirthDate != "" {
		keys = append(keys, twinKey{folded, string(p.BirthDate)})
	}
	if p.Household != "" {
		keys = append(keys, twinKey{folded, year + " " + territory.Fold(p.Household)})
	}
	return keys
}

// mostNamesakes bounds the entries kept under a key, so that a file of one
// name costs no more than another.
const mostNamesakes = 20

// place is a person's place in the lists under check.
type place struct{ village, person int }

// likeness says how surely two entries are one person.
type likeness int

const (
	different likeness = iota
	likely
	same
)

// listedBefore reports an entry of a person whom the file has already: as an
// error, leaving the entry out, if name, birth and household (or the full birth
// date) are the same; as a warning, about the first found, if it is only likely
// or is in another village.
func (c *listCheck) listedBefore(village int, p Person) bool {
	keys := p.twinKeys()
	var maybe, elsewhere *Person
	var there int
	for _, key := range keys {
		for _, at := range c.twins[key] {
			other := &c.lists[at.village].People[at.person]
			switch like := p.like(*other); {
			case at.village != village:
				if like == same && p.BirthDate != "" && p.BirthDate == other.BirthDate && elsewhere == nil {
					elsewhere, there = other, at.village
				}
			case like == same:
				c.fail("name", "list.duplicate", "name", p.Name, "first", other.Row)
				return true
			case like == likely && maybe == nil:
				maybe = other
			}
		}
	}
	if maybe != nil {
		c.warn("name", "list.duplicate_likely", "name", p.Name, "first", maybe.Row)
	}
	if elsewhere != nil {
		c.warn("name", "list.in_two_villages", "name", p.Name, "village", c.rules.Villages[there].FullName(), "first", elsewhere.Row)
	}
	here := place{village, len(c.lists[village].People)}
	for _, key := range keys {
		if len(c.twins[key]) < mostNamesakes {
			c.twins[key] = append(c.twins[key], here)
		}
	}
	return false
}

// like compares two entries that share a key.
func (p Person) like(q Person) likeness {
	if p.BirthDate != "" && q.BirthDate != "" && p.BirthDate != q.BirthDate {
		return different
	}
	sameDate := p.BirthDate != "" && p.BirthDate == q.BirthDate
	sameHome := p.Household != "" && territory.Fold(p.Household) == territory.Fold(q.Household)
	sameName := territory.Fold(p.Name) == territory.Fold(q.Name)
	sexDiffers := p.Sex != "" && q.Sex != "" && p.Sex != q.Sex
	if sameName && !sexDiffers && (sameDate || sameHome) {
		return same
	}
	if !sameName && !sameDate && !sameHome {
		return different // marks apart, nothing else ties them
	}
	return likely
}
