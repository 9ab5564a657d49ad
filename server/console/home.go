package console

import (
	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/server/page"
	"hailong/territory"
)

// homeView is the first page: who the reader is, what they work on, and what
// waits for them.
type homeView struct {
	frame
	Unit      string // what the reader works on, "" for everything
	Communes  int
	Villages  int
	Doubtful  int // units whose population somebody must settle
	MaySettle bool
	MayImport bool
	MayForms  bool
	NoForms   bool
	NoPass    bool // the reader has not chosen a password yet
	Rounds    []roundHead
	MayLists  bool
}

var homeTemplate = page.New[homeView](roundSource("home"))

func (c *Console) home(v *visit) error {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	forms, err := c.Questionnaires.Questionnaires(v.ctx())
	if err != nil {
		return err
	}
	rounds, err := c.visibleRounds(v)
	if err != nil {
		return err
	}
	h := homeView{
		frame: v.frame("console.home.title"), Unit: unitName(tree, v.user.Scope), NoForms: len(forms) == 0,
		MaySettle: account.Permits(v.user.Role, account.SettleSize),
		MayImport: account.Permits(v.user.Role, account.ImportUnits),
		MayForms:  account.Permits(v.user.Role, account.ImportQuestionnaire),
		NoPass:    v.user.PasswordHash == "", Rounds: rounds, MayLists: account.Permits(v.user.Role, account.ImportList),
	}
	for _, u := range inScope(tree, v.user.Scope) {
		switch u.Level {
		case territory.Commune:
			h.Communes++
			if !u.Size.Usable() {
				h.Doubtful++
			}
		case territory.Village:
			h.Villages++
		}
	}
	return homeTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, h)
}

// inScope lists the units of a scope: itself and all below it.
func inScope(tree *territory.Tree, scope territory.Code) []territory.Unit {
	if scope == account.Everywhere {
		return tree.Descendants("")
	}
	u, ok := tree.Unit(scope)
	if !ok || scope == "" {
		return nil
	}
	return append([]territory.Unit{u}, tree.Descendants(scope)...)
}

// unitName is the name of a unit as it is shown; its code if nobody knows it,
// "" for everything.
func unitName(tree *territory.Tree, code territory.Code) string {
	if code == account.Everywhere {
		return ""
	}
	if u, ok := tree.Unit(code); ok {
		return u.FullName()
	}
	return string(code)
}
