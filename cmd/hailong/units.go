package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/static"
	"hailong/territory"
)

func newUnitsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "units", Short: "Import administrative units and settle doubtful populations"}
	cmd.AddCommand(newUnitsImportCommand(), newUnitsDoubtsCommand(), newUnitsConfirmCommand(), newUnitsCorrectCommand())
	return cmd
}

func newUnitsImportCommand() *cobra.Command {
	var p place
	var defaults territory.Defaults
	var dry bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import units from a CSV or XLSX file and report by name what is missing or implausible",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			raw, err := readFile(args[0])
			if err != nil {
				return err
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				file := conduct.UnitFile{Name: filepath.Base(args[0]), Data: raw, Defaults: defaults, Scope: account.Everywhere}
				return s.importUnits(ctx, cmd, file, dry)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar((*string)(&defaults.Level), "level", "", "level of units whose rows do not say it: province, commune, village")
	cmd.Flags().StringVar((*string)(&defaults.Parent), "parent", "", "parent of units whose rows do not say it")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "report only, store nothing")
	return cmd
}

func (s *system) importUnits(ctx context.Context, cmd *cobra.Command, file conduct.UnitFile, dry bool) error {
	var err error
	if file.Stored, err = s.store.Units(ctx); err != nil {
		return err
	}
	plan, err := conduct.PlanUnits(file)
	if err != nil {
		return err
	}
	if err := plan.Err(); err != nil {
		return err
	}
	warnAll(cmd, plan.Problems)
	warnAll(cmd, doubtProblems(plan.Doubts))
	if !dry {
		rec := account.NewRecord(now(), operator, account.ImportUnits, file.Name, "new", strconv.Itoa(plan.New), "changed", strconv.Itoa(plan.Changed))
		if err := s.store.PutUnits(ctx, rec.On(account.Path{account.Everywhere}), plan.Units); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "rows %d, new %d, changed %d, same %d, doubtful %d\n",
		plan.Rows, plan.New, plan.Changed, plan.Same, len(plan.Doubts))
	return err
}

// warnAll writes problems that do not stop the work to standard error.
func warnAll(cmd *cobra.Command, problems []fault.Problem) {
	for _, p := range problems {
		fmt.Fprintln(cmd.ErrOrStderr(), static.ProblemText(terminalLang(), p))
	}
}

func doubtProblems(doubts []territory.Doubt) []fault.Problem {
	var problems []fault.Problem
	for _, d := range doubts {
		problems = append(problems, d.Problems()...)
	}
	return problems
}

func newUnitsDoubtsCommand() *cobra.Command {
	var p place
	var under string
	cmd := &cobra.Command{
		Use:   "doubts",
		Short: "List the units whose population is missing or implausible and not settled, with the reasons",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				return s.listDoubts(ctx, cmd, territory.Code(under))
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&under, "under", "", "only units below this one")
	return cmd
}

func (s *system) listDoubts(ctx context.Context, cmd *cobra.Command, under territory.Code) error {
	tree, err := s.store.UnitTree(ctx)
	if err != nil {
		return err
	}
	units, err := s.store.Units(ctx)
	if err != nil {
		return err
	}
	for _, d := range territory.Doubts(units) {
		if d.Unit.Size.Usable() || under != "" && !tree.Within(under, d.Unit.Code) {
			continue
		}
		for _, p := range d.Problems() {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\n", d.Unit.Code, static.ProblemText(terminalLang(), p)); err != nil {
				return err
			}
		}
	}
	return nil
}

func newUnitsConfirmCommand() *cobra.Command {
	var p place
	var source string
	cmd := &cobra.Command{
		Use:   "confirm CODE…",
		Short: "Confirm that doubtful populations are right",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				for _, code := range args {
					if err := s.settle(ctx, territory.Code(code), func(u territory.Unit) (territory.Unit, error) { return u.Confirm(source) }); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&source, "source", "", "why the population is right")
	return cmd
}

func newUnitsCorrectCommand() *cobra.Command {
	var p place
	var source string
	var population int64
	cmd := &cobra.Command{
		Use:   "correct CODE",
		Short: "Replace a missing or wrong population",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				return s.settle(ctx, territory.Code(args[0]), func(u territory.Unit) (territory.Unit, error) {
					return u.Correct(population, source)
				})
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().Int64Var(&population, "population", 0, "the right population")
	cmd.Flags().StringVar(&source, "source", "", "where the figure comes from")
	return cmd
}

// settle changes the size of one unit, audited at its place.
func (s *system) settle(ctx context.Context, code territory.Code, change func(territory.Unit) (territory.Unit, error)) error {
	u, err := s.store.Unit(ctx, code)
	if err != nil {
		return err
	}
	if u, err = change(u); err != nil {
		return err
	}
	path, err := s.store.UnitPath(ctx, code)
	if err != nil {
		return err
	}
	rec := account.NewRecord(now(), operator, account.SettleSize, string(code),
		"population", strconv.FormatInt(u.Population, 10), "source", u.SizeSource).On(path)
	return s.store.PutUnits(ctx, rec, []territory.Unit{u})
}
