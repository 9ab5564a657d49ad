package export

import (
	"io"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"

	"hailong/fault"
	"hailong/static"
)

// face is one of the three embedded typefaces.
type face struct{ family, style string }

var (
	regular = face{"sans", ""}
	bold    = face{"sans", "B"}
	mono    = face{"mono", "B"} // codes: every character apart from every other
)

// colour is red, green and blue, 0 to 255.
type colour struct{ r, g, b int }

var (
	black  = colour{17, 24, 28}
	grey   = colour{92, 104, 110}
	faint  = colour{190, 198, 202}
	tint   = colour{227, 240, 238}
	accent = colour{11, 93, 87} // as on the pages
	alarm  = colour{163, 33, 27}
)

const (
	pointMM = 25.4 / 72 // millimetres in a point
	a4Wide  = 210.0
	a4High  = 297.0
)

// paper draws on the pages of one PDF. Lengths are millimetres from the top
// left corner, type sizes points. The first error of the library is kept by it
// and returned by finish.
type paper struct {
	pdf  *fpdf.Fpdf
	lang static.Lang
}

// sheetSpec is what a document needs to begin.
type sheetSpec struct {
	lang  static.Lang
	title string
	made  time.Time
	wide  float64
	high  float64
}

func newPaper(s sheetSpec) *paper {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", OrientationStr: "P", Size: fpdf.SizeType{Wd: s.wide, Ht: s.high}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(s.made)
	pdf.SetModificationDate(s.made)
	pdf.SetProducer("hailong", true)
	pdf.SetTitle(s.title, true)
	pdf.SetLang(string(s.lang))
	pdf.AddUTF8FontFromBytes(regular.family, regular.style, liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes(bold.family, bold.style, liberationsansbold.TTF)
	pdf.AddUTF8FontFromBytes(mono.family, mono.style, liberationmonobold.TTF)
	return &paper{pdf: pdf, lang: s.lang}
}

// finish writes the document.
func (p *paper) finish(w io.Writer) error {
	if err := p.pdf.Output(w); err != nil {
		return fault.Wrap(err, fault.Internal, "export.pdf")
	}
	return nil
}

// printable holds the characters that the embedded typefaces all have: those of
// Vietnamese and of the minority languages written in its letters, of the other
// European languages, and common signs. Others are printed as an empty box.
var printable = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0020, Hi: 0x007e, Stride: 1}, {Lo: 0x00a0, Hi: 0x017f, Stride: 1},
	{Lo: 0x01a0, Hi: 0x01a1, Stride: 1}, {Lo: 0x01af, Hi: 0x01b0, Stride: 1},
	{Lo: 0x0386, Hi: 0x0386, Stride: 1}, {Lo: 0x0391, Hi: 0x03a1, Stride: 1},
	{Lo: 0x03a3, Hi: 0x03c9, Stride: 1}, {Lo: 0x0401, Hi: 0x045f, Stride: 1},
	{Lo: 0x1e80, Hi: 0x1e85, Stride: 1}, {Lo: 0x1ea0, Hi: 0x1ef9, Stride: 1},
	{Lo: 0x2013, Hi: 0x2014, Stride: 1}, {Lo: 0x2018, Hi: 0x201e, Stride: 1},
	{Lo: 0x2020, Hi: 0x2022, Stride: 1}, {Lo: 0x2026, Hi: 0x2026, Stride: 1},
	{Lo: 0x2030, Hi: 0x2030, Stride: 1}, {Lo: 0x20ab, Hi: 0x20ac, Stride: 1},
	{Lo: 0x2190, Hi: 0x2193, Stride: 1}, {Lo: 0x2212, Hi: 0x2212, Stride: 1},
	{Lo: 0x2248, Hi: 0x2248, Stride: 1}, {Lo: 0x2264, Hi: 0x2265, Stride: 1},
	{Lo: 0x25a1, Hi: 0x25a1, Stride: 1}, {Lo: 0x25cb, Hi: 0x25cb, Stride: 1},
	{Lo: 0x25cf, Hi: 0x25cf, Stride: 1},
}, LatinOffset: 2}

// drawable replaces what the typefaces lack, and anything that is not a visible
// character by a space.
func drawable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(printable, r):
			return r
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		default:
			return '□'
		}
	}, s)
}

// pen sets typeface, size and colour of the text that follows.
func (p *paper) pen(f face, size float64, c colour) {
	p.pdf.SetFont(f.family, f.style, size)
	p.pdf.SetTextColor(c.r, c.g, c.b)
}

// at writes one line with its baseline at y.
func (p *paper) at(x, y float64, s string) {
	if s != "" {
		p.pdf.Text(x, y, drawable(s))
	}
}

// centred writes one line around the middle x.
func (p *paper) centred(x, y float64, s string) { p.at(x-p.width(s)/2, y, s) }

// toRight writes one line that ends at x.
func (p *paper) toRight(x, y float64, s string) { p.at(x-p.width(s), y, s) }

func (p *paper) width(s string) float64 { return p.pdf.GetStringWidth(drawable(s)) }

// leading is the distance between baselines at the pen's size.
func (p *paper) leading() float64 {
	points, _ := p.pdf.GetFontSize()
	return points * pointMM * 1.28
}

// wrap breaks s into lines of at most the width at the pen's size; a word that
// is wider than a line is broken where it must be.
func (p *paper) wrap(s string, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(drawable(s)) {
		for _, piece := range p.pieces(word, width) {
			joint := joined(" ", line, piece)
			if line != "" && p.width(joint) > width {
				lines = append(lines, line)
				joint = piece
			}
			line = joint
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// pieces cuts a word into parts no wider than the width.
func (p *paper) pieces(word string, width float64) []string {
	if p.width(word) <= width {
		return []string{word}
	}
	var parts []string
	part := ""
	for _, r := range word {
		if part != "" && p.width(part+string(r)) > width {
			parts = append(parts, part)
			part = ""
		}
		part += string(r)
	}
	return append(parts, part)
}

// lines writes wrapped lines from the baseline y downwards and returns the
// baseline after the last one.
func (p *paper) lines(x, y float64, lines []string) float64 {
	for _, line := range lines {
		p.at(x, y, line)
		y += p.leading()
	}
	return y
}

// linesCentred is lines around the middle x.
func (p *paper) linesCentred(x, y float64, lines []string) float64 {
	for _, line := range lines {
		p.centred(x, y, line)
		y += p.leading()
	}
	return y
}

// shrink lowers the type size until s wraps into so many lines, but not below
// the least size; what is left over is cut off with an ellipsis.
func (p *paper) shrink(s string, width float64, count int, least float64) []string {
	lines := p.wrap(s, width)
	for size, _ := p.pdf.GetFontSize(); len(lines) > count && size-0.5 >= least; size -= 0.5 {
		p.pdf.SetFontSize(size - 0.5)
		lines = p.wrap(s, width)
	}
	if len(lines) > count {
		last := []rune(lines[count-1])
		for len(last) > 0 && p.width(string(last)+"…") > width {
			last = last[:len(last)-1]
		}
		lines = append(lines[:count-1], string(last)+"…")
	}
	return lines
}

func (p *paper) rule(x1, y1, x2, y2 float64) { p.pdf.Line(x1, y1, x2, y2) }

// stroke sets colour and width of the lines that follow; on and off are the
// lengths of dashes and gaps, 0 for a solid line.
func (p *paper) stroke(c colour, width, on, off float64) {
	p.pdf.SetDrawColor(c.r, c.g, c.b)
	p.pdf.SetLineWidth(width)
	if on == 0 {
		p.pdf.SetDashPattern(nil, 0)
		return
	}
	p.pdf.SetDashPattern([]float64{on, off}, 0)
}

func (p *paper) box(x, y, w, h float64, c colour) {
	p.pdf.SetFillColor(c.r, c.g, c.b)
	p.pdf.Rect(x, y, w, h, "F")
}

// upwards writes one line that reads from below, around the middle y.
func (p *paper) upwards(x, y float64, s string) {
	from := y + p.width(s)/2
	p.pdf.TransformBegin()
	p.pdf.TransformRotate(90, x, from)
	p.at(x, from, s)
	p.pdf.TransformEnd()
}

// form is a drawing that many pages repeat. The library derives its name from
// its content each time it is asked; here it is asked once.
type form struct {
	fpdf.Template
	id   string
	size fpdf.SizeType
}

// ID is the name of the form in the document.
func (f form) ID() string { return f.id }

// form draws once what repeat puts on pages. Positions are within the form.
func (p *paper) form(wide, high float64, draw func(*paper)) form {
	size := fpdf.SizeType{Wd: wide, Ht: high}
	template := p.pdf.CreateTemplateCustom(fpdf.PointType{}, size, func(t *fpdf.Tpl) {
		draw(&paper{pdf: &t.Fpdf, lang: p.lang})
	})
	return form{Template: template, id: template.ID(), size: size}
}

// repeat puts a form on the page with its upper left corner at x, y.
func (p *paper) repeat(f form, x, y float64) {
	p.pdf.UseTemplateScaled(f, fpdf.PointType{X: x, Y: y}, f.size)
}

// simulatedMark writes the mark of a simulated round in a framed line whose
// middle is at x.
func (p *paper) simulatedMark(x, y, size float64) {
	p.pen(bold, size, alarm)
	mark := text(p.lang, "simulated")
	wide, high := p.width(mark)+size*0.5, size*pointMM*1.5
	p.stroke(alarm, 0.3, 0, 0)
	p.pdf.Rect(x-wide/2, y-high*0.72, wide, high, "D")
	p.centred(x, y, mark)
}
