package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
)

// drawFiles are the files by which anybody can repeat an attempt.
func drawFiles(d conduct.Draw) []string {
	files := []string{"frame.csv", "plan.json", "commitment.json"}
	if d.Done() {
		files = append(files, "receipt.json", "sample.csv", "frame.lines")
	}
	return files
}

// drawFolder is where the archive keeps an attempt's files, as the command line
// writes them.
func drawFolder(d conduct.Draw) string { return fmt.Sprintf("draw-%d-attempt-%d", d.Stage, d.Attempt) }

// verifyCommands are what repeats the draws that count, from the folder into
// which the archive was unpacked.
func verifyCommands(attempts []conduct.Draw) []string {
	var commands []string
	for _, stage := range conduct.Stages {
		d, _ := conduct.Current(attempts, stage)
		if !d.Done() {
			continue
		}
		folder := drawFolder(d)
		command := fmt.Sprintf("hailong verify --frame %[1]s/frame.csv --receipt %[1]s/receipt.json --sample %[1]s/sample.csv --commitment %[1]s/commitment.json", folder)
		if before, _ := conduct.Current(attempts, stage-1); before.Done() {
			command += " --parent " + drawFolder(before)
		}
		commands = append(commands, command)
	}
	return commands
}

// drawFile sends one file of an attempt.
func (c *Console) drawFile(v *visit) error {
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	stage, number, file := v.param("stage"), v.param("attempt"), v.param("file")
	for _, d := range attempts {
		if strconv.Itoa(int(d.Stage)) != stage || strconv.Itoa(d.Attempt) != number || !slices.Contains(drawFiles(d), file) {
			continue
		}
		content, err := c.drawContent(v, d, file)
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
	archive := zip.NewWriter(&out)
	for _, d := range attempts {
		for _, name := range drawFiles(d) {
			content, err := c.drawContent(v, d, name)
			if err != nil {
				return err
			}
			w, err := archive.Create(drawFolder(d) + "/" + name)
			if err != nil {
				return err
			}
			if _, err := w.Write(content); err != nil {
				return err
			}
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-draws.zip", out.Bytes())
}

func (c *Console) drawContent(v *visit, d conduct.Draw, file string) ([]byte, error) {
	switch file {
	case "plan.json":
		return d.Plan.Canonical(), nil
	case "commitment.json":
		return d.Commitment.Encode(), nil
	case "receipt.json":
		return d.Receipt.Encode(), nil
	case "sample.csv":
		return c.blob(v, d.Sample)
	}
	frame, err := c.blob(v, d.Frame)
	if err != nil || file == "frame.csv" {
		return frame, err
	}
	read, err := sampling.ReadFrame(bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	return read.Lines(), nil
}

// blob reads a stored file whole.
func (c *Console) blob(v *visit, digest string) ([]byte, error) {
	stored, err := c.Uploads.OpenBlob(v.ctx(), digest)
	if err != nil {
		return nil, err
	}
	defer stored.Close() // only read from
	return io.ReadAll(stored)
}

// fileKinds are the media types of what is downloaded.
var fileKinds = map[string]string{
	".csv": "text/csv; charset=utf-8", ".json": fiber.MIMEApplicationJSONCharsetUTF8, ".pdf": "application/pdf",
	".xlsx":  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".lines": fiber.MIMETextPlainCharsetUTF8, ".zip": "application/zip",
}

// file sends a file to be saved under a name of plain characters.
func (v *visit) file(name string, content []byte) error {
	v.Set(fiber.HeaderContentType, fileKinds[name[strings.LastIndexByte(name, '.'):]])
	v.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return v.Send(content)
}
