package console

import (
	"net/http"
	"strings"
	"testing"

	"hailong/account"
	"hailong/territory"
)

// access says who reaches a route, written out apart from the policy: with a
// unit of their own, and with a foreign one. a is admin, n analyst, o officer,
// w watcher. Routes on no unit have the same letters twice.
var access = map[string]struct{ own, foreign string }{
	"POST /sign-out":                     {"anow", "anow"},
	"GET ":                               {"anow", "anow"},
	"GET /me":                            {"anow", "anow"},
	"POST /me/password":                  {"anow", "anow"},
	"POST /me/language":                  {"anow", "anow"},
	"GET /users":                         {"a", ""},
	"GET /new-user":                      {"a", "a"}, // only shows the form, for the reader's own scope
	"POST /new-user":                     {"a", ""},
	"GET /users/:name":                   {"a", ""},
	"POST /users/:name":                  {"a", ""},
	"POST /users/:name/link":             {"a", ""},
	"GET /records":                       {"aw", ""},
	"GET /units":                         {"anow", ""},
	"GET /import-units":                  {"an", "an"}, // the file decides, and what is foreign in it is left out
	"POST /import-units":                 {"an", "an"},
	"POST /import-units/confirm":         {"an", "an"},
	"GET /units/:code":                   {"anow", ""},
	"POST /units/:code/size":             {"an", ""},
	"GET /questionnaires":                {"anow", "anow"},
	"GET /import-questionnaire":          {"an", "an"},
	"POST /import-questionnaire":         {"an", "an"},
	"POST /import-questionnaire/confirm": {"an", "an"},
	"GET /questionnaires/:ref":           {"anow", "anow"},
}

var roleLetters = map[account.Role]string{account.Admin: "a", account.Analyst: "n", account.Officer: "o", account.Watcher: "w"}

// request fills a route's address and form with a unit, in every place from
// which a route may take one.
func request(r route, unit territory.Code) (path string, fields []string) {
	path = Root + strings.NewReplacer(":code", string(unit), ":name", "in-"+string(unit), ":ref", "sipas@2026.1").Replace(r.path)
	if r.method == http.MethodGet {
		path += "?under=" + string(unit)
	}
	return path, []string{"scope", string(unit)}
}

func TestEveryRouteByEveryRoleOnOwnAndForeignUnits(t *testing.T) {
	for _, r := range routes {
		if r.open {
			continue
		}
		key := r.method + " " + r.path
		want, ok := access[key]
		if !ok {
			t.Errorf("%s is not in the table of this test", key)
			continue
		}
		for role, letter := range roleLetters {
			for _, c := range []struct {
				name, allowed string
				unit          territory.Code
			}{
				{"own", want.own, "90001"}, {"below own", want.own, "90001-01"},
				{"above own", want.foreign, "90"}, {"foreign", want.foreign, "91001"}, {"unknown", want.foreign, "99999"},
				{"everything", want.foreign, account.Everywhere},
			} {
				s := newSite(t)
				s.store.forms = append(s.store.forms, fixedForm)
				s.user(account.User{Name: account.Name("in-" + string(c.unit)), Role: account.Watcher, Scope: c.unit})
				b := s.as(s.user(account.User{Name: "reader", Role: role, Scope: "90001"}))
				path, fields := request(r, c.unit)
				before := len(s.store.log)
				if r.method == http.MethodGet {
					b.get(path)
				} else {
					b.post(path, fields...)
				}
				allowed := strings.Contains(c.allowed, letter)
				denied := b.status == http.StatusForbidden ||
					c.name == "unknown" && key == "POST /new-user" && b.status == http.StatusUnprocessableEntity // a form that names no unit is shown again
				if denied == allowed || b.status >= http.StatusInternalServerError {
					t.Errorf("%s by %s on %s unit: status %d, allowed %v", key, role, c.name, b.status, allowed)
				}
				if !allowed && len(s.store.log) != before {
					t.Errorf("%s by %s on %s unit: refused, and changed something", key, role, c.name)
				}
			}
		}
	}
	if len(access) != len(routes)-4 {
		t.Errorf("%d rows in the test's table, %d routes need a session", len(access), len(routes)-4)
	}
}

func TestEveryRouteButTheOpenOnesNeedsASession(t *testing.T) {
	s := newSite(t)
	for _, r := range routes {
		if r.open {
			continue
		}
		path, fields := request(r, "90001")
		b := s.browser()
		if r.method == http.MethodGet {
			b.get(path)
		} else {
			b.post(path, fields...)
		}
		if b.status != http.StatusSeeOther || !strings.HasPrefix(b.header.Get("Location"), Root+"/sign-in") {
			t.Errorf("%s %s without a session: %d %s", r.method, r.path, b.status, b.header.Get("Location"))
		}
	}
}

func TestEveryFormNeedsTheTokenOfItsOwnSession(t *testing.T) {
	s := newSite(t)
	s.user(account.User{Name: "in-90001", Role: account.Watcher, Scope: "90001"})
	reader := s.user(account.User{Name: "reader", Role: account.Admin, Scope: account.Everywhere})
	for _, r := range routes {
		if r.method != http.MethodPost {
			continue
		}
		path, fields := request(r, "90001")
		for name, token := range map[string]string{"none": "", "of another session": account.NewSecret().CSRF()} {
			b := s.as(reader)
			if r.open {
				b = s.browser().get(Root + "/sign-in")
			}
			before := len(s.store.log)
			b.post(path, append(fields, "csrf", token)...)
			if b.status != http.StatusForbidden || len(s.store.log) != before {
				t.Errorf("%s %s with token %s: %d", r.method, r.path, name, b.status)
			}
		}
	}
}

// The table itself: what is on units says where they come from, and reading
// never goes by POST with nothing recorded.
func TestRowsOfTheTableAreWhole(t *testing.T) {
	for _, r := range routes {
		if r.handle == nil || r.open == (r.action != "") {
			t.Errorf("%s %s: handler or action missing", r.method, r.path)
		}
		if account.OnUnits(r.action) && r.units == nil && !r.open {
			t.Errorf("%s %s: %s is on units, and the row does not say which", r.method, r.path, r.action)
		}
	}
}
