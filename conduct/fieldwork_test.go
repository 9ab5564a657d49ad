package conduct_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/stats"
	"hailong/store"
	"hailong/survey"
	"hailong/territory"
)

// afield is an open round with drawn people, and one of its villages.
func afield(t *testing.T, change func(*sampling.Plan)) (conduct.Desk, *store.Store, territory.Code) {
	t.Helper()
	d, st := newDesk(t)
	if change != nil {
		plan := plans[conduct.People]
		changed := plan
		change(&changed)
		plans[conduct.People] = changed
		defer func() { plans[conduct.People] = plan }()
	}
	prepare(t, d, st, conduct.People)
	_, err := d.OpenRound(context.Background(), analyst, round)
	must(t, err)
	villages, err := d.Listed(context.Background(), round)
	must(t, err)
	return d, st, villages[0].Code
}

// visits hands in visits of one person, from "day result" pairs of July 2026.
func visits(t *testing.T, d conduct.Desk, village territory.Code, number int, pairs ...string) {
	t.Helper()
	d.Clock = func() time.Time { return start.AddDate(0, 0, 20) }
	var attempts []conduct.Attempt
	for i := 0; i < len(pairs); i += 2 {
		attempts = append(attempts, visit(village, number, pairs[i], sampling.Disposition(pairs[i+1])))
	}
	_, err := d.AddContacts(context.Background(), officer, round, attempts)
	must(t, err)
}

func visit(village territory.Code, number int, day string, result sampling.Disposition) conduct.Attempt {
	return conduct.Attempt{Village: village, Number: number, Contact: sampling.Contact{
		Day: territory.Day("2026-07-" + day), Mode: sampling.ByVisit, Result: result, Visitor: "Chị Hoà"}}
}

// reply stores the answer of the person of a number: ratings of the five items,
// "" for one that was left out.
func reply(t *testing.T, d conduct.Desk, st *store.Store, village territory.Code, number int, ratings ...string) {
	t.Helper()
	field, err := d.Field(context.Background(), analyst, round, village)
	must(t, err)
	person := field.People[number-1].Person.Key
	r, err := st.Round(context.Background(), round)
	must(t, err)
	b := survey.Ballot{Round: round, Questionnaire: r.Questionnaire, Unit: village, Origin: survey.OriginSample, Nonce: d.Keys.PersonNonce(round, string(person))}
	values := map[survey.QuestionCode][]string{}
	for i, rating := range ratings {
		if rating != "" {
			values[survey.QuestionCode(fmt.Sprint("i", i+1))] = []string{rating}
		}
	}
	response := survey.NewResponse(b, r, survey.Sending{At: start.AddDate(0, 0, 3)}, survey.NewAnswers(values))
	must(t, st.AddResponses(context.Background(), []survey.Response{response}))
}

// elsewhere answers for five people of the last village, so that an edition is due.
func elsewhere(t *testing.T, d conduct.Desk, st *store.Store) {
	t.Helper()
	villages, err := d.Listed(context.Background(), round)
	must(t, err)
	for number := 1; number <= 5; number++ {
		reply(t, d, st, villages[len(villages)-1].Code, number, "5", "4", "3", "2", "1")
	}
}

func TestContactsAreTakenAllOrNoneAndOnce(t *testing.T) {
	d, st, village := afield(t, nil)
	ctx := context.Background()
	d.Clock = func() time.Time { return start.AddDate(0, 0, 20) }
	good := visit(village, 1, "02", sampling.NotHome)
	wrong := visit(village, 2, "02", sampling.Completed)
	wrong.Place = fault.Place{Row: 3}
	_, err := d.AddContacts(ctx, officer, round, []conduct.Attempt{good, wrong})
	wantCode(t, err, fault.Invalid, "fieldwork.answered_is_computed")
	if p := fault.ProblemsOf(err)[0]; p.Place.Row != 3 {
		t.Errorf("the problem is at %+v, want row 3", p.Place)
	}
	again := []conduct.Attempt{good, visit(village, 1, "03", sampling.Met), good}
	for n, want := range []conduct.Taken{{Added: 2, Known: 1}, {Known: 3}} {
		if taken, err := d.AddContacts(ctx, officer, round, again); err != nil || taken != want {
			t.Errorf("time %d: %+v, %v; want %+v", n+1, taken, err, want)
		}
	}
	stored, err := st.Contacts(ctx, round, village)
	must(t, err)
	if len(stored) != 2 || stored[0].By != officer.Name || stored[1].Number != 2 {
		t.Errorf("stored %+v", stored)
	}
	for code, a := range map[string]conduct.Attempt{
		"fieldwork.not_drawn":     visit(village, 99, "02", sampling.Met),
		"fieldwork.reserve_waits": visit(village, 13, "02", sampling.Met),
		"fieldwork.day_before":    {Village: village, Number: 1, Contact: sampling.Contact{Day: "2026-06-30", Mode: sampling.ByVisit, Result: sampling.Met, Visitor: "x"}},
		"fieldwork.day_ahead":     visit(village, 1, "30", sampling.Met),
	} {
		_, err := d.AddContacts(ctx, officer, round, []conduct.Attempt{a})
		wantCode(t, err, fault.Invalid, code)
	}
}

// A correction is not undone by the file in which the mistake was; who writes the
// same contact down by hand means it.
func TestAFileHandedInAgainUndoesNoCorrection(t *testing.T) {
	d, _, village := afield(t, nil)
	d.Clock = func() time.Time { return start.AddDate(0, 0, 20) }
	row := visit(village, 1, "02", sampling.Refused)
	row.Place = fault.Place{File: "tiep-can.xlsx", Row: 2}
	right := visit(village, 1, "02", sampling.Met)
	right.Contact.Supersedes = 1
	byHand := visit(village, 1, "02", sampling.Refused)
	for n, step := range []struct {
		attempt conduct.Attempt
		want    conduct.Taken
	}{{row, conduct.Taken{Added: 1}}, {right, conduct.Taken{Added: 1}}, {row, conduct.Taken{Known: 1}}, {byHand, conduct.Taken{Added: 1}}} {
		if taken, err := d.AddContacts(context.Background(), officer, round, []conduct.Attempt{step.attempt}); err != nil || taken != step.want {
			t.Errorf("step %d: %+v, %v; want %+v", n+1, taken, err, step.want)
		}
	}
}

// A cell that cannot be read is not an empty one: its row would be passed over, or
// kept with letters missing.
func TestAContactFileWithUnreadableCellsIsRefused(t *testing.T) {
	d, _, village := afield(t, nil)
	d.Clock = func() time.Time { return start.AddDate(0, 0, 20) }
	read := func(visitor string) error {
		_, err := d.ReadContacts(context.Background(), round, conduct.ContactFile{Name: "tiep-can.csv", Villages: []territory.Unit{{Code: village}},
			Data: []byte("STT,Ngày,Kết quả,Người tiếp cận\n1,02/07/2026,refusal," + visitor + "\n")})
		return err
	}
	must(t, read("Chị Hoà"))
	wantCode(t, read("Chị Ho\uFFFD"), fault.Invalid, "file.lost_letters")
}

func TestContactsEndWithTheLastAnswer(t *testing.T) {
	d, _, village := afield(t, nil)
	ctx := context.Background()
	closed, err := d.CloseRound(ctx, analyst, round)
	must(t, err)
	for after, allowed := range map[time.Duration]bool{time.Hour: true, closed.Grace + time.Minute: false} {
		d.Clock = func() time.Time { return closed.Closed.Add(after) }
		_, err := d.AddContacts(ctx, officer, round, []conduct.Attempt{visit(village, 1, "01", sampling.Met)})
		if (err == nil) != allowed {
			t.Errorf("%v after closing: %v", after, err)
		}
	}
	_, err = d.Replace(ctx, officer, round, village, 1)
	wantCode(t, err, fault.Conflict, "fieldwork.not_open")
}

// The whole path of a place: not met, replaced by the first reserve, who moved
// away and is replaced by the second, who answers with the weight of the first.
func TestAPlaceGoesToTheNextReserveInDrawnOrder(t *testing.T) {
	d, st, village := afield(t, nil)
	ctx := context.Background()
	slips, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	_, err = d.Replace(ctx, officer, round, village, 4)
	wantCode(t, err, fault.Conflict, "fieldwork.replace_unvisited")
	visits(t, d, village, 4, "02", "not_home", "03", "not_home")
	_, err = d.Replace(ctx, officer, round, village, 4)
	wantCode(t, err, fault.Conflict, "fieldwork.replace_visits")
	visits(t, d, village, 4, "05", "not_home")
	first, err := d.Replace(ctx, officer, round, village, 4)
	must(t, err)
	_, err = d.Replace(ctx, officer, round, village, 4)
	wantCode(t, err, fault.Conflict, "fieldwork.replaced_already")
	if pass, err := st.Pass(ctx, d.Keys.TokenHash(slips[3].Token)); err != nil || !pass.Voided {
		t.Errorf("the code of who was replaced is still good: %v, %v", pass.Voided, err)
	}
	if pass, err := st.Pass(ctx, d.Keys.TokenHash(slips[4].Token)); err != nil || pass.Voided {
		t.Errorf("the code of a neighbour: voided %v, %v", pass.Voided, err)
	}
	visits(t, d, village, 13, "06", "moved")
	second, err := d.Replace(ctx, officer, round, village, 13)
	must(t, err)
	if first.Number != 1 || second.Number != 2 || second.Replaced != first.Reserve || first.Reason != sampling.NotHome {
		t.Errorf("replacements %+v and %+v", first, second)
	}
	made, err := d.ProduceNewSlips(ctx, analyst, round, village)
	must(t, err)
	if len(made) != 1 || made[0].Person.Key != second.Reserve {
		t.Errorf("new slips %+v, want one for the second reserve", made)
	}
	_, err = d.ProduceNewSlips(ctx, analyst, round, village)
	wantCode(t, err, fault.Conflict, "slips.nobody_new")
	all, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	if len(all) != 12 || slices.ContainsFunc(all, func(s conduct.Slip) bool { return s.Person.Key == first.Replaced }) {
		t.Errorf("%d slips, want 12 without who was replaced", len(all))
	}

	reply(t, d, st, village, 14, "5", "5", "5", "5", "5")
	reply(t, d, st, village, 4, "1", "1", "1", "1", "1") // after all, and too late
	units, err := d.Outcomes(ctx, round)
	must(t, err)
	i := slices.IndexFunc(units, func(u conduct.UnitOutcomes) bool { return u.Unit == village })
	want := sampling.Outcomes{I: 1, NC: 1, NE: 1, UH: 11}
	if u := units[i]; u.Drawn != 12 || u.Substitutes != 2 || u.People != want {
		t.Errorf("outcomes %+v, want %+v", u, want)
	}
	elsewhere(t, d, st)
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if f := edition.Fieldwork[0]; edition.Excluded != 1 || f.Answered != 6 || f.Substitutes != 2 {
		t.Errorf("excluded %d, fieldwork %+v", edition.Excluded, f)
	}
}

func TestWhoAnsweredIsNotReplaced(t *testing.T) {
	d, st, village := afield(t, nil)
	visits(t, d, village, 2, "02", "not_home", "03", "not_home", "04", "not_home")
	reply(t, d, st, village, 2, "5", "5", "5", "5", "5")
	_, err := d.Replace(context.Background(), officer, round, village, 2)
	wantCode(t, err, fault.Conflict, "fieldwork.replace_answered")
}

func TestAnExhaustedReserveIsSaid(t *testing.T) {
	d, _, village := afield(t, nil)
	ctx := context.Background()
	for number := 1; number <= 4; number++ {
		visits(t, d, village, number, "02", "dead")
		_, err := d.Replace(ctx, officer, round, village, number)
		if number <= 3 {
			must(t, err)
		} else {
			wantCode(t, err, fault.Conflict, "fieldwork.reserve_empty")
		}
	}
	field, err := d.Field(ctx, officer, round, village)
	must(t, err)
	if field.Left != 0 || field.People[0].ReplacedBy != 13 || field.People[12].Replaces != 1 {
		t.Errorf("left %d, first %+v", field.Left, field.People[0])
	}
}

func TestARefusalIsReplacedOnlyIfThePlanSaysSo(t *testing.T) {
	d, _, village := afield(t, nil)
	visits(t, d, village, 1, "02", "refusal", "03", "refusal", "04", "not_home")
	_, err := d.Replace(context.Background(), officer, round, village, 1)
	wantCode(t, err, fault.Conflict, "fieldwork.replace_refusal")

	d, _, village = afield(t, func(p *sampling.Plan) {
		p.Replacement = &sampling.ReplacementRule{Visits: 2, AtOnce: []sampling.Disposition{sampling.Dead}, AfterVisits: []sampling.Disposition{sampling.Refused}}
	})
	visits(t, d, village, 1, "02", "refusal", "03", "refusal")
	x, err := d.Replace(context.Background(), officer, round, village, 1)
	must(t, err)
	if x.Reason != sampling.Refused {
		t.Errorf("reason %s", x.Reason)
	}
}

// An officer holds the codes or the knowledge of whose ballot is still empty,
// never both.
func TestWhoHoldsTheCodesDoesNotLearnWhoAnswered(t *testing.T) {
	for by, sees := range map[survey.SlipsBy]bool{survey.SlipsByProvince: true, survey.SlipsByCommune: false} {
		d, st, village := afield(t, nil)
		ctx := context.Background()
		r, err := st.Round(ctx, round)
		must(t, err)
		r.SlipsBy = by
		must(t, st.ReplaceRound(ctx, account.NewRecord(start, analyst, account.OpenRound, string(round)), r))
		reply(t, d, st, village, 3, "5", "5", "5", "5", "5")
		for range 2 {
			field, err := d.FollowUp(ctx, officer, round, village)
			must(t, err)
			if field.Asked != sees || field.People[2].Answered != sees || field.People[1].Answered {
				t.Errorf("slips by %s: asked %v, third answered %v", by, field.Asked, field.People[2].Answered)
			}
		}
		records, err := st.Records(ctx, account.RecordQuery{Scope: village, Action: account.FollowUp})
		must(t, err)
		if want := map[bool]int{true: 1, false: 0}[sees]; len(records) != want {
			t.Errorf("slips by %s: %d records of asking on one day, want %d", by, len(records), want)
		}
		if field, err := d.FollowUp(ctx, analyst, round, village); err != nil || !field.People[2].Answered {
			t.Errorf("the province: %v, %v", field.People[2].Answered, err)
		}
	}
}

func TestASheetIsCompletePartialOrNone(t *testing.T) {
	d, st, village := afield(t, nil)
	reply(t, d, st, village, 1, "5", "5", "5", "9", "1") // "no experience" is an answer
	reply(t, d, st, village, 2, "5", "5", "5", "5")      // 4 of 5 is 80 %
	reply(t, d, st, village, 3, "5", "5", "5")
	reply(t, d, st, village, 4)
	units, err := d.Outcomes(context.Background(), round)
	must(t, err)
	i := slices.IndexFunc(units, func(u conduct.UnitOutcomes) bool { return u.Unit == village })
	if want := (sampling.Outcomes{I: 2, P: 1, R: 1, UH: 8}); units[i].People != want {
		t.Errorf("outcomes %+v, want %+v", units[i].People, want)
	}
	elsewhere(t, d, st)
	edition, err := d.Compute(context.Background(), analyst, round)
	must(t, err)
	if overall, _ := edition.Find("98", scorecard.TierItem, "i1"); edition.Fieldwork[0].Answered != 8 || overall.N != 8 {
		t.Errorf("answered %d, %d valid answers to the first item; want 8 and 8", edition.Fieldwork[0].Answered, overall.N)
	}
}

// Six answered, one refused, one had died, one moved, three were not reached; in
// the rest of the province five answered and nobody else was visited. So e of the
// first commune is 7/9, of the second 1, and the weights of the public tally add
// up to the eligible people of both and of the communes without an answer.
func TestWeightsCarryTheRealisedStages(t *testing.T) {
	d, st, village := afield(t, nil)
	ctx := context.Background()
	for number := 1; number <= 6; number++ {
		reply(t, d, st, village, number, "5", "5", "5", "5", "5")
	}
	elsewhere(t, d, st)
	visits(t, d, village, 7, "02", "refusal")
	visits(t, d, village, 8, "02", "dead")
	visits(t, d, village, 9, "02", "moved")
	units, err := d.Outcomes(ctx, round)
	must(t, err)
	communes := map[territory.Code][]conduct.UnitOutcomes{}
	for _, u := range units {
		communes[u.Unit[:5]] = append(communes[u.Unit[:5]], u)
	}
	whole := conduct.OutcomesOf("98", units)
	var eligible float64
	for code, parts := range communes {
		own := conduct.OutcomesOf(code, parts).Places
		e := 1.0 // the second commune: everybody known is eligible
		switch {
		case code == village[:5]:
			e = 7.0 / 9
			if got := own.Eligibility(); math.Abs(got-e) > 1e-12 {
				t.Errorf("e = %v, want 7/9", got)
			}
		case own.Respondents() == 0:
			e = whole.Places.Eligibility() // of nobody there is known
		}
		eligible += own.I + own.R + e*own.UH
	}
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	_, head, err := d.Edition(ctx, round, edition.Number)
	must(t, err)
	tally, err := stats.ReadTally(bytes.NewReader(blob(t, st, head.Tally)))
	must(t, err)
	var carried float64
	for _, cell := range tally.Cells() {
		carried += cell.All.W
	}
	if math.Abs(carried-eligible) > 1e-9*eligible {
		t.Errorf("the tally carries %v, want %v eligible people", carried, eligible)
	}
}

// Whether a place may be given away depends on whether its holder sent a sheet. So
// asking is recorded, about the village and not about whom, once a day; a
// replacement that the contacts forbid asks nothing.
func TestGivingAwayAPlaceAsksWhoAnswered(t *testing.T) {
	d, st, village := afield(t, nil)
	asked := func() []account.Record {
		records, err := st.Records(context.Background(), account.RecordQuery{Scope: village, Action: account.FollowUp})
		must(t, err)
		return records
	}
	_, err := d.Replace(context.Background(), officer, round, village, 1)
	wantCode(t, err, fault.Conflict, "fieldwork.replace_unvisited")
	if n := len(asked()); n != 0 {
		t.Errorf("%d records before anything was asked", n)
	}
	visits(t, d, village, 1, "03", "dead")
	visits(t, d, village, 2, "03", "dead")
	reply(t, d, st, village, 1, "5", "4", "3", "2", "1")
	_, err = d.Replace(context.Background(), officer, round, village, 1)
	wantCode(t, err, fault.Conflict, "fieldwork.replace_answered")
	_, err = d.Replace(context.Background(), officer, round, village, 2)
	must(t, err)
	if records := asked(); len(records) != 1 || records[0].Subject != string(round) || len(records[0].Details) != 0 {
		t.Errorf("records %+v", records)
	}
}

// A look at single villages is recorded with the unit that was looked at; the sums
// of communes are not.
func TestOutcomesOfVillagesAreRecordedAsAsking(t *testing.T) {
	d, st, _ := afield(t, nil)
	ctx := context.Background()
	_, err := d.Outcomes(ctx, round)
	must(t, err)
	for _, unit := range []territory.Code{"98001", "98", "98", "98001"} {
		_, err = d.VillageOutcomes(ctx, analyst, round, unit)
		must(t, err)
	}
	records, err := st.Records(ctx, account.RecordQuery{Scope: "98", Action: account.FollowUp})
	must(t, err)
	if len(records) != 2 {
		t.Errorf("%d records of two units looked at twice", len(records))
	}
}

// A lost letter: its code opens nothing any more, the new one leads to the ballot
// of before, and nobody else's code changes.
func TestALostLetterIsMadeAgainForOnePersonAlone(t *testing.T) {
	d, st, village := afield(t, nil)
	ctx := context.Background()
	first, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	made, err := d.ProduceLostSlips(ctx, analyst, round, village, []int{first[2].Order, first[5].Order})
	must(t, err)
	if len(made) != 2 || made[0].Person.Key != first[2].Person.Key || made[0].Token == first[2].Token {
		t.Fatalf("made %+v", made)
	}
	for i, slip := range first {
		pass, err := st.Pass(ctx, d.Keys.TokenHash(slip.Token))
		must(t, err)
		if lost := i == 2 || i == 5; pass.Voided != lost {
			t.Errorf("code of person %d: voided %v", i+1, pass.Voided)
		}
	}
	if pass, err := st.Pass(ctx, d.Keys.TokenHash(made[0].Token)); err != nil || pass.Voided || pass.Subject != survey.Subject(first[2].Person.Key) {
		t.Errorf("the new code leads to %+v, %v", pass, err)
	}
	records, err := st.Records(ctx, account.RecordQuery{Scope: village, Action: account.ProduceSlips})
	must(t, err)
	if got := fmt.Sprint(records[0].Details); records[0].Actor != analyst.Name || !strings.Contains(got, fmt.Sprintf("numbers %d, %d", first[2].Order, first[5].Order)) {
		t.Errorf("record %s", got)
	}
	_, err = d.ProduceLostSlips(ctx, analyst, round, village, nil)
	wantCode(t, err, fault.Invalid, "slips.nobody_named")
	_, err = d.ProduceLostSlips(ctx, analyst, round, village, []int{13}) // a reserve who waits
	wantCode(t, err, fault.Invalid, "slips.no_place")
	_, err = d.ProduceLostSlips(ctx, officer, round, village, []int{1})
	wantCode(t, err, fault.Denied, "slips.by_province")
	again, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	if pass, err := st.Pass(ctx, d.Keys.TokenHash(made[0].Token)); err != nil || !pass.Voided || len(again) != 12 {
		t.Errorf("made again for %d: the code of before is voided %v, %v", len(again), pass.Voided, err)
	}
}
