package export

import (
	"io"
	"strconv"
	"time"

	"github.com/skip2/go-qrcode"

	"hailong/static"
	"hailong/survey"
)

// OwnLine is what one person takes home to check that they were on the list that
// was drawn from: an A5 sheet, which they may show to whomever they like.
type OwnLine struct {
	Round     survey.Labels // the round's title
	Asker     string
	Contact   string
	Simulated bool
	Produced  time.Time
	Village   string
	Line      string // the personal line, as it was sealed
	Key       string
	Salt      string
	Seal      string
	Order     int    // in the village's list
	Row       int    // of frame.csv
	Folder    string // of frame.csv in the public archive
	Frame     string // the frame's digest
	Committed string // when, as people read it
	Check     string // address of the page where the line is checked; the QR code adds the key
}

// The geometry of the sheet.
const (
	a5Wide, a5High = 148.0, 210.0
	ownLeft        = 12.0
	ownWide        = a5Wide - 2*ownLeft
	ownQR          = 32.0
)

// OwnLinePDF writes the sheet. The key in the QR code is public; salt and line
// are typed from the paper, so that no address ever holds them.
func OwnLinePDF(w io.Writer, lang static.Lang, own OwnLine) error {
	code, err := encodeQR(own.Check+"?key="+own.Key, qrcode.Medium)
	if err != nil {
		return err
	}
	p := newPaper(sheetSpec{lang: lang, title: text(lang, "own_title"), made: own.Produced, wide: a5Wide, high: a5High})
	p.pdf.AddPage()
	y := p.ownHead(own)
	y = p.ownFacts(own, y+1)
	p.ownSteps(own, code, y+1)
	return p.finish(w)
}

// para writes lines of a face and size and returns the baseline after them.
func (p *paper) para(y float64, s string, most int) float64 {
	return p.lines(ownLeft, y, p.shrink(s, ownWide, most, 6))
}

func (p *paper) ownHead(own OwnLine) float64 {
	p.box(0, 0, a5Wide, 4, accent)
	p.pen(regular, 9, grey)
	y := p.para(13, own.Asker, 1)
	p.pen(bold, 15, accent)
	y = p.para(y+2.5, text(p.lang, "own_title"), 2)
	p.pen(regular, 9.5, black)
	y = p.para(y, labelsIn(own.Round, p.lang), 2)
	if own.Simulated {
		p.simulatedMark(a5Wide/2, 8.5, 8)
	}
	p.pen(regular, 9, black)
	return p.para(y+1, text(p.lang, "own_lead"), 4)
}

// ownFacts are what is typed or compared, in letters that cannot be mistaken.
func (p *paper) ownFacts(own OwnLine, y float64) float64 {
	for _, fact := range []struct {
		code, value string
		size        float64
	}{
		{"own_line", own.Line, 10.5}, {"own_key", own.Key, 12}, {"own_salt", own.Salt, 12}, {"own_seal", own.Seal, 8.5},
	} {
		p.pen(regular, 8, grey)
		y = p.para(y+2, text(p.lang, fact.code), 1)
		p.pen(mono, fact.size, black)
		y = p.para(y+0.7, fact.value, 4)
	}
	p.pen(regular, 9, black)
	where := text(p.lang, "own_where", "order", strconv.Itoa(own.Order), "village", own.Village, "row", strconv.Itoa(own.Row), "file", own.Folder+"/frame.csv", "at", own.Committed)
	y = p.para(y+2.5, where, 3)
	p.pen(regular, 7, grey)
	return p.para(y, text(p.lang, "own_frame", "digest", own.Frame), 2)
}

func (p *paper) ownSteps(own OwnLine, code symbol, y float64) {
	p.stroke(faint, 0.25, 0, 0)
	p.rule(ownLeft, y-2, a5Wide-ownLeft, y-2)
	p.qr(code, a5Wide-ownLeft-ownQR, y, ownQR)
	const column = ownWide - ownQR - 5
	p.pen(bold, 9.5, accent)
	at := p.lines(ownLeft, y+3.5, []string{text(p.lang, "own_check")})
	p.pen(regular, 8.5, black)
	for _, step := range []string{text(p.lang, "own_step_1", "address", shownAddress(own.Check)), text(p.lang, "own_step_2"), text(p.lang, "own_step_3")} {
		at = p.lines(ownLeft, at+0.6, p.shrink(step, column, 5, 6.5))
	}
	p.pen(mono, 6.5, black)
	at = p.lines(ownLeft, max(at, y+ownQR)+6, p.shrink("{ printf %s '"+own.Salt+"' | xxd -r -p; printf %s '…'; } | sha256sum", ownWide, 2, 5))
	p.pen(regular, 8, grey)
	p.lines(ownLeft, at+1, p.shrink(text(p.lang, "own_private", "contact", own.Contact), ownWide, 3, 6))
}
