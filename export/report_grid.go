package export

import (
	"slices"
	"strings"

	"hailong/scorecard"
	"hailong/static"
)

// grid is a table of a report: the first columns are words, the others numbers.
// Heads are codes; widths are millimetres.
type grid struct {
	words  int // columns of words; 0 counts as 1
	heads  []string
	widths []float64
	rows   []gridRow
}

type gridRow struct {
	strong bool
	cells  []string
	note   string // instead of the cells after the second, for what is withheld
}

func (g *grid) add(strong bool, cells ...string) {
	g.rows = append(g.rows, gridRow{strong: strong, cells: cells})
}

const (
	gridSize    = 8.5 // points
	gridPadding = 1.1 // millimetres above and below
)

// grid writes a table; its heads stand again on every page that it runs to.
func (p *reporter) grid(g grid) {
	p.gridHeads(g)
	for _, row := range g.rows {
		p.pen(regular, gridSize, black)
		lines := p.wrap(row.cells[0], g.widths[0]-2)
		if note := p.wrap(row.note, p.noteWidth(g)); len(note) > len(lines) {
			lines = append(lines, make([]string, len(note)-len(lines))...)
		}
		high := float64(len(lines))*p.leading() + 2*gridPadding
		if p.y+high > reportBottom {
			p.newPage()
			p.gridHeads(g)
		}
		p.gridRow(g, row, lines)
		p.y += high
		p.stroke(faint, 0.15, 0, 0)
		p.rule(reportLeft, p.y, reportLeft+g.wide(), p.y)
	}
	p.y += 5
}

func (g grid) wide() float64 {
	wide := 0.0
	for _, w := range g.widths {
		wide += w
	}
	return wide
}

// noteWidth is the room right of the second column.
func (p *reporter) noteWidth(g grid) float64 { return g.wide() - g.widths[0] - g.widths[1] - 4 }

func (p *reporter) gridHeads(g grid) {
	p.pen(bold, gridSize-0.5, black)
	most := 1
	for i, head := range g.heads {
		most = max(most, len(p.wrap(text(p.lang, head), g.widths[i]-2)))
	}
	high := float64(most)*p.leading() + 2*gridPadding
	p.room(high + 12)
	p.box(reportLeft, p.y, g.wide(), high, tint)
	p.pen(bold, gridSize-0.5, black)
	x := reportLeft
	for i, head := range g.heads {
		y := p.y + gridPadding + p.leading()*0.78
		for _, line := range p.wrap(text(p.lang, head), g.widths[i]-2) {
			p.gridCell(g, i, x, y, line)
			y += p.leading()
		}
		x += g.widths[i]
	}
	p.y += high
}

func (p *reporter) gridRow(g grid, row gridRow, lines []string) {
	face := regular
	if row.strong {
		face = bold
	}
	p.pen(face, gridSize, black)
	base := p.y + gridPadding + p.leading()*0.78
	p.lines(reportLeft+1, base, lines)
	x := reportLeft + g.widths[0]
	for i, cell := range row.cells[1:] {
		p.gridCell(g, i+1, x, base, cell)
		x += g.widths[i+1]
	}
	if row.note != "" {
		p.pen(regular, gridSize, grey)
		p.lines(reportLeft+g.widths[0]+g.widths[1]+3, base, p.wrap(row.note, p.noteWidth(g)))
	}
}

// gridCell writes words at the left of their column, numbers at the right.
func (p *reporter) gridCell(g grid, column int, x, y float64, cell string) {
	if column < max(g.words, 1) {
		p.at(x+1, y, cell)
		return
	}
	p.toRight(x+g.widths[column]-1, y, cell)
}

// figuresTable writes figures as a table; what is withheld says so with its
// reasons and shows no number but the count of answers.
func (p *reporter) figuresTable(head string, figures []scorecard.Figure, name func(scorecard.Figure) string) {
	g := grid{heads: []string{head, "column_n", "column_value", "column_interval", "column_se", "column_df", "column_deff"},
		widths: []float64{72, 17, 17, 30, 13, 10, 13}}
	var notes []string // what the stars at values say
	for _, f := range figures {
		row := gridRow{strong: f.Tier == scorecard.TierOverall && head == "column_figure"}
		row.cells = []string{name(f), static.Integer(p.lang, int64(f.N))}
		if shown(f) {
			value := number(p.lang, f.Value)
			if f.Publication == scorecard.Warned {
				value += stars(&notes, reasons(p.lang, f))
			}
			row.cells = append(row.cells, value, interval(p.lang, f.Logit), number(p.lang, f.SE), static.Integer(p.lang, int64(f.DF)), number(p.lang, f.Deff))
		} else {
			row.note = strings.TrimSuffix(joined(": ", text(p.lang, "withheld"), reasons(p.lang, f)), ".")
		}
		g.rows = append(g.rows, row)
	}
	p.grid(g)
	if len(notes) > 0 {
		p.y--
	}
	for i, note := range notes {
		p.paragraph(strings.Repeat("*", i+1) + " " + note)
	}
}

// stars marks a note below a table: one star for the first, two for the next.
func stars(notes *[]string, note string) string {
	place := slices.Index(*notes, note)
	if place < 0 {
		place, *notes = len(*notes), append(*notes, note)
	}
	return strings.Repeat("*", place+1)
}
