package console

import (
	"github.com/gofiber/fiber/v2"

	"hailong/scorecard"
	"hailong/server/page"
	"hailong/survey"
	"hailong/territory"
)

// qualityView is what the tests of answer quality found in a round.
type qualityView struct {
	roundFrame
	Sheets    int
	FastBelow float64 // seconds; 0 if unknown
	Tests     []qualityTest
	Count     int // findings of all tests
}

// qualityTest is one test with the units that stand out in it.
type qualityTest struct {
	Test scorecard.QualityTest
	Rows []findingRow
}

// findingRow is one unit, with its figures as the page prints them.
type findingRow struct {
	Unit, Parent       string
	Origin             survey.Origin
	Question           survey.QuestionCode
	Other              string // of copies: where the other sheet is from
	N, Of              int
	Observed, Expected float64
	Times              int // by chance once in so many; 0 where it is not known
	digits             int
}

var qualityTemplate = page.New[qualityView](roundSource("quality"))

func (c *Console) quality(v *visit) error {
	f, err := c.roundFrame(v, "quality.title")
	if err != nil {
		return err
	}
	report, err := c.Desk.Quality(v.ctx(), v.round.ID)
	if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	return qualityTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, newQualityView(f, report, tree))
}

func newQualityView(f roundFrame, r scorecard.QualityReport, tree *territory.Tree) qualityView {
	view := qualityView{roundFrame: f, Sheets: r.Sheets, Count: len(r.Findings)}
	if r.FastBelow.Defined() {
		view.FastBelow = float64(r.FastBelow)
	}
	for _, test := range r.Tests {
		t := qualityTest{Test: test}
		for _, found := range r.Findings {
			if found.Test == test {
				t.Rows = append(t.Rows, newFindingRow(found, tree))
			}
		}
		view.Tests = append(view.Tests, t)
	}
	return view
}

// Digits is how many decimals the figure has: sheets are counted, deviations measured.
func (r findingRow) Digits() int { return r.digits }

func newFindingRow(f scorecard.Finding, tree *territory.Tree) findingRow {
	row := findingRow{Unit: unitName(tree, f.Unit), Origin: f.Origin, Question: f.Question, N: f.N, Of: f.Of,
		Observed: float64(f.Observed), Expected: float64(f.Expected)}
	if u, ok := tree.Unit(f.Unit); ok && u.Level == territory.Village {
		row.Parent = unitName(tree, u.Parent)
	}
	if f.Test == scorecard.Days || f.Test == scorecard.Hours || f.Test == scorecard.LastDigits {
		row.digits = 1
	}
	if f.Other != "" && f.Other != f.Unit {
		row.Other = unitName(tree, f.Other)
	}
	if f.P.Defined() && f.P > 0 {
		row.Times = int(min(1/float64(f.P), 1e6))
	}
	return row
}
