package browsertest

import (
	"fmt"
	"os"
	"strings"
)

// Violation is a rule of accessibility that a page breaks.
type Violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"` // the HTML of the elements at fault
}

// Axe fails the test for every rule of WCAG 2.2 A and AA and of good practice
// that the page breaks.
func (b *Browser) Axe() {
	b.t.Helper()
	path := os.Getenv("HAILONG_AXE")
	if path == "" {
		missing(b.t, "HAILONG_AXE does not name axe.min.js")
	}
	source, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatal(err)
	}
	Eval[bool](b, string(source)+";true")
	violations := Eval[[]Violation](b, `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => (
		{id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 200))})))`)
	for _, v := range violations {
		b.t.Errorf("%s: %s\n\t%s", v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

// HasAxe reports whether Axe can run, for tests that have more to do than that.
func HasAxe() bool { return os.Getenv("HAILONG_AXE") != "" || os.Getenv("HAILONG_CI") == "1" }

// Wide fails the test if the page is wider than the screen, which phones answer
// by shrinking it.
func (b *Browser) Wide() {
	b.t.Helper()
	if over := Eval[float64](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		b.t.Errorf("the page is %s wider than the screen", fmt.Sprintf("%v px", over))
	}
}

// Targets fails the test for everything to be tapped that is smaller than the
// size in pixels, links inside of sentences apart.
func (b *Browser) Targets(size int) {
	b.t.Helper()
	small := Eval[[]string](b, fmt.Sprintf(`Array.from(document.querySelectorAll('button, label, textarea, input:not([type=hidden])')).filter(e => {
		const own = e.closest('label') || e, box = own.getBoundingClientRect();
		const caption = e.tagName === 'LABEL' && e.htmlFor;
		return !caption && box.width && !e.classList.contains('first') && (box.height < %[1]d || box.width < %[1]d);
	}).map(e => e.outerHTML.slice(0, 120))`, size))
	for _, html := range small {
		b.t.Errorf("smaller than %d px: %s", size, html)
	}
}
