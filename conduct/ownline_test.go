package conduct_test

import (
	"bytes"
	"context"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
)

// A person's own line opens the seal in the frame that was committed to, whoever
// was drawn, and the record keeps who handed it out.
func TestAPersonsOwnLineOpensTheirSeal(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	ctx := context.Background()
	villages, err := d.Listed(ctx, round)
	must(t, err)
	village := villages[0].Code
	addLists(t, d)
	all, err := d.FindPeople(ctx, round, village, "", 1000)
	must(t, err)
	person := all[len(all)-1]
	_, err = d.HandOutLine(ctx, officer, round, village, person.Key)
	wantCode(t, err, fault.Conflict, "stage.not_committed")

	draw(t, d, conduct.People)
	own, err := d.HandOutLine(ctx, officer, round, village, person.Key)
	must(t, err)
	frame, err := sampling.ReadFrame(bytes.NewReader(blob(t, st, own.Draw.Frame)))
	must(t, err)
	if err := sampling.CheckSeal(frame, person.Key, own.Person.Salt, own.Line); err != nil {
		t.Error(err)
	}
	if frame.Value(own.Row-2, "key") != string(person.Key) || own.Order != len(all) || frame.Value(own.Row-2, "seal") != string(own.Seal) {
		t.Errorf("row %d, order %d of %d", own.Row, own.Order, len(all))
	}
	records, err := st.Records(ctx, account.RecordQuery{Scope: account.Everywhere, Action: account.HandOutLine})
	must(t, err)
	if len(records) != 1 || records[0].Actor != officer.Name {
		t.Errorf("records: %+v", records)
	}
	_, err = d.HandOutLine(ctx, officer, round, village, "0000000000000000")
	wantCode(t, err, fault.NotFound, "draw.no_person")

	found, err := d.FindPeople(ctx, round, village, person.Name, 1)
	must(t, err)
	if len(found) != 1 {
		t.Errorf("nobody found by the name %s", person.Name)
	}
}
