package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"hailong/sampling"
	"hailong/survey"
)

func newRoundCheckListsCommand() *cobra.Command {
	var p place
	var share float64
	var source string
	cmd := &cobra.Command{
		Use:   "check-lists ID",
		Short: "Compare the village lists with their populations and with each other",
		Long: "Prints as JSON what share of the adults each list holds, if the share of adults among all inhabitants is\n" +
			"given with its source, and which lists differ from the others in sex, age, households or order. If all\n" +
			"lists are honest, the chance that anything is flagged is alpha.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("adult-share") != (source != "") {
				return usageError{fmt.Errorf("--adult-share and --source go together: a share without its source says nothing")}
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				report, err := s.desk.CheckLists(ctx, survey.RoundID(args[0]), sampling.AdultShare(share))
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), report)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().Float64Var(&share, "adult-share", 0, "share of adults (18 and over) among all inhabitants, such as 0.7")
	cmd.Flags().StringVar(&source, "source", "", "where the share comes from")
	return cmd
}
