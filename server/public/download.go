package public

import (
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
	"hailong/static"
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
	ctx, lang := c.UserContext(), langOf(c)
	for _, attempt := range d.attempts {
		if files.DrawFolder(attempt) == folder && slices.Contains(files.OfDraw(attempt), name) {
			return download{tagOf(attemptTag(attempt), name), func() ([]byte, error) { return files.Draw(ctx, p.cfg.Store, attempt, name) }}, nil
		}
	}
	for _, head := range d.editions {
		if files.EditionFolder(head.Number) != folder || !slices.Contains(files.OfEdition, name) {
			continue
		}
		return download{tagOf(head.Edition, name, string(lang)), func() ([]byte, error) {
			e, err := p.edition(ctx, lang, head)
			if err != nil {
				return nil, err
			}
			return e.File(name)
		}}, nil
	}
	return download{}, fault.New(fault.NotFound, "public.no_file")
}

// archive sends all public files of a round, as each lies in its folder, made on
// the way.
func (p *Part) archive(c *fiber.Ctx) error {
	d, err := p.find(c)
	if err != nil {
		return refuse(c, err)
	}
	lang := langOf(c)
	tags := []string{string(lang)}
	entries := files.Draws(p.cfg.Store, d.attempts)
	for _, attempt := range d.attempts {
		tags = append(tags, attemptTag(attempt))
	}
	for _, head := range d.editions {
		tags = append(tags, head.Edition)
		entries = slices.Concat(entries, files.EditionEntries(head.Number, func(ctx context.Context) (files.Edition, error) { return p.edition(ctx, lang, head) }))
	}
	if keeps(c, tagOf(tags...)) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	done, err := p.turn(c, p.sending)
	if err != nil {
		return refuseFile(c, err)
	}
	return files.SendArchive(c, string(d.round.ID)+".zip", entries, done)
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
	if keeps(c, d.tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	var content []byte
	err := p.heavily(c, func() (err error) {
		content, err = d.content()
		return err
	})
	if err != nil {
		return refuseFile(c, err)
	}
	return files.Send(c, name, content)
}

// keeps tells the reader which copy this is, and reports whether they have it.
func keeps(c *fiber.Ctx, tag string) bool {
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Set(fiber.HeaderETag, tag)
	return c.Get(fiber.HeaderIfNoneMatch) == tag
}

// refuseFile answers with why there is no file, which nobody keeps.
func refuseFile(c *fiber.Ctx, err error) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Response().Header.Del(fiber.HeaderETag)
	return refuse(c, err)
}

// heavily does work that takes memory and time, when its turn comes.
func (p *Part) heavily(c *fiber.Ctx, work func() error) error {
	done, err := p.turn(c, p.slots)
	if err != nil {
		return err
	}
	defer done()
	return work()
}

// turn waits for one of a few slots; done gives it back.
func (p *Part) turn(c *fiber.Ctx, slots chan struct{}) (done func(), err error) {
	if err := p.address.Take(page.Peer(c), p.cfg.Now()); err != nil {
		return nil, err
	}
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, nil
	case <-c.UserContext().Done():
		return nil, fault.New(fault.Unavailable, "public.busy")
	}
}

// edition makes an edition ready to be handed out.
func (p *Part) edition(ctx context.Context, lang static.Lang, head conduct.EditionHead) (files.Edition, error) {
	e := files.Edition{Head: head, Lang: lang, Read: p.reader(ctx)}
	var err error
	if e.Report.Edition, _, err = p.cfg.Desk.Edition(ctx, head.Round, head.Number); err != nil {
		return e, err
	}
	if e.Report.Questionnaire, err = p.cfg.Store.Questionnaire(ctx, e.Report.Edition.Questionnaire); err != nil {
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
