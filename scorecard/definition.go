package scorecard

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/stats"
	"hailong/survey"
)

// DefinitionID names a formula through all its versions.
type DefinitionID string

// Ref names one version of a formula: "sipas-items@1".
type Ref string

// Limits decide what is published. A figure is withheld below MinN valid
// answers or MinPSUs primary units. It is warned about above MaxSE, and below
// MinDF degrees of freedom, where the standard error is itself too uncertain to
// be taken at its word, however small it came out; also above MaxCV, the standard error
// over the value, and above MaxDeff, the design effect, which is known for items. Above
// WithholdCV it is withheld. A limit of 0 is none.
type Limits struct {
	MinN    int   `json:"min_n"`
	MinPSUs int   `json:"min_psus"`
	MaxSE   Float `json:"max_se"` // in points of the index
	MinDF   int   `json:"min_df"`

	MaxCV      Float `json:"max_cv,omitempty"`      // as a share: 0.166 is 16.6 %
	MaxDeff    Float `json:"max_deff,omitempty"`    // against simple random sampling
	WithholdCV Float `json:"withhold_cv,omitempty"` // as a share
}

// Definition is an index formula as data: which answers count as satisfied
// among which valid ones, and how items make groups, parts and the whole. The
// structure (item → group → part) is that of the questionnaire's groups.
type Definition struct {
	ID        DefinitionID  `json:"id"`
	Version   string        `json:"version"`
	Title     survey.Labels `json:"title"`
	Satisfied []string      `json:"satisfied"` // answer values, for instance "4" and "5"
	Valid     []string      `json:"valid"`     // answer values in the denominator
	Overall   stats.Overall `json:"overall"`
	Limits    Limits        `json:"limits"`
	MinCell   int           `json:"min_cell"` // respondents a cell of the public tally holds at least
}

// Ref returns the reference of this version.
func (d Definition) Ref() Ref { return Ref(string(d.ID) + "@" + d.Version) }

// Digest is the SHA-256 of the definition's JSON, as "sha256:…".
func (d Definition) Digest() string {
	raw, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings, numbers and maps of strings always encode
	}
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Validate reports what makes a definition unusable.
func (d Definition) Validate() []fault.Problem {
	var problems []fault.Problem
	need := func(ok bool, code string, pairs ...any) {
		if !ok {
			problems = append(problems, fault.P(code, pairs...))
		}
	}
	need(d.ID != "" && d.Version != "" && !strings.Contains(string(d.ID)+d.Version, "@"), "formula.id")
	need(len(d.Valid) > 0, "formula.valid")
	for _, v := range d.Satisfied {
		need(slices.Contains(d.Valid, v), "formula.satisfied", "value", v)
	}
	switch d.Overall {
	case stats.MeanOfItems, stats.MeanOfGroups, stats.MeanOfParts, stats.Pooled:
	default:
		need(false, "formula.overall", "overall", string(d.Overall))
	}
	need(d.MinCell >= 2, "formula.min_cell")
	l := d.Limits
	need(l.MaxCV >= 0 && l.MaxDeff >= 0 && l.WithholdCV >= 0 && (l.WithholdCV == 0 || l.WithholdCV >= l.MaxCV), "formula.limits")
	return problems
}

// Shipped returns the formulas that the program brings along. A province that
// wants another one adds it as data, with an identifier of its own.
func Shipped() []Definition {
	limits := Limits{MinN: 30, MinPSUs: 2, MaxSE: 5, MinDF: 5}
	answers := func(d Definition) Definition {
		d.Version, d.Satisfied, d.Valid, d.Limits, d.MinCell = "1", []string{"4", "5"}, []string{"1", "2", "3", "4", "5"}, limits, 5
		return d
	}
	return []Definition{
		answers(Definition{ID: "sipas-items", Overall: stats.MeanOfItems, Title: survey.Labels{
			"vi": "Chỉ số hài lòng: trung bình các câu hỏi", "en": "Satisfaction index: mean of the items"}}),
		answers(Definition{ID: "sipas-groups", Overall: stats.MeanOfGroups, Title: survey.Labels{
			"vi": "Chỉ số hài lòng: trung bình các nhóm", "en": "Satisfaction index: mean of the groups"}}),
		answers(Definition{ID: "sipas-parts", Overall: stats.MeanOfParts, Title: survey.Labels{
			"vi": "Chỉ số hài lòng: trung bình các phần", "en": "Satisfaction index: mean of the parts"}}),
	}
}

// Find returns the definition that a reference names.
func Find(definitions []Definition, ref Ref) (Definition, error) {
	for _, d := range definitions {
		if d.Ref() == ref {
			return d, nil
		}
	}
	return Definition{}, fault.New(fault.NotFound, "formula.unknown", "formula", string(ref))
}
