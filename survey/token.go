package survey

import (
	"io"
	"strings"

	"hailong/fault"
)

// Token is the short code that a drawn person types or scans: eight random
// characters (40 bits) and a check character. It is only a way in; what it
// leads to is a ballot.
type Token string

// codeAlphabet is Crockford's base 32: no I, L, O or U, so that what is printed
// cannot be misread; what is typed may use them for 1, 1, 0 and V.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// The lengths of the codes with their check character.
const (
	tokenLength   = 9
	counterLength = 7
)

// NewToken makes a token from a source of randomness.
func NewToken(random io.Reader) (Token, error) {
	code, err := newCode(random, tokenLength)
	return Token(code), err
}

// ParseToken reads a token as people type it: any case, with spaces or hyphens,
// O for 0, I and L for 1. One wrong or two swapped neighbours are found.
func ParseToken(text string) (Token, error) {
	code, err := parseCode(text, tokenLength)
	return Token(code), err
}

// Grouped writes the token in threes, as it is printed: "K7M-4TQ-9ZX".
func (t Token) Grouped() string {
	if len(t) != tokenLength {
		return string(t)
	}
	return string(t[:3] + "-" + t[3:6] + "-" + t[6:])
}

// NewCounterCode makes the code of a counter from a source of randomness.
func NewCounterCode(random io.Reader) (CounterCode, error) {
	code, err := newCode(random, counterLength)
	return CounterCode(code), err
}

// ParseCounterCode reads a counter code as people type it.
func ParseCounterCode(text string) (CounterCode, error) {
	code, err := parseCode(text, counterLength)
	return CounterCode(code), err
}

func newCode(random io.Reader, length int) (string, error) {
	raw := make([]byte, length-1)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fault.Wrap(err, fault.Internal, "keys.no_randomness")
	}
	code := make([]byte, 0, length)
	for _, b := range raw {
		code = append(code, codeAlphabet[b&31])
	}
	return string(append(code, checkCharacter(code))), nil
}

func parseCode(text string, length int) (string, error) {
	var code []byte
	for _, r := range strings.ToUpper(text) {
		switch r {
		case ' ', '-', '.', '\u00a0', '\u2013':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		case 'U':
			r = 'V'
		}
		if !strings.ContainsRune(codeAlphabet, r) {
			return "", fault.New(fault.NotFound, "code.character", "character", string(r))
		}
		code = append(code, byte(r))
	}
	if len(code) != length {
		return "", fault.New(fault.NotFound, "code.length", "length", length, "given", len(code))
	}
	if checkCharacter(code[:length-1]) != code[length-1] {
		return "", fault.New(fault.NotFound, "code.mistyped")
	}
	return string(code), nil
}

// checkCharacter is the sum of αⁱ·xᵢ over GF(32), α a root of x⁵+x²+1. Powers
// of α below 31 are distinct and not zero, so every single substitution and
// every swap of two different characters changes the sum.
func checkCharacter(code []byte) byte {
	var sum byte
	for _, c := range code {
		sum ^= byte(strings.IndexByte(codeAlphabet, c))
		sum = timesAlpha(sum)
	}
	return codeAlphabet[sum]
}

// timesAlpha multiplies by α in GF(32).
func timesAlpha(x byte) byte {
	x <<= 1
	if x&0b100000 != 0 {
		x ^= 0b100101
	}
	return x
}
