package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readings is the set of encodings in which a text makes sense.
type readings uint8

// reading is the set of one encoding.
func reading(e Encoding) readings {
	for i, other := range Encodings {
		if e == other {
			return 1 << i
		}
	}
	return 0
}

// has reports whether a set holds an encoding, only whether it holds no other.
func (r readings) has(e Encoding) bool  { return r&reading(e) != 0 }
func (r readings) only(e Encoding) bool { return r == reading(e) && r != 0 }

// recogniser remembers which words it has looked at: names repeat.
type recogniser struct{ words map[string]bool }

func newRecogniser() recogniser { return recogniser{map[string]bool{}} }

// readings tells in which encodings every word of a text with letters beyond
// A to Z is a possible syllable. A letter that no old font has (ă, ơ, ế) makes it
// Unicode whatever else it holds. A reading that changes nothing is none, and
// plain text has none at all.
func (r recogniser) readings(text string) readings {
	if isASCII(text) {
		return 0
	}
	if beyondOldFonts(text) {
		return reading(Unicode)
	}
	var set readings
	if bad, good := r.judge(text); bad == 0 && good > 0 {
		set = reading(Unicode)
	}
	for _, e := range Encodings[1:] {
		decoded := e.Decode(text)
		if decoded == text {
			continue
		}
		if bad, good := r.judge(decoded); bad == 0 && good > 0 {
			set |= reading(e)
		}
	}
	return set
}

// judge counts the words with letters beyond A to Z that are possible
// syllables, and those that are not.
func (r recogniser) judge(text string) (bad, good int) {
	for word := range strings.FieldsFuncSeq(text, betweenWords) {
		word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
		if isASCII(word) {
			continue
		}
		possible, known := r.words[word]
		if !known {
			possible = possibleSyllable(word)
			r.words[strings.Clone(word)] = possible
		}
		if possible {
			good++
		} else {
			bad++
		}
	}
	return bad, good
}

// betweenWords holds for what stands between words in every encoding: what is
// no letter, but for the signs of Windows-1252 that old fonts draw as letters.
func betweenWords(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	case r <= 0xFF:
		return tcvn3Codes[r] == 0 && !unicode.IsLetter(r) || r == 'º'
	}
	return !unicode.IsLetter(r) && !isMark(r)
}

// beyondOldFonts reports a letter or mark that is not in Windows-1252's upper
// half, and so cannot be a code of an old font.
func beyondOldFonts(text string) bool {
	for _, r := range text {
		if r > 0xFF && r != 'μ' && (unicode.IsLetter(r) || isMark(r)) {
			return true
		}
	}
	return false
}

// font is what the typeface of a cell says of its encoding.
type font uint8

const (
	otherFont  font = iota
	abcFont         // .VnTime, .VnArial …
	abcCapital      // .VnTimeH: small letters are shown as capitals
	vniFont         // VNI-Times …
)

// fontOf recognises the old fonts by their names.
func fontOf(name string) font {
	name = strings.ToLower(strings.TrimSpace(name))
	switch {
	case strings.HasPrefix(name, ".vn") && strings.HasSuffix(name, "h"):
		return abcCapital
	case strings.HasPrefix(name, ".vn"):
		return abcFont
	case strings.HasPrefix(name, "vni-"), strings.HasPrefix(name, "vni "):
		return vniFont
	}
	return otherFont
}

// encoding is the encoding that a font is made for.
func (f font) encoding() Encoding {
	switch f {
	case abcFont, abcCapital:
		return TCVN3
	case vniFont:
		return VNI
	}
	return Unicode
}

// decode reads a text as its font shows it.
func (f font) decode(e Encoding, text string) string {
	text = e.Decode(text)
	if f == abcCapital && e == TCVN3 {
		return strings.ToUpper(text)
	}
	return text
}
