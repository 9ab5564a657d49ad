package console

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hailong/account"
	"hailong/survey"
	"hailong/territory"
)

// access says who reaches a route, written out apart from the policy: with a
// unit of their own, and with a foreign one. a is admin, n analyst, o officer,
// w watcher. Routes on no unit have the same letters twice.
var access = map[string]struct{ own, foreign string }{
	"POST /sign-out":                                  {"anow", "anow"},
	"GET ":                                            {"anow", "anow"},
	"GET /me":                                         {"anow", "anow"},
	"POST /me/password":                               {"anow", "anow"},
	"POST /me/language":                               {"anow", "anow"},
	"GET /users":                                      {"a", ""},
	"GET /new-user":                                   {"a", "a"}, // only shows the form, for the reader's own scope
	"POST /new-user":                                  {"a", ""},
	"GET /users/:name":                                {"a", ""},
	"POST /users/:name":                               {"a", ""},
	"POST /users/:name/link":                          {"a", ""},
	"GET /records":                                    {"aw", ""},
	"GET /units":                                      {"anow", ""},
	"GET /import-units":                               {"an", "an"}, // the file decides, and what is foreign in it is left out
	"POST /import-units":                              {"an", "an"},
	"POST /import-units/confirm":                      {"an", "an"},
	"GET /units/:code":                                {"anow", ""},
	"POST /units/:code/size":                          {"an", ""},
	"GET /questionnaires":                             {"anow", "anow"},
	"GET /import-questionnaire":                       {"an", "an"},
	"POST /import-questionnaire":                      {"an", "an"},
	"POST /import-questionnaire/confirm":              {"an", "an"},
	"GET /questionnaires/:ref":                        {"anow", "anow"},
	"GET /rounds":                                     {"anow", "anow"}, // lists only what may be seen
	"GET /new-round":                                  {"an", "an"},
	"POST /new-round":                                 {"an", ""},
	"GET /rounds/:round":                              {"anow", ""},
	"GET /rounds/:round/open":                         {"an", ""},
	"GET /rounds/:round/close":                        {"an", ""},
	"GET /rounds/:round/draws.zip":                    {"anow", ""},
	"GET /rounds/:round/draws/:stage":                 {"anow", ""},
	"POST /rounds/:round/open":                        {"an", ""},
	"POST /rounds/:round/close":                       {"an", ""},
	"GET /rounds/:round/draws":                        {"anow", ""},
	"GET /rounds/:round/recheck":                      {"anw", ""},
	"POST /rounds/:round/recheck/commit":              {"an", ""},
	"POST /rounds/:round/recheck/run":                 {"an", ""},
	"GET /rounds/:round/recheck/:attempt/files.zip":   {"anw", ""},
	"GET /rounds/:round/recheck-results/:code":        {"an", ""},
	"POST /rounds/:round/recheck-results/:code":       {"an", ""},
	"GET /rounds/:round/recheck-list/:code":           {"ano", ""},
	"GET /rounds/:round/margins":                      {"an", ""},
	"POST /rounds/:round/draws/:stage/commit":         {"an", ""},
	"POST /rounds/:round/draws/:stage/run":            {"an", ""},
	"GET /rounds/:round/draws/:stage/:attempt/:file":  {"anow", ""},
	"GET /rounds/:round/lists":                        {"ano", ""},
	"GET /rounds/:round/lists/:code":                  {"ano", ""},
	"POST /rounds/:round/lists/:code":                 {"ano", ""},
	"POST /rounds/:round/lists/:code/confirm":         {"ano", ""},
	"POST /rounds/:round/lists/:code/marked.xlsx":     {"ano", ""},
	"GET /rounds/:round/lists/:code/undo":             {"ano", ""},
	"GET /rounds/:round/lists-check":                  {"an", ""},
	"POST /rounds/:round/lists-check":                 {"an", ""},
	"GET /rounds/:round/lists/:code/own-line":         {"ano", ""},
	"POST /rounds/:round/lists/:code/own-line":        {"ano", ""},
	"GET /rounds/:round/lists/:code/slips":            {"ano", ""},
	"POST /rounds/:round/lists/:code/undo":            {"ano", ""},
	"GET /rounds/:round/lists/:code/sample.xlsx":      {"ano", ""},
	"POST /rounds/:round/lists/:code/slips":           {"ano", ""},
	"GET /rounds/:round/doubles":                      {"ano", ""},
	"POST /rounds/:round/doubles":                     {"ano", ""},
	"GET /rounds/:round/field":                        {"ano", ""},
	"GET /rounds/:round/field/:code":                  {"ano", ""},
	"POST /rounds/:round/field/:code":                 {"ano", ""},
	"GET /rounds/:round/field/:code/open":             {"ano", ""},
	"POST /rounds/:round/field/:code/replace":         {"ano", ""},
	"POST /rounds/:round/field/:code/file":            {"ano", ""},
	"GET /rounds/:round/field/:code/contacts.xlsx":    {"ano", ""},
	"GET /rounds/:round/rates":                        {"anw", ""},
	"GET /rounds/:round/rates.csv":                    {"anw", ""},
	"GET /rounds/:round/counters":                     {"ano", ""},
	"POST /rounds/:round/counters":                    {"an", ""},
	"GET /rounds/:round/counters/:counter/poster.pdf": {"ano", ""},
	"GET /rounds/:round/answers":                      {"anow", ""},
	"POST /rounds/:round/withdraw":                    {"an", ""},
	"GET /rounds/:round/quality":                      {"an", ""},
	"GET /rounds/:round/editions":                     {"anow", ""},
	"POST /rounds/:round/editions":                    {"an", ""},
	"GET /rounds/:round/editions/:number":             {"anow", ""},
	"GET /rounds/:round/editions/:number/:file":       {"anow", ""},
}

var roleLetters = map[account.Role]string{account.Admin: "a", account.Analyst: "n", account.Officer: "o", account.Watcher: "w"}

// request fills a route's address and form with a unit, in every place from
// which a route may take one: the round and the counter are the unit's own.
func request(r route, unit territory.Code) (path string, fields []string) {
	path = Root + strings.NewReplacer(
		":code", string(unit), ":name", "in-"+string(unit), ":ref", "sipas@2026.1", ":round", roundOf(unit), ":counter", "C"+string(unit),
		":stage", "1", ":attempt", "1", ":file", "plan.json", ":number", "1",
	).Replace(r.path)
	if r.method == http.MethodGet {
		path += "?under=" + string(unit)
	}
	return path, []string{"scope", string(unit), "one", string(unit), "other", string(unit)}
}

// roundOf names the round of a unit; "*" is no part of a name.
func roundOf(unit territory.Code) string {
	return "r-" + strings.ReplaceAll(string(unit), "*", "all")
}

var testCases = []struct {
	name string
	unit territory.Code
	own  bool
}{
	{"own", "90001", true}, {"below own", "90001-01", true}, {"above own", "90", false},
	{"foreign", "91001", false}, {"unknown", "99999", false}, {"everything", account.Everywhere, false},
}

// furnished is a site with a user, a round and a counter of every unit of the
// cases.
func furnished(t *testing.T) *site {
	s := newSite(t)
	s.check(s.store.AddQuestionnaire(t.Context(), account.NewRecord(s.tick(), account.User{}, account.ImportQuestionnaire, "test"), fixedForm))
	for _, c := range testCases {
		s.user(account.User{Name: account.Name("in-" + string(c.unit)), Role: account.Watcher, Scope: c.unit})
		rec := account.NewRecord(s.tick(), account.User{}, account.CreateRound, "test")
		id := survey.RoundID(roundOf(c.unit))
		s.check(s.store.AddRound(t.Context(), rec, survey.Round{ID: id, Unit: c.unit, State: survey.RoundDraft, Questionnaire: fixedForm.Ref()}))
		rec = account.NewRecord(s.tick(), account.User{}, account.AddCounter, "test")
		s.check(s.store.AddCounter(t.Context(), rec, survey.Counter{Code: survey.CounterCode("C" + string(c.unit)), Round: id, Unit: c.unit, Name: "Quầy"}))
	}
	return s
}

// around are the routes on a unit that an officer below it may read too: the
// province's round concerns its communes.
func around(key string) bool {
	switch key {
	case "GET /rounds/:round", "GET /rounds/:round/draws", "GET /rounds/:round/draws.zip", "GET /rounds/:round/draws/:stage", "GET /rounds/:round/draws/:stage/:attempt/:file",
		"GET /rounds/:round/editions", "GET /rounds/:round/editions/:number", "GET /rounds/:round/editions/:number/:file":
		return true
	}
	return false
}

func TestEveryRouteByEveryRoleOnOwnAndForeignUnits(t *testing.T) {
	sessions := 0
	for _, r := range routes {
		key := r.method + " " + r.path
		want, ok := access[key]
		switch {
		case r.open:
			continue
		case !ok:
			t.Errorf("%s is not in the table of this test", key)
			continue
		}
		sessions++
		s := furnished(t)
		for role, letter := range roleLetters {
			for i, c := range testCases {
				name := account.Name(fmt.Sprintf("%s-%d", role, i))
				b := s.as(s.user(account.User{Name: name, Role: role, Scope: "90001"}))
				letters := want.foreign
				if c.own || c.unit == "90" && around(key) {
					letters = want.own
				}
				tryRoute(t, b, r, c.unit, strings.Contains(letters, letter))
			}
		}
	}
	if len(access) != sessions {
		t.Errorf("%d rows in the test's table, %d routes need a session", len(access), sessions)
	}
}

// tryRoute asks one route about one unit and checks that it is refused exactly
// if it must be, and changes nothing if it is.
func tryRoute(t *testing.T, b *browser, r route, unit territory.Code, allowed bool) {
	t.Helper()
	path, fields := request(r, unit)
	before := len(b.log())
	if r.method == http.MethodGet {
		b.get(path)
	} else {
		b.post(path, fields...)
	}
	denied := b.status == http.StatusForbidden ||
		unit == "99999" && !allowed && (b.status == http.StatusUnprocessableEntity || b.status == http.StatusNotFound) // a form that names no unit acts on none
	if denied == allowed || b.status >= http.StatusInternalServerError {
		t.Errorf("%s %s by %s: status %d, allowed %v: %.200s", r.method, path, b.cookies[sessionCookie][:4], b.status, allowed, b.body)
	}
	if !allowed && len(b.log()) != before {
		t.Errorf("%s %s: refused, and changed something", r.method, path)
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
			before := len(s.log())
			b.post(path, append(fields, "csrf", token)...)
			if b.status != http.StatusForbidden || len(s.log()) != before {
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
