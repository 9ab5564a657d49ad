package store

import (
	"context"
	"io"

	"hailong/account"
	"hailong/conduct"
	"hailong/survey"
)

func drawID(d conduct.Draw) string { return numbered(string(d.Round), int(d.Stage), d.Attempt) }

// Draws returns the attempts of a round by stage and attempt.
func (s *Store) Draws(ctx context.Context, round survey.RoundID) ([]conduct.Draw, error) {
	var list []conduct.Draw
	for row, err := range s.engine.Scan(ctx, Range{Kind: Draws, Prefix: string(round) + "/"}) {
		if err != nil {
			return nil, err
		}
		d := conduct.Draw{}
		if err := row.Doc.Decode(&d); err != nil {
			return nil, err
		}
		d.Revision = row.Revision
		list = append(list, d)
	}
	return list, nil
}

// AddDraw adds an attempt to a round; one of the same number is a Conflict, and
// so is a round that was changed since it was read. The round is written first,
// as it was: whoever read it before may not open it any more.
func (s *Store) AddDraw(ctx context.Context, rec account.Record, r survey.Round, d conduct.Draw) error {
	return s.engine.Apply(ctx, audit(rec), replaceRound(r), Change{Op: Insert, Kind: Draws, ID: drawID(d), Doc: d})
}

// ReplaceDraw changes an attempt that nobody changed since it was read, of a
// round likewise.
func (s *Store) ReplaceDraw(ctx context.Context, rec account.Record, r survey.Round, d conduct.Draw) error {
	return s.engine.Apply(ctx, audit(rec), replaceRound(r),
		Change{Op: Replace, Kind: Draws, ID: drawID(d), Revision: d.Revision, Doc: d})
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
