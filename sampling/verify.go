package sampling

import (
	"bytes"
	"encoding/csv"
	"slices"

	"hailong/fault"
)

// Evidence is what a verification may use beside frame and receipt; every part
// may be missing, save the parent of a later stage.
type Evidence struct {
	Parent     *Parent
	Commitment *Commitment // as it was published before the event
	Lines      []byte      // frame.lines, to name the row of the frame that differs
	Sample     []byte      // sample.csv, to be compared with the repeated draw
}

// Verify repeats the draw of the receipt on the frame. It returns nil if frame,
// plan, parent, commitment, seed and sample are those of the receipt, and else
// an error that names the first difference: a row of the frame or of the
// sample where one can be named, otherwise the digest.
func Verify(f Frame, r Receipt, e Evidence) error {
	if r.Generator != Generator {
		return fault.New(fault.Invalid, "draw.generator", "generator", r.Generator)
	}
	if f.Digest() != r.FrameDigest {
		return frameDifference(f, r, e.Lines)
	}
	if e.Lines != nil && DigestOf(e.Lines) != r.FrameDigest {
		return differs("draw.lines_changed", r.FrameDigest, DigestOf(e.Lines))
	}
	plan := r.Plan.normal()
	if got := plan.Digest(); got != r.PlanDigest {
		return differs("draw.plan_differs", r.PlanDigest, got)
	}
	if plan.Parent != r.ParentDigest {
		return differs("draw.parent_differs", r.ParentDigest, plan.Parent)
	}
	if err := r.checkCommitment(e.Commitment); err != nil {
		return err
	}
	sample, again, err := Draw(f, plan, DrawInput{Commitment: r.Commitment, Parent: e.Parent, Source: r.Source, Beacon: r.Beacon})
	if err != nil {
		return err
	}
	if again.Seed != r.Seed {
		return fault.New(fault.Invalid, "draw.seed_differs", "receipt", r.Seed, "computed", again.Seed)
	}
	if e.Sample != nil {
		if err := sampleDifference(sample, e.Sample); err != nil {
			return err
		}
	}
	if again.SampleDigest != r.SampleDigest {
		return differs("draw.digest_differs", r.SampleDigest, again.SampleDigest)
	}
	if !slices.Equal(again.Counts, r.Counts) || again.FrameUnits != r.FrameUnits || again.PlanID != r.PlanID {
		return fault.New(fault.Invalid, "draw.counts_differ")
	}
	return nil
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

func differs(code string, receipt, computed Digest) error {
	return fault.New(fault.Invalid, code, "receipt", string(receipt), "computed", string(computed))
}

// frameDifference names the first row of the frame that is not as it was at
// the draw, if frame.lines of the draw is at hand.
func frameDifference(f Frame, r Receipt, lines []byte) error {
	if lines == nil {
		return differs("draw.frame_differs", r.FrameDigest, f.Digest())
	}
	if got := DigestOf(lines); got != r.FrameDigest {
		return differs("draw.lines_differ", r.FrameDigest, got)
	}
	was, is := bytes.Fields(lines), bytes.Fields(f.Lines())
	i := 0
	for i < min(len(was), len(is)) && bytes.Equal(was[i], is[i]) {
		i++
	}
	return fault.Of(fault.Invalid, []fault.Problem{rowDifference(was, is, i).AtRow(i+1, "")})
}

// rowDifference says what happened at the first place where two lists differ.
// Of several explanations the one that leaves the next rows equal is taken.
func rowDifference(was, is [][]byte, i int) fault.Problem {
	at := func(list [][]byte, j int) []byte {
		if j < len(list) {
			return list[j]
		}
		return nil
	}
	switch {
	case i == len(is):
		return fault.P("draw.rows_missing", "rows", len(was)-len(is))
	case i == len(was):
		return fault.P("draw.rows_added", "rows", len(is)-len(was))
	case len(is) < len(was) && bytes.Equal(is[i], at(was, i+1)):
		return fault.P("draw.row_missing", "digest", string(was[i]))
	case len(is) > len(was) && bytes.Equal(was[i], at(is, i+1)):
		return fault.P("draw.row_added", "digest", string(is[i]))
	}
	for j := i + 1; j < len(was); j++ {
		if bytes.Equal(was[j], is[i]) {
			return fault.P("draw.row_moved", "from", j+1)
		}
	}
	return fault.P("draw.row_changed", "was", string(was[i]), "is", string(is[i]))
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
