package files

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Entry is one file of an archive, written when its turn comes.
type Entry struct {
	Name  string // with its folder
	Write func(ctx context.Context, w io.Writer) error
}

// Archive writes a zip of files, one after the other, each as it is made.
func Archive(ctx context.Context, w io.Writer, entries []Entry) error {
	archive := zip.NewWriter(w)
	for _, e := range entries {
		file, err := archive.Create(e.Name)
		if err != nil {
			return err
		}
		if err := e.Write(ctx, file); err != nil {
			return err
		}
	}
	return archive.Close()
}

// archiveTimeout bounds the making of an archive, however slowly it is fetched.
const archiveTimeout = 15 * time.Minute

// errUnfinished is why an archive was cut off whose making stopped short.
var errUnfinished = errors.New("archive unfinished")

// SendArchive answers with an archive that is made while it is sent, so that its
// size costs no memory. done is called when it was sent or given up. What goes wrong
// on the way cuts the answer off: the client sees a broken download and never takes a
// part for the whole. Entries are written after the handler has returned and must
// not hold the request.
func SendArchive(c *fiber.Ctx, name string, entries []Entry, done func()) error {
	setNamed(c, name)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), archiveTimeout)
	body, pipe := io.Pipe()
	go func() {
		defer done()
		defer cancel()
		err := errUnfinished
		defer func() {
			if recover() != nil { // no request is there to fail instead
				err = errUnfinished
			}
			pipe.CloseWithError(err) // nil ends the answer, any other cuts it off
		}()
		out := bufio.NewWriterSize(pipe, 64<<10)
		if err = Archive(ctx, out, entries); err == nil {
			err = out.Flush()
		}
	}()
	c.Context().SetBodyStream(body, -1) // the server closes it, whereupon writing fails
	return nil
}
