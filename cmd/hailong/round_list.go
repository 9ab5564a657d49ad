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
	"hailong/survey"
	"hailong/territory"
)

func newRoundListCommand() *cobra.Command {
	var p place
	var village string
	var dry, children bool
	cmd := &cobra.Command{
		Use:   "list ID FILE…",
		Short: "Check village lists and take them; a file of a whole commune is split by its village column",
		Args:  cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				t := taking{system: s, cmd: cmd, round: survey.RoundID(args[0]), village: territory.Code(village), dry: dry, children: children}
				return t.files(ctx, args[1:])
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&village, "village", "", "code of the village that the files are about; else the name of a file begins with it, or its rows name their village")
	cmd.Flags().BoolVar(&children, "leave-out-children", false, "leave out people under 18 instead of refusing the file")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "check only, store nothing")
	return cmd
}

// taking takes village lists from files.
type taking struct {
	*system
	cmd           *cobra.Command
	round         survey.RoundID
	village       territory.Code
	dry, children bool
}

func (t taking) files(ctx context.Context, paths []string) error {
	villages, err := t.desk.DrawnVillages(ctx, t.round)
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
	if villages, err = t.about(name, villages); err != nil {
		return err
	}
	plan, err := conduct.PlanLists(conduct.ListFile{
		Name: name, Data: raw, Villages: villages, LeaveOutChildren: t.children, Today: territory.Day(now().Format(time.DateOnly)),
	})
	if err == nil {
		err = plan.Err()
	}
	if err != nil {
		return err
	}
	warnAll(t.cmd, plan.Problems)
	for _, list := range plan.Lists {
		if !t.dry {
			if _, err := t.desk.AddList(ctx, operator, t.round, name, list); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(t.cmd.OutOrStdout(), "%s\t%d\n", list.Village, len(list.People)); err != nil {
			return err
		}
	}
	return nil
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
