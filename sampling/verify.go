package sampling

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"

	"hailong/fault"
)

// Evidence is what a verification may use beside frame and receipt; every part
// may be missing, save the parent of a later stage.
type Evidence struct {
	Parent     *Parent
	Commitment *Commitment   // as it was published before the event
	Lines      io.ReadSeeker // frame.lines, to name the row of the frame that differs
	Sample     []byte        // sample.csv, to be compared with the repeated draw
	Scratch    Scratch       // as for a draw
}

// Verify repeats the draw of the receipt on the frame. It returns nil if frame,
// plan, parent, commitment, seed and sample are those of the receipt, and else
// an error that names the first difference: a row of the frame or of the
// sample where one can be named, otherwise the digest.
func Verify(f Rows, r Receipt, e Evidence) error {
	_, _, err := verified(f, r, e)
	return err
}

// verified is Verify; it returns the repeated draw.
func verified(f Rows, r Receipt, e Evidence) (*drawing, Sample, error) {
	d, err := r.recount(f, e)
	if err != nil {
		return nil, Sample{}, err
	}
	sample, err := r.repeat(d, e)
	return d, sample, err
}

// recount checks the receipt and the frame, up to the counts of the cells.
func (r Receipt) recount(f Rows, e Evidence) (*drawing, error) {
	if err := r.check(e); err != nil {
		return nil, err
	}
	plan := r.Plan.normal()
	stage := checkStage(f, plan, e.Parent)
	if stage != nil { // the columns may have been changed; that is named first
		if err := r.sameFrame(f, e.Lines); err != nil {
			return nil, err
		}
		return nil, stage
	}
	d := newDrawing(f, plan, e.Parent, e.Scratch)
	lines := newComparison(e.Lines)
	problems, err := d.count(lines.writer())
	if err != nil {
		return nil, err
	}
	if err := lines.result(r, d.digest); err != nil {
		return nil, err
	}
	return d, problems
}

// check looks at the receipt alone: whether its parts fit each other.
func (r Receipt) check(e Evidence) error {
	if r.Generator != Generator {
		return fault.New(fault.Invalid, "draw.generator", "generator", r.Generator)
	}
	plan := r.Plan.normal()
	if got := plan.Digest(); got != r.PlanDigest {
		return differs("draw.plan_differs", r.PlanDigest, got)
	}
	if plan.Parent != r.ParentDigest {
		return differs("draw.parent_differs", r.ParentDigest, plan.Parent)
	}
	return r.checkCommitment(e.Commitment)
}

// checkCommitment compares the receipt's commitment with its status and with
// the one that was published.
func (r Receipt) checkCommitment(published *Commitment) error {
	if (r.Commitment == nil) != (r.Status == Uncommitted) {
		return fault.New(fault.Invalid, "draw.status_differs", "status", string(r.Status))
	}
	if published == nil {
		return nil
	}
	if r.Commitment == nil || r.Commitment.Digest() != published.Digest() {
		return fault.New(fault.Invalid, "draw.other_commitment", "published", string(published.Digest()))
	}
	return nil
}

// sameFrame reads the frame for its digest alone.
func (r Receipt) sameFrame(f Rows, was io.ReadSeeker) error {
	lines := newComparison(was)
	digest, err := f.Pass(func(int, []string) error { return nil }, lines.writer())
	if err != nil {
		return err
	}
	return lines.result(r, digest)
}

// repeat draws again and compares the results.
func (r Receipt) repeat(d *drawing, e Evidence) (Sample, error) {
	in := DrawInput{Commitment: r.Commitment, Source: r.Source, Beacon: r.Beacon}
	source, beacon, err := in.event()
	if err != nil {
		return Sample{}, err
	}
	if in.Commitment != nil {
		if err := in.Commitment.check(d.digest, d.plan, source); err != nil {
			return Sample{}, err
		}
		source = in.Commitment.Source
	}
	sample, again, err := d.run(in, source, beacon)
	switch {
	case err != nil:
		return Sample{}, err
	case again.Seed != r.Seed:
		return Sample{}, fault.New(fault.Invalid, "draw.seed_differs", "receipt", r.Seed, "computed", again.Seed)
	}
	if e.Sample != nil {
		if err := sampleDifference(sample, e.Sample); err != nil {
			return Sample{}, err
		}
	}
	if again.SampleDigest != r.SampleDigest {
		return Sample{}, differs("draw.digest_differs", r.SampleDigest, again.SampleDigest)
	}
	if !slices.Equal(again.Counts, r.Counts) || again.FrameUnits != r.FrameUnits || again.PlanID != r.PlanID {
		return Sample{}, fault.New(fault.Invalid, "draw.counts_differ")
	}
	return sample, nil
}

func differs(code string, receipt, computed Digest) error {
	return fault.New(fault.Invalid, code, "receipt", string(receipt), "computed", string(computed))
}

// sampleDifference names the first row and column of a sample.csv that are not
// as the repeated draw gives them.
func sampleDifference(again Sample, given []byte) error {
	want := again.CSV()
	if bytes.Equal(want, given) {
		return nil
	}
	was, err := csv.NewReader(bytes.NewReader(want)).ReadAll()
	if err != nil {
		return fault.Wrap(err, fault.Internal, "internal")
	}
	in := csv.NewReader(withoutMark(bytes.NewReader(given)))
	in.FieldsPerRecord = -1
	is, err := in.ReadAll()
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "draw.sample_malformed")
	}
	for i := range max(len(was), len(is)) {
		if i == len(is) || i == len(was) {
			return sampleProblem(i+1, "", "draw.sample_rows", "given", len(is)-1, "drawn", len(was)-1)
		}
		if !slices.Equal(was[i], is[i]) {
			return cellDifference(was, is, i)
		}
	}
	return fault.New(fault.Invalid, "draw.sample_form") // same values, other bytes
}

func cellDifference(was, is [][]string, row int) error {
	for j, value := range was[row] {
		if j >= len(is[row]) || is[row][j] != value {
			got := ""
			if j < len(is[row]) {
				got = is[row][j]
			}
			return sampleProblem(row+1, was[0][j], "draw.sample_row", "given", got, "drawn", value)
		}
	}
	return sampleProblem(row+1, "", "draw.sample_row", "given", is[row][len(was[row])], "drawn", "")
}

func sampleProblem(row int, column, code string, pairs ...any) error {
	return fault.Of(fault.Invalid, []fault.Problem{fault.P(code, pairs...).AtRow(row, column)})
}
