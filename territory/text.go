package territory

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// tones are the five tone marks of Vietnamese as combining characters: grave,
// acute, hook above, tilde, dot below. Breve, circumflex and horn are no tones;
// they belong to their letter.
const tones = "\u0300\u0301\u0309\u0303\u0323"

// Fold writes a name for comparison: lower case, words apart by one space, and
// the tone of each syllable after it, so that the two schools of placing the
// tone ("Hoà" and "Hòa", "Thuý" and "Thúy") and composed and decomposed Unicode
// give the same text. Two names are the same if their folds are equal. A fold
// is for comparing, never for showing.
func Fold(name string) string {
	var out strings.Builder
	var tone []rune // of the syllable at hand
	flush := func() {
		out.WriteString(string(tone))
		tone = tone[:0]
	}
	for i, word := range strings.Fields(norm.NFD.String(strings.ToLower(name))) {
		if i > 0 {
			out.WriteByte(' ')
		}
		for _, r := range word {
			if strings.ContainsRune(tones, r) {
				tone = append(tone, r)
				continue
			}
			if !unicode.IsLetter(r) && !unicode.IsMark(r) {
				flush()
			}
			out.WriteRune(r)
		}
		flush()
	}
	return out.String()
}

// Plain is Fold without any mark: "hoa" for "Hoà", "dong thap" for "Đồng Tháp".
func Plain(name string) string {
	var out strings.Builder
	for _, r := range Fold(name) {
		switch {
		case r == 'đ':
			out.WriteByte('d')
		case !unicode.Is(unicode.Mn, r):
			out.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// Matches reports whether a search text occurs in a name. A text typed without
// marks finds names with any; a text with marks means them, its last syllable
// perhaps unfinished: "đôn" and "đông" find "Đồng", "đông tháp" does not.
func Matches(name, search string) bool {
	plain := Plain(search)
	if Fold(search) == plain {
		return strings.Contains(Plain(name), plain)
	}
	return strings.Contains(Fold(name), Fold(search))
}

// SortByName sorts units in the order of the Vietnamese dictionary (a ă â b c d
// đ …, then the tones level, grave, hook, tilde, acute, dot), equal names by
// code.
func SortByName(units []Unit) {
	type keyed struct {
		unit Unit
		key  string
	}
	c := collate.New(language.Vietnamese)
	var buffer collate.Buffer
	sorted := make([]keyed, len(units))
	for i, u := range units {
		sorted[i] = keyed{u, string(c.KeyFromString(&buffer, u.Name))}
		buffer.Reset()
	}
	slices.SortStableFunc(sorted, func(a, b keyed) int {
		if byName := strings.Compare(a.key, b.key); byName != 0 {
			return byName
		}
		return strings.Compare(string(a.unit.Code), string(b.unit.Code))
	})
	for i, k := range sorted {
		units[i] = k.unit
	}
}
