// Package territory describes the administrative units of a country: their
// codes, levels, kinds, validity and succession. It knows nothing of surveys.
package territory

import "time"

// Code is the official code of a unit, kept as text because leading zeros
// count: "22" a province, "06994" a commune, "06994-03" a village.
type Code string

// Level is the place of a unit in the hierarchy, the highest first.
type Level string

// The levels. Since July 2025 there are no districts; older series have them.
const (
	Province Level = "province"
	District Level = "district"
	Commune  Level = "commune"
	Village  Level = "village"
)

// Kind is the unit's kind in the words of the law, for instance "Phường",
// "Xã", "Đặc khu tại hải đảo", "Thôn", "Tổ dân phố".
type Kind string

// SizeStatus says how far the population of a unit can be relied upon for a
// draw by size.
type SizeStatus string

// The size statuses. Only plausible, confirmed and corrected sizes may enter a
// draw by size.
const (
	SizePlausible SizeStatus = "plausible" // passed the checks at import
	SizeMissing   SizeStatus = "missing"   // no population was given
	SizeDoubtful  SizeStatus = "doubtful"  // failed a check; the reason is in the finding
	SizeConfirmed SizeStatus = "confirmed" // doubtful, looked at by a person and found right
	SizeCorrected SizeStatus = "corrected" // replaced by a person, with a source
)

// Usable reports whether a draw by size may use the population.
func (s SizeStatus) Usable() bool {
	return s == SizePlausible || s == SizeConfirmed || s == SizeCorrected
}

// Day is a calendar day as ISO 8601 text ("2025-07-01"), "" for open-ended.
type Day string

// Shown is the day as people here write it, 30/09/2026; what is no day stays.
func (d Day) Shown() string {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return at.Format("02/01/2006")
}

// Unit is one administrative unit during one period of validity.
type Unit struct {
	Code       Code       `json:"code"`
	Name       string     `json:"name"`
	Level      Level      `json:"level"`
	Kind       Kind       `json:"kind"`
	Parent     Code       `json:"parent,omitempty"`
	AreaKm2    float64    `json:"area_km2,omitempty"`
	Population int64      `json:"population,omitempty"` // 0 is unknown
	Size       SizeStatus `json:"size_status,omitempty"`
	SizeSource string     `json:"size_source,omitempty"` // why a size was confirmed or corrected
	From       Day        `json:"from,omitempty"`
	To         Day        `json:"to,omitempty"` // first day on which the unit no longer exists
}

// Commune is the commune that a commune or village is or lies in.
func (u Unit) Commune() Code {
	if u.Level == Village {
		return u.Parent
	}
	return u.Code
}

// FullName is the kind and the name: "Phường Hà Lầm".
func (u Unit) FullName() string {
	if u.Kind == "" {
		return u.Name
	}
	return string(u.Kind) + " " + u.Name
}
