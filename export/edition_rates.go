package export

import (
	"math"

	"github.com/xuri/excelize/v2"

	"hailong/sampling"
	"hailong/scorecard"
	"hailong/static"
)

// rateBases are the two ways in which outcomes are counted, with the code of
// each.
func rateBases(o scorecard.Outcomes) []rateBasis {
	return []rateBasis{{"rates_people", o.People}, {"rates_weights", o.Weighted}}
}

type rateBasis struct {
	code     string
	outcomes sampling.Outcomes
}

// rates are e and the rates of the outcomes, each with the unit's own e.
func (b rateBasis) rates() []sampling.Rate {
	r := b.outcomes.Rates(b.outcomes.Eligibility())
	return append([]sampling.Rate{{Name: "e", Value: r.E}}, r.List()...)
}

// rateColumns are those of the sheet of rates: outcomes, e, and all rates of
// AAPOR's Standard Definitions.
func rateColumns() []column {
	columns := []column{{code: "column_unit", width: 26}, {code: "column_basis", width: 12}}
	for _, c := range sampling.Categories {
		columns = append(columns, column{symbol: string(c), width: 9})
	}
	for _, rate := range (rateBasis{}).rates() {
		columns = append(columns, column{symbol: rate.Name, width: 8})
	}
	return columns
}

// ratesSheet holds what became of everybody who was given a place, and the rates
// that follow, two rows a unit. Editions of before outcomes were kept have none.
func (b *book) ratesSheet(r Report) error {
	t := b.editionSheet(r, "rates", rateColumns(), text(b.lang, "rates_note"), text(b.lang, "rates_checked"))
	for _, f := range r.Edition.Fieldwork {
		if f.Outcomes == nil {
			continue
		}
		for _, basis := range rateBases(*f.Outcomes) {
			cells := []excelize.Cell{t.words(f.Domain.Name), t.words(text(t.lang, basis.code))}
			for _, c := range sampling.Categories {
				cells = append(cells, t.share(scorecard.Float(basis.outcomes.Of(c))))
			}
			for _, rate := range basis.rates() {
				cells = append(cells, t.share(scorecard.Float(100*rate.Value)))
			}
			t.row(cells...)
		}
	}
	return t.end()
}

// rates writes all rates of the province; those of communes are in the workbook.
func (p *reporter) rates() {
	work := p.report.Edition.Fieldwork
	if len(work) == 0 || work[0].Outcomes == nil {
		return
	}
	bases := rateBases(*work[0].Outcomes)
	p.heading("heading_rates", 0)
	p.paragraph(text(p.lang, "rates_note"))
	t := grid{heads: []string{"column_rate", "rates_people", "rates_weights"}, widths: []float64{85, 43.5, 43.5}}
	for _, c := range sampling.Categories {
		t.add(false, text(p.lang, "outcome_"+string(c)), static.Integer(p.lang, int64(bases[0].outcomes.Of(c))), static.Number(p.lang, bases[1].outcomes.Of(c), 1))
	}
	weighted := bases[1].rates()
	for i, rate := range bases[0].rates() {
		t.add(rate.Name == "RR2", text(p.lang, "rate_percent", "rate", rate.Name), p.percent(rate.Value), p.percent(weighted[i].Value))
	}
	p.grid(t)
	p.paragraph(text(p.lang, "rates_checked"))
}

// percent writes a share with one decimal, a dash where it is undefined.
func (p *reporter) percent(share float64) string {
	if math.IsNaN(share) {
		return "–"
	}
	return static.Number(p.lang, 100*share, 1)
}
