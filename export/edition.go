package export

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"hailong/fault"
	"hailong/scorecard"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// vietnam is the clock of those who read.
var vietnam = time.FixedZone("ICT", 7*60*60)

// Report is an edition together with what names and explains its figures.
type Report struct {
	Edition       scorecard.Edition
	Questionnaire survey.Questionnaire
	Formula       scorecard.Definition
}

// EditionJSON writes the edition as it is kept: full precision, null where a
// figure is withheld or undefined.
func EditionJSON(w io.Writer, e scorecard.Edition) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return fault.Wrap(err, fault.Internal, "export.write")
	}
	return nil
}

// label names what a figure measures: the whole, or the group or question of
// its code in the reader's language.
func (r Report) label(lang static.Lang, tier scorecard.Tier, code string) string {
	label := ""
	switch tier {
	case scorecard.TierOverall:
		label = text(lang, "overall")
	case scorecard.TierItem:
		question, _ := r.Questionnaire.Question(survey.QuestionCode(code))
		label = labelsIn(question.Label, lang)
	default:
		for _, group := range r.Questionnaire.Groups {
			if string(group.ID) == code {
				label = labelsIn(group.Label, lang)
			}
		}
	}
	if label == "" {
		return code
	}
	return label
}

// domains returns the parts of the population with figures, in their order.
func (r Report) domains() []scorecard.Domain {
	var domains []scorecard.Domain
	seen := make(map[territory.Code]bool)
	for _, f := range r.Edition.Figures {
		if !seen[f.Domain.Unit] {
			seen[f.Domain.Unit] = true
			domains = append(domains, f.Domain)
		}
	}
	return domains
}

// figures returns the figures of a unit at the tiers given, in their order.
func (r Report) figures(unit territory.Code, tiers ...scorecard.Tier) []scorecard.Figure {
	var figures []scorecard.Figure
	for _, f := range r.Edition.Figures {
		for _, tier := range tiers {
			if f.Domain.Unit == unit && f.Tier == tier {
				figures = append(figures, f)
			}
		}
	}
	return figures
}

// fieldwork returns what became of the drawn people of a unit; nothing is known
// of a unit without a row.
func (r Report) fieldwork(unit territory.Code) (scorecard.Fieldwork, bool) {
	for _, f := range r.Edition.Fieldwork {
		if f.Domain.Unit == unit {
			return f, true
		}
	}
	return scorecard.Fieldwork{}, false
}

// shown reports whether a figure's numbers may be written. It asks for the
// state and for a value, so that a withheld figure never shows as a number.
func shown(f scorecard.Figure) bool {
	return f.Publication != scorecard.Withheld && f.Value.Defined()
}

// state is the publication state in words.
func state(lang static.Lang, f scorecard.Figure) string {
	switch {
	case !shown(f):
		return text(lang, "withheld")
	case f.Publication == scorecard.Warned:
		return text(lang, "warned")
	default:
		return text(lang, "published")
	}
}

// reasons are the reasons of the state in words.
func reasons(lang static.Lang, f scorecard.Figure) string {
	words := make([]string, len(f.Reasons))
	for i, code := range f.Reasons {
		words[i] = static.Text(lang, code)
	}
	return strings.Join(words, "; ")
}

// decimals is how many decimals people are shown; machine files have all.
const decimals = 2

func number(lang static.Lang, x scorecard.Float) string {
	return static.Number(lang, float64(x), decimals)
}

// interval is the published interval in words, "–" where there is none.
func interval(lang static.Lang, i scorecard.Interval) string {
	if !i.Low.Defined() || !i.High.Defined() {
		return "–"
	}
	return number(lang, i.Low) + " – " + number(lang, i.High)
}

// fact is one line of an edition's method and provenance.
type fact struct{ name, value string }

// facts are method and provenance: with them an outsider can compute every
// figure again.
func (r Report) facts(lang static.Lang) []fact {
	e, d := r.Edition, r.Formula
	facts := []fact{
		{"fact_round", string(e.Round)}, {"fact_edition", static.Integer(lang, int64(e.Number))},
		{"fact_status", r.status(lang)}, {"fact_asker", e.Asker},
		{"fact_population", static.ProblemText(lang, e.Population.Statement())}, {"fact_questionnaire", string(e.Questionnaire)},
		{"fact_formula", joined(" · ", string(e.Formula), labelsIn(d.Title, lang))},
		{"fact_formula_digest", e.FormulaDigest},
		{"fact_item", text(lang, "fact_item_value", "satisfied", d.Satisfied, "valid", d.Valid)},
		{"fact_overall", text(lang, "rule_"+string(d.Overall))},
		{"fact_limits", text(lang, "fact_limits_value", "answers", d.Limits.MinN, "villages", d.Limits.MinPSUs, "error", float64(d.Limits.MaxSE))},
		{"fact_input", e.InputDigest}, {"fact_cell", text(lang, "fact_cell_value", "people", d.MinCell)},
	}
	for _, receipt := range e.Receipts {
		facts = append(facts, fact{"fact_receipt", receipt})
	}
	for _, code := range e.Design {
		facts = append(facts, fact{"fact_design", static.Text(lang, code)})
	}
	return append(facts,
		fact{"fact_withdrawn", static.Integer(lang, int64(e.Withdrawn))}, fact{"fact_excluded", static.Integer(lang, int64(e.Excluded))},
		fact{"fact_program", e.Program}, fact{"fact_computed", e.ComputedAt.In(vietnam).Format("02/01/2006 15:04 MST")},
		fact{"fact_again", text(lang, "fact_again_value")})
}

// status is whether the edition is final.
func (r Report) status(lang static.Lang) string {
	if r.Edition.Interim {
		return text(lang, "interim")
	}
	return text(lang, "final")
}
