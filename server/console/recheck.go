package console

import (
	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/server/page"
	"hailong/territory"
)

// recheckView is what the re-check of a round has found, commune by commune.
type recheckView struct {
	roundFrame
	Attempt int // 0 if none is drawn
	Rows    []recheckRow
	Total   recheckRow
}

// recheckRow is the figure of a unit; shares are percentages.
type recheckRow struct {
	scorecard.RecheckFigure
	Name            string
	Share, Low, Top float64
}

var recheckTemplate = page.New[recheckView](roundSource("recheck"))

func (c *Console) recheck(v *visit) error {
	f, err := c.roundFrame(v, "recheck.title")
	if err != nil {
		return err
	}
	report, err := c.Desk.Recheck(v.ctx(), v.round.ID, 0)
	if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	return recheckTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, newRecheckView(f, report, tree))
}

func newRecheckView(f roundFrame, r conduct.RecheckReport, tree *territory.Tree) recheckView {
	row := func(fig scorecard.RecheckFigure) recheckRow {
		return recheckRow{fig, unitName(tree, fig.Unit), 100 * float64(fig.Rate), 100 * float64(fig.CI.Low), 100 * float64(fig.CI.High)}
	}
	view := recheckView{roundFrame: f, Attempt: r.Attempt, Total: row(r.Total)}
	for _, fig := range r.Communes {
		view.Rows = append(view.Rows, row(fig))
	}
	return view
}

// fixedRecheck has a commune of each verdict.
func fixedRecheck(f roundFrame) recheckView {
	counts := []scorecard.RecheckCount{
		{Unit: "90001", Sheets: 600, Drawn: 60, Confirmed: 58, Denied: 1, ByOther: 1},
		{Unit: "90007", Sheets: 118, Drawn: 12, Confirmed: 7, Denied: 2, ByOther: 1, Unreached: 1},
	}
	report := conduct.RecheckReport{Attempt: 1, Total: scorecard.RecheckTotal("90", counts).Figure()}
	for _, count := range counts {
		report.Communes = append(report.Communes, count.Figure())
	}
	return newRecheckView(f, report, fixedTree)
}
