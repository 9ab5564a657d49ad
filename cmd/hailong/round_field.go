package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

func newRoundContactsCommand() *cobra.Command {
	var p place
	var visitor string
	cmd := &cobra.Command{
		Use:   "contacts ID FILE…",
		Short: "Write down contacts with drawn people from XLSX or CSV files; rows on record already add nothing",
		Args:  cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				return s.takeContacts(ctx, cmd, survey.RoundID(args[0]), args[1:], visitor)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&visitor, "visitor", "", "who went or called, where a row does not say")
	return cmd
}

// takeContacts takes files one by one, each whole or not at all.
func (s *system) takeContacts(ctx context.Context, cmd *cobra.Command, round survey.RoundID, paths []string, visitor string) error {
	villages, err := s.desk.Listed(ctx, round)
	if err != nil {
		return err
	}
	for _, path := range paths {
		raw, err := readFile(path)
		if err != nil {
			return err
		}
		file := conduct.ContactFile{Name: filepath.Base(path), Data: raw, Villages: villages, Words: export.ContactWords(), Visitor: visitor}
		taken, err := s.desk.ImportContacts(ctx, operator, round, file)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\tadded %d\tknown %d\n", file.Name, taken.Added, taken.Known); err != nil {
			return err
		}
	}
	return nil
}

func newRoundReplaceCommand() *cobra.Command {
	var p place
	var village string
	var number int
	cmd := &cobra.Command{
		Use:   "replace ID",
		Short: "Give the place of a drawn person to the next reserve of the village, if the plan's rule allows it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				x, err := s.desk.Replace(ctx, operator, survey.RoundID(args[0]), territory.Code(village), number)
				if err != nil {
					return err
				}
				return json.NewEncoder(cmd.OutOrStdout()).Encode(x)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&village, "village", "", "code of the village")
	cmd.Flags().IntVar(&number, "number", 0, "the person's number in the drawn order of the village")
	return cmd
}

func newRoundRatesCommand() *cobra.Command {
	var p place
	var by string
	cmd := &cobra.Command{
		Use:   "rates ID",
		Short: "Write outcomes and AAPOR rates as CSV, in people and in base weights, by village or commune, the whole last",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if by != "village" && by != "commune" {
				return usageError{fault.New(fault.Invalid, "usage.choice", "flag", "--by", "value", by, "known", "village, commune")}
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				rows, simulated, err := s.rateRows(ctx, survey.RoundID(args[0]), by == "commune")
				if err != nil {
					return err
				}
				return export.RatesCSV(cmd.OutOrStdout(), simulated, rows)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&by, "by", "commune", "a row a village or a commune")
	return cmd
}

// rateRows are the outcomes of a round's villages or communes, and of the whole.
func (s *system) rateRows(ctx context.Context, id survey.RoundID, communes bool) ([]export.RateRow, bool, error) {
	r, err := s.desk.Store.Round(ctx, id)
	if err != nil {
		return nil, false, err
	}
	units, err := s.desk.Store.Units(ctx)
	if err != nil {
		return nil, false, err
	}
	byCode := make(map[territory.Code]territory.Unit, len(units))
	for _, u := range units {
		byCode[u.Code] = u
	}
	var parts []conduct.UnitOutcomes
	if communes && r.Transactions == nil {
		parts, err = s.desk.Outcomes(ctx, id)
	} else {
		parts, err = s.desk.VillageOutcomes(ctx, operator, id, r.Unit)
	}
	if err != nil {
		return nil, false, err
	}
	if communes {
		parts = conduct.OutcomesBy(parts, func(village territory.Code) territory.Code { return byCode[village].Commune() })
	}
	var rows []export.RateRow
	for _, u := range append(parts, conduct.OutcomesOf(r.Unit, parts)) {
		rows = append(rows, export.RateRow{
			Unit: string(u.Unit), Name: byCode[u.Unit].FullName(), Drawn: u.Drawn, Substitutes: u.Substitutes, People: u.People, Weighted: u.Weighted,
		})
	}
	return rows, r.Simulated, nil
}

func newRatesCommand() *cobra.Command {
	var counts map[string]int
	var e float64
	cmd := &cobra.Command{
		Use:   "rates --counts I=4,P=2,R=1,NC=1,O=1,UH=1,UO=1,NE=1",
		Short: "Compute AAPOR's outcome rates from counts of final dispositions",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sums := make(map[string]float64, len(counts))
			for name, n := range counts {
				sums[name] = float64(n)
			}
			o, err := sampling.ParseOutcomes(sums)
			if err != nil {
				return err
			}
			share := o.Eligibility()
			if cmd.Flags().Changed("e") {
				if share = e; !(e >= 0 && e <= 1) {
					return fault.New(fault.Invalid, "fieldwork.share", "value", e)
				}
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(struct {
				Counts sampling.Outcomes `json:"counts"`
				Rates  sampling.Rates    `json:"rates"`
			}{o, o.Rates(share)})
		},
	}
	cmd.Flags().StringToIntVar(&counts, "counts", nil, "counts by category: I, P, R, NC, O, UH, UO, NE")
	cmd.Flags().Float64Var(&e, "e", 0, "share of eligible people among the unknown (estimated from the counts if not given)")
	return cmd
}
