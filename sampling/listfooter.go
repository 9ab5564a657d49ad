package sampling

import (
	"slices"
	"strings"
	"unicode"

	"hailong/territory"
)

// footers are how rows of totals, notes and signatures begin. Marks count:
// "Tổng" is a total, Tống and Tòng are families.
var footers = folded("tổng", "cộng", "tổng cộng", "người lập", "lập biểu", "lập danh sách", "danh sách này", "trưởng thôn",
	"trưởng bản", "trưởng ấp", "trưởng buôn", "trưởng khu", "trưởng khóm", "trưởng xóm", "tổ trưởng", "bí thư", "chủ tịch",
	"phó chủ tịch", "tm", "t m", "ubnd", "uỷ ban", "xác nhận", "ký tên", "ký ghi rõ", "ký và ghi rõ", "ghi chú", "nơi nhận", "công chức", "cán bộ")

// plainFooters are those that stay clear when typed without marks.
var plainFooters = []string{"tong cong", "tong so", "nguoi lap", "lap bieu", "lap danh sach", "danh sach nay", "ubnd", "uy ban", "xac nhan", "ghi chu", "noi nhan", "tm", "t m"}

// totals are those that may stand between people.
var totals = folded("tổng", "cộng", "tong", "ghi chú", "ghi chu")

func folded(phrases ...string) []string {
	for i, phrase := range phrases {
		phrases[i] = territory.Fold(phrase)
	}
	return phrases
}

func foldedWords(text string) []string {
	return strings.FieldsFunc(territory.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// isFooter reports whether a text is that of a row at the end of a list, or a
// line of place and date ("Đông Xá, ngày 5 tháng 9 năm 2026").
func isFooter(text string) bool {
	words := foldedWords(text)
	if slices.Contains(words, territory.Fold("ngày")) && slices.Contains(words, territory.Fold("tháng")) {
		return true
	}
	fold, phrases := strings.Join(words, " "), footers
	if fold == territory.Plain(fold) {
		phrases = plainFooters
	}
	return beginsWith(fold, phrases)
}

// isSignature reports whether a row that is none of a person is one of date or
// signatures, below which no people are listed.
func isSignature(text string) bool {
	return isFooter(text) && !beginsWith(strings.Join(foldedWords(text), " "), totals)
}

func beginsWith(fold string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(phrase string) bool { return strings.HasPrefix(fold+" ", phrase+" ") })
}
