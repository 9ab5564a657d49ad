package export

import (
	"io"
	"strings"

	"hailong/scorecard"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// The frame of a report's page, in millimetres.
const (
	reportLeft   = 22.0
	reportRight  = a4Wide - 16
	reportWide   = reportRight - reportLeft
	reportTop    = 17.0
	reportBottom = a4High - 20
)

// reporter writes a report from top to bottom.
type reporter struct {
	*paper
	report Report
	y      float64
}

// ReportPDF writes an edition as a report of a few pages: the whole, the
// elements and the communes with charts, the questions, the fieldwork, answers
// apart from the sample, method and provenance.
func ReportPDF(w io.Writer, lang static.Lang, r Report) error {
	p := &reporter{report: r, paper: newPaper(sheetSpec{lang: lang, title: joined(" – ", text(lang, "report_title"), labelsIn(r.Edition.Title, lang)),
		made: r.Edition.ComputedAt, wide: a4Wide, high: a4High})}
	const pageCount = "{pages}"
	p.pdf.AliasNbPages(pageCount)
	p.pdf.SetFooterFunc(func() { p.foot(pageCount) })
	p.newPage()
	p.officialHead()
	p.whole()
	if err := p.elements(); err != nil {
		return err
	}
	if err := p.communes(); err != nil {
		return err
	}
	p.standing()
	p.items()
	p.fieldwork()
	p.rates()
	p.apart()
	p.method()
	return p.finish(w)
}

func (p *reporter) newPage() {
	p.pdf.AddPage()
	p.y = reportTop
	if p.report.Edition.Simulated {
		p.simulatedMark(a4Wide/2, 12, 9)
	}
}

// room begins a new page if less than so much is left on this one.
func (p *reporter) room(high float64) {
	if p.y+high > reportBottom {
		p.newPage()
	}
}

// foot names what the page's figures come from, and numbers the page.
func (p *reporter) foot(pageCount string) {
	e := p.report.Edition
	p.stroke(faint, 0.2, 0, 0)
	p.rule(reportLeft, a4High-14, reportRight, a4High-14)
	p.pen(regular, 7.5, grey)
	p.at(reportLeft, a4High-9.5, text(p.lang, "report_foot", "number", e.Number, "formula", string(e.Formula), "digest", shortDigest(e.InputDigest)))
	page := text(p.lang, "page", "page", p.pdf.PageNo(), "pages", "0")
	p.at(reportRight-p.width(page), a4High-9.5, text(p.lang, "page", "page", p.pdf.PageNo(), "pages", pageCount))
}

// officialHead is the head of an administrative paper: who issues it on the
// left, the state on the right; then what it is.
func (p *reporter) officialHead() {
	const left, right = reportLeft + reportWide*0.23, reportLeft + reportWide*0.72
	p.pen(bold, 10, black)
	below := p.linesCentred(left, p.y+4, p.shrink(strings.ToUpper(p.report.Edition.Asker), reportWide*0.42, 3, 8))
	p.pen(bold, 10, black)
	p.centred(right, p.y+4, text(p.lang, "state_name"))
	p.pen(bold, 10.5, black)
	motto := text(p.lang, "state_motto")
	p.centred(right, p.y+9, motto)
	p.stroke(black, 0.3, 0, 0)
	p.rule(right-p.width(motto)/2, p.y+10.6, right+p.width(motto)/2, p.y+10.6)
	p.y = max(below, p.y+12) + 9
	p.pen(bold, 15, black)
	p.centred(a4Wide/2, p.y, text(p.lang, "report_title"))
	p.y += 7
	p.pen(regular, 11.5, black)
	p.y = p.linesCentred(a4Wide/2, p.y, p.shrink(labelsIn(p.report.Edition.Title, p.lang), reportWide*0.8, 2, 9))
	p.pen(regular, 9.5, grey)
	e := p.report.Edition
	p.centred(a4Wide/2, p.y, text(p.lang, "edition_line", "number", e.Number, "status", p.report.status(p.lang), "computed", e.ComputedAt.In(vietnam).Format("02/01/2006")))
	p.y += 8
}

// whole is the first figure of the report, large.
func (p *reporter) whole() {
	domains := p.report.domains()
	if len(domains) == 0 {
		return
	}
	figures := p.report.figures(domains[0].Unit, scorecard.TierOverall)
	if len(figures) == 0 {
		return
	}
	f := figures[0]
	const high = 27.0
	p.box(reportLeft, p.y, reportWide, high, tint)
	p.pen(bold, 11, accent)
	p.at(reportLeft+6, p.y+8, text(p.lang, "whole_heading", "unit", f.Domain.Name))
	p.pen(bold, 26, black)
	value := text(p.lang, "withheld")
	if shown(f) {
		value = number(p.lang, f.Value) + " %"
	} else {
		p.pen(bold, 15, black)
	}
	p.at(reportLeft+6, p.y+20.5, value)
	x := reportLeft + 12 + max(p.width(value), 45)
	p.pen(regular, 9.5, black)
	p.lines(x, p.y+15, p.wrap(p.wholeWords(f), reportRight-x-5))
	p.y += high + 5
}

// wholeWords are the sentences beside the first figure.
func (p *reporter) wholeWords(f scorecard.Figure) string {
	answered := text(p.lang, "whole_counts", "n", f.N, "villages", f.PSUs, "response", p.report.response(p.lang, f))
	if !shown(f) {
		return joined(" ", reasons(p.lang, f)+".", answered)
	}
	return joined(" ", text(p.lang, "whole_interval", "interval", interval(p.lang, f.Logit), "se", number(p.lang, f.SE)), answered)
}

// headed is what a heading and a paragraph under it take at most.
const headed = 26.0

// heading writes a heading that stays together with so much of what follows.
func (p *reporter) heading(code string, following float64) {
	p.room(headed + following)
	p.y += 4
	p.pen(bold, 12, accent)
	p.at(reportLeft, p.y, text(p.lang, code))
	p.y += 5.5
}

func (p *reporter) paragraph(words string) {
	p.pen(regular, 9, grey)
	lines := p.wrap(words, reportWide)
	p.room(float64(len(lines)) * p.leading())
	p.pen(regular, 9, grey)
	p.y = p.lines(reportLeft, p.y, lines) + 1.5
}

// charted writes a heading, a paragraph and a chart, which goes over several
// pages if it is higher than one.
func (p *reporter) charted(heading, note string, chart Chart) error {
	rows, err := p.report.rows(p.lang, chart)
	if err != nil {
		return err
	}
	parts := rows.parts((reportBottom - reportTop - headed) / chartUnit)
	for i, part := range parts {
		d := part.draw(p.lang)
		if i == 0 {
			p.heading(heading, d.high*chartUnit)
			p.paragraph(text(p.lang, note))
		}
		p.room(d.high * chartUnit)
		p.y = p.chart(d, reportLeft, p.y) + 3
	}
	return nil
}

func (p *reporter) elements() error {
	if err := p.charted("heading_groups", "percent_note", ChartGroups); err != nil {
		return err
	}
	province := p.report.domains()[0]
	p.figuresTable("column_figure", p.report.figures(province.Unit, scorecard.TierOverall, scorecard.TierPart, scorecard.TierGroup), p.labelOf)
	return nil
}

func (p *reporter) communes() error {
	if err := p.charted("heading_communes", "overlap_note", ChartCommunes); err != nil {
		return err
	}
	var figures []scorecard.Figure
	for _, domain := range p.report.domains()[1:] {
		figures = append(figures, p.report.figures(domain.Unit, scorecard.TierOverall)...)
	}
	p.figuresTable("column_unit", figures, func(f scorecard.Figure) string { return f.Domain.Name })
	return nil
}

func (p *reporter) items() {
	p.heading("heading_items", 0)
	province := p.report.domains()[0]
	p.figuresTable("column_item", p.report.figures(province.Unit, scorecard.TierItem), p.labelOf)
}

func (p *reporter) labelOf(f scorecard.Figure) string { return p.report.label(p.lang, f.Tier, f.Code) }

func (p *reporter) fieldwork() {
	p.heading("heading_fieldwork", 0)
	t := grid{heads: []string{"column_unit", "column_sampled", "column_answered", "column_response"}, widths: []float64{85, 29, 29, 29}}
	for _, f := range p.report.Edition.Fieldwork {
		t.add(f.Domain.Level == territory.Province, f.Domain.Name, static.Integer(p.lang, int64(f.Sampled)), static.Integer(p.lang, int64(f.Answered)),
			static.Number(p.lang, float64(f.Rate()), 1))
	}
	p.grid(t)
}

func (p *reporter) apart() {
	p.heading("heading_apart", 0)
	p.paragraph(text(p.lang, "apart_note"))
	if len(p.report.Edition.Apart) == 0 {
		p.paragraph(text(p.lang, "apart_none"))
		return
	}
	t := grid{heads: []string{"column_unit", "column_origin", "column_sheets", "column_satisfied"}, widths: []float64{62, 58, 22, 30}, words: 2}
	for _, a := range p.report.Edition.Apart {
		t.add(false, a.Name, originName(p.lang, a.Origin), static.Integer(p.lang, int64(a.N)), static.Number(p.lang, float64(a.Satisfied), 1))
	}
	p.grid(t)
}

func originName(lang static.Lang, o survey.Origin) string { return text(lang, "origin_"+string(o)) }

// method writes method and provenance as names and contents.
func (p *reporter) method() {
	p.heading("heading_method", 0)
	const column = 50.0
	for _, f := range p.report.facts(p.lang) {
		face, size := regular, 9.0
		if strings.HasPrefix(f.value, "sha256:") {
			face, size = mono, 7
		}
		p.pen(face, size, black)
		lines := p.wrap(f.value, reportWide-column)
		p.room(float64(max(len(lines), 2)) * p.leading())
		p.pen(regular, 9, grey)
		names := p.wrap(text(p.lang, f.name), column-4)
		p.lines(reportLeft, p.y, names)
		high := float64(len(names)) * p.leading()
		p.pen(face, size, black)
		p.lines(reportLeft+column, p.y, lines)
		p.y += max(high, float64(len(lines))*p.leading()) + 1.6
	}
}
