package territory_test

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
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"(units\.[a-z0-9_]*[a-z0-9])"`)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			found++
			for _, lang := range static.Langs {
				if !static.Has(lang, m[1]) {
					t.Errorf("%s: %s has no text in %s", name, m[1], lang)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d codes found", found)
	}
}
