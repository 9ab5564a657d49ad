package export

import (
	"io"
	"math/rand/v2"
	"time"

	"github.com/skip2/go-qrcode"

	"hailong/fault"
	"hailong/static"
	"hailong/survey"
)

// Slips is one production of personal slips. A new village starts a new sheet.
type Slips struct {
	Round     survey.Labels // the round's title
	Asker     string        // who asks
	Contact   string        // where to ask and to withdraw
	TypeAt    string        // address of the page where a code is typed by hand
	Simulated bool
	Produced  time.Time
	People    []Slip
}

// Slip is what is printed for one person.
type Slip struct {
	Number  string // as in the village list, for instance "12" or "DP 3"
	Name    string
	Address string // household or address, as in the list
	Village string
	Commune string
	Token   survey.Token
	Link    string // the address in the QR code
}

// The geometry of a slip: a third of an A4 sheet, printed on one side. The
// right panel is folded over the middle one, printed faces together, and glued
// at its three free edges; its own edge then lands beside the name, which stays
// in sight on the left. So one fold hides the code, and the name can be torn off.
const (
	slipsASheet = 3
	slipHigh    = a4High / slipsASheet
	nameWide    = 62.0
	panelWide   = (a4Wide - nameWide) / 2
	foldAt      = nameWide + panelWide
	glueBand    = 8.0
	slipQR      = 34.0
	slipQRTop   = 21.0
)

// slipWriter draws the slips of a production. What is the same on all of them
// is drawn once, as a form that every slip repeats.
type slipWriter struct {
	*paper
	slips Slips
}

// SlipsPDF writes fold-and-seal slips, three a sheet, name outside and code
// inside. An empty production is an error, as is an address too long for a QR
// code.
func SlipsPDF(w io.Writer, lang static.Lang, slips Slips) error {
	if len(slips.People) == 0 {
		return fault.New(fault.Invalid, "export.nobody")
	}
	s := &slipWriter{slips: slips, paper: newPaper(sheetSpec{
		lang: lang, title: text(lang, "slips_title"), made: slips.Produced, wide: a4Wide, high: a4High})}
	common := s.form(a4Wide, slipHigh, s.drawCommon)
	place, village := slipsASheet, ""
	for _, person := range slips.People {
		if here := person.Commune + "\x00" + person.Village; place == slipsASheet || here != village {
			s.pdf.AddPage()
			place, village = 0, here
		}
		top := float64(place) * slipHigh
		s.repeat(common, 0, top)
		if err := s.drawPerson(person, top); err != nil {
			return err
		}
		place++
	}
	return s.finish(w)
}

const (
	nameLeft   = 7.0 // of the panel that stays in sight
	nameColumn = nameWide - nameLeft - 5
	codeMiddle = nameWide + panelWide/2
	codeColumn = panelWide - 13
)

// drawPerson draws what is one person's: the name in the left panel, the code
// in the middle one.
func (s *slipWriter) drawPerson(person Slip, top float64) error {
	s.pen(bold, 14, black)
	y := s.lines(nameLeft, top+30.5, s.shrink(person.Name, nameColumn, 3, 10))
	s.pen(regular, 9.5, black)
	y = s.lines(nameLeft, y, s.shrink(person.Address, nameColumn, 3, 8))
	s.lines(nameLeft, y, s.shrink(joined(", ", person.Village, person.Commune), nameColumn, 3, 8))
	s.pen(regular, 7.5, grey)
	s.at(nameLeft, top+slipHigh-8, text(s.lang, "slip_number", "number", person.Number))

	code, err := encodeQR(person.Link, qrcode.Medium)
	if err != nil {
		return err
	}
	s.qr(code, codeMiddle-slipQR/2, top+slipQRTop, slipQR)
	s.pen(mono, 17, black)
	s.centred(codeMiddle, top+64, person.Token.Grouped())
	return nil
}

// drawCommon draws what is the same on every slip.
func (s *slipWriter) drawCommon(p *paper) {
	p.slipEdges()
	p.slipOutside(s.slips)
	p.slipInside(s.slips)
	p.slipCover()
}

// slipEdges draws where to cut, to tear and to fold.
func (p *paper) slipEdges() {
	p.stroke(faint, 0.2, 0, 0)
	p.rule(0, slipHigh, a4Wide, slipHigh)
	p.stroke(grey, 0.25, 0.6, 1.2)
	p.rule(nameWide, 4, nameWide, slipHigh-4)
	p.stroke(grey, 0.25, 3, 1.5)
	p.rule(foldAt, 4, foldAt, slipHigh-4)
	p.pen(regular, 6, grey)
	p.upwards(nameWide-1.2, slipHigh/2, text(p.lang, "slip_tear"))
	p.upwards(foldAt-1.2, slipHigh/2, text(p.lang, "slip_fold"))
}

// slipOutside draws the panel that stays in sight.
func (p *paper) slipOutside(slips Slips) {
	p.pen(regular, 7.5, grey)
	y := p.lines(nameLeft, 10, p.shrink(slips.Asker, nameColumn, 2, 6))
	p.pen(bold, 9.5, accent)
	p.lines(nameLeft, y+2, p.shrink(text(p.lang, "slip_heading"), nameColumn, 1, 7))
	p.pen(regular, 8.5, grey)
	p.at(nameLeft, 24.5, text(p.lang, "slip_to"))
	p.pen(regular, 7.5, grey)
	p.lines(nameLeft, slipHigh-19, p.shrink(text(p.lang, "slip_only"), nameColumn, 2, 6.5))
	if slips.Simulated {
		p.simulatedMark(nameLeft+nameColumn/2, slipHigh-26, 8)
	}
}

// slipInside draws the words around the code.
func (p *paper) slipInside(slips Slips) {
	p.pen(bold, 8.5, accent)
	p.linesCentred(codeMiddle, 10, p.shrink(labelsIn(slips.Round, p.lang), codeColumn, 2, 6.5))
	p.pen(regular, 8, black)
	y := p.linesCentred(codeMiddle, 70, p.shrink(text(p.lang, "slip_how", "address", shownAddress(slips.TypeAt)), codeColumn, 3, 6.5))
	p.pen(regular, 7, grey)
	y = p.linesCentred(codeMiddle, y+0.6, p.shrink(text(p.lang, "slip_promise"), codeColumn, 3, 6))
	p.pen(regular, 7, grey)
	p.linesCentred(codeMiddle, y, p.shrink(text(p.lang, "slip_contact", "contact", slips.Contact), codeColumn, 2, 6))
	if slips.Simulated {
		p.simulatedMark(codeMiddle, slipHigh-5, 7)
	}
}

// slipCover draws the panel that is folded over the code: the veil, the glue
// band, and what to do for those who fold.
func (p *paper) slipCover() {
	const middle = foldAt + (panelWide-glueBand)/2
	p.veil()
	p.stroke(faint, 0.2, 1.5, 1)
	p.pdf.Rect(a4Wide-glueBand, 0, glueBand, slipHigh, "D")
	p.pdf.Rect(foldAt, 0, panelWide-glueBand, glueBand-1, "D")
	p.pdf.Rect(foldAt, slipHigh-glueBand+1, panelWide-glueBand, glueBand-1, "D")
	glue := text(p.lang, "slip_glue")
	p.pen(regular, 6, grey)
	p.centred(middle, 5.2, glue)
	p.centred(middle, slipHigh-3.6, glue)
	p.upwards(a4Wide-glueBand/2+0.8, slipHigh/2, glue)
	p.pen(regular, 7, grey)
	p.linesCentred(middle, 79, p.shrink(text(p.lang, "slip_fold_how"), panelWide-glueBand-8, 4, 6))
}

// veil draws a random pattern of modules over the place where QR code and code
// lie after folding, so that they cannot be read against the light. The pattern
// is fixed: it has to blur what shines through, not to be secret.
func (p *paper) veil() {
	const module, margin = 1.0, 4.0
	random := rand.New(rand.NewPCG(1, 2))
	p.pdf.SetFillColor(black.r, black.g, black.b)
	middle := foldAt + panelWide/2
	for y := slipQRTop - margin; y < 68; y += module {
		for x := middle - slipQR/2 - margin; x < middle+slipQR/2+margin; x += module {
			if random.IntN(2) == 0 {
				p.pdf.Rect(x, y, module, module, "F")
			}
		}
	}
}
