package sampling

import (
	"cmp"
	"io"
	"slices"
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
	Lines      io.Writer   // gets frame.lines, unless nil
	Scratch    Scratch     // for what a large frame needs; nil keeps it in memory
}

// Draw selects the sample of one stage. It goes through the frame twice, once
// more if the frame is not in the plan's order. It returns an error of kind
// Invalid if plan or frame are at fault (all problems at once, by row), if the
// beacon is empty or if frame, plan or source are not those of the commitment;
// of kind Conflict if the frame changed meanwhile; of kind Unavailable if Lines
// or Scratch fail.
func Draw(f Rows, p Plan, in DrawInput) (Sample, Receipt, error) {
	p = p.normal()
	source, beacon, err := in.event()
	if err != nil {
		return Sample{}, Receipt{}, err
	}
	if stage := checkStage(f, p, in.Parent); stage != nil {
		return Sample{}, Receipt{}, cmp.Or(in.checkCommitted(f, p, source), stage)
	}
	d := newDrawing(f, p, in.Parent, in.Scratch)
	problems, err := d.count(in.Lines)
	if err != nil {
		return Sample{}, Receipt{}, err
	}
	if in.Commitment != nil {
		if err := in.Commitment.check(d.digest, p, source); err != nil {
			return Sample{}, Receipt{}, err
		}
		source = in.Commitment.Source
	}
	if problems != nil {
		return Sample{}, Receipt{}, problems
	}
	return d.run(in, source, beacon)
}

// checkCommitted compares frame, plan and source with the commitment, if there is
// one: nil, or the difference, which tells more than what is wrong with a plan that
// nobody committed to.
func (in DrawInput) checkCommitted(f Rows, p Plan, source Source) error {
	if in.Commitment == nil {
		return nil
	}
	digest, err := f.Pass(func(int, []string) error { return nil }, nil)
	if err != nil {
		return err
	}
	return in.Commitment.check(digest, p, source)
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

// checkStage checks the plan against the frame's columns and the parent.
func checkStage(f Rows, p Plan, parent *Parent) error {
	if err := p.Validate(f); err != nil {
		return err
	}
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
	frame   Rows
	plan    Plan
	parent  *Parent
	census  *census
	digest  Digest     // of the frame, after count
	choices [][]choice // of each cell, after run
}

func newDrawing(f Rows, p Plan, parent *Parent, scratch Scratch) *drawing {
	return &drawing{frame: f, plan: p, parent: parent, census: newCensus(f, p, parent, scratch)}
}

// count goes through the frame, cuts it into cells and says how many units each
// gives. The first error is what frame or plan are at fault with; the second
// that the frame could not be gone through.
func (d *drawing) count(lines io.Writer) (problems, err error) {
	d.digest, problems, err = d.census.take(d.frame, lines)
	if problems != nil || err != nil {
		return problems, err
	}
	return count(d.plan, d.census.cells), nil
}

// run draws by the event's value and makes the receipt.
func (d *drawing) run(in DrawInput, source Source, beacon string) (Sample, Receipt, error) {
	seed := seedOf(d.digest, d.plan.Digest(), source, beacon)
	d.choices = make([][]choice, len(d.census.cells))
	for i, c := range d.census.cells {
		var err error
		if d.choices[i], err = c.choose(d.plan.Method, seed.stream(c.label())); err != nil {
			return Sample{}, Receipt{}, err
		}
	}
	sample, err := d.fetch()
	if err != nil {
		return Sample{}, Receipt{}, err
	}
	receipt := newReceipt(d.plan, sample)
	receipt.FrameDigest, receipt.FrameUnits = d.digest, d.census.rows
	receipt.Commitment, receipt.Source, receipt.Beacon = in.Commitment, source, beacon
	receipt.Seed, receipt.Counts, receipt.Program = seed.String(), countsOf(d.census.cells, d.choices), in.Program
	if in.Commitment == nil {
		receipt.Status = Uncommitted
	}
	return sample, receipt, nil
}

// wanted is one choice of a cell: its unit, and where it stands in the sample.
type wanted struct {
	unit uint32
	at   int
}

// fetch goes through the frame again for the rows of the units drawn, and lays
// them out in the order of the cells' first rows.
func (d *drawing) fetch() (Sample, error) {
	sample := Sample{columns: d.frame.Columns()}
	lists := make([][]wanted, len(d.choices)) // of each cell, by unit
	for i, drawn := range d.choices {
		for _, ch := range drawn {
			lists[i] = append(lists[i], wanted{ch.unit, len(sample.Units)})
			sample.Units = append(sample.Units, Drawn{})
		}
		slices.SortFunc(lists[i], func(a, b wanted) int { return cmp.Compare(a.unit, b.unit) })
	}
	next := make([]uint32, len(d.choices))
	digest, err := d.frame.Pass(func(_ int, values []string) error {
		c := d.census.find(values)
		if c == nil {
			return nil
		}
		unit := next[c.number]
		next[c.number]++
		if list := lists[c.number]; len(list) > 0 && list[0].unit == unit {
			sample.Units[list[0].at].Values = cloneAll(values)
			lists[c.number] = list[1:]
		}
		return nil
	}, nil)
	switch {
	case err != nil:
		return Sample{}, err
	case digest != d.digest:
		return Sample{}, fault.New(fault.Conflict, "frame.changed")
	}
	d.describe(sample.Units)
	return sample, nil
}

func cloneAll(values []string) []string {
	out := make([]string, len(values))
	for i, value := range values {
		out[i] = strings.Clone(value)
	}
	return out
}

// describe fills in what the choices say of the units, whose values are there.
func (d *drawing) describe(units []Drawn) {
	for i, c := range d.census.cells {
		var above *Drawn
		if d.parent != nil {
			parent := d.parent.units[c.parent]
			above = &parent
		}
		for order, ch := range d.choices[i] {
			u := &units[0]
			units = units[1:]
			u.Key, u.Stratum, u.Role, u.DrawOrder = Key(u.Values[d.census.key]), c.stratum, ch.role, order+1
			u.setProbabilities(ch, above)
			u.setDesign(c, above)
		}
	}
}

func countsOf(cells []*cell, choices [][]choice) []CellCount {
	counts := make([]CellCount, len(cells))
	for i, c := range cells {
		counts[i] = CellCount{Parent: c.parent, Stratum: c.stratum, Units: c.units}
		for _, ch := range choices[i] {
			counts[i].add(ch.role)
		}
	}
	return counts
}
