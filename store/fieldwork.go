package store

import (
	"context"

	"hailong/account"
	"hailong/conduct"
	"hailong/survey"
	"hailong/territory"
)

// Contacts returns the contacts of a round, of all villages or of one, by village,
// person and number. Nothing here changes or removes one.
func (s *Store) Contacts(ctx context.Context, round survey.RoundID, village territory.Code) ([]conduct.Contact, error) {
	return all[conduct.Contact](ctx, s.engine, Range{Kind: Contacts, Prefix: scopePrefix(round, village)})
}

// AddContacts adds contacts; a number that a person's contacts have already is a
// Conflict.
func (s *Store) AddContacts(ctx context.Context, rec account.Record, contacts []conduct.Contact) error {
	changes := make([]Change, len(contacts))
	for i, c := range contacts {
		scope := string(c.Round) + "/" + string(c.Village) + "/" + string(c.Person)
		changes[i] = Change{Op: Insert, Kind: Contacts, ID: numbered(scope, c.Number), Doc: c}
	}
	return s.engine.Apply(ctx, audit(rec), changes...)
}

// Replacements returns the replacements of a round, of all villages or of one, by
// village and number.
func (s *Store) Replacements(ctx context.Context, round survey.RoundID, village territory.Code) ([]conduct.Replacement, error) {
	return all[conduct.Replacement](ctx, s.engine, Range{Kind: Replacements, Prefix: scopePrefix(round, village)})
}

// AddReplacement voids the codes of who is replaced, then adds the replacement;
// a reserve that took a place already is a Conflict. Its number is the reserve's
// place in drawn order, so each reserve is used once and in turn.
func (s *Store) AddReplacement(ctx context.Context, rec account.Record, r conduct.Replacement, voids []survey.Pass) error {
	changes := append(voided(voids), Change{Op: Insert, Kind: Replacements, ID: numbered(string(r.Round)+"/"+string(r.Village), r.Number), Doc: r})
	return s.engine.Apply(ctx, audit(rec), changes...)
}
