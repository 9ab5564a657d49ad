package sampling

import (
	"io"

	"hailong/fault"
)

// Scratch makes an empty file for what a draw does not hold in memory. Closing
// it removes it.
type Scratch func() (ScratchFile, error)

// ScratchFile is written from beginning to end, and read anywhere.
type ScratchFile interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// spool keeps blocks of bytes in a scratch file, or without one in memory.
type spool struct {
	scratch Scratch
	file    ScratchFile
	size    int64
}

// extent is where a block lies.
type extent struct {
	held   []byte // in memory
	at     int64
	length int
}

// put keeps a copy of a block.
func (s *spool) put(block []byte) (extent, error) {
	if s.scratch == nil {
		return extent{held: append([]byte(nil), block...), length: len(block)}, nil
	}
	if s.file == nil {
		var err error
		if s.file, err = s.scratch(); err != nil {
			return extent{}, spoolError(err)
		}
	}
	e := extent{at: s.size, length: len(block)}
	n, err := s.file.Write(block)
	s.size += int64(n)
	return e, spoolError(err)
}

// get returns the block's bytes from an offset on, as many as fit into the buffer.
func (s *spool) get(e extent, from int, buffer []byte) ([]byte, error) {
	buffer = buffer[:min(cap(buffer), e.length-from)]
	if e.held != nil {
		return buffer[:copy(buffer, e.held[from:])], nil
	}
	n, err := s.file.ReadAt(buffer, e.at+int64(from))
	if n == len(buffer) {
		err = nil
	}
	return buffer[:n], spoolError(err)
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	return spoolError(s.file.Close())
}

func spoolError(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(err, fault.Unavailable, "draw.scratch")
}
