package page

import (
	"hailong/fault"
	"hailong/static"
)

// Fixture is a page with canned data: a test executes it, and `hailong pages`
// shows it without a database.
type Fixture struct {
	Name   string // "citizen/form, with errors"
	Render func(static.Lang) ([]byte, error)
	policy string
}

// Fixed makes a fixture of the page.
func (t *Template[P]) Fixed(name string, p P) Fixture {
	return t.FixedBy(name, func(static.Lang) P { return p })
}

// FixedBy makes a fixture of a page whose data depend on the language.
func (t *Template[P]) FixedBy(name string, p func(static.Lang) P) Fixture {
	return Fixture{Name: name, policy: t.compiled().policy, Render: func(lang static.Lang) ([]byte, error) { return t.Render(lang, p(lang)) }}
}

// Policy is the content security policy that the page is sent with.
func (f Fixture) Policy() string { return f.policy }

// Fixtures are the pages of this package.
func Fixtures() []Fixture {
	var all []Fixture
	for _, kind := range []fault.Kind{fault.NotFound, fault.Denied, fault.Unavailable, fault.Internal} {
		all = append(all, failure.Fixed("shared/failure "+kind.String(), Failure{
			Title: "http.title." + kind.String(), Home: "/",
			Problems: []fault.Problem{fault.P("http.no_page")},
		}))
	}
	return append(all, galleryIndex.Fixed("shared/gallery", GalleryIndex{Names: []string{"citizen/form"}}))
}
