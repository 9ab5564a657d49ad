package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

func newRoundListCommand() *cobra.Command {
	var p place
	var t taking
	cmd := &cobra.Command{
		Use:   "list ID FILE…",
		Short: "Check village lists and take them; a file of a whole commune is split by its village column",
		Long: `Checks lists of villages, or in a round of people with a transaction files of one-stop offices, and takes them.

A file of a whole commune is split by its village column, one of a whole province by its column of offices. In a
file of transactions a person has many rows and becomes one, by the transaction that stands for them.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				t.system, t.cmd = s, cmd
				return t.files(ctx, survey.RoundID(args[0]), args[1:])
			})
		},
	}
	p.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar((*string)(&t.village), "village", "", "code of the village, or of the office's commune, that the files are about; else the name of a file begins with it, or its rows name theirs")
	flags.BoolVar(&t.children, "leave-out-children", false, "leave out people under 18 instead of refusing the file")
	flags.StringVar((*string)(&t.rule), "representative", string(sampling.Latest), "which transaction stands for a person: latest or first")
	flags.BoolVar(&t.byName, "by-name", false, "of transactions: rows with nothing but a name are one person if the names agree")
	flags.BoolVar(&t.dry, "dry-run", false, "check only, store nothing")
	return cmd
}

// taking takes the lists of villages or offices from files.
type taking struct {
	*system
	cmd           *cobra.Command
	round         survey.Round
	village       territory.Code
	dry, children bool
	rule          sampling.Representative
	byName        bool
}

func (t taking) files(ctx context.Context, round survey.RoundID, paths []string) (err error) {
	if t.rule != sampling.Latest && t.rule != sampling.First {
		return usageError{fault.New(fault.Invalid, "usage.choice", "flag", "--representative", "value", t.rule, "known", "latest, first")}
	}
	if t.round, err = t.desk.Store.Round(ctx, round); err != nil {
		return err
	}
	villages, err := t.desk.Listed(ctx, round)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := t.file(ctx, path, villages); err != nil {
			return err
		}
	}
	return nil
}

// file checks one file and takes its lists, all or none.
func (t taking) file(ctx context.Context, path string, villages []territory.Unit) error {
	raw, err := readFile(path)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	plan, err := t.read(name, raw, villages)
	if err == nil {
		err = plan.Err()
	}
	if err != nil {
		return err
	}
	warnAll(t.cmd, plan.Problems)
	for _, list := range plan.Lists {
		if !t.dry {
			if _, err := t.desk.AddList(ctx, operator, t.round.ID, name, list); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(t.cmd.OutOrStdout(), "%s\t%d\n", list.Village, len(list.People)); err != nil {
			return err
		}
	}
	return nil
}

// read reads a file into lists.
func (t taking) read(name string, raw []byte, units []territory.Unit) (conduct.ListPlan, error) {
	about, err := t.about(name, units)
	if err != nil {
		return conduct.ListPlan{}, err
	}
	if t.round.Transactions == nil {
		return conduct.PlanLists(conduct.ListFile{
			Name: name, Data: raw, Villages: about, LeaveOutChildren: t.children, Today: territory.Day(now().Format(time.DateOnly)),
		})
	}
	var only territory.Code
	if len(about) == 1 {
		only = about[0].Code
	}
	file := conduct.TransactionFile{Name: name, Data: raw, Rule: t.rule, Rules: conduct.OfficeRules(t.round, units, only)}
	file.Rules.ByName = t.byName
	plan, err := conduct.PlanTransactions(file)
	return conduct.ListPlan{Table: plan.Table, Lists: plan.Lists()}, err
}

// about narrows the drawn villages to the one that the flag or the file's name
// gives, if either does.
func (t taking) about(name string, villages []territory.Unit) ([]territory.Unit, error) {
	code := t.village
	if code == "" {
		first, _, _ := strings.Cut(name, ".")
		code = territory.Code(first)
	}
	i := slices.IndexFunc(villages, func(u territory.Unit) bool { return u.Code == code })
	switch {
	case i >= 0:
		return villages[i : i+1], nil
	case t.village != "":
		return nil, fault.New(fault.Invalid, "lists.not_drawn", "village", string(t.village))
	}
	return villages, nil
}
