package store

import (
	"context"

	"hailong/account"
	"hailong/conduct"
	"hailong/survey"
)

func recheckID(d conduct.Draw) string { return numbered(string(d.Round), d.Attempt) }

// Rechecks returns the re-check draws of a round by attempt.
func (s *Store) Rechecks(ctx context.Context, round survey.RoundID) ([]conduct.Draw, error) {
	return s.drawsOf(ctx, Rechecks, round)
}

// AddRecheck adds the attempt that follows the last one, by number and by the
// digest that its commitment names; any other is a Conflict (stage.out_of_turn).
func (s *Store) AddRecheck(ctx context.Context, rec account.Record, d conduct.Draw) error {
	attempts, err := s.Rechecks(ctx, d.Round)
	if err != nil {
		return err
	}
	if err := inTurn(attempts, d); err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec), Change{Op: Insert, Kind: Rechecks, ID: recheckID(d), Doc: d})
}

// FinishRecheck adds to an attempt what was drawn, once. What was committed stays
// as it is: anything else is a Conflict (stage.fixed).
func (s *Store) FinishRecheck(ctx context.Context, rec account.Record, d conduct.Draw) error {
	finish, err := s.finish(ctx, Rechecks, recheckID(d), d)
	if err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec), finish)
}

// RecheckFindings returns the results of an attempt by pseudonym and number.
// Nothing here changes or removes one.
func (s *Store) RecheckFindings(ctx context.Context, round survey.RoundID, attempt int) ([]conduct.RecheckFinding, error) {
	return all[conduct.RecheckFinding](ctx, s.engine, Range{Kind: RecheckResults, Prefix: numbered(string(round), attempt) + "/"})
}

// AddRecheckFindings adds results; a number that a person's results have already
// is a Conflict.
func (s *Store) AddRecheckFindings(ctx context.Context, rec account.Record, findings []conduct.RecheckFinding) error {
	changes := make([]Change, len(findings))
	for i, f := range findings {
		scope := numbered(string(f.Round), f.Attempt) + "/" + string(f.Key)
		changes[i] = Change{Op: Insert, Kind: RecheckResults, ID: numbered(scope, f.Number), Doc: f}
	}
	return s.engine.Apply(ctx, audit(rec), changes...)
}
