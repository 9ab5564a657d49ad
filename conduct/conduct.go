// Package conduct carries a round through its steps: draws stage by stage,
// village lists, slips and counters, opening and closing, editions. The console
// and the command line both call it, so that there is one order of steps and
// one audit record whichever hand does them.
//
// It decides nothing about the field: frames, draws, estimates and indices are
// pure functions of other packages. Who may do what is decided before, by
// account.Allows.
package conduct

import (
	"context"
	"io"
	"time"

	"hailong/account"
	"hailong/scorecard"
	"hailong/survey"
	"hailong/territory"
)

// Desk is where a round is conducted.
type Desk struct {
	Store    Store
	Keys     survey.Keys
	Formulas []scorecard.Definition
	Clock    func() time.Time
	Random   io.Reader // for tokens, codes and the seals of lists
	Program  string    // version of the program, stamped on receipts and editions
}

// Store is what conducting a round needs of a store. Every change takes the
// audit record that explains it and writes both.
type Store interface {
	units
	rounds
	draws
	lists
	censuses
	doubles
	slips
	fieldwork
	rechecks
	answers
	editions
}

type units interface {
	Units(ctx context.Context) ([]territory.Unit, error)
	UnitPath(ctx context.Context, unit territory.Code) (account.Path, error)
}

// record begins the audit record of a change to a unit.
func (d Desk) record(ctx context.Context, by account.User, action account.Action, on subject) (account.Record, error) {
	path, err := d.Store.UnitPath(ctx, on.unit)
	if err != nil {
		return account.Record{}, err
	}
	return account.NewRecord(d.Clock(), by, action, string(on.round), on.details...).On(path), nil
}

// subject is what a change is about; details are pairs of name and value.
type subject struct {
	round   survey.RoundID
	unit    territory.Code
	details []string
}
