package store

import (
	"context"

	"hailong/fault"
)

// Limits of one insert while copying.
const (
	copyRows  = 500
	copyBytes = 4 << 20
)

// Copy copies all documents with their revisions to another engine, such as from
// the embedded one to MongoDB, and returns how many. Nobody may write to either
// meanwhile. A Conflict fault "store.not_empty" says that the other holds data
// already. The documents of kind Schema come last: a copy that was broken off
// leaves none, so it may be run again, and takes what is there as copied.
func Copy(ctx context.Context, from, to Engine) (int64, error) {
	if n, err := to.Count(ctx, Schema, ""); err != nil {
		return 0, err
	} else if n > 0 {
		return 0, fault.New(fault.Conflict, "store.not_empty")
	}
	var copied int64
	for i := range Kinds {
		kind := Kinds[len(Kinds)-1-i] // Schema is the first
		n, err := copyKind(ctx, from, to, kind)
		if copied += n; err != nil {
			return copied, err
		}
	}
	return copied, nil
}

func copyKind(ctx context.Context, from, to Engine, kind Kind) (copied int64, err error) {
	var batch []Row
	size := 0
	flush := func() error {
		outcomes, err := to.InsertMany(ctx, kind, batch)
		if err != nil {
			return err
		}
		for _, err := range outcomes {
			if err != nil && !fault.Is(err, fault.Conflict) {
				return err
			}
		}
		copied += int64(len(batch))
		batch, size = nil, 0
		return nil
	}
	for row, err := range from.Scan(ctx, Range{Kind: kind}) {
		if err != nil {
			return copied, err
		}
		batch, size = append(batch, row), size+len(row.Doc)
		if len(batch) == copyRows || size >= copyBytes {
			if err := flush(); err != nil {
				return copied, err
			}
		}
	}
	return copied, flush()
}
