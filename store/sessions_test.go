package store_test

import (
	"sync"
	"testing"
	"time"

	"hailong/account"
	"hailong/store"
)

// A page and its charts are asked for at the same time, by the same session.
func TestASessionIsTouchedByManyAtOnce(t *testing.T) {
	st := store.New(openFile(t))
	defer st.Close()
	at := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	user := account.User{Name: "lan", Role: account.Analyst, Scope: "22"}
	rec := func(action account.Action) account.Record { return account.NewRecord(at, user, action, "lan") }
	if err := st.AddUser(t.Context(), rec(account.AddUser), user); err != nil {
		t.Fatal(err)
	}
	user.Revision = 1
	session, _ := account.NewSession(user, at)
	if err := st.SignIn(t.Context(), rec(account.SignIn), account.SigningIn{User: user, Session: session}); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			if err := st.TouchSession(t.Context(), session.ID, at.Add(time.Hour)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if s, err := st.Session(t.Context(), session.ID); err != nil || !s.SeenAt.Equal(at.Add(time.Hour)) {
		t.Errorf("%+v, %v", s, err)
	}
}
