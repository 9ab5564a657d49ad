package sampling

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"

	"hailong/fault"
)

// lineLength is the length of one line of frame.lines: 64 hexadecimal digits, LF.
const lineLength = 2*sha256.Size + 1

// lineHash makes frame.lines of canonical rows, and the digest of it.
type lineHash struct {
	all   hash.Hash
	out   io.Writer // gets the lines, unless nil
	text  []byte
	lines int
	err   error // of out; nothing is written after it
}

func newLineHash(out io.Writer) *lineHash { return &lineHash{all: sha256.New(), out: out} }

// add takes the next rows in canonical form, without their LF.
func (h *lineHash) add(rows [][]byte) {
	h.text = h.text[:0]
	for _, row := range rows {
		sum := sha256.Sum256(row)
		h.text = append(hex.AppendEncode(h.text, sum[:]), '\n')
	}
	h.lines += len(rows)
	h.all.Write(h.text)
	if h.out != nil && h.err == nil {
		_, h.err = h.out.Write(h.text)
	}
}

// digest is the SHA-256 of all lines.
func (h *lineHash) digest() (Digest, error) {
	if h.err != nil {
		return "", fault.Wrap(h.err, fault.Unavailable, "draw.output")
	}
	return digestFrom(h.all.Sum(nil)), nil
}

// batch is some rows of a frame file on their way to be hashed.
type batch struct {
	raw   []byte   // whole rows as they stand in the file
	other []byte   // canonical form of rows that stand there otherwise
	rows  [][]byte // canonical rows: parts of raw and other
}

// batchesAtOnce is how many batches are read, parsed or hashed at a time.
const batchesAtOnce = 4

// hashing hashes batches on a second processor while the next ones are parsed.
type hashing struct {
	full, free chan *batch
	done       chan struct{}
}

// start hashes what comes through the channel full until that is closed.
func (h *lineHash) start() *hashing {
	p := &hashing{make(chan *batch, batchesAtOnce), make(chan *batch, batchesAtOnce), make(chan struct{})}
	for range batchesAtOnce {
		p.free <- &batch{}
	}
	go func() {
		defer close(p.done)
		for b := range p.full {
			h.add(b.rows)
			b.other, b.rows = b.other[:0], b.rows[:0]
			p.free <- b
		}
	}()
	return p
}

// wait returns when everything is hashed.
func (p *hashing) wait() {
	close(p.full)
	<-p.done
}
