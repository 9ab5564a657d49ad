package citizen_test

import (
	"bytes"
	"strings"
	"testing"

	"hailong/server/citizen"
	"hailong/static"
)

func TestEveryPageRendersInEveryLanguage(t *testing.T) {
	for _, f := range citizen.Fixtures() {
		for _, lang := range static.Langs {
			html, err := f.Render(lang)
			if err != nil {
				t.Fatalf("%s in %s: %v", f.Name, lang, err)
			}
			for _, wrong := range []string{"ZgotmplZ", ">citizen.", ">http.", "\"citizen.", "<nhiều", "{contact}", "{minutes}"} {
				if bytes.Contains(html, []byte(wrong)) {
					t.Errorf("%s in %s contains %q", f.Name, lang, wrong)
				}
			}
			if strings.Contains(f.Policy(), "unsafe") {
				t.Errorf("%s: policy %s", f.Name, f.Policy())
			}
		}
	}
}
