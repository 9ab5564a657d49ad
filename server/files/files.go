// Package files makes the files of a round that more than one hand gives out, so
// that all give the very same: the public ones, by which anybody repeats its draws
// and computes its figures again, and the list of a re-check.
package files

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/sampling"
)

// kinds are the media types of what is downloaded.
var kinds = map[string]string{
	".csv": "text/csv; charset=utf-8", ".json": fiber.MIMEApplicationJSONCharsetUTF8, ".pdf": "application/pdf",
	".xlsx":  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".lines": fiber.MIMETextPlainCharsetUTF8, ".zip": "application/zip",
}

// Send answers with a file to be saved under a name of plain characters.
func Send(c *fiber.Ctx, name string, content []byte) error {
	setNamed(c, name)
	return c.Send(content)
}

// setNamed says what comes, and under which name it is to be saved.
func setNamed(c *fiber.Ctx, name string) {
	c.Set(fiber.HeaderContentType, kinds[name[strings.LastIndexByte(name, '.'):]])
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
}

// OfDraw are the names of the files by which anybody can repeat an attempt, as
// far as it has come. Before the event these are the frame, the plan and the
// commitment: whoever keeps them sees any change made after it. Frame and sample of
// a re-check are not among them: to whoever learns a pseudonym they would tell
// that somebody answered.
func OfDraw(d conduct.Draw) []string {
	if d.Stage == conduct.Recheck {
		if d.Done() {
			return []string{"plan.json", "commitment.json", "receipt.json"}
		}
		return []string{"plan.json", "commitment.json"}
	}
	files := []string{"frame.csv", "plan.json", "commitment.json"}
	if d.Done() {
		files = append(files, "receipt.json", "sample.csv", "frame.lines")
	}
	return files
}

// DrawFolder is where archives keep an attempt's files, as the command line
// writes them.
func DrawFolder(d conduct.Draw) string {
	if d.Stage == conduct.Recheck {
		return fmt.Sprintf("recheck-attempt-%d", d.Attempt)
	}
	return fmt.Sprintf("draw-%d-attempt-%d", d.Stage, d.Attempt)
}

// OfRecheck are the names of the files by which somebody who oversees a round can
// repeat an attempt at a re-check: frame and sample, by pseudonyms, are among them.
func OfRecheck(d conduct.Draw) []string {
	files := []string{"frame.csv", "plan.json", "commitment.json"}
	if d.Done() {
		files = append(files, "receipt.json", "sample.csv")
	}
	return files
}

// Blobs are the stored files, by digest.
type Blobs interface {
	OpenBlob(ctx context.Context, digest string) (io.ReadCloser, error)
}

// WriteDraw writes one of an attempt's files, row by row where it is long.
func WriteDraw(ctx context.Context, w io.Writer, blobs Blobs, d conduct.Draw, name string) (err error) {
	digest := d.Frame
	switch name {
	case "plan.json":
		_, err = w.Write(d.Plan.Canonical())
		return err
	case "commitment.json":
		_, err = w.Write(d.Commitment.Encode())
		return err
	case "receipt.json":
		_, err = w.Write(d.Receipt.Encode())
		return err
	case "sample.csv":
		digest = d.Sample
	}
	blob, err := blobs.OpenBlob(ctx, digest)
	if err != nil {
		return err
	}
	defer blob.Close() // only read from
	if name == "frame.lines" {
		return sampling.WriteLines(w, blob)
	}
	_, err = io.Copy(w, blob)
	return err
}

// Draw is the content of one of an attempt's files.
func Draw(ctx context.Context, blobs Blobs, d conduct.Draw, name string) ([]byte, error) {
	var out bytes.Buffer
	err := WriteDraw(ctx, &out, blobs, d, name)
	return out.Bytes(), err
}

// Reader returns the content of a stored file by its digest.
type Reader func(digest string) ([]byte, error)

// DrawEntries are files of an attempt in a folder of an archive, "" for none.
func DrawEntries(blobs Blobs, d conduct.Draw, folder string, names []string) []Entry {
	var entries []Entry
	for _, name := range names {
		entries = append(entries, Entry{path.Join(folder, name), func(ctx context.Context, w io.Writer) error { return WriteDraw(ctx, w, blobs, d, name) }})
	}
	return entries
}

// Draws are the files of all attempts, a folder each.
func Draws(blobs Blobs, attempts []conduct.Draw) []Entry {
	var entries []Entry
	for _, d := range attempts {
		entries = append(entries, DrawEntries(blobs, d, DrawFolder(d), OfDraw(d))...)
	}
	return entries
}

// VerifyDraws are the commands that repeat the draws that count, from the folder
// into which an archive was unpacked.
func VerifyDraws(attempts []conduct.Draw) []string {
	var commands []string
	for _, stage := range conduct.Stages {
		d, _ := conduct.Current(attempts, stage)
		if !d.Done() {
			continue
		}
		folder := DrawFolder(d)
		command := fmt.Sprintf("hailong verify --frame %[1]s/frame.csv --receipt %[1]s/receipt.json --sample %[1]s/sample.csv --commitment %[1]s/commitment.json", folder)
		for _, before := range attempts {
			if before.Done() && before.ReceiptDigest() == d.Plan.Parent {
				command += " --parent " + DrawFolder(before)
			}
		}
		commands = append(commands, command)
	}
	return commands
}
