package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/sampling"
	"hailong/sampling/ready"
)

func newPlansCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plans",
		Short: "Ready plans: the designs of known surveys, to be filled in",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPlansListCommand(), newPlansShowCommand(), newPlansFillCommand(), newPlansMarginsCommand())
	return cmd
}

func newPlansListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the ready plans with their stages",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			type head struct {
				ID     ready.ID   `json:"id"`
				Title  ready.Text `json:"title"`
				Stages []string   `json:"stages"`
			}
			var heads []head
			for _, c := range ready.All() {
				h := head{ID: c.ID, Title: c.Title}
				for _, s := range c.Stages {
					h.Stages = append(h.Stages, s.Name)
				}
				heads = append(heads, h)
			}
			return printJSON(cmd.OutOrStdout(), map[string]any{"plans": heads})
		},
	}
}

func newPlansShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show a ready plan: parameters, columns of the frames, source, example",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			chain, err := ready.Find(ready.ID(args[0]))
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), chain)
		},
	}
}

// filling is what plans fill is called with.
type filling struct {
	set                       []string
	stage, frame, parent, out string
}

func newPlansFillCommand() *cobra.Command {
	var f filling
	cmd := &cobra.Command{
		Use:   "fill ID",
		Short: "Fill in a ready plan and write STAGE.json for each stage, or for one",
		Long: "Fills in a ready plan and writes STAGE.json for each stage, or for the one named. With the frame the plan is tried\n" +
			"on it; certainty units by a column and counts with exceptions need it. With the folder of the draw before,\n" +
			"the plan names that draw's receipt.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.fill(cmd, ready.ID(args[0])) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.set, "set", nil, "NAME=VALUE: a parameter; repeat for more (an empty value leaves it out)")
	flags.StringVar(&f.stage, "stage", "", "one stage only")
	flags.StringVar(&f.frame, "frame", "", "the stage's frame, CSV")
	flags.StringVar(&f.parent, "parent", "", "folder with receipt.json and sample.csv of the stage before")
	flags.StringVar(&f.out, "out", "", "folder to write into")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

// filledPlan is one plan that was written.
type filledPlan struct {
	Stage  string          `json:"stage"`
	File   string          `json:"file"`
	Digest sampling.Digest `json:"digest"`
}

func (f filling) fill(cmd *cobra.Command, id ready.ID) error {
	chain, err := ready.Find(id)
	if err != nil {
		return err
	}
	set, err := settings(f.set)
	if err != nil {
		return err
	}
	stages, err := f.stages(chain)
	if err != nil {
		return err
	}
	drawing, err := f.drawing()
	if err != nil {
		return err
	}
	files := make(map[string][]byte)
	var plans []filledPlan
	var warnings []fault.Problem
	for _, stage := range stages {
		plan, told, err := chain.Fill(stage, set, drawing)
		if err != nil {
			return drawFlags{frame: f.frame}.placed(err)
		}
		name := stage + ".json"
		files[name] = plan.Encode()
		plans = append(plans, filledPlan{stage, filepath.Join(f.out, name), plan.Digest()})
		warnings = append(warnings, told...)
	}
	if err := writeFolder(f.out, files); err != nil {
		return err
	}
	return printJSON(cmd.OutOrStdout(), map[string]any{"plans": plans, "warnings": tell(cmd, warnings)})
}

// stages are those to fill in; a frame or a parent belongs to one alone.
func (f filling) stages(chain ready.Chain) ([]string, error) {
	if f.stage != "" {
		return []string{f.stage}, nil
	}
	var names []string
	for _, s := range chain.Stages {
		names = append(names, s.Name)
	}
	if len(names) > 1 && (f.frame != "" || f.parent != "") {
		return nil, usageError{fault.New(fault.Invalid, "usage.which_stage", "stages", strings.Join(names, ", "))}
	}
	return names, nil
}

func (f filling) drawing() (ready.Drawing, error) {
	var d ready.Drawing
	if f.frame != "" {
		frame, err := openFrame(f.frame)
		if err != nil {
			return d, err
		}
		d.Frame = frame
	}
	var err error
	d.Parent, err = readParent(f.parent)
	return d, err
}

// settings reads NAME=VALUE pairs.
func settings(pairs []string) (ready.Values, error) {
	set := make(ready.Values)
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, usageError{fault.New(fault.Invalid, "usage.pair", "flag", "--set", "value", pair)}
		}
		set[name] = value
	}
	return set, nil
}
