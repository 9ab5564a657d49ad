package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tidy makes the text of a cell comparable: NFC; every kind of space, tab and
// line break one plain space, none at the ends; zero-width and control
// characters gone. Most cells are tidy already and are returned as they are.
func tidy(s string) string { return tidied(s, false) }

// tidyRaw is tidy for text whose encoding is not known yet: soft hyphens stay.
func tidyRaw(s string) string { return tidied(s, true) }

func tidied(s string, hyphens bool) string {
	if isTidy(s, hyphens) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
		case invisible(r) && !(hyphens && r == softHyphen):
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

// invisible holds for control and format characters: zero-width spaces, byte
// order marks, soft hyphens.
func invisible(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

func isTidy(s string, hyphens bool) bool {
	space := true // a space at the start is as bad as two in a row
	for _, r := range s {
		switch {
		case r == ' ' && space, r < ' ', r == 0x7f:
			return false
		case r >= utf8.RuneSelf && (unicode.IsSpace(r) || invisible(r)) && !(hyphens && r == softHyphen):
			return false
		}
		space = r == ' '
	}
	return s == "" || !space && norm.NFC.IsNormalString(s)
}

// isASCII holds for text without any letter beyond A to Z.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isMark reports whether r is a combining mark, once text is decomposed.
func isMark(r rune) bool { return unicode.Is(unicode.Mn, r) }

// newTones puts the tone of oa, oe, uy where the newer school has it.
var newTones = strings.NewReplacer(
	"oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa", "oè", "òe", "oé", "óe", "oẻ", "ỏe", "oẽ", "õe", "oẹ", "ọe",
	"uỳ", "ùy", "uý", "úy", "uỷ", "ủy", "uỹ", "ũy", "uỵ", "ụy")

// headerKey writes a header for comparison: lower case, only letters, digits
// and marks, words apart by one space, tones placed alike. "Họ & tên:" and "họ
// tên" are equal.
func headerKey(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range newTones.Replace(norm.NFC.String(strings.ToLower(s))) {
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

// vietnameseLatin1 are the letters of Vietnamese among U+00A1–U+00FF, and the
// signs that may stand in a word ("km²", "1º").
const vietnameseLatin1 = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý²³°º"

// oldFont reports whether a text has a word of ASCII letters with a sign of
// Latin-1 that Vietnamese does not use, as TCVN3 and many VNI texts have when
// shown in another font: "TrÇn ThÞ Hoµ". Foreign names can look the same.
func oldFont(text string) bool {
	for _, word := range strings.Fields(text) {
		ascii, foreign := false, false
		for _, r := range word {
			ascii = ascii || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
			foreign = foreign || 0xA1 <= r && r <= 0xFF && !strings.ContainsRune(vietnameseLatin1, r)
		}
		if ascii && foreign {
			return true
		}
	}
	return false
}
