package citizen

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A body means what net/url reads in it, except that a field without a name is
// passed over, a semicolon is a character like others, and nothing of a body
// with a bad escape is believed.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		"", "&", "a", "a=", "=a", "a=1&a=2&a=", "a=1=2", "a=1&&b=2&", "wish=B%E1%BB%9Bt+%C4%91i+l%E1%BA%A1i", "a%20b=%26%3D", "a=%", "a=%zz&b=1",
		"ballot=x.1.y&ballot=z&_lang=en&_seconds=12&_mode=assisted&_other=1&q1=4", "%62allot=x", "a=1;b=2",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var s sending
		err := s.parse(body)
		want, wrong := url.ParseQuery(strings.ReplaceAll(body, ";", "%3B"))
		if (err != nil) != (wrong != nil) {
			t.Fatalf("%q: %v, net/url says %v", body, err, wrong)
		}
		if err != nil {
			return
		}
		delete(want, "")
		got := url.Values{}
		for _, field := range slices.Concat(s.page, s.given) {
			got.Add(field.Name, field.Value)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, net/url reads %v", body, got, want)
		}
		for _, field := range s.given {
			if field.Name == fieldBallot || field.Name == fieldLang {
				t.Errorf("%q: the page's field %s counts as an answer", body, field.Name)
			}
		}
	})
}
