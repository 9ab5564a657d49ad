package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tidy makes the text of a cell comparable: NFC; every kind of space, tab and
// line break one plain space, none at the ends; zero-width and control
// characters gone. Most cells are tidy already and cost one look.
func tidy(s string) string {
	if isTidy(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			// zero-width spaces, byte order marks, soft hyphens
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isTidy knows the common case: printable ASCII with single inner spaces.
func isTidy(s string) bool {
	space := true // a space at the start is as bad as two in a row
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || c < ' ' || c == 0x7f || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return len(s) == 0 || !space
}

// isMark reports whether r is a combining mark, once text is decomposed.
func isMark(r rune) bool { return unicode.Is(unicode.Mn, r) }

// headerKey writes a header for comparison: lower case, only letters, digits
// and marks, words apart by one space. "Họ & tên:" and "họ tên" are equal.
func headerKey(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(strings.ToLower(s)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !isMark(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unmarked drops the marks of Vietnamese from a key: "năm sinh" → "nam sinh".
func unmarked(key string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(key) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case !isMark(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}
