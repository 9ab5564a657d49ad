package survey

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"time"

	"hailong/fault"
	"hailong/territory"
)

// SigningKey signs ballots. The first of a ring signs; the others still verify,
// so that a rotation forges nobody's ballot.
type SigningKey struct {
	ID     string `json:"id"`
	Secret []byte `json:"secret"` // 32 bytes
}

// Keys is everything secret that the server copies share. It is kept in a file
// of its own, outside the database.
type Keys struct {
	Master  []byte       `json:"master"`  // 32 bytes, never rotates: nonces, tokens and receipts derive from it
	Signing []SigningKey `json:"signing"` // the first signs, all verify
}

// keyBytes is the length of every secret.
const keyBytes = 32

// NewKeys makes fresh keys from a source of randomness.
func NewKeys(random io.Reader) (Keys, error) {
	secret := make([]byte, 2*keyBytes)
	if _, err := io.ReadFull(random, secret); err != nil {
		return Keys{}, fault.Wrap(err, fault.Internal, "keys.no_randomness")
	}
	return Keys{
		Master:  secret[:keyBytes],
		Signing: []SigningKey{{ID: "1", Secret: secret[keyBytes:]}},
	}, nil
}

// Validate reports whether the keys can be used: lengths, and identifiers that tell
// the signing keys apart.
func (k Keys) Validate() error {
	if len(k.Master) != keyBytes || len(k.Signing) == 0 {
		return fault.New(fault.Invalid, "keys.malformed")
	}
	for i, s := range k.Signing {
		same := func(other SigningKey) bool { return other.ID == s.ID }
		if s.ID == "" || strings.ContainsAny(s.ID, ".~") || len(s.Secret) != keyBytes || slices.ContainsFunc(k.Signing[:i], same) {
			return fault.New(fault.Invalid, "keys.malformed")
		}
	}
	return nil
}

// derive is HMAC-SHA-256 of the parts under the master key, each part ended by
// a zero byte; the first part names the purpose and keeps the uses apart.
func (k Keys) derive(purpose string, parts ...string) []byte {
	text := append(make([]byte, 0, usualText), purpose...)
	for _, part := range parts {
		text = append(append(text, 0), part...)
	}
	return hmacOf(k.Master, append(text, 0))
}

// roundNonce is HMAC(round ballot key, subject). The round ballot key derives
// from the master key and the round, so it is made once and never rotates.
func (k Keys) roundNonce(round RoundID, kind, subject string) Nonce {
	mac := hmacOf(k.derive("round-ballot-key", string(round)), []byte(kind+"\x00"+subject))
	return Nonce(base64.RawURLEncoding.EncodeToString(mac[:16]))
}

// PersonNonce is the nonce of a drawn person's ballot.
func (k Keys) PersonNonce(round RoundID, personKey string) Nonce {
	return k.roundNonce(round, "person", personKey)
}

// RecheckKey stands for a person in the re-checks of a round: without the master
// key it leads neither to the person nor to the ballot, so that a store that keeps
// who is re-checked keeps nothing of who answered beside a name.
func (k Keys) RecheckKey(round RoundID, personKey string) string {
	return lowerBase32.EncodeToString(k.derive("recheck", string(round), personKey)[:20])
}

// FileNonce is the nonce of the ballot of one one-stop transaction.
func (k Keys) FileNonce(round RoundID, fileNumber string) Nonce {
	return k.roundNonce(round, "file", fileNumber)
}

// TokenHash is what a store keeps of a token: without the master key, a copy
// of the database opens no ballot.
func (k Keys) TokenHash(t Token) string {
	return lowerBase32.EncodeToString(k.derive("token", string(t))[:20])
}

// Fingerprint tells whether a database belongs to these keys.
func (k Keys) Fingerprint() string {
	return lowerBase32.EncodeToString(k.derive("fingerprint")[:10])
}

// Sign writes the ballot as the text that travels in the page:
// base64url(fields) "." key id "." base64url(HMAC-SHA-256 of both).
func (k Keys) Sign(b Ballot) string {
	key := k.Signing[0]
	body := base64.RawURLEncoding.EncodeToString(b.encode()) + "." + key.ID
	return body + "." + base64.RawURLEncoding.EncodeToString(hmacOf(key.Secret, []byte(body)))
}

// Open verifies a ballot's text and returns the ballot. It returns a Denied
// error for a text that was not signed by these keys, and an Unreadable one for
// what is no ballot at all.
func (k Keys) Open(text string) (Ballot, error) {
	if strings.Count(text, ".") != 2 {
		return Ballot{}, fault.New(fault.Unreadable, "ballot.unreadable")
	}
	end := strings.LastIndexByte(text, '.')
	fields, id, _ := strings.Cut(text[:end], ".")
	i := slices.IndexFunc(k.Signing, func(s SigningKey) bool { return s.ID == id })
	given, err := base64.RawURLEncoding.DecodeString(text[end+1:])
	if i < 0 || err != nil || !hmac.Equal(given, hmacOf(k.Signing[i].Secret, []byte(text[:end]))) {
		return Ballot{}, fault.New(fault.Denied, "ballot.forged")
	}
	raw, err := base64.RawURLEncoding.DecodeString(fields)
	if err != nil {
		return Ballot{}, fault.New(fault.Unreadable, "ballot.unreadable")
	}
	return decodeBallot(raw)
}

// usualText is room for what is usually hashed.
const usualText = 128

// hmacOf is HMAC-SHA-256 of the text.
func hmacOf(key, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil)
}

// ballotFormat is the first byte of an encoded ballot.
const ballotFormat = 1

// encode writes the fields, each preceded by its length.
func (b Ballot) encode() []byte {
	out := []byte{ballotFormat}
	out = binary.AppendVarint(out, b.Issued.Unix())
	for _, field := range []string{string(b.Round), string(b.Questionnaire), string(b.Origin), string(b.Unit), string(b.Nonce), b.Page} {
		out = binary.AppendUvarint(out, uint64(len(field)))
		out = append(out, field...)
	}
	return out
}

// decodeBallot is the inverse of encode. Its input is signed, so that a fault
// in it means another version of the program.
func decodeBallot(raw []byte) (Ballot, error) {
	if len(raw) == 0 || raw[0] != ballotFormat {
		return Ballot{}, fault.New(fault.Unreadable, "ballot.unreadable")
	}
	issued, n := binary.Varint(raw[1:])
	if n <= 0 {
		return Ballot{}, fault.New(fault.Unreadable, "ballot.unreadable")
	}
	raw = raw[1+n:]
	var fields [6]string
	for i := range fields {
		length, n := binary.Uvarint(raw)
		if n <= 0 || length > uint64(len(raw)-n) {
			return Ballot{}, fault.New(fault.Unreadable, "ballot.unreadable")
		}
		fields[i] = string(raw[n : n+int(length)])
		raw = raw[n+int(length):]
	}
	b := Ballot{
		Issued: time.Unix(issued, 0).UTC(),
		Round:  RoundID(fields[0]), Questionnaire: Ref(fields[1]), Origin: Origin(fields[2]),
		Unit: territory.Code(fields[3]), Nonce: Nonce(fields[4]), Page: fields[5],
	}
	if !b.Origin.Valid() {
		return Ballot{}, fault.New(fault.Unreadable, "ballot.unreadable")
	}
	return b, nil
}
