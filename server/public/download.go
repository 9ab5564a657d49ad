package public

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/server/files"
	"hailong/server/page"
)

// file sends one public file: /verify/ROUND/draw-1-attempt-1/frame.csv, as it
// lies in the archive.
func (p *Part) file(c *fiber.Ctx) error {
	d, err := p.find(c)
	if err != nil {
		return refuse(c, err)
	}
	found, err := p.pick(c, d)
	if err != nil {
		return refuse(c, err)
	}
	return p.send(c, string(d.round.ID)+"-"+c.Params("folder")+"-"+c.Params("file"), found)
}

// download is a file with what tells its content from any other.
type download struct {
	tag     string
	content func() ([]byte, error)
}

// pick finds the file that the address names among those that are public.
func (p *Part) pick(c *fiber.Ctx, d dossier) (download, error) {
	folder, name := c.Params("folder"), c.Params("file")
	read := p.reader(c.UserContext())
	for _, attempt := range d.attempts {
		if files.DrawFolder(attempt) == folder && slices.Contains(files.OfDraw(attempt), name) {
			return download{tagOf(attemptTag(attempt), name), func() ([]byte, error) { return files.Draw(read, attempt, name) }}, nil
		}
	}
	for _, head := range d.editions {
		if files.EditionFolder(head.Number) != folder || !slices.Contains(files.OfEdition, name) {
			continue
		}
		return download{tagOf(head.Edition, name, string(langOf(c))), func() ([]byte, error) {
			e, err := p.edition(c, head)
			if err != nil {
				return nil, err
			}
			return e.File(name)
		}}, nil
	}
	return download{}, fault.New(fault.NotFound, "public.no_file")
}

// archive sends all public files of a round, as each lies in its folder.
func (p *Part) archive(c *fiber.Ctx) error {
	d, err := p.find(c)
	if err != nil {
		return refuse(c, err)
	}
	tags := []string{string(langOf(c))}
	entries := files.Draws(p.reader(c.UserContext()), d.attempts)
	for _, attempt := range d.attempts {
		tags = append(tags, attemptTag(attempt))
	}
	for _, head := range d.editions {
		tags = append(tags, head.Edition)
	}
	return p.send(c, string(d.round.ID)+".zip", download{tagOf(tags...), func() ([]byte, error) {
		for _, head := range d.editions { // here, where few wait their turn: editions are large
			e, err := p.edition(c, head)
			if err != nil {
				return nil, err
			}
			entries = slices.Concat(entries, e.Entries())
		}
		var out bytes.Buffer
		err := files.Archive(&out, entries)
		return out.Bytes(), err
	}})
}

// attemptTag changes when an attempt is drawn.
func attemptTag(d conduct.Draw) string {
	return string(d.Commitment.Digest()) + string(d.ReceiptDigest())
}

func tagOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// send answers with a file, or that the reader's copy is still the same. Few are
// made at the same time, and one address gets so many.
func (p *Part) send(c *fiber.Ctx, name string, d download) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Set(fiber.HeaderETag, d.tag)
	if c.Get(fiber.HeaderIfNoneMatch) == d.tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	var content []byte
	err := p.heavily(c, func() (err error) {
		content, err = d.content()
		return err
	})
	if err != nil {
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Response().Header.Del(fiber.HeaderETag)
		return refuse(c, err)
	}
	return files.Send(c, name, content)
}

// heavily does work that takes memory and time, when its turn comes.
func (p *Part) heavily(c *fiber.Ctx, work func() error) error {
	if err := p.address.Take(page.Peer(c), p.cfg.Now()); err != nil {
		return err
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
		return work()
	case <-c.UserContext().Done():
		return fault.New(fault.Unavailable, "public.busy")
	}
}

// edition makes an edition ready to be handed out.
func (p *Part) edition(c *fiber.Ctx, head conduct.EditionHead) (files.Edition, error) {
	e := files.Edition{Head: head, Lang: langOf(c), Read: p.reader(c.UserContext())}
	var err error
	if e.Report.Edition, _, err = p.cfg.Desk.Edition(c.UserContext(), head.Round, head.Number); err != nil {
		return e, err
	}
	if e.Report.Questionnaire, err = p.cfg.Store.Questionnaire(c.UserContext(), e.Report.Edition.Questionnaire); err != nil {
		return e, err
	}
	e.Report.Formula, err = scorecard.Find(p.cfg.Desk.Formulas, e.Report.Edition.Formula)
	return e, err
}

// reader reads stored files whole.
func (p *Part) reader(ctx context.Context) files.Reader {
	return func(digest string) ([]byte, error) {
		blob, err := p.cfg.Store.OpenBlob(ctx, digest)
		if err != nil {
			return nil, err
		}
		defer blob.Close() // only read from
		return io.ReadAll(blob)
	}
}
