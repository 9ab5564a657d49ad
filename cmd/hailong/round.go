package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
)

func newRoundCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "round", Short: "Carry a round through its steps, as the console does"}
	cmd.AddCommand(
		newRoundCreateCommand(), newRoundCommitCommand(), newRoundDrawCommand(), newRoundListCommand(), newRoundCensusCommand(), newRoundCheckListsCommand(),
		newRoundStepCommand("open", "Begin taking answers", conduct.Desk.OpenRound),
		newRoundStepCommand("close", "Stop taking answers", conduct.Desk.CloseRound),
		newRoundContactsCommand(), newRoundReplaceCommand(), newRoundSlipsCommand(), newRoundRatesCommand(), newRoundRecheckCommand(),
		newRoundInventCommand(), newRoundSimulateCommand(), newRoundQualityCommand(), newRoundComputeCommand(), newRoundExportCommand(),
	)
	return cmd
}

func newRoundCreateCommand() *cobra.Command {
	var p place
	var title, titleEN string
	var period survey.Period
	r := survey.Round{Grace: survey.DefaultGrace, SlipsBy: survey.SlipsByProvince}
	cmd := &cobra.Command{
		Use:   "create ID",
		Short: "Create a round in draft; without --questionnaire it uses the one that the program brings along",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.ID, r.Title = survey.RoundID(args[0]), survey.Labels{"vi": title}
			if titleEN != "" {
				r.Title["en"] = titleEN
			}
			if period != (survey.Period{}) {
				r.Transactions = &period
			}
			return p.with(cmd, func(ctx context.Context, s *system) (err error) {
				if r.Questionnaire == "" {
					if r.Questionnaire, err = publishShipped(ctx, s); err != nil {
						return err
					}
				}
				_, err = s.desk.CreateRound(ctx, operator, r)
				return err
			})
		},
	}
	p.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&title, "title", "", "title in Vietnamese")
	flags.StringVar(&titleEN, "title-en", "", "title in English")
	flags.StringVar((*string)(&r.Unit), "unit", "", "code of the province")
	flags.StringVar((*string)(&r.Questionnaire), "questionnaire", "", "questionnaire and version, such as sipas@2026.1")
	flags.StringVar(&r.Formula, "formula", "sipas-items@1", "formula of the index")
	flags.StringVar(&r.Asker, "asker", "", "the agency that asks")
	flags.StringVar(&r.Contact, "contact", "", "where citizens ask and withdraw")
	flags.StringVar((*string)(&period.From), "transactions-from", "", "ask people who had a transaction at a commune's one-stop office: first day of the period, such as 2026-01-01")
	flags.StringVar((*string)(&period.To), "transactions-to", "", "last day of that period")
	flags.BoolVar(&r.Simulated, "simulated", false, "the answers will be invented; marked so everywhere and for good")
	return cmd
}

// stageNames are the stages as the command line names them.
var stageNames = map[string]conduct.Stage{"communes": conduct.Communes, "villages": conduct.Villages, "people": conduct.People}

func parseStage(name string) (conduct.Stage, error) {
	stage, ok := stageNames[name]
	if !ok {
		return 0, usageError{fault.New(fault.Invalid, "usage.choice", "flag", "STAGE", "value", name, "known", "communes, villages, people")}
	}
	return stage, nil
}

func newRoundCommitCommand() *cobra.Command {
	var p place
	var planFile, source, reason string
	cmd := &cobra.Command{
		Use:   "commit ID communes|villages|people",
		Short: "Fix frame, plan and the future public event of a stage's draw",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			stage, err := parseStage(args[1])
			if err != nil {
				return err
			}
			raw, err := readFile(planFile)
			if err != nil {
				return err
			}
			plan, err := sampling.ReadPlan(bytes.NewReader(raw))
			if err != nil {
				return fault.InFile(err, planFile)
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				draw, err := s.desk.Commit(ctx, operator, survey.RoundID(args[0]), stage, conduct.Intent{Plan: plan, Source: sampling.Source(source), Reason: reason})
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(draw.Commitment.Encode())
				return err
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&planFile, "plan", "", "plan of the stage (JSON)")
	cmd.Flags().StringVar(&source, "source", "", "the public event: drand:quicknet:ROUND, lottery:NAME:DATE or dice:PLACE:TIME")
	cmd.Flags().StringVar(&reason, "reason", "", "of another attempt at a stage: why the one before does not stand; it is published")
	return cmd
}

func newRoundDrawCommand() *cobra.Command {
	var p place
	var beacon string
	cmd := &cobra.Command{
		Use:   "draw ID communes|villages|people",
		Short: "Draw a committed stage with the value that its public event brought",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			stage, err := parseStage(args[1])
			if err != nil {
				return err
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				draw, err := s.desk.Run(ctx, operator, survey.RoundID(args[0]), stage, beacon)
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(draw.Receipt.Encode())
				return err
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&beacon, "beacon", "", "what the public event brought")
	return cmd
}

type roundStep func(conduct.Desk, context.Context, account.User, survey.RoundID) (survey.Round, error)

func newRoundStepCommand(name, short string, step roundStep) *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   name + " ID",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				_, err := step(s.desk, ctx, operator, survey.RoundID(args[0]))
				return err
			})
		},
	}
	p.bind(cmd)
	return cmd
}

func newRoundSimulateCommand() *cobra.Command {
	var p place
	sim := conduct.Simulation{}
	cmd := &cobra.Command{
		Use:   "simulate ID",
		Short: "Invent answers for a round that was created as simulated",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				n, err := s.desk.Simulate(ctx, survey.RoundID(args[0]), sim)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d\n", n)
				return err
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().Uint64Var(&sim.Seed, "seed", 1, "seed of the invention")
	cmd.Flags().Float64Var(&sim.Response, "response", 0.8, "chance that a drawn person answers")
	cmd.Flags().IntVar(&sim.PerCounter, "per-counter", 0, "answers at each counter")
	return cmd
}
