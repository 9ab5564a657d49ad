package store

import (
	"context"

	"hailong/account"
	"hailong/survey"
)

// Questionnaire returns one published version.
func (s *Store) Questionnaire(ctx context.Context, ref survey.Ref) (survey.Questionnaire, error) {
	q, _, err := get[survey.Questionnaire](ctx, s.engine, Questionnaires, string(ref))
	return q, named(err, "round.unknown_questionnaire", "questionnaire", string(ref))
}

// Questionnaires returns all published versions by reference.
func (s *Store) Questionnaires(ctx context.Context) ([]survey.Questionnaire, error) {
	return all[survey.Questionnaire](ctx, s.engine, Range{Kind: Questionnaires})
}

// AddQuestionnaire publishes a version; a version that exists is a Conflict.
func (s *Store) AddQuestionnaire(ctx context.Context, rec account.Record, q survey.Questionnaire) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Insert, Kind: Questionnaires, ID: string(q.Ref()), Doc: q})
}

// Round returns one round with its revision.
func (s *Store) Round(ctx context.Context, id survey.RoundID) (survey.Round, error) {
	r, revision, err := get[survey.Round](ctx, s.engine, Rounds, string(id))
	r.Revision = revision
	return r, named(err, "round.unknown", "round", string(id))
}

// Rounds returns all rounds by identifier, each with its revision.
func (s *Store) Rounds(ctx context.Context) ([]survey.Round, error) {
	return revised(ctx, s.engine, Range{Kind: Rounds}, func(r *survey.Round, revision int64) { r.Revision = revision })
}

// AddRound adds a round; one that exists is a Conflict.
func (s *Store) AddRound(ctx context.Context, rec account.Record, r survey.Round) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Insert, Kind: Rounds, ID: string(r.ID), Doc: r})
}

// ReplaceRound changes a round that nobody changed since it was read.
func (s *Store) ReplaceRound(ctx context.Context, rec account.Record, r survey.Round) error {
	return s.engine.Apply(ctx, audit(rec), replaceRound(r))
}

func replaceRound(r survey.Round) Change {
	return Change{Op: Replace, Kind: Rounds, ID: string(r.ID), Revision: r.Revision, Doc: r}
}

// Counter returns the counter of a code.
func (s *Store) Counter(ctx context.Context, code survey.CounterCode) (survey.Counter, error) {
	c, _, err := get[survey.Counter](ctx, s.engine, Counters, string(code))
	return c, err
}

// Counters returns the counters of a round by code.
func (s *Store) Counters(ctx context.Context, round survey.RoundID) ([]survey.Counter, error) {
	var list []survey.Counter
	for c, err := range each[survey.Counter](ctx, s.engine, Range{Kind: Counters}) {
		if err != nil {
			return nil, err
		}
		if c.Round == round {
			list = append(list, c)
		}
	}
	return list, nil
}

// AddCounter adds a counter; a code that exists is a Conflict.
func (s *Store) AddCounter(ctx context.Context, rec account.Record, c survey.Counter) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Insert, Kind: Counters, ID: string(c.Code), Doc: c})
}
