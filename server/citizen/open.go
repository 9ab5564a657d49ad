package citizen

import (
	"context"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
)

// invitation is what a code leads to: a ballot that is not signed yet, and what
// to tell the reader about where it comes from.
type invitation struct {
	round  survey.Round
	ballot survey.Ballot
	place  string // the counter's name; "" for a personal code
}

// openCounter shows the form of a counter.
func (p *Part) openCounter(c *fiber.Ctx) error {
	code, err := survey.ParseCounterCode(c.Params("counter"))
	if err != nil {
		return p.wrong(c, c.Params("counter"), err)
	}
	counter, err := p.counters.Get(c.UserContext(), code)
	if err != nil {
		return p.unknown(c, c.Params("counter"), err)
	}
	if err := p.byCounter.Take("q "+string(code), p.cfg.Now()); err != nil {
		return p.stop(c, notice{err: err})
	}
	if counter.Closed {
		return p.stop(c, notice{err: fault.New(fault.Gone, "citizen.counter_closed")})
	}
	nonce, err := p.random(16)
	if err != nil {
		return err
	}
	return p.open(c, counter.Round, invitation{place: counter.Name, ballot: survey.Ballot{
		Origin: survey.OriginCounter, Unit: counter.Unit, Nonce: survey.Nonce(nonce),
	}})
}

// openToken shows the form of a personal code.
func (p *Part) openToken(c *fiber.Ctx) error {
	token, err := survey.ParseToken(c.Params("token"))
	if err != nil {
		return p.wrong(c, c.Params("token"), err)
	}
	guess, err := p.guesses.enter(page.Peer(c), p.cfg.Now())
	if err != nil {
		return p.stop(c, notice{err: err})
	}
	hash := p.cfg.Keys.TokenHash(token)
	pass, err := p.passes.Get(c.UserContext(), hash)
	if fault.Is(err, fault.NotFound) || err == nil && pass.Voided {
		if slow := guess.missed(); slow != nil {
			return p.stop(c, notice{err: slow})
		}
		return p.typeAgain(c, c.Params("token"), fault.New(fault.NotFound, "code.unknown"))
	}
	guess.right()
	if err != nil {
		return p.stop(c, notice{err: away(err)})
	}
	if err := p.byToken.Take(hash, p.cfg.Now()); err != nil {
		return p.stop(c, notice{err: err})
	}
	return p.open(c, pass.Round, invitation{ballot: survey.Ballot{
		Origin: pass.Origin, Unit: pass.Unit, Nonce: pass.Nonce(p.cfg.Keys),
	}})
}

// open mints the ballot and sends the form with it.
func (p *Part) open(c *fiber.Ctx, id survey.RoundID, inv invitation) error {
	round, form, err := p.roundAndForm(c.UserContext(), id, "")
	if err != nil {
		return p.stop(c, notice{err: away(err)})
	}
	if err := round.Invites(); err != nil {
		return p.stop(c, notice{err: err, round: &round})
	}
	if inv.ballot.Page, err = p.random(8); err != nil {
		return err
	}
	inv.ballot.Round, inv.ballot.Questionnaire = round.ID, round.Questionnaire
	inv.ballot.Issued = p.cfg.Now().Truncate(time.Second)
	lang := langOf(form, c.Query("lang"))
	skeleton, err := p.pages.of(newHead(round, form, lang), form)
	if err != nil {
		return err
	}
	formPage.SetPolicy(c)
	// A phone that dropped the page from memory may show it again from its cache,
	// without a network too, and then it is the same page with the same ballot.
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	return skeleton.Send(c, placeText(lang, inv.place), p.cfg.Keys.Sign(inv.ballot))
}

// placeText says, as HTML, where the form was scanned or that it is personal.
func placeText(lang, place string) string {
	if place == "" {
		return html.EscapeString(static.Text(static.ParseLang(lang), "citizen.personal"))
	}
	return html.EscapeString(place)
}

// roundAndForm finds a round and the form of a version of a questionnaire; ""
// is the version that the round uses.
func (p *Part) roundAndForm(ctx context.Context, id survey.RoundID, ref survey.Ref) (survey.Round, *survey.Form, error) {
	round, err := p.rounds.Get(ctx, id)
	if err != nil {
		return survey.Round{}, nil, err
	}
	if ref == "" {
		ref = round.Questionnaire
	}
	form, err := p.forms.Get(ctx, ref)
	return round, form, err
}

// wrong answers for a code that cannot be, or a counter's that is not known. Too
// many slow the address that they come from.
func (p *Part) wrong(c *fiber.Ctx, typed string, err error) error {
	if slow := p.byAddress.Take(page.Peer(c), p.cfg.Now()); slow != nil {
		return p.stop(c, notice{err: slow})
	}
	return p.typeAgain(c, typed, err)
}

// typeAgain shows the page to type a code on, with what was typed.
func (p *Part) typeAgain(c *fiber.Ctx, typed string, err error) error {
	if page.WantsJSON(c) {
		return err
	}
	return sendEnter(c, page.Status(err), typed, err)
}

// unknown answers for a counter's code that could be but that the store does not
// have.
func (p *Part) unknown(c *fiber.Ctx, typed string, err error) error {
	if !fault.Is(err, fault.NotFound) {
		return p.stop(c, notice{err: away(err)})
	}
	return p.wrong(c, typed, fault.New(fault.NotFound, "code.unknown"))
}

// away words a failure of the system for a citizen: what the store says is for
// its operator.
func away(err error) error {
	if fault.Is(err, fault.Unavailable) || errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(err, fault.Unavailable, "citizen.away")
	}
	if fault.Is(err, fault.Internal) || fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Internal, "citizen.broken")
	}
	return err
}

// random returns n random bytes as text.
func (p *Part) random(n int) (string, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(p.cfg.Random, raw); err != nil {
		return "", fault.Wrap(err, fault.Internal, "keys.no_randomness")
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
