package citizen_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hailong/server/citizen"
	"hailong/survey"
)

// with returns the form with fields replaced; pairs of name and value, an empty
// value removes the field.
func with(form url.Values, pairs ...string) url.Values {
	form = maps.Clone(form)
	for i := 0; i+1 < len(pairs); i += 2 {
		if form.Del(pairs[i]); pairs[i+1] != "" {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	return form
}

// Every status of the contract, for browsers and for scripts. Whatever is not
// stored keeps its answers on the screen.
func TestSendingHasAnAnswerForEveryCase(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	sample := w.ballot(openRound, survey.OriginSample, w.now())
	tooLate := w.ballot(closedRound, survey.OriginSample, w.now())
	intoGrace := w.ballot(closedRound, survey.OriginSample, w.now().Add(-2*time.Hour))
	stale := w.ballot(openRound, survey.OriginCounter, w.now().Add(-73*time.Hour))
	const kept = "Bớt phải đi lại &lt;b&gt;"
	full := complete(sample)
	if a := w.post("/b", complete(w.ballotOf("/p/"+string(w.token)))); a.status != 303 {
		t.Fatalf("the first sending: %d", a.status)
	}
	for _, c := range []struct {
		name   string
		form   url.Values
		status int
		code   string // of the problem document
		must   []string
	}{
		{"no ballot", with(full, "ballot", ""), 400, "ballot.unreadable", []string{kept}},
		{"nothing at all", url.Values{}, 400, "ballot.unreadable", nil},
		{"a forged ballot", with(full, "ballot", sample[:len(sample)-2]+"AA"), 403, "ballot.forged", []string{kept, "Không nhận ra phiếu này"}},
		{"an expired ballot", complete(stale), 403, "ballot.expired", []string{kept, "quá hạn", "Rất hài lòng", "Kết quả được trả đúng hẹn"}},
		{"another page of an answered ballot", complete(w.ballotOf("/p/" + string(w.token))), 409, "ballot.answered", []string{"đã có câu trả lời", "0200 000 000"}},
		{"a page opened after the round closed", complete(tooLate), 410, "round.closed", []string{kept, "đã kết thúc"}},
		{"out of range", with(full, "q01", "6"), 422, "answer.not_a_choice", []string{"<title>Lỗi: ", `href="#q-q01"`, `name="q02" value="2" checked`, kept}},
		{"a number that is none", with(full, "age", "già"), 422, "answer.not_a_whole_number", []string{`value="già"`, `href="#q-age"`}},
		{"a constraint", with(full, "age", "12"), 422, "answer.constraint_message", []string{"từ 18 tuổi", `href="#q-age"`}},
		{"a required answer is missing", with(full, "visited", ""), 422, "answer.required", []string{`href="#q-visited"`, "bắt buộc"}},
		{"an unknown question", with(full, "q99", "1"), 422, "answer.unknown_question", []string{"q99", kept}},
		{"an unknown field of the page", with(full, "_other", "1"), 422, "answer.unknown_question", []string{kept}},
	} {
		before := w.store.stored()
		html, script := w.post("/b", c.form), w.post("/b", c.form, "Accept", "application/json")
		if html.status != c.status || script.status != c.status {
			t.Errorf("%s: %d and %d, want %d\n%s", c.name, html.status, script.status, c.status, script.body)
		}
		for _, text := range c.must {
			if !strings.Contains(html.body, text) {
				t.Errorf("%s: no %q in\n%s", c.name, text, html.body)
			}
		}
		if got := script.header.Get("Content-Type"); got != "application/problem+json" || !strings.Contains(script.body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %s %s", c.name, got, script.body)
		}
		if w.store.stored() != before {
			t.Errorf("%s: something was stored", c.name)
		}
	}
	if a := w.post("/b", complete(intoGrace)); a.status != 303 {
		t.Errorf("a page opened before the closing, within the grace: %d", a.status)
	}
}

// A form with every item wrong must not begin with a list of all of them.
func TestTheSummaryListsFewAndMarksAll(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	form := complete(w.ballotOf("/q/" + string(w.counter)))
	for i := range 33 {
		form.Set(fmt.Sprintf("q%02d", i+1), "9")
	}
	a := w.post("/b", form)
	listed, marked := strings.Count(a.body, `<li><a href="#q-`), strings.Count(a.body, `class="err"`)
	if listed != 5 || marked != 33 || !strings.Contains(a.body, fmt.Sprintf("Còn %d câu cần xem lại", marked)) {
		t.Errorf("%d listed, %d marked\n%s", listed, marked, a.body)
	}
}

func TestTheSamePageSentAgainIsTheSameAnswer(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	form := complete(w.ballotOf("/q/" + string(w.counter)))
	first := w.post("/b", form, "Accept", "application/json")
	second := w.post("/b", form, "Accept", "application/json")
	browser := w.post("/b", form)
	var a, b struct{ Receipt survey.Receipt }
	if json.Unmarshal([]byte(first.body), &a) != nil || json.Unmarshal([]byte(second.body), &b) != nil {
		t.Fatalf("no JSON: %s %s", first.body, second.body)
	}
	if first.status != 201 || second.status != 200 || a.Receipt == "" || a != b {
		t.Errorf("%d %s, then %d %s", first.status, first.body, second.status, second.body)
	}
	if browser.status != 303 || browser.header.Get("Location") != "/r/"+string(a.Receipt) {
		t.Errorf("a browser: %d to %s", browser.status, browser.header.Get("Location"))
	}
	if w.store.stored() != 1 {
		t.Errorf("%d responses", w.store.stored())
	}
	// The order of choices and the spelling of Unicode are not content.
	form["channels"] = []string{"c3", "c1"}
	form.Set("wish", strings.ReplaceAll(form.Get("wish"), "ả", "a\u0309"))
	if again := w.post("/b", form, "Accept", "application/json"); again.status != 200 {
		t.Errorf("the same content in other bytes: %d %s", again.status, again.body)
	}
	if other := w.post("/b", with(form, "q01", "5"), "Accept", "application/json"); other.status != 409 {
		t.Errorf("another answer on the same page: %d", other.status)
	}
}

func TestTwoPeopleAtACounterAreTwoAnswersAndOnePersonIsOne(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	counter, personal := "/q/"+string(w.counter), "/p/"+string(w.token)
	for _, c := range []struct {
		path   string
		status int
		stored int
	}{{counter, 303, 1}, {counter, 303, 2}, {personal, 303, 3}, {personal, 409, 3}} {
		if a := w.post("/b", complete(w.ballotOf(c.path))); a.status != c.status || w.store.stored() != c.stored {
			t.Errorf("%s: %d and %d stored, want %d and %d", c.path, a.status, w.store.stored(), c.status, c.stored)
		}
	}
}

func TestAStoreThatIsAwayCostsNobodyTheirAnswers(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	form := complete(w.ballotOf("/q/" + string(w.counter)))
	w.store.setAway(true)
	fresh := newWorld(t, citizen.Limits{}) // a server that knows nothing of the round yet
	fresh.store.setAway(true)
	for name, a := range map[string]answer{
		"the insert fails": w.post("/b", form), "the round cannot be read": fresh.post("/b", form),
		"a page is asked for": fresh.get("/q/" + string(fresh.counter)), "by a script": w.post("/b", form, "Accept", "application/json"),
	} {
		if a.status != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d, Retry-After %q", name, a.status, a.header.Get("Retry-After"))
		}
		if strings.Contains(a.body, "store.") {
			t.Errorf("%s: speaks of the store: %s", name, a.body)
		}
	}
	w.store.setAway(false)
	again := form
	page := w.post("/b", form)
	if page.status != 303 || w.store.stored() != 1 {
		t.Errorf("after the outage: %d, %d stored", page.status, w.store.stored())
	}
	if a := w.post("/b", again); a.status != 303 || w.store.stored() != 1 {
		t.Errorf("a retry after the outage: %d, %d stored", a.status, w.store.stored())
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// Without script, the page of an outage sends the very same content again.
func TestThePageOfAnOutageSendsTheSameAgain(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	form := complete(w.ballotOf("/q/" + string(w.counter)))
	w.store.setAway(true)
	outage := w.post("/b", form)
	again := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(outage.body, -1) {
		again.Add(unescape(m[1]), unescape(m[2]))
	}
	for name, values := range form {
		if !slices.Equal(again[name], values) {
			t.Errorf("%s: %q came back as %q", name, values, again[name])
		}
	}
	w.store.setAway(false)
	if a := w.post("/b", again); a.status != 303 || w.store.stored() != 1 {
		t.Errorf("sending again: %d\n%s", a.status, a.body)
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(s)
}

func TestTheLanguageSwitchKeepsTheAnswersAndStoresNothing(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	form := complete(w.ballotOf("/q/" + string(w.counter)))
	a := w.post("/b", with(form, "_show", "en", "visited", ""))
	if a.status != 200 || w.store.stored() != 0 {
		t.Fatalf("%d, %d stored", a.status, w.store.stored())
	}
	for _, text := range []string{`<html lang="en">`, `name="q02" value="2" checked`, "Bớt phải đi lại &lt;b&gt;", form.Get("ballot"), "Very satisfied"} {
		if !strings.Contains(a.body, text) {
			t.Errorf("no %q", text)
		}
	}
	if strings.Contains(a.body, "Error:") && strings.Contains(a.body, "summary\" role") {
		t.Error("switching the language complains of missing answers")
	}
	sent := w.post("/b", with(form, "_lang", "en"))
	if receipt := w.get(sent.header.Get("Location")); !strings.Contains(receipt.body, "Thank you") {
		t.Errorf("the receipt is not in the reader's language: %s", sent.header.Get("Location"))
	}
}

func TestWhatIsKeptOfASending(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	ballot := w.ballotOf("/p/" + string(w.token))
	if a := w.post("/b", with(complete(ballot), "_seconds", "312", "_mode", "assisted", "_lang", "en")); a.status != 303 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, r := range w.store.responses {
		if r.Seconds != 312 || r.Mode != survey.ModeAssisted || r.Lang != "en" || r.Day != "2026-09-21" || r.Quarter != "" || !r.Simulated {
			t.Errorf("kept: %+v", r)
		}
		if got := r.Answers.Get("channels"); !slices.Equal(got, []string{"c1", "c3"}) {
			t.Errorf("channels: %v", got)
		}
	}
}

func TestReceiptShowsNoAnswersAndSaysHowToWithdraw(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	sent := w.post("/b", complete(w.ballotOf("/p/"+string(w.token))))
	address := sent.header.Get("Location")
	a := w.get(address)
	for _, text := range []string{"Cảm ơn", strings.TrimPrefix(address, "/r/"), "Khảo sát 2026", "0200 000 000", "Đợt chạy thử"} {
		if a.status != 200 || !strings.Contains(a.body, text) {
			t.Errorf("%d, no %q", a.status, text)
		}
	}
	for _, secret := range []string{"Bớt phải đi lại", "Rất hài lòng", "06994"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("the receipt shows %q", secret)
		}
	}
	for path, status := range map[string]int{"/r/nonsense": 404, "/r/abcd-efgh-jkmn-pqrs": 404, "/r/": 404} {
		if got := w.get(path); got.status != status {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	fresh := newWorld(t, citizen.Limits{})
	fresh.store.setAway(true)
	if got := fresh.get(address); got.status != 200 || !strings.Contains(got.body, "Cảm ơn") {
		t.Errorf("with the store away: %d", got.status)
	}
}

func TestUnreadableAndHugeSendings(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	for _, c := range []struct {
		name, kind, body string
		status           int
	}{
		{"JSON", "application/json", `{"ballot":"x"}`, 400},
		{"no type", "", "ballot=x", 400},
		{"10 MB", "application/x-www-form-urlencoded", "wish=" + strings.Repeat("a", 10<<20), 413},
		{"broken escapes", "application/x-www-form-urlencoded", "ballot=%zz&%=%", 400},
	} {
		r := httptest.NewRequest("POST", "/b", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		if a := w.do(r); a.status != c.status {
			t.Errorf("%s: %d", c.name, a.status)
		}
	}
}

func TestAnotherSiteCannotPutItsWordsOnOurPage(t *testing.T) {
	w := newWorld(t, citizen.Limits{})
	a := w.post("/b", url.Values{"wish": {"Hãy chuyển tiền"}}, "Sec-Fetch-Site", "cross-site")
	if a.status != 400 || strings.Contains(a.body, "chuyển tiền") {
		t.Errorf("%d\n%s", a.status, a.body)
	}
}
