package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hailong/fault"
	"hailong/survey"
)

// readKeys reads the key file. A file that others on the machine may read is
// refused: whoever holds database and keys can tell who answered what.
func readKeys(path string) (survey.Keys, error) {
	info, err := os.Stat(path)
	if err != nil {
		return survey.Keys{}, err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return survey.Keys{}, fault.New(fault.Invalid, "keys.readable", "file", path, "mode", fmt.Sprintf("%04o", mode))
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return survey.Keys{}, fault.Wrap(err, fault.Unavailable, "keys.unreadable", "file", path)
	}
	var keys survey.Keys
	if err := json.Unmarshal(raw, &keys); err != nil {
		return survey.Keys{}, fault.Wrap(err, fault.Invalid, "keys.malformed", "file", path)
	}
	return keys, keys.Validate()
}

// createKeys writes fresh keys to a file that must not exist yet.
func createKeys(path string) (survey.Keys, error) {
	keys, err := survey.NewKeys(rand.Reader)
	if err != nil {
		return survey.Keys{}, err
	}
	raw, err := json.MarshalIndent(keys, "", "  ")
	if err != nil {
		return survey.Keys{}, err
	}
	unwritable := func(err error) error { return fault.Wrap(err, fault.Unavailable, "keys.unwritable", "file", path) }
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return survey.Keys{}, unwritable(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return survey.Keys{}, unwritable(err)
	}
	_, err = file.Write(append(raw, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return survey.Keys{}, unwritable(err)
	}
	return keys, nil
}

// keysFor returns the keys of a database that knows their fingerprint ("" when
// it is new). New keys are made only for a new database: a database with data
// but without its keys stops the start, since other keys would orphan every
// ballot and let people answer twice.
func keysFor(path, fingerprint string) (survey.Keys, error) {
	keys, err := readKeys(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && fingerprint == "":
		return createKeys(path)
	case errors.Is(err, fs.ErrNotExist):
		return survey.Keys{}, fault.New(fault.Invalid, "keys.missing", "file", path)
	case err != nil:
		return survey.Keys{}, err
	case fingerprint != "" && fingerprint != keys.Fingerprint():
		return survey.Keys{}, fault.New(fault.Invalid, "keys.foreign", "file", path)
	}
	return keys, nil
}
