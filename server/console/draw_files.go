package console

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	"hailong/fault"
	"hailong/server/files"
)

// drawFile sends one file of an attempt.
func (c *Console) drawFile(v *visit) error {
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	stage, number, file := v.param("stage"), v.param("attempt"), v.param("file")
	for _, d := range attempts {
		if strconv.Itoa(int(d.Stage)) != stage || strconv.Itoa(d.Attempt) != number || !slices.Contains(files.OfDraw(d), file) {
			continue
		}
		content, err := files.Draw(c.reader(v), d, file)
		if err != nil {
			return err
		}
		return v.file(file, content)
	}
	return fault.New(fault.NotFound, "http.no_page")
}

// drawArchive sends the files of all attempts, a folder each.
func (c *Console) drawArchive(v *visit) error {
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := files.Archive(&out, files.Draws(c.reader(v), attempts)); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-draws.zip", out.Bytes())
}

// reader reads stored files whole.
func (c *Console) reader(v *visit) files.Reader {
	return func(digest string) ([]byte, error) {
		stored, err := c.Uploads.OpenBlob(v.ctx(), digest)
		if err != nil {
			return nil, err
		}
		defer stored.Close() // only read from
		return io.ReadAll(stored)
	}
}

// file sends a file to be saved under a name of plain characters.
func (v *visit) file(name string, content []byte) error { return files.Send(v.Ctx, name, content) }
