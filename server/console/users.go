package console

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/territory"
)

// usersView is the list of users.
type usersView struct {
	frame
	Search, Role string
	Roles        []account.Role
	Headings     []heading
	Rows         []userRow
	Pager        pager
}

// userRow is one user as the list shows them.
type userRow struct {
	Name       account.Name
	FullName   string
	Role       account.Role
	Unit       string
	Disabled   bool
	NoPassword bool
	LastSignIn string
	user       account.User
}

var usersTemplate = page.New[usersView](source("users"))

var userColumns = []column[userRow]{
	{"full_name", "console.users.full_name", false, func(a, b userRow) int { return strings.Compare(a.FullName, b.FullName) }},
	{"name", "console.users.name", false, func(a, b userRow) int { return cmp.Compare(a.Name, b.Name) }},
	{"role", "console.users.role", false, func(a, b userRow) int {
		return slices.Index(account.Roles, a.Role) - slices.Index(account.Roles, b.Role)
	}},
	{"unit", "console.users.unit", false, func(a, b userRow) int { return strings.Compare(a.Unit, b.Unit) }},
	{"last", "console.users.last", true, func(a, b userRow) int { return a.user.LastSignIn.Compare(b.user.LastSignIn) }},
}

func (c *Console) users(v *visit) error {
	users, err := c.Accounts.Users(v.ctx())
	if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	w := v.view()
	var rows []userRow
	for _, u := range users {
		if pathIn(tree, u.Scope).In(v.unit()) && matchesUser(u, w.get("q"), account.Role(w.get("role"))) {
			rows = append(rows, newUserRow(u, tree))
		}
	}
	view := usersView{frame: v.frame("console.users.title"), Search: w.get("q"), Role: w.get("role"), Roles: account.Roles}
	view.Headings = arrange(w, rows, userColumns)
	view.Rows, view.Pager = paginate(w, rows)
	return usersTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// pathIn is the path of a unit by the tree, for many at once.
func pathIn(tree *territory.Tree, unit territory.Code) account.Path {
	path := account.Path{unit}
	for _, above := range tree.Ancestors(unit) {
		path = append(path, above.Code)
	}
	return path
}

func matchesUser(u account.User, search string, role account.Role) bool {
	return (role == "" || u.Role == role) &&
		(search == "" || territory.Matches(u.FullName, search) || strings.Contains(string(u.Name), strings.ToLower(search)))
}

func newUserRow(u account.User, tree *territory.Tree) userRow {
	return userRow{
		Name: u.Name, FullName: u.FullName, Role: u.Role, Unit: unitName(tree, u.Scope),
		Disabled: u.Disabled, NoPassword: u.PasswordHash == "", LastSignIn: clock(u.LastSignIn), user: u,
	}
}

// userView is the page of one user, new or known, with the form that changes them.
type userView struct {
	frame
	New      bool
	Self     bool
	Name     string
	FullName string
	Role     account.Role
	Scope    string // as typed: a code or a name
	Disabled bool
	Roles    []account.Role
	Choices  []territory.Unit // units to offer, if they are few enough
	Known    userRow          // as stored
	Link     string           // a one-time link just made, shown once
	LinkMins int
}

var userTemplate = page.New[userView](source("user"))

// offeredUnits is how many units a form offers for choice; beyond it the
// reader types a code or a name.
const offeredUnits = 400

// userPage fills in what every use of the page needs.
func (c *Console) userPage(v *visit, view userView) (userView, error) {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return view, err
	}
	view.Roles, view.LinkMins = account.Roles, int(account.LinkLife.Minutes())
	for _, u := range inScope(tree, v.user.Scope) {
		if u.Level != territory.Village {
			view.Choices = append(view.Choices, u)
		}
	}
	if len(view.Choices) > offeredUnits {
		view.Choices = view.Choices[:0]
	}
	if !view.New {
		u, err := c.Accounts.User(v.ctx(), account.Name(v.param("name")))
		if err != nil {
			return view, err
		}
		view.Known, view.Self = newUserRow(u, tree), u.Name == v.user.Name
		view.Name = string(u.Name)
		view.About = u.FullName
	}
	return view, nil
}

func (c *Console) newUser(v *visit) error {
	view, err := c.userPage(v, userView{frame: v.frame("console.user.new"), New: true, Role: account.Officer})
	if err != nil {
		return err
	}
	return userTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func (c *Console) user(v *visit) error {
	view, err := c.userPage(v, userView{frame: v.frame("console.user.title")})
	if err != nil {
		return err
	}
	view.fill(view.Known.user)
	return userTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func (u *userView) fill(known account.User) {
	u.FullName, u.Role, u.Scope, u.Disabled = known.FullName, known.Role, string(known.Scope), known.Disabled
}

// refuse shows the form again as it was typed, with what is wrong.
func (c *Console) refuseUser(v *visit, view userView, errs fieldErrors) error {
	view, err := c.userPage(v, view)
	if err != nil {
		return err
	}
	view.Errors = errs
	view.FullName, view.Role = v.form.value("full_name"), account.Role(v.form.value("role"))
	view.Scope, view.Disabled = v.form.value("scope"), v.form.value("disabled") != ""
	if view.New {
		view.Name = v.form.value("name")
	}
	return userTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}

func (c *Console) addUser(v *visit) error {
	u := account.User{CreatedAt: v.at}
	var errs fieldErrors
	name, err := account.ParseName(v.form.value("name"))
	if err != nil {
		errs.from("name", err)
	}
	u.Name = name
	rights, err := c.readUser(v, &u, &errs)
	if err != nil {
		return err
	}
	u = u.Changed(rights.role, rights.scope, false)
	again := userView{frame: v.frame("console.user.new"), New: true}
	if len(errs) > 0 {
		return c.refuseUser(v, again, errs)
	}
	rec := v.record(account.AddUser, string(u.Name), "role", string(u.Role), "scope", string(u.Scope))
	if err := c.Accounts.AddUser(v.ctx(), rec, u); fault.Is(err, fault.Conflict) {
		errs.add("name", "console.user.taken", "name", string(u.Name))
		return c.refuseUser(v, again, errs)
	} else if err != nil {
		return err
	}
	return v.done("/users/"+string(u.Name), "user_added")
}

func (c *Console) changeUser(v *visit) error {
	u, err := c.Accounts.User(v.ctx(), account.Name(v.param("name")))
	if err != nil {
		return err
	}
	var errs fieldErrors
	before := u
	rights, err := c.readUser(v, &u, &errs)
	if err != nil {
		return err
	}
	u = u.Changed(rights.role, rights.scope, v.form.value("disabled") != "")
	if u.Name == v.user.Name && u.SessionEpoch != before.SessionEpoch {
		errs.add("role", "console.user.not_oneself")
	}
	if len(errs) > 0 {
		return c.refuseUser(v, userView{frame: v.frame("console.user.title")}, errs)
	}
	rec := v.record(account.ChangeUser, string(u.Name), differences(before, u)...)
	if err := c.Accounts.ReplaceUser(v.ctx(), rec, u); err != nil {
		return err
	}
	return v.done("/users/"+string(u.Name), "user_changed")
}

// rights is what a form gives a user.
type rights struct {
	role  account.Role
	scope territory.Code
}

// readUser reads full name, role and scope of the posted form. The scope comes
// from the gate, which has resolved and allowed it.
func (c *Console) readUser(v *visit, u *account.User, errs *fieldErrors) (rights, error) {
	u.FullName = v.form.value("full_name")
	r := rights{role: account.Role(v.form.value("role"))}
	found, err := c.unitNamed(v.ctx(), v.form.value("scope"))
	if err != nil {
		return r, err
	}
	switch len(found) {
	case 0:
		errs.add("scope", "console.user.scope_unknown", "typed", v.form.value("scope"))
	case 1:
		r.scope = found[0]
	default:
		errs.add("scope", "console.user.scope_ambiguous", "typed", v.form.value("scope"), "codes", codeTexts(found))
	}
	filled := *u
	filled.Role, filled.Scope = r.role, "-" // the scope has its own problems above
	for _, p := range filled.Validate() {
		if field := strings.TrimPrefix(p.Code, "account."); field != "name" {
			*errs = append(*errs, fieldError{field, p})
		}
	}
	if r.role == account.Officer && r.scope != "" {
		return r, c.needCommune(v.ctx(), r.scope, errs)
	}
	return r, nil
}

// needCommune refuses an officer of anything but a commune.
func (c *Console) needCommune(ctx context.Context, scope territory.Code, errs *fieldErrors) error {
	tree, err := c.Units.UnitTree(ctx)
	if err != nil {
		return err
	}
	if u, ok := tree.Unit(scope); !ok || u.Level != territory.Commune {
		errs.add("scope", "console.user.officer_needs_commune")
	}
	return nil
}

// unitNamed finds the units that a typed text names: by code, or else by a
// whole name; Everywhere by its sign.
func (c *Console) unitNamed(ctx context.Context, text string) ([]territory.Code, error) {
	tree, err := c.Units.UnitTree(ctx)
	if err != nil || text == "" {
		return nil, err
	}
	code, _, _ := strings.Cut(text, " – ") // as offered: "06994 – Đặc khu Vân Đồn"
	if _, ok := tree.Unit(territory.Code(code)); ok || territory.Code(code) == account.Everywhere {
		return []territory.Code{territory.Code(code)}, nil
	}
	var found []territory.Code
	wanted := territory.Fold(text)
	for _, u := range tree.Find(text) {
		if territory.Fold(u.FullName()) == wanted || territory.Fold(u.Name) == wanted {
			found = append(found, u.Code)
		}
	}
	return found, nil
}

func codeTexts(codes []territory.Code) []string {
	texts := make([]string, len(codes))
	for i, code := range codes {
		texts[i] = string(code)
	}
	return texts
}

// differences are the details of a record: what a change of a user changed.
func differences(before, after account.User) []string {
	var details []string
	for _, d := range []struct{ name, from, to string }{
		{"full_name", before.FullName, after.FullName},
		{"role", string(before.Role), string(after.Role)},
		{"scope", string(before.Scope), string(after.Scope)},
		{"disabled", yesNo(before.Disabled), yesNo(after.Disabled)},
	} {
		if d.from != d.to {
			details = append(details, d.name, d.from+" → "+d.to)
		}
	}
	return details
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// makeLink makes a one-time sign-in link and shows it once; it is nowhere else.
func (c *Console) makeLink(v *visit) error {
	u, err := c.Accounts.User(v.ctx(), account.Name(v.param("name")))
	if err != nil {
		return err
	}
	if u.Disabled {
		return fault.New(fault.Conflict, "console.user.link_disabled")
	}
	link, secret := account.NewLink(u, v.at)
	if err := c.Accounts.AddLink(v.ctx(), v.record(account.LinkUser, string(u.Name)), link); err != nil {
		return err
	}
	view, err := c.userPage(v, userView{frame: v.frame("console.user.title")})
	if err != nil {
		return err
	}
	view.fill(u)
	view.Link = c.Base.JoinPath(Root, "link", secret.Reveal()).String()
	return userTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}
