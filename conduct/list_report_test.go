package conduct_test

import (
	"context"
	"testing"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
)

// The lists of the small province are all of women born in a row: sorted by age,
// which is said of every list, and alike otherwise. 40 people are listed a
// village.
func TestTheListsOfARoundAreChecked(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	ctx := context.Background()
	addLists(t, d)
	before, err := d.CheckLists(ctx, round, 0)
	must(t, err)
	if len(before.Villages) != 0 || len(before.Findings) == 0 {
		t.Errorf("without a share of adults: %+v", before.Villages)
	}
	draw(t, d, conduct.People)
	after, err := d.CheckLists(ctx, round, .7)
	must(t, err)
	villages, err := d.DrawnVillages(ctx, round)
	must(t, err)
	if len(after.Villages) != len(villages) || len(after.Communes) == 0 || len(after.Findings) <= len(before.Findings) {
		t.Errorf("%d villages, %d communes, %d findings and %d before the draw", len(after.Villages), len(after.Communes), len(after.Findings), len(before.Findings))
	}
	sorted := 0
	for _, f := range after.Findings {
		if f.Test == sampling.PickedByAge && f.Flagged {
			sorted++
		} else if f.Flagged {
			t.Errorf("flagged: %+v", f)
		}
	}
	if sorted != len(villages) {
		t.Errorf("%d of %d lists sorted by age are flagged", sorted, len(villages))
	}
	for _, c := range after.Villages {
		if c.Listed != 40 {
			t.Errorf("%s: %d listed", c.Unit, c.Listed)
		}
	}
	_, err = d.CheckLists(ctx, round, 1.5)
	wantCode(t, err, fault.Invalid, "picked.share")
}
