package sampling

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"io"

	"hailong/fault"
)

// comparison compares the lines of a frame, as they are made, with frame.lines
// of the draw.
type comparison struct {
	was    io.ReadSeeker // nil if it is not at hand
	in     *bufio.Reader
	rows   int // lines compared or counted
	at     int // of the first difference, if differ
	differ bool
	is     [2][]byte // the line of the frame there, and the next
	buffer [lineLength]byte
}

func newComparison(was io.ReadSeeker) *comparison {
	c := &comparison{was: was}
	if was != nil {
		c.in = bufio.NewReaderSize(was, 1<<16)
	}
	return c
}

// writer is what the frame's lines go to, nil if they are not compared.
func (c *comparison) writer() io.Writer {
	if c.was == nil {
		return nil
	}
	return c
}

// Write takes whole lines of the frame.
func (c *comparison) Write(lines []byte) (int, error) {
	for line := range bytes.SplitAfterSeq(lines, []byte{'\n'}) {
		if len(line) == 0 {
			continue
		}
		switch {
		case !c.differ:
			n, err := io.ReadFull(c.in, c.buffer[:])
			if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
				return 0, err
			}
			if !bytes.Equal(c.buffer[:n], line) {
				c.differ, c.at = true, c.rows
				c.is[0] = bytes.Clone(line)
			}
		case c.is[1] == nil:
			c.is[1] = bytes.Clone(line)
		}
		c.rows++
	}
	return len(lines), nil
}

// result says whether the frame is the receipt's, and else which row is the
// first that is not as it was at the draw, if that can be said.
func (c *comparison) result(r Receipt, digest Digest) error {
	if c.was == nil {
		if digest != r.FrameDigest {
			return differs("draw.frame_differs", r.FrameDigest, digest)
		}
		return nil
	}
	if !c.differ {
		c.at = c.rows
		if _, err := c.in.ReadByte(); err == io.EOF && digest == r.FrameDigest {
			return nil
		}
	}
	was, err := c.look()
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "draw.input")
	}
	switch {
	case was.digest == r.FrameDigest && digest == r.FrameDigest:
		return nil
	case digest == r.FrameDigest:
		return differs("draw.lines_changed", r.FrameDigest, was.digest)
	case was.digest != r.FrameDigest:
		return differs("draw.lines_differ", r.FrameDigest, was.digest)
	}
	return fault.Of(fault.Invalid, []fault.Problem{c.problem(was).AtRow(c.at+1, "")})
}

// formerLines is what frame.lines of the draw says about the place of the first
// difference.
type formerLines struct {
	digest Digest
	rows   int
	was    [2][]byte // the line there, and the next
	moved  int       // where the frame's line stood further down; 0 if nowhere
}

// look reads frame.lines again.
func (c *comparison) look() (f formerLines, err error) {
	if _, err := c.was.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	c.in.Reset(c.was)
	all := sha256.New()
	for {
		n, err := io.ReadFull(c.in, c.buffer[:])
		line := c.buffer[:n]
		all.Write(line)
		if n > 0 {
			switch {
			case f.rows == c.at || f.rows == c.at+1:
				f.was[f.rows-c.at] = bytes.Clone(line)
			}
			if f.moved == 0 && f.rows > c.at && bytes.Equal(line, c.is[0]) {
				f.moved = f.rows
			}
			f.rows++
		}
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			f.digest = digestFrom(all.Sum(nil))
			return f, nil
		case err != nil:
			return f, err
		}
	}
}

// problem says what happened at the first place where two lists differ. Of
// several explanations the one that leaves the next rows equal is taken.
func (c *comparison) problem(f formerLines) fault.Problem {
	text := func(line []byte) string { return string(bytes.TrimSuffix(line, []byte{'\n'})) }
	switch {
	case c.at == c.rows:
		return fault.P("draw.rows_missing", "rows", f.rows-c.rows)
	case c.at >= f.rows:
		return fault.P("draw.rows_added", "rows", c.rows-f.rows)
	case c.rows < f.rows && bytes.Equal(c.is[0], f.was[1]):
		return fault.P("draw.row_missing", "digest", text(f.was[0]))
	case c.rows > f.rows && bytes.Equal(f.was[0], c.is[1]):
		return fault.P("draw.row_added", "digest", text(c.is[0]))
	case f.moved > 0:
		return fault.P("draw.row_moved", "from", f.moved+1)
	}
	return fault.P("draw.row_changed", "was", text(f.was[0]), "is", text(c.is[0]))
}
