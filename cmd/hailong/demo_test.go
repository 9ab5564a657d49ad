package main

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"hailong/survey"
)

// demoSite is the whole program on a seeded demo, without a network.
type demoSite struct {
	t      testing.TB
	sys    *system
	app    *fiber.App
	base   *url.URL
	cookie string
}

func newDemoSite(t testing.TB) *demoSite {
	t.Helper()
	dir := t.TempDir()
	s := serving{place: place{data: filepath.Join(dir, "data"), keys: filepath.Join(dir, "keys.json")}}
	sys, err := s.open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sys.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := ensureDemo(context.Background(), sys); err != nil {
		t.Fatal(err)
	}
	base := &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}
	return &demoSite{t: t, sys: sys, base: base, app: s.assemble(sys, base, slog.New(slog.DiscardHandler)).App()}
}

// send makes a request and returns status, body and where it leads.
func (d *demoSite) send(method, path string, form url.Values) (status int, body, location string) {
	d.t.Helper()
	req, err := http.NewRequest(method, d.base.String()+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if d.cookie != "" {
		req.Header.Set("Cookie", d.cookie)
	}
	res, err := d.app.Test(req, 60_000)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, c := range res.Cookies() {
		if c.MaxAge >= 0 {
			d.cookie = strings.Trim(d.cookie+"; "+c.Name+"="+c.Value, "; ")
		}
	}
	return res.StatusCode, string(raw), res.Header.Get("Location")
}

var hiddenField = regexp.MustCompile(`<input[^>]*type="?hidden"?[^>]*>`)
var attribute = regexp.MustCompile(`(name|value)="?([^">\s]*)"?`)

// hidden reads the hidden fields of a page.
func hidden(page string) url.Values {
	fields := url.Values{}
	for _, input := range hiddenField.FindAllString(page, -1) {
		var name, value string
		for _, m := range attribute.FindAllStringSubmatch(input, -1) {
			if m[1] == "name" {
				name = m[2]
			} else {
				value = html.UnescapeString(m[2])
			}
		}
		fields.Set(name, value)
	}
	return fields
}

func (d *demoSite) signIn() {
	d.t.Helper()
	link, err := d.sys.link(context.Background(), demoAdmin, d.base)
	if err != nil {
		d.t.Fatal(err)
	}
	_, page, _ := d.send(http.MethodGet, strings.TrimPrefix(link, d.base.String()), nil)
	status, body, location := d.send(http.MethodPost, "/console/link", hidden(page))
	if status != http.StatusSeeOther || !strings.HasPrefix(location, "/console") {
		d.t.Fatalf("signing in by link: %d %s %.300s", status, location, body)
	}
}

func TestTheDemoAnswersOnEveryPage(t *testing.T) {
	d := newDemoSite(t)
	d.signIn()
	round := "/console/rounds/" + string(demoRound)
	for path, want := range map[string]string{
		"/console":                "Quản trị tỉnh",
		"/console/rounds":         "Khảo sát sự hài lòng",
		round:                     "mô phỏng",
		round + "/draws":          "receipt.json",
		round + "/lists":          "thôn",
		round + "/counters":       "Bộ phận Một cửa",
		round + "/answers":        "480",
		round + "/editions":       "sipas-items@1",
		round + "/editions/1":     "95 %",
		"/console/units":          "Hòn Ngọc Vừng",
		"/console/users":          "giamsat",
		"/console/records":        "hai-long-2026",
		"/console/questionnaires": "sipas",
		"/console/units/98012":    "Đặc khu",
		"/healthz":                "ok",
		"/readyz":                 "ok",
	} {
		status, body, _ := d.send(http.MethodGet, path, nil)
		if status != http.StatusOK || !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("GET %s: %d, want 200 with %q", path, status, want)
		}
	}
}

// One page of a counter, sent twice and then changed: stored once, the same
// receipt, and a conflict that reveals nothing.
func TestACitizensAnswerIsStoredOnceForAll(t *testing.T) {
	d := newDemoSite(t)
	counters, err := d.sys.store.Counters(context.Background(), demoRound)
	if err != nil {
		t.Fatal(err)
	}
	before := d.count()
	status, page, _ := d.send(http.MethodGet, "/q/"+string(counters[0].Code), nil)
	if status != http.StatusOK || d.count() != before {
		t.Fatalf("looking at the form: %d, %d answers more", status, d.count()-before)
	}
	answers := url.Values{"ballot": {hidden(page).Get("ballot")}}
	q, err := shippedQuestionnaire()
	if err != nil {
		t.Fatal(err)
	}
	for _, question := range q.Questions {
		if len(question.Choices) > 0 && question.Relevant == "" {
			answers.Set(string(question.Code), question.Choices[0].Value)
		}
	}
	if place, ok := q.Question("exp_place"); ok {
		answers.Set(string(place.Code), place.Choices[0].Value)
	}
	status, body, receipt := d.send(http.MethodPost, "/b", answers)
	if status != http.StatusSeeOther || !strings.HasPrefix(receipt, "/r/") {
		t.Fatalf("first sending: %d %.500s", status, body)
	}
	if status, _, again := d.send(http.MethodPost, "/b", answers); status != http.StatusSeeOther || again != receipt {
		t.Errorf("second sending: %d %s, want the same receipt %s", status, again, receipt)
	}
	answers.Set("sex", q.Questions[0].Choices[1].Value)
	if status, body, _ := d.send(http.MethodPost, "/b", answers); status != http.StatusConflict || strings.Contains(body, receipt) {
		t.Errorf("other answers for the same ballot: %d, want 409 without the receipt", status)
	}
	if got := d.count() - before; got != 1 {
		t.Errorf("%d answers stored, want 1", got)
	}
	if status, body, _ := d.send(http.MethodGet, receipt, nil); status != http.StatusOK || !strings.Contains(body, strings.TrimPrefix(receipt, "/r/")) {
		t.Errorf("receipt page: %d", status)
	}
}

func (d *demoSite) count() int64 {
	d.t.Helper()
	n, err := d.sys.store.CountResponses(context.Background(), survey.RoundPrefix(demoRound))
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestTheDemoIsSeededOnceAndPrintsItsWaysIn(t *testing.T) {
	d := newDemoSite(t)
	before := d.count()
	var out bytes.Buffer
	if err := welcome(context.Background(), &out, d.sys, d.base); err != nil {
		t.Fatal(err)
	}
	if d.count() != before {
		t.Errorf("a second start made other answers")
	}
	for _, want := range []string{"/console/link/", "/q/", "mô phỏng", "▀", " user link canbo.xa --base-url " + d.base.String() + "\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the welcome lacks %q", want)
		}
	}
}
