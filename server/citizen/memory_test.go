package citizen_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/server"
	"hailong/server/citizen"
	"hailong/survey"
)

// memory is a store in memory that can be taken away.
type memory struct {
	mu             sync.Mutex
	away           bool
	rounds         map[survey.RoundID]survey.Round
	counters       map[survey.CounterCode]survey.Counter
	passes         map[string]survey.Pass
	questionnaires map[survey.Ref]survey.Questionnaire
	responses      map[survey.BallotID]survey.Response
}

func find[K comparable, V any](m *memory, from map[K]V, key K) (V, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var none V
	if m.away {
		return none, fault.New(fault.Unavailable, "store.away")
	}
	v, ok := from[key]
	if !ok {
		return none, fault.New(fault.NotFound, "store.none")
	}
	return v, nil
}

func (m *memory) Counter(_ context.Context, c survey.CounterCode) (survey.Counter, error) {
	return find(m, m.counters, c)
}
func (m *memory) Pass(_ context.Context, hash string) (survey.Pass, error) {
	return find(m, m.passes, hash)
}
func (m *memory) Round(_ context.Context, id survey.RoundID) (survey.Round, error) {
	return find(m, m.rounds, id)
}
func (m *memory) Questionnaire(_ context.Context, r survey.Ref) (survey.Questionnaire, error) {
	return find(m, m.questionnaires, r)
}

func (m *memory) Rounds(context.Context) ([]survey.Round, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return nil, fault.New(fault.Unavailable, "store.away")
	}
	var all []survey.Round
	for _, r := range m.rounds {
		all = append(all, r)
	}
	return all, nil
}

func (m *memory) AddResponse(_ context.Context, r survey.Response) (survey.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return "", fault.New(fault.Unavailable, "store.away")
	}
	if old, there := m.responses[r.ID]; there {
		if old.Digest != r.Digest {
			return "", fault.New(fault.Conflict, "store.exists")
		}
		return survey.Repeated, nil
	}
	m.responses[r.ID] = r
	return survey.Stored, nil
}

func (m *memory) setAway(away bool) { m.mu.Lock(); defer m.mu.Unlock(); m.away = away }

func (m *memory) stored() int { m.mu.Lock(); defer m.mu.Unlock(); return len(m.responses) }

// world is one small survey and the server in front of it.
type world struct {
	t     *testing.T
	store *memory
	keys  survey.Keys
	app   *fiber.App
	part  *citizen.Part

	mu    sync.Mutex
	clock time.Time

	counter, closedCounter survey.CounterCode
	token, voided, ended   survey.Token
}

const (
	openRound   survey.RoundID = "qn-2026"
	closedRound survey.RoundID = "qn-2025"
)

func newWorld(t *testing.T, limits citizen.Limits) *world {
	t.Helper()
	w := &world{t: t, clock: time.Date(2026, 9, 21, 7, 23, 45, 0, time.UTC)}
	var err error
	if w.keys, err = survey.NewKeys(strings.NewReader(strings.Repeat("0123456789abcdef", 4))); err != nil {
		t.Fatal(err)
	}
	q := testQuestionnaire()
	round := survey.Round{
		ID: openRound, Title: survey.Labels{"vi": "Khảo sát 2026", "en": "Survey 2026"}, Unit: "22", Questionnaire: q.Ref(), State: survey.RoundOpen,
		Grace: survey.DefaultGrace, Asker: "Sở Nội vụ tỉnh Minh Hải", Contact: "Sở Nội vụ, 0200 000 000", Simulated: true,
	}
	closed := round
	closed.ID, closed.State, closed.Closed = closedRound, survey.RoundClosed, w.clock.Add(-time.Hour)
	w.store = &memory{
		rounds: map[survey.RoundID]survey.Round{openRound: round, closedRound: closed}, counters: map[survey.CounterCode]survey.Counter{},
		passes: map[string]survey.Pass{}, questionnaires: map[survey.Ref]survey.Questionnaire{q.Ref(): q}, responses: map[survey.BallotID]survey.Response{},
	}
	w.counter, w.closedCounter = w.addCounter("a", false), w.addCounter("b", true)
	w.token, w.voided, w.ended = w.addToken("a", openRound, false), w.addToken("b", openRound, true), w.addToken("c", closedRound, false)
	w.part = citizen.New(citizen.Config{Store: w.store, Keys: w.keys, Limits: limits, Now: w.now})
	w.app = server.New(server.Config{}, w.part).App()
	return w
}

func (w *world) now() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.clock }

func (w *world) pass(d time.Duration) { w.mu.Lock(); defer w.mu.Unlock(); w.clock = w.clock.Add(d) }

func (w *world) addCounter(seed string, closed bool) survey.CounterCode {
	code, err := survey.NewCounterCode(strings.NewReader(strings.Repeat(seed, 16)))
	if err != nil {
		w.t.Fatal(err)
	}
	w.store.counters[code] = survey.Counter{Code: code, Round: openRound, Unit: "06994", Name: "Một cửa <phường> Hà Lầm", Closed: closed}
	return code
}

func (w *world) addToken(seed string, round survey.RoundID, voided bool) survey.Token {
	token, err := survey.NewToken(strings.NewReader(strings.Repeat(seed, 16)))
	if err != nil {
		w.t.Fatal(err)
	}
	hash := w.keys.TokenHash(token)
	w.store.passes[hash] = survey.Pass{Hash: hash, Round: round, Unit: "06994-03", Origin: survey.OriginSample, Subject: survey.Subject("person " + seed), Voided: voided}
	return token
}

// ballot signs a ballot as the server would have, for the round and the time.
func (w *world) ballot(round survey.RoundID, origin survey.Origin, issued time.Time) string {
	return w.keys.Sign(survey.Ballot{
		Round: round, Questionnaire: testQuestionnaire().Ref(), Origin: origin, Unit: "06994-03", Nonce: "nonce", Issued: issued, Page: "p",
	})
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (w *world) do(r *http.Request) answer {
	w.t.Helper()
	response, err := w.app.Test(r, 20_000)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

func (w *world) get(path string) answer { return w.do(httptest.NewRequest("GET", path, nil)) }

// post sends a form; headers are pairs of name and value.
func (w *world) post(path string, form url.Values, headers ...string) answer {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.do(r)
}

var ballotField = regexp.MustCompile(`name="ballot" value="([^"]+)"`)

// ballotOf opens a page and takes its ballot.
func (w *world) ballotOf(path string) string {
	w.t.Helper()
	a := w.get(path)
	m := ballotField.FindStringSubmatch(a.body)
	if a.status != 200 || m == nil {
		w.t.Fatalf("%s: %d without a ballot:\n%s", path, a.status, a.body)
	}
	return m[1]
}

// complete is a whole set of answers with the ballot.
func complete(ballot string) url.Values {
	form := url.Values{"ballot": {ballot}, "_lang": {"vi"}, "visited": {"yes"}, "age": {"75"}, "wish": {"Bớt phải đi lại <b>"}}
	for i := range 33 {
		form.Set(fmt.Sprintf("q%02d", i+1), fmt.Sprint(i%5+1))
	}
	form["channels"] = []string{"c1", "c3"}
	return form
}
