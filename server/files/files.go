// Package files makes the files of a round that more than one hand gives out, so
// that all give the very same: the public ones, by which anybody repeats its draws
// and computes its figures again, and the list of a re-check.
package files

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/sampling"
)

// Entry is one file of an archive, made when its turn comes.
type Entry struct {
	Name    string // with its folder
	Content func() ([]byte, error)
}

// Archive writes a zip of files, one after the other.
func Archive(w io.Writer, entries []Entry) error {
	archive := zip.NewWriter(w)
	for _, e := range entries {
		content, err := e.Content()
		if err != nil {
			return err
		}
		file, err := archive.Create(e.Name)
		if err != nil {
			return err
		}
		if _, err := file.Write(content); err != nil {
			return err
		}
	}
	return archive.Close()
}

// kinds are the media types of what is downloaded.
var kinds = map[string]string{
	".csv": "text/csv; charset=utf-8", ".json": fiber.MIMEApplicationJSONCharsetUTF8, ".pdf": "application/pdf",
	".xlsx":  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".lines": fiber.MIMETextPlainCharsetUTF8, ".zip": "application/zip",
}

// Send answers with a file to be saved under a name of plain characters.
func Send(c *fiber.Ctx, name string, content []byte) error {
	c.Set(fiber.HeaderContentType, kinds[name[strings.LastIndexByte(name, '.'):]])
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(content)
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

// Draw is the content of one of an attempt's files.
func Draw(read Reader, d conduct.Draw, name string) ([]byte, error) {
	switch name {
	case "plan.json":
		return d.Plan.Canonical(), nil
	case "commitment.json":
		return d.Commitment.Encode(), nil
	case "receipt.json":
		return d.Receipt.Encode(), nil
	case "sample.csv":
		return read(d.Sample)
	}
	frame, err := read(d.Frame)
	if err != nil || name == "frame.csv" {
		return frame, err
	}
	parsed, err := sampling.ReadFrame(bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	return parsed.Lines(), nil
}

// Reader returns the content of a stored file by its digest.
type Reader func(digest string) ([]byte, error)

// Draws are the files of all attempts, a folder each.
func Draws(read Reader, attempts []conduct.Draw) []Entry {
	var entries []Entry
	for _, d := range attempts {
		for _, name := range OfDraw(d) {
			entries = append(entries, Entry{DrawFolder(d) + "/" + name, func() ([]byte, error) { return Draw(read, d, name) }})
		}
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
