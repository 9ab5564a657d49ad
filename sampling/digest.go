package sampling

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Digest is a SHA-256 as text: "sha256:" and 64 lower-case hexadecimal digits.
type Digest string

const digestPrefix = "sha256:"

// DigestOf returns the digest of the bytes.
func DigestOf(b []byte) Digest {
	sum := sha256.Sum256(b)
	return digestFrom(sum[:])
}

func digestFrom(sum []byte) Digest { return Digest(digestPrefix + hex.EncodeToString(sum)) }

// Valid reports whether the digest has the form of one.
func (d Digest) Valid() bool {
	digits, ok := strings.CutPrefix(string(d), digestPrefix)
	if !ok || len(digits) != hex.EncodedLen(sha256.Size) || strings.ToLower(digits) != digits {
		return false
	}
	_, err := hex.DecodeString(digits)
	return err == nil
}
