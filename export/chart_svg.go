package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"hailong/static"
)

// svgInk is how a role looks where no style sheet says otherwise: presentation
// attributes, which the rules of a page override by the role's class.
var svgInk = map[role]string{
	roleGrid:   `stroke="#bec6ca" stroke-width="1"`,
	roleWhole:  `stroke="#5c686e" stroke-width="1.2" stroke-dasharray="4 3"`,
	roleSpan:   `stroke="#0b5d57" stroke-width="2.2" stroke-linecap="round"`,
	roleDot:    `fill="#0b5d57"`,
	roleLabel:  `fill="#11181c"`,
	roleNumber: `fill="#11181c"`,
	roleQuiet:  `fill="#5c686e"`,
}

// ChartSVG writes a chart of the report as an SVG element that can stand in a
// page or in a file. It needs no style sheet; one may colour the classes grid,
// whole, span, dot, label, number, quiet and simulated.
func ChartSVG(w io.Writer, lang static.Lang, r Report, chart Chart) error {
	rows, err := r.rows(lang, chart)
	if err != nil {
		return err
	}
	d := rows.draw(lang)
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 %g %g" width="%g" height="%g" role="img" `+
		`font-family="system-ui, 'Liberation Sans', Arial, sans-serif" font-size="%g" lang="%s">`, d.wide, d.high, d.wide, d.high, chartSize, lang)
	fmt.Fprintf(out, "\n<title>%s</title><desc>%s</desc>\n", escaped(d.title), escaped(joined(" ", r.mark(), d.summary)))
	for _, m := range d.marks {
		m.svg(out)
	}
	if r.Edition.Simulated {
		fmt.Fprintf(out, `<text class="simulated" x="4" y="%g" fill="#a3211b" font-weight="bold">%s</text>`+"\n", d.high-4, escaped(text(lang, "simulated")))
	}
	fmt.Fprint(out, "</svg>\n")
	if err := out.Flush(); err != nil {
		return unwritten(err)
	}
	return nil
}

// svg writes one mark.
func (m mark) svg(out io.Writer) {
	ink := fmt.Sprintf(`class="%s" %s`, m.role, svgInk[m.role])
	switch {
	case m.words != "":
		anchor := ""
		if m.toRight {
			anchor = ` text-anchor="end"`
		} else if m.centred {
			anchor = ` text-anchor="middle"`
		}
		fmt.Fprintf(out, "<text %s x=\"%.1f\" y=\"%.1f\"%s>%s</text>\n", ink, m.x, m.y, anchor, escaped(m.words))
	case m.r > 0:
		fmt.Fprintf(out, "<circle %s cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", ink, m.x, m.y, m.r)
	default:
		fmt.Fprintf(out, "<line %s x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", ink, m.x, m.y, m.x2, m.y2)
	}
}

// escaped is text safe inside an element.
func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a builder takes everything
	}
	return b.String()
}
