package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"hailong/fault"
)

// Digest names a blob by its content: "sha256:" and 64 hexadecimal digits.
type Digest string

// chunkBytes keeps a chunk's document, in base64, under 1 MiB.
const chunkBytes = 720 << 10

// blobHead is the document that makes a blob exist. It is written after the
// chunks, which lie under the name of the upload that brought them.
type blobHead struct {
	Upload string    `json:"upload"`
	Chunks int       `json:"chunks"`
	Bytes  int64     `json:"bytes"`
	Stored time.Time `json:"stored"`
}

type blobChunk struct {
	Bytes []byte `json:"bytes"`
}

func chunkID(upload string, position int) string { return fmt.Sprintf("%s/%06d", upload, position) }

// PutBlob stores what r holds and returns its digest; the same content is kept
// once. Nothing may name a blob before PutBlob returned, and SweepBlobs spares it
// for a while so that it can be named. An error of r is returned as it is.
func PutBlob(ctx context.Context, e Engine, r io.Reader) (Digest, error) {
	head := blobHead{Upload: newUpload(), Stored: time.Now().UTC()}
	digest, err := putChunks(ctx, e, r, &head)
	if err == nil {
		err = putHead(ctx, e, digest, head)
	}
	return digest, err
}

// newUpload makes a name that is new and sorts by time.
func newUpload() string { return fmt.Sprintf("%011x-%s", time.Now().Unix(), rand.Text()) }

func putChunks(ctx context.Context, e Engine, r io.Reader, head *blobHead) (Digest, error) {
	sum, buffer := sha256.New(), make([]byte, chunkBytes)
	for {
		n, err := io.ReadFull(r, buffer)
		if n > 0 {
			sum.Write(buffer[:n])
			change := Change{Op: Insert, Kind: Chunks, ID: chunkID(head.Upload, head.Chunks), Doc: blobChunk{buffer[:n]}}
			if err := e.Apply(ctx, Unaudited, change); err != nil {
				return "", err
			}
			head.Chunks++
			head.Bytes += int64(n)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return digestOf(sum), nil
		}
		if err != nil {
			return "", err
		}
	}
}

func digestOf(sum hash.Hash) Digest { return Digest("sha256:" + hex.EncodeToString(sum.Sum(nil))) }

// putHead makes the blob exist, or renews the one of the same content, whose
// chunks then serve. Every round lost was won by somebody else, so it ends.
func putHead(ctx context.Context, e Engine, digest Digest, head blobHead) error {
	for {
		err := e.Apply(ctx, Unaudited, Change{Op: Insert, Kind: Blobs, ID: string(digest), Doc: head})
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		old, revision, err := getHead(ctx, e, digest)
		if fault.Is(err, fault.NotFound) {
			continue
		} else if err != nil {
			return err
		}
		old.Stored = head.Stored
		err = e.Apply(ctx, Unaudited, Change{Op: Replace, Kind: Blobs, ID: string(digest), Revision: revision, Doc: old})
		if err == nil {
			return dropUpload(ctx, e, head.Upload)
		} else if !fault.Is(err, fault.Conflict) {
			return err
		}
	}
}

func getHead(ctx context.Context, e Engine, digest Digest) (head blobHead, revision int64, err error) {
	row, err := e.Get(ctx, Blobs, string(digest))
	if err == nil {
		err = row.Doc.Decode(&head)
	}
	return head, row.Revision, err
}

// OpenBlob returns the content, or a NotFound fault. Reading checks it against
// the digest and ends with an Internal fault "store.damaged" if it differs.
func OpenBlob(ctx context.Context, e Engine, digest Digest) (io.ReadCloser, error) {
	head, _, err := getHead(ctx, e, digest)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(&blobReader{ctx: ctx, engine: e, digest: digest, head: head, sum: sha256.New()}), nil
}

type blobReader struct {
	ctx    context.Context
	engine Engine
	digest Digest
	head   blobHead
	next   int // position of the chunk to read next
	rest   []byte
	sum    hash.Hash
}

// Read implements io.Reader.
func (b *blobReader) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.next == b.head.Chunks {
			if digestOf(b.sum) != b.digest {
				return 0, fault.New(fault.Internal, "store.damaged")
			}
			return 0, io.EOF
		}
		row, err := b.engine.Get(b.ctx, Chunks, chunkID(b.head.Upload, b.next))
		if err != nil {
			return 0, fault.Wrap(err, fault.Internal, "store.damaged")
		}
		var chunk blobChunk
		if err := row.Doc.Decode(&chunk); err != nil {
			return 0, err
		}
		b.sum.Write(chunk.Bytes)
		b.rest, b.next = chunk.Bytes, b.next+1
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}
