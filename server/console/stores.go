package console

import (
	"context"
	"io"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/survey"
	"hailong/territory"
)

// Accounts is what the console needs of a store for users and their sessions.
// Every change writes the record that is passed with it. What does not exist is
// a NotFound error, what exists already or was changed since it was read (by
// its Revision) a Conflict.
type Accounts interface {
	User(ctx context.Context, name account.Name) (account.User, error)
	Users(ctx context.Context) ([]account.User, error) // by name
	AddUser(ctx context.Context, rec account.Record, u account.User) error
	ReplaceUser(ctx context.Context, rec account.Record, u account.User) error

	AddLink(ctx context.Context, rec account.Record, l account.Link) error
	Link(ctx context.Context, id account.LinkID) (account.Link, error)

	// SignIn removes the link if one is named (NotFound if somebody used it
	// meanwhile), then replaces the user by revision, then adds the session.
	SignIn(ctx context.Context, rec account.Record, s account.SigningIn) error
	Session(ctx context.Context, id account.SessionID) (account.Session, error)
	TouchSession(ctx context.Context, id account.SessionID, seen time.Time) error
	EndSession(ctx context.Context, rec account.Record, id account.SessionID) error
}

// Records is the audit log.
type Records interface {
	Records(ctx context.Context, q account.RecordQuery) ([]account.Record, error) // the newest first
}

// Units is what the console needs of a store for the units.
type Units interface {
	UnitTree(ctx context.Context) (*territory.Tree, error) // shared, never changed
	UnitPath(ctx context.Context, unit territory.Code) (account.Path, error)
	PutUnits(ctx context.Context, rec account.Record, units []territory.Unit) error // adds or replaces each
}

// Questionnaires is what the console needs of a store for questionnaires.
type Questionnaires interface {
	Questionnaires(ctx context.Context) ([]survey.Questionnaire, error) // by reference
	Questionnaire(ctx context.Context, ref survey.Ref) (survey.Questionnaire, error)
	AddQuestionnaire(ctx context.Context, rec account.Record, q survey.Questionnaire) error
}

// Uploads keeps a file between its preview and its confirmation, under the
// digest of its content.
type Uploads interface {
	PutBlob(ctx context.Context, r io.Reader) (digest string, err error)
	OpenBlob(ctx context.Context, digest string) (io.ReadCloser, error)
}

// Rounds is what the console reads of rounds besides what it does by
// conduct.Desk.
type Rounds interface {
	Rounds(ctx context.Context) ([]survey.Round, error)
	Round(ctx context.Context, id survey.RoundID) (survey.Round, error)
	Draws(ctx context.Context, round survey.RoundID) ([]conduct.Draw, error)
	Rechecks(ctx context.Context, round survey.RoundID) ([]conduct.Draw, error)
	ListHeads(ctx context.Context, round survey.RoundID, village territory.Code) ([]conduct.ListHead, error)
	Batches(ctx context.Context, round survey.RoundID, village territory.Code) ([]conduct.Batch, error)
	Counters(ctx context.Context, round survey.RoundID) ([]survey.Counter, error)
	Counter(ctx context.Context, code survey.CounterCode) (survey.Counter, error)
	Editions(ctx context.Context, round survey.RoundID) ([]conduct.EditionHead, error)
}
