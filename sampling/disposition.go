package sampling

import (
	"slices"
	"strings"

	"hailong/fault"
)

// Disposition is what became of a drawn person, or of one attempt to reach
// them, by a name of ours that stands for a code of AAPOR's Standard Definitions
// (10th edition, 2023; its codes for surveys of specifically named persons). The
// third digit of 4.1x is ours, as that standard invites.
type Disposition string

// The dispositions. The population is the adults who live in a drawn village
// when the round opens: who had died or moved away for good by then is not
// eligible (4.1x); who dies during the fieldwork was eligible and is a
// nonrespondent (2.31).
const (
	Completed    Disposition = "complete"      // 1.1
	PartlyDone   Disposition = "partial"       // 1.2
	Refused      Disposition = "refusal"       // 2.11
	BrokenOff    Disposition = "break_off"     // 2.12: sent a sheet without a single rating
	NotHome      Disposition = "not_home"      // 2.24
	Away         Disposition = "away"          // 2.25: until the end of the fieldwork
	DiedSince    Disposition = "died_since"    // 2.31
	Unable       Disposition = "unable"        // 2.32: ill, or not able to answer
	NoLanguage   Disposition = "language"      // 2.33
	Met          Disposition = "met"           // 2.36: was met, has the slip, has not answered
	NotAttempted Disposition = "not_attempted" // 3.11: no contact on record
	Unreachable  Disposition = "unreachable"   // 3.17: the place cannot be reached
	NotFound     Disposition = "not_found"     // 3.18: nobody knows the person or the house
	Unknown      Disposition = "unknown"       // 3.9
	Moved        Disposition = "moved"         // 4.11: away for good
	Dead         Disposition = "dead"          // 4.12: before the round opened
	NotEligible  Disposition = "not_eligible"  // 4.13: under age, listed twice, never lived there
)

// Category is the group of dispositions that the rates are computed from, by
// AAPOR's letters.
type Category string

// The categories.
const (
	Interview        Category = "I"
	Partial          Category = "P"
	Refusal          Category = "R" // and break-off
	NonContact       Category = "NC"
	OtherNonresponse Category = "O"
	UnknownHousehold Category = "UH" // unknown whether there is such a household
	UnknownOther     Category = "UO"
	Ineligible       Category = "NE"
)

// dispositions is the whole vocabulary: name, AAPOR code, category.
var dispositions = []struct {
	name     Disposition
	code     string
	category Category
}{
	{Completed, "1.1", Interview}, {PartlyDone, "1.2", Partial},
	{Refused, "2.11", Refusal}, {BrokenOff, "2.12", Refusal},
	{NotHome, "2.24", NonContact}, {Away, "2.25", NonContact},
	{DiedSince, "2.31", OtherNonresponse}, {Unable, "2.32", OtherNonresponse}, {NoLanguage, "2.33", OtherNonresponse}, {Met, "2.36", OtherNonresponse},
	{NotAttempted, "3.11", UnknownHousehold}, {Unreachable, "3.17", UnknownHousehold}, {NotFound, "3.18", UnknownHousehold}, {Unknown, "3.9", UnknownOther},
	{Moved, "4.11", Ineligible}, {Dead, "4.12", Ineligible}, {NotEligible, "4.13", Ineligible},
}

// Dispositions lists the vocabulary in the order of its codes.
func Dispositions() []Disposition {
	all := make([]Disposition, len(dispositions))
	for i, d := range dispositions {
		all[i] = d.name
	}
	return all
}

// Recordable lists what a visitor may write down of one attempt, the usual
// first. That somebody answered is none of it: the ballots alone say that.
func Recordable() []Disposition {
	return []Disposition{Met, NotHome, Away, Refused, Moved, Dead, NotEligible, Unable, NoLanguage, DiedSince, NotFound, Unreachable, Unknown}
}

// Recorded reports whether a visitor may write the disposition down.
func (d Disposition) Recorded() bool { return slices.Contains(Recordable(), d) }

// Code is the disposition's AAPOR code, "" for an unknown name.
func (d Disposition) Code() string {
	for _, known := range dispositions {
		if known.name == d {
			return known.code
		}
	}
	return ""
}

// Category is the group that the disposition counts in, UnknownOther for an
// unknown name.
func (d Disposition) Category() Category {
	for _, known := range dispositions {
		if known.name == d {
			return known.category
		}
	}
	return UnknownOther
}

// ParseDisposition reads a name or an AAPOR code. The error is
// fieldwork.unknown_disposition.
func ParseDisposition(text string) (Disposition, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, known := range dispositions {
		if text != "" && (string(known.name) == text || known.code == text) {
			return known.name, nil
		}
	}
	return "", fault.New(fault.Invalid, "fieldwork.unknown_disposition", "value", text)
}
