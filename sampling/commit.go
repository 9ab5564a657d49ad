package sampling

import (
	"cmp"
	"encoding/json"
	"io"
	"strings"
	"time"

	"hailong/fault"
	"hailong/territory"
)

// Commitment fixes frame, plan and the public random event that will decide a
// draw, before the event is known. Attempts of one draw are numbered from 1 and
// each names the commitment before it, so that none can be left out unseen.
type Commitment struct {
	PlanID       PlanID    `json:"plan_id,omitempty"`
	FrameDigest  Digest    `json:"frame_digest"`
	PlanDigest   Digest    `json:"plan_digest"`
	ParentDigest Digest    `json:"parent_digest,omitempty"`
	Source       Source    `json:"source"`
	Attempt      int       `json:"attempt"`
	Previous     Digest    `json:"previous,omitempty"` // of the commitment of the attempt before
	Reason       string    `json:"reason,omitempty"`   // why the attempt before does not stand
	At           time.Time `json:"committed_at"`
}

// CommitInput is what a commitment adds to frame and plan.
type CommitInput struct {
	Parent   *Parent     // of a later stage
	Source   Source      // the event
	Previous *Commitment // of the attempt before, nil for the first
	Reason   string      // why that one does not stand; in NFC with single spaces it is part of the commitment
	At       time.Time
	Scratch  Scratch // as for a draw
}

// Commit makes the commitment after checking that the plan can be drawn from
// the frame, so that no attempt is lost to a missing size. Errors: as Draw.
func Commit(f Rows, p Plan, in CommitInput) (Commitment, error) {
	source := Source(territory.NFC(string(in.Source)))
	if err := source.Validate(); err != nil {
		return Commitment{}, err
	}
	p = p.normal()
	if err := checkStage(f, p, in.Parent); err != nil {
		return Commitment{}, err
	}
	d := newDrawing(f, p, in.Parent, in.Scratch)
	if problems, err := d.count(nil); problems != nil || err != nil {
		return Commitment{}, cmp.Or(err, problems)
	}
	c := Commitment{
		PlanID: p.ID, FrameDigest: d.digest, PlanDigest: p.Digest(), ParentDigest: p.Parent,
		Source: source, Attempt: 1, At: in.At.UTC().Truncate(time.Second),
	}
	if in.Previous != nil {
		c.Attempt, c.Previous = in.Previous.Attempt+1, in.Previous.Digest()
		c.Reason = strings.Join(strings.Fields(territory.NFC(in.Reason)), " ")
	}
	return c, nil
}

// ReadCommitment reads a commitment.json.
func ReadCommitment(r io.Reader) (Commitment, error) {
	var c Commitment
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return Commitment{}, fault.Wrap(err, fault.Unreadable, "draw.commitment_malformed")
	}
	return c, nil
}

// Encode returns the content of commitment.json.
func (c Commitment) Encode() []byte { return indentedJSON(c) }

// Digest returns the SHA-256 of Encode.
func (c Commitment) Digest() Digest { return DigestOf(c.Encode()) }

// Foresaw reports whether the commitment was made before its outcome could be
// known; known is false if the event's name does not say when that is.
func (c Commitment) Foresaw() (foresaw, known bool) {
	when, known := c.Source.Time()
	return when.After(c.At), known
}

// check refuses anything else than what was committed to.
func (c Commitment) check(frame Digest, p Plan, source Source) error {
	var problems []fault.Problem
	if c.FrameDigest != frame {
		problems = append(problems, fault.P("draw.other_frame", "committed", string(c.FrameDigest), "given", string(frame)))
	}
	if c.PlanDigest != p.Digest() {
		problems = append(problems, fault.P("draw.other_plan", "committed", string(c.PlanDigest), "given", string(p.Digest())))
	}
	if c.ParentDigest != p.Parent {
		problems = append(problems, fault.P("draw.other_parent", "committed", string(c.ParentDigest), "given", string(p.Parent)))
	}
	if source != "" && c.Source != source {
		problems = append(problems, fault.P("draw.other_source", "committed", string(c.Source), "given", string(source)))
	}
	return fault.Of(fault.Invalid, problems)
}
