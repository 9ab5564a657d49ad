package sampling

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"hailong/fault"
	"hailong/territory"
)

// PlanID names a plan: one stage of one round's draw.
type PlanID string

// Key identifies a unit within its frame.
type Key string

// Stratum is the label of a stratum: the values of the plan's strata columns
// joined by "|", "" in a plan without strata.
type Stratum string

// Method is a way of selecting units.
type Method string

// The methods. Each has fixed size n except Poisson, whose n is an expectation,
// and All, which has none. The four by size take a unit i of size x with
// probability n·x/X, X being the total of its stratum, after those for which
// that is 1 or more.
const (
	SRS           Method = "srs"            // simple random sampling without replacement
	Systematic    Method = "systematic"     // every N/n-th from a random start
	PPSSystematic Method = "pps_systematic" // systematic along the cumulated sizes
	PPSSampford   Method = "pps_sampford"   // Sampford (1967), exact probabilities, no zero joint ones
	PPSPareto     Method = "pps_pareto"     // Rosén (1997), probabilities exact in the limit
	Poisson       Method = "poisson"        // independent trials, random size
	All           Method = "all"            // everyone
)

var methods = []Method{SRS, Systematic, PPSSystematic, PPSSampford, PPSPareto, Poisson, All}

// bySize reports whether the method needs a size column.
func (m Method) bySize() bool {
	return m == PPSSystematic || m == PPSSampford || m == PPSPareto || m == Poisson
}

// Plan says how one stage is drawn. Its JSON form is documented in
// docs/draw.md; Strata, ParentKey and Parent may be empty.
type Plan struct {
	ID         PlanID      `json:"id,omitempty"`
	Unit       string      `json:"unit,omitempty"`       // what a row is, for the reader: "commune"
	Key        string      `json:"key"`                  // column that identifies a unit
	ParentKey  string      `json:"parent_key,omitempty"` // column with the key of the unit's parent
	Parent     Digest      `json:"parent,omitempty"`     // of the receipt of the stage before
	Strata     []string    `json:"strata,omitempty"`     // columns
	Method     Method      `json:"method"`
	Size       string      `json:"size,omitempty"` // column of positive integers
	N          Counts      `json:"n,omitzero"`     // certainty units included
	Allocation *Allocation `json:"allocation,omitempty"`
	Reserve    Counts      `json:"reserve,omitzero"`
	Certainty  []Key       `json:"certainty,omitempty"`
	Order      []string    `json:"order,omitempty"` // sort columns; ties keep the frame's order
	Where      []Condition `json:"where,omitempty"`

	Replacement *ReplacementRule `json:"replacement,omitempty"` // of drawn people by reserves
}

// Counts is a number of units: the same for every stratum (of every parent),
// or one for each. In a plan without strata the parents are the strata.
type Counts struct {
	Each int
	By   map[string]int
}

// IsZero reports whether no count was given.
func (c Counts) IsZero() bool { return c.Each == 0 && c.By == nil }

// UnmarshalJSON reads a number, an object of numbers, or null.
func (c *Counts) UnmarshalJSON(raw []byte) error {
	*c = Counts{}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		var given map[string]int
		if err := json.Unmarshal(raw, &given); err != nil {
			return err
		}
		c.By = make(map[string]int, len(given))
		for label, n := range given {
			c.By[territory.NFC(label)] = n
		}
		return nil
	}
	return json.Unmarshal(raw, &c.Each)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (c Counts) MarshalJSON() ([]byte, error) {
	if c.By != nil {
		return json.Marshal(c.By)
	}
	return json.Marshal(c.Each)
}

// ReadPlan reads a plan from JSON. An unknown member is an error, because a
// misspelt one would silently change the design. Errors: those of fault.DecodeJSON,
// plan.operand, plan.allocation_power.
func ReadPlan(r io.Reader) (Plan, error) {
	var p Plan
	if err := fault.DecodeJSON(r, &p); err != nil {
		return Plan{}, err
	}
	return p.normal(), nil
}

// normal brings the texts of the plan to NFC, as those of the frame are.
func (p Plan) normal() Plan {
	for _, text := range []*string{&p.Unit, &p.Key, &p.ParentKey, &p.Size, (*string)(&p.ID)} {
		*text = territory.NFC(*text)
	}
	p.Strata, p.Order = normalTexts(p.Strata), normalTexts(p.Order)
	p.Certainty = normalTexts(p.Certainty)
	p.Where = slices.Clone(p.Where)
	for i := range p.Where {
		p.Where[i].Var = territory.NFC(p.Where[i].Var)
	}
	if p.Allocation != nil {
		a := *p.Allocation
		a.SD, a.Cost = territory.NFC(a.SD), territory.NFC(a.Cost)
		p.Allocation = &a
	}
	return p
}

func normalTexts[T ~string](texts []T) []T {
	out := slices.Clone(texts)
	for i, text := range out {
		out[i] = T(territory.NFC(string(text)))
	}
	return out
}

// Canonical returns the plan as JSON without spaces, members in the order of
// their names, unset members left out: the bytes that its digest is taken of.
func (p Plan) Canonical() []byte {
	return canonicalJSON(p)
}

// Encode returns the plan as JSON for people to read and change.
func (p Plan) Encode() []byte {
	var out bytes.Buffer
	if err := json.Indent(&out, p.Canonical(), "", "  "); err != nil {
		panic(err) // it was just written as JSON
	}
	return append(out.Bytes(), '\n')
}

// Digest returns the SHA-256 of Canonical.
func (p Plan) Digest() Digest { return DigestOf(p.Canonical()) }

// canonicalJSON writes a value of ours with members sorted by name and nothing
// escaped that JSON allows to stand.
func canonicalJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // only types of this package come here, which marshal
	}
	var members any
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	if err := in.Decode(&members); err != nil {
		panic(err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(members); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
