package export

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"hailong/scorecard"
	"hailong/static"
)

// standing is a commune's place and modelled figure beside its own figure.
type standing struct {
	domain scorecard.Domain
	direct scorecard.Figure
	scorecard.CommuneStanding
}

// standings are the communes that are compared, in the order of the edition.
func (r Report) standings() []standing {
	var rows []standing
	for _, s := range r.Edition.Communes {
		if f, ok := r.Edition.Find(s.Unit, scorecard.TierOverall, string(scorecard.TierOverall)); ok {
			rows = append(rows, standing{f.Domain, f, s})
		}
	}
	return rows
}

// span writes a set of ranks: "2 – 5", or the one rank it holds.
func span(r scorecard.Ranks) string {
	if r.Best == r.Worst {
		return fmt.Sprint(r.Best)
	}
	return fmt.Sprintf("%d – %d", r.Best, r.Worst)
}

var standingColumns = []column{
	{code: "column_unit", width: 30}, {code: "column_value", width: 12}, {code: "column_rank", width: 9}, {code: "column_rank_best", width: 11}, {code: "column_rank_worst", width: 11}, {code: "column_joint_best", width: 13},
	{code: "column_joint_worst", width: 13}, {code: "column_band", width: 9}, {code: "column_top_quarter", width: 14}, {code: "column_modelled", width: 14}, {code: "column_low", width: 10}, {code: "column_high", width: 10},
	{code: "column_direct_weight", width: 14}, {code: "column_benchmarked", width: 16},
}

// standingSheet compares the communes; an edition that does not has no such sheet.
func (b *book) standingSheet(r Report) error {
	if len(r.Edition.Communes) == 0 {
		return nil
	}
	t := b.editionSheet(r, "standing", standingColumns, text(b.lang, "standing_note"), text(b.lang, "modelled_note"))
	for _, s := range r.standings() {
		value := t.words(text(t.lang, "withheld"))
		if shown(s.direct) {
			value = t.decimal(s.direct, s.direct.Value)
		}
		cells := []excelize.Cell{t.words(s.domain.Name), value}
		cells = append(append(cells, t.placeCells(s.Place)...), t.modelledCells(s.Modelled)...)
		t.row(cells...)
	}
	return t.end()
}

func (b *book) placeCells(p *scorecard.Place) []excelize.Cell {
	if p == nil {
		return []excelize.Cell{b.blank(), b.blank(), b.blank(), b.blank(), b.blank(), b.blank(), b.blank()}
	}
	return []excelize.Cell{b.whole(p.Rank), b.whole(p.Marginal.Best), b.whole(p.Marginal.Worst), b.whole(p.Joint.Best), b.whole(p.Joint.Worst), b.whole(p.Band), b.share(p.TopQuarter)}
}

func (b *book) modelledCells(m *scorecard.Modelled) []excelize.Cell {
	if m == nil {
		return []excelize.Cell{b.blank(), b.blank(), b.blank(), b.blank(), b.blank()}
	}
	return []excelize.Cell{b.share(m.Value), b.share(m.CI.Low), b.share(m.CI.High), b.share(m.Direct), b.share(m.Benchmarked)}
}

// standing writes ranks and modelled figures of the report.
func (p *reporter) standing() {
	rows := p.report.standings()
	if len(rows) == 0 {
		return
	}
	p.heading("heading_standing", 0)
	p.paragraph(text(p.lang, "standing_note"))
	t := grid{heads: []string{"column_unit", "column_value", "column_rank", "column_rank_range", "column_joint_range", "column_band", "column_modelled", "column_modelled_range"},
		widths: []float64{46, 18, 14, 20, 20, 14, 18, 22}}
	number := func(x scorecard.Float) string { return static.Number(p.lang, float64(x), 1) }
	modelled := false
	for _, s := range rows {
		cells := []string{s.domain.Name, text(p.lang, "withheld"), "–", "–", "–", "–", "–", "–"}
		if shown(s.direct) {
			cells[1] = number(s.direct.Value)
		}
		if s.Place != nil {
			cells[2], cells[5] = fmt.Sprint(s.Place.Rank), fmt.Sprint(s.Place.Band)
			cells[3], cells[4] = span(s.Place.Marginal), span(s.Place.Joint)
		}
		if m := s.Modelled; m != nil {
			cells[6], cells[7], modelled = number(m.Value), number(m.CI.Low)+" – "+number(m.CI.High), true
		}
		t.add(false, cells...)
	}
	p.grid(t)
	if modelled {
		p.paragraph(text(p.lang, "modelled_note"))
	}
}
