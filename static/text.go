package static

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"hailong/fault"
)

// Lang is the language of the reader of a page, a report or the command line.
type Lang string

// The languages that every page and message exists in. Questionnaires bring
// their own languages beside these.
const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// Langs lists the languages of the interface, the default first.
var Langs = []Lang{Vietnamese, English}

// ParseLang returns the interface language for a language tag such as "en-GB",
// and Vietnamese for anything that it does not know.
func ParseLang(tag string) Lang {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if Lang(primary) == English {
		return English
	}
	return Vietnamese
}

// catalogues reads the locale files once: language → code → text.
var catalogues = sync.OnceValue(func() map[Lang]map[string]string {
	all := make(map[Lang]map[string]string, len(Langs))
	for _, lang := range Langs {
		all[lang] = make(map[string]string)
		files, err := fs.Glob(Files, "locales/"+string(lang)+"/*.json")
		if err != nil {
			panic(err) // the pattern is a constant
		}
		for _, name := range files {
			mustLoad(name, all[lang])
		}
	}
	return all
})

// mustLoad adds one embedded locale file to a catalogue. The files are part of
// the program and a test reads them all, so a fault here is a broken build.
func mustLoad(name string, into map[string]string) {
	raw, err := Files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		panic(name + ": " + err.Error())
	}
	area := strings.TrimSuffix(path.Base(name), ".json")
	for code, text := range texts {
		if _, twice := into[code]; twice || !strings.HasPrefix(code, area+".") && code != area {
			panic(fmt.Sprintf("%s: %q stands twice or in the wrong file", name, code))
		}
		into[code] = text
	}
}

// Has reports whether the code has a text in the language.
func Has(lang Lang, code string) bool {
	_, ok := catalogues()[lang][code]
	return ok
}

// Text returns the sentence for a code, with {name} replaced by the argument
// of that name. A code without a text gives the code itself, which a test
// keeps from happening.
func Text(lang Lang, code string, args ...fault.Arg) string {
	text, ok := catalogues()[lang][code]
	if !ok {
		return code
	}
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for _, a := range args {
		pairs = append(pairs, "{"+a.Name+"}", argText(lang, a.Value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// translated is a text in several languages, such as survey.Labels.
type translated interface {
	In(lang string, fallbacks ...string) string
}

// argText writes one argument as the language does. A problem as an argument is a
// phrase of its own within the text, such as the name of an event.
func argText(lang Lang, v any) string {
	switch v := v.(type) {
	case fault.Problem:
		return ProblemText(lang, v)
	case float64:
		return Number(lang, v, -1)
	case int:
		return Integer(lang, int64(v))
	case int64:
		return Integer(lang, v)
	case time.Time:
		return v.Format("02/01/2006 15:04")
	case []string:
		return strings.Join(v, ", ")
	case translated:
		return v.In(string(lang), string(Vietnamese), string(English))
	default:
		return fmt.Sprint(v)
	}
}

// ProblemText returns the sentence for a problem with its place in front:
// "danh-sach.xlsx, trang Thôn 1, dòng 7, cột Năm sinh: …".
func ProblemText(lang Lang, p fault.Problem) string {
	text := Text(lang, p.Code, p.Args...)
	if place := PlaceText(lang, p.Place); place != "" {
		return place + ": " + text
	}
	return text
}

// PlaceText names a place in the input, or "" for none.
func PlaceText(lang Lang, at fault.Place) string {
	var parts []string
	if at.File != "" {
		parts = append(parts, at.File)
	}
	for _, part := range []struct{ code, value string }{
		{"place.sheet", at.Sheet}, {"place.row", rowText(at.Row)}, {"place.column", at.Column}, {"place.entry", at.Entry},
	} {
		if part.value != "" {
			parts = append(parts, Text(lang, part.code, fault.Arg{Name: "value", Value: part.value}))
		}
	}
	return strings.Join(parts, ", ")
}

func rowText(row int) string {
	if row <= 0 {
		return ""
	}
	return strconv.Itoa(row)
}

// Number writes x with the decimals given (-1 for as many as it needs), with
// the decimal mark and the grouping of the language: 12.345,6 in Vietnamese,
// 12,345.6 in English. NaN and infinities are written as an en dash.
func Number(lang Lang, x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	digits := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(digits, ".")
	group, mark := ".", ","
	if lang == English {
		group, mark = ",", "."
	}
	out := grouped(whole, group)
	if fraction != "" {
		out += mark + fraction
	}
	if x < 0 && strings.Trim(digits, "0.") != "" {
		out = "−" + out
	}
	return out
}

// Integer writes n with the grouping of the language.
func Integer(lang Lang, n int64) string { return Number(lang, float64(n), 0) }

// grouped puts the separator before every third digit from the right. Numbers
// of four digits stay whole: they are mostly years and counts read at a glance.
func grouped(whole, separator string) string {
	if len(whole) <= 4 {
		return whole
	}
	head := len(whole) % 3
	var b strings.Builder
	b.WriteString(whole[:head])
	for i := head; i < len(whole); i += 3 {
		if b.Len() > 0 {
			b.WriteString(separator)
		}
		b.WriteString(whole[i : i+3])
	}
	return b.String()
}
