package sampling

import (
	"math/big"
	"strings"

	"hailong/fault"
	"hailong/territory"
)

// DrawInput is what a draw needs beside frame and plan.
type DrawInput struct {
	Commitment *Commitment // nil for a draw that was not committed to
	Parent     *Parent     // of a later stage
	Source     Source      // the event; empty takes the commitment's
	Beacon     string      // what the event yielded, as text
	Program    string      // program and version, for the receipt
}

// Draw selects the sample of one stage. It returns an error of kind Invalid if
// plan or frame are at fault (all problems at once, by row), if the beacon is
// empty or if frame, plan or source are not those of the commitment.
func Draw(f Frame, p Plan, in DrawInput) (Sample, Receipt, error) {
	p = p.normal()
	source, beacon, err := in.event()
	if err != nil {
		return Sample{}, Receipt{}, err
	}
	if in.Commitment != nil {
		if err := in.Commitment.check(f, p, source); err != nil {
			return Sample{}, Receipt{}, err
		}
		source = in.Commitment.Source
	}
	cells, err := prepare(f, p, in.Parent)
	if err != nil {
		return Sample{}, Receipt{}, err
	}
	seed := seedOf(f.Digest(), p.Digest(), source, beacon)
	sample, counts, err := drawCells(f, p, cells, seed, in.Parent)
	if err != nil {
		return Sample{}, Receipt{}, err
	}
	receipt := newReceipt(f, p, sample)
	receipt.Commitment, receipt.Source, receipt.Beacon = in.Commitment, source, beacon
	receipt.Seed, receipt.Counts, receipt.Program = seed.String(), counts, in.Program
	if in.Commitment == nil {
		receipt.Status = Uncommitted
	}
	return sample, receipt, nil
}

// event returns source and beacon in the form that is hashed.
func (in DrawInput) event() (Source, string, error) {
	source := Source(territory.NFC(string(in.Source)))
	if source != "" {
		if err := source.Validate(); err != nil {
			return "", "", err
		}
	}
	beacon := territory.NFC(strings.TrimSpace(in.Beacon))
	if beacon == "" || !oneLine(beacon) {
		return "", "", fault.New(fault.Invalid, "draw.beacon")
	}
	return source, beacon, nil
}

// prepare checks plan against frame and parent, and returns the cells with
// their counts.
func prepare(f Frame, p Plan, parent *Parent) ([]*cell, error) {
	if err := p.Validate(f); err != nil {
		return nil, err
	}
	if err := checkParent(p, parent); err != nil {
		return nil, err
	}
	cells, err := cut(f, p, parent)
	if err != nil {
		return nil, err
	}
	return cells, count(f, p, cells)
}

func checkParent(p Plan, parent *Parent) error {
	switch {
	case parent == nil && p.Parent != "":
		return fault.New(fault.Invalid, "draw.parent_needed", "digest", string(p.Parent))
	case parent != nil && parent.digest != p.Parent:
		return fault.New(fault.Invalid, "draw.other_parent", "committed", string(p.Parent), "given", string(parent.digest))
	}
	return nil
}

// drawCells draws every cell with its own stream and lays the units out in the
// order of the cells' first rows.
func drawCells(f Frame, p Plan, cells []*cell, seed Seed, parent *Parent) (Sample, []CellCount, error) {
	sample := Sample{columns: f.columns}
	counts := make([]CellCount, 0, len(cells))
	for _, c := range cells {
		choices, err := c.choose(p.Method, seed.stream(c.label()))
		if err != nil {
			return Sample{}, nil, err
		}
		count := CellCount{Parent: c.parent, Stratum: c.stratum, Units: len(c.units)}
		for i, choice := range choices {
			u := Drawn{Values: f.rows[choice.row], Key: Key(f.Value(choice.row, p.Key)),
				Stratum: c.stratum, DrawOrder: i + 1, Role: choice.role}
			u.setProbabilities(choice, parent, c)
			u.setDesign(parent, c)
			count.add(choice.role)
			sample.Units = append(sample.Units, u)
		}
		counts = append(counts, count)
	}
	return sample, counts, nil
}

// setProbabilities fills in the probabilities and the weight. The stage's is
// the double nearest to the exact fraction; the overall one is its product with
// the parent's, and the weight the reciprocal, each rounded to nearest.
func (u *Drawn) setProbabilities(ch choice, parent *Parent, c *cell) {
	if ch.role == RoleReserve {
		return
	}
	fraction := new(big.Rat).SetFrac(new(big.Int).SetUint64(ch.num), new(big.Int).SetUint64(ch.den))
	u.StageProb, _ = fraction.Float64()
	u.InclusionProb = u.StageProb
	if parent != nil {
		u.InclusionProb = parent.units[c.parent].InclusionProb * u.StageProb
	}
	u.Weight = 1 / u.InclusionProb
}

// setDesign fills in the columns that estimation starts from. A unit without a
// drawn parent is its own PSU. Below a parent that was taken with probability
// 1 and is its own PSU, the units become PSUs and the parent their stratum;
// below any other parent they belong to its PSU.
func (u *Drawn) setDesign(parent *Parent, c *cell) {
	if parent == nil {
		u.PSU, u.VarianceStratum, u.FPC = string(u.Key), c.label(), u.StageProb
	} else if above := parent.units[c.parent]; above.selfRepresenting() {
		u.PSU, u.FPC = joined(above.PSU, string(u.Key)), u.StageProb
		u.VarianceStratum = above.ownStratum()
		if c.stratum != "" {
			u.VarianceStratum = joined(u.VarianceStratum, string(c.stratum))
		}
	} else {
		u.PSU, u.SSU, u.VarianceStratum, u.FPC = above.PSU, above.SSU, above.VarianceStratum, above.FPC
		if u.SSU == "" {
			u.SSU = string(u.Key)
		}
		return
	}
	if u.Role == RoleCertainty {
		u.VarianceStratum = joined(u.VarianceStratum, string(u.Key))
	}
}

// selfRepresenting reports whether the unit's own units are PSUs.
func (u Drawn) selfRepresenting() bool { return u.StageProb == 1 && u.SSU == "" }

// ownStratum is the variance stratum that a self-representing unit forms.
func (u Drawn) ownStratum() string {
	if u.Role == RoleCertainty {
		return u.VarianceStratum
	}
	return joined(u.VarianceStratum, string(u.Key))
}
