package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/store"
	"hailong/store/mongostore"
	"hailong/store/sqlitestore"
)

func newCopyCommand() *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   "copy",
		Short: "Copy the embedded store to an empty MongoDB, with the server stopped",
		Long: "Copy the embedded store (--data) to an empty MongoDB (--mongo), with the server stopped.\n\n" +
			"The embedded store stays as it is. A copy that was broken off can be run again. Afterwards start\n" +
			"the server with --mongo and the same key file.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return copyStore(cmd, p) },
	}
	p.bind(cmd)
	return cmd
}

func copyStore(cmd *cobra.Command, p place) error {
	if p.mongo == "" {
		return fault.New(fault.Invalid, "copy.no_mongo")
	}
	if _, err := os.Stat(p.database()); err != nil {
		return fault.Wrap(err, fault.NotFound, "backup.no_data", "path", p.data)
	}
	from, err := sqlitestore.Open(cmd.Context(), p.database())
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := mongostore.Open(cmd.Context(), p.mongo)
	if err != nil {
		return err
	}
	n, err := store.Copy(cmd.Context(), from, to)
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "copied %d\n", n)
	return err
}
