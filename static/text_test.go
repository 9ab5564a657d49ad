package static_test

import (
	"encoding/json"
	"io/fs"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hailong/fault"
	"hailong/static"
)

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	for _, c := range []struct {
		x        float64
		decimals int
		vi, en   string
	}{
		{82.664, 2, "82,66", "82.66"},
		{12345.6, 1, "12.345,6", "12,345.6"},
		{2026, 0, "2026", "2026"},
		{1234567, 0, "1.234.567", "1,234,567"},
		{-0.001, 1, "0,0", "0.0"},
		{-3.5, 1, "−3,5", "−3.5"},
		{math.NaN(), 2, "–", "–"},
	} {
		if got := static.Number(static.Vietnamese, c.x, c.decimals); got != c.vi {
			t.Errorf("vi %v: %q, want %q", c.x, got, c.vi)
		}
		if got := static.Number(static.English, c.x, c.decimals); got != c.en {
			t.Errorf("en %v: %q, want %q", c.x, got, c.en)
		}
	}
}

func TestProblemNamesItsPlaceInTheReadersLanguage(t *testing.T) {
	p := fault.P("internal").At(fault.Place{File: "thôn 1.xlsx", Sheet: "Sheet1", Row: 7, Column: "Năm sinh"})
	if got := static.ProblemText(static.Vietnamese, p); !strings.HasPrefix(got, "thôn 1.xlsx, trang tính Sheet1, dòng 7, cột Năm sinh: ") {
		t.Errorf("vi: %q", got)
	}
	if got := static.ProblemText(static.English, p); !strings.HasPrefix(got, "thôn 1.xlsx, sheet Sheet1, row 7, column Năm sinh: ") {
		t.Errorf("en: %q", got)
	}
}

// ownWords is a text in several languages.
type ownWords map[string]string

func (w ownWords) In(lang string, _ ...string) string { return w[lang] }

func TestArgumentInSeveralLanguagesIsWrittenInTheReaders(t *testing.T) {
	message := fault.Arg{Name: "message", Value: ownWords{"vi": "Từ 18 tuổi", "en": "From 18"}}
	for lang, want := range map[static.Lang]string{static.Vietnamese: "Từ 18 tuổi", static.English: "From 18"} {
		if got := static.Text(lang, "answer.constraint_message", message); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// Every locale file exists in both languages with the same codes and the same
// placeholders, and its text is NFC.
func TestLocalesSayTheSameThingsInBothLanguages(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z_0-9]+\}`)
	vi, en := readLocales(t, "vi"), readLocales(t, "en")
	for code, text := range vi {
		other, ok := en[code]
		if !ok {
			t.Errorf("%s has no English text", code)
			continue
		}
		a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: arguments differ: %v and %v", code, a, b)
		}
		if !norm.NFC.IsNormalString(text) {
			t.Errorf("%s: the Vietnamese text is not NFC", code)
		}
	}
	for code := range en {
		if _, ok := vi[code]; !ok {
			t.Errorf("%s has no Vietnamese text", code)
		}
	}
}

func readLocales(t *testing.T, lang string) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := fs.Glob(static.Files, "locales/"+lang+"/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no locale files for %s: %v", lang, err)
	}
	for _, name := range files {
		raw, err := static.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		area := strings.TrimSuffix(filepath.Base(name), ".json")
		for code, text := range texts {
			if code != area && !strings.HasPrefix(code, area+".") {
				t.Errorf("%s: %s stands in the wrong file", name, code)
			}
			all[code] = text
		}
	}
	return all
}
