package console

import (
	"math"
	"strconv"
	"strings"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/territory"
)

// listsReportView is the page that compares a round's lists with the population and
// with each other.
type listsReportView struct {
	roundFrame
	Share, Source string // as typed, in percent
	CensusSource  string // as typed
	Census        *conduct.CensusHead
	CensusDay     string
	Communes      []coverageRow
	Villages      []coverageRow
	Flagged       []oddRow
	Others        []oddRow // the least likely of those not flagged
	Tests         int
	Alpha         float64 // in percent
}

// coverageRow is how much of a unit's adults a list holds.
type coverageRow struct {
	sampling.Coverage
	Name    string
	Percent float64
}

// Warned reports whether the row deserves a look.
func (r coverageRow) Warned() bool { return r.Flag != sampling.CoverageFair }

// oddRow is one finding as a sentence.
type oddRow struct {
	sampling.Finding
	Name string
	Code string // of the sentence
	Odds int    // once in so many times, at most mostOdds
}

// mostOdds is beyond what anybody can picture.
const mostOdds = 1_000_000_000

// Beyond reports whether chance would bring it even more rarely than Odds says.
func (r oddRow) Beyond() bool { return r.Odds == mostOdds }

var listsReportTemplate = page.New[listsReportView](roundSource("listsreport"))

// othersShown is how many findings are listed that are not flagged.
const othersShown = 10

// listsReport shows the report. The share of adults is the reader's to state.
func (c *Console) listsReport(v *visit) error { return c.showListsReport(v, listsReportView{}) }

// giveCensus takes the figures that lists are compared with.
func (c *Console) giveCensus(v *visit) error {
	if err := c.loadRound(v); err != nil {
		return err
	}
	file := conduct.CensusFile{Name: v.form.file.name, Data: v.form.file.data, Source: v.form.value("census_source")}
	err := error(fault.New(fault.Invalid, "console.import.no_file"))
	if len(file.Data) > 0 {
		_, err = c.Desk.GiveCensus(v.ctx(), v.user, v.round.ID, file)
	}
	if err == nil {
		return v.done(v.roundPath("/lists-check"), "census_taken")
	}
	var view listsReportView
	field := "file"
	if file.Source == "" {
		field = "census_source"
	}
	if errs := (*fieldErrors)(&view.Errors); !errs.from(field, err) {
		return err
	}
	view.CensusSource = file.Source
	return c.showListsReport(v, view)
}

// showListsReport shows the report on a page that holds what was typed.
func (c *Console) showListsReport(v *visit, view listsReportView) error {
	f, err := c.roundFrame(v, "console.lists.title")
	if err != nil {
		return err
	}
	if f.Round.Offices { // people with a transaction have no population to be compared with
		return fault.New(fault.NotFound, "http.no_page")
	}
	f.Errors = view.Errors
	view.roundFrame, view.Share, view.Source = f, strings.TrimSpace(v.Query("share")), strings.TrimSpace(v.Query("source"))
	share := view.readShare()
	report, err := c.Desk.CheckLists(v.ctx(), v.round.ID, conduct.Adults{Share: share, Source: view.Source})
	if fault.Is(err, fault.Conflict) { // no villages are drawn yet
		return listsReportTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
	} else if err != nil {
		return err
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	view.fill(report, tree)
	return listsReportTemplate.Send(v.Ctx, statusOf(view.frame), v.lang, view)
}

// readShare reads the share of adults in percent, 0 if none is given or it is
// not usable.
func (w *listsReportView) readShare() sampling.AdultShare {
	if w.Share == "" {
		return 0
	}
	percent, err := strconv.ParseFloat(strings.Replace(strings.TrimSuffix(w.Share, "%"), ",", ".", 1), 64)
	errs := (*fieldErrors)(&w.Errors)
	if err != nil || !(percent > 0 && percent <= 100) {
		errs.add("share", "picked.share")
		return 0
	}
	if w.Source == "" {
		errs.add("source", "picked.source_needed")
		return 0
	}
	return sampling.AdultShare(percent / 100)
}

func (w *listsReportView) fill(report conduct.ListReport, tree *territory.Tree) {
	name := func(code territory.Code) string {
		u, _ := tree.Unit(code)
		if above, ok := tree.Unit(u.Parent); ok && u.Level == territory.Village {
			return u.FullName() + ", " + above.FullName()
		}
		return u.FullName()
	}
	rows := func(all []sampling.Coverage) []coverageRow {
		var rows []coverageRow
		for _, c := range all {
			rows = append(rows, coverageRow{c, name(c.Unit), 100 * c.Ratio})
		}
		return rows
	}
	w.Communes, w.Villages = rows(report.Communes), rows(report.Villages)
	w.Tests, w.Alpha = len(report.Findings), 100*report.Alpha
	if w.Census = report.Census; w.Census != nil {
		w.CensusDay = clock(w.Census.At)
	}
	for _, f := range report.Findings {
		row := oddRow{Finding: f, Name: name(f.Village), Code: sentenceOf(f), Odds: int(math.Round(min(1/f.P, mostOdds)))}
		if f.Flagged {
			w.Flagged = append(w.Flagged, row)
		} else if len(w.Others) < othersShown {
			w.Others = append(w.Others, row)
		}
	}
}

// sentenceOf is the code of the sentence that says what a finding is.
func sentenceOf(f sampling.Finding) string {
	code := "picked.test." + string(f.Test)
	switch {
	case f.Test != sampling.PickedSex && f.Test != sampling.PickedAge:
		return code
	case float64(f.Count) < f.Expected:
		return code + "_few"
	}
	return code + "_many"
}
