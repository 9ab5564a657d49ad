package survey

import "hailong/territory"

// Subject is whom a personal ballot is for: the pseudonymous key of a drawn
// person, or the number of a one-stop file. Nonces derive from it.
type Subject string

// BatchID names one production of slips.
type BatchID string

// Pass is what a token leads to. A store keeps it under the token's hash, so
// that nobody can read a token from a database; a new production of slips voids
// the passes of the batch before, and the new token leads to the same ballot.
type Pass struct {
	Hash    string         `json:"hash"` // Keys.TokenHash of the token
	Round   RoundID        `json:"round"`
	Unit    territory.Code `json:"unit"`
	Origin  Origin         `json:"origin"`
	Subject Subject        `json:"subject"`
	Batch   BatchID        `json:"batch"`
	Voided  bool           `json:"voided,omitempty"`
}

// Nonce returns the nonce of the ballot that the pass leads to.
func (p Pass) Nonce(k Keys) Nonce {
	if p.Origin == OriginTransaction {
		return k.FileNonce(p.Round, string(p.Subject))
	}
	return k.PersonNonce(p.Round, string(p.Subject))
}
