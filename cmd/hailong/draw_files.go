package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"

	"hailong/fault"
	"hailong/sampling"
)

// frameMemory is what a draw from a file keeps to as long as its result allows
// it; a limit in GOMEMLIMIT goes before.
const frameMemory = 160 << 20

// openFrame opens a frame that is read anew at every pass, however large.
func openFrame(path string) (sampling.FrameFile, error) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(frameMemory)
	}
	frame, err := sampling.OpenFrame(func() (io.ReadCloser, error) {
		in, err := os.Open(path)
		if err != nil {
			return nil, fault.Wrap(err, fault.NotFound, "draw.input")
		}
		return in, nil
	})
	return frame, fault.InFile(err, path)
}

// scratchFile is a temporary file that goes when it is closed.
type scratchFile struct{ *os.File }

// scratch makes a temporary file in the system's folder for them (TMPDIR).
func scratch() (sampling.ScratchFile, error) {
	f, err := os.CreateTemp("", "hailong-*")
	return scratchFile{f}, err
}

// Close closes and removes the file.
func (f scratchFile) Close() error { return errors.Join(f.File.Close(), os.Remove(f.Name())) }

// pending is a file that appears whole or not at all.
type pending struct {
	*os.File
	path string
	made bool // with its folder
}

// newPending begins a file, and the folder it belongs into.
func newPending(path string) (*pending, error) {
	p := &pending{path: path}
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		p.made = true
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, p.failed(err)
	}
	var err error
	if p.File, err = os.CreateTemp(dir, ".draw-*"); err != nil {
		return nil, p.failed(err)
	}
	return p, nil
}

// keep puts the file in its place.
func (p *pending) keep() error {
	err := errors.Join(p.Chmod(0o644), p.Sync(), p.Close())
	if err == nil {
		err = os.Rename(p.Name(), p.path)
	}
	return p.failed(err)
}

// drop removes what was not kept, and a folder that was made for it.
func (p *pending) drop() {
	p.Close() // of a kept file the second time, which only says so
	os.Remove(p.Name())
	if p.made {
		os.Remove(filepath.Dir(p.path)) // only if it is empty
	}
}

func (p *pending) failed(err error) error {
	if err == nil {
		return nil
	}
	return fault.InFile(fault.Wrap(err, fault.Unavailable, "draw.output"), p.path)
}

// writeWhole writes a file whole or not at all.
func writeWhole(path string, content []byte) error {
	out, err := newPending(path)
	if err != nil {
		return err
	}
	defer out.drop()
	if _, err := out.Write(content); err != nil {
		return out.failed(err)
	}
	return out.keep()
}
