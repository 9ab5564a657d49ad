// Package citizen answers for the respondent: the page to type a code on, the
// form that a counter's poster or a personal token leads to, the sending of
// answers, and the receipt.
//
// A form is asked for with one cached look-up and nothing is written; sending
// it costs no read (the ballot is signed) and one durable insert. The page
// looks the same before and after a person answered.
package citizen

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/server/guard"
	"hailong/survey"
)

// Store is what the respondent's routes need to be kept and found.
type Store interface {
	// Counter finds a counter by its code, or NotFound.
	Counter(ctx context.Context, code survey.CounterCode) (survey.Counter, error)
	// Pass finds what a token leads to by the token's hash, or NotFound.
	Pass(ctx context.Context, hash string) (survey.Pass, error)
	Round(ctx context.Context, id survey.RoundID) (survey.Round, error)
	Rounds(ctx context.Context) ([]survey.Round, error)
	Questionnaire(ctx context.Context, ref survey.Ref) (survey.Questionnaire, error)
	// AddResponse stores a response durably: Stored, or Repeated if the very
	// same content is there already; a Conflict error if that ballot was
	// answered otherwise.
	AddResponse(ctx context.Context, r survey.Response) (survey.Outcome, error)
}

// Config is what the part is made of. Store and Keys are needed, the rest has
// defaults.
type Config struct {
	Store  Store
	Keys   survey.Keys
	Limits Limits           // DefaultLimits if zero
	Zone   *time.Location   // of the rounds' days; Việt Nam's if nil
	Now    func() time.Time // time.Now if nil
	Random io.Reader        // crypto/rand if nil
}

// Part is the respondent's part of the server. Make one with New.
type Part struct {
	cfg Config

	counters *guard.Cache[survey.CounterCode, survey.Counter]
	passes   *guard.Cache[string, survey.Pass]
	rounds   *guard.Cache[survey.RoundID, survey.Round]
	known    *guard.Cache[struct{}, []survey.Round] // all rounds, for receipts
	forms    *guard.Cache[survey.Ref, *survey.Form]
	pages    *skeletons

	byToken, byCounter, byAddress *guard.Limiter
	guesses                       *guesses // of personal codes
}

// The lives of what is looked up: a closed counter or round, or a voided token,
// takes effect within them.
const (
	shortLife = 2 * time.Second
	listLife  = 10 * time.Second
)

// vietnam is the zone of every province; it has no summer time.
var vietnam = time.FixedZone("ICT", 7*60*60)

// New makes the part.
func New(cfg Config) *Part {
	if cfg.Limits == (Limits{}) {
		cfg.Limits = DefaultLimits()
	}
	if cfg.Zone == nil {
		cfg.Zone = vietnam
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	p := &Part{
		cfg:       cfg,
		counters:  guard.NewCache(shortLife, 4096, cfg.Store.Counter),
		passes:    guard.NewCache(shortLife, 4096, cfg.Store.Pass),
		rounds:    guard.NewCache(shortLife, 256, cfg.Store.Round),
		byToken:   guard.NewLimiter(cfg.Limits.Token),
		byCounter: guard.NewLimiter(cfg.Limits.Counter),
		byAddress: guard.NewLimiter(cfg.Limits.Wrong),
		pages:     newSkeletons(),
	}
	p.guesses = newGuesses(p.byAddress, cfg.Limits.Door)
	p.known = guard.NewCache(listLife, 1, func(ctx context.Context, _ struct{}) ([]survey.Round, error) {
		return cfg.Store.Rounds(ctx)
	})
	p.forms = guard.NewCache(0, 32, p.compile)
	return p
}

// compile makes the form of a published questionnaire, which is immutable and
// was checked before it was published.
func (p *Part) compile(ctx context.Context, ref survey.Ref) (*survey.Form, error) {
	q, err := p.cfg.Store.Questionnaire(ctx, ref)
	if err != nil {
		return nil, err
	}
	form, problems := survey.Compile(q)
	if form == nil {
		return nil, fault.Wrap(fault.Of(fault.Invalid, problems), fault.Internal, "internal")
	}
	return form, nil
}

// Routes brings the respondent's routes.
func (p *Part) Routes(r fiber.Router) {
	r.Get("/", p.enter)
	r.Post("/", p.enter)
	r.Get("/q/:counter", p.openCounter)
	r.Get("/p/:token", p.openToken)
	r.Post("/b", p.send)
	r.Get("/r/:receipt", p.receipt)
}
