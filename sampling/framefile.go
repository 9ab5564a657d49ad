package sampling

import (
	"io"
	"slices"

	"hailong/fault"
)

// FrameFile is a frame that stays in its file: every pass reads it again, so
// that a country's people can be drawn from in the memory of a small computer.
type FrameFile struct {
	header
	open Open
}

// Open opens a frame's file at its beginning.
type Open func() (io.ReadCloser, error)

// errSeen ends a pass early.
var errSeen = fault.New(fault.Internal, "internal")

// OpenFrame reads the names of the columns. Errors: those of opening, and of
// ReadFrame as far as the first row goes; the other rows are checked by every
// pass.
func OpenFrame(open Open) (FrameFile, error) {
	f := FrameFile{open: open}
	err := f.read(func(h header) error { f.header = h; return errSeen }, nil, newLineHash(nil))
	if err == error(errSeen) {
		err = nil
	}
	return f, err
}

// Pass goes through the rows, as Rows says. Errors: those of ReadFrame, and
// frame.changed if another header is met than at first.
func (f FrameFile) Pass(visit Visit, out io.Writer) (Digest, error) {
	lines := newLineHash(out)
	if err := f.read(func(h header) error {
		if !slices.Equal(h.columns, f.columns) {
			return fault.New(fault.Conflict, "frame.changed")
		}
		return nil
	}, visit, lines); err != nil {
		return "", err
	}
	return lines.digest()
}

func (f FrameFile) read(begin func(header) error, visit Visit, lines *lineHash) error {
	in, err := f.open()
	if err != nil {
		return err
	}
	defer in.Close()
	return newRowReader(in).pass(begin, visit, lines)
}
