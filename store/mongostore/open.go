// Package mongostore is the engine over MongoDB, from a replica set to a cluster
// sharded by _id. Several copies of the program may share one database.
//
// Every kind is a collection of documents {_id, revision, audit, doc}. Writes are
// acknowledged by the journals of a majority; reads come from the primary and see
// only what a majority holds. There are no transactions, no scripts and no index
// but that of _id.
package mongostore

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"hailong/fault"
	"hailong/store"
)

// Engine is the store.Engine over MongoDB.
type Engine struct {
	client *mongo.Client
	db     *mongo.Database
	kinds  map[store.Kind]*mongo.Collection
}

var _ store.Engine = (*Engine)(nil)

// The time limits. A server that is away is noticed within selectionTimeout, so
// that a citizen's phone soon knows that it must keep the answer.
const (
	selectionTimeout = 3 * time.Second
	operationTimeout = 20 * time.Second // of calls whose context has no deadline
	closeTimeout     = 10 * time.Second
)

// defaultDatabase is used when the address names none.
const defaultDatabase = "hailong"

// Open connects to the database that the address names after the hosts
// (mongodb://host,host/database?options), or to "hailong", and creates the
// collections that are missing. The address may hold a password and reaches no
// fault. Faults: Invalid "store.bad_uri"; Unavailable "store.unreachable" or
// "store.refused" (wrong user, password or rights).
func Open(ctx context.Context, uri string) (*Engine, error) {
	set := options.Client().ApplyURI(uri).
		SetAppName("hailong").
		SetServerSelectionTimeout(selectionTimeout).
		SetConnectTimeout(selectionTimeout).
		SetTimeout(operationTimeout)
	if err := set.Validate(); err != nil {
		return nil, addressFault(err)
	}
	// Not options of the address: they are what the contract promises.
	set.SetWriteConcern(durable()).SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary())
	client, err := mongo.Connect(set)
	if err != nil {
		return nil, addressFault(err)
	}
	e := &Engine{client: client, db: client.Database(databaseOf(uri))}
	if err := e.prepare(ctx); err != nil {
		return nil, errors.Join(openFault(ctx, err, set.Hosts), e.Close())
	}
	return e, nil
}

// durable asks for the journals of a majority.
func durable() *writeconcern.WriteConcern {
	concern, journal := writeconcern.Majority(), true
	concern.Journal = &journal
	return concern
}

// databaseOf returns the part of the address between hosts and options.
func databaseOf(uri string) string {
	_, rest, _ := strings.Cut(uri, "://")
	rest, _, _ = strings.Cut(rest, "?")
	if _, name, _ := strings.Cut(rest, "/"); name != "" {
		return name
	}
	return defaultDatabase
}

// prepare creates the collections that are missing.
func (e *Engine) prepare(ctx context.Context) error {
	present, err := e.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return err
	}
	there := make(map[string]bool, len(present))
	for _, name := range present {
		there[name] = true
	}
	e.kinds = make(map[store.Kind]*mongo.Collection, len(store.Kinds))
	for _, kind := range store.Kinds {
		e.kinds[kind] = e.db.Collection(string(kind))
		if there[string(kind)] {
			continue
		}
		if err := e.create(ctx, string(kind)); err != nil {
			return err
		}
	}
	return nil
}

// create makes a clustered collection: documents lie in the order of _id and have
// no record numbers, which would tell the order in which they came. Servers that
// know no clustered collections get a plain one.
func (e *Engine) create(ctx context.Context, name string) error {
	clustered := bson.D{{Key: "key", Value: bson.D{{Key: "_id", Value: 1}}}, {Key: "unique", Value: true}}
	err := e.db.CreateCollection(ctx, name, options.CreateCollection().SetClusteredIndex(clustered))
	if hasCode(err, codeNotImplemented) || hasCode(err, codeInvalidOptions) {
		err = e.db.CreateCollection(ctx, name)
	}
	if hasCode(err, codeNamespaceExists) { // another copy was faster
		return nil
	}
	return err
}

// collection returns that of a kind in the closed list.
func (e *Engine) collection(kind store.Kind) (*mongo.Collection, error) {
	if c, ok := e.kinds[kind]; ok {
		return c, nil
	}
	return nil, fault.New(fault.Internal, "store.unknown_kind", "kind", string(kind))
}

// Ping implements store.Engine.
func (e *Engine) Ping(ctx context.Context) error {
	return faultOf(ctx, e.client.Ping(ctx, readpref.Primary()))
}

// Close implements store.Engine.
func (e *Engine) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return e.client.Disconnect(ctx)
}
