package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hailong/fault"
)

// sweepBatch is how many documents go in one commit.
const sweepBatch = 200

// Sweep deletes the documents of the range that are over, and returns how many.
// One that changed after over looked at it is spared, so a session renewed
// meanwhile survives.
func Sweep(ctx context.Context, e Engine, r Range, over func(Row) (bool, error)) (int, error) {
	swept := 0
	var batch []Change
	flush := func() error {
		n, err := deleteAll(ctx, e, batch)
		swept, batch = swept+n, batch[:0]
		return err
	}
	for row, err := range e.Scan(ctx, r) {
		if err != nil {
			return swept, err
		}
		gone, err := over(row)
		if err != nil {
			return swept, err
		}
		if gone {
			batch = append(batch, Change{Op: Delete, Kind: r.Kind, ID: row.ID, Revision: row.Revision})
		}
		if len(batch) == sweepBatch {
			if err := flush(); err != nil {
				return swept, err
			}
		}
	}
	return swept, flush()
}

// deleteAll deletes in one commit or, if one of them changed meanwhile, singly.
func deleteAll(ctx context.Context, e Engine, batch []Change) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	err := e.Apply(ctx, Unaudited, batch...)
	if !fault.Is(err, fault.Conflict) {
		if err != nil {
			return 0, err
		}
		return len(batch), nil
	}
	deleted := 0
	for _, change := range batch {
		switch err := e.Apply(ctx, Unaudited, change); {
		case err == nil:
			deleted++
		case !fault.Is(err, fault.Conflict):
			return deleted, err
		}
	}
	return deleted, nil
}

func dropUpload(ctx context.Context, e Engine, upload string) error {
	r := Range{Kind: Chunks, Prefix: upload + "/"}
	_, err := Sweep(ctx, e, r, func(Row) (bool, error) { return true, nil })
	return err
}

// SweepBlobs deletes the blobs that live does not name, and what broken-off
// uploads left; both only if stored before the time given, which leaves a blob
// just stored the time to be named and an upload the time to finish. It returns
// how many uploads it deleted.
func SweepBlobs(ctx context.Context, e Engine, live func(Digest) bool, before time.Time) (int, error) {
	_, err := Sweep(ctx, e, Range{Kind: Blobs}, func(row Row) (bool, error) {
		var head blobHead
		err := row.Doc.Decode(&head)
		return head.Stored.Before(before) && !live(Digest(row.ID)), err
	})
	if err != nil {
		return 0, err
	}
	named, err := namedUploads(ctx, e)
	if err != nil {
		return 0, err
	}
	return sweepUploads(ctx, e, named, before)
}

// namedUploads reads the heads that are left. It must run after the sweep of
// heads, since one of them may have been renewed and spared meanwhile.
func namedUploads(ctx context.Context, e Engine) (map[string]bool, error) {
	named := make(map[string]bool)
	for row, err := range e.Scan(ctx, Range{Kind: Blobs}) {
		if err != nil {
			return nil, err
		}
		var head blobHead
		if err := row.Doc.Decode(&head); err != nil {
			return nil, err
		}
		named[head.Upload] = true
	}
	return named, nil
}

// sweepUploads deletes the chunks of old uploads that no head names. It reads one
// chunk of each upload.
func sweepUploads(ctx context.Context, e Engine, named map[string]bool, before time.Time) (int, error) {
	swept, end := 0, fmt.Sprintf("%011x", before.Unix())
	for after := ""; ; {
		upload, err := firstUpload(ctx, e, after)
		if err != nil || upload == "" || upload >= end {
			return swept, err
		}
		if !named[upload] {
			if err := dropUpload(ctx, e, upload); err != nil {
				return swept, err
			}
			swept++
		}
		after = upload + "0" // the byte after "/", behind all chunks of the upload
	}
}

// firstUpload returns the first upload with a chunk after the id, or "".
func firstUpload(ctx context.Context, e Engine, after string) (string, error) {
	for row, err := range e.Scan(ctx, Range{Kind: Chunks, After: after, Limit: 1}) {
		if err != nil {
			return "", err
		}
		upload, _, _ := strings.Cut(row.ID, "/")
		return upload, nil
	}
	return "", nil
}
