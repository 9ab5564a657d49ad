package store

import (
	"context"
	"iter"
	"sync"

	"hailong/account"
	"hailong/fault"
	"hailong/survey"
)

// AddResponse stores one answer sheet together with whatever else arrives at
// the same time, and returns when it is durable. The same content again is
// Repeated; another content for the same ballot is a Conflict.
func (s *Store) AddResponse(ctx context.Context, r survey.Response) (survey.Outcome, error) {
	sheet, err := s.sheet(ctx, r)
	if err != nil {
		return "", err
	}
	err = s.responses.Insert(ctx, string(r.ID), sheet)
	if err == nil {
		return survey.Stored, nil
	}
	if !fault.Is(err, fault.Conflict) {
		return "", err
	}
	stored, _, err := get[survey.Sheet](ctx, s.engine, Responses, string(r.ID))
	if err != nil {
		return "", err
	}
	if stored.Digest != r.Digest {
		return "", fault.New(fault.Conflict, "ballot.answered")
	}
	return survey.Repeated, nil
}

// sheet makes of a response what is kept of it.
func (s *Store) sheet(ctx context.Context, r survey.Response) (survey.Sheet, error) {
	columns, err := s.columns.of(ctx, s.engine, r.Questionnaire)
	if err != nil {
		return survey.Sheet{}, err
	}
	return r.Sheet(columns)
}

func (s *Store) response(ctx context.Context, sheet survey.Sheet) (survey.Response, error) {
	columns, err := s.columns.of(ctx, s.engine, sheet.Questionnaire)
	if err != nil {
		return survey.Response{}, err
	}
	return sheet.Open(columns)
}

// columnsCache keeps the columns of the questionnaires that answers came to. It
// never forgets: a published questionnaire does not change, and they are few.
type columnsCache struct{ known sync.Map } // survey.Ref to survey.Columns

func (c *columnsCache) of(ctx context.Context, e Engine, ref survey.Ref) (survey.Columns, error) {
	if known, ok := c.known.Load(ref); ok {
		return known.(survey.Columns), nil
	}
	q, _, err := get[survey.Questionnaire](ctx, e, Questionnaires, string(ref))
	if err != nil {
		return nil, err
	}
	columns := survey.ColumnsOf(q)
	c.known.Store(ref, columns)
	return columns, nil
}

// responsesAtOnce bounds one call of AddResponses to the engine.
const responsesAtOnce = 1000

// AddResponses stores many answer sheets at once; it stops at the first that
// cannot be stored.
func (s *Store) AddResponses(ctx context.Context, rs []survey.Response) error {
	for len(rs) > 0 {
		part := rs[:min(len(rs), responsesAtOnce)]
		rs = rs[len(part):]
		rows := make([]Row, len(part))
		for i, r := range part {
			sheet, err := s.sheet(ctx, r)
			if err != nil {
				return err
			}
			doc, err := Encode(sheet)
			if err != nil {
				return err
			}
			rows[i] = Row{ID: string(r.ID), Doc: doc}
		}
		outcomes, err := s.engine.InsertMany(ctx, Responses, rows)
		if err != nil {
			return err
		}
		for _, err := range outcomes {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Responses streams the answer sheets whose ballot IDs begin with the prefix.
func (s *Store) Responses(ctx context.Context, prefix string) iter.Seq2[survey.Response, error] {
	return func(yield func(survey.Response, error) bool) {
		for sheet, err := range each[survey.Sheet](ctx, s.engine, Range{Kind: Responses, Prefix: prefix}) {
			var r survey.Response
			if err == nil {
				r, err = s.response(ctx, sheet)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// CountResponses counts answer sheets from their identifiers alone.
func (s *Store) CountResponses(ctx context.Context, prefix string) (int64, error) {
	return s.engine.Count(ctx, Responses, prefix)
}

// DeleteResponse erases one answer sheet; one that is gone already is NotFound
// or, if it went this moment, a Conflict, and leaves no record: the records of
// erasing are counted.
func (s *Store) DeleteResponse(ctx context.Context, rec account.Record, id survey.BallotID) error {
	row, err := s.engine.Get(ctx, Responses, string(id))
	if err != nil {
		return err
	}
	return s.engine.Apply(ctx, audit(rec), Change{Op: Delete, Kind: Responses, ID: string(id), Revision: row.Revision})
}
