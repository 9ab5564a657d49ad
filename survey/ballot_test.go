package survey_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hailong/fault"
	"hailong/survey"
	"hailong/territory"
)

// testKeys are fixed, so that failures repeat.
func testKeys(t *testing.T) survey.Keys {
	t.Helper()
	keys, err := survey.NewKeys(strings.NewReader(strings.Repeat("0123456789abcdef", 4)))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func testBallot(keys survey.Keys) survey.Ballot {
	return survey.Ballot{
		Round: "qn-2026", Questionnaire: "sipas@2026.1", Origin: survey.OriginSample, Unit: "06994-03",
		Nonce: keys.PersonNonce("qn-2026", "p1"), Issued: time.Unix(1_790_000_000, 0).UTC(), Page: "page1",
	}
}

func TestBallotIDDependsOnRoundUnitAndNonceOnly(t *testing.T) {
	keys := testKeys(t)
	b := testBallot(keys)
	same := b
	same.Issued, same.Questionnaire, same.Page = b.Issued.Add(time.Hour), "sipas@2026.2", "page2"
	if b.ID() != same.ID() {
		t.Errorf("issue time, version or page changed the ballot ID")
	}
	for name, change := range map[string]func(*survey.Ballot){
		"round": func(b *survey.Ballot) { b.Round = "other" },
		"unit":  func(b *survey.Ballot) { b.Unit = "06994-04" },
		"nonce": func(b *survey.Ballot) { b.Nonce = keys.PersonNonce("qn-2026", "p2") },
	} {
		other := b
		change(&other)
		if other.ID() == b.ID() {
			t.Errorf("another %s has the same ballot ID", name)
		}
	}
	round, unit, origin := b.ID().Split()
	if round != "qn-2026" || unit != "06994-03" || origin != survey.OriginSample {
		t.Errorf("Split(%s) = %s %s %s", b.ID(), round, unit, origin)
	}
	if !strings.HasPrefix(string(b.ID()), survey.UnitPrefix("qn-2026", "06994-03", survey.OriginSample)) {
		t.Errorf("%s does not begin with round, unit and origin", b.ID())
	}
}

func TestBallotSurvivesItsJourneyAndNothingElseDoes(t *testing.T) {
	keys := testKeys(t)
	b := testBallot(keys)
	text := keys.Sign(b)
	got, err := keys.Open(text)
	if err != nil || got != b {
		t.Fatalf("Open(Sign(b)) = %+v, %v", got, err)
	}
	for i := range text {
		forged := []byte(text)
		forged[i] ^= 1
		if back, err := keys.Open(string(forged)); err == nil && back != b {
			t.Fatalf("a changed character %d was accepted as another ballot", i)
		}
	}
	for _, c := range []struct {
		text string
		kind fault.Kind
	}{
		{"", fault.Unreadable}, {"abc", fault.Unreadable}, {"a.b.c", fault.Denied}, {"..", fault.Denied},
		{strings.Replace(text, ".1.", ".2.", 1), fault.Denied},
	} {
		if _, err := keys.Open(c.text); fault.KindOf(err) != c.kind {
			t.Errorf("Open(%q): %v, want %v", c.text, err, c.kind)
		}
	}
}

func TestAnOldSigningKeyVerifiesAfterARotation(t *testing.T) {
	keys := testKeys(t)
	text := keys.Sign(testBallot(keys))
	rotated := keys
	rotated.Signing = append([]survey.SigningKey{{ID: "2", Secret: bytes.Repeat([]byte{7}, 32)}}, keys.Signing...)
	if _, err := rotated.Open(text); err != nil {
		t.Errorf("a ballot signed before the rotation: %v", err)
	}
	if rotated.PersonNonce("r", "p") != keys.PersonNonce("r", "p") {
		t.Errorf("the rotation changed a nonce, so one person would have two ballots")
	}
}

func TestRoundTakesBallotsByItsStateAndTheirAge(t *testing.T) {
	closed := time.Date(2026, 9, 30, 17, 0, 0, 0, time.UTC)
	before, after := closed.Add(-time.Hour), closed.Add(time.Minute)
	for _, c := range []struct {
		name   string
		state  survey.RoundState
		origin survey.Origin
		issued time.Time
		at     time.Time
		kind   fault.Kind
		ok     bool
	}{
		{"open", survey.RoundOpen, survey.OriginSample, before, after, 0, true},
		{"a personal ballot does not age", survey.RoundOpen, survey.OriginSample, before.AddDate(0, -1, 0), before, 0, true},
		{"a counter ballot lives 72 hours", survey.RoundOpen, survey.OriginCounter, before, before.Add(72 * time.Hour), 0, true},
		{"and no longer", survey.RoundOpen, survey.OriginCounter, before, before.Add(72*time.Hour + time.Second), fault.Denied, false},
		{"within the grace", survey.RoundClosed, survey.OriginSample, before, closed.Add(71 * time.Hour), 0, true},
		{"after the grace", survey.RoundClosed, survey.OriginSample, before, closed.Add(73 * time.Hour), fault.Gone, false},
		{"issued after the closing", survey.RoundClosed, survey.OriginSample, after, after.Add(time.Minute), fault.Gone, false},
		{"not yet open", survey.RoundDraft, survey.OriginSample, before, before, fault.Gone, false},
	} {
		r := survey.Round{ID: "r", State: c.state, Closed: closed, Grace: survey.DefaultGrace}
		err := r.Accepts(survey.Ballot{Round: "r", Origin: c.origin, Issued: c.issued}, c.at)
		if (err == nil) != c.ok || err != nil && fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestResponseKeepsNoClockTimeOfAPerson(t *testing.T) {
	keys := testKeys(t)
	b := testBallot(keys)
	at := time.Date(2026, 9, 21, 14, 23, 45, 0, time.FixedZone("ICT", 7*3600))
	round := survey.Round{ID: b.Round, Simulated: true, Places: map[territory.Code]survey.Placing{b.Unit: {Stratum: "Xã", PSU: "06994"}}}
	r := survey.NewResponse(b, round, survey.Sending{Text: keys.Sign(b), At: at, Lang: "vi"}, nil)
	if r.Day != "2026-09-21" || r.Quarter != "" {
		t.Errorf("personal: day %q, quarter %q", r.Day, r.Quarter)
	}
	if r.Placing.PSU != "06994" || !r.Simulated || r.Mode != survey.ModeSelf {
		t.Errorf("labels, flag or mode lost: %+v", r)
	}
	b.Origin = survey.OriginCounter
	if r := survey.NewResponse(b, round, survey.Sending{At: at}, nil); r.Quarter != "14:15" || r.Placing.PSU != "" {
		t.Errorf("counter: quarter %q, placing %+v", r.Quarter, r.Placing)
	}
}
