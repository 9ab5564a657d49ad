package mongostore

import (
	"context"
	"errors"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"hailong/store"
)

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

// Get implements store.Engine.
func (e *Engine) Get(ctx context.Context, kind store.Kind, id string) (store.Row, error) {
	c, err := e.collection(kind)
	if err != nil {
		return store.Row{}, err
	}
	raw, err := c.FindOne(ctx, byID(id)).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return store.Row{}, store.NotFound(kind)
	}
	if err != nil {
		return store.Row{}, faultOf(ctx, err)
	}
	return rowOf(raw)
}

// Scan implements store.Engine with a cursor of the server, which forgets it when
// the loop's body takes longer than ten minutes between two batches.
func (e *Engine) Scan(ctx context.Context, r store.Range) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		cursor, err := e.find(ctx, r)
		if err != nil {
			yield(store.Row{}, err)
			return
		}
		defer cursor.Close(context.WithoutCancel(ctx))
		for cursor.Next(ctx) {
			row, err := rowOf(cursor.Current)
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(store.Row{}, faultOf(ctx, err))
		}
	}
}

func (e *Engine) find(ctx context.Context, r store.Range) (*mongo.Cursor, error) {
	c, err := e.collection(r.Kind)
	if err != nil {
		return nil, err
	}
	filter, err := within(r)
	if err != nil {
		return nil, err
	}
	direction := 1
	if r.Reverse {
		direction = -1
	}
	cursor, err := c.Find(ctx, filter, options.Find().
		SetSort(bson.D{{Key: "_id", Value: direction}}).SetLimit(int64(r.Limit)))
	return cursor, faultOf(ctx, err)
}

// within is the filter for the ids of a range, in the order of their bytes, which
// is MongoDB's own where no collation is asked for.
func within(r store.Range) (bson.D, error) {
	b, err := r.Bounds()
	if err != nil {
		return nil, err
	}
	above := "$gt"
	if b.Inclusive {
		above = "$gte"
	}
	return bson.D{{Key: "_id", Value: bson.D{{Key: above, Value: b.Low}, {Key: "$lt", Value: b.High}}}}, nil
}

// Count implements store.Engine.
func (e *Engine) Count(ctx context.Context, kind store.Kind, prefix string) (int64, error) {
	c, err := e.collection(kind)
	if err != nil {
		return 0, err
	}
	filter, err := within(store.Range{Prefix: prefix})
	if err != nil {
		return 0, err
	}
	n, err := c.CountDocuments(ctx, filter)
	return n, faultOf(ctx, err)
}
