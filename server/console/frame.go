package console

import (
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
)

// frame is what stands around every page of the console. Pages embed it.
type frame struct {
	Title  string // a code
	About  string // what the page is about by its own name, after the title
	CSRF   string
	Here   string // the address of this view
	Reader reader
	Menu   []menuItem
	Done   string // code of what was just done, or ""
	Errors []fieldError
}

// reader is who reads the page; the zero value is a visitor not signed in.
type reader struct {
	Name     account.Name
	FullName string
	Role     account.Role
}

// menuItem is one entry of the menu.
type menuItem struct {
	Code, Href string
	Here       bool
}

// menu lists the sections; a reader sees those that their role may read.
var menu = []struct {
	code, path string
	action     account.Action
}{
	{"console.menu.home", "", account.ReadHome},
	{"console.menu.rounds", "/rounds", account.ReadRound},
	{"console.menu.units", "/units", account.ReadUnits},
	{"console.menu.questionnaires", "/questionnaires", account.ReadQuestionnaires},
	{"console.menu.users", "/users", account.ReadUsers},
	{"console.menu.records", "/records", account.ReadRecords},
}

// frame makes the frame of a page for this request.
func (v *visit) frame(title string) frame {
	f := frame{
		Title: title, CSRF: v.secret.CSRF(), Here: v.here(), Done: doneCode(v.Query("done")),
		Reader: reader{v.user.Name, v.user.FullName, v.user.Role},
	}
	if v.user.Name == "" {
		return f
	}
	for _, m := range menu {
		if account.Permits(v.user.Role, m.action) {
			f.Menu = append(f.Menu, menuItem{m.code, Root + m.path, underPath(v.Path(), Root+m.path)})
		}
	}
	return f
}

// underPath reports whether an address belongs to a section of the menu.
func underPath(path, section string) bool {
	return path == section || section != Root && strings.HasPrefix(path, section+"/")
}

// here is the address of this view, without what was just done; the address of
// a posted form is not one, so that of the page that it was on.
func (v *visit) here() string {
	if v.Method() != fiber.MethodGet {
		return v.Path()
	}
	query := v.query()
	query.Del("done")
	if len(query) == 0 {
		return v.Path()
	}
	return v.Path() + "?" + query.Encode()
}

// query is the query of the address with empty values left out.
func (v *visit) query() url.Values {
	query := url.Values{}
	v.Context().QueryArgs().VisitAll(func(key, value []byte) {
		if text := strings.TrimSpace(norm.NFC.String(string(value))); text != "" {
			query.Set(string(key), text)
		}
	})
	return query
}

// param is a part of the address's path, which the server has unescaped.
func (v *visit) param(name string) string { return norm.NFC.String(v.Params(name)) }

// doneCode is the code for what ?done= says, or "": only what has a text is shown.
func doneCode(what string) string {
	if code := "console.done." + what; what != "" && hasText(code) {
		return code
	}
	return ""
}

// done sends the reader on to a page that says what was done.
func (v *visit) done(path, what string) error {
	return v.Redirect(Root+path+"?done="+what, fiber.StatusSeeOther)
}

// fieldError is a problem of one field of a form, or of the form as a whole.
type fieldError struct {
	Field   string
	Problem fault.Problem
}

// fieldErrors collects the problems of a form.
type fieldErrors []fieldError

func (e *fieldErrors) add(field, code string, pairs ...any) {
	*e = append(*e, fieldError{field, fault.P(code, pairs...)})
}

// from adds the problems of an error under a field and reports whether the
// error is one that the reader can mend; others are returned by the handler.
func (e *fieldErrors) from(field string, err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Unreadable, fault.Conflict, fault.TooLarge, fault.Gone, fault.Denied, fault.TooMany:
	default:
		return false
	}
	for _, p := range fault.ProblemsOf(err) {
		*e = append(*e, fieldError{field, p})
	}
	return true
}

// Error is the first problem of a field, or nil.
func (f frame) Error(field string) *fault.Problem {
	for i := range f.Errors {
		if f.Errors[i].Field == field {
			return &f.Errors[i].Problem
		}
	}
	return nil
}

// Root is the console's address, for templates.
func (f frame) Root() string { return Root }

// source names the files of a page: its folder, and the frame's.
func source(name string) page.Source {
	return page.Source{
		Files:  []string{"console/" + name + "/" + name + ".html", "console/frame/frame.html", "shared/head.html"},
		Styles: []string{"shared/base.css", "console/frame/console.css"},
	}
}

// sourceWith is source with one more file of blocks.
func sourceWith(name, blocks string) page.Source {
	src := source(name)
	src.Files = append(src.Files, blocks)
	return src
}

// roundSource is source with the bar of a round's pages.
func roundSource(name string, blocks ...string) page.Source {
	src := source(name)
	src.Files = append(append(src.Files, "console/frame/round.html"), blocks...)
	src.Styles = append(src.Styles, "console/frame/round.css")
	return src
}

// clock writes a moment as it was in Vietnam.
func clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(vietnam).Format("02/01/2006 15:04")
}

// refusal is the page for what the console does not do.
type refusal struct {
	frame
	Problems []fault.Problem
}

var refusalPage = page.New[refusal](source("refusal"))
