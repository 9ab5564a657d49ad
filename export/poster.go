package export

import (
	"io"
	"strconv"
	"time"

	"github.com/skip2/go-qrcode"

	"hailong/static"
	"hailong/survey"
)

// PaperSize is the sheet that a poster is made for.
type PaperSize string

// The sheets of posters.
const (
	A4 PaperSize = "A4"
	A5 PaperSize = "A5"
)

// Poster is what hangs at a counter.
type Poster struct {
	Round     survey.Labels // the round's title
	Asker     string        // who asks
	Contact   string        // where to ask and to withdraw
	Counter   string        // the counter's name
	Link      string        // the address in the QR code, also printed as text
	Paper     PaperSize     // "" is A4
	Simulated bool
	Produced  time.Time
}

// posterWriter draws on an A4 grid that is scaled to the sheet.
type posterWriter struct {
	*paper
	poster Poster
	scale  float64
	other  static.Lang // the language of the smaller lines
}

// PosterPDF writes a counter poster: a large QR code, the address as text,
// three steps, and that answering is voluntary and anonymous. The reader's
// language is large, the other one stands below it.
func PosterPDF(w io.Writer, lang static.Lang, poster Poster) error {
	code, err := encodeQR(poster.Link, qrcode.High)
	if err != nil {
		return err
	}
	p := &posterWriter{poster: poster, scale: 1, other: static.English}
	if lang == static.English {
		p.other = static.Vietnamese
	}
	if poster.Paper == A5 {
		p.scale = 148.0 / a4Wide
	}
	p.paper = newPaper(sheetSpec{lang: lang, title: text(lang, "poster_title"), made: poster.Produced,
		wide: a4Wide * p.scale, high: a4High * p.scale})
	p.pdf.AddPage()
	p.head()
	p.invite(code)
	p.steps()
	p.foot()
	return p.finish(w)
}

// put writes centred lines in a face and size of the A4 grid and returns the
// baseline after them; the size shrinks until they are at most count lines.
func (p *posterWriter) put(y float64, f face, size float64, c colour, s string, count int) float64 {
	p.pen(f, size*p.scale, c)
	return p.linesCentred(a4Wide/2*p.scale, y*p.scale, p.shrink(s, 176*p.scale, count, size*p.scale*0.6)) / p.scale
}

// head is who asks and what for.
func (p *posterWriter) head() {
	p.box(0, 0, a4Wide*p.scale, 7*p.scale, accent)
	p.put(25, regular, 13, grey, p.poster.Asker, 1)
	y := p.put(43, bold, 33, accent, text(p.lang, "poster_invite"), 1)
	y = p.put(y-3.5, regular, 15, grey, text(p.other, "poster_invite"), 1)
	p.put(y+3, regular, 14, black, labelsIn(p.poster.Round, p.lang), 2)
}

// invite is the QR code in its frame, the address, and the counter.
func (p *posterWriter) invite(code symbol) {
	const side, top, frame = 96.0, 92.0, 12.0
	k, left := p.scale, (a4Wide-side)/2
	p.stroke(accent, 0.9*k, 0, 0)
	p.pdf.RoundedRect((left-frame)*k, (top-frame)*k, (side+2*frame)*k, (side+2*frame)*k, 5*k, "1234", "D")
	p.qr(code, left*k, top*k, side*k)
	y := p.address(top + side + frame + 11.5)
	p.put(y-0.5, regular, 13, grey, p.poster.Counter, 1)
}

// address writes the address on one line if it can, and never cuts it off.
func (p *posterWriter) address(y float64) float64 {
	const wide = 176.0
	address := shownAddress(p.poster.Link)
	for size := 21.0; size >= 10; size-- {
		if p.pen(bold, size*p.scale, black); p.width(address) <= wide*p.scale {
			break
		}
	}
	return p.linesCentred(a4Wide/2*p.scale, y*p.scale, p.wrap(address, wide*p.scale)) / p.scale
}

// steps are the three things to do, side by side.
func (p *posterWriter) steps() {
	const top, column = 234.0, 58.0
	k := p.scale
	for i, step := range []string{"poster_step_1", "poster_step_2", "poster_step_3"} {
		middle := a4Wide/2 + float64(i-1)*column
		p.pdf.SetFillColor(accent.r, accent.g, accent.b)
		p.pdf.Circle(middle*k, top*k, 4.6*k, "F")
		p.pen(bold, 15*k, colour{255, 255, 255})
		p.centred(middle*k, (top+1.9)*k, strconv.Itoa(i+1))
		p.pen(bold, 14*k, black)
		y := p.linesCentred(middle*k, (top+11.5)*k, p.shrink(text(p.lang, step), (column-4)*k, 2, 10*k))
		p.pen(regular, 10.5*k, grey)
		p.linesCentred(middle*k, y-0.8*k, p.shrink(text(p.other, step), (column-4)*k, 2, 8*k))
	}
}

// foot is the promise, where to ask, and the mark of a simulated round.
func (p *posterWriter) foot() {
	p.stroke(faint, 0.25*p.scale, 0, 0)
	p.rule(17*p.scale, 263*p.scale, (a4Wide-17)*p.scale, 263*p.scale)
	y := p.put(270.5, bold, 12.5, black, text(p.lang, "poster_promise"), 1)
	y = p.put(y, regular, 10.5, grey, text(p.other, "poster_promise"), 1)
	p.put(y+1.5, regular, 10.5, grey, text(p.lang, "poster_contact", "contact", p.poster.Contact), 2)
	if p.poster.Simulated {
		p.simulatedMark(a4Wide/2*p.scale, 15*p.scale, 11*p.scale)
	}
}
