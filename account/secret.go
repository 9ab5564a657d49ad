package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"

	"hailong/fault"
)

// Secret is 256 random bits that travel in a cookie or in a link, as 43
// characters of base64url. It is never stored and never logged: its String is
// a placeholder.
type Secret struct{ text string }

const secretBytes = 32

// NewSecret makes a fresh secret.
func NewSecret() Secret {
	raw := make([]byte, secretBytes)
	rand.Read(raw) // crypto/rand never fails
	return Secret{base64.RawURLEncoding.EncodeToString(raw)}
}

// ParseSecret reads a secret that came from outside.
func ParseSecret(text string) (Secret, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != secretBytes {
		return Secret{}, false
	}
	return Secret{text}, true
}

// Reveal is the text to put into the cookie or the link.
func (s Secret) Reveal() string { return s.text }

// String hides the secret from logs.
func (s Secret) String() string { return "[secret]" }

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return "[secret]" }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text == "" }

// hash is what a store keeps of a secret: SHA-256, which needs no salt or
// stretching for 256 random bits. The purpose keeps the kinds apart.
func (s Secret) hash(purpose string) string {
	sum := sha256.Sum256([]byte(purpose + ":" + s.text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// CSRF returns a token for the forms of whoever holds the secret in a cookie:
// a signed-in session, or the visitor of the sign-in page. It is
// pad ‖ (pad XOR HMAC-SHA-256(secret, "csrf")) with a fresh random pad, so that
// it differs on every page and compression gives nothing away.
func (s Secret) CSRF() string {
	token := make([]byte, 2*sha256.Size)
	rand.Read(token[:sha256.Size])
	subtle.XORBytes(token[sha256.Size:], token[:sha256.Size], s.csrfMAC())
	return base64.RawURLEncoding.EncodeToString(token)
}

// CheckCSRF returns nil if the token was made from this secret.
func (s Secret) CheckCSRF(token string) error {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if s.IsZero() || err != nil || len(raw) != 2*sha256.Size {
		return fault.New(fault.Denied, "account.csrf")
	}
	given := make([]byte, sha256.Size)
	subtle.XORBytes(given, raw[:sha256.Size], raw[sha256.Size:])
	if !hmac.Equal(given, s.csrfMAC()) {
		return fault.New(fault.Denied, "account.csrf")
	}
	return nil
}

func (s Secret) csrfMAC() []byte {
	mac := hmac.New(sha256.New, []byte(s.text))
	mac.Write([]byte("csrf"))
	return mac.Sum(nil)
}
