package console

import (
	"context"
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
		content, err := files.Draw(v.ctx(), c.Uploads, d, file)
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
	return v.archive(string(v.round.ID)+"-draws.zip", files.Draws(c.Uploads, attempts))
}

// reader reads stored files whole.
func (c *Console) reader(ctx context.Context) files.Reader {
	return func(digest string) ([]byte, error) {
		stored, err := c.Uploads.OpenBlob(ctx, digest)
		if err != nil {
			return nil, err
		}
		defer stored.Close() // only read from
		return io.ReadAll(stored)
	}
}

// archive sends a zip that is made on the way.
func (v *visit) archive(name string, entries []files.Entry) error {
	return files.SendArchive(v.Ctx, name, entries, func() {})
}

// file sends a file to be saved under a name of plain characters.
func (v *visit) file(name string, content []byte) error { return files.Send(v.Ctx, name, content) }
