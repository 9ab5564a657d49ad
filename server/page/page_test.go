package page_test

import (
	"bytes"
	"strings"
	"testing"

	"hailong/server/page"
	"hailong/static"
)

func TestEveryPageRendersInEveryLanguage(t *testing.T) {
	for _, f := range page.Fixtures() {
		for _, lang := range static.Langs {
			html, err := f.Render(lang)
			if err != nil {
				t.Fatalf("%s in %s: %v", f.Name, lang, err)
			}
			if !bytes.Contains(html, []byte(`<html lang="`+string(lang)+`">`)) {
				t.Errorf("%s does not say that it is in %s", f.Name, lang)
			}
			if bytes.Contains(html, []byte("ZgotmplZ")) || bytes.Contains(html, []byte("http.")) {
				t.Errorf("%s in %s: an unsafe value or a code without text:\n%s", f.Name, lang, html)
			}
			if strings.Contains(f.Policy(), "unsafe") || !strings.Contains(f.Policy(), "frame-ancestors 'none'") {
				t.Errorf("%s: policy %s", f.Name, f.Policy())
			}
		}
	}
}
