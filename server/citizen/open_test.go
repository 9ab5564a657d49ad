package citizen_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"hailong/fault"
	"hailong/server/citizen"
	"hailong/server/guard"
	"hailong/static"
	"hailong/survey"
	"hailong/survey/xlsform"
)

func TestCodesLeadToTheFormOrSayWhyNot(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	unknownToken := w.addToken("z", openRound, false)
	delete(w.store.passes, w.keys.TokenHash(unknownToken))
	mistyped := string(w.token[:8]) + map[bool]string{true: "A", false: "B"}[w.token[8] != 'A']
	for _, c := range []struct {
		name, path string
		status     int
		must       []string
		never      []string
	}{
		{"a counter", "/q/" + string(w.counter), 200,
			[]string{`<form method="post" action="/b"`, `name="ballot"`, "Một cửa &lt;phường&gt; Hà Lầm", "Sở Nội vụ tỉnh Minh Hải", "tự nguyện", "biên nhận", "0200 000 000", "Đợt chạy thử", `lang="vi"`}, []string{"<phường>"}},
		{"a token", "/p/" + string(w.token), 200, []string{`name="q33" value="5"`, "Phiếu mời riêng", "Đợt chạy thử"}, nil},
		{"a token as people write it", "/p/" + strings.ToLower(w.token.Grouped()), 200, []string{`name="ballot"`}, nil},
		{"in English", "/q/" + string(w.counter) + "?lang=en", 200, []string{`<html lang="en">`, "Very satisfied", "Voluntary."}, []string{"Rất hài lòng"}},
		{"in a language nobody wrote", "/q/" + string(w.counter) + "?lang=zz", 200, []string{`<html lang="vi">`}, nil},
		{"a mistyped token", "/p/" + mistyped, 404, []string{"gõ nhầm", `value="` + mistyped, "Lỗi:"}, []string{`name="ballot"`}},
		{"a token that never was", "/p/" + string(unknownToken), 404, []string{"Không tìm thấy mã này"}, []string{`name="ballot"`}},
		{"a voided token", "/p/" + string(w.voided), 404, []string{"Không tìm thấy mã này"}, []string{`name="ballot"`}},
		{"a closed counter", "/q/" + string(w.closedCounter), 410, []string{"không còn dùng"}, []string{`name="ballot"`}},
		{"a closed round", "/p/" + string(w.ended), 410, []string{"đã kết thúc", "0200 000 000", "Đợt chạy thử"}, []string{`name="ballot"`}},
		{"markup in a code", "/p/%3Cscript%3E", 404, []string{"&lt;script&gt;"}, []string{"<script>"}},
		{"the page to type a code", "/", 200, []string{`name="code"`}, nil},
	} {
		a := w.get(c.path)
		if a.status != c.status {
			t.Errorf("%s: %d, want %d", c.name, a.status, c.status)
		}
		for _, text := range c.must {
			if !strings.Contains(strings.ToLower(a.body), strings.ToLower(text)) {
				t.Errorf("%s: no %q in\n%s", c.name, text, a.body)
			}
		}
		for _, text := range c.never {
			if strings.Contains(a.body, text) {
				t.Errorf("%s: %q in\n%s", c.name, text, a.body)
			}
		}
	}
	if n := w.store.stored(); n != 0 {
		t.Errorf("opening pages wrote %d responses", n)
	}
}

func TestTypedCodesAreForgivenAndSentOn(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	for typed, want := range map[string]string{
		" " + strings.ToLower(w.token.Grouped()) + " ": "/p/" + string(w.token),
		string(w.counter[:3] + " " + w.counter[3:]):    "/q/" + string(w.counter),
	} {
		for method, a := range map[string]answer{"POST": w.post("/", url.Values{"code": {typed}}), "GET": w.get("/?code=" + url.QueryEscape(typed))} {
			if a.status != 303 || a.header.Get("Location") != want {
				t.Errorf("%s %q: %d to %q, want %q", method, typed, a.status, a.header.Get("Location"), want)
			}
		}
	}
	for typed, text := range map[string]string{"12": "9 ký tự, mã ở quầy có 7", "K7M-4TQ-9ZA": "gõ nhầm", "!!!": "không có ký tự", "": "Mời ông/bà nhập mã", "  ": "Mời ông/bà nhập mã"} {
		if a := w.post("/", url.Values{"code": {typed}}); a.status != 422 || !strings.Contains(a.body, text) || !strings.Contains(a.body, `value="`+typed) {
			t.Errorf("%q: %d\n%s", typed, a.status, a.body)
		}
	}
}

// What a citizen must download before the first answer: the limit is 20,000
// bytes, the aim is what a server may send in its first flight.
func TestFormOf33ItemsFitsTheFirstFlight(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	r := httptest.NewRequest("GET", "/q/"+string(w.counter), nil)
	r.Header.Set("Accept-Encoding", "gzip")
	a := w.do(r)
	if a.header.Get("Content-Encoding") != "gzip" || len(a.body) > 14_000 {
		t.Errorf("%d bytes on the wire (%s)", len(a.body), a.header.Get("Content-Encoding"))
	}
	zr, err := gzip.NewReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	var six bytes.Buffer
	zw, err := gzip.NewWriterLevel(&six, 6)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zw.Write(plain); err != nil || zw.Close() != nil {
		t.Fatal(err)
	}
	if six.Len() > 14_000 {
		t.Errorf("%d bytes with gzip level 6", six.Len())
	}
	t.Logf("form of 33 items: %d bytes, on the wire %d, gzip -6 %d", len(plain), len(a.body), six.Len())
	for _, third := range []string{"http://", "https://", "//", "@import", "url("} {
		if strings.Contains(strings.ReplaceAll(string(plain), "https://hailong", ""), third) {
			t.Errorf("the page refers to somebody else: %q", third)
		}
	}
	if got := a.header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("Cache-Control %q: a phone could not bring the page back offline", got)
	}
	if a.header.Get("Set-Cookie") != "" {
		t.Error("the page sets a cookie")
	}
}

func TestAPageLooksTheSameBeforeAndAfterTheAnswer(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	path := "/p/" + string(w.token)
	before := w.get(path)
	if a := w.post("/b", complete(w.ballotOf(path))); a.status != 303 {
		t.Fatalf("sending: %d %s", a.status, a.body)
	}
	after := w.get(path)
	mask := func(s string) string { return ballotField.ReplaceAllString(s, "") }
	if mask(before.body) != mask(after.body) {
		t.Error("the page tells that the person answered")
	}
}

// A closed counter or a voided token takes effect within seconds; the caches
// live on the machine's clock, so this test waits for them.
func TestAClosedCounterTakesEffectWithinSeconds(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	path := "/q/" + string(w.counter)
	w.ballotOf(path)
	w.store.mu.Lock()
	closed := w.store.counters[w.counter]
	closed.Closed = true
	w.store.counters[w.counter] = closed
	w.store.mu.Unlock()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if w.get(path).status == 410 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("still open after 5 seconds")
		}
	}
}

func TestCountsAreByTokenOrCounterAndWrongCodesByAddress(t *testing.T) {
	w := newWorld(t, citizen.Limits{
		Token: guard.Rate{Burst: 2, PerSecond: .1}, Counter: guard.Rate{Burst: 4, PerSecond: .1}, Wrong: guard.Rate{Burst: 3, PerSecond: .1},
		Door: citizen.Door{Places: 1},
	})
	other := w.addToken("d", openRound, false)
	expect := func(name, path string, statuses ...int) {
		t.Helper()
		for i, want := range statuses {
			if a := w.get(path); a.status != want {
				t.Errorf("%s, request %d: %d, want %d", name, i+1, a.status, want)
			} else if want == 429 && a.header.Get("Retry-After") == "" {
				t.Errorf("%s: 429 without Retry-After", name)
			}
		}
	}
	expect("a token", "/p/"+string(w.token), 200, 200, 429)
	expect("another token behind the same address", "/p/"+string(other), 200)
	expect("a counter", "/q/"+string(w.counter), 200, 200, 200, 200, 429)
	expect("wrong codes", "/p/AAAAAAAAA", 404, 404, 404, 429)
	expect("a right code from the address of the wrong ones", "/p/"+string(other), 200)
	w.pass(11 * time.Second)
	expect("a token after a while", "/p/"+string(w.token), 200, 429)

	ballot := w.ballot(openRound, survey.OriginSample, w.now())
	var last answer
	for range 3 {
		last = w.post("/b", complete(ballot))
	}
	if last.status != 429 || !strings.Contains(last.body, ballot) || !strings.Contains(last.body, "Bớt phải đi lại &lt;b&gt;") {
		t.Errorf("sending too often: %d, answers kept: %s", last.status, last.body)
	}
}

// The shipped questionnaire asks about the respondent, experiences and wishes
// besides the 33 items; it fits the first flight too.
func TestTheShippedFormFitsTheFirstFlight(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	raw, err := static.Files.ReadFile("questionnaires/sipas-2026.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	q, problems := xlsform.Read(raw, xlsform.DefaultLimits)
	if err := fault.Of(fault.Invalid, problems); err != nil {
		t.Fatal(err)
	}
	round := w.store.rounds[openRound]
	round.Questionnaire = q.Ref()
	w.store.rounds[openRound], w.store.questionnaires[q.Ref()] = round, q
	r := httptest.NewRequest("GET", "/q/"+string(w.counter), nil)
	r.Header.Set("Accept-Encoding", "gzip")
	if a := w.do(r); a.status != 200 || len(a.body) > 14_000 {
		t.Errorf("%d, %d bytes on the wire", a.status, len(a.body))
	} else {
		t.Logf("%d questions: %d bytes on the wire", len(q.Questions), len(a.body))
	}
}
