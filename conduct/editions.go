package conduct

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/stats"
	"hailong/survey"
	"hailong/territory"
)

// EditionHead says which edition there is and where its files are.
type EditionHead struct {
	Round     survey.RoundID   `json:"round"`
	Number    int              `json:"number"`
	Edition   string           `json:"edition"` // blob: the edition as JSON
	Tally     string           `json:"tally"`   // blob: the public tally as CSV
	At        time.Time        `json:"at"`
	By        account.Name     `json:"by"`
	Simulated bool             `json:"simulated,omitempty"`
	Interim   bool             `json:"interim,omitempty"`
	Formula   scorecard.Ref    `json:"formula"`
	Overall   scorecard.Figure `json:"overall"`
}

// Confidential reports whether an edition is for those alone who compute it: two
// interim editions side by side tell what was answered in between, and in a
// village everybody knows who that was. Invented answers are nobody's.
func (h EditionHead) Confidential() bool { return h.Interim && !h.Simulated }

type editions interface {
	Editions(ctx context.Context, round survey.RoundID) ([]EditionHead, error)
	AddEdition(ctx context.Context, rec account.Record, head EditionHead) error
}

// designNotes are the codes of what a reader must know of the method.
func designNotes(r survey.Round, attempts []Draw) []string {
	if r.Transactions == nil {
		return []string{"design.stages", "design.with_replacement", "design.nonresponse", "design.merged", "design.commune", "design.intervals"}
	}
	drawn := "design.offices"
	if _, communes := Before(r, attempts, People); communes {
		drawn = "design.office_stages"
	}
	return []string{drawn, "design.groups", "design.nonresponse", "design.merged", "design.intervals"}
}

// population is whom the drawn people of a round stand for. communes is how many
// the province has.
func population(r survey.Round, attempts []Draw, communes int) scorecard.Population {
	if r.Transactions == nil {
		return scorecard.Population{}
	}
	p := scorecard.Population{Transactions: r.Transactions, Communes: communes}
	if first, drawn := Current(attempts, Communes); drawn {
		p.Offices = first.Units
		return p
	}
	offices := make(map[sampling.Key]bool)
	if people, _ := Current(attempts, People); people.Done() {
		for _, cell := range people.Receipt.Counts {
			offices[cell.Parent] = true
		}
	}
	p.Offices = len(offices)
	return p
}

// Compute makes the next edition of a round from its answers. While answers may
// still arrive, the grace after the closing included, the edition is interim.
func (d Desk) Compute(ctx context.Context, by account.User, round survey.RoundID) (scorecard.Edition, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return scorecard.Edition{}, err
	}
	if r.State == survey.RoundDraft {
		return scorecard.Edition{}, fault.New(fault.Conflict, "round.not_open", "state", string(r.State))
	}
	in, err := d.input(ctx, r)
	if err != nil {
		return scorecard.Edition{}, err
	}
	collected, err := d.collect(ctx, r, &in)
	if err != nil {
		return scorecard.Edition{}, err
	}
	if in.Tally, err = collected.publicTally(in.Definition); err != nil {
		return scorecard.Edition{}, err
	}
	figures, err := scorecard.Figures(in)
	if err != nil {
		return scorecard.Edition{}, err
	}
	standings, err := scorecard.CommuneStandings(in, figures)
	if err != nil {
		return scorecard.Edition{}, err
	}
	e, err := d.edition(ctx, by, r, in)
	if err != nil {
		return scorecard.Edition{}, err
	}
	e.Communes = standings
	e.Figures, e.Fieldwork = figures, scorecard.Disclose(collected.fieldwork(in), in.Definition.MinCell)
	e.Apart, e.Excluded = collected.apartFigures(in.Definition.MinCell), collected.excluded
	if err := d.keepApart(ctx, e, in, collected.names); err != nil {
		return scorecard.Edition{}, err
	}
	return d.saveEdition(ctx, by, r, e, in)
}

// input gathers what an edition is computed from, but for the answers.
func (d Desk) input(ctx context.Context, r survey.Round) (scorecard.Input, error) {
	var in scorecard.Input
	var err error
	if in.Definition, err = scorecard.Find(d.Formulas, scorecard.Ref(r.Formula)); err != nil {
		return in, err
	}
	if in.Questionnaire, err = d.Store.Questionnaire(ctx, r.Questionnaire); err != nil {
		return in, err
	}
	return in, in.Validate()
}

// edition fills in everything but the figures.
func (d Desk) edition(ctx context.Context, by account.User, r survey.Round, in scorecard.Input) (scorecard.Edition, error) {
	earlier, err := d.Store.Editions(ctx, r.ID)
	if err != nil {
		return scorecard.Edition{}, err
	}
	withdrawn, err := d.Store.CountRecords(ctx, r.ID, account.WithdrawAnswer)
	if err != nil {
		return scorecard.Edition{}, err
	}
	attempts, err := d.Store.Draws(ctx, r.ID)
	if err != nil {
		return scorecard.Edition{}, err
	}
	units, err := d.Store.Units(ctx)
	if err != nil {
		return scorecard.Edition{}, err
	}
	communes := unitsOf(units, territory.Commune, func(u territory.Unit) bool { return u.Parent == r.Unit })
	e := scorecard.Edition{
		Population: population(r, attempts, len(communes)),
		Round:      r.ID, Number: len(earlier) + 1, Simulated: r.Simulated, Interim: r.Takes(d.Clock()),
		Title: r.Title, Asker: r.Asker, Formula: in.Definition.Ref(), FormulaDigest: in.Definition.Digest(),
		Questionnaire: r.Questionnaire, Design: designNotes(r, attempts), Program: d.Program,
		ComputedAt: d.Clock().UTC().Truncate(time.Second), ComputedBy: string(by.Name), Withdrawn: withdrawn,
	}
	for _, stage := range Stages {
		if draw, ok := Current(attempts, stage); ok && draw.Done() {
			e.Receipts = append(e.Receipts, string(sampling.DigestOf(draw.Receipt.Encode())))
		}
	}
	return e, nil
}

// keepApart refuses a final edition that is so like an earlier one that taking one from
// the other shows what few people, or a single one who withdrew, had answered
// (edition.too_close). Invented answers are nobody's.
func (d Desk) keepApart(ctx context.Context, e scorecard.Edition, in scorecard.Input, names map[territory.Code]string) error {
	if e.Interim || e.Simulated {
		return nil
	}
	heads, err := d.Store.Editions(ctx, e.Round)
	if err != nil {
		return err
	}
	now := scorecard.Comparable{Tally: in.Tally, Apart: e.Apart}
	for _, head := range heads {
		if head.Confidential() {
			continue
		}
		before, err := d.comparable(ctx, head)
		if err != nil {
			return err
		}
		if near := scorecard.Near(before, now, in.Definition.MinCell); len(near) > 0 {
			unit := near[0]
			if name := names[territory.Code(unit)]; name != "" {
				unit = name
			}
			return fault.New(fault.Conflict, "edition.too_close", "number", head.Number, "least", in.Definition.MinCell, "places", len(near), "unit", unit)
		}
	}
	return nil
}

// comparable reads what an edition tells of single answers.
func (d Desk) comparable(ctx context.Context, head EditionHead) (scorecard.Comparable, error) {
	e, _, err := d.Edition(ctx, head.Round, head.Number)
	if err != nil {
		return scorecard.Comparable{}, err
	}
	raw, err := d.readBlob(ctx, head.Tally)
	if err != nil {
		return scorecard.Comparable{}, err
	}
	tally, err := stats.ReadTally(bytes.NewReader(raw))
	return scorecard.Comparable{Tally: tally, Apart: e.Apart}, err
}

// saveEdition stores the files, then the head that makes them an edition.
func (d Desk) saveEdition(ctx context.Context, by account.User, r survey.Round, e scorecard.Edition, in scorecard.Input) (scorecard.Edition, error) {
	var tally bytes.Buffer
	err := in.Tally.WriteCSV(&tally)
	if err != nil {
		return e, err
	}
	head := EditionHead{Round: r.ID, Number: e.Number, At: e.ComputedAt, By: by.Name, Simulated: e.Simulated, Interim: e.Interim, Formula: e.Formula}
	if head.Tally, err = d.Store.PutBlob(ctx, &tally); err != nil {
		return e, err
	}
	e.InputDigest = head.Tally
	raw, err := json.Marshal(e)
	if err != nil {
		return e, err
	}
	if head.Edition, err = d.Store.PutBlob(ctx, bytes.NewReader(raw)); err != nil {
		return e, err
	}
	head.Overall, _ = e.Find(r.Unit, scorecard.TierOverall, string(scorecard.TierOverall))
	rec, err := d.record(ctx, by, account.ComputeEdition, subject{r.ID, r.Unit, []string{"tally", head.Tally}})
	if err != nil {
		return e, err
	}
	return e, d.Store.AddEdition(ctx, rec, head)
}

// Edition reads an edition of a round by its number.
func (d Desk) Edition(ctx context.Context, round survey.RoundID, number int) (scorecard.Edition, EditionHead, error) {
	heads, err := d.Store.Editions(ctx, round)
	if err != nil {
		return scorecard.Edition{}, EditionHead{}, err
	}
	for _, head := range heads {
		if head.Number != number {
			continue
		}
		raw, err := d.readBlob(ctx, head.Edition)
		if err != nil {
			return scorecard.Edition{}, head, err
		}
		var e scorecard.Edition
		err = json.Unmarshal(raw, &e)
		return e, head, err
	}
	return scorecard.Edition{}, EditionHead{}, fault.New(fault.NotFound, "edition.unknown", "number", number)
}
