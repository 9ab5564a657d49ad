package sampling

// ScopeCell is what a plan draws from at once: the units of one stratum of one
// parent, before any is drawn.
type ScopeCell struct {
	Parent  Key
	Stratum Stratum
	Label   string // what n and reserve are given by: the stratum, or without strata the parent
	Units   int
}

// Scope returns the cells of a plan, in the order of their first rows: the units
// that fulfil its conditions and belong to a drawn parent, each of which visit gets by
// its row (nil wants none). The plan, whose columns the frame must have, needs no n
// for it. Errors are those of the frame: keys, strata and sizes, by row.
func (p Plan) Scope(f Rows, parent *Parent, visit Visit) ([]ScopeCell, error) {
	p = p.normal()
	k := newCensus(f, p, parent, nil)
	if _, problems, err := k.take(f, nil); err != nil || problems != nil {
		if err == nil {
			err = problems
		}
		return nil, err
	}
	out := make([]ScopeCell, len(k.cells))
	for i, c := range k.cells {
		out[i] = ScopeCell{Parent: c.parent, Stratum: c.stratum, Label: p.countLabel(c), Units: c.units}
	}
	if visit == nil {
		return out, nil
	}
	_, err := f.Pass(func(row int, values []string) error {
		if k.find(values) == nil {
			return nil
		}
		return visit(row, values)
	}, nil)
	return out, err
}

// Shares says how many units the draw of a plan takes in each of its cells,
// certainty units included, by what n and reserve are given by: an allocation, or one
// number for all, written out. Errors are those of Check.
func (p Plan) Shares(f Rows, parent *Parent) (map[string]int, error) {
	p = p.normal()
	d, err := p.counted(f, parent)
	if err != nil {
		return nil, err
	}
	shares := make(map[string]int)
	for _, c := range d.census.cells {
		shares[p.countLabel(c)] = c.n
	}
	return shares, nil
}

// Check reports what stands between a plan and its draw: nil, or what Draw
// would say of plan, frame and parent.
func (p Plan) Check(f Rows, parent *Parent) error {
	_, err := p.normal().counted(f, parent)
	return err
}

// counted cuts the frame into the cells of a plan in NFC and counts what each gives.
func (p Plan) counted(f Rows, parent *Parent) (*drawing, error) {
	if err := checkStage(f, p, parent); err != nil {
		return nil, err
	}
	d := newDrawing(f, p, parent, nil)
	problems, err := d.count(nil)
	if err == nil {
		err = problems
	}
	return d, err
}

// chances are the inclusion probabilities of a cell's units in this stage, in the
// order of the frame.
func (c *cell) chances(m Method) []float64 {
	r := c.split(m)
	probability := r.probabilities(m, uint64(c.n-len(r.certain)))
	out := make([]float64, c.units)
	for i, size := range r.sizes() {
		num, den := probability(size)
		out[r.unit(i)] = float64(num) / float64(den)
	}
	for _, place := range r.certain {
		out[c.at(int(place))] = 1
	}
	return out
}
