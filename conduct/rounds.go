package conduct

import (
	"context"

	"hailong/account"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/survey"
	"hailong/territory"
)

type rounds interface {
	Questionnaire(ctx context.Context, ref survey.Ref) (survey.Questionnaire, error)
	Round(ctx context.Context, id survey.RoundID) (survey.Round, error)
	AddRound(ctx context.Context, rec account.Record, r survey.Round) error
	ReplaceRound(ctx context.Context, rec account.Record, r survey.Round) error
	AddCounter(ctx context.Context, rec account.Record, c survey.Counter) error
}

// CreateRound adds a round in draft. Its unit must be a known province, its
// questionnaire and formula must exist.
func (d Desk) CreateRound(ctx context.Context, by account.User, r survey.Round) (survey.Round, error) {
	r.State, r.CreatedAt = survey.RoundDraft, d.Clock()
	if err := fault.Of(fault.Invalid, r.Validate()); err != nil {
		return survey.Round{}, err
	}
	if _, err := d.Store.Questionnaire(ctx, r.Questionnaire); err != nil {
		return survey.Round{}, err
	}
	if _, err := scorecard.Find(d.Formulas, scorecard.Ref(r.Formula)); err != nil {
		return survey.Round{}, err
	}
	rec, err := d.record(ctx, by, account.CreateRound, subject{r.ID, r.Unit, nil})
	if err != nil {
		return survey.Round{}, err
	}
	if len(rec.Path) > 1 || r.Unit == account.Everywhere {
		return survey.Round{}, fault.New(fault.Invalid, "round.unit")
	}
	return r, d.Store.AddRound(ctx, rec, r)
}

// OpenRound begins taking answers. Once people were drawn, their villages or
// offices get their labels in the design, so that every response carries them.
func (d Desk) OpenRound(ctx context.Context, by account.User, id survey.RoundID) (survey.Round, error) {
	return d.move(ctx, by, id, account.OpenRound, func(r survey.Round) (survey.Round, error) {
		places, err := d.places(ctx, r)
		if err != nil {
			return r, err
		}
		r.Places = places
		return r.Open(d.Clock())
	})
}

// CloseRound ends the round; pages already open may arrive within its grace.
func (d Desk) CloseRound(ctx context.Context, by account.User, id survey.RoundID) (survey.Round, error) {
	return d.move(ctx, by, id, account.CloseRound, func(r survey.Round) (survey.Round, error) {
		return r.Close(d.Clock())
	})
}

// move changes the state of a round by a pure step.
func (d Desk) move(ctx context.Context, by account.User, id survey.RoundID, action account.Action, step func(survey.Round) (survey.Round, error)) (survey.Round, error) {
	r, err := d.Store.Round(ctx, id)
	if err != nil {
		return survey.Round{}, err
	}
	if r, err = step(r); err != nil {
		return survey.Round{}, err
	}
	rec, err := d.record(ctx, by, action, subject{r.ID, r.Unit, nil})
	if err != nil {
		return survey.Round{}, err
	}
	return r, d.Store.ReplaceRound(ctx, rec, r)
}

// AddCounter opens a counter of a unit of the round's province in a round that is
// not closed.
func (d Desk) AddCounter(ctx context.Context, by account.User, round survey.RoundID, unit territory.Code, name string) (survey.Counter, error) {
	r, err := d.Store.Round(ctx, round)
	switch {
	case err != nil:
		return survey.Counter{}, err
	case r.State == survey.RoundClosed:
		return survey.Counter{}, fault.New(fault.Conflict, "round.not_open", "state", string(r.State))
	case name == "":
		return survey.Counter{}, fault.New(fault.Invalid, "counter.name")
	}
	code, err := survey.NewCounterCode(d.Random)
	if err != nil {
		return survey.Counter{}, err
	}
	c := survey.Counter{Code: code, Round: round, Unit: unit, Name: name, CreatedAt: d.Clock()}
	rec, err := d.record(ctx, by, account.AddCounter, subject{round, unit, []string{"counter", name}})
	if err != nil {
		return survey.Counter{}, err
	}
	if !rec.Path.In(r.Unit) {
		return survey.Counter{}, fault.New(fault.Invalid, "counter.unit")
	}
	return c, d.Store.AddCounter(ctx, rec, c)
}
