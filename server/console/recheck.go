package console

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// recheckView is the re-check of a round: what comes next, what it has found
// commune by commune, and all that was tried.
type recheckView struct {
	roundFrame
	Next           stageStep
	Attempts       []attemptView // the last one first
	MayDraw        bool
	MayRecord      bool   // results, which is where the lists are too
	Percent, Least string // as typed
	Event          eventForm
	Events         []string
	Reason         string // of another attempt
	Beacon         string

	Found int // the attempt that the rows are of, 0 if none is drawn
	Rows  []recheckRow
	Total recheckRow
}

// recheckRow is the figure of a unit; shares are percentages.
type recheckRow struct {
	scorecard.RecheckFigure
	Name            string
	Share, Low, Top float64
	Href            string // its list and results, for whoever records them
}

// Below is the address below which the draw's steps lie, for templates.
func (w recheckView) Below() string { return Root + "/rounds/" + string(w.Round.ID) + "/recheck" }

var recheckTemplate = page.New[recheckView](roundSource("recheck", "console/frame/draw.html"))

func (c *Console) recheck(v *visit) error {
	view, err := c.recheckView(v)
	if err != nil {
		return err
	}
	return recheckTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// recheckView fills in what every use of the page shows.
func (c *Console) recheckView(v *visit) (recheckView, error) {
	f, err := c.roundFrame(v, "recheck.title")
	if err != nil {
		return recheckView{}, err
	}
	attempts, err := c.Rounds.Rechecks(v.ctx(), v.round.ID)
	if err != nil {
		return recheckView{}, err
	}
	view := newRecheckView(f, attempts, v.at)
	if view.MayDraw, err = c.may(v, account.CommitRecheck, v.round.Unit); err != nil {
		return view, err
	}
	view.MayDraw = view.MayDraw && v.round.State != survey.RoundDraft
	if view.MayRecord, err = c.may(v, account.RecordRecheck, v.round.Unit); err != nil {
		return view, err
	}
	report, err := c.Desk.Recheck(v.ctx(), v.round.ID, 0)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) { // none is drawn yet
		return view, nil
	} else if err != nil {
		return view, err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err == nil {
		view.fill(report, tree)
	}
	return view, err
}

func newRecheckView(f roundFrame, attempts []conduct.Draw, now time.Time) recheckView {
	s := stageSummary{Stage: conduct.Recheck, Next: stageCommits}
	for i, d := range slices.Backward(attempts) {
		s.Attempts = append(s.Attempts, newAttempt(d, conduct.StateOf(attempts, i, now)))
	}
	if last, tried := conduct.Current(attempts, conduct.Recheck); last.Done() {
		s.Next = stageDrawn
	} else if tried {
		s.Next = stageRuns
	}
	size := sampling.DefaultRecheck
	return recheckView{
		roundFrame: f, Next: s.Next, Attempts: s.Attempts, Percent: strconv.Itoa(size.Percent), Least: strconv.Itoa(size.Least),
		Event: eventForm{Kind: eventDrand}, Events: events,
	}
}

// fill shows what was found.
func (w *recheckView) fill(r conduct.RecheckReport, tree *territory.Tree) {
	w.Found, w.Total = r.Attempt, newRecheckRow(r.Total, tree)
	for _, fig := range r.Communes {
		row := newRecheckRow(fig, tree)
		if w.MayRecord && fig.Drawn > 0 {
			row.Href = Root + "/rounds/" + string(w.Round.ID) + "/recheck-results/" + string(fig.Unit)
		}
		w.Rows = append(w.Rows, row)
	}
}

func newRecheckRow(fig scorecard.RecheckFigure, tree *territory.Tree) recheckRow {
	return recheckRow{
		RecheckFigure: fig, Name: unitName(tree, fig.Unit),
		Share: 100 * float64(fig.Rate), Low: 100 * float64(fig.CI.Low), Top: 100 * float64(fig.CI.High),
	}
}

// commitRecheck fixes the sheets that count now, how many of them are re-checked
// and the public event that decides which.
func (c *Console) commitRecheck(v *visit) error {
	view, err := c.recheckView(v)
	if err != nil {
		return err
	}
	view.Percent, view.Least = v.form.value("percent"), v.form.value("least")
	view.Event, view.Reason = readEvent(v.form), v.form.value("reason")
	errs := (*fieldErrors)(&view.Errors)
	in := conduct.RecheckIntent{
		Size:   sampling.RecheckSize{Percent: numberIn("percent", view.Percent, errs), Least: numberIn("least", view.Least, errs)},
		Source: view.Event.source(errs), Reason: view.Reason,
	}
	if len(view.Errors) == 0 {
		_, err := c.Desk.CommitRecheck(v.ctx(), v.user, v.round.ID, in)
		if err == nil {
			return v.done(v.roundPath("/recheck"), "draw_committed")
		}
		if !errs.from(recheckField(err), err) {
			return err
		}
	}
	return recheckTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}

// recheckField is the field that a refused commitment is about, "" for the page.
func recheckField(err error) string {
	switch fault.ProblemsOf(err)[0].Code {
	case "recheck.size":
		return "percent"
	case "recheck.no_sheets":
		return ""
	}
	if field := commitField(err); field != "plan" {
		return field
	}
	return "when"
}

// runRecheck draws with what the public event brought.
func (c *Console) runRecheck(v *visit) error {
	view, err := c.recheckView(v)
	if err != nil {
		return err
	}
	view.Beacon = v.form.value("beacon")
	field := "" // the page asks for no value unless a draw is due
	if view.Next == stageRuns {
		field = "beacon"
	}
	errs := (*fieldErrors)(&view.Errors)
	if view.Beacon == "" {
		errs.add("beacon", "console.draws.no_beacon")
	} else if _, err := c.Desk.DrawRecheck(v.ctx(), v.user, v.round.ID, view.Beacon); err == nil {
		return v.done(v.roundPath("/recheck"), "draw_done")
	} else if !errs.from(field, err) {
		return err
	}
	return recheckTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
}

// recheckFiles sends what a watcher needs to repeat an attempt. Persons go by
// pseudonyms that lead to nobody without the key; frame and sample are for those
// who oversee the round and are not public.
func (c *Console) recheckFiles(v *visit) error {
	attempt, err := strconv.Atoi(v.param("attempt"))
	if err != nil || attempt < 1 {
		return fault.New(fault.NotFound, "http.no_page")
	}
	d, err := c.Desk.RecheckAttempt(v.ctx(), v.round.ID, attempt)
	if err != nil {
		return err
	}
	return v.archive(string(v.round.ID)+"-recheck-"+strconv.Itoa(attempt)+".zip", files.DrawEntries(c.Uploads, d, "", files.OfRecheck(d)))
}
