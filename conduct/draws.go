package conduct

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
)

// Stage is one stage of a round's draw.
type Stage int

// The stages: communes of the province, villages of the drawn communes, people
// of the drawn villages.
const (
	Communes Stage = 1
	Villages Stage = 2
	People   Stage = 3
)

// Recheck is no stage of the sample: it is the draw of those answered sheets whose
// people are asked again. It is kept apart from the stages and reads from none.
const Recheck Stage = 4

// Stages lists all stages in their order.
var Stages = []Stage{Communes, Villages, People}

// StagesOf are the stages of a round in their order. A round of people with a
// transaction has no villages, and its communes need not be drawn: without a draw
// of communes every office whose files were handed in takes part.
func StagesOf(r survey.Round) []Stage {
	if r.Transactions != nil {
		return []Stage{Communes, People}
	}
	return Stages
}

// Name names a stage of a round for texts: its number, or "offices" for people who
// are drawn by the offices where they had a transaction.
func (s Stage) Name(r survey.Round) string { return stageName(s, r.Transactions != nil) }

// Name names the attempt's stage for texts, as Stage.Name does.
func (d Draw) Name() string { return stageName(d.Stage, d.Plan.ParentKey == officeColumn) }

func stageName(s Stage, offices bool) string {
	if s == People && offices {
		return "offices"
	}
	return strconv.Itoa(int(s))
}

// Before returns the stage that a stage draws from, and whether it draws from one.
func Before(r survey.Round, attempts []Draw, stage Stage) (Stage, bool) {
	if stage == Communes {
		return 0, false
	}
	if r.Transactions == nil {
		return stage - 1, true
	}
	_, drawn := Current(attempts, Communes)
	return Communes, drawn
}

// Later reports whether a stage after this one is committed, with which this one
// stays as it is. In a round whose people are drawn at once that goes for the draw
// of communes that it does without, too.
func Later(attempts []Draw, stage Stage) bool {
	return slices.ContainsFunc(attempts, func(d Draw) bool { return d.Stage > stage })
}

// Draw is one numbered attempt at a stage. It is committed first, by which the
// frame, the plan and the public event are fixed, and drawn when the event has
// happened. A later attempt supersedes it, and it is never removed: everybody
// sees how often a stage was tried.
type Draw struct {
	Round       survey.RoundID      `json:"round"`
	Stage       Stage               `json:"stage"`
	Attempt     int                 `json:"attempt"`
	Plan        sampling.Plan       `json:"plan"`
	Commitment  sampling.Commitment `json:"commitment"`
	CommittedBy account.Name        `json:"committed_by"`
	Frame       string              `json:"frame"` // blob: the public frame as CSV
	Units       int                 `json:"units"` // rows of the frame
	Receipt     *sampling.Receipt   `json:"receipt,omitempty"`
	Sample      string              `json:"sample,omitempty"` // blob: sample.csv
	DrawnAt     time.Time           `json:"drawn_at,omitzero"`
	DrawnBy     account.Name        `json:"drawn_by,omitempty"`
	Revision    int64               `json:"-"`
}

// Done reports whether the attempt was drawn.
func (d Draw) Done() bool { return d.Receipt != nil }

// Current returns the last attempt at a stage, which is the one that counts.
func Current(draws []Draw, stage Stage) (Draw, bool) {
	for _, d := range slices.Backward(draws) {
		if d.Stage == stage {
			return d, true
		}
	}
	return Draw{}, false
}

type draws interface {
	// Draws returns all attempts of a round by stage and attempt.
	Draws(ctx context.Context, round survey.RoundID) ([]Draw, error)
	// AddDraw adds the attempt that follows the last one of its stage, FinishDraw
	// adds to an attempt what was drawn. Both are for a round that nobody changed
	// since it was read: of a draw and the opening of its round, one comes first.
	// Nothing changes or removes what was committed.
	AddDraw(ctx context.Context, rec account.Record, r survey.Round, d Draw) error
	FinishDraw(ctx context.Context, rec account.Record, r survey.Round, d Draw) error
	PutBlob(ctx context.Context, r io.Reader) (digest string, err error)
	OpenBlob(ctx context.Context, digest string) (io.ReadCloser, error)
}

// Intent is what a commitment adds to the frame that is stored.
type Intent struct {
	Plan   sampling.Plan
	Source sampling.Source // the public event that will decide
	Reason string          // of another attempt: why the one before does not stand; published
}

// Commit fixes frame, plan and future public event of the next attempt at a
// stage. The stage before must be drawn, and the stage after not committed;
// another attempt gives its reason (stage.reason_needed). The event's name must
// say when it happens (stage.event_undated), and only a simulated round may commit
// to one that is over (stage.event_past).
func (d Desk) Commit(ctx context.Context, by account.User, round survey.RoundID, stage Stage, in Intent) (Draw, error) {
	r, attempts, err := d.drafting(ctx, round)
	if err != nil {
		return Draw{}, err
	}
	draw, frame, err := d.attempt(ctx, r, attempts, Draw{Round: round, Stage: stage, Plan: in.Plan, Commitment: in.commitment()})
	if err != nil {
		return Draw{}, err
	}
	if err := draw.fair(r); err != nil {
		return Draw{}, err
	}
	if stage == People {
		if err := d.voidSlips(ctx, by, r); err != nil {
			return Draw{}, err
		}
	}
	return d.saveCommitment(ctx, by, r, draw, frame)
}

// fair reports whether a round may commit to the attempt: nil, or why not.
func (d Draw) fair(r survey.Round) error {
	if d.Attempt > 1 && d.Commitment.Reason == "" {
		return fault.New(fault.Invalid, "stage.reason_needed", "attempt", d.Attempt)
	}
	foresaw, dated := d.Commitment.Foresaw()
	switch {
	case !dated:
		return fault.New(fault.Invalid, "stage.event_undated", "event", string(d.Commitment.Source))
	case !foresaw && !r.Simulated:
		return fault.New(fault.Invalid, "stage.event_past", "event", d.Commitment.Source.Event())
	}
	return nil
}

// byOffice reports whether the plan of a draw of people with a transaction draws
// within each office apart (stage.by_office): so every office has a sample, weights
// and a figure of its own.
func (d Draw) byOffice(r survey.Round) error {
	if r.Transactions != nil && d.Stage == People && d.Plan.ParentKey != officeColumn {
		return fault.New(fault.Invalid, "stage.by_office", "column", officeColumn)
	}
	return nil
}

func (in Intent) commitment() sampling.Commitment {
	return sampling.Commitment{Source: in.Source, Reason: in.Reason}
}

// TryPlan reports whether a plan could be committed now, and stores nothing:
// nil, or what Commit would say.
func (d Desk) TryPlan(ctx context.Context, round survey.RoundID, stage Stage, plan sampling.Plan) error {
	r, attempts, err := d.drafting(ctx, round)
	if err != nil {
		return err
	}
	const anyEvent = "dice:-:-"
	_, _, err = d.attempt(ctx, r, attempts, Draw{Round: round, Stage: stage, Plan: plan, Commitment: Intent{Source: anyEvent}.commitment()})
	return err
}

// Parent is the drawn stage before, which the plan of a stage names; nil for a
// stage that draws from none. Error: stage.parent_missing.
func (d Desk) Parent(ctx context.Context, r survey.Round, stage Stage) (*sampling.Parent, error) {
	attempts, err := d.Store.Draws(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return d.parent(ctx, r, attempts, stage)
}

// attempt numbers the next attempt at a stage and makes its commitment to the
// plan, source and reason that the draw names, and to the frame of this moment.
func (d Desk) attempt(ctx context.Context, r survey.Round, attempts []Draw, draw Draw) (Draw, sampling.Frame, error) {
	if !slices.Contains(StagesOf(r), draw.Stage) {
		return Draw{}, sampling.Frame{}, fault.New(fault.Invalid, "stage.not_of_round")
	}
	if Later(attempts, draw.Stage) {
		return Draw{}, sampling.Frame{}, fault.New(fault.Conflict, "stage.later_committed")
	}
	in := sampling.CommitInput{Source: draw.Commitment.Source, Reason: draw.Commitment.Reason, At: d.Clock()}
	var err error
	if in.Parent, err = d.parent(ctx, r, attempts, draw.Stage); err != nil {
		return Draw{}, sampling.Frame{}, err
	}
	if err := draw.byOffice(r); err != nil {
		return Draw{}, sampling.Frame{}, err
	}
	if in.Parent != nil {
		draw.Plan.Parent = in.Parent.Digest()
	}
	draw.Attempt = 1
	if last, ok := Current(attempts, draw.Stage); ok {
		draw.Attempt, in.Previous = last.Attempt+1, &last.Commitment
	}
	frame, err := d.Frame(ctx, r, draw.Stage)
	if err != nil {
		return Draw{}, sampling.Frame{}, err
	}
	draw.Commitment, err = sampling.Commit(frame, draw.Plan, in)
	return draw, frame, err
}

// drafting returns a round that is still being prepared, with its draws.
func (d Desk) drafting(ctx context.Context, round survey.RoundID) (survey.Round, []Draw, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return survey.Round{}, nil, err
	}
	if r.State != survey.RoundDraft {
		return survey.Round{}, nil, fault.New(fault.Conflict, "round.not_draft", "state", string(r.State))
	}
	attempts, err := d.Store.Draws(ctx, round)
	return r, attempts, err
}

func (d Desk) saveCommitment(ctx context.Context, by account.User, r survey.Round, draw Draw, frame sampling.Frame) (Draw, error) {
	if err := d.keepFrame(ctx, by, &draw, frame); err != nil {
		return Draw{}, err
	}
	rec, err := d.record(ctx, by, account.CommitDraw, subject{r.ID, r.Unit, draw.details()})
	if err != nil {
		return Draw{}, err
	}
	return draw, d.Store.AddDraw(ctx, rec, r, draw)
}

// keepFrame keeps the frame that a draw is committed to.
func (d Desk) keepFrame(ctx context.Context, by account.User, draw *Draw, frame sampling.Frame) (err error) {
	var csv bytes.Buffer
	if err := frame.WriteCSV(&csv); err != nil {
		return err
	}
	draw.CommittedBy, draw.Units = by.Name, frame.Len()
	draw.Frame, err = d.Store.PutBlob(ctx, &csv)
	return err
}

// Run draws the committed attempt of a stage with the public random value that
// its event brought, once; in a real round not before the event
// (stage.event_ahead), nor with what it cannot have brought (stage.beacon_shape).
func (d Desk) Run(ctx context.Context, by account.User, round survey.RoundID, stage Stage, beacon string) (Draw, error) {
	r, attempts, err := d.drafting(ctx, round)
	if err != nil {
		return Draw{}, err
	}
	draw, ok := Current(attempts, stage)
	if !ok {
		return Draw{}, fault.New(fault.Conflict, "stage.not_committed")
	}
	if err := d.due(r, draw, beacon); err != nil {
		return Draw{}, err
	}
	in := sampling.DrawInput{Commitment: &draw.Commitment, Beacon: beacon, Program: d.Program}
	if in.Parent, err = d.parent(ctx, r, attempts, stage); err != nil {
		return Draw{}, err
	}
	frame, err := d.committedFrame(ctx, r, draw)
	if err != nil {
		return Draw{}, err
	}
	sample, receipt, err := sampling.Draw(frame, draw.Plan, in)
	if err != nil {
		return Draw{}, err
	}
	return d.finish(ctx, by, r, draw, sample, receipt)
}

// due reports whether a committed attempt may be drawn now with what its event is
// said to have brought: nil, or why not. A slip of the hand would cost the attempt.
func (d Desk) due(r survey.Round, draw Draw, beacon string) error {
	if draw.Done() {
		return fault.New(fault.Conflict, "stage.drawn")
	}
	if at, known := draw.Commitment.Source.Time(); known && at.After(d.Clock()) && !r.Simulated {
		return fault.New(fault.Conflict, "stage.event_ahead", "event", draw.Commitment.Source.Event())
	}
	if !r.Simulated && !draw.Commitment.Source.Shaped(strings.TrimSpace(beacon)) {
		return fault.New(fault.Invalid, "stage.beacon_shape", "event", draw.Commitment.Source.Event())
	}
	return nil
}

// committedFrame reads the frame of an attempt. That of people must still be the
// lists': one that was taken in or undone in the moment of the commitment would
// leave drawn keys without people.
func (d Desk) committedFrame(ctx context.Context, r survey.Round, draw Draw) (sampling.Frame, error) {
	blob, err := d.Store.OpenBlob(ctx, draw.Frame)
	if err != nil {
		return sampling.Frame{}, err
	}
	defer blob.Close()
	frame, err := sampling.ReadFrame(blob)
	if err != nil || draw.Stage != People {
		return frame, err
	}
	current, err := d.peopleFrame(ctx, r)
	if err == nil && current.Digest() != frame.Digest() {
		err = fault.New(fault.Conflict, "lists.changed")
	}
	return frame, err
}

func (d Desk) finish(ctx context.Context, by account.User, r survey.Round, draw Draw, sample sampling.Sample, receipt sampling.Receipt) (Draw, error) {
	if err := d.keepSample(ctx, by, &draw, sample, receipt); err != nil {
		return Draw{}, err
	}
	rec, err := d.record(ctx, by, account.Draw, subject{r.ID, r.Unit, draw.details()})
	if err != nil {
		return Draw{}, err
	}
	return draw, d.Store.FinishDraw(ctx, rec, r, draw)
}

// keepSample keeps what was drawn.
func (d Desk) keepSample(ctx context.Context, by account.User, draw *Draw, sample sampling.Sample, receipt sampling.Receipt) (err error) {
	draw.Receipt, draw.DrawnAt, draw.DrawnBy = &receipt, d.Clock(), by.Name
	draw.Sample, err = d.Store.PutBlob(ctx, bytes.NewReader(sample.CSV()))
	return err
}

// parent is the drawn stage before, as the draw of a stage needs it; nil for a
// stage that draws from none.
func (d Desk) parent(ctx context.Context, r survey.Round, attempts []Draw, stage Stage) (*sampling.Parent, error) {
	above, needed := Before(r, attempts, stage)
	if !needed {
		return nil, nil
	}
	before, ok := Current(attempts, above)
	if !ok || !before.Done() {
		return nil, fault.New(fault.Conflict, "stage.parent_missing")
	}
	sample, err := d.readBlob(ctx, before.Sample)
	if err != nil {
		return nil, err
	}
	return sampling.ReadParent(before.Receipt.Encode(), sample)
}

func (d Desk) readBlob(ctx context.Context, digest string) ([]byte, error) {
	blob, err := d.Store.OpenBlob(ctx, digest)
	if err != nil {
		return nil, err
	}
	defer blob.Close()
	return io.ReadAll(blob)
}

// CurrentSample returns the drawn sample of a stage.
func (d Desk) CurrentSample(ctx context.Context, round survey.RoundID, stage Stage) (sampling.Sample, error) {
	attempts, err := d.Store.Draws(ctx, round)
	if err != nil {
		return sampling.Sample{}, err
	}
	return d.sampleOf(ctx, attempts, stage)
}

func (d Desk) sampleOf(ctx context.Context, attempts []Draw, stage Stage) (sampling.Sample, error) {
	draw, ok := Current(attempts, stage)
	if !ok || !draw.Done() {
		return sampling.Sample{}, fault.New(fault.Conflict, "stage.not_drawn")
	}
	raw, err := d.readBlob(ctx, draw.Sample)
	if err != nil {
		return sampling.Sample{}, err
	}
	return sampling.ReadSample(bytes.NewReader(raw), draw.Plan.Key)
}

// details name a draw in the audit record.
func (d Draw) details() []string {
	stage := map[Stage]string{Communes: "communes", Villages: "villages", People: "people", Recheck: "recheck"}[d.Stage]
	return []string{"stage", stage, "source", string(d.Commitment.Source)}
}
