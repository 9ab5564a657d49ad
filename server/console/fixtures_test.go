package console

import (
	"regexp"
	"strings"
	"testing"

	"hailong/static"
)

// leftover finds a code that was shown because it has no text.
var leftover = regexp.MustCompile(`>\s*(?:console|account|units|file|http|round|stage|edition|design)\.[a-z_.]+\s*<`)

func TestEveryPageRendersInBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Fixtures() {
		if seen[f.Name] {
			t.Errorf("%s: two fixtures of this name", f.Name)
		}
		seen[f.Name] = true
		for _, lang := range static.Langs {
			html, err := f.Render(lang)
			if err != nil {
				t.Errorf("%s in %s: %v", f.Name, lang, err)
				continue
			}
			text := string(html)
			if found := leftover.FindString(text); found != "" {
				t.Errorf("%s in %s shows a code: %s", f.Name, lang, found)
			}
			if strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "<no value>") {
				t.Errorf("%s in %s: the template could not place a value", f.Name, lang)
			}
			if strings.Count(text, "<h1>") != 1 || !strings.Contains(text, `<html lang="`+string(lang)+`">`) {
				t.Errorf("%s in %s: wants one h1 and its language", f.Name, lang)
			}
			if wrong := strings.Contains(f.Name, "error") || strings.Contains(f.Name, "wrong") || f.Name == "console/unit, doubtful"; wrong != strings.Contains(text, "<title>"+static.Text(lang, "console.error_title")) {
				t.Errorf("%s in %s: the title must say that there are errors, and only then", f.Name, lang)
			}
		}
	}
}

// Every form that posts carries the token, every label belongs to a field, and
// every link within a page leads somewhere.
func TestFormsCarryTheirTokenAndLabels(t *testing.T) {
	within := regexp.MustCompile(`href="#([a-z0-9_-]+)"`)
	form := regexp.MustCompile(`(?s)<form method="post".*?</form>`)
	label := regexp.MustCompile(`<label for="([a-z0-9_-]+)"`)
	for _, f := range Fixtures() {
		html, err := f.Render(static.Vietnamese)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range form.FindAllString(string(html), -1) {
			if !strings.Contains(one, `name="csrf"`) {
				t.Errorf("%s: a form without a token: %.120s", f.Name, one)
			}
		}
		for _, m := range append(within.FindAllStringSubmatch(string(html), -1), label.FindAllStringSubmatch(string(html), -1)...) {
			if !strings.Contains(string(html), `id="`+m[1]+`"`) {
				t.Errorf("%s: nothing has the id %q", f.Name, m[1])
			}
		}
	}
}
