// Package page turns typed values into what a browser or a script receives: a
// compiled template a page, problems as RFC 9457, security headers, compression
// and the choice of a language. It is the one place that maps the kinds of
// package fault to HTTP statuses.
//
// A page is a struct and a [Template] of that struct:
//
//	var hello = page.New[Hello](page.Source{
//		Files:  []string{"console/hello/hello.html", "shared/head.html"},
//		Styles: []string{"shared/base.css"},
//	})
//
//	return hello.Send(c, fiber.StatusOK, page.Lang(c), Hello{Name: "…"})
//
// The first file is the page, the others define blocks for it. Templates know
// the functions of [functions]: t for a sentence by its code, style for the
// page's inlined CSS, scripts for its script elements, and a few more.
package page

import (
	"bytes"
	"fmt"
	"html/template"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/static"
)

// Source names the embedded files of a page, relative to package static.
type Source struct {
	Files   []string // templates; the first is executed, the rest define blocks
	Styles  []string // style sheets, inlined in this order by {{style}}
	Scripts []string // scripts, linked in this order by {{scripts}}
}

// Template is a page for values of type P, in every language of the interface.
type Template[P any] struct {
	name     string
	compiled func() compiled // once
}

// compiled is what a page's files become.
type compiled struct {
	perLang map[static.Lang]*template.Template
	policy  string
}

// compilers compile every page that was made.
var compilers []func()

// New makes a page. Its files are compiled when it is first used, since commands
// without pages start sooner so, or by [Compile]. It is for package variables.
func New[P any](src Source) *Template[P] {
	t := &Template[P]{name: path.Base(src.Files[0]), compiled: sync.OnceValue(src.compile)}
	compilers = append(compilers, func() { t.compiled() })
	return t
}

// Compile compiles all pages, so that a server with a broken one does not start. It
// panics when a file is missing or malformed: the files are part of the program, and
// a test executes every page.
func Compile() {
	for _, compile := range compilers {
		compile()
	}
}

func (src Source) compile() compiled {
	style := inlineStyle(src.Styles)
	base := template.New("").Funcs(functions(static.Vietnamese, style, scriptTags(src.Scripts)))
	for _, name := range src.Files {
		template.Must(base.New(path.Base(name)).Parse(readTemplate(name)))
	}
	out := compiled{
		perLang: make(map[static.Lang]*template.Template, len(static.Langs)),
		policy:  contentPolicy(style, len(src.Scripts) > 0),
	}
	for _, lang := range static.Langs {
		own := template.Must(base.Clone())
		out.perLang[lang] = own.Funcs(functions(lang, style, scriptTags(src.Scripts)))
	}
	return out
}

// readTemplate reads a template without its indentation, which no reader sees
// but every phone would download.
func readTemplate(name string) string {
	raw, err := static.Files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	lines := strings.Split(string(raw), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, " \t")
	}
	return strings.Join(lines, "\n")
}

// Render executes the page into memory, so that nothing is sent of a page that
// fails half-way.
func (t *Template[P]) Render(lang static.Lang, p P) ([]byte, error) {
	perLang := t.compiled().perLang
	own, ok := perLang[lang]
	if !ok {
		own = perLang[static.Vietnamese]
	}
	var buffer bytes.Buffer
	if err := own.ExecuteTemplate(&buffer, t.name, p); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "http.page", "page", t.name)
	}
	return buffer.Bytes(), nil
}

// Send renders the page and answers with it.
func (t *Template[P]) Send(c *fiber.Ctx, status int, lang static.Lang, p P) error {
	html, err := t.Render(lang, p)
	if err != nil {
		return err
	}
	t.SetPolicy(c)
	return SendHTML(c, status, html)
}

// SetPolicy sets the content security policy that fits the page, for those who
// send its HTML themselves.
func (t *Template[P]) SetPolicy(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, t.compiled().policy)
}

// functions are what templates may call, bound to a language:
//
//	t CODE [NAME VALUE]…  the sentence for a code
//	problem P             the sentence for a fault.Problem, its place in front
//	number X DECIMALS     a number as the language writes it
//	integer N             a whole number, grouped
//	command LINE          a command that breaks between its words alone
//	lang                  the language, for the lang attribute
//	style, scripts        the page's style element and script elements
func functions(lang static.Lang, style, scripts template.HTML) template.FuncMap {
	return template.FuncMap{
		"t": func(code string, pairs ...any) string {
			return static.Text(lang, code, fault.P(code, pairs...).Args...)
		},
		"problem": func(p any) (string, error) {
			switch p := p.(type) {
			case fault.Problem:
				return static.ProblemText(lang, p), nil
			case *fault.Problem:
				return static.ProblemText(lang, *p), nil
			}
			return "", fmt.Errorf("problem: %T is no problem", p)
		},
		"number": func(x float64, decimals int) string { return static.Number(lang, x, decimals) },
		"integer": func(n any) (string, error) {
			switch n := n.(type) {
			case int:
				return static.Integer(lang, int64(n)), nil
			case int64:
				return static.Integer(lang, n), nil
			}
			return "", fmt.Errorf("integer: %T is no whole number", n)
		},
		"command": commandLine,
		"lang":    func() string { return string(lang) },
		"style":   func() template.HTML { return style },
		"scripts": func() template.HTML { return scripts },
	}
}

// commandLine makes every word of a command a box of its own, so that no line ends
// within "--commitment"; a word that is longer than the line still breaks.
func commandLine(command string) template.HTML {
	words := strings.Split(command, " ")
	for i, word := range words {
		words[i] = "<span>" + template.HTMLEscapeString(word) + "</span>"
	}
	return template.HTML(strings.Join(words, " "))
}
