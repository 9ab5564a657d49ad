package conduct_test

import (
	"testing"
	"time"

	"hailong/conduct"
	"hailong/sampling"
)

// Dice are thrown at 9:00 of 2 September. What an attempt is said to be depends
// on whether it was drawn, and on whether the attempt after it came before the
// dice.
func TestWhatBecameOfAnAttempt(t *testing.T) {
	dice := time.Date(2026, 9, 2, 9, 0, 0, 0, time.UTC)
	const source = "dice:Hội trường:2026-09-02T09:00:00Z"
	drawn := &sampling.Receipt{}
	for _, c := range []struct {
		name    string
		receipt *sampling.Receipt
		next    time.Time // when another attempt was committed; zero for none
		now     time.Time
		source  sampling.Source
		want    conduct.AttemptState
		suspect bool
	}{
		{"before the event", nil, time.Time{}, dice.Add(-time.Hour), source, conduct.AttemptWaits, false},
		{"after the event", nil, time.Time{}, dice.Add(time.Hour), source, conduct.AttemptDue, false},
		{"an event without a known time", nil, time.Time{}, dice.Add(time.Hour), "drand:other:17", conduct.AttemptWaits, false},
		{"drawn", drawn, time.Time{}, dice.Add(time.Hour), source, conduct.AttemptDrawn, false},
		{"given up before the event", nil, dice.Add(-time.Minute), dice.Add(time.Hour), source, conduct.AttemptDropped, false},
		{"given up when the dice lay", nil, dice.Add(time.Minute), dice.Add(time.Hour), source, conduct.AttemptExpired, true},
		{"given up, nobody can say when", nil, dice, dice.Add(time.Hour), "drand:other:17", conduct.AttemptExpired, true},
		{"drawn again", drawn, dice.Add(time.Minute), dice.Add(time.Hour), source, conduct.AttemptReplaced, true},
	} {
		first := conduct.Draw{Stage: conduct.Villages, Attempt: 1, Receipt: c.receipt, Commitment: sampling.Commitment{Source: c.source}}
		attempts := []conduct.Draw{{Stage: conduct.Communes, Attempt: 1, Receipt: drawn}, {Stage: conduct.Communes, Attempt: 2, Receipt: drawn}, first}
		if !c.next.IsZero() {
			attempts = append(attempts, conduct.Draw{Stage: conduct.Villages, Attempt: 2, Commitment: sampling.Commitment{At: c.next}})
		}
		if got := conduct.StateOf(attempts, 2, c.now); got != c.want || got.Suspect() != c.suspect {
			t.Errorf("%s: %s, suspect %v", c.name, got, got.Suspect())
		}
	}
}
