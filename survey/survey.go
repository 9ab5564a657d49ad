// Package survey holds what is asked and what is answered: the questionnaire
// and its logic, the permission to answer once (the ballot), the stored answer
// (the response), the round they belong to, and the counters that invite to it.
//
// Everything here is plain values and pure functions: no clock, no store. Time
// and randomness come in as arguments.
package survey

import (
	"time"

	"hailong/territory"
)

// RoundID names a round: lower-case letters, digits and hyphens, at most 32.
type RoundID string

// Origin says by which way a person was invited to answer. It is statistical,
// not cosmetic: only OriginSample has inclusion probabilities.
type Origin string

// The origins.
const (
	OriginSample      Origin = "sample"      // a person drawn into the sample
	OriginTransaction Origin = "transaction" // the code printed on a one-stop receipt
	OriginCounter     Origin = "counter"     // the poster or the screen at a counter
	OriginOfficial    Origin = "official"    // an official answering a cross-survey
)

// letter marks the origin in a ballot ID, so that answers can be counted by
// unit and origin from the identifiers alone.
func (o Origin) letter() string {
	switch o {
	case OriginSample:
		return "s"
	case OriginTransaction:
		return "t"
	case OriginCounter:
		return "c"
	case OriginOfficial:
		return "o"
	}
	return ""
}

// Valid reports whether o is one of the origins.
func (o Origin) Valid() bool { return o.letter() != "" }

// Personal reports whether the ballot belongs to one known person or file, so
// that its nonce is derived and a second answer meets the first.
func (o Origin) Personal() bool { return o.Valid() && o != OriginCounter }

// Mode is how the answers came.
type Mode string

// The modes.
const (
	ModeSelf     Mode = "self"     // the person alone
	ModeAssisted Mode = "assisted" // with somebody's help
	ModePaper    Mode = "paper"    // keyed in from a paper form
)

// Counter is a place whose poster or screen invites people to answer.
type Counter struct {
	Code      CounterCode    `json:"code"`
	Round     RoundID        `json:"round"`
	Unit      territory.Code `json:"unit"`
	Name      string         `json:"name"` // "Bộ phận một cửa, phường Hà Lầm"
	Closed    bool           `json:"closed,omitempty"`
	CreatedAt time.Time      `json:"created_at"`
}

// CounterCode is the code in a counter's address, in the alphabet of tokens.
type CounterCode string
