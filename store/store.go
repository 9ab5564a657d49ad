package store

import (
	"context"
	"fmt"
	"iter"

	"hailong/account"
	"hailong/fault"
)

// Store is the typed access to an engine: what the console, the respondents'
// pages and the command line read and write. Its methods return the faults of
// [Engine].
type Store struct {
	engine    Engine
	responses *Group
	tree      treeCache
	columns   columnsCache
}

// New makes a store over an engine, which must outlive it.
func New(e Engine) *Store {
	return &Store{engine: e, responses: NewGroup(e, Responses)}
}

// Close waits for answers under way. The engine stays open.
func (s *Store) Close() { s.responses.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.engine.Ping(ctx) }

// Commits returns how many commits carried how many answers so far.
func (s *Store) Commits() GroupStats { return s.responses.Stats() }

// get reads one document.
func get[T any](ctx context.Context, e Engine, kind Kind, id string) (T, int64, error) {
	var v T
	row, err := e.Get(ctx, kind, id)
	if err != nil {
		return v, 0, err
	}
	return v, row.Revision, row.Doc.Decode(&v)
}

// named gives a missing document the code by which readers know it.
func named(err error, code string, pairs ...any) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, code, pairs...)
	}
	return err
}

// each streams the documents of a range.
func each[T any](ctx context.Context, e Engine, r Range) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range e.Scan(ctx, r) {
			var v T
			if err == nil {
				err = row.Doc.Decode(&v)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// all collects the documents of a range.
func all[T any](ctx context.Context, e Engine, r Range) ([]T, error) {
	var list []T
	for v, err := range each[T](ctx, e, r) {
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// revised collects the documents of a range with their revisions, which set puts
// where a change looks for them.
func revised[T any](ctx context.Context, e Engine, r Range, set func(*T, int64)) ([]T, error) {
	var list []T
	for row, err := range e.Scan(ctx, r) {
		if err != nil {
			return nil, err
		}
		var v T
		if err := row.Doc.Decode(&v); err != nil {
			return nil, err
		}
		set(&v, row.Revision)
		list = append(list, v)
	}
	return list, nil
}

// audit is a record as the engine takes it.
func audit(rec account.Record) Audit { return Audit{ID: string(rec.ID), Doc: rec} }

// numbered makes an id whose parts sort as they count.
func numbered(scope string, parts ...int) string {
	id := scope
	for _, n := range parts {
		id += fmt.Sprintf("/%04d", n)
	}
	return id
}

// fingerprintID is the document of kind Schema that names the keys that the
// data belong to.
const fingerprintID = "keys"

type fingerprint struct {
	Keys string `json:"keys"`
}

// KeyFingerprint returns which keys the data belong to, "" for a new database.
func (s *Store) KeyFingerprint(ctx context.Context) (string, error) {
	f, _, err := get[fingerprint](ctx, s.engine, Schema, fingerprintID)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return f.Keys, err
}

// BindKeys writes down, once, which keys the data belong to. Two copies that
// start at the same time on a new database settle here whose keys they are.
func (s *Store) BindKeys(ctx context.Context, keys string) error {
	err := s.engine.Apply(ctx, Unaudited, Change{Op: Insert, Kind: Schema, ID: fingerprintID, Doc: fingerprint{keys}})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}
