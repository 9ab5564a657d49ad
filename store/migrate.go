package store

import (
	"context"
	"encoding/json"

	"hailong/fault"
	"hailong/survey"
)

// Migration brings the documents from one shape to the next. Several copies of
// the program may run it at once and it may be broken off and run again, so it
// must leave alone what has the new shape already.
type Migration func(ctx context.Context, e Engine) error

// shape is the one document of the kind Schema.
type shape struct {
	Number int `json:"number"`
}

const shapeID = "shape"

// Migrate brings the data to the newest shape: migrations[n] leads from number n
// to n+1. An empty database is given the newest number without running any. Data
// of a higher number were written by a newer program and are refused
// ("store.newer").
func Migrate(ctx context.Context, e Engine, migrations ...Migration) error {
	newest := shape{Number: len(migrations)}
	err := e.Apply(ctx, Unaudited, Change{Op: Insert, Kind: Schema, ID: shapeID, Doc: newest})
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	for {
		found, revision, err := readShape(ctx, e)
		switch {
		case err != nil:
			return err
		case found.Number == newest.Number:
			return nil
		case found.Number > newest.Number:
			return fault.New(fault.Unreadable, "store.newer", "found", found.Number, "known", newest.Number)
		}
		if err := migrations[found.Number](ctx, e); err != nil {
			return err
		}
		next := Change{Op: Replace, Kind: Schema, ID: shapeID, Revision: revision, Doc: shape{found.Number + 1}}
		if err := e.Apply(ctx, Unaudited, next); err != nil && !fault.Is(err, fault.Conflict) {
			return err // a conflict means that another copy got there first
		}
	}
}

func readShape(ctx context.Context, e Engine) (found shape, revision int64, err error) {
	row, err := e.Get(ctx, Schema, shapeID)
	if err == nil {
		err = row.Doc.Decode(&found)
	}
	return found, row.Revision, err
}

// Migrations lead the data from the first shape to the newest.
var Migrations = []Migration{answersInOneLine}

// changesAtOnce bounds how much a migration holds in memory and in one
// transaction.
const changesAtOnce = 500

// answersInOneLine leads from 0 to 1: the answers of a sheet, which were an
// object by question code, become one line.
func answersInOneLine(ctx context.Context, e Engine) error {
	var columns columnsCache
	var changes []Change
	flush := func() error {
		err := e.Apply(ctx, Unaudited, changes...)
		changes = changes[:0]
		return err
	}
	for row, err := range e.Scan(ctx, Range{Kind: Responses}) {
		if err != nil {
			return err
		}
		var old survey.Response
		if json.Unmarshal(row.Doc, &old) != nil {
			continue // a line already
		}
		order, err := columns.of(ctx, e, old.Questionnaire)
		if err != nil {
			return err
		}
		sheet, err := old.Sheet(order)
		if err != nil {
			return err
		}
		changes = append(changes, Change{Op: Replace, Kind: Responses, ID: row.ID, Revision: row.Revision, Doc: sheet})
		if len(changes) == changesAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
