package intake

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// initials are the consonants that a Vietnamese syllable may begin with.
var initials = wordSet("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")

// rimes are what may follow, without tones. What is possible only after "qu"
// or "gi" ("ynh" in Quỳnh) is among them: the check tells encodings apart, it is
// no spelling lesson.
var rimes = wordSet(`a ac ach ai am an ang anh ao ap at au ay
ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uơn uôc uôi uôm uôn uông uôt up ut uy uya uych uyn uynh uyp uyt uyu uyên uyêt
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu ych yn ynh yt`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// The tone marks, once a syllable is decomposed.
const (
	grave = '\u0300'
	acute = '\u0301'
	tilde = '\u0303'
	hook  = '\u0309'
	dot   = '\u0323'
)

// possibleSyllable reports whether a word can be one syllable of Vietnamese:
// initial and rime known, at most one tone, on a vowel that may carry it (the old
// "hoà" and the new "hòa" both), and before p, t, c, ch only the sharp or the
// heavy one. Case does not matter.
func possibleSyllable(word string) bool {
	letters, tone, at, ok := splitTone(strings.ToLower(word))
	if !ok {
		return false
	}
	for _, size := range []int{3, 2, 1, 0} {
		if size > len(letters) || size > 0 && !initials[string(letters[:size])] {
			continue
		}
		rime := letters[size:]
		if !rimes[string(rime)] {
			continue
		}
		if tone == 0 || at >= size && carries(rime, at-size) && !(stopped(rime) && tone != acute && tone != dot) {
			return true
		}
		if at == 1 && size == 2 && (letters[0] == 'q' || letters[0] == 'g') {
			return true // "qúa", "gìa": an old habit of typists
		}
	}
	return false
}

// splitTone takes the one tone off a lower-case word: its letters without it,
// the mark (0 for none) and the letter that carried it.
func splitTone(word string) (letters []rune, tone rune, at int, ok bool) {
	var bare []rune
	for _, r := range norm.NFD.String(word) {
		switch r {
		case grave, acute, tilde, hook, dot:
			if tone != 0 || len(bare) == 0 {
				return nil, 0, 0, false
			}
			tone, at = r, len([]rune(norm.NFC.String(string(bare))))-1
		default:
			bare = append(bare, r)
		}
	}
	return []rune(norm.NFC.String(string(bare))), tone, at, true
}

// stopped reports whether a rime ends in p, t, c or ch.
func stopped(rime []rune) bool {
	last := rime[len(rime)-1]
	return strings.ContainsRune("ptc", last) || len(rime) > 1 && last == 'h' && rime[len(rime)-2] == 'c'
}

// carries reports whether the tone of a rime may stand on a letter: on its last
// vowel with a sign of its own (ươ: ơ), else before a final consonant on the last
// vowel, else on the first of two, the middle of three, and either of oa, oe, uy.
func carries(rime []rune, at int) bool {
	vowels, marked := 0, -1
	for i, r := range rime {
		if strings.ContainsRune("ăâêôơư", r) {
			marked = i
		}
		if strings.ContainsRune("aăâeêioôơuưy", r) && vowels == i {
			vowels++
		}
	}
	switch {
	case at >= vowels:
		return false
	case marked >= 0:
		return at == marked
	case vowels < len(rime):
		return at == vowels-1
	case vowels == 2 && (string(rime) == "oa" || string(rime) == "oe" || string(rime) == "uy"):
		return true
	case vowels == 3:
		return at == 1
	}
	return at == 0
}
