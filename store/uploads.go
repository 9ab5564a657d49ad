package store

import (
	"context"
	"time"

	"hailong/conduct"
)

// SweepUploads deletes the files that nothing names and that were stored before
// the time given: files that an import previewed and nobody confirmed, or
// confirmed, by which their content was taken over. A village list names people,
// so none of them may stay. The files of draws and editions are kept. It returns
// how many uploads it deleted.
func (s *Store) SweepUploads(ctx context.Context, before time.Time) (int, error) {
	named, err := s.namedBlobs(ctx)
	if err != nil {
		return 0, err
	}
	return SweepBlobs(ctx, s.engine, func(d Digest) bool { return named[d] }, before)
}

// namedBlobs are the files of all draws and editions. One that is named after
// this was read was stored, or stored again, after it too, and is too young to
// be swept.
func (s *Store) namedBlobs(ctx context.Context) (map[Digest]bool, error) {
	named := make(map[Digest]bool)
	for _, kind := range []Kind{Draws, Rechecks} {
		for d, err := range each[conduct.Draw](ctx, s.engine, Range{Kind: kind}) {
			if err != nil {
				return nil, err
			}
			named[Digest(d.Frame)], named[Digest(d.Sample)] = true, true
		}
	}
	for head, err := range each[conduct.EditionHead](ctx, s.engine, Range{Kind: Editions}) {
		if err != nil {
			return nil, err
		}
		named[Digest(head.Edition)], named[Digest(head.Tally)] = true, true
	}
	return named, nil
}
