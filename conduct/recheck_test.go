package conduct_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
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

const recheckEvent = sampling.Source("dice:UBND:2026-12-26T09:00:00+07:00")

// afewSheets is an open round in which people 1 to 6 of a village answered, one of
// them in part, and the seventh sent an empty sheet.
func afewSheets(t *testing.T) (conduct.Desk, *store.Store, territory.Code) {
	t.Helper()
	d, st, village := afield(t, nil)
	for number := 1; number <= 5; number++ {
		reply(t, d, st, village, number, "5", "4", "3", "2", "1")
	}
	reply(t, d, st, village, 6, "5", "", "", "", "")
	reply(t, d, st, village, 7)
	return d, st, village
}

func commitRecheck(d conduct.Desk, percent int, reason string) (conduct.Draw, error) {
	in := conduct.RecheckIntent{Size: sampling.RecheckSize{Percent: percent, Least: 3}, Source: recheckEvent, Reason: reason}
	return d.CommitRecheck(context.Background(), analyst, round, in)
}

// The whole path: commitment, draw that an outsider can repeat, list, results, rate.
func TestARecheckDrawsSheetsThatCountAndTellsHowManyConfirm(t *testing.T) {
	d, st, village := afewSheets(t)
	ctx := context.Background()
	committed, err := commitRecheck(d, 60, "")
	must(t, err)
	commune := territory.Code(strings.SplitN(string(village), "-", 2)[0])
	if committed.Units != 6 || committed.Plan.N.By[string(commune)] != 4 {
		t.Errorf("frame of %d, plan %+v; want 6 sheets, the empty one not among them, and 4 drawn", committed.Units, committed.Plan.N)
	}
	_, err = d.Recheck(ctx, round, 0)
	wantCode(t, err, fault.Conflict, "recheck.waiting")
	drawn, err := d.DrawRecheck(ctx, analyst, round, "3 5 1 6 2")
	must(t, err)
	_, err = d.DrawRecheck(ctx, analyst, round, "1 1 1 1 1")
	wantCode(t, err, fault.Conflict, "stage.drawn")

	attempt, err := d.RecheckAttempt(ctx, round, 1)
	must(t, err)
	frame, err := sampling.ReadFrame(bytes.NewReader(blob(t, st, attempt.Frame)))
	must(t, err)
	again, _, err := sampling.Draw(frame, drawn.Plan, sampling.DrawInput{Commitment: &drawn.Commitment, Beacon: "3 5 1 6 2", Program: "test"})
	must(t, err)
	if !bytes.Equal(again.CSV(), blob(t, st, attempt.Sample)) {
		t.Error("the files handed out do not lead to the sample")
	}

	people, err := d.HandOutRecheck(ctx, analyst, round, commune)
	must(t, err)
	var file strings.Builder
	fmt.Fprintln(&file, "STT,Họ và tên,Ngày phúc tra,Kết quả,Người phúc tra")
	for i, result := range []string{"confirmed", "confirmed", "by_other", "not_reached"} {
		fmt.Fprintf(&file, "%d,%s,02/07/2026,%s,Ông Tám\n", people[i].Number, people[i].Person.Name, result)
	}
	for n, want := range []conduct.Taken{{Added: 4}, {Known: 4}} {
		if taken, err := take(d, commune, file.String()); err != nil || taken != want {
			t.Errorf("time %d: %+v, %v; want %+v", n+1, taken, err, want)
		}
	}
	report, err := d.Recheck(ctx, round, 0)
	must(t, err)
	f := report.Total
	if f.Sheets != 6 || f.Drawn != 4 || f.Reached != 3 || f.Confirmed != 2 || f.Unreached != 1 || len(report.Communes) != 1 {
		t.Errorf("report %+v", report)
	}
	records, err := st.Records(ctx, account.RecordQuery{Scope: commune, Action: account.HandOutRecheck})
	must(t, err)
	if len(records) != 1 || records[0].Actor != analyst.Name {
		t.Errorf("records of the list handed out: %+v", records)
	}
}

func take(d conduct.Desk, commune territory.Code, csv string) (conduct.Taken, error) {
	d.Clock = func() time.Time { return start.AddDate(0, 0, 20) }
	return d.ImportRecheck(context.Background(), analyst, round, conduct.RecheckFile{Name: "phúc tra.csv", Data: []byte(csv), Commune: commune})
}

// What is stored of a re-check leads to no person and to no sheet without the key.
func TestWhoIsRecheckedIsStoredUnderAPseudonym(t *testing.T) {
	d, st, village := afewSheets(t)
	ctx := context.Background()
	_, err := commitRecheck(d, 100, "")
	must(t, err)
	_, err = d.DrawRecheck(ctx, analyst, round, "3 5 1")
	must(t, err)
	attempt, err := d.RecheckAttempt(ctx, round, 0)
	must(t, err)
	stored := string(blob(t, st, attempt.Frame)) + string(blob(t, st, attempt.Sample))
	field, err := d.Field(ctx, analyst, round, village)
	must(t, err)
	for _, p := range field.People {
		if strings.Contains(stored, string(p.Person.Key)) {
			t.Errorf("the key of %s stands in the files", p.Person.Name)
		}
	}
	for response, err := range st.Responses(ctx, survey.RoundPrefix(round)) {
		must(t, err)
		if _, nonce, _ := strings.Cut(string(response.ID), string(village)+"/"); strings.Contains(stored, string(response.ID)) || nonce != "" && strings.Contains(stored, nonce) {
			t.Errorf("ballot %s stands in the files", response.ID)
		}
	}
}

func TestARecheckFileIsTakenWholeOrNotAtAll(t *testing.T) {
	d, st, village := afewSheets(t)
	commune := territory.Code(strings.SplitN(string(village), "-", 2)[0])
	_, err := commitRecheck(d, 100, "")
	must(t, err)
	_, err = d.DrawRecheck(context.Background(), analyst, round, "3 5 1")
	must(t, err)
	for code, row := range map[string]string{
		"recheck.not_drawn":      "99,,02/07/2026,confirmed,Ông Tám",
		"recheck.unknown_result": "2,,02/07/2026,tốt,Ông Tám",
		"recheck.checker":        "2,,02/07/2026,confirmed,",
		"fieldwork.day":          "2,,hôm qua,confirmed,Ông Tám",
		"fieldwork.day_ahead":    "2,,02/07/2027,confirmed,Ông Tám",
		"fieldwork.name_differs": "2,Không Phải,02/07/2026,confirmed,Ông Tám",
		"file.lost_letters":      "2,,02/07/2026,confirmed,Ông T\uFFFDm",
		"recheck.file_empty":     "",
	} {
		good := "1,,02/07/2026,confirmed,Ông Tám\n"
		if row == "" {
			good, row = "", "1,,,,"
		}
		_, err := take(d, commune, "STT,Họ và tên,Ngày phúc tra,Kết quả,Người phúc tra\n"+good+row+"\n")
		wantCode(t, err, fault.Invalid, code)
	}
	if found, err := st.RecheckFindings(context.Background(), round, 1); err != nil || len(found) != 0 {
		t.Errorf("stored %+v, %v", found, err)
	}
}

// A re-check of a real round is drawn by the rules of any draw: not before its event,
// and not with what that event cannot have brought.
func TestARealRecheckIsDrawnAfterItsEventWithAValueOfItsShape(t *testing.T) {
	d, st, _ := afewSheets(t)
	ctx := context.Background()
	r, err := st.Round(ctx, round)
	must(t, err)
	r.Simulated = false
	must(t, st.ReplaceRound(ctx, account.NewRecord(start, analyst, account.OpenRound, string(round)), r))
	event := sampling.QuicknetAt(d.Clock().Add(time.Hour))
	_, err = d.CommitRecheck(ctx, analyst, round, conduct.RecheckIntent{Size: sampling.DefaultRecheck, Source: event})
	must(t, err)
	value := strings.Repeat("5a1f", 16)
	_, err = d.DrawRecheck(ctx, analyst, round, value)
	wantCode(t, err, fault.Conflict, "stage.event_ahead")
	late := d.Clock().Add(2 * time.Hour)
	d.Clock = func() time.Time { return late }
	_, err = d.DrawRecheck(ctx, analyst, round, "3 5 1")
	wantCode(t, err, fault.Invalid, "stage.beacon_shape")
	_, err = d.DrawRecheck(ctx, analyst, round, " "+value+"\n") // as it is copied
	must(t, err)
}

func TestAnotherRecheckGivesItsReason(t *testing.T) {
	d, _, _ := afewSheets(t)
	_, err := commitRecheck(d, 10, "")
	must(t, err)
	_, err = commitRecheck(d, 10, "")
	wantCode(t, err, fault.Invalid, "stage.reason_needed")
	if second, err := commitRecheck(d, 10, "đợt hai"); err != nil || second.Attempt != 2 {
		t.Errorf("%+v, %v", second.Attempt, err)
	}
}

// A re-check list tells who answered, so an officer who holds the codes has none.
func TestTheRecheckListIsNotForWhoHoldsTheCodes(t *testing.T) {
	for by, has := range map[survey.SlipsBy]bool{survey.SlipsByProvince: true, survey.SlipsByCommune: false} {
		d, st, _ := afewSheets(t)
		ctx := context.Background()
		r, err := st.Round(ctx, round)
		must(t, err)
		r.SlipsBy = by
		must(t, st.ReplaceRound(ctx, account.NewRecord(start, analyst, account.OpenRound, string(round)), r))
		_, err = commitRecheck(d, 10, "")
		must(t, err)
		_, err = d.DrawRecheck(ctx, analyst, round, "3 5 1")
		must(t, err)
		people, err := d.HandOutRecheck(ctx, officer, round, "98001")
		if has && (err != nil || len(people) != 3) {
			t.Errorf("slips by %s: %d people, %v", by, len(people), err)
		} else if !has {
			wantCode(t, err, fault.Denied, "recheck.by_province")
		}
	}
}

func TestNoRecheckWithoutSheetsNorListForACommuneWithTheCodes(t *testing.T) {
	d, _, village := afield(t, nil)
	_, err := commitRecheck(d, 10, "")
	wantCode(t, err, fault.Conflict, "recheck.no_sheets")
	_, err = d.DrawRecheck(context.Background(), analyst, round, "1")
	wantCode(t, err, fault.NotFound, "recheck.none")
	_, err = take(d, territory.Code(strings.SplitN(string(village), "-", 2)[0]), "STT,Kết quả\n1,confirmed\n")
	wantCode(t, err, fault.NotFound, "recheck.none")
}
