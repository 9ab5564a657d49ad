package scorecard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
	"hailong/survey"
)

// Recompute computes the figures of an edition again from its public tally
// file, as any outsider can, and reports every figure that differs: a problem
// each, none if the edition is right. Of the outcomes that its response rates
// follow from only the sums can be checked: who was met and who refused is not
// public. It is an error if the file is not the one
// that the edition names, or the formula or the questionnaire is another.
func Recompute(e Edition, q survey.Questionnaire, formulas []Definition, file []byte) ([]fault.Problem, error) {
	sum := sha256.Sum256(file)
	if digest := "sha256:" + hex.EncodeToString(sum[:]); digest != e.InputDigest {
		return nil, fault.New(fault.Invalid, "edition.other_tally", "edition", e.InputDigest, "file", digest)
	}
	definition, err := Find(formulas, e.Formula)
	if err != nil {
		return nil, err
	}
	if definition.Digest() != e.FormulaDigest {
		return nil, fault.New(fault.Invalid, "edition.other_formula", "formula", string(e.Formula))
	}
	if q.Ref() != e.Questionnaire {
		return nil, fault.New(fault.Invalid, "edition.other_questionnaire", "edition", string(e.Questionnaire), "given", string(q.Ref()))
	}
	tally, err := stats.ReadTally(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	in := Input{Definition: definition, Questionnaire: q, Tally: tally}
	for i, f := range e.Fieldwork {
		if i == 0 {
			in.Province = f.Domain
		} else {
			in.Communes = append(in.Communes, f.Domain)
		}
	}
	figures, err := Figures(in)
	if err != nil {
		return nil, err
	}
	standings, err := CommuneStandings(in, figures)
	if err != nil {
		return nil, err
	}
	return slices.Concat(differences(e.Figures, figures), standingDifferences(e.Communes, standings), fieldworkDifferences(e.Fieldwork, tally)), nil
}

// fieldworkDifferences compares the province's outcomes with its numbers of drawn and
// answered people, the sums of the communes with these, and the province's answers
// with the people of the tally. Editions of before outcomes were kept have none.
func fieldworkDifferences(work []Fieldwork, tally *stats.Tally) []fault.Problem {
	if len(work) == 0 || work[0].Outcomes == nil {
		return nil
	}
	province := work[0]
	var communes Fieldwork
	for _, f := range work[1:] {
		communes.Sampled += f.Sampled
		communes.Answered += f.Answered
		communes.Substitutes += f.Substitutes
	}
	var respondents int64
	for _, cell := range tally.Cells() {
		respondents += cell.All.N
	}
	outcomes := province.Outcomes
	if int(outcomes.People.Respondents()) == province.Answered && int(outcomes.Sum()) == province.Sampled+province.Substitutes &&
		communes.Sampled == province.Sampled && communes.Answered == province.Answered && communes.Substitutes == province.Substitutes &&
		respondents == int64(province.Answered) {
		return nil
	}
	return []fault.Problem{fault.P("edition.outcomes_differ", "unit", string(province.Domain.Unit))}
}

// standingDifferences compares published places and modelled figures with recomputed
// ones. An edition of before they were computed has none.
func standingDifferences(published, computed []CommuneStanding) []fault.Problem {
	if len(published) == 0 {
		return nil
	}
	if len(published) != len(computed) {
		return []fault.Problem{fault.P("edition.figures_missing", "published", len(published), "computed", len(computed))}
	}
	var problems []fault.Problem
	for i, p := range published {
		if c := computed[i]; p.Unit != c.Unit || p.NoModel != c.NoModel || !p.Place.equal(c.Place) || !p.Modelled.equal(c.Modelled) {
			problems = append(problems, fault.P("edition.standing_differs", "unit", string(p.Unit)))
		}
	}
	return problems
}

// differences compares published figures with recomputed ones.
func differences(published, computed []Figure) []fault.Problem {
	if len(published) != len(computed) {
		return []fault.Problem{fault.P("edition.figures_missing", "published", len(published), "computed", len(computed))}
	}
	var problems []fault.Problem
	for i, p := range published {
		c := computed[i]
		if p.Domain.Unit != c.Domain.Unit || p.Tier != c.Tier || p.Code != c.Code || p.N != c.N || p.Publication != c.Publication ||
			!same(p.Value, c.Value) || !same(p.SE, c.SE) || !same(p.Logit.Low, c.Logit.Low) || !same(p.Logit.High, c.Logit.High) {
			problems = append(problems, fault.P("edition.figure_differs",
				"unit", string(p.Domain.Unit), "figure", p.Code, "published", float64(p.Value), "computed", float64(c.Value)))
		}
	}
	return problems
}

// tolerance allows for processors whose compilers fuse multiplication and
// addition: the same program on another family differs in the last digits.
const tolerance = 1e-9

func same(a, b Float) bool {
	if !a.Defined() || !b.Defined() {
		return a.Defined() == b.Defined()
	}
	return math.Abs(float64(a-b)) <= tolerance*math.Max(1, math.Abs(float64(a)))
}
