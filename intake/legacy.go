package intake

import (
	"strings"
	"unicode"
)

// Encoding is how the letters of a text are to be read. The two old ones come
// from fonts of before Unicode: the file holds one Windows-1252 character for
// each of their codes, and only the font showed Vietnamese.
type Encoding string

// The encodings that are told apart.
const (
	Unicode Encoding = "unicode"
	TCVN3   Encoding = "tcvn3" // TCVN 5712:1993, VN3: the ABC fonts, .VnTime
	VNI     Encoding = "vni"   // VNI for Windows: VNI-Times
)

// Encodings lists them all.
var Encodings = []Encoding{Unicode, TCVN3, VNI}

// tcvn3Letters are the letters of VN3 by their code. There are no capitals with
// tones: the fonts whose names end in H show the small letters as capitals.
var tcvn3Letters = letterTable(0xA1, "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ")

// tcvn3Codes is tcvn3Letters for quick looking up.
var tcvn3Codes = func() (codes [0x100]rune) {
	for code, letter := range tcvn3Letters {
		codes[code] = letter
	}
	return codes
}()

// letterTable maps codes from first on to letters; a dot is a code without one.
func letterTable(first rune, letters string) map[rune]rune {
	table := map[rune]rune{}
	for _, letter := range letters {
		if letter != '.' {
			table[first] = letter
		}
		first++
	}
	return table
}

// vniSingle are the letters that VNI writes with one code.
var vniSingle = map[rune]rune{
	'ô': 'ơ', 'ö': 'ư', 'ñ': 'đ', 'ì': 'ì', 'í': 'í', 'æ': 'ỉ', 'ó': 'ĩ', 'ò': 'ị', 'î': 'ỵ',
	'Ô': 'Ơ', 'Ö': 'Ư', 'Ñ': 'Đ', 'Ì': 'Ì', 'Í': 'Í', 'Æ': 'Ỉ', 'Ó': 'Ĩ', 'Ò': 'Ị', 'Î': 'Ỵ',
}

// vniMarks are the codes that VNI puts after a letter, and vniBases what the
// letters become, in the order of the marks; a dot is no letter.
const vniMarks = "øùûõïêèéúüëâàáåãä"

var vniBases = map[rune]string{
	'a': "àáảãạăằắẳẵặâầấẩẫậ",
	'e': "èéẻẽẹ......êềếểễệ",
	'o': "òóỏõọ......ôồốổỗộ",
	'ô': "ờớởỡợ............",
	'u': "ùúủũụ............",
	'ö': "ừứửữự............",
	'y': "ỳýỷỹ.............",
}

// vniPairs maps letter and mark to the letter meant, in small letters.
var vniPairs = func() map[[2]rune]rune {
	pairs := map[[2]rune]rune{}
	marks := []rune(vniMarks)
	for base, row := range vniBases {
		for i, letter := range []rune(row) {
			if letter != '.' {
				pairs[[2]rune{base, marks[i]}] = letter
			}
		}
	}
	return pairs
}()

// Decode reads a text that is stored in an encoding. What the encoding does not
// know stays as it is.
func (e Encoding) Decode(text string) string {
	switch e {
	case TCVN3:
		return decodeTCVN3(text)
	case VNI:
		return decodeVNI(text)
	}
	return text
}

// decodeTCVN3 reads VN3. Since it has no capitals with tones, a text in capitals
// ("NGUYÔN") is read as one.
func decodeTCVN3(text string) string {
	decoded := strings.Map(func(r rune) rune {
		if r == 'μ' { // how some programs normalise the micro sign
			r = 'µ'
		}
		if r < 0x100 && tcvn3Codes[r] != 0 {
			return tcvn3Codes[r]
		}
		return r
	}, text)
	if decoded != text && inCapitals(text) {
		return strings.ToUpper(decoded)
	}
	return decoded
}

// inCapitals holds for a text with a word of two plain capitals and no plain
// small letter.
func inCapitals(text string) bool {
	run, most := 0, 0
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z':
			return false
		case 'A' <= r && r <= 'Z':
			run++
		case r == ' ':
			run = 0
		}
		most = max(most, run)
	}
	return most > 1
}

// decodeVNI reads VNI. The case of a letter is that of its first code.
func decodeVNI(text string) string {
	runes := []rune(text)
	var b strings.Builder
	b.Grow(len(text) + len(text)/2)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if i+1 < len(runes) && runes[i+1] >= 0xC0 {
			pair := [2]rune{unicode.ToLower(r), unicode.ToLower(runes[i+1])}
			if letter, known := vniPairs[pair]; known {
				if unicode.IsUpper(r) {
					letter = unicode.ToUpper(letter)
				}
				b.WriteRune(letter)
				i++
				continue
			}
		}
		if r >= 0xC0 {
			if letter, known := vniSingle[r]; known {
				r = letter
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
