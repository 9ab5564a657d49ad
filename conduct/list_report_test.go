package conduct_test

import (
	"context"
	"testing"

	"hailong/account"
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
	before, err := d.CheckLists(ctx, round, conduct.Adults{})
	must(t, err)
	if len(before.Villages) != 0 || len(before.Findings) == 0 {
		t.Errorf("without a share of adults: %+v", before.Villages)
	}
	draw(t, d, conduct.People)
	after, err := d.CheckLists(ctx, round, conduct.Adults{Share: .7, Source: "Niên giám 2025"})
	must(t, err)
	villages, err := d.Listed(ctx, round)
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
	_, err = d.CheckLists(ctx, round, conduct.Adults{Share: 1.5})
	wantCode(t, err, fault.Invalid, "picked.share")
}

// The lists hold women alone, born from 1950 to 1989; the figures of the province
// say that half are men, and one village's own figures say what its list holds.
func TestListsAreComparedWithTheCensusGiven(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	ctx := context.Background()
	addLists(t, d)
	villages, err := d.Listed(ctx, round)
	must(t, err)
	give := func(csv, source string) error {
		_, err := d.GiveCensus(ctx, analyst, round, conduct.CensusFile{Name: "thap-tuoi.csv", Data: []byte("Mã đơn vị,Năm,Giới tính,Nhóm tuổi,Số người\n" + csv), Source: source})
		return err
	}
	province, own := "98,2026,Nam,18+,5000\n98,2026,Nữ,18+,5000\n", string(villages[0].Code)
	wantCode(t, give(province, ""), fault.Invalid, "picked.source_needed")
	wantCode(t, give("97,2026,Nam,18+,1\n97,2026,Nữ,18+,1\n", "điều tra"), fault.Invalid, "pyramid.foreign_unit")
	wantCode(t, give("98,2026,Nam,mọi,1\n", "điều tra"), fault.Invalid, "pyramid.ages")
	must(t, give(province+own+",2026,Nam,18+,0\n"+own+",2026,Nữ,18+,60\n", "Tổng điều tra 2026"))
	report, err := d.CheckLists(ctx, round, conduct.Adults{})
	must(t, err)
	if report.Census == nil || report.Census.Source != "Tổng điều tra 2026" || report.Census.Units != 2 || report.Census.By != "an" {
		t.Fatalf("census %+v", report.Census)
	}
	flagged := map[bool]int{}
	for _, f := range report.Findings {
		if f.Compared == sampling.ListWithPyramid && f.Flagged {
			flagged[f.Village == villages[0].Code]++
		}
	}
	if flagged[true] != 0 || flagged[false] != len(villages)-1 {
		t.Errorf("flagged %v, want all of %d villages but the first", flagged, len(villages))
	}
	records, err := st.Records(ctx, account.RecordQuery{Scope: "98", Action: account.GiveCensus})
	must(t, err)
	if len(records) != 1 {
		t.Errorf("%d records of figures that were given once", len(records))
	}
}

// Sixteen of the people drawn in a village answer; their counts stand beside the
// list's, and nothing else tells who they are.
func TestThoseWhoAnsweredAreComparedWithTheirList(t *testing.T) {
	d, st, village := afield(t, func(p *sampling.Plan) { p.N.Each = 20 })
	for number := 1; number <= 16; number++ {
		reply(t, d, st, village, number, "5", "4", "3", "2", "1")
	}
	report, err := d.CheckLists(context.Background(), round, conduct.Adults{})
	must(t, err)
	tests := map[sampling.Comparison]int{}
	for _, f := range report.Findings {
		if f.Village == village {
			tests[f.Compared]++
		}
		if f.Compared == sampling.AnsweredWithList && (f.Village != village || f.Of != 16) {
			t.Errorf("%+v", f)
		}
	}
	if tests[sampling.DrawnWithList] == 0 || tests[sampling.AnsweredWithList] == 0 {
		t.Errorf("tests %v", tests)
	}
}
