package export

// chartUnit is a unit of a drawing in a report, in millimetres.
const chartUnit = 0.25

// chart draws a drawing on the page with its upper left corner at x, y and
// returns the y below it.
func (p *paper) chart(d drawing, x, y float64) float64 {
	for _, m := range d.marks {
		m.x, m.x2 = x+m.x*chartUnit, x+m.x2*chartUnit
		m.y, m.y2 = y+m.y*chartUnit, y+m.y2*chartUnit
		m.r *= chartUnit
		p.mark(m)
	}
	return y + d.high*chartUnit
}

// mark draws one mark that is already in millimetres.
func (p *paper) mark(m mark) {
	switch {
	case m.words != "":
		p.chartWords(m)
	case m.r > 0:
		p.pdf.SetFillColor(accent.r, accent.g, accent.b)
		p.pdf.Circle(m.x, m.y, m.r, "F")
	default:
		switch m.role {
		case roleSpan:
			p.stroke(accent, 0.5, 0, 0)
		case roleWhole:
			p.stroke(grey, 0.25, 1, 0.7)
		default:
			p.stroke(faint, 0.2, 0, 0)
		}
		p.rule(m.x, m.y, m.x2, m.y2)
	}
}

func (p *paper) chartWords(m mark) {
	ink := black
	if m.role == roleQuiet {
		ink = grey
	}
	p.pen(regular, chartSize*chartUnit/pointMM, ink)
	switch {
	case m.toRight:
		p.toRight(m.x, m.y, m.words)
	case m.centred:
		p.centred(m.x, m.y, m.words)
	default:
		p.at(m.x, m.y, m.words)
	}
}
