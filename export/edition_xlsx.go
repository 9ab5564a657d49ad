package export

import (
	"io"

	"github.com/xuri/excelize/v2"

	"hailong/scorecard"
	"hailong/static"
)

// figureColumns are the columns of every sheet of figures.
var figureColumns = []column{
	{code: "column_unit", width: 20}, {code: "column_tier", width: 9}, {code: "column_figure", width: 42}, {code: "column_value", width: 12}, {code: "column_low", width: 10}, {code: "column_high", width: 10},
	{code: "column_se", width: 9}, {code: "column_n", width: 9}, {code: "column_villages", width: 9}, {code: "column_df", width: 8}, {code: "column_deff", width: 9}, {code: "column_state", width: 14},
	{code: "column_reason", width: 26}, {code: "column_response", width: 10}, {code: "column_formula", width: 15}, {code: "column_input", width: 16},
}

// EditionXLSX writes an edition as a workbook: summary, figures by commune,
// items, fieldwork, outcome rates, answers apart from the sample, method and provenance.
// Cells hold full precision and show two decimals; a withheld figure is words,
// never a number.
func EditionXLSX(w io.Writer, lang static.Lang, r Report) error {
	b, err := newBook(lang, r.Edition.Simulated)
	if err != nil {
		return err
	}
	defer b.close()
	for _, sheet := range []func(Report) error{
		b.summarySheet, b.communesSheet, b.standingSheet, b.itemsSheet, b.fieldworkSheet, b.ratesSheet, b.apartSheet, b.methodSheet,
	} {
		if err := sheet(r); err != nil {
			return err
		}
	}
	return b.write(w)
}

// editionSheet begins a sheet of an edition.
func (b *book) editionSheet(r Report, code string, columns []column, notes ...string) *table {
	e := r.Edition
	facts := []string{
		text(b.lang, "edition_line", "number", e.Number, "status", r.status(b.lang), "computed", e.ComputedAt.In(vietnam).Format("02/01/2006")),
		text(b.lang, "list_asker", "asker", e.Asker),
	}
	return b.sheet(sheetLayout{name: text(b.lang, "sheet_"+code), columns: columns, landscape: len(columns) > 6,
		heading: []string{text(b.lang, "title_"+code), labelsIn(e.Title, b.lang)}, facts: append(facts, notes...)})
}

// figureRow writes one figure.
func (t *table) figureRow(r Report, f scorecard.Figure) {
	value := t.words(text(t.lang, "withheld"))
	if shown(f) {
		value = t.decimal(f, f.Value)
	}
	response := t.blank()
	if work, known := r.fieldwork(f.Domain.Unit); known {
		response = t.share(work.Rate())
	}
	t.row(t.words(f.Domain.Name), t.words(text(t.lang, "tier_"+string(f.Tier))), t.words(r.label(t.lang, f.Tier, f.Code)),
		value, t.decimal(f, f.Logit.Low), t.decimal(f, f.Logit.High), t.decimal(f, f.SE),
		t.whole(f.N), t.whole(f.PSUs), t.whole(f.DF), t.decimal(f, f.Deff),
		t.words(state(t.lang, f)), t.words(reasons(t.lang, f)), response, t.words(string(r.Edition.Formula)), excelize.Cell{StyleID: t.styles.clipped, Value: r.Edition.InputDigest})
}

// decimal is a number of a figure, empty where it is withheld or undefined.
func (b *book) decimal(f scorecard.Figure, x scorecard.Float) excelize.Cell {
	if !shown(f) {
		return b.blank()
	}
	return b.share(x)
}

// share is a number with two decimals, empty where it is undefined.
func (b *book) share(x scorecard.Float) excelize.Cell {
	if !x.Defined() {
		return b.blank()
	}
	return excelize.Cell{StyleID: b.styles.decimal, Value: float64(x)}
}

func (b *book) summarySheet(r Report) error {
	t := b.editionSheet(r, "summary", figureColumns, text(b.lang, "percent_note"))
	if domains := r.domains(); len(domains) > 0 {
		for _, f := range r.figures(domains[0].Unit, scorecard.TierOverall, scorecard.TierPart, scorecard.TierGroup) {
			t.figureRow(r, f)
		}
	}
	return t.end()
}

func (b *book) communesSheet(r Report) error {
	t := b.editionSheet(r, "communes", figureColumns, text(b.lang, "percent_note"), text(b.lang, "overlap_note"))
	for _, domain := range r.domains() {
		for _, f := range r.figures(domain.Unit, scorecard.TierOverall, scorecard.TierPart, scorecard.TierGroup) {
			t.figureRow(r, f)
		}
	}
	return t.end()
}

func (b *book) itemsSheet(r Report) error {
	t := b.editionSheet(r, "items", figureColumns, text(b.lang, "percent_note"))
	for _, domain := range r.domains() {
		for _, f := range r.figures(domain.Unit, scorecard.TierItem) {
			t.figureRow(r, f)
		}
	}
	return t.end()
}

func (b *book) fieldworkSheet(r Report) error {
	t := b.editionSheet(r, "fieldwork", []column{
		{code: "column_unit", width: 34}, {code: "column_sampled", width: 16}, {code: "column_answered", width: 16}, {code: "column_response", width: 16}})
	for _, f := range r.Edition.Fieldwork {
		t.row(t.words(f.Domain.Name), t.whole(f.Sampled), t.whole(f.Answered), t.share(f.Rate()))
	}
	return t.end()
}

func (b *book) apartSheet(r Report) error {
	t := b.editionSheet(r, "apart", []column{
		{code: "column_unit", width: 34}, {code: "column_origin", width: 30}, {code: "column_sheets", width: 16}, {code: "column_satisfied", width: 18}}, text(b.lang, "apart_note"))
	for _, a := range r.Edition.Apart {
		t.row(t.words(a.Name), t.words(text(t.lang, "origin_"+string(a.Origin))), t.whole(a.N), t.share(a.Satisfied))
	}
	return t.end()
}

func (b *book) methodSheet(r Report) error {
	t := b.editionSheet(r, "method", []column{{code: "column_fact", width: 34}, {code: "column_content", width: 86}})
	for _, f := range r.facts(b.lang) {
		t.row(t.words(text(t.lang, f.name)), t.words(f.value))
	}
	return t.end()
}
