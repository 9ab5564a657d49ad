package conduct_test

import (
	"context"
	"slices"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/survey"
)

func TestAListCanBeUndoneUntilTheDrawIsCommitted(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	ctx := context.Background()
	addLists(t, d)
	villages, err := d.Listed(ctx, round)
	must(t, err)
	village := villages[0].Code
	longer := villageList(village)
	longer.People = longer.People[:35]
	_, err = d.AddList(ctx, officer, round, "second.xlsx", longer)
	must(t, err)
	current, err := d.CurrentLists(ctx, round)
	must(t, err)
	if got := current[village]; got.Number != 2 || got.People != 35 {
		t.Fatalf("current list %+v, want the second", got)
	}
	must(t, d.UndoList(ctx, officer, round, village))
	current, err = d.CurrentLists(ctx, round)
	must(t, err)
	if got := current[village]; got.Number != 1 || got.People != 40 {
		t.Errorf("after undoing %+v, want the first", got)
	}
	_, err = d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31"})
	must(t, err)
	wantCode(t, d.UndoList(ctx, officer, round, village), fault.Conflict, "lists.committed")
	_, err = d.AddList(ctx, officer, round, "late.xlsx", longer)
	wantCode(t, err, fault.Conflict, "lists.committed")
}

func TestTheListOfOneVillageIsNotTakenForAnother(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	ctx := context.Background()
	villages, err := d.Listed(ctx, round)
	must(t, err)
	list := villageList(villages[0].Code)
	_, err = d.AddList(ctx, officer, round, "thôn 1.xlsx", list)
	must(t, err)
	_, err = d.AddList(ctx, officer, round, "thôn 1 gửi lại.xlsx", list)
	must(t, err)
	list.Village = villages[1].Code
	slices.Reverse(list.People)
	_, err = d.AddList(ctx, officer, round, "thôn 2.xlsx", list)
	wantCode(t, err, fault.Conflict, "lists.same_people")
}

func TestProducingSlipsAgainVoidsTheCodesBefore(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	villages, err := d.Listed(ctx, round)
	must(t, err)
	village := villages[0].Code
	_, err = d.ProduceSlips(ctx, officer, round, village)
	wantCode(t, err, fault.Denied, "slips.by_province")
	first, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	second, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	if len(first) != 12 || len(second) != 12 {
		t.Fatalf("%d and %d slips, want 12 (reserves get none)", len(first), len(second))
	}
	nonces := map[survey.Nonce]bool{}
	for i := range first {
		old, err := st.Pass(ctx, d.Keys.TokenHash(first[i].Token))
		must(t, err)
		fresh, err := st.Pass(ctx, d.Keys.TokenHash(second[i].Token))
		must(t, err)
		if !old.Voided || fresh.Voided {
			t.Errorf("slip %d: voided %v and %v, want the old one only", i, old.Voided, fresh.Voided)
		}
		if old.Nonce(d.Keys) != fresh.Nonce(d.Keys) {
			t.Errorf("slip %d: the new code leads to another ballot", i)
		}
		nonces[fresh.Nonce(d.Keys)] = true
	}
	if len(nonces) != 12 {
		t.Errorf("%d ballots for 12 people", len(nonces))
	}
}

// Codes of a draw that another attempt supersedes lead nowhere.
func TestDrawingPeopleAgainVoidsEveryCode(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	villages, err := d.Listed(ctx, round)
	must(t, err)
	made, err := d.ProduceSlips(ctx, analyst, round, villages[0].Code)
	must(t, err)
	_, err = d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31", Reason: "thiếu người"})
	must(t, err)
	for _, slip := range made {
		if pass, err := st.Pass(ctx, d.Keys.TokenHash(slip.Token)); err != nil || !pass.Voided {
			t.Errorf("a code of the draw before is still good: %v, %v", pass.Voided, err)
		}
	}
}

func TestAListHandedOutIsRecorded(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	villages, err := d.Listed(ctx, round)
	must(t, err)
	drawn, err := d.HandOutList(ctx, officer, round, villages[0].Code)
	must(t, err)
	records, err := st.Records(ctx, account.RecordQuery{Scope: villages[0].Code, Action: account.ReadList})
	must(t, err)
	if len(drawn) != 15 || len(records) != 1 || records[0].Actor != officer.Name || records[0].State != account.Done {
		t.Errorf("%d people, records %+v", len(drawn), records)
	}
}

// A list that comes in while the draw of people is being committed is not among
// those that the commitment fixed: nobody may be drawn whom no list names.
func TestADrawWhoseListsChangedIsRefused(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	addLists(t, d)
	ctx := context.Background()
	_, err := d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31", Reason: "thử lại"})
	must(t, err)
	villages, err := d.Listed(ctx, round)
	must(t, err)
	village := villages[0].Code
	late := villageList(village)
	must(t, late.Seal(d.Random))
	head := conduct.ListHead{Round: round, Village: village, Number: 2, People: len(late.People)}
	rec := account.NewRecord(start, officer, account.ImportList, string(round))
	must(t, st.AddList(ctx, rec, head, late)) // as by a request that had looked before the commitment
	_, err = d.Run(ctx, analyst, round, conduct.People, "12345")
	wantCode(t, err, fault.Conflict, "lists.changed")
	draw(t, d, conduct.People)
	drawn, err := d.VillageSample(ctx, round, village)
	must(t, err)
	for _, one := range drawn {
		if one.Person.Name == "" {
			t.Fatalf("a drawn person without a name: %+v", one)
		}
	}
	err = st.DeleteList(ctx, account.NewRecord(start, officer, account.UndoList, string(round)), head)
	wantCode(t, err, fault.Conflict, "lists.drawn") // by the store's own rule, whoever asks
}
