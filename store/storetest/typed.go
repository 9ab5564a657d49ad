package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/store"
	"hailong/survey"
	"hailong/territory"
)

// day is when everything in the typed contract happens.
var day = time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)

var clerk = account.User{Name: "clerk", Role: account.Analyst, Scope: "98"}

// RunTyped is the contract of the typed store over an engine: what the pages
// and the command line rely on. Open opens a new, empty engine.
func RunTyped(t *testing.T, open func(t *testing.T) store.Engine) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, st *store.Store)
	}{
		{"AnAnswerIsStoredOnce", answerOnce},
		{"OneOfManyAnswersAtOnceWins", answersRace},
		{"AnswersAreCountedByUnitAndOrigin", answersCounted},
		{"ANewBatchVoidsTheOneBefore", batches},
		{"AListIsReplacedAndUndone", lists},
		{"ADrawnListNeverChanges", drawnLists},
		{"OfFiguresTheLastCount", censuses},
		{"ContactsAreOnlyAdded", contacts},
		{"AReserveTakesOnePlaceOnce", replacements},
		{"ARecheckIsNumberedAndItsResultsAreOnlyAdded", rechecks},
		{"ACommitmentIsNumberedAndStays", commitments},
		{"OfCommitmentsAtOnceOneWins", commitmentsRace},
		{"NothingRemovesACommitment", commitmentsStay},
		{"ALinkSignsInOnce", links},
		{"AChangeNeedsTheRevisionItWasReadWith", revisions},
		{"RecordsAreFoundByScopeAndAction", records},
		{"UnitsKnowTheirPath", paths},
		{"WhatExpiredIsSwept", expired},
	} {
		t.Run(test.name, func(t *testing.T) {
			engine := open(t)
			st := store.New(engine)
			ok(t, st.AddQuestionnaire(context.Background(), account.NewRecord(day, clerk, "questionnaire.add", string(form.Ref())), form))
			t.Cleanup(func() {
				st.Close()
				if err := engine.Close(); err != nil {
					t.Error(err)
				}
			})
			test.run(t, st)
		})
	}
}

func record(action account.Action, subject string) account.Record {
	return account.NewRecord(day, clerk, action, subject).On(account.Path{"98001", "98"})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// form is what the answers of the contract answer. A question's code may hold a
// dot, and so may be no key of MongoDB's.
var form = survey.Questionnaire{ID: "q", Version: "1", Questions: []survey.Question{{Code: "a.b", Kind: survey.KindMultiple}, {Code: "c", Kind: survey.KindText}}}

func response(nonce string, digest string) survey.Response {
	b := survey.Ballot{Round: "r", Unit: "98001-01", Origin: survey.OriginSample, Nonce: survey.Nonce(nonce)}
	return survey.Response{ID: b.ID(), Round: "r", Unit: "98001-01", Questionnaire: form.Ref(), Origin: survey.OriginSample, Digest: digest, Day: "2026-07-01",
		Answers: survey.Answers{{Question: "a.b", Values: []string{"Hoà", "$x"}}}, Placing: survey.Placing{PSU: "98001"}}
}

func answerOnce(t *testing.T, st *store.Store) {
	ctx := context.Background()
	r := response("n1", "d1")
	for _, c := range []struct {
		digest string
		want   survey.Outcome
		kind   fault.Kind
	}{
		{"d1", survey.Stored, 0}, {"d1", survey.Repeated, 0}, {"d2", "", fault.Conflict}, {"d1", survey.Repeated, 0},
	} {
		again := r
		again.Digest = c.digest
		outcome, err := st.AddResponse(ctx, again)
		if outcome != c.want || c.want == "" && !fault.Is(err, c.kind) || c.want != "" && err != nil {
			t.Errorf("digest %s: %q, %v; want %q", c.digest, outcome, err, c.want)
		}
	}
	for got, err := range st.Responses(ctx, survey.RoundPrefix("r")) {
		ok(t, err)
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", r) {
			t.Errorf("read back %+v, want %+v", got, r)
		}
	}
	ok(t, st.DeleteResponse(ctx, record(account.WithdrawAnswer, "r"), r.ID))
	if n, err := st.CountResponses(ctx, survey.RoundPrefix("r")); err != nil || n != 0 {
		t.Errorf("%d answers after a withdrawal, %v", n, err)
	}
}

func answersRace(t *testing.T, st *store.Store) {
	const senders = 20
	outcomes := make([]survey.Outcome, senders)
	var wait sync.WaitGroup
	for i := range senders {
		wait.Go(func() {
			outcome, err := st.AddResponse(context.Background(), response("same", fmt.Sprint("d", i)))
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
			outcomes[i] = outcome
		})
	}
	wait.Wait()
	stored := 0
	for _, o := range outcomes {
		if o == survey.Stored {
			stored++
		}
	}
	if stored != 1 {
		t.Errorf("%d of %d different answers to one ballot were stored, want 1", stored, senders)
	}
}

func answersCounted(t *testing.T, st *store.Store) {
	ctx := context.Background()
	var all []survey.Response
	for unit, counts := range map[territory.Code]map[survey.Origin]int{
		"98001":    {survey.OriginCounter: 3, survey.OriginTransaction: 2},
		"98001-01": {survey.OriginSample: 4},
		"98001-1":  {survey.OriginSample: 1},
	} {
		for origin, n := range counts {
			for i := range n {
				b := survey.Ballot{Round: "r", Unit: unit, Origin: origin, Nonce: survey.Nonce(fmt.Sprint(origin, i))}
				all = append(all, survey.Response{ID: b.ID(), Round: "r", Questionnaire: form.Ref(), Unit: unit, Origin: origin})
			}
		}
	}
	ok(t, st.AddResponses(ctx, all))
	for prefix, want := range map[string]int64{
		survey.RoundPrefix("r"):                                  10,
		survey.UnitPrefix("r", "98001", ""):                      5,
		survey.UnitPrefix("r", "98001", survey.OriginCounter):    3,
		survey.UnitPrefix("r", "98001-01", survey.OriginSample):  4,
		survey.UnitPrefix("r", "98001-01", survey.OriginCounter): 0,
		survey.RoundPrefix("other"):                              0,
	} {
		if got, err := st.CountResponses(ctx, prefix); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", prefix, got, err, want)
		}
	}
}

func batches(t *testing.T, st *store.Store) {
	ctx := context.Background()
	pass := func(hash string, b survey.BatchID) survey.Pass {
		return survey.Pass{Hash: hash, Round: "r", Unit: "98001-01", Origin: survey.OriginSample, Subject: "p", Batch: b}
	}
	first := conduct.Batch{ID: "r/98001-01/0001", Round: "r", Village: "98001-01", Number: 1, Hashes: []string{"h1"}, At: day}
	second := conduct.Batch{ID: "r/98001-01/0002", Round: "r", Village: "98001-01", Number: 2, Hashes: []string{"h2"}, At: day}
	ok(t, st.AddBatch(ctx, record(account.ProduceSlips, "r"), conduct.Making{Batch: first, Passes: []survey.Pass{pass("h1", first.ID)}}))
	ok(t, st.AddBatch(ctx, record(account.ProduceSlips, "r"), conduct.Making{Batch: second, Passes: []survey.Pass{pass("h2", second.ID)}, Voids: []conduct.Batch{first}}))
	for hash, voided := range map[string]bool{"h1": true, "h2": false} {
		if got, err := st.Pass(ctx, hash); err != nil || got.Voided != voided {
			t.Errorf("pass %s: voided %v, %v; want %v", hash, got.Voided, err, voided)
		}
	}
	got, err := st.Batches(ctx, "r", "")
	ok(t, err)
	if len(got) != 2 || !got[0].Voided || got[1].Voided {
		t.Errorf("batches %+v", got)
	}
	third := conduct.Batch{ID: "r/98001-01/0003", Round: "r", Village: "98001-01", Number: 3, Why: conduct.ForLost, Hashes: []string{"h3"}, At: day}
	making := conduct.Making{Batch: third, Passes: []survey.Pass{pass("h3", third.ID)}, Lost: []survey.Pass{pass("h2", second.ID)}}
	ok(t, st.AddBatch(ctx, record(account.ProduceSlips, "r"), making))
	lost, err := st.Pass(ctx, "h2")
	ok(t, err)
	if got, err = st.Batches(ctx, "r", ""); err != nil || len(got) != 3 || got[1].Voided || got[2].Why != conduct.ForLost || !lost.Voided {
		t.Errorf("after a lost letter: batches %+v, its pass %+v, %v", got, lost, err)
	}
}

func lists(t *testing.T, st *store.Store) {
	ctx := context.Background()
	list := sampling.List{Village: "98001-01", People: []sampling.Person{{Key: "k", Name: "Lò Thị Hoà", BirthYear: 1956, Salt: sampling.Salt{1, 2}}}}
	for n := 1; n <= 2; n++ {
		head := conduct.ListHead{Round: "r", Village: "98001-01", Number: n, People: 1, At: day}
		ok(t, st.AddList(ctx, record(account.ImportList, "r"), head, list))
	}
	heads, err := st.ListHeads(ctx, "r", "98001-01")
	ok(t, err)
	if len(heads) != 2 {
		t.Fatalf("%d lists, want 2", len(heads))
	}
	ok(t, st.DeleteList(ctx, record(account.UndoList, "r"), heads[1]))
	if _, err := st.List(ctx, heads[1]); !fault.Is(err, fault.NotFound) {
		t.Errorf("the people of an undone list: %v", err)
	}
	back, err := st.List(ctx, heads[0])
	ok(t, err)
	if back.People[0] != list.People[0] {
		t.Errorf("read back %+v, want %+v", back.People[0], list.People[0])
	}
	for _, dropped := range []sampling.EntryID{"a", ""} { // the later verdict on a pair counts
		ok(t, st.PutDoubleVerdict(ctx, record(account.JudgeDouble, "r"), conduct.DoubleVerdict{Round: "r", Pair: "a-b", Kept: "b", Dropped: dropped, At: day}))
	}
	if got, err := st.DoubleVerdicts(ctx, "r"); err != nil || len(got) != 1 || got[0].Dropped != "" || got[0].Kept != "b" {
		t.Errorf("verdicts %+v, %v", got, err)
	}
	if other, err := st.ListHeads(ctx, "r", "98001-0"); err != nil || len(other) != 0 {
		t.Errorf("lists of a village whose code is the beginning of another: %v, %v", other, err)
	}
}

func links(t *testing.T, st *store.Store) {
	ctx := context.Background()
	ok(t, st.AddUser(ctx, record(account.AddUser, "clerk"), clerk))
	if err := st.AddUser(ctx, record(account.AddUser, "clerk"), clerk); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second user of the name: %v", err)
	}
	u, err := st.User(ctx, "clerk")
	ok(t, err)
	link, _ := account.NewLink(u, day)
	ok(t, st.AddLink(ctx, record(account.LinkUser, "clerk"), link))
	session, _ := account.NewSession(u, day)
	ok(t, st.SignIn(ctx, record(account.SignIn, "clerk"), account.SigningIn{User: u, Session: session, Link: link.ID}))
	other, _ := account.NewSession(u, day)
	if err := st.SignIn(ctx, record(account.SignIn, "clerk"), account.SigningIn{User: u, Session: other, Link: link.ID}); err == nil {
		t.Errorf("the link signed in twice")
	}
	if _, err := st.Session(ctx, other.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a session of the second use: %v", err)
	}
	ok(t, st.TouchSession(ctx, session.ID, day.Add(time.Minute)))
	got, err := st.Session(ctx, session.ID)
	ok(t, err)
	if !got.SeenAt.Equal(day.Add(time.Minute)) {
		t.Errorf("seen at %v", got.SeenAt)
	}
	ok(t, st.EndSession(ctx, record(account.SignOut, "clerk"), session.ID))
	if _, err := st.Session(ctx, session.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("an ended session: %v", err)
	}
}

func revisions(t *testing.T, st *store.Store) {
	ctx := context.Background()
	ok(t, st.AddRound(ctx, record(account.CreateRound, "r"), survey.Round{ID: "r", State: survey.RoundDraft}))
	one, err := st.Round(ctx, "r")
	ok(t, err)
	two := one
	one.State = survey.RoundOpen
	ok(t, st.ReplaceRound(ctx, record(account.OpenRound, "r"), one))
	two.State = survey.RoundClosed
	if err := st.ReplaceRound(ctx, record(account.CloseRound, "r"), two); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what another hand changed: %v", err)
	}
	if _, err := st.Round(ctx, "none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a round that is not there: %v", err)
	}
}

func records(t *testing.T, st *store.Store) {
	ctx := context.Background()
	for i, action := range []account.Action{account.ImportUnits, account.CreateRound, account.WithdrawAnswer} {
		rec := account.NewRecord(day.Add(time.Duration(i)*time.Second), clerk, action, "r").On(account.Path{"98001", "98"})
		ok(t, st.PutUnits(ctx, rec, []territory.Unit{{Code: "98"}}))
	}
	for _, c := range []struct {
		query account.RecordQuery
		want  int
	}{
		{account.RecordQuery{Scope: "98"}, 3},
		{account.RecordQuery{Scope: "98", Limit: 2}, 2},
		{account.RecordQuery{Scope: "22"}, 0},
		{account.RecordQuery{Scope: account.Everywhere, Action: account.CreateRound}, 1},
		{account.RecordQuery{Scope: "98001", Since: day.Add(time.Second)}, 2},
	} {
		got, err := st.Records(ctx, c.query)
		ok(t, err)
		if len(got) != c.want {
			t.Errorf("%+v: %d records, want %d", c.query, len(got), c.want)
		}
		for _, rec := range got {
			if rec.State != account.Done {
				t.Errorf("a completed change shows as %s", rec.State)
			}
		}
	}
	if n, err := st.CountRecords(ctx, "r", account.WithdrawAnswer); err != nil || n != 1 {
		t.Errorf("%d withdrawals, %v", n, err)
	}
}

func paths(t *testing.T, st *store.Store) {
	ctx := context.Background()
	ok(t, st.PutUnits(ctx, record(account.ImportUnits, ""), []territory.Unit{
		{Code: "98", Level: territory.Province}, {Code: "98001", Parent: "98", Level: territory.Commune},
		{Code: "98001-01", Parent: "98001", Level: territory.Village},
	}))
	path, err := st.UnitPath(ctx, "98001-01")
	ok(t, err)
	if fmt.Sprint(path) != "[98001-01 98001 98]" {
		t.Errorf("path %v", path)
	}
	if _, err := st.UnitPath(ctx, "12345"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the path of an unknown unit: %v", err)
	}
	tree, err := st.UnitTree(ctx)
	ok(t, err)
	if !tree.Within("98", "98001-01") || tree.Within("98001", "98") {
		t.Errorf("the tree holds the units wrongly")
	}
}

func expired(t *testing.T, st *store.Store) {
	ctx := context.Background()
	ok(t, st.AddUser(ctx, record(account.AddUser, "clerk"), clerk))
	u, err := st.User(ctx, "clerk")
	ok(t, err)
	old, _ := account.NewLink(u, day.Add(-time.Hour))
	fresh, _ := account.NewLink(u, day)
	for _, l := range []account.Link{old, fresh} {
		ok(t, st.AddLink(ctx, record(account.LinkUser, "clerk"), l))
	}
	ok(t, st.SweepExpired(ctx, day))
	if _, err := st.Link(ctx, old.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("an expired link: %v", err)
	}
	if _, err := st.Link(ctx, fresh.ID); err != nil {
		t.Errorf("a fresh link: %v", err)
	}
}
