package console

import (
	"bytes"
	"context"
	"crypto/rand"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/scorecard"
	"hailong/server"
	"hailong/store"
	"hailong/store/sqlitestore"
	"hailong/survey"
	"hailong/territory"
)

// site is a console behind the real server, with a clock that the test moves.
type site struct {
	t      *testing.T
	store  *store.Store
	server *server.Server
	desk   conduct.Desk
	base   *url.URL
	now    time.Time
	logged bytes.Buffer
	secret []string // what must not be in the log
}

const testPassword = "mưa rào trên sông Đà"

// testHash is the hash of testPassword, made once.
var testHash = func() account.PasswordHash {
	hash, err := account.NewHasher().Hash(context.Background(), testPassword)
	if err != nil {
		panic(err)
	}
	return hash
}()

// testUnits are two provinces; the reader of most tests works in the first.
var testUnits = []territory.Unit{
	{Code: "90", Name: "Sông Hiền", Kind: "Tỉnh", Level: territory.Province},
	{Code: "90001", Name: "Bến Tre Xanh", Kind: "Xã", Level: territory.Commune, Parent: "90", Population: 8421, AreaKm2: 31.2, Size: territory.SizePlausible},
	{Code: "90004", Name: "Cù Lao Mây", Kind: "Xã", Level: territory.Commune, Parent: "90", Population: 412, AreaKm2: 9.75, Size: territory.SizeDoubtful},
	{Code: "90001-01", Name: "Thôn Thượng", Level: territory.Village, Parent: "90001"},
	{Code: "91", Name: "Núi Cao", Kind: "Tỉnh", Level: territory.Province},
	{Code: "91001", Name: "Đèo Gió", Kind: "Xã", Level: territory.Commune, Parent: "91", Population: 5000, AreaKm2: 80, Size: territory.SizePlausible},
}

func newSite(t *testing.T) *site {
	t.Helper()
	engine, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := survey.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, store: store.New(engine), base: &url.URL{Scheme: "https", Host: "khaosat.example"}, now: time.Date(2026, 9, 21, 1, 0, 0, 0, time.UTC)}
	t.Cleanup(func() {
		for _, secret := range append(s.secret, testPassword) {
			if strings.Contains(s.logged.String(), secret) {
				t.Errorf("the log holds %.6s…", secret)
			}
		}
		s.store.Close()
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	s.desk = conduct.Desk{Store: s.store, Keys: keys, Formulas: scorecard.Shipped(), Clock: s.tick, Random: rand.Reader, Program: "test"}
	log := slog.New(slog.NewJSONHandler(&s.logged, nil))
	office := New(Config{
		Accounts: s.store, Records: s.store, Units: s.store, Questionnaires: s.store, Uploads: s.store, Rounds: s.store, Desk: s.desk,
		Hasher: account.NewHasher(), Throttle: &account.Throttle{}, Base: s.base, Clock: s.tick,
	})
	s.server = server.New(server.Config{Log: log, MayUpload: office.MayUpload}, office)
	s.units(testUnits...)
	return s
}

// tick is a clock on which no two events share a moment.
func (s *site) tick() time.Time {
	s.now = s.now.Add(time.Millisecond)
	return s.now
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) units(units ...territory.Unit) {
	s.t.Helper()
	s.check(s.store.PutUnits(s.t.Context(), account.NewRecord(s.tick(), account.User{}, account.ImportUnits, "test"), units))
}

func (s *site) tree() *territory.Tree {
	s.t.Helper()
	tree, err := s.store.UnitTree(s.t.Context())
	s.check(err)
	return tree
}

// log is every record, the newest first.
func (s *site) log() []account.Record {
	s.t.Helper()
	records, err := s.store.Records(s.t.Context(), account.RecordQuery{Scope: account.Everywhere})
	s.check(err)
	return records
}

// user adds a user directly to the store.
func (s *site) user(u account.User) account.User {
	s.t.Helper()
	u.FullName, u.CreatedAt = "Người "+string(u.Name), s.now
	if u.PasswordHash == "" {
		u.PasswordHash = testHash
	}
	s.check(s.store.AddUser(s.t.Context(), account.NewRecord(s.tick(), account.User{}, account.AddUser, string(u.Name)), u))
	return u
}

// browser is one reader with their cookies and the last page they saw.
type browser struct {
	*site
	cookies map[string]string
	status  int
	header  http.Header
	body    string
}

func (s *site) browser() *browser { return &browser{site: s, cookies: map[string]string{}} }

// as is a browser in which the user has signed in, made without the slow password.
func (s *site) as(u account.User) *browser {
	s.t.Helper()
	u, err := s.store.User(s.t.Context(), u.Name)
	s.check(err)
	session, secret := account.NewSession(u, s.now)
	rec := account.NewRecord(s.tick(), u, account.SignIn, string(u.Name))
	s.check(s.store.SignIn(s.t.Context(), rec, account.SigningIn{User: u, Session: session}))
	b := s.browser()
	b.cookies[sessionCookie] = secret.Reveal()
	return b
}

func (b *browser) do(req *http.Request) *browser {
	b.t.Helper()
	req.Host = "127.0.0.1:8080"
	for name, value := range b.cookies {
		b.secret = append(b.secret, value)
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	resp, err := b.server.App().Test(req, 20_000)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.status, b.header, b.body = resp.StatusCode, resp.Header, string(body)
	for _, c := range resp.Cookies() {
		if c.Value == "" || !c.Expires.IsZero() && c.Expires.Before(time.Now()) {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return b
}

func (b *browser) get(path string) *browser {
	return b.do(httptest.NewRequest(http.MethodGet, strings.ReplaceAll(path, " ", "+"), nil))
}

// post sends a form with the token of the browser's own session or visit.
func (b *browser) post(path string, fields ...string) *browser {
	values := url.Values{"csrf": {b.token()}}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	return b.send(path, values)
}

func (b *browser) send(path string, values url.Values) *browser {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// upload sends a file as a browser does, with fields beside it.
func (b *browser) upload(path, name string, data []byte, fields ...string) *browser {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	fields = append(fields, "csrf", b.token())
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func (b *browser) token() string {
	for _, name := range []string{sessionCookie, visitCookie} {
		if secret, ok := account.ParseSecret(b.cookies[name]); ok {
			return secret.CSRF()
		}
	}
	return ""
}

// hidden is the value of a hidden field of the page.
func (b *browser) hidden(name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(b.body)
	if found == nil {
		b.t.Fatalf("no field %s in %.300s", name, b.body)
	}
	return html.UnescapeString(found[1])
}

// wants checks the last answer: its status, and what it must contain, or must
// not if the text begins with "!".
func (b *browser) wants(status int, texts ...string) *browser {
	b.t.Helper()
	if b.status != status {
		b.t.Errorf("status %d, want %d: %.400s", b.status, status, b.body)
	}
	for _, text := range texts {
		if unwanted, no := strings.CutPrefix(text, "!"); no == strings.Contains(b.body, strings.TrimPrefix(text, "!")) {
			b.t.Errorf("contains %q: %v", unwanted, !no)
		}
	}
	return b
}

// leads checks that the last answer sends the reader on.
func (b *browser) leads(to string) *browser {
	b.t.Helper()
	if b.status != http.StatusSeeOther || b.header.Get("Location") != to {
		b.t.Errorf("status %d to %q, want 303 to %q: %.300s", b.status, b.header.Get("Location"), to, b.body)
	}
	return b
}
