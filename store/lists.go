package store

import (
	"context"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// scopePrefix begins the ids of a round's documents, of all villages or of one.
func scopePrefix(round survey.RoundID, village territory.Code) string {
	if village == "" {
		return string(round) + "/"
	}
	return string(round) + "/" + string(village) + "/"
}

func listID(h conduct.ListHead) string {
	return numbered(string(h.Round)+"/"+string(h.Village), h.Number)
}

// ListHeads returns the heads of lists by village and number.
func (s *Store) ListHeads(ctx context.Context, round survey.RoundID, village territory.Code) ([]conduct.ListHead, error) {
	return all[conduct.ListHead](ctx, s.engine, Range{Kind: Lists, Prefix: scopePrefix(round, village)})
}

// List returns the people of a list.
func (s *Store) List(ctx context.Context, head conduct.ListHead) (sampling.List, error) {
	list, _, err := get[sampling.List](ctx, s.engine, People, listID(head))
	return list, err
}

// AddList adds a list. The people come first: without its head nobody sees them.
// Once people were drawn from the lists it is refused (lists.drawn).
func (s *Store) AddList(ctx context.Context, rec account.Record, head conduct.ListHead, list sampling.List) error {
	if err := s.undrawn(ctx, head.Round); err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec),
		Change{Op: Put, Kind: People, ID: listID(head), Doc: list},
		Change{Op: Insert, Kind: Lists, ID: listID(head), Doc: head},
	)
}

// DeleteList removes a list and the people in it, until people were drawn from
// the lists (lists.drawn).
func (s *Store) DeleteList(ctx context.Context, rec account.Record, head conduct.ListHead) error {
	if err := s.undrawn(ctx, head.Round); err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec),
		Change{Op: Delete, Kind: Lists, ID: listID(head)},
		Change{Op: Delete, Kind: People, ID: listID(head)},
	)
}

// undrawn is the rule that a list from which people were drawn never changes. A
// change that passes it in the very moment of the draw is met by the draw
// itself, which compares the lists with the frame that was committed.
func (s *Store) undrawn(ctx context.Context, round survey.RoundID) error {
	draws, err := s.Draws(ctx, round)
	if err != nil {
		return err
	}
	for _, d := range draws {
		if d.Stage == conduct.People && d.Done() {
			return fault.New(fault.Conflict, "lists.drawn")
		}
	}
	return nil
}

// Batches returns the productions of slips by village and number.
func (s *Store) Batches(ctx context.Context, round survey.RoundID, village territory.Code) ([]conduct.Batch, error) {
	return all[conduct.Batch](ctx, s.engine, Range{Kind: Batches, Prefix: scopePrefix(round, village)})
}

// AddBatch voids passes of earlier batches and adds a batch with its passes.
func (s *Store) AddBatch(ctx context.Context, rec account.Record, m conduct.Making) error {
	changes, err := s.voiding(ctx, m.Voids)
	if err != nil {
		return err
	}
	changes = append(changes, voided(m.Lost)...)
	for _, pass := range m.Passes {
		changes = append(changes, Change{Op: Insert, Kind: Passes, ID: pass.Hash, Doc: pass})
	}
	changes = append(changes, Change{Op: Insert, Kind: Batches, ID: string(m.Batch.ID), Doc: m.Batch})
	return s.engine.Apply(ctx, audit(rec), changes...)
}

// VoidBatches voids the passes of batches.
func (s *Store) VoidBatches(ctx context.Context, rec account.Record, batches []conduct.Batch) error {
	changes, err := s.voiding(ctx, batches)
	if err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec), changes...)
}

// voided are passes that lead nowhere from now on.
func voided(passes []survey.Pass) []Change {
	var changes []Change
	for _, pass := range passes {
		pass.Voided = true
		changes = append(changes, Change{Op: Put, Kind: Passes, ID: pass.Hash, Doc: pass})
	}
	return changes
}

// voiding is what voids the passes of batches.
func (s *Store) voiding(ctx context.Context, batches []conduct.Batch) ([]Change, error) {
	var changes []Change
	for _, b := range batches {
		for _, hash := range b.Hashes {
			pass, err := s.Pass(ctx, hash)
			if err != nil {
				return nil, err
			}
			pass.Voided = true
			changes = append(changes, Change{Op: Put, Kind: Passes, ID: hash, Doc: pass})
		}
		b.Voided = true
		changes = append(changes, Change{Op: Put, Kind: Batches, ID: string(b.ID), Doc: b})
	}
	return changes, nil
}

// Pass returns what the token of a hash leads to.
func (s *Store) Pass(ctx context.Context, hash string) (survey.Pass, error) {
	pass, _, err := get[survey.Pass](ctx, s.engine, Passes, hash)
	return pass, err
}

// DoubleVerdicts returns the verdicts of a round by their pairs.
func (s *Store) DoubleVerdicts(ctx context.Context, round survey.RoundID) ([]conduct.DoubleVerdict, error) {
	return all[conduct.DoubleVerdict](ctx, s.engine, Range{Kind: Doubles, Prefix: string(round) + "/"})
}

// PutDoubleVerdict adds a verdict or replaces the one on the same pair, until
// people were drawn from the lists (lists.drawn).
func (s *Store) PutDoubleVerdict(ctx context.Context, rec account.Record, v conduct.DoubleVerdict) error {
	if err := s.undrawn(ctx, v.Round); err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec), Change{Op: Put, Kind: Doubles, ID: string(v.Round) + "/" + string(v.Pair), Doc: v})
}

// Census returns the figures that the lists of a round are compared with.
func (s *Store) Census(ctx context.Context, round survey.RoundID) (conduct.Census, error) {
	c, _, err := get[conduct.Census](ctx, s.engine, Censuses, string(round))
	return c, err
}

// PutCensus keeps the figures of a round instead of those before.
func (s *Store) PutCensus(ctx context.Context, rec account.Record, c conduct.Census) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Put, Kind: Censuses, ID: string(c.Round), Doc: c})
}
