package console

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hailong/account"
)

func (b *browser) signIn(name, password string) *browser {
	return b.get(Root+"/sign-in").post(Root+"/sign-in", "name", name, "password", password)
}

func TestSignInByPassword(t *testing.T) {
	s := newSite(t)
	s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	b := s.browser().get(Root + "/units?size=doubtful").leads(Root + "/sign-in?next=%2Fconsole%2Funits%3Fsize%3Ddoubtful")
	b.get(b.header.Get("Location")).wants(http.StatusOK, "<title>Đăng nhập")
	visit := b.cookies[visitCookie]
	b.post(Root+"/sign-in", "name", " Lan ", "password", testPassword, "next", b.hidden("next")).leads(Root + "/units?size=doubtful")
	if b.cookies[sessionCookie] == "" || b.cookies[sessionCookie] == visit {
		t.Error("no session, or one that a stranger could have set before")
	}
	b.get(Root).wants(http.StatusOK, "Xin chào Người lan", "Tỉnh Sông Hiền")
	if last := s.log()[0]; last.Action != account.SignIn || last.Actor != "lan" || last.Path.Unit() != "90" {
		t.Errorf("record %+v", last)
	}
}

func TestWhatIsWrongAtSignInIsNotTold(t *testing.T) {
	s := newSite(t)
	s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	s.user(account.User{Name: "off", Role: account.Analyst, Scope: "90", Disabled: true})
	wrong := s.browser().signIn("lan", "mật khẩu khác hẳn").wants(http.StatusUnprocessableEntity, "<title>Lỗi:", `value="lan"`, "!khác hẳn").body
	unknown := s.browser().signIn("ghost", "mật khẩu khác hẳn").wants(http.StatusUnprocessableEntity).body
	odd := s.browser().signIn("không phải tên", "mật khẩu khác hẳn").wants(http.StatusUnprocessableEntity).body
	for name, page := range map[string]string{"unknown": unknown, "odd": odd} {
		if summary(page) != summary(wrong) {
			t.Errorf("%s name: %s", name, summary(page))
		}
	}
	s.browser().signIn("off", "mật khẩu khác hẳn").wants(http.StatusUnprocessableEntity, "chưa đúng", "!ngừng sử dụng")
	s.browser().signIn("off", testPassword).wants(http.StatusUnprocessableEntity, "ngừng sử dụng")
	for _, r := range s.log() {
		if r.Action == account.SignIn {
			t.Errorf("somebody got in: %+v", r)
		}
	}
}

func summary(page string) string {
	_, after, _ := strings.Cut(page, `role="alert"`)
	text, _, _ := strings.Cut(after, "</div>")
	return text
}

// A password typed with combining marks is the same password.
func TestPasswordsAreComparedInOneUnicodeForm(t *testing.T) {
	s := newSite(t)
	s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	s.browser().signIn("lan", "mu\u031ba ra\u0300o tre\u0302n so\u0302ng \u0110a\u0300").leads(Root)
}

func TestGuessingIsSlowedForTheGuesserAlone(t *testing.T) {
	s := newSite(t)
	s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	known := s.browser().signIn("lan", testPassword).leads(Root)
	known.post(Root + "/sign-out").leads(Root + "/sign-in")
	stranger := s.browser()
	for range 3 {
		stranger.signIn("lan", "sai mật khẩu rồi").wants(http.StatusUnprocessableEntity)
	}
	stranger.signIn("lan", testPassword).wants(http.StatusTooManyRequests, "đợi 2 giây")
	if stranger.header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", stranger.header.Get("Retry-After"))
	}
	known.signIn("lan", testPassword).leads(Root) // the same address, a known browser
	s.now = s.now.Add(2 * time.Second)
	stranger.signIn("lan", testPassword).leads(Root)
}

func TestSessionCookiesAreGuarded(t *testing.T) {
	s := newSite(t)
	s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	// Behind a proxy that calls us by our loopback address, the public one counts;
	// on loopback itself a Secure cookie would not come back to every browser.
	for _, c := range []struct {
		scheme string
		secure bool
	}{{"https", true}, {"http", false}} {
		s.base.Scheme = c.scheme
		b := s.browser().signIn("lan", testPassword)
		for _, line := range b.header.Values("Set-Cookie") {
			for _, want := range []string{"HttpOnly", "SameSite=Lax", "path=/console"} {
				if !strings.Contains(line, want) {
					t.Errorf("%s lacks %s", line, want)
				}
			}
			if strings.Contains(strings.ToLower(line), "; secure") != c.secure {
				t.Errorf("the public address is %s: %s", c.scheme, line)
			}
		}
	}
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:8080": true, "localhost:8080": true, "[::1]:8080": true, "[::1]": true,
		"khaosat.example": false, "10.0.0.2:8080": false, "localhost.example": false, "": false,
	} {
		if loopback(host) != want {
			t.Errorf("loopback(%q) = %v", host, !want)
		}
	}
}

func TestSessionsEndByTimeAndByHand(t *testing.T) {
	s := newSite(t)
	u := s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	b := s.as(u)
	for range 5 { // used every 50 minutes
		s.now = s.now.Add(50 * time.Minute)
		b.get(Root).wants(http.StatusOK)
	}
	s.now = s.now.Add(account.SessionIdle + time.Minute)
	b.get(Root).leads(Root + "/sign-in?ended=1")
	b.get(b.header.Get("Location")).wants(http.StatusOK, "Phiên làm việc đã kết thúc")

	b = s.as(u)
	stolen := b.cookies[sessionCookie]
	b.post(Root + "/sign-out").leads(Root + "/sign-in")
	b.cookies[sessionCookie] = stolen
	b.get(Root).leads(Root + "/sign-in?ended=1")
}

func TestOnlyAddressesOfTheConsoleAreGoneTo(t *testing.T) {
	for text, want := range map[string]string{
		"/console/units?q=a": "/console/units?q=a", "/console": "/console", "": "",
		"https://evil.example/console": "", "//evil.example/console": "", "/consolevil": "", "/q/ABC": "",
		"/console/\\evil": "", "/\\evil.example": "", "javascript:alert(1)": "", "/console\r\nX: y": "",
	} {
		if got := localPath(text); got != want {
			t.Errorf("localPath(%q) = %q", text, got)
		}
	}
}

func TestALinkSignsInOnceAndOnlyWhenTheButtonIsPressed(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.user(account.User{Name: "admin1", Role: account.Admin, Scope: account.Everywhere}))
	admin.post(Root+"/new-user", "name", "hoa", "full_name", "Lê Thị Hoà", "role", "officer", "scope", "Xã Bến Tre Xanh").leads(Root + "/users/hoa?done=user_added")
	admin.get(Root+"/users/hoa?done=user_added").wants(http.StatusOK, "Đã thêm người dùng", "chưa có mật khẩu")
	admin.post(Root+"/users/hoa/link").wants(http.StatusOK, "https://khaosat.example/console/link/")
	_, rest, _ := strings.Cut(admin.body, "https://khaosat.example")
	path, _, _ := strings.Cut(rest, "<")
	s.secret = append(s.secret, path[strings.LastIndexByte(path, '/')+1:])

	for range 2 { // a preview of the address uses nothing up
		s.browser().get(path).wants(http.StatusOK, "Bấm nút")
	}
	late := s.browser().get(path)
	b := s.browser().get(path)
	b.post(Root+"/link", "secret", b.hidden("secret")).leads(Root + "/me")
	b.get(Root+"/me").wants(http.StatusOK, "Đặt mật khẩu")
	late.post(Root+"/link", "secret", late.hidden("secret")).wants(http.StatusGone)

	b.post(Root+"/me/password", "new", testPassword, "again", testPassword).leads(Root + "/me?done=password")
	b.get(Root+"/me?done=password").wants(http.StatusOK, "Đã lưu mật khẩu mới", "Mật khẩu đang dùng")
	b.post(Root + "/sign-out")
	s.browser().signIn("hoa", testPassword).leads(Root)
	for _, r := range s.log() {
		for _, d := range r.Details {
			if strings.Contains(d.Value, testPassword) || strings.HasSuffix(path, "/"+d.Value) {
				t.Errorf("a secret in a record: %+v", r)
			}
		}
	}
}

func TestALinkEndsAfterAQuarterOfAnHour(t *testing.T) {
	s := newSite(t)
	u := s.user(account.User{Name: "hoa", Role: account.Officer, Scope: "90001"})
	link, secret := account.NewLink(u, s.now)
	s.check(s.store.AddLink(t.Context(), account.NewRecord(s.tick(), u, account.LinkUser, "hoa"), link))
	s.now = s.now.Add(account.LinkLife)
	b := s.browser().get(Root + "/link/" + secret.Reveal())
	b.post(Root+"/link", "secret", secret.Reveal()).wants(http.StatusGone, "quá 15 phút")
	s.browser().get(Root + "/link/nonsense").wants(http.StatusGone)
}

func TestChangingThePasswordAsksForTheOldOneAndEndsOtherSessions(t *testing.T) {
	s := newSite(t)
	u := s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"})
	mine, other := s.as(u), s.as(u)
	fresh := "cơn gió heo may đầu mùa"
	mine.post(Root+"/me/password", "old", "không phải", "new", fresh, "again", fresh).wants(http.StatusUnprocessableEntity, `href="#old"`, "!"+fresh)
	mine.post(Root+"/me/password", "old", testPassword, "new", "ngắn", "again", "ngắn").wants(http.StatusUnprocessableEntity, `href="#new"`)
	mine.post(Root+"/me/password", "old", testPassword, "new", fresh, "again", fresh+"!").wants(http.StatusUnprocessableEntity, `href="#again"`)
	mine.post(Root+"/me/password", "old", testPassword, "new", fresh, "again", fresh).leads(Root + "/me?done=password")
	mine.get(Root).wants(http.StatusOK)
	other.get(Root).leads(Root + "/sign-in?ended=1")
	s.browser().signIn("lan", testPassword).wants(http.StatusUnprocessableEntity)
	s.browser().signIn("lan", fresh).leads(Root)
}
