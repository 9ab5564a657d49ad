package console

import (
	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
)

// meView is the page of one's own account.
type meView struct {
	frame
	Unit        string
	HasPassword bool
	MinPassword int
	Language    static.Lang
	Languages   []static.Lang
}

var meTemplate = page.New[meView](source("me"))

func (c *Console) meView(v *visit) (meView, error) {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return meView{}, err
	}
	return meView{
		frame: v.frame("console.me.title"), Unit: unitName(tree, v.user.Scope),
		HasPassword: v.user.PasswordHash != "", MinPassword: account.MinPassword,
		Language: static.ParseLang(v.user.Lang), Languages: static.Langs,
	}, nil
}

func (c *Console) me(v *visit) error {
	view, err := c.meView(v)
	if err != nil {
		return err
	}
	return meTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// changePassword sets a new password. The old one is asked for, unless there is
// none yet. Every other session ends, this one is begun anew.
func (c *Console) changePassword(v *visit) error {
	var errs fieldErrors
	if err := c.checkOldPassword(v); err != nil && !errs.from("old", err) {
		return err
	}
	fresh := v.form.password("new")
	if err := account.CheckPassword(fresh, v.user); err != nil {
		errs.from("new", err)
	} else if fresh != v.form.password("again") {
		errs.add("again", "console.me.again_differs")
	}
	if len(errs) > 0 {
		view, err := c.meView(v)
		if err != nil {
			return err
		}
		view.Errors = errs
		return meTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
	}
	hash, err := c.Hasher.Hash(v.ctx(), fresh)
	if err != nil {
		return err
	}
	rec := v.record(account.ChangeSelf, string(v.user.Name), "changed", "password")
	if err := c.Accounts.ReplaceUser(v.ctx(), rec, v.user.WithPassword(hash)); err != nil {
		return err
	}
	user, err := c.Accounts.User(v.ctx(), v.user.Name)
	if err != nil {
		return err
	}
	return c.begin(v, user, account.SigningIn{}, Root+"/me?done=password")
}

// checkOldPassword checks the password in use under the same throttle as a
// sign-in: an open session left behind is no place to guess it from.
func (c *Console) checkOldPassword(v *visit) error {
	if v.user.PasswordHash == "" {
		return nil
	}
	right, err := c.verify(v, v.user.Name, v.user, v.form.password("old"))
	if err == nil && !right {
		err = fault.New(fault.Invalid, "console.me.old_wrong")
	}
	return err
}

// changeLanguage keeps the reader's language and goes back to the view it was
// changed on.
func (c *Console) changeLanguage(v *visit) error {
	user := v.user
	user.Lang = string(static.ParseLang(v.form.value("lang")))
	rec := v.record(account.ChangeSelf, string(user.Name), "changed", "language", "lang", user.Lang)
	if err := c.Accounts.ReplaceUser(v.ctx(), rec, user); err != nil {
		return err
	}
	next := localPath(v.form.value("next"))
	if next == "" {
		next = Root + "/me"
	}
	return v.Redirect(next, fiber.StatusSeeOther)
}
