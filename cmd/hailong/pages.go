package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"hailong/server"
	"hailong/server/citizen"
	"hailong/server/console"
	"hailong/server/page"
	"hailong/server/public"
)

// newPagesCommand makes the command that shows every page without a database.
func newPagesCommand() *cobra.Command {
	var addr string
	cmd := &cobra.Command{
		Use:   "pages",
		Short: "Serve every page with canned data and no database, to look at them",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			listener, err := listen(addr, "--addr")
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "http://%s/\n", listener.Addr()); err != nil {
				return err
			}
			gallery := page.Gallery(slices.Concat(citizen.Fixtures(), console.Fixtures(), public.Fixtures(), page.Fixtures()))
			return server.New(server.Config{}, gallery).Serve(cmd.Context(), listener, nil)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8081", "address to listen on")
	return cmd
}
