package mongostore

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"hailong/store"
)

// step is a change with its document encoded.
type step struct {
	store.Change
	doc bson.D
}

// Apply implements store.Engine: record, changes, mark. It looks first whether the
// last change can succeed, so that a writer who is late leaves nothing behind.
func (e *Engine) Apply(ctx context.Context, audit store.Audit, changes ...store.Change) error {
	record, steps, err := e.encodeAll(audit, changes)
	if err != nil {
		return err
	}
	if len(steps) > 1 || record != nil {
		if err := e.foresee(ctx, steps); err != nil {
			return err
		}
	}
	if record != nil {
		if err := e.insert(ctx, store.Audits, stored(audit.ID, store.Intended, record)); err != nil {
			return err
		}
	}
	for len(steps) > 0 {
		n := run(steps)
		if err := e.take(ctx, audit.ID, steps[:n]); err != nil {
			return err
		}
		steps = steps[n:]
	}
	if record == nil {
		return nil
	}
	done := bson.D{{Key: "$set", Value: bson.D{{Key: "revision", Value: store.Done}}}}
	_, err = e.kinds[store.Audits].UpdateOne(ctx, byID(audit.ID), done)
	return faultOf(ctx, err)
}

// encodeAll checks everything before anything is written. The record is nil for
// store.Unaudited.
func (e *Engine) encodeAll(audit store.Audit, changes []store.Change) (record bson.D, steps []step, err error) {
	text, err := audit.Encode()
	if err == nil && text != nil {
		record, err = encode(text)
	}
	for _, change := range changes {
		s := step{Change: change}
		if err == nil {
			_, err = e.collection(change.Kind)
		}
		if err == nil {
			text, err = change.Encode()
		}
		if err == nil && text != nil {
			s.doc, err = encode(text)
		}
		steps = append(steps, s)
	}
	return record, steps, err
}

// foresee reports the conflict that the last step would meet now.
func (e *Engine) foresee(ctx context.Context, steps []step) error {
	if len(steps) == 0 {
		return nil
	}
	last := steps[len(steps)-1]
	if last.Op == store.Put || last.Op == store.Delete && last.Revision == 0 {
		return nil
	}
	var found struct {
		Revision int64 `bson:"revision"`
	}
	only := options.FindOne().SetProjection(bson.D{{Key: "revision", Value: 1}})
	err := e.kinds[last.Kind].FindOne(ctx, byID(last.ID), only).Decode(&found)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return faultOf(ctx, err)
	}
	switch {
	case last.Op == store.Insert && found.Revision != 0:
		return store.Exists(last.Kind)
	case last.Op != store.Insert && found.Revision != last.Revision:
		return store.Changed(last.Kind)
	}
	return nil
}

// A message must be done within operationTimeout. An insert is one write; a put is
// a search and a write, for each of which FerretDB keeps a connection open until
// the message is done.
const (
	insertLimit = 1000
	putLimit    = 50
)

// run returns how many of the first steps can go together: inserts or puts of the
// same kind.
func run(steps []step) int {
	first, limit := steps[0], 1
	switch first.Op {
	case store.Insert:
		limit = insertLimit
	case store.Put:
		limit = putLimit
	}
	n := 1
	for n < min(limit, len(steps)) && steps[n].Op == first.Op && steps[n].Kind == first.Kind {
		n++
	}
	return n
}

// take makes the steps of one run, each carrying the audit record's id.
func (e *Engine) take(ctx context.Context, audit string, steps []step) error {
	first := steps[0]
	c := e.kinds[first.Kind]
	switch first.Op {
	case store.Put:
		return e.put(ctx, c, audit, steps)
	case store.Replace:
		result, err := c.UpdateOne(ctx, atRevision(first), change(audit, first.doc))
		if err == nil && result.MatchedCount == 0 {
			return store.Changed(first.Kind)
		}
		return faultOf(ctx, err)
	case store.Delete:
		if first.Revision == 0 {
			_, err := c.DeleteOne(ctx, byID(first.ID))
			return faultOf(ctx, err)
		}
		result, err := c.DeleteOne(ctx, atRevision(first))
		if err == nil && result.DeletedCount == 0 {
			return store.Changed(first.Kind)
		}
		return faultOf(ctx, err)
	}
	docs := make([]any, len(steps))
	for i, s := range steps {
		docs[i] = carrying(audit, stored(s.ID, 1, s.doc))
	}
	return e.insert(ctx, first.Kind, docs...)
}

// put upserts the steps in order. Two writers who upsert the same new id at once
// may collide: whoever loses finds a document to replace at the next try.
func (e *Engine) put(ctx context.Context, c *mongo.Collection, audit string, steps []step) error {
	models := make([]mongo.WriteModel, len(steps))
	for i, s := range steps {
		models[i] = mongo.NewUpdateOneModel().SetFilter(byID(s.ID)).SetUpdate(change(audit, s.doc)).SetUpsert(true)
	}
	for {
		_, err := c.BulkWrite(ctx, models)
		var bulk mongo.BulkWriteException
		if !errors.As(err, &bulk) || len(bulk.WriteErrors) == 0 || bulk.WriteErrors[0].Code != codeDuplicateKey {
			return faultOf(ctx, err)
		}
		models = models[bulk.WriteErrors[0].Index:]
	}
}

// insert adds new documents in order, up to the first whose id exists.
func (e *Engine) insert(ctx context.Context, kind store.Kind, docs ...any) error {
	_, err := e.kinds[kind].InsertMany(ctx, docs)
	if mongo.IsDuplicateKeyError(err) {
		return store.Exists(kind) // without the cause, which names the id
	}
	return faultOf(ctx, err)
}

func stored(id string, revision int64, doc bson.D) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "revision", Value: revision}, {Key: "doc", Value: doc}}
}

// carrying adds the audit record's id, if there is one.
func carrying(audit string, fields bson.D) bson.D {
	if audit == "" {
		return fields
	}
	return append(fields, bson.E{Key: "audit", Value: audit})
}

// change replaces the document and counts the revision.
func change(audit string, doc bson.D) bson.D {
	return bson.D{
		{Key: "$set", Value: carrying(audit, bson.D{{Key: "doc", Value: doc}})},
		{Key: "$inc", Value: bson.D{{Key: "revision", Value: int64(1)}}},
	}
}

func atRevision(s step) bson.D {
	return append(byID(s.ID), bson.E{Key: "revision", Value: s.Revision})
}

// InsertMany implements store.Engine with one unordered command.
func (e *Engine) InsertMany(ctx context.Context, kind store.Kind, rows []store.Row) ([]error, error) {
	c, err := e.collection(kind)
	if err != nil {
		return nil, err
	}
	outcomes := make([]error, len(rows))
	docs, origin := e.insertable(kind, rows, outcomes)
	if len(docs) == 0 {
		return outcomes, nil
	}
	_, err = c.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil {
		if err != nil {
			return nil, faultOf(ctx, err)
		}
		return outcomes, nil
	}
	for _, failed := range bulk.WriteErrors {
		outcomes[origin[failed.Index]] = faultOfWrite(kind, failed.Code)
	}
	return outcomes, nil
}

// insertable encodes the rows that can be stored, with the place that each has
// among rows; the others get their outcomes. Of rows with the same id only the
// first goes, since the server may take an unordered command in any order.
func (e *Engine) insertable(kind store.Kind, rows []store.Row, outcomes []error) (docs []any, origin []int) {
	taken := make(map[string]bool, len(rows))
	for i, row := range rows {
		if outcomes[i] = row.Check(); outcomes[i] != nil {
			continue
		}
		if taken[row.ID] {
			outcomes[i] = store.Exists(kind)
			continue
		}
		doc, err := encode(row.Doc)
		if outcomes[i] = err; err == nil {
			taken[row.ID] = true
			docs = append(docs, stored(row.ID, max(row.Revision, 1), doc))
			origin = append(origin, i)
		}
	}
	return docs, origin
}
