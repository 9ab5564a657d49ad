package scorecard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math"

	"hailong/fault"
	"hailong/survey"
)

// Composite is the formula, as data, of an index that is made of indicators of other
// sources, as PAPI and the governance indices that follow it: a tree whose leaves are
// indicators of a unit and whose nodes put their parts together.
type Composite struct {
	ID      DefinitionID  `json:"id"`
	Version string        `json:"version"`
	Title   survey.Labels `json:"title,omitempty"`
	Root    CompositeNode `json:"root"`
	// Cuts are the percentiles of the units' values between the groups of units, highest
	// group first: [75, 50, 25] for four. Empty for no groups.
	Cuts []float64 `json:"cuts,omitempty"`
}

// CompositeNode is an indicator or what parts make together.
type CompositeNode struct {
	ID    string        `json:"id"`
	Title survey.Labels `json:"title,omitempty"`
	// Parts and how they combine; of an indicator there are none.
	Parts   []CompositeNode `json:"parts,omitempty"`
	Combine Combination     `json:"combine,omitempty"`
	// Bounds of an indicator are the values that become the ends of Scale; a number, or
	// with Observed the least and greatest value of the reference years.
	Low      *float64    `json:"low,omitempty"`
	High     *float64    `json:"high,omitempty"`
	Observed bool        `json:"observed,omitempty"`
	Scale    *[2]float64 `json:"scale,omitempty"` // nil keeps the indicator as it is
}

// Combination is how the parts of a node make its value.
type Combination string

// The combinations. With shares each of k parts is divided by k first and the parts are
// then added up: a dimension of PAPI is the sum of its k sub-dimensions, each within
// 1/k and 10/k.
const (
	CombineMean   Combination = "mean"
	CombineSum    Combination = "sum"
	CombineShares Combination = "shares"
)

// ReadComposite reads a definition. Errors: those of fault.DecodeJSON, and those of
// its check.
func ReadComposite(in io.Reader) (Composite, error) {
	var c Composite
	if err := fault.DecodeJSON(in, &c); err != nil {
		return c, err
	}
	return c, fault.Of(fault.Invalid, c.check())
}

// Ref names this version of the formula.
func (c Composite) Ref() Ref { return Ref(string(c.ID) + "@" + c.Version) }

// Digest is the SHA-256 of the definition's JSON, as "sha256:…".
func (c Composite) Digest() string {
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings, numbers and maps of strings always encode
	}
	sum := sha256.Sum256(bytes.TrimSpace(raw))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// check reports what makes a definition unusable.
func (c Composite) check() []fault.Problem {
	var problems []fault.Problem
	if c.ID == "" || c.Version == "" {
		problems = append(problems, fault.P("formula.id"))
	}
	for i, p := range c.Cuts {
		if !(p > 0 && p < 100) || i > 0 && p >= c.Cuts[i-1] {
			problems = append(problems, fault.P("composite.cuts", "value", p))
		}
	}
	seen := map[string]bool{}
	c.Root.each(func(n CompositeNode) {
		if n.ID == "" || seen[n.ID] {
			problems = append(problems, fault.P("composite.id", "id", n.ID))
		}
		seen[n.ID] = true
		problems = append(problems, n.check()...)
	})
	return problems
}

func (n CompositeNode) check() []fault.Problem {
	bounded := n.Low != nil || n.High != nil || n.Observed
	switch {
	case len(n.Parts) > 0 && (bounded || n.Scale != nil):
		return []fault.Problem{fault.P("composite.bounds_of_parts", "id", n.ID)}
	case len(n.Parts) > 0 && n.Combine != CombineMean && n.Combine != CombineSum && n.Combine != CombineShares:
		return []fault.Problem{fault.P("composite.combine", "id", n.ID, "combine", string(n.Combine))}
	case len(n.Parts) == 0 && n.Combine != "":
		return []fault.Problem{fault.P("composite.no_parts", "id", n.ID)}
	case len(n.Parts) == 0 && (n.Scale != nil) != bounded,
		n.Observed && (n.Low != nil || n.High != nil), (n.Low == nil) != (n.High == nil), n.Low != nil && *n.Low == *n.High:
		return []fault.Problem{fault.P("composite.bounds", "id", n.ID)}
	}
	return nil
}

// each visits the node and everything below it, parents first.
func (n CompositeNode) each(visit func(CompositeNode)) {
	visit(n)
	for _, p := range n.Parts {
		p.each(visit)
	}
}

// Indicators returns the identifiers of the indicators, in the order of the tree.
func (c Composite) Indicators() []string {
	var ids []string
	c.Root.each(func(n CompositeNode) {
		if len(n.Parts) == 0 {
			ids = append(ids, n.ID)
		}
	})
	return ids
}

// Indicators are the values of one unit's indicators by their identifiers; one that is
// missing has no entry.
type Indicators map[string]float64

// CompositeUnit is a unit with its indicators, and its values by node once computed.
type CompositeUnit struct {
	Unit   string           `json:"unit"`
	Values map[string]Float `json:"values"`          // by node, parts as they count in their parent
	Group  int              `json:"group,omitempty"` // 1 is the highest; 0 without a value
}

// Bounds are the least and the greatest value of an indicator.
type Bounds struct{ Low, High float64 }

// Observe returns the bounds of the indicators over all units of all reference years.
// An index whose bounds are taken anew each year is not comparable between years; so
// they are observed once over several years and then kept.
func Observe(years ...map[string]Indicators) map[string]Bounds {
	bounds := map[string]Bounds{}
	for _, year := range years {
		for _, unit := range year {
			for id, x := range unit {
				b, ok := bounds[id]
				if !ok {
					b = Bounds{x, x}
				}
				bounds[id] = Bounds{min(b.Low, x), max(b.High, x)}
			}
		}
	}
	return bounds
}

// Compute computes the index of every unit. A unit with a missing indicator has no
// value in the nodes above it: spoilt data are blank and never imputed. Errors:
// composite.no_bounds for an observed indicator without reference values, and
// composite.outside for one outside of its bounds, by unit.
func (c Composite) Compute(units []string, indicators []Indicators, observed map[string]Bounds) ([]CompositeUnit, error) {
	out := make([]CompositeUnit, len(units))
	var problems []fault.Problem
	for i, unit := range units {
		run := compositeRun{indicators[i], observed, CompositeUnit{Unit: unit, Values: map[string]Float{}}, nil}
		run.value(c.Root, 1)
		out[i] = run.unit
		problems = append(problems, run.problems...)
	}
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return nil, err
	}
	c.group(out)
	return out, nil
}

// compositeRun computes one unit.
type compositeRun struct {
	indicators Indicators
	observed   map[string]Bounds
	unit       CompositeUnit
	problems   []fault.Problem
}

// value computes a node divided by the number of shares, and remembers it.
func (r *compositeRun) value(n CompositeNode, shares float64) float64 {
	v := 0.0
	for _, part := range n.Parts {
		divide := 1.0
		if n.Combine == CombineShares {
			divide = float64(len(n.Parts))
		}
		v += r.value(part, divide)
	}
	switch {
	case len(n.Parts) == 0:
		v = r.indicator(n)
	case n.Combine == CombineMean:
		v /= float64(len(n.Parts))
	}
	r.unit.Values[n.ID] = Float(v / shares)
	return v / shares
}

// indicator is the value of a leaf on its scale; NaN if it is missing.
func (r *compositeRun) indicator(n CompositeNode) float64 {
	x, ok := r.indicators[n.ID]
	if !ok {
		return math.NaN()
	}
	if n.Scale == nil {
		return x
	}
	b, ok := r.observed[n.ID]
	if n.Low != nil {
		b, ok = Bounds{*n.Low, *n.High}, true
	}
	if !ok || b.Low == b.High {
		r.problems = append(r.problems, fault.P("composite.no_bounds", "id", n.ID))
		return math.NaN()
	}
	if x < min(b.Low, b.High) || x > max(b.Low, b.High) {
		r.problems = append(r.problems, fault.P("composite.outside", "unit", r.unit.Unit, "id", n.ID, "value", x, "low", b.Low, "high", b.High))
	}
	return n.Scale[0] + (n.Scale[1]-n.Scale[0])*(x-b.Low)/(b.High-b.Low)
}
