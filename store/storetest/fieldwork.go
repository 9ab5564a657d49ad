package storetest

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/store"
	"hailong/survey"
	"hailong/territory"
)

func contact(village territory.Code, person sampling.PersonKey, number int, result sampling.Disposition) conduct.Contact {
	return conduct.Contact{Round: "r", Village: village, By: "clerk", At: day, Contact: sampling.Contact{
		Person: person, Number: number, Day: "2026-07-01", Mode: sampling.ByVisit, Result: result, Visitor: "Chị Hoà",
	}}
}

// Contacts are only added: a number that is there is not written over, and they
// come back by village, person and number.
func contacts(t *testing.T, st *store.Store) {
	ctx := context.Background()
	rec := func() account.Record { return record(account.ReturnVisit, "r") }
	first := contact("98001-01", "p1", 1, sampling.NotHome)
	ok(t, st.AddContacts(ctx, rec(), []conduct.Contact{contact("98001-02", "p9", 1, sampling.Met), first, contact("98001-01", "p0", 1, sampling.Met)}))
	ok(t, st.AddContacts(ctx, rec(), []conduct.Contact{contact("98001-01", "p1", 2, sampling.Moved)}))
	wantFault(t, st.AddContacts(ctx, rec(), []conduct.Contact{contact("98001-01", "p1", 1, sampling.Refused)}), fault.Conflict, "store.exists")
	got, err := st.Contacts(ctx, "r", "98001-01")
	ok(t, err)
	if len(got) != 3 || got[0].Person != "p0" || got[1] != first || got[2].Result != sampling.Moved {
		t.Errorf("contacts of the village %+v", got)
	}
	var methods []string
	for m := range reflect.TypeOf(st).Methods() {
		if strings.Contains(m.Name, "Contact") || strings.Contains(m.Name, "Replacement") {
			methods = append(methods, m.Name)
		}
	}
	if want := []string{"AddContacts", "AddReplacement", "Contacts", "Replacements"}; !slices.Equal(methods, want) {
		t.Errorf("methods %v, want %v: nothing changes or removes what is on record", methods, want)
	}
	if all, err := st.Contacts(ctx, "r", ""); err != nil || len(all) != 4 {
		t.Errorf("%d contacts of the round, %v", len(all), err)
	}
	if other, err := st.Contacts(ctx, "r", "98001-0"); err != nil || len(other) != 0 {
		t.Errorf("contacts of a village whose code begins another's: %v, %v", other, err)
	}
}

// Of two who give a place to the same reserve one comes first, and the code of
// who is replaced dies with the replacement.
func replacements(t *testing.T, st *store.Store) {
	ctx := context.Background()
	pass := survey.Pass{Hash: "h1", Round: "r", Unit: "98001-01", Origin: survey.OriginSample, Subject: "p1", Batch: "r/98001-01/0001"}
	other := pass
	other.Hash, other.Subject = "h2", "p2"
	batch := conduct.Batch{ID: "r/98001-01/0001", Round: "r", Village: "98001-01", Number: 1, Hashes: []string{"h1", "h2"}, At: day}
	ok(t, st.AddBatch(ctx, record(account.ProduceSlips, "r"), conduct.Making{Batch: batch, Passes: []survey.Pass{pass, other}}))
	x := conduct.Replacement{Round: "r", Village: "98001-01", Number: 1, Replaced: "p1", Reserve: "q1", Reason: sampling.Moved, By: "clerk", At: day}
	ok(t, st.AddReplacement(ctx, record(account.ReplacePerson, "r"), x, []survey.Pass{pass}))
	late := x
	late.Replaced = "p2"
	wantFault(t, st.AddReplacement(ctx, record(account.ReplacePerson, "r"), late, []survey.Pass{other}), fault.Conflict, "store.exists")
	for hash, voided := range map[string]bool{"h1": true, "h2": false} {
		if got, err := st.Pass(ctx, hash); err != nil || got.Voided != voided {
			t.Errorf("pass %s: voided %v, %v; want %v", hash, got.Voided, err, voided)
		}
	}
	got, err := st.Replacements(ctx, "r", "98001-01")
	ok(t, err)
	if len(got) != 1 || got[0] != x {
		t.Errorf("replacements %+v", got)
	}
}

// A list from which people were drawn is changed by nobody, whatever the caller
// looked at before.
func drawnLists(t *testing.T, st *store.Store) {
	ctx := context.Background()
	list := sampling.List{Village: "98001-01", People: []sampling.Person{{Key: "k", Name: "Lò Thị Hoà", BirthYear: 1956}}}
	head := func(n int) conduct.ListHead {
		return conduct.ListHead{Round: "r", Village: "98001-01", Number: n, People: 1, At: day}
	}
	ok(t, st.AddList(ctx, record(account.ImportList, "r"), head(1), list))
	d := attempt(1, nil)
	d.Stage = conduct.People
	ok(t, st.AddDraw(ctx, record(account.CommitDraw, "r"), draftRound(t, st), d))
	kept, err := st.Draws(ctx, "r")
	ok(t, err)
	d = kept[0]
	d.Receipt = &sampling.Receipt{}
	ok(t, st.FinishDraw(ctx, record(account.Draw, "r"), readRound(t, st), d))
	wantFault(t, st.AddList(ctx, record(account.ImportList, "r"), head(2), list), fault.Conflict, "lists.drawn")
	wantFault(t, st.DeleteList(ctx, record(account.UndoList, "r"), head(1)), fault.Conflict, "lists.drawn")
	heads, err := st.ListHeads(ctx, "r", "98001-01")
	ok(t, err)
	if back, err := st.List(ctx, head(1)); err != nil || len(heads) != 1 || back.People[0] != list.People[0] {
		t.Errorf("after the refusals: heads %+v, list %+v, %v", heads, back, err)
	}
}

// A round has the figures given last, and another round none.
func censuses(t *testing.T, st *store.Store) {
	ctx := context.Background()
	_, err := st.Census(ctx, "r")
	wantFault(t, err, fault.NotFound, "store.not_found")
	first := conduct.Census{CensusHead: conduct.CensusHead{Round: "r", File: "a.csv", Source: "2019", Units: 1, By: "clerk", At: day},
		Pyramids: []sampling.Pyramid{{Unit: "98", Year: 2019, Groups: []sampling.AgeGroup{{From: 18, Women: 7, Men: 5}}}}}
	ok(t, st.PutCensus(ctx, record(account.GiveCensus, "r"), first))
	second := first
	second.File, second.Source = "b.csv", "2024"
	ok(t, st.PutCensus(ctx, record(account.GiveCensus, "r"), second))
	got, err := st.Census(ctx, "r")
	ok(t, err)
	if !reflect.DeepEqual(got, second) {
		t.Errorf("figures %+v, want %+v", got, second)
	}
	_, err = st.Census(ctx, "r2")
	wantFault(t, err, fault.NotFound, "store.not_found")
}
