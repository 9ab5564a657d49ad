package store

import (
	"context"

	"hailong/account"
	"hailong/conduct"
	"hailong/survey"
)

// Editions returns the heads of a round's editions by number.
func (s *Store) Editions(ctx context.Context, round survey.RoundID) ([]conduct.EditionHead, error) {
	return all[conduct.EditionHead](ctx, s.engine, Range{Kind: Editions, Prefix: string(round) + "/"})
}

// AddEdition adds an edition; one of the same number is a Conflict. Its files
// must be stored before.
func (s *Store) AddEdition(ctx context.Context, rec account.Record, head conduct.EditionHead) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Insert, Kind: Editions, ID: numbered(string(head.Round), head.Number), Doc: head})
}
