package sampling

import (
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
	sample, counts, err := drawing{f, p, in.Parent, seed}.sample(cells)
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

// drawing is one draw under way.
type drawing struct {
	frame  Frame
	plan   Plan
	parent *Parent
	seed   Seed
}

// sample draws every cell with its own stream and lays the units out in the
// order of the cells' first rows.
func (d drawing) sample(cells []*cell) (Sample, []CellCount, error) {
	sample := Sample{columns: d.frame.columns}
	counts := make([]CellCount, 0, len(cells))
	for _, c := range cells {
		choices, err := c.choose(d.plan.Method, d.seed.stream(c.label()))
		if err != nil {
			return Sample{}, nil, err
		}
		count := CellCount{Parent: c.parent, Stratum: c.stratum, Units: len(c.units)}
		for i, ch := range choices {
			count.add(ch.role)
			u := d.unit(c, ch)
			u.DrawOrder = i + 1
			sample.Units = append(sample.Units, u)
		}
		counts = append(counts, count)
	}
	return sample, counts, nil
}

// unit describes one unit that was drawn from a cell.
func (d drawing) unit(c *cell, ch choice) Drawn {
	u := Drawn{
		Values: d.frame.rows[ch.row], Key: Key(d.frame.Value(ch.row, d.plan.Key)),
		Stratum: c.stratum, Role: ch.role,
	}
	var above *Drawn
	if d.parent != nil {
		parent := d.parent.units[c.parent]
		above = &parent
	}
	u.setProbabilities(ch, above)
	u.setDesign(c, above)
	return u
}
