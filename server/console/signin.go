package console

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
)

// signInView is the page where a visitor signs in.
type signInView struct {
	frame
	UserName string
	Next     string // where the visitor wanted to go
	Ended    bool   // a session was there and is over
	Action   string
	Other    string // this page in the other language
	Resume   string // address to which something was posted after the session had ended
	Kept     []keptField
}

var signInTemplate = page.New[signInView](source("signin"))

func (v *visit) signInView() signInView {
	s := signInView{
		frame: v.frame("console.sign_in.title"), UserName: v.form.value("name"),
		Next: localPath(v.query().Get("next")), Ended: v.Query("ended") != "",
	}
	if v.Method() == fiber.MethodPost {
		s.Next = localPath(v.form.value("next"))
		s.Resume, s.Kept = localPath(v.form.value("resume")), v.form.kept()
	}
	s.Action, s.Other = Root+"/sign-in", Root+"/sign-in?lang="+string(static.English)
	if v.lang == static.English {
		s.Action, s.Other = s.Other, s.Action
	}
	return s
}

// localPath is an address of the console that a visitor wanted, or "" for any
// other: nobody is sent elsewhere by a link that passes through here.
func localPath(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(text, "\\\r\n\t") ||
		u.Path != Root && !strings.HasPrefix(u.Path, Root+"/") {
		return ""
	}
	return text
}

// signedOut sends a visitor to the sign-in page and back afterwards. What was
// posted from one of our own forms is carried along, see resume.go.
func (c *Console) signedOut(v *visit) error {
	if v.fromOurForm() {
		return c.interrupted(v)
	}
	query := url.Values{}
	if v.Method() == fiber.MethodGet && v.here() != Root {
		query.Set("next", v.here())
	}
	if v.Cookies(sessionCookie) != "" {
		query.Set("ended", "1")
		v.setCookie(sessionCookie, account.Secret{}, 0)
	}
	target := Root + "/sign-in"
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return v.Redirect(target, fiber.StatusSeeOther)
}

func (c *Console) signInPage(v *visit) error {
	return signInTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, v.signInView())
}

// signIn checks name and password. Whatever is wrong with them, the answer is
// the same and takes the same work.
func (c *Console) signIn(v *visit) error {
	s := v.signInView()
	user, err := c.checkPassword(v)
	if err == nil && s.Resume != "" {
		return c.resumed(v, user, s)
	}
	if err == nil {
		return c.begin(v, user, account.SigningIn{}, s.Next)
	}
	var errs fieldErrors
	if !errs.from("name", err) {
		return err
	}
	page.SetRetry(v.Ctx, err)
	s.Errors = errs
	status := fiber.StatusUnprocessableEntity
	if fault.Is(err, fault.TooMany) {
		status = page.Status(err)
	}
	return signInTemplate.Send(v.Ctx, status, v.lang, s)
}

// checkPassword returns the user whose name and password were posted.
func (c *Console) checkPassword(v *visit) (account.User, error) {
	name, user, err := c.claimed(v.ctx(), v.form.value("name"))
	if err != nil {
		return account.User{}, err
	}
	right, err := c.verify(v, name, user, v.form.password("password"))
	switch {
	case err != nil:
		return account.User{}, err
	case !right:
		return account.User{}, fault.New(fault.Invalid, "console.sign_in.wrong")
	}
	return user, user.MaySignIn(v.at, false)
}

// verify checks a password under the throttle. The name is whose password it is
// said to be, the user the zero user if nobody has that name.
func (c *Console) verify(v *visit, name account.Name, user account.User, password string) (bool, error) {
	attempt := account.Attempt{Account: name, Address: page.Peer(v.Ctx)}
	if device, ok := v.knownDevice(user); ok {
		attempt.Device = account.DeviceOf(device)
	}
	if wait := c.Throttle.Begin(attempt, v.at); wait > 0 {
		return false, fault.New(fault.TooMany, "console.sign_in.wait", "seconds", int((wait+time.Second-1)/time.Second))
	}
	right, err := c.Hasher.Verify(v.ctx(), user.PasswordHash, password, attempt.Device != "")
	if right {
		c.Throttle.Succeeded(attempt)
	}
	return right, err
}

// claimed finds the user who is said to sign in; the zero user if there is none.
func (c *Console) claimed(ctx context.Context, text string) (account.Name, account.User, error) {
	name, err := account.ParseName(text)
	if err != nil {
		name = "-" // no account has this name
	}
	user, err := c.Accounts.User(ctx, name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return name, account.User{}, err
	}
	return name, user, nil
}

// deviceLife is how long a browser stays known.
const deviceLife = 365 * 24 * time.Hour

// knownDevice is the secret of this browser if the user has signed in from it before.
func (v *visit) knownDevice(u account.User) (account.Secret, bool) {
	secret, ok := account.ParseSecret(v.Cookies(deviceCookie))
	return secret, ok && u.Knows(account.DeviceOf(secret))
}

// begin starts a session of the user in this browser and sends it on.
func (c *Console) begin(v *visit, user account.User, s account.SigningIn, next string) error {
	if err := c.openSession(v, user, s); err != nil {
		return err
	}
	if next == "" {
		next = Root
	}
	return v.Redirect(next, fiber.StatusSeeOther)
}

// openSession starts a session of the user in this browser.
func (c *Console) openSession(v *visit, user account.User, s account.SigningIn) error {
	device, known := v.knownDevice(user)
	if !known {
		device = account.NewSecret()
	}
	user = user.SignedIn(account.DeviceOf(device), v.at)
	session, secret := account.NewSession(user, v.at)
	path, err := c.path(v.ctx(), user.Scope)
	if err != nil {
		return err
	}
	s.User, s.Session = user, session
	way := "password"
	if s.Link != "" {
		way = "link"
	}
	rec := account.NewRecord(v.at, user, account.SignIn, string(user.Name), "way", way).On(path)
	if err := c.Accounts.SignIn(v.ctx(), rec, s); err != nil {
		return err
	}
	v.setCookie(sessionCookie, secret, 0)
	v.setCookie(deviceCookie, device, deviceLife)
	v.setCookie(visitCookie, account.Secret{}, 0)
	v.secret, v.session, v.user, v.home = secret, session, user, path
	return nil
}

// linkView is the page of a one-time link: a button, since only pressing it
// uses the link up.
type linkView struct {
	frame
	Secret string
}

var linkTemplate = page.New[linkView](source("link"))

func (c *Console) linkPage(v *visit) error {
	secret, ok := account.ParseSecret(v.Params("secret"))
	if !ok {
		return fault.New(fault.Gone, "account.link_gone")
	}
	return linkTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, linkView{v.frame("console.link.title"), secret.Reveal()})
}

func (c *Console) signInByLink(v *visit) error {
	secret, ok := account.ParseSecret(v.form.value("secret"))
	if !ok {
		return fault.New(fault.Gone, "account.link_gone")
	}
	link, err := c.Accounts.Link(v.ctx(), account.LinkOf(secret))
	if err != nil {
		return linkGone(err)
	}
	user, err := c.Accounts.User(v.ctx(), link.User)
	if err != nil {
		return linkGone(err)
	}
	if err := link.Opens(user, v.at); err != nil {
		return err
	}
	if err := user.MaySignIn(v.at, true); err != nil {
		return err
	}
	next := ""
	if user.PasswordHash == "" {
		next = Root + "/me"
	}
	return linkGone(c.begin(v, user, account.SigningIn{Link: link.ID}, next))
}

// linkGone says of a link that is not there what is said of one used up.
func linkGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Gone, "account.link_gone")
	}
	return err
}

func (c *Console) signOut(v *visit) error {
	rec := v.record(account.SignOut, string(v.user.Name))
	if err := c.Accounts.EndSession(v.ctx(), rec, v.session.ID); err != nil {
		return err
	}
	v.setCookie(sessionCookie, account.Secret{}, 0)
	return v.Redirect(Root+"/sign-in", fiber.StatusSeeOther)
}

// record begins the audit record of what this request does, on the unit acted
// on, or in the user's own scope if the action is on none.
func (v *visit) record(action account.Action, subject string, details ...string) account.Record {
	rec := account.NewRecord(v.at, v.user, action, subject, details...)
	if len(v.units) > 0 {
		return rec.On(v.units[len(v.units)-1])
	}
	return rec.On(v.home)
}
