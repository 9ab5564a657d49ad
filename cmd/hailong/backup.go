package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/store"
	"hailong/store/sqlitestore"
)

func newBackupCommand() *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the embedded store, while it is in use, to a new file",
		Long: "Copy the embedded store, while it is in use, to a new file.\n\n" +
			"The key file is backed up apart, by hand: whoever holds both can tell who answered what.\n" +
			"A MongoDB is backed up with its own tools (mongodump); see docs/operations.md.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return backup(cmd, p, args[0])
		},
	}
	p.bind(cmd)
	return cmd
}

func backup(cmd *cobra.Command, p place, file string) error {
	if p.mongo != "" {
		return fault.New(fault.Invalid, "backup.mongo")
	}
	if _, err := os.Stat(p.database()); err != nil {
		return fault.Wrap(err, fault.NotFound, "backup.no_data", "path", p.data)
	}
	engine, err := sqlitestore.Open(cmd.Context(), p.database())
	if err != nil {
		return err
	}
	if err := errors.Join(engine.Backup(cmd.Context(), file), engine.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", file)
	return err
}

func newRestoreCommand() *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a data folder from a backup; the folder must not hold data yet",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return restore(cmd.Context(), p, args[0])
		},
	}
	p.bind(cmd)
	return cmd
}

// restore puts a backup into place after opening it and checking that the keys
// at hand are its own. Nothing that exists is overwritten.
func restore(ctx context.Context, p place, file string) error {
	if p.mongo != "" {
		return fault.New(fault.Invalid, "backup.mongo")
	}
	if _, err := os.Stat(p.database()); err == nil {
		return fault.New(fault.Conflict, "backup.in_the_way", "path", p.data)
	}
	if _, err := os.Stat(file); err != nil {
		return fault.InFile(fault.Wrap(err, fault.NotFound, "file.missing"), file)
	}
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", p.data)
	}
	partial := p.database() + ".partial"
	defer os.Remove(partial)
	if err := copyFile(file, partial); err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", partial)
	}
	if err := checkBackup(ctx, partial, p.keyFile()); err != nil {
		if fault.Is(err, fault.Internal) || fault.Is(err, fault.Unreadable) { // it is the backup that is damaged, not data in use
			err = fault.Wrap(err, fault.Unreadable, "backup.damaged")
		}
		return fault.InFile(err, file)
	}
	if err := os.Rename(partial, p.database()); err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.cannot_open", "path", p.database())
	}
	return nil
}

// checkBackup reads the whole copy for damage and compares its key fingerprint.
func checkBackup(ctx context.Context, path, keyFile string) error {
	engine, err := sqlitestore.Open(ctx, path)
	if err != nil {
		return err
	}
	if err := engine.Check(ctx); err != nil {
		return errors.Join(err, engine.Close())
	}
	s := store.New(engine)
	fingerprint, err := s.KeyFingerprint(ctx)
	if err == nil && fingerprint != "" {
		_, err = keysFor(keyFile, fingerprint)
	}
	s.Close()
	return errors.Join(err, engine.Close())
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close(), syncDir(filepath.Dir(to)))
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
