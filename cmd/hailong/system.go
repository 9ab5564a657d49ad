package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/store"
	"hailong/store/mongostore"
	"hailong/store/sqlitestore"
	"hailong/survey"
)

// place says where data and keys are. Every subcommand that works on data has
// these flags, each with an environment variable of the same name.
type place struct {
	data  string
	mongo string
	keys  string
}

// bind adds the flags to a command.
func (p *place) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&p.data, "data", env("HAILONG_DATA", "data"), "folder of the embedded store (HAILONG_DATA)")
	flags.StringVar(&p.mongo, "mongo", env("HAILONG_MONGO", ""), "address of a MongoDB, instead of the embedded store (HAILONG_MONGO)")
	flags.StringVar(&p.keys, "keys", env("HAILONG_KEYS", ""), "key file, outside the database (HAILONG_KEYS; default: FOLDER-keys/keys.json)")
}

func env(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return otherwise
}

// envList is a variable that holds several values, with commas between.
func envList(name string) []string {
	return strings.FieldsFunc(os.Getenv(name), func(r rune) bool { return r == ',' || r == ' ' })
}

// keyFile is where the keys are: beside the data folder and never in it, so
// that copying the one does not copy the other.
func (p *place) keyFile() string {
	if p.keys != "" {
		return p.keys
	}
	return filepath.Clean(p.data) + "-keys/keys.json"
}

// database is the file of the embedded store.
func (p *place) database() string { return filepath.Join(p.data, "hailong.db") }

// engine opens the store that was asked for, making the data folder if there is
// none yet.
func (p *place) engine(ctx context.Context) (store.Engine, error) {
	if p.mongo != "" {
		return mongostore.Open(ctx, p.mongo)
	}
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", p.data)
	}
	return sqlitestore.Open(ctx, p.database())
}

// system is everything that works on one database.
type system struct {
	engine store.Engine
	store  *store.Store
	keys   survey.Keys
	desk   conduct.Desk
}

// open opens the database with its keys and brings its data to the newest shape.
func (p *place) open(ctx context.Context) (*system, error) {
	engine, err := p.engine(ctx)
	if err != nil {
		return nil, err
	}
	s := &system{engine: engine, store: store.New(engine)}
	if err := s.prepare(ctx, p.keyFile()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.desk = conduct.Desk{
		Store: s.store, Keys: s.keys, Formulas: scorecard.Shipped(),
		Clock: now, Random: rand.Reader, Program: "hailong " + programVersion(),
	}
	return s, nil
}

// now is the clock of the program: the time of the country, which has one zone.
func now() time.Time { return time.Now().In(vietnam) }

var vietnam = time.FixedZone("ICT", 7*60*60)

func (s *system) prepare(ctx context.Context, keyFile string) error {
	if err := store.Migrate(ctx, s.engine, store.Migrations...); err != nil {
		return err
	}
	fingerprint, err := s.store.KeyFingerprint(ctx)
	if err != nil {
		return err
	}
	if s.keys, err = keysFor(keyFile, fingerprint); err != nil {
		return err
	}
	if fingerprint != "" {
		return nil
	}
	if err := s.store.BindKeys(ctx, s.keys.Fingerprint()); err != nil {
		return err
	}
	if fingerprint, err = s.store.KeyFingerprint(ctx); err != nil {
		return err
	}
	if fingerprint != s.keys.Fingerprint() { // another copy was first, with keys of its own
		return fault.New(fault.Invalid, "keys.foreign", "file", keyFile)
	}
	return nil
}

// Close lets answers under way finish and closes the database.
func (s *system) Close() error {
	s.store.Close()
	return s.engine.Close()
}

// with runs a command's work on the opened system and closes it afterwards.
func (p *place) with(cmd *cobra.Command, work func(ctx context.Context, s *system) error) error {
	s, err := p.open(cmd.Context())
	if err != nil {
		return err
	}
	return errors.Join(work(cmd.Context(), s), s.Close())
}

// operator is who acts at the command line: whoever may run the program on the
// machine may do everything, and the audit record says that it was done there.
var operator = account.User{Role: account.Admin, Scope: account.Everywhere, FullName: "operator"}

// readFile reads an input file; a missing one is the caller's mistake.
func readFile(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.InFile(fault.Wrap(err, fault.NotFound, "file.missing"), path)
	}
	if err != nil {
		return nil, fault.InFile(fault.Wrap(err, fault.Unavailable, "file.unreadable"), path)
	}
	return raw, nil
}
