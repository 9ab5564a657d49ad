// Package spec runs estimation specifications: a JSON document that names a CSV
// file, its design and the figures wanted, and the JSON result with every figure's
// standard error, interval and covariance. It is the format of hailong estimate.
//
// What a specification asks for is done fully or refused by naming the key.
package spec

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/stats"
)

// Spec is an estimation specification.
type Spec struct {
	Data        string        `json:"data"` // CSV file, relative to the specification
	Design      Design        `json:"design"`
	Replicates  *Replicates   `json:"replicates"`
	Nonresponse *Nonresponse  `json:"nonresponse"`
	Calibrate   []Calibration `json:"calibrate"`
	Estimates   []Estimate    `json:"estimates"`
	Diagnostics bool          `json:"diagnostics"` // describe the weights
}

// Design names the columns of the design; see stats.DesignSpec.
type Design struct {
	IDs                []string `json:"ids"`
	Strata             []string `json:"strata"`
	Nest               bool     `json:"nest"`
	Weights            *string  `json:"weights"`
	FPC                []string `json:"fpc"`
	PPS                *string  `json:"pps"`
	Joint              *string  `json:"joint"`
	LonelyPSU          string   `json:"lonely_psu"`
	AdjustDomainLonely bool     `json:"adjust_domain_lonely"`
}

// Nonresponse names the column that says who answered and those that cross into
// adjustment cells.
type Nonresponse struct {
	Responded string   `json:"responded"`
	Cells     []string `json:"cells"`
	// Min and MaxFactor say when a cell is too small to be adjusted by itself; see
	// stats.MergeCells.
	Min       int     `json:"min"`
	MaxFactor float64 `json:"max_factor"`
}

// merges reports whether cells may have to be joined.
func (n Nonresponse) merges() bool { return n.Min > 0 || n.MaxFactor > 0 }

// Estimate is one wanted statistic; which fields apply depends on Stat.
type Estimate struct {
	ID        string      `json:"id"`
	Stat      string      `json:"stat"`
	Vars      []string    `json:"vars"`
	Where     []Condition `json:"where"`
	By        []string    `json:"by"`
	Level     *float64    `json:"level"` // 0.95 if not given
	Indicator []Condition `json:"indicator"`
	CI        Methods     `json:"ci"`
	P         []float64   `json:"p"`
	Rule      string      `json:"rule"`
	Test      string      `json:"test"`
	indexFields
	rankFields
	areaFields
	combineFields
	// ConditionalOn names the column of units, a commune for instance, whose own results are
	// wanted, each from the design that is left when the unit is given.
	ConditionalOn string `json:"conditional_on"`
	Family        string `json:"family"` // of stat regression: gaussian or binomial
}

// Methods are interval methods: a list, or one by itself.
type Methods []stats.IntervalMethod

// UnmarshalJSON reads a list or a string.
func (m *Methods) UnmarshalJSON(raw []byte) error {
	var one stats.IntervalMethod
	if json.Unmarshal(raw, &one) == nil {
		*m = Methods{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]stats.IntervalMethod)(m))
}

// indexFields are those of stat index.
type indexFields struct {
	Items     []string    `json:"items"`
	Satisfied []any       `json:"satisfied"`
	Valid     []any       `json:"valid"`
	Groups    []Group     `json:"groups"`
	Parts     []Part      `json:"parts"`
	Overall   string      `json:"overall"`
	Score     string      `json:"score"`
	Scale     *[2]float64 `json:"scale"`
}

// Group is a group of items.
type Group struct {
	ID    string   `json:"id"`
	Items []string `json:"items"`
}

// Part is a part of groups.
type Part struct {
	ID     string   `json:"id"`
	Groups []string `json:"groups"`
}

// Parse reads a specification. A key that is not known is an error.
func Parse(r io.Reader) (Spec, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return Spec{}, fault.Wrap(err, fault.Unreadable, "stats.spec_unreadable")
	}
	var s Spec
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields()
	if err := in.Decode(&s); err != nil {
		return Spec{}, decodeError(err)
	}
	if in.More() {
		return Spec{}, fault.New(fault.Invalid, "stats.spec_json", "detail", "more than one document")
	}
	return s, s.check()
}

// decodeError says which key is wrong, as far as encoding/json tells.
func decodeError(err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fault.New(fault.Invalid, "stats.spec_unknown_key", "key", strings.Trim(name, `"`))
	}
	if wrong, ok := err.(*json.UnmarshalTypeError); ok {
		return fault.New(fault.Invalid, "stats.spec_type", "key", wrong.Field, "value", wrong.Value)
	}
	return fault.Wrap(err, fault.Invalid, "stats.spec_json", "detail", err.Error())
}

// check refuses what is missing and what this version does not do.
func (s Spec) check() error {
	var problems []fault.Problem
	if s.Data == "" {
		problems = append(problems, missing("data"))
	}
	if len(s.Estimates) == 0 {
		problems = append(problems, missing("estimates"))
	}
	if s.Replicates != nil {
		problems = append(problems, s.Replicates.check()...)
	}
	if n := s.Nonresponse; n != nil && n.Responded == "" {
		problems = append(problems, missing("nonresponse.responded"))
	}
	if n := s.Nonresponse; n != nil && (n.Min < 0 || n.MaxFactor != 0 && !(n.MaxFactor > 1)) {
		problems = append(problems, fault.P("stats.spec_value", "key", "nonresponse.min, max_factor", "value", []float64{float64(n.Min), n.MaxFactor}))
	}
	seen := map[string]bool{}
	for _, e := range s.Estimates {
		if seen[e.ID] || e.ID == "" {
			problems = append(problems, fault.P("stats.spec_id", "id", e.ID))
		}
		seen[e.ID] = true
		problems = append(problems, e.check()...)
		problems = append(problems, e.checkConditional(s)...)
	}
	return fault.Of(fault.Invalid, problems)
}

func missing(key string) fault.Problem { return fault.P("stats.spec_missing", "key", key) }

// badValue is the problem of a key that cannot hold the value, which is told as JSON.
func badValue(key string, value any) fault.Problem {
	switch value.(type) {
	case string, float64:
	default:
		if raw, err := json.Marshal(value); err == nil {
			value = string(raw)
		}
	}
	return fault.P("stats.spec_value", "key", key, "value", value)
}

func unsupported(key, value string) fault.Problem {
	return fault.P("stats.spec_unsupported", "key", key, "value", value)
}

// key names a field of the estimate for a message.
func (e Estimate) key(name string) string { return "estimates." + e.ID + "." + name }

// check refuses fields that are missing for the statistic, out of range, or that it
// does not use.
func (e Estimate) check() []fault.Problem {
	kind, known := statistics[e.Stat]
	if !known {
		return []fault.Problem{unsupported(e.key("stat"), e.Stat)}
	}
	var problems []fault.Problem
	if l := e.level(); !(l > 0 && l < 1) {
		problems = append(problems, fault.P("stats.spec_value", "key", e.key("level"), "value", l))
	}
	for _, m := range e.CI {
		if _, err := stats.ParseIntervalMethod(string(m)); err != nil {
			problems = append(problems, fault.ProblemsOf(err)...)
		}
	}
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"vars", len(e.Vars) > 0}, {"by", len(e.By) > 0}, {"indicator", len(e.Indicator) > 0}, {"ci", len(e.CI) > 0},
		{"p", len(e.P) > 0}, {"rule", e.Rule != ""}, {"test", e.Test != ""}, {"items", len(e.Items) > 0},
		{"satisfied", len(e.Satisfied) > 0}, {"valid", len(e.Valid) > 0}, {"groups", len(e.Groups) > 0},
		{"parts", len(e.Parts) > 0}, {"overall", e.Overall != ""}, {"score", e.Score != ""}, {"scale", e.Scale != nil},
		{"top", e.Top != 0}, {"draws", e.Draws != 0}, {"seed", e.Seed != 0}, {"low_first", e.LowFirst},
		{"variance", e.Variance != ""}, {"effective", e.Effective != ""}, {"terms", len(e.Terms) > 0},
		{"method", e.Method != ""}, {"benchmark", e.Benchmark != nil},
		{"of", e.Of != ""}, {"contrasts", len(e.Contrasts) > 0}, {"over", e.Over != ""}, {"family", e.Family != ""},
	} {
		need, used := kind.fields[f.name]
		if need && !f.given {
			problems = append(problems, missing(e.key(f.name)))
		}
		if f.given && !used {
			problems = append(problems, fault.P("stats.spec_unused", "key", e.key(f.name), "stat", e.Stat))
		}
	}
	if e.Of != "" && len(e.Where) > 0 {
		problems = append(problems, fault.P("stats.spec_unused", "key", e.key("where"), "stat", e.Stat))
	}
	for _, v := range slices.Concat(e.Satisfied, e.Valid) {
		switch v.(type) {
		case string, float64:
		default:
			problems = append(problems, badValue(e.key("valid, satisfied"), v))
		}
	}
	for _, c := range append(append([]Condition(nil), e.Where...), e.Indicator...) {
		problems = append(problems, c.check(e)...)
	}
	return problems
}

// level is the confidence level, 0.95 unless given.
func (e Estimate) level() float64 {
	if e.Level == nil {
		return 0.95
	}
	return *e.Level
}
