// Package public answers for whoever wants to check: the page of a round's
// commitments, receipts and published figures, its public files, and the check
// of one person's seal. There is no login, no cookie and no script, and nothing
// here is written or logged beyond the name of the route.
//
// What is shown is what was committed: a round appears with its first
// commitment, the frame of a stage with the commitment that fixed it, which is
// before the event that decides, so that whoever keeps the files sees any change
// made afterwards. The frame of people holds keys and seals and no names.
package public

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/fault"
	"hailong/server/guard"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
)

// Store is what the public pages read.
type Store interface {
	Round(ctx context.Context, id survey.RoundID) (survey.Round, error)
	Rounds(ctx context.Context) ([]survey.Round, error)
	Draws(ctx context.Context, round survey.RoundID) ([]conduct.Draw, error)
	Rechecks(ctx context.Context, round survey.RoundID) ([]conduct.Draw, error)
	Editions(ctx context.Context, round survey.RoundID) ([]conduct.EditionHead, error)
	Questionnaire(ctx context.Context, ref survey.Ref) (survey.Questionnaire, error)
	OpenBlob(ctx context.Context, digest string) (io.ReadCloser, error)
}

// Config is what the part is made of. Store and Desk are needed.
type Config struct {
	Store Store
	Desk  conduct.Desk     // reads editions
	Now   func() time.Time // time.Now if nil
	Files guard.Rate       // downloads and checks of one address; DefaultFiles if zero
}

// DefaultFiles lets a watcher fetch a whole round file by file at once, and an
// office behind one address too.
var DefaultFiles = guard.Rate{Burst: 240, PerSecond: 2}

// heavy is how many frames are read into memory at the same time: that of a
// province's people has tens of megabytes.
const heavy = 2

// archives is how many archives are on their way at the same time. Each needs the
// memory of one file of an edition, however slowly it is fetched.
const archives = 16

// Part is the public part of the server. Make one with New.
type Part struct {
	cfg     Config
	rounds  *guard.Cache[survey.RoundID, dossier]
	list    *guard.Cache[struct{}, []dossier]
	address *guard.Limiter
	slots   chan struct{} // of heavy work
	sending chan struct{} // archives on their way
}

// The lives of what is looked up.
const (
	roundLife = 5 * time.Second
	listLife  = 30 * time.Second
)

// New makes the part.
func New(cfg Config) *Part {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Files == (guard.Rate{}) {
		cfg.Files = DefaultFiles
	}
	p := &Part{cfg: cfg, address: guard.NewLimiter(cfg.Files), slots: make(chan struct{}, heavy), sending: make(chan struct{}, archives)}
	p.rounds = guard.NewCache(roundLife, 64, p.load)
	p.list = guard.NewCache(listLife, 1, func(ctx context.Context, _ struct{}) ([]dossier, error) { return p.loadAll(ctx) })
	return p
}

// Routes brings the public routes.
func (p *Part) Routes(r fiber.Router) {
	r.Get("/verify", p.listPage)
	r.Get("/verify/:round", p.roundPage)
	r.Get("/verify/:round/seal", p.sealPage)
	r.Post("/verify/:round/seal", p.checkSeal)
	r.Get("/verify/:round/files.zip", p.archive)
	r.Get("/verify/:round/:folder/:file", p.file)
}

// dossier is what is public of a round.
type dossier struct {
	round    survey.Round
	attempts []conduct.Draw        // by stage and number, those of re-checks last
	editions []conduct.EditionHead // those that are not confidential
}

// shows reports whether there is anything to check: a draft that nothing was
// committed to is nobody's business yet.
func (d dossier) shows() bool { return d.round.State != survey.RoundDraft || len(d.attempts) > 0 }

// load reads what is public of a round (public.no_round if nothing is).
func (p *Part) load(ctx context.Context, id survey.RoundID) (dossier, error) {
	r, err := p.cfg.Store.Round(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return dossier{}, noRound(id)
	} else if err != nil {
		return dossier{}, err
	}
	d, err := p.fill(ctx, r)
	if err == nil && !d.shows() {
		err = noRound(id)
	}
	return d, err
}

func noRound(id survey.RoundID) error {
	return fault.New(fault.NotFound, "public.no_round", "round", string(id))
}

func (p *Part) fill(ctx context.Context, r survey.Round) (dossier, error) {
	d := dossier{round: r}
	var err error
	if d.attempts, err = p.cfg.Store.Draws(ctx, r.ID); err != nil {
		return d, err
	}
	rechecks, err := p.cfg.Store.Rechecks(ctx, r.ID)
	if err != nil {
		return d, err
	}
	d.attempts = slices.Concat(d.attempts, rechecks)
	heads, err := p.cfg.Store.Editions(ctx, r.ID)
	for _, head := range heads {
		if !head.Confidential() {
			d.editions = append(d.editions, head)
		}
	}
	return d, err
}

func (p *Part) loadAll(ctx context.Context) ([]dossier, error) {
	rounds, err := p.cfg.Store.Rounds(ctx)
	if err != nil {
		return nil, err
	}
	var all []dossier
	for _, r := range rounds {
		d, err := p.fill(ctx, r)
		if err != nil {
			return nil, err
		}
		if d.shows() {
			all = append(all, d)
		}
	}
	return all, nil
}

// find returns the round that the address names.
func (p *Part) find(c *fiber.Ctx) (dossier, error) {
	return p.rounds.Get(c.UserContext(), survey.RoundID(c.Params("round")))
}

// langOf is the language of a public page: the address says it, so that a copy
// of the page may be kept by its address.
func langOf(c *fiber.Ctx) static.Lang { return static.ParseLang(c.Query("lang")) }

// refuse answers with a page that says why there is nothing to see.
func refuse(c *fiber.Ctx, err error) error {
	if page.WantsJSON(c) {
		return err
	}
	page.SetRetry(c, err)
	page.NoteFailure(c, err)
	view := MissingPage{frame: newFrame(c, ""), Title: "http.title." + fault.KindOf(err).String(), Problem: fault.ProblemsOf(page.Known(err))[0]}
	return missingPage.Send(c, page.Status(err), langOf(c), view)
}
