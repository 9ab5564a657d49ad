package account_test

import (
	"strings"
	"testing"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/static"
	"hailong/territory"
)

var at = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

func TestNamesAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]account.Name{
		" Lan.Nguyen ": "lan.nguyen", "a1": "a1", "a": "", "1a": "", "lân": "", "a b": "", "": "",
		strings.Repeat("a", 40): account.Name(strings.Repeat("a", 40)), strings.Repeat("a", 41): "",
	} {
		got, err := account.ParseName(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseName(%q) = %q, %v", text, got, err)
		}
	}
}

func TestAUserNeedsNameFullNameRoleAndScope(t *testing.T) {
	good := account.User{Name: "lan", FullName: "Nguyễn Thị Lan", Role: account.Officer, Scope: "06994"}
	if p := good.Validate(); len(p) != 0 {
		t.Fatalf("a good user: %v", p)
	}
	for code, spoil := range map[string]func(*account.User){
		"account.name":      func(u *account.User) { u.Name = "L n" },
		"account.full_name": func(u *account.User) { u.FullName = " " },
		"account.role":      func(u *account.User) { u.Role = "king" },
		"account.scope":     func(u *account.User) { u.Scope = "" },
	} {
		bad := good
		spoil(&bad)
		if p := bad.Validate(); len(p) != 1 || p[0].Code != code {
			t.Errorf("want %s, got %v", code, p)
		}
	}
}

func TestADormantAccountOpensByLinkOnly(t *testing.T) {
	u := account.User{CreatedAt: at}
	late := at.Add(account.DormantAfter + time.Second)
	if err := u.MaySignIn(at.Add(account.DormantAfter), false); err != nil {
		t.Errorf("after exactly 45 days: %v", err)
	}
	if err := u.MaySignIn(late, false); !fault.Is(err, fault.Denied) {
		t.Errorf("by password after 45 days: %v", err)
	}
	if err := u.MaySignIn(late, true); err != nil {
		t.Errorf("by link after 45 days: %v", err)
	}
	u.Disabled = true
	if err := u.MaySignIn(at, true); !fault.Is(err, fault.Denied) {
		t.Errorf("disabled, by link: %v", err)
	}
}

func TestAChangeOfRightsEndsTheSessions(t *testing.T) {
	u := account.User{Name: "lan", Role: account.Officer, Scope: "06994"}
	session, _ := account.NewSession(u, at)
	if same := u.Changed(account.Officer, "06994", false); !session.Live(same, at) {
		t.Error("saving the same rights ended the session")
	}
	for name, changed := range map[string]account.User{
		"role":     u.Changed(account.Analyst, "06994", false),
		"scope":    u.Changed(account.Officer, "06997", false),
		"disabled": u.Changed(account.Officer, "06994", true),
		"enabled again": u.Changed(account.Officer, "06994", true).
			Changed(account.Officer, "06994", false),
		"password": u.WithPassword("x"),
	} {
		if session.Live(changed, at) {
			t.Errorf("%s: the session lives on", name)
		}
	}
}

func TestOnlyTheLatestDevicesAreKnown(t *testing.T) {
	var u account.User
	var devices []account.DeviceID
	for i := range 10 {
		d := account.DeviceOf(account.NewSecret())
		devices = append(devices, d)
		u = u.SignedIn(d, at.Add(time.Duration(i)*time.Hour))
	}
	u = u.SignedIn(devices[5], at.Add(11*time.Hour))
	if len(u.Devices) != 8 || u.Knows(devices[1]) || !u.Knows(devices[2]) || !u.Knows(devices[5]) || !u.Knows(devices[9]) {
		t.Errorf("devices remembered: %v", u.Devices)
	}
	if u.WithPassword("x").Knows(devices[9]) {
		t.Error("a new password must forget the devices")
	}
}

func TestEveryActionAndRoleHasItsText(t *testing.T) {
	for _, lang := range static.Langs {
		for _, action := range account.Actions() {
			if code := "account.action." + string(action); !static.Has(lang, code) {
				t.Errorf("%s: no text for %s", lang, code)
			}
		}
		for _, role := range account.Roles {
			if code := "account.role." + string(role); !static.Has(lang, code) {
				t.Errorf("%s: no text for %s", lang, code)
			}
		}
	}
}

func TestPathsLieInTheirAncestors(t *testing.T) {
	village := account.Path{"06994-03", "06994", "22"}
	for scope, want := range map[territory.Code]bool{
		"06994-03": true, "06994": true, "22": true, account.Everywhere: true, "": false, "06997": false, "2": false,
	} {
		if got := village.In(scope); got != want {
			t.Errorf("In(%q) = %v", scope, got)
		}
	}
	if (account.Path{}).In(account.Everywhere) {
		t.Error("no unit lies nowhere")
	}
}
