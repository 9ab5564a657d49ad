package sampling

import (
	"bytes"
	"encoding/json"
	"io"

	"hailong/fault"
)

// Status says whether a draw was committed to beforehand.
type Status string

// The statuses of a receipt.
const (
	Committed   Status = "committed"
	Uncommitted Status = "uncommitted"
)

// Receipt is the public record of a draw: with the frame (and the parent's
// receipt and sample) it suffices to repeat it.
type Receipt struct {
	PlanID       PlanID      `json:"plan_id,omitempty"`
	Status       Status      `json:"status"`
	FrameDigest  Digest      `json:"frame_digest"`
	FrameUnits   int         `json:"frame_units"`
	PlanDigest   Digest      `json:"plan_digest"`
	ParentDigest Digest      `json:"parent_digest,omitempty"`
	SampleDigest Digest      `json:"sample_digest"`
	Source       Source      `json:"source,omitempty"`
	Beacon       string      `json:"beacon"`
	Seed         string      `json:"seed"`
	Generator    string      `json:"generator"`
	Program      string      `json:"program,omitempty"`
	Commitment   *Commitment `json:"commitment,omitempty"`
	Plan         Plan        `json:"plan"`
	Counts       []CellCount `json:"counts"`
}

// CellCount says how many units a cell held and how many were drawn from it.
type CellCount struct {
	Parent    Key     `json:"parent,omitempty"`
	Stratum   Stratum `json:"stratum,omitempty"`
	Units     int     `json:"units"`
	Main      int     `json:"main"`
	Certainty int     `json:"certainty"`
	Reserve   int     `json:"reserve"`
}

func (c *CellCount) add(role Role) {
	switch role {
	case RoleMain:
		c.Main++
	case RoleCertainty:
		c.Certainty++
	case RoleReserve:
		c.Reserve++
	}
}

func newReceipt(p Plan, s Sample) Receipt {
	return Receipt{
		PlanID: p.ID, Status: Committed, Plan: p, Generator: Generator,
		PlanDigest: p.Digest(), ParentDigest: p.Parent, SampleDigest: s.Digest(),
	}
}

// ReadReceipt reads a receipt.json. Error: draw.receipt_malformed.
func ReadReceipt(r io.Reader) (Receipt, error) {
	var receipt Receipt
	if err := json.NewDecoder(r).Decode(&receipt); err != nil {
		return Receipt{}, fault.Wrap(err, fault.Unreadable, "draw.receipt_malformed")
	}
	return receipt, nil
}

// Encode returns the content of receipt.json, whose SHA-256 the plan of the
// next stage names as its parent.
func (r Receipt) Encode() []byte { return indentedJSON(r) }

// indentedJSON writes a value of ours for people to read too.
func indentedJSON(v any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		panic(err) // only types of this package come here, which marshal
	}
	return out.Bytes()
}

// Parent is the stage before: its receipt's digest and the units drawn.
type Parent struct {
	digest Digest
	keys   []Key // of the main and certainty units, as drawn
	units  map[Key]Drawn
}

// ReadParent reads receipt.json and sample.csv of the stage before. The sample
// must be the one of the receipt (draw.parent_sample).
func ReadParent(receipt, sample []byte) (*Parent, error) {
	r, err := ReadReceipt(bytes.NewReader(receipt))
	if err != nil {
		return nil, err
	}
	if got := DigestOf(sample); got != r.SampleDigest {
		return nil, fault.New(fault.Invalid, "draw.parent_sample", "receipt", string(r.SampleDigest), "given", string(got))
	}
	s, err := ReadSample(bytes.NewReader(sample), r.Plan.Key)
	if err != nil {
		return nil, err
	}
	parent := &Parent{digest: DigestOf(receipt), units: make(map[Key]Drawn, len(s.Units))}
	for _, u := range s.Units {
		if u.Role != RoleReserve {
			parent.keys = append(parent.keys, u.Key)
			parent.units[u.Key] = u
		}
	}
	return parent, nil
}

// Digest returns the digest of the parent's receipt, for the next plan.
func (p *Parent) Digest() Digest { return p.digest }

// drawn reports whether the key belongs to a unit whose own units are drawn from.
func (p *Parent) drawn(key Key) bool {
	_, ok := p.units[key]
	return ok
}
