package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/fault"
	"hailong/survey"
)

func newRoundCheckListsCommand() *cobra.Command {
	var p place
	var adults conduct.Adults
	cmd := &cobra.Command{
		Use:   "check-lists ID",
		Short: "Compare the village lists with their populations, with census figures and with each other",
		Long: "Prints as JSON what share of the adults each list holds, if the share of adults among all inhabitants is\n" +
			"given with its source; which lists differ from the others in sex, age, households or order, or from the\n" +
			"figures that “round census” took; and whether the people drawn, or those who answered, differ from their\n" +
			"list. If all lists are honest, the chance that anything is flagged is at most alpha.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("adult-share") != (adults.Source != "") {
				return usageError{fault.New(fault.Invalid, "usage.share_source")}
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				report, err := s.desk.CheckLists(ctx, survey.RoundID(args[0]), adults)
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), report)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().Float64Var((*float64)(&adults.Share), "adult-share", 0, "share of adults (18 and over) among all inhabitants, such as 0.7")
	cmd.Flags().StringVar(&adults.Source, "source", "", "where the share comes from")
	return cmd
}

func newRoundCensusCommand() *cobra.Command {
	var p place
	var source string
	cmd := &cobra.Command{
		Use:   "census ID FILE --source TEXT",
		Short: "Take people by unit, sex and age group, XLSX or CSV, for “check-lists” to compare the lists with",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			raw, err := readFile(args[1])
			if err != nil {
				return err
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				file := conduct.CensusFile{Name: filepath.Base(args[1]), Data: raw, Source: source}
				taken, err := s.desk.GiveCensus(ctx, operator, survey.RoundID(args[0]), file)
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), taken.CensusHead)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&source, "source", "", "where the figures come from")
	return cmd
}
