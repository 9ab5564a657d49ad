package console

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// visit is one request that the gate let in.
type visit struct {
	*fiber.Ctx
	at      time.Time
	lang    static.Lang
	https   bool // the public address is https, whatever a proxy makes of the request
	form    form
	secret  account.Secret // of the session's cookie, or of the visitor's on open pages
	session account.Session
	user    account.User
	home    account.Path   // of the user's scope
	units   []account.Path // the units acted on, all of them allowed
	round   survey.Round   // of the address, on pages of a round
}

// unit is the first or only unit acted on.
func (v *visit) unit() territory.Code {
	if len(v.units) == 0 {
		return ""
	}
	return v.units[0].Unit()
}

// ctx is the request's context with its deadline.
func (v *visit) ctx() context.Context { return v.UserContext() }

// errSignedOut sends a reader to the sign-in page.
var errSignedOut = errors.New("signed out")

// gate is the one place that decides whether a request reaches its handler:
// the session lives, the form is ours, the policy allows the action on every
// unit concerned. It answers for errors with a page in the console's frame;
// those of the system go on to the server, which logs them.
func (c *Console) gate(r route) fiber.Handler {
	return func(ctx *fiber.Ctx) error {
		v := &visit{Ctx: ctx, at: c.Clock(), https: c.Base.Scheme == "https", lang: page.Lang(ctx)}
		return c.answer(v, c.serve(v, r))
	}
}

func (c *Console) serve(v *visit, r route) error {
	if r.upload {
		release, err := c.uploadSlot(v.ctx())
		if err != nil {
			return err
		}
		defer release()
	}
	if err := c.admit(v, r); err != nil {
		return err
	}
	return r.handle(c, v)
}

func (c *Console) admit(v *visit, r route) (err error) {
	posted := r.method == fiber.MethodPost
	if posted && !r.upload { // before the session, so that nothing typed is lost with it
		if v.form, err = readForm(v.Ctx, maxTyped); err != nil {
			return err
		}
	}
	if r.open {
		c.meetVisitor(v)
	} else if err := c.resume(v); err != nil {
		return err
	}
	if posted && r.upload { // after it, so that strangers cost no memory
		if v.form, err = readForm(v.Ctx, maxUpload); err != nil {
			return err
		}
	}
	if posted {
		if err := v.secret.CheckCSRF(v.form.value("csrf")); err != nil {
			return err
		}
	}
	if r.open {
		return nil
	}
	return c.permit(v, r)
}

// may reports whether the policy allows the reader an action on a unit: what a
// page offers. The gate asks again when the reader takes it up.
func (c *Console) may(v *visit, action account.Action, unit territory.Code) (bool, error) {
	path, err := c.path(v.ctx(), unit)
	return err == nil && account.Allows(v.user, v.home, action, path) == nil, err
}

// permit asks the policy about every unit of the route.
func (c *Console) permit(v *visit, r route) error {
	if err := account.Allows(v.user, v.home, r.action, v.home); !account.OnUnits(r.action) {
		return err
	}
	paths, err := r.units(c, v)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := account.Allows(v.user, v.home, r.action, path); err != nil {
			return err
		}
	}
	if len(paths) == 0 {
		return account.Allows(v.user, v.home, r.action, nil)
	}
	v.units = paths
	return nil
}

// resume finds the session of the cookie and its user.
func (c *Console) resume(v *visit) error {
	secret, ok := account.ParseSecret(v.Cookies(sessionCookie))
	if !ok {
		return errSignedOut
	}
	session, err := c.Accounts.Session(v.ctx(), account.SessionOf(secret))
	if fault.Is(err, fault.NotFound) {
		return errSignedOut
	} else if err != nil {
		return err
	}
	user, err := c.Accounts.User(v.ctx(), session.User)
	if fault.Is(err, fault.NotFound) || err == nil && !session.Live(user, v.at) {
		return errSignedOut
	} else if err != nil {
		return err
	}
	if session.NeedsTouch(v.at) {
		if err := c.Accounts.TouchSession(v.ctx(), session.ID, v.at); err != nil {
			return err
		}
	}
	v.secret, v.session, v.user = secret, session, user
	if v.Query("lang") == "" {
		v.lang = static.ParseLang(user.Lang)
	}
	v.home, err = c.path(v.ctx(), user.Scope)
	return err
}

// meetVisitor gives a visitor of an open page a secret of their own, so that
// the sign-in form too has a token that nobody else can make.
func (c *Console) meetVisitor(v *visit) {
	secret, ok := account.ParseSecret(v.Cookies(visitCookie))
	if !ok {
		secret = account.NewSecret()
		v.setCookie(visitCookie, secret, 0)
	}
	v.secret = secret
	if v.Query("lang") == "" {
		v.lang = static.Vietnamese
	}
}

// path is the path of a unit; a unit nobody knows has no ancestors.
func (c *Console) path(ctx context.Context, unit territory.Code) (account.Path, error) {
	if unit == account.Everywhere {
		return account.Path{unit}, nil
	}
	path, err := c.Units.UnitPath(ctx, unit)
	if fault.Is(err, fault.NotFound) {
		return account.Path{unit}, nil
	}
	return path, err
}

// uploadSlot waits until fewer than maxUploads files are being read.
func (c *Console) uploadSlot(ctx context.Context) (release func(), err error) {
	select {
	case c.uploads <- struct{}{}:
		return func() { <-c.uploads }, nil
	case <-ctx.Done():
		return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "console.uploads_busy")
	}
}

// answer turns what a handler returned into the response.
func (c *Console) answer(v *visit, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errSignedOut):
		return c.signedOut(v)
	}
	switch err = page.Known(err); fault.KindOf(err) {
	case fault.Internal, fault.Unavailable:
		return err
	}
	page.SetRetry(v.Ctx, err)
	return refusalPage.Send(v.Ctx, page.Status(err), v.lang, refusal{
		frame: v.frame("http.title." + fault.KindOf(err).String()), Problems: fault.ProblemsOf(err),
	})
}

// The cookies. All are for the console alone, so that a citizen's form has none.
const (
	sessionCookie = "hailong_session"
	visitCookie   = "hailong_visit"
	deviceCookie  = "hailong_device"
)

// setCookie sets a cookie that scripts cannot read, for the browser's session or
// for the life given; an empty secret removes it. It is sent over https only
// if that is how the public address begins, or if the request did not come to
// this machine by its own name.
func (v *visit) setCookie(name string, secret account.Secret, life time.Duration) {
	cookie := &fiber.Cookie{
		Name: name, Value: secret.Reveal(), Path: Root, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, Secure: v.https || !loopback(v.Hostname()),
		SessionOnly: life == 0, MaxAge: int(life.Seconds()),
	}
	if secret.IsZero() {
		cookie.SessionOnly, cookie.Expires = false, time.Unix(1, 0)
	}
	v.Cookie(cookie)
}

// loopback reports whether a host name means this machine.
func loopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
