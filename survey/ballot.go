package survey

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"hailong/territory"
)

// BallotID identifies a ballot and is the identifier of its response. It reads
// "round/unit/xHASH" where x is the origin's letter, so that the answers of a
// unit stand together in any store.
type BallotID string

// Nonce tells ballots of one round and unit apart: derived from the person or
// the file number for personal ballots, random at a counter.
type Nonce string

// Ballot is the permission to answer once. It is stateless: it travels, signed,
// in the page, and nothing is written before it comes back.
type Ballot struct {
	Round         RoundID
	Questionnaire Ref
	Origin        Origin
	Unit          territory.Code
	Nonce         Nonce
	Issued        time.Time // whole seconds
	Page          string    // random, so that two pages of one ballot are told apart
}

// lowerBase32 writes hashes in identifiers: readable aloud, safe in addresses.
var lowerBase32 = base32.NewEncoding(lowerAlphabet).WithPadding(base32.NoPadding)

const lowerAlphabet = "abcdefghijkmnpqrstuvwxyz23456789"

// ID depends on round, unit, origin and nonce only: never on the issue time,
// the questionnaire's version, the page or the signing key, so that every way
// to the same permission leads to the same response.
func (b Ballot) ID() BallotID {
	text := make([]byte, 0, usualText)
	for _, part := range []string{"ballot", string(b.Round), string(b.Unit), string(b.Nonce)} {
		text = append(append(text, part...), 0)
	}
	sum := sha256.Sum256(text)
	return BallotID(UnitPrefix(b.Round, b.Unit, b.Origin) + lowerBase32.EncodeToString(sum[:20]))
}

// RoundPrefix begins the ballot IDs of a round.
func RoundPrefix(round RoundID) string { return string(round) + "/" }

// UnitPrefix begins the ballot IDs of a round, a unit and an origin; with an
// empty origin, of all origins.
func UnitPrefix(round RoundID, unit territory.Code, origin Origin) string {
	return RoundPrefix(round) + string(unit) + "/" + origin.letter()
}

// Split takes a ballot ID apart into round, unit and origin.
func (id BallotID) Split() (RoundID, territory.Code, Origin) {
	parts := strings.SplitN(string(id), "/", 3)
	if len(parts) < 3 || parts[2] == "" {
		return "", "", ""
	}
	for _, o := range []Origin{OriginSample, OriginTransaction, OriginCounter, OriginOfficial} {
		if strings.HasPrefix(parts[2], o.letter()) {
			return RoundID(parts[0]), territory.Code(parts[1]), o
		}
	}
	return RoundID(parts[0]), territory.Code(parts[1]), ""
}

// CounterBallotLife is how long the ballot of a counter may be sent after it
// was issued; personal ballots live until the round closes plus its grace.
const CounterBallotLife = 72 * time.Hour
