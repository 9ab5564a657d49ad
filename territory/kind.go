package territory

import (
	"slices"
	"strings"
	"time"
)

// levelWords are the ways in which files name a level, folded.
var levelWords = fold(map[string]Level{
	"province": Province, "tỉnh": Province, "tỉnh/thành phố": Province, "cấp tỉnh": Province,
	"district": District, "huyện": District, "quận/huyện": District, "cấp huyện": District,
	"commune": Commune, "xã": Commune, "xã/phường": Commune, "xã/phường/đặc khu": Commune, "cấp xã": Commune,
	"village": Village, "thôn": Village, "thôn/tổ dân phố": Village, "tổ dân phố": Village, "cấp thôn": Village,
})

// kindLevels are the kinds of unit whose level is certain. "Thành phố" is not
// among them: it was a district's kind as well as a province's.
var kindLevels = fold(map[string]Level{
	"Tỉnh": Province, "Thành phố trực thuộc trung ương": Province,
	"Huyện": District, "Quận": District, "Thị xã": District,
	"Xã": Commune, "Phường": Commune, "Thị trấn": Commune, "Đặc khu": Commune, "Đặc khu tại hải đảo": Commune,
	"Thôn": Village, "Bản": Village, "Ấp": Village, "Buôn": Village, "Làng": Village, "Sóc": Village, "Phum": Village,
	"Khu": Village, "Khu phố": Village, "Khóm": Village, "Tổ": Village, "Tổ dân phố": Village, "Xóm": Village, "Tiểu khu": Village,
})

// kindWords are the kinds that stand before a name, the longer first.
var kindWords = []Kind{
	"Tổ dân phố", "Đặc khu", "Thành phố", "Thị trấn", "Thị xã", "Tiểu khu", "Khu phố",
	"Phường", "Huyện", "Quận", "Tỉnh", "Thôn", "Buôn", "Làng", "Khóm", "Xóm", "Bản", "Sóc", "Khu", "Xã", "Ấp",
}

func fold(words map[string]Level) map[string]Level {
	folded := make(map[string]Level, len(words))
	for word, level := range words {
		folded[Fold(word)] = level
	}
	return folded
}

// Level is the level at which units of the kind stand, or "" if that depends.
func (k Kind) Level() Level { return kindLevels[Fold(string(k))] }

// SplitKind takes the kind off a full name: "Phường Phúc Xá" → "Phường", "Phúc
// Xá". A name without a kind, or a kind without a name, is all name.
func SplitKind(full string) (Kind, string) {
	i := slices.IndexFunc(kindWords, func(k Kind) bool {
		return len(full) > len(k)+1 && full[len(k)] == ' ' && Fold(full[:len(k)]) == Fold(string(k))
	})
	if i < 0 {
		return "", full
	}
	name := strings.TrimSpace(full[len(kindWords[i]):])
	if name == "" {
		return "", full
	}
	return kindWords[i], name
}

// ParseDay reads "2025-07-01" and "01/07/2025" (day first, also with dots or
// dashes, also with single digits).
func ParseDay(text string) (Day, bool) {
	for _, form := range []string{time.DateOnly, "2/1/2006", "2.1.2006", "2-1-2006"} {
		if at, err := time.Parse(form, text); err == nil {
			return Day(at.Format(time.DateOnly)), true
		}
	}
	return "", false
}

// truth reads yes and no as files write them; empty is no.
func truth(text string) (value, ok bool) {
	switch Fold(text) {
	case Fold("true"), Fold("có"), "1", "x", "yes":
		return true, true
	case Fold("false"), Fold("không"), "0", "", "no":
		return false, true
	}
	return false, false
}
