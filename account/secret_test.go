package account_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hailong/account"
	"hailong/fault"
)

func TestSecretsDoNotPrint(t *testing.T) {
	s := account.NewSecret()
	printed := fmt.Sprintf("%v %s %+v %#v %q", s, s, struct{ S account.Secret }{s}, s, s)
	if strings.Contains(printed, s.Reveal()) {
		t.Error("a secret shows itself when printed")
	}
	if raw, err := base64.RawURLEncoding.DecodeString(s.Reveal()); err != nil || len(raw) != 32 {
		t.Errorf("a secret has %d bytes (%v), want 32", len(raw), err)
	}
	if back, ok := account.ParseSecret(s.Reveal()); !ok || back != s {
		t.Error("a secret does not survive its journey")
	}
	for _, bad := range []string{"", "abc", s.Reveal() + "A", strings.Repeat("!", 43)} {
		if _, ok := account.ParseSecret(bad); ok {
			t.Errorf("ParseSecret(%q) accepted", bad)
		}
	}
}

func TestOneSecretHasAnotherHashForEveryPurpose(t *testing.T) {
	s := account.NewSecret()
	hashes := []string{string(account.SessionOf(s)), string(account.LinkOf(s)), string(account.DeviceOf(s)), s.Reveal()}
	slices.Sort(hashes)
	if len(slices.Compact(hashes)) != 4 {
		t.Error("a session, a link and a device share a hash")
	}
}

func TestCSRFTokensBelongToTheirSecret(t *testing.T) {
	mine, theirs := account.NewSecret(), account.NewSecret()
	token := mine.CSRF()
	if err := mine.CheckCSRF(token); err != nil {
		t.Fatalf("own token: %v", err)
	}
	if token == mine.CSRF() {
		t.Error("two pages carry the same token")
	}
	for name, err := range map[string]error{
		"another's":                theirs.CheckCSRF(token),
		"none":                     mine.CheckCSRF(""),
		"cut":                      mine.CheckCSRF(token[:len(token)-2]),
		"changed":                  mine.CheckCSRF("A" + token[1:]),
		"no secret":                account.Secret{}.CheckCSRF(token),
		"no secret at either side": account.Secret{}.CheckCSRF(account.Secret{}.CSRF()),
	} {
		if name == "changed" && token[0] == 'A' {
			continue
		}
		if !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	u := account.User{Name: "lan"}
	s, secret := account.NewSession(u, at)
	if s.ID != account.SessionOf(secret) {
		t.Fatal("the cookie does not open the session")
	}
	used := s
	used.SeenAt = at.Add(account.SessionLife - time.Minute)
	for _, c := range []struct {
		name    string
		session account.Session
		at      time.Time
		live    bool
	}{
		{"fresh", s, at, true},
		{"idle for an hour", s, at.Add(account.SessionIdle), true},
		{"idle for longer", s, at.Add(account.SessionIdle + time.Second), false},
		{"used all day", used, at.Add(account.SessionLife - time.Second), true},
		{"too old, though used", used, at.Add(account.SessionLife), false},
	} {
		if got := c.session.Live(u, c.at); got != c.live {
			t.Errorf("%s: live = %v", c.name, got)
		}
	}
	if s.Live(account.User{Name: "other"}, at) {
		t.Error("the session opens another's account")
	}
}

func TestALinkOpensOnceInTimeAndForItsUserAsItWas(t *testing.T) {
	u := account.User{Name: "lan"}
	l, secret := account.NewLink(u, at)
	if l.ID != account.LinkOf(secret) {
		t.Fatal("the address does not lead to the link")
	}
	if err := l.Opens(u, at.Add(account.LinkLife-time.Second)); err != nil {
		t.Errorf("within a quarter of an hour: %v", err)
	}
	for name, err := range map[string]error{
		"late":         l.Opens(u, at.Add(account.LinkLife)),
		"another's":    l.Opens(account.User{Name: "minh"}, at),
		"role changed": l.Opens(u.Changed(account.Admin, "22", false), at),
	} {
		if !fault.Is(err, fault.Gone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRecordIDsSortByTime(t *testing.T) {
	early, late := account.NewRecordID(at), account.NewRecordID(at.Add(time.Millisecond))
	if early >= late || len(early) != 24 {
		t.Errorf("%s, a millisecond later %s", early, late)
	}
	if from := account.RecordIDFrom(at); from > early || from <= account.NewRecordID(at.Add(-time.Millisecond)) {
		t.Errorf("the bound %s does not divide the records", from)
	}
}

func TestRecordQueryNarrows(t *testing.T) {
	by := account.User{Name: "lan", Role: account.Analyst}
	r := account.NewRecord(at, by, account.SettleSize, "06994", "from", "54000", "to", "53904").On(account.Path{"06994", "22"})
	if r.State != account.Intended || len(r.Details) != 2 || r.Details[1] != (account.Detail{Name: "to", Value: "53904"}) {
		t.Fatalf("record %+v", r)
	}
	for _, c := range []struct {
		name  string
		query account.RecordQuery
		want  bool
	}{
		{"scope", account.RecordQuery{Scope: "22"}, true},
		{"everywhere", account.RecordQuery{Scope: account.Everywhere}, true},
		{"foreign scope", account.RecordQuery{Scope: "31"}, false},
		{"no scope", account.RecordQuery{}, false},
		{"actor", account.RecordQuery{Scope: "22", Actor: "minh"}, false},
		{"action", account.RecordQuery{Scope: "22", Action: account.Draw}, false},
		{"since its time", account.RecordQuery{Scope: "22", Since: at}, true},
		{"until its time", account.RecordQuery{Scope: "22", Until: at}, false},
		{"before itself", account.RecordQuery{Scope: "22", Before: r.ID}, false},
	} {
		if got := c.query.Matches(r); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
