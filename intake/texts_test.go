package intake

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hailong/static"
)

// Every code that this package emits has a text in both languages.
func TestEveryCodeHasItsTexts(t *testing.T) {
	files, err := filepath.Glob("*.go")
	must(t, err)
	code := regexp.MustCompile(`"(file\.[a-z0-9_]+)"`)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		must(t, err)
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			found++
			for _, lang := range static.Langs {
				if !static.Has(lang, m[1]) {
					t.Errorf("%s: %s has no text in %s", name, m[1], lang)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d codes found", found)
	}
}
