package scorecard_test

import (
	"testing"

	"hailong/scorecard"
)

// What a design lets expect is judged as an edition judges: by the variation of
// the value, here 4/80 = 5 %, and by whole answers.
func TestWhatIsExpectedIsJudgedAsAnEditionJudges(t *testing.T) {
	usual := scorecard.Expected{Answers: 48, PSUs: 6, DF: 5, Value: 80, SE: 4}
	limits := scorecard.Limits{MinN: 30, MinPSUs: 2, MaxSE: 5, MinDF: 5}
	for name, c := range map[string]struct {
		change func(*scorecard.Limits, *scorecard.Expected)
		want   scorecard.Publication
	}{
		"within":             {func(*scorecard.Limits, *scorecard.Expected) {}, scorecard.Published},
		"just enough":        {func(_ *scorecard.Limits, e *scorecard.Expected) { e.Answers = 30 - 1e-9 }, scorecard.Published},
		"half an answer":     {func(_ *scorecard.Limits, e *scorecard.Expected) { e.Answers = 29.5 }, scorecard.Withheld},
		"variation within":   {func(l *scorecard.Limits, _ *scorecard.Expected) { l.MaxCV, l.WithholdCV = 0.06, 0.06 }, scorecard.Published},
		"variation warned":   {func(l *scorecard.Limits, _ *scorecard.Expected) { l.MaxCV = 0.04 }, scorecard.Warned},
		"variation withheld": {func(l *scorecard.Limits, _ *scorecard.Expected) { l.WithholdCV = 0.04 }, scorecard.Withheld},
	} {
		l, e := limits, usual
		c.change(&l, &e)
		if got, why := l.Expect(e); got != c.want {
			t.Errorf("%s: %s %v, want %s", name, got, why, c.want)
		}
	}
}
