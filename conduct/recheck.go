package conduct

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/survey"
	"hailong/territory"
)

// RecheckFinding is what a re-check found of one person, as written down. The
// person goes by a pseudonym that leads to nobody without the key: whose sheet was
// counted stands beside no name. A later number of the same person corrects an
// earlier one; both stay.
type RecheckFinding struct {
	Round   survey.RoundID         `json:"round"`
	Attempt int                    `json:"attempt"`
	Key     sampling.Key           `json:"key"`    // in the frame of the re-check
	Number  int                    `json:"number"` // of the person's findings, from 1
	Result  sampling.RecheckResult `json:"result"`
	Day     territory.Day          `json:"day"`
	Checker string                 `json:"checker"` // who asked
	By      account.Name           `json:"by"`
	At      time.Time              `json:"at"`
}

// rechecks is what re-checks need of a store. They are draws of their own, not
// stages; draws and findings are only ever added.
type rechecks interface {
	// Rechecks returns the attempts of a round in order.
	Rechecks(ctx context.Context, round survey.RoundID) ([]Draw, error)
	AddRecheck(ctx context.Context, rec account.Record, d Draw) error
	FinishRecheck(ctx context.Context, rec account.Record, d Draw) error
	// RecheckFindings returns those of an attempt by pseudonym and number.
	RecheckFindings(ctx context.Context, round survey.RoundID, attempt int) ([]RecheckFinding, error)
	AddRecheckFindings(ctx context.Context, rec account.Record, findings []RecheckFinding) error
}

// RecheckIntent is what the commitment of a re-check adds to the sheets that are
// there.
type RecheckIntent struct {
	Size   sampling.RecheckSize
	Source sampling.Source // the public event that will decide
	Reason string          // of another attempt: why the one before does not stand
}

// CommitRecheck fixes the sheets of drawn people that count at this moment, how
// many of each commune are re-checked, and the future public event that decides
// which. Errors: recheck.no_sheets, and those of Commit.
func (d Desk) CommitRecheck(ctx context.Context, by account.User, round survey.RoundID, in RecheckIntent) (Draw, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return Draw{}, err
	}
	attempts, err := d.Store.Rechecks(ctx, round)
	if err != nil {
		return Draw{}, err
	}
	frame, err := d.recheckFrame(ctx, r)
	if err != nil {
		return Draw{}, err
	}
	draw := Draw{Round: round, Stage: Recheck, Attempt: 1}
	commit := sampling.CommitInput{Source: in.Source, Reason: in.Reason, At: d.Clock()}
	if last, ok := Current(attempts, Recheck); ok {
		draw.Attempt, commit.Previous = last.Attempt+1, &last.Commitment
	}
	if draw.Plan, err = sampling.RecheckPlan(sampling.PlanID(round)+"-recheck", frame, in.Size); err != nil {
		return Draw{}, err
	}
	if draw.Commitment, err = sampling.Commit(frame, draw.Plan, commit); err != nil {
		return Draw{}, err
	}
	if err := draw.fair(r); err != nil {
		return Draw{}, err
	}
	if err := d.keepFrame(ctx, by, &draw, frame); err != nil {
		return Draw{}, err
	}
	rec, err := d.record(ctx, by, account.CommitRecheck, subject{r.ID, r.Unit, draw.details()})
	if err != nil {
		return Draw{}, err
	}
	return draw, d.Store.AddRecheck(ctx, rec, draw)
}

// recheckFrame lists the complete and partial sheets of the people who have a
// place in the sample, by pseudonym, village and commune: villages in frame order,
// pseudonyms sorted, so that their order tells nothing either.
func (d Desk) recheckFrame(ctx context.Context, r survey.Round) (sampling.Frame, error) {
	roster, err := d.roster(ctx, r.ID, "")
	if err != nil {
		return sampling.Frame{}, err
	}
	answers, err := d.seatAnswers(ctx, r, roster)
	if err != nil {
		return sampling.Frame{}, err
	}
	units, err := d.units(ctx)
	if err != nil {
		return sampling.Frame{}, err
	}
	var rows [][]string
	for i, seat := range roster.Seats {
		if a := answers[i]; a == sampling.Completed || a == sampling.PartlyDone {
			key := d.Keys.RecheckKey(r.ID, string(seat.Sitting()))
			rows = append(rows, []string{key, string(seat.Village), string(units[seat.Village].Commune())})
		}
	}
	if len(rows) == 0 {
		return sampling.Frame{}, fault.New(fault.Conflict, "recheck.no_sheets")
	}
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(a[1]+"/"+a[0], b[1]+"/"+b[0]) })
	return sampling.NewFrame([]string{sampling.RecheckKey, sampling.RecheckVillage, sampling.RecheckCommune}, rows)
}

// units maps codes to units.
func (d Desk) units(ctx context.Context) (map[territory.Code]territory.Unit, error) {
	units, err := d.Store.Units(ctx)
	byCode := make(map[territory.Code]territory.Unit, len(units))
	for _, u := range units {
		byCode[u.Code] = u
	}
	return byCode, err
}

// DrawRecheck draws the committed re-check with the value that its event brought,
// once; in a real round not before the event, nor with what it cannot have brought,
// as Run.
func (d Desk) DrawRecheck(ctx context.Context, by account.User, round survey.RoundID, beacon string) (Draw, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return Draw{}, err
	}
	draw, err := d.RecheckAttempt(ctx, round, 0)
	if err != nil {
		return Draw{}, err
	}
	if err := d.due(r, draw, beacon); err != nil {
		return Draw{}, err
	}
	frame, err := d.committedFrame(ctx, r, draw)
	if err != nil {
		return Draw{}, err
	}
	sample, receipt, err := sampling.Draw(frame, draw.Plan, sampling.DrawInput{Commitment: &draw.Commitment, Beacon: beacon, Program: d.Program})
	if err != nil {
		return Draw{}, err
	}
	if err := d.keepSample(ctx, by, &draw, sample, receipt); err != nil {
		return Draw{}, err
	}
	rec, err := d.record(ctx, by, account.CommitRecheck, subject{r.ID, r.Unit, append(draw.details(), "beacon", receipt.Beacon)})
	if err != nil {
		return Draw{}, err
	}
	return draw, d.Store.FinishRecheck(ctx, rec, draw)
}

// RecheckAttempt is an attempt by number, or the last one for 0. Error: recheck.none.
func (d Desk) RecheckAttempt(ctx context.Context, round survey.RoundID, attempt int) (Draw, error) {
	attempts, err := d.Store.Rechecks(ctx, round)
	if err != nil {
		return Draw{}, err
	}
	if attempt == 0 {
		attempt = len(attempts)
	}
	if attempt < 1 || attempt > len(attempts) {
		return Draw{}, fault.New(fault.NotFound, "recheck.none")
	}
	return attempts[attempt-1], nil
}

// recheckSample is what an attempt drew, with the attempt.
func (d Desk) recheckSample(ctx context.Context, round survey.RoundID, attempt int) (Draw, sampling.Sample, error) {
	draw, err := d.RecheckAttempt(ctx, round, attempt)
	if err != nil {
		return Draw{}, sampling.Sample{}, err
	}
	if !draw.Done() {
		return Draw{}, sampling.Sample{}, fault.New(fault.Conflict, "recheck.waiting")
	}
	raw, err := d.readBlob(ctx, draw.Sample)
	if err != nil {
		return Draw{}, sampling.Sample{}, err
	}
	sample, err := sampling.ReadSample(bytes.NewReader(raw), draw.Plan.Key)
	return draw, sample, err
}

// RecheckReport is what a re-check has found so far: sums by commune, in the order
// of the frame, and of the round.
type RecheckReport struct {
	Attempt  int                       `json:"attempt"`
	Communes []scorecard.RecheckFigure `json:"communes"`
	Total    scorecard.RecheckFigure   `json:"total"`
}

// Recheck reports an attempt that was drawn, the last one for 0.
func (d Desk) Recheck(ctx context.Context, round survey.RoundID, attempt int) (RecheckReport, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return RecheckReport{}, err
	}
	draw, sample, err := d.recheckSample(ctx, round, attempt)
	if err != nil {
		return RecheckReport{}, err
	}
	findings, err := d.Store.RecheckFindings(ctx, round, draw.Attempt)
	if err != nil {
		return RecheckReport{}, err
	}
	last := make(map[sampling.Key]sampling.RecheckResult, len(findings))
	for _, f := range findings {
		last[f.Key] = f.Result
	}
	counts := make([]scorecard.RecheckCount, len(draw.Receipt.Counts))
	at := make(map[sampling.Stratum]int, len(counts))
	for i, c := range draw.Receipt.Counts {
		counts[i], at[c.Stratum] = scorecard.RecheckCount{Unit: territory.Code(c.Stratum), Sheets: c.Units}, i
	}
	for _, u := range sample.Units {
		counts[at[u.Stratum]].Add(last[u.Key])
	}
	report := RecheckReport{Attempt: draw.Attempt, Total: scorecard.RecheckTotal(r.Unit, counts).Figure()}
	for _, c := range counts {
		report.Communes = append(report.Communes, c.Figure())
	}
	return report, nil
}
