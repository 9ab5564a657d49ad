package sampling

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"strconv"
	"strings"

	"hailong/fault"
	"hailong/territory"
)

// PersonKey is the pseudonymous key of a person in a public frame. It is made
// outside, with a secret key or at random, and says nothing about the person.
type PersonKey string

// Salt is the random part of a seal. It stays with the named list; without it
// a seal could be opened by trying names and birth years.
type Salt [16]byte

// Seal is the SHA-256 of salt and personal line, as 64 hexadecimal digits.
type Seal string

// PersonalLine is what a seal vouches for, as one line: PersonalLineOf.
type PersonalLine string

// PersonalLineOf makes the canonical personal line of the values that identify
// a person (name, birth year, sex, household, …): each in NFC with single
// spaces, joined as a row of a canonical frame.
func PersonalLineOf(values ...string) PersonalLine {
	clean := make([]string, len(values))
	for i, value := range values {
		clean[i] = strings.Join(strings.Fields(territory.NFC(value)), " ")
	}
	return PersonalLine(appendRecord(nil, clean))
}

// SealOf returns the seal: SHA-256(salt ‖ line).
func SealOf(salt Salt, line PersonalLine) Seal {
	sum := sha256.Sum256(append(salt[:], line...))
	return Seal(hex.EncodeToString(sum[:]))
}

// PublicPerson is one row of a village list as far as the public frame needs it.
type PublicPerson struct {
	Key     PersonKey
	Village territory.Code
	Order   int // place in the village's list, from 1
	Salt    Salt
	Line    PersonalLine
}

// publicColumns are the columns of a public frame of people.
var publicColumns = []string{"key", "village", "order", "seal"}

// PublicRow is a row of a public frame with what can be told of it alone.
type PublicRow struct {
	Key  PersonKey
	Seal Seal
}

// ReadPublicRow reads one row as it stands in the file of a public frame, of people
// or of transactions: the key is its first value and the seal its last. ok is
// false for anything else.
func ReadPublicRow(text string) (row PublicRow, ok bool) {
	values, err := csv.NewReader(strings.NewReader(strings.TrimSpace(text))).Read()
	if err != nil || len(values) < len(publicColumns) {
		return PublicRow{}, false
	}
	last := values[len(values)-1]
	raw, err := hex.DecodeString(last)
	if err != nil || len(raw) != sha256.Size {
		return PublicRow{}, false
	}
	return PublicRow{PersonKey(values[0]), Seal(last)}, true
}

// PublicFrame makes the frame of people that is drawn from and published: key,
// village, order and seal, in the order given. A draw by village uses the key
// column "key" and the parent key column "village". Keys must be given and
// differ, and salts must not be zero or repeat (
// draw.person_key and draw.person_salt, by row of the frame).
func PublicFrame(people []PublicPerson) (Frame, error) {
	var problems []fault.Problem
	keys, salts := make(map[PersonKey]bool, len(people)), map[Salt]bool{{}: true}
	rows := make([][]string, len(people))
	for i, p := range people {
		if p.Key == "" || keys[p.Key] {
			problems = append(problems, fault.P("draw.person_key", "key", string(p.Key)).AtRow(i+2, "key"))
		}
		if salts[p.Salt] {
			problems = append(problems, fault.P("draw.person_salt", "key", string(p.Key)).AtRow(i+2, "seal"))
		}
		keys[p.Key], salts[p.Salt] = true, true
		rows[i] = []string{string(p.Key), string(p.Village), strconv.Itoa(p.Order), string(SealOf(p.Salt, p.Line))}
	}
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return Frame{}, err
	}
	return NewFrame(publicColumns, rows)
}

// CheckSeal reports whether a person's line, with the salt shown to them, is
// the one that a public frame was sealed with, of people or of a one-stop office's
// transactions: nil if so, draw.not_people if the frame has no keys or seals, draw.no_person if
// the frame does not hold the key, draw.seal_broken if the line or salt differs.
func CheckSeal(f Frame, key PersonKey, salt Salt, line PersonalLine) error {
	for _, column := range []string{"key", "seal"} {
		if !f.Has(column) {
			return fault.New(fault.Invalid, "draw.not_people", "column", column)
		}
	}
	for i := range f.Len() {
		if f.Value(i, "key") != string(key) {
			continue
		}
		if f.Value(i, "seal") == string(SealOf(salt, line)) {
			return nil
		}
		p := fault.P("draw.seal_broken", "key", string(key)).AtRow(i+2, "seal")
		return fault.Of(fault.Invalid, []fault.Problem{p})
	}
	return fault.New(fault.NotFound, "draw.no_person", "key", string(key))
}
