package store

import (
	"context"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/survey"
)

// User returns one user with the revision that a change needs.
func (s *Store) User(ctx context.Context, name account.Name) (account.User, error) {
	u, revision, err := get[account.User](ctx, s.engine, Users, string(name))
	u.Revision = revision
	return u, named(err, "account.unknown", "user", string(name))
}

// Users returns all users by name, each with its revision.
func (s *Store) Users(ctx context.Context) ([]account.User, error) {
	return revised(ctx, s.engine, Range{Kind: Users}, func(u *account.User, revision int64) { u.Revision = revision })
}

// AddUser adds a user; a name that exists is a Conflict.
func (s *Store) AddUser(ctx context.Context, rec account.Record, u account.User) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Insert, Kind: Users, ID: string(u.Name), Doc: u})
}

// ReplaceUser changes a user whom nobody changed since they were read.
func (s *Store) ReplaceUser(ctx context.Context, rec account.Record, u account.User) error {
	return s.engine.Apply(ctx, audit(rec), replaceUser(u))
}

func replaceUser(u account.User) Change {
	return Change{Op: Replace, Kind: Users, ID: string(u.Name), Revision: u.Revision, Doc: u}
}

// AddLink adds a one-time link.
func (s *Store) AddLink(ctx context.Context, rec account.Record, l account.Link) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Insert, Kind: Links, ID: string(l.ID), Doc: l})
}

// Link returns a one-time link.
func (s *Store) Link(ctx context.Context, id account.LinkID) (account.Link, error) {
	l, _, err := get[account.Link](ctx, s.engine, Links, string(id))
	return l, err
}

// SignIn uses up the link, if there is one, then changes the user and adds the
// session. The link goes first: of two who use it at once, one finds it gone.
func (s *Store) SignIn(ctx context.Context, rec account.Record, in account.SigningIn) error {
	var changes []Change
	if in.Link != "" {
		changes = append(changes, Change{Op: Delete, Kind: Links, ID: string(in.Link)})
	}
	changes = append(changes, replaceUser(in.User),
		Change{Op: Insert, Kind: Sessions, ID: string(in.Session.ID), Doc: in.Session})
	return s.engine.Apply(ctx, audit(rec), changes...)
}

// Session returns one session.
func (s *Store) Session(ctx context.Context, id account.SessionID) (account.Session, error) {
	session, _, err := get[account.Session](ctx, s.engine, Sessions, string(id))
	return session, err
}

// TouchSession notes that a session is in use. Of requests that come side by side
// one does it for all.
func (s *Store) TouchSession(ctx context.Context, id account.SessionID, seen time.Time) error {
	session, revision, err := get[account.Session](ctx, s.engine, Sessions, string(id))
	if err != nil {
		return err
	}
	session.SeenAt = seen
	err = s.engine.Apply(ctx, Unaudited, Change{Op: Replace, Kind: Sessions, ID: string(id), Revision: revision, Doc: session})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// EndSession removes a session.
func (s *Store) EndSession(ctx context.Context, rec account.Record, id account.SessionID) error {
	return s.engine.Apply(ctx, audit(rec), Change{Op: Delete, Kind: Sessions, ID: string(id)})
}

// Records returns audit records, the newest first. A record whose change was
// not completed has the state Intended: it was attempted.
func (s *Store) Records(ctx context.Context, q account.RecordQuery) ([]account.Record, error) {
	var list []account.Record
	for row, err := range s.engine.Scan(ctx, Range{Kind: Audits, After: string(q.Before), Reverse: true}) {
		if err != nil {
			return nil, err
		}
		rec, err := decodeRecord(row)
		if err != nil {
			return nil, err
		}
		if !q.Since.IsZero() && rec.At.Before(q.Since) {
			break // older ones follow
		}
		if q.Matches(rec) {
			list = append(list, rec)
		}
		if q.Limit > 0 && len(list) == q.Limit {
			break
		}
	}
	return list, nil
}

// AddRecord writes a record of what changed nothing here: names handed out.
func (s *Store) AddRecord(ctx context.Context, rec account.Record) error {
	return s.engine.Apply(ctx, audit(rec))
}

func decodeRecord(row Row) (account.Record, error) {
	var rec account.Record
	if err := row.Doc.Decode(&rec); err != nil {
		return rec, err
	}
	rec.State = account.Intended
	if row.Revision >= Done {
		rec.State = account.Done
	}
	return rec, nil
}

// CountRecords counts the completed changes of one kind in a round.
func (s *Store) CountRecords(ctx context.Context, round survey.RoundID, action account.Action) (int, error) {
	n := 0
	for row, err := range s.engine.Scan(ctx, Range{Kind: Audits}) {
		if err != nil {
			return 0, err
		}
		rec, err := decodeRecord(row)
		if err != nil {
			return 0, err
		}
		if rec.State == account.Done && rec.Action == action && rec.Subject == string(round) {
			n++
		}
	}
	return n, nil
}

// SweepExpired removes sessions and links that ended before the time given.
func (s *Store) SweepExpired(ctx context.Context, now time.Time) error {
	for kind, dead := range map[Kind]func(Row) (bool, error){
		Sessions: func(row Row) (bool, error) {
			var v account.Session
			err := row.Doc.Decode(&v)
			return !now.Before(v.ExpiresAt), err
		},
		Links: func(row Row) (bool, error) {
			var v account.Link
			err := row.Doc.Decode(&v)
			return !now.Before(v.ExpiresAt), err
		},
	} {
		if _, err := Sweep(ctx, s.engine, Range{Kind: kind}, dead); err != nil {
			return err
		}
	}
	return nil
}
