package console

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/survey"
)

// drawsView is the page of a round's draws: what was done at every stage.
type drawsView struct {
	roundFrame
	Stages  []stageSummary
	Verify  []string // commands that repeat all that was drawn
	MayDraw bool
}

// stageSummary is one stage with its attempts.
type stageSummary struct {
	Stage    conduct.Stage
	Name     string // for texts
	Next     stageStep
	Optional bool // may be left out
	Attempts []attemptView
}

// stageStep is what comes next at a stage.
type stageStep string

// The steps. A stage whose successor is committed stays as it is.
const (
	stageWaits   stageStep = "waits" // for the stage before
	stageCommits stageStep = "commit"
	stageRuns    stageStep = "run"
	stageDrawn   stageStep = "drawn" // and may be tried anew
	stageFixed   stageStep = "fixed"
)

// attemptView is one attempt as a page shows it.
type attemptView struct {
	conduct.Draw
	State                       conduct.AttemptState
	CommittedAt, Event, DrawnAt string
	Main, Certainty, Reserve    int
	CommitmentDigest            sampling.Digest
	Files                       []string
}

var drawsTemplate = page.New[drawsView](roundSource("draws", "console/frame/draw.html"))

func (c *Console) draws(v *visit) error {
	f, err := c.roundFrame(v, "console.draws.title")
	if err != nil {
		return err
	}
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	view := drawsView{roundFrame: f, Verify: files.VerifyDraws(attempts)}
	if view.MayDraw, err = c.mayDraw(v); err != nil {
		return err
	}
	for _, stage := range conduct.StagesOf(v.round) {
		view.Stages = append(view.Stages, stageOf(v.round, attempts, stage, v.at))
	}
	return drawsTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// mayDraw reports whether the reader may commit and draw in this round now.
func (c *Console) mayDraw(v *visit) (bool, error) {
	may, err := c.may(v, account.CommitDraw, v.round.Unit)
	return may && v.round.State == survey.RoundDraft, err
}

// stageOf is a stage with its attempts, the last one first.
func stageOf(r survey.Round, attempts []conduct.Draw, stage conduct.Stage, now time.Time) stageSummary {
	s := stageSummary{
		Stage: stage, Name: stage.Name(r), Next: nextStep(r, attempts, stage),
		Optional: r.Transactions != nil && stage == conduct.Communes,
	}
	for i, d := range slices.Backward(attempts) {
		if d.Stage == stage {
			s.Attempts = append(s.Attempts, newAttempt(d, conduct.StateOf(attempts, i, now)))
		}
	}
	return s
}

func nextStep(r survey.Round, attempts []conduct.Draw, stage conduct.Stage) stageStep {
	current, tried := conduct.Current(attempts, stage)
	above, needed := conduct.Before(r, attempts, stage)
	before, _ := conduct.Current(attempts, above)
	switch {
	case conduct.Later(attempts, stage):
		return stageFixed
	case needed && !before.Done():
		return stageWaits
	case !tried:
		return stageCommits
	case !current.Done():
		return stageRuns
	}
	return stageDrawn
}

func newAttempt(d conduct.Draw, state conduct.AttemptState) attemptView {
	a := attemptView{
		Draw: d, State: state, CommittedAt: clock(d.Commitment.At), DrawnAt: clock(d.DrawnAt),
		CommitmentDigest: d.Commitment.Digest(), Files: files.OfDraw(d),
	}
	if at, known := d.Commitment.Source.Time(); known {
		a.Event = clock(at)
	}
	a.Main, a.Certainty, a.Reserve = drawnCounts(d)
	return a
}

// drawnCounts adds up what a draw brought; zeros before it is drawn.
func drawnCounts(d conduct.Draw) (main, certainty, reserve int) {
	if d.Receipt == nil {
		return
	}
	for _, cell := range d.Receipt.Counts {
		main, certainty, reserve = main+cell.Main, certainty+cell.Certainty, reserve+cell.Reserve
	}
	return main, certainty, reserve
}
