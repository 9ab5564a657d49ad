package sampling

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"hailong/fault"
	"hailong/territory"
)

// List is the officer's list of the adults of one village, in the order of the
// file; or of the people who had a transaction at one office, under the code of its
// commune. It names people and never leaves the house; what is published is its
// PeopleFrame or OfficeFrame.
type List struct {
	Village territory.Code `json:"village"`
	People  []Person       `json:"people"`
}

// Person is one adult on a village's list.
type Person struct {
	Key       PersonKey     `json:"key"`
	Salt      Salt          `json:"salt"`
	Name      string        `json:"name"` // NFC, single spaces, otherwise as written
	BirthYear int           `json:"birth_year"`
	BirthDate territory.Day `json:"birth_date,omitempty"` // where the list has it
	Sex       Sex           `json:"sex,omitempty"`
	Household string        `json:"household,omitempty"` // number or head, as the village counts
	Address   string        `json:"address,omitempty"`
	Phone     string        `json:"phone,omitempty"`
	Row       int           `json:"row,omitempty"` // in the officer's file
	Case      *Case         `json:"case,omitempty"`
}

// Case is the transaction that stands for somebody who is listed because they were
// at a one-stop office.
type Case struct {
	File      string        `json:"file"`
	Procedure string        `json:"procedure,omitempty"`
	Field     string        `json:"field"` // of the procedure: the stratum
	Done      territory.Day `json:"done"`
	Count     int           `json:"count"` // transactions of the person in the period
}

// Sex is the sex that the list states, "" if it states none.
type Sex string

// The sexes that lists state.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Line is the canonical personal line that the seal vouches for: village, name,
// birth date (the year where no date is known), sex, household and address, in
// this order, as one row of a canonical frame: each in NFC with single spaces,
// commas between, quotes only around a value that holds a comma or a quote, no
// line end. For instance
//
//	06994-03,Trần Thị Hoà,1956,female,012,"Ngõ 3, Đông Xá"
//
// The phone number is left out: it changes, and proves nothing about who was
// drawn. The line of somebody with a Case is that of the transaction, with the
// code of the list in the place of the office.
func (p Person) Line(village territory.Code) PersonalLine {
	if p.Case != nil {
		return Transaction{
			Unit: string(village), Name: p.Name, BirthDate: p.BirthDate, BirthYear: p.BirthYear,
			FileNumber: p.Case.File, Done: p.Case.Done, Field: p.Case.Field,
		}.Line()
	}
	birth := string(p.BirthDate)
	if birth == "" {
		birth = strconv.Itoa(p.BirthYear)
	}
	return PersonalLineOf(string(village), p.Name, birth, string(p.Sex), p.Household, p.Address)
}

// Seal gives every person a salt from random (crypto/rand.Reader) and the key
// that follows from it: the first 16 hexadecimal digits of SHA-256("key" ‖ salt).
// So the key says nothing about the person, and who is shown their salt can find
// their own row. The error is that of the source, of kind Internal.
func (l *List) Seal(random io.Reader) error {
	for i := range l.People {
		p := &l.People[i]
		if _, err := io.ReadFull(random, p.Salt[:]); err != nil {
			return fault.Wrap(fmt.Errorf("salt of a person: %w", err), fault.Internal, "internal")
		}
		p.Key = p.Salt.key()
	}
	return nil
}

func (s Salt) key() PersonKey {
	sum := sha256.Sum256(append([]byte("key"), s[:]...))
	return PersonKey(hex.EncodeToString(sum[:8]))
}

// MarshalText writes the salt as 32 hexadecimal digits.
func (s Salt) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, s[:]), nil }

// UnmarshalText reads what MarshalText wrote. The error is of kind Unreadable.
func (s *Salt) UnmarshalText(text []byte) error {
	raw, err := hex.DecodeString(string(text))
	if err != nil || len(raw) != len(s) {
		return fault.Wrap(err, fault.Unreadable, "list.salt_unreadable")
	}
	copy(s[:], raw)
	return nil
}

// PeopleFrame makes the public frame of the people of sealed lists, village by
// village in the order given. Errors are those of PublicFrame.
func PeopleFrame(lists []List) (Frame, error) {
	var people []PublicPerson
	for _, l := range lists {
		for i, p := range l.People {
			people = append(people, PublicPerson{Key: p.Key, Village: l.Village, Order: i + 1, Salt: p.Salt, Line: p.Line(l.Village)})
		}
	}
	return PublicFrame(people)
}
