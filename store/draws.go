package store

import (
	"context"
	"io"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
)

func drawID(d conduct.Draw) string { return numbered(string(d.Round), int(d.Stage), d.Attempt) }

// Draws returns the attempts of a round by stage and attempt.
func (s *Store) Draws(ctx context.Context, round survey.RoundID) ([]conduct.Draw, error) {
	return s.drawsOf(ctx, Draws, round)
}

func (s *Store) drawsOf(ctx context.Context, kind Kind, round survey.RoundID) ([]conduct.Draw, error) {
	return revised(ctx, s.engine, Range{Kind: kind, Prefix: string(round) + "/"}, func(d *conduct.Draw, revision int64) { d.Revision = revision })
}

// AddDraw adds the attempt that follows the last one of its stage, by number and
// by the digest that its commitment names; any other is a Conflict
// (stage.out_of_turn), and so is a round that was changed since it was read. The
// round is written first, as it was: whoever read it before may not open it any
// more.
func (s *Store) AddDraw(ctx context.Context, rec account.Record, r survey.Round, d conduct.Draw) error {
	attempts, err := s.Draws(ctx, d.Round)
	if err != nil {
		return err
	}
	if err := inTurn(attempts, d); err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec), replaceRound(r), Change{Op: Insert, Kind: Draws, ID: drawID(d), Doc: d})
}

// inTurn reports whether a draw follows the last attempt at its stage.
func inTurn(attempts []conduct.Draw, d conduct.Draw) error {
	last, _ := conduct.Current(attempts, d.Stage)
	var previous sampling.Digest
	if last.Attempt > 0 {
		previous = last.Commitment.Digest()
	}
	if d.Attempt != last.Attempt+1 || d.Commitment.Attempt != d.Attempt || d.Commitment.Previous != previous {
		return fault.New(fault.Conflict, "stage.out_of_turn", "attempt", d.Attempt)
	}
	return nil
}

// FinishDraw adds to an attempt what was drawn, once, in a round that nobody
// changed since it was read. What was committed stays as it is: anything else is
// a Conflict (stage.fixed).
func (s *Store) FinishDraw(ctx context.Context, rec account.Record, r survey.Round, d conduct.Draw) error {
	finish, err := s.finish(ctx, Draws, drawID(d), d)
	if err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec), replaceRound(r), finish)
}

// finish is the change that adds to a committed draw what was drawn.
func (s *Store) finish(ctx context.Context, kind Kind, id string, d conduct.Draw) (Change, error) {
	was, revision, err := get[conduct.Draw](ctx, s.engine, kind, id)
	if err != nil {
		return Change{}, err
	}
	if revision != d.Revision {
		return Change{}, fault.New(fault.Conflict, "store.changed")
	}
	if was.Done() || !d.Done() || was.Commitment.Digest() != d.Commitment.Digest() || was.Plan.Digest() != d.Plan.Digest() || was.Frame != d.Frame {
		return Change{}, fault.New(fault.Conflict, "stage.fixed", "attempt", d.Attempt)
	}
	return Change{Op: Replace, Kind: kind, ID: id, Revision: d.Revision, Doc: d}, nil
}

// PutBlob keeps a file and returns its content digest.
func (s *Store) PutBlob(ctx context.Context, r io.Reader) (string, error) {
	digest, err := PutBlob(ctx, s.engine, r)
	return string(digest), err
}

// OpenBlob returns the content of a file.
func (s *Store) OpenBlob(ctx context.Context, digest string) (io.ReadCloser, error) {
	return OpenBlob(ctx, s.engine, Digest(digest))
}
