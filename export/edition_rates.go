package export

import (
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"hailong/sampling"
	"hailong/scorecard"
	"hailong/static"
)

// rateBasis is one of the two ways in which outcomes are counted.
type rateBasis struct {
	code     string
	outcomes sampling.Outcomes
	joined   float64 // sum of the categories that are not told apart, NaN if all are
	rates    []sampling.Rate
}

// rateBases are outcomes counted in people and in base weights, with e and the rates.
func rateBases(o scorecard.Outcomes) []rateBasis {
	people, weighted := o.Rates()
	joined := scorecard.Joined{People: math.NaN(), Weighted: math.NaN()}
	if o.Joined != nil {
		joined = *o.Joined
	}
	return []rateBasis{
		{"rates_people", o.People, joined.People, namedRates(people)}, {"rates_weights", o.Weighted, joined.Weighted, namedRates(weighted)},
	}
}

// namedRates are e and the rates in the standard's order.
func namedRates(r sampling.Rates) []sampling.Rate {
	return append([]sampling.Rate{{Name: "e", Value: r.E}}, r.List()...)
}

// rateColumns are those of the sheet of rates: outcomes, e, and all rates of
// AAPOR's Standard Definitions.
func rateColumns() []column {
	columns := []column{{code: "column_unit", width: 26}, {code: "column_basis", width: 12}}
	for _, c := range sampling.Categories {
		columns = append(columns, column{symbol: string(c), width: 9})
	}
	columns = append(columns, column{code: "column_joined", width: 14})
	for _, rate := range namedRates(sampling.Rates{}) {
		columns = append(columns, column{symbol: rate.Name, width: 8})
	}
	return columns
}

// ratesSheet holds what became of everybody who was given a place, and the rates
// that follow, two rows a unit. Communes have none, see scorecard.Disclose.
func (b *book) ratesSheet(r Report) error {
	t := b.editionSheet(r, "rates", rateColumns(), text(b.lang, "rates_note"), text(b.lang, "rates_joined_note", "least", r.Formula.MinCell), text(b.lang, "rates_checked"))
	for _, f := range r.Edition.Fieldwork {
		if f.Outcomes == nil {
			continue
		}
		for _, basis := range rateBases(*f.Outcomes) {
			cells := []excelize.Cell{t.words(f.Domain.Name), t.words(text(t.lang, basis.code))}
			for _, c := range sampling.Categories {
				cells = append(cells, t.share(scorecard.Float(basis.outcomes.Of(c))))
			}
			cells = append(cells, t.share(scorecard.Float(basis.joined)))
			for _, rate := range basis.rates {
				cells = append(cells, t.share(scorecard.Float(100*rate.Value)))
			}
			t.row(cells...)
		}
	}
	return t.end()
}

// rates writes all rates of the province that may be told.
func (p *reporter) rates() {
	work := p.report.Edition.Fieldwork
	if len(work) == 0 || work[0].Outcomes == nil {
		return
	}
	people, weighted := rateBases(*work[0].Outcomes)[0], rateBases(*work[0].Outcomes)[1]
	p.heading("heading_rates", 0)
	p.paragraph(text(p.lang, "rates_note"))
	t := grid{heads: []string{"column_rate", "rates_people", "rates_weights"}, widths: []float64{85, 43.5, 43.5}}
	counts := func(label string, n, w float64) {
		t.add(false, label, static.Integer(p.lang, int64(n)), static.Number(p.lang, w, 1))
	}
	for _, c := range sampling.Categories {
		if n := people.outcomes.Of(c); !math.IsNaN(n) {
			counts(text(p.lang, "outcome_"+string(c)), n, weighted.outcomes.Of(c))
		}
	}
	if joined := work[0].Outcomes.Joined; joined != nil {
		names := make([]string, len(joined.Of))
		for i, c := range joined.Of {
			names[i] = string(c)
		}
		counts(text(p.lang, "outcome_joined", "categories", strings.Join(names, " + ")), joined.People, joined.Weighted)
	}
	for i, rate := range people.rates {
		if !math.IsNaN(rate.Value) {
			t.add(rate.Name == "RR2", text(p.lang, "rate_percent", "rate", rate.Name), p.percent(rate.Value), p.percent(weighted.rates[i].Value))
		}
	}
	p.grid(t)
	p.paragraph(text(p.lang, "rates_joined_note", "least", p.report.Formula.MinCell))
	p.paragraph(text(p.lang, "rates_checked"))
}

// percent writes a share with one decimal, a dash where it is undefined.
func (p *reporter) percent(share float64) string {
	if math.IsNaN(share) {
		return "–"
	}
	return static.Number(p.lang, 100*share, 1)
}
