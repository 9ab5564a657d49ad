package main

import (
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
)

// foreseeing is what plans margins is called with.
type foreseeing struct {
	in      sampling.MarginInput
	frame   string
	plans   []string
	rho     []float64
	of      []int
	formula string
}

func newPlansMarginsCommand() *cobra.Command {
	var f foreseeing
	cmd := &cobra.Command{
		Use:   "margins",
		Short: "Foresee the margin of error of every domain, and whether its figure could be published",
		Long: "Foresees, before anything is drawn, the margin of error of the whole, of every stratum and of every unit of the\n" +
			"first stage if it is drawn, and whether the figure could be published by the rule of editions.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.OutOrStdout()) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.frame, "frame", "", "the frame of the first stage, CSV")
	flags.StringArrayVar(&f.plans, "plan", nil, "the plan of a stage; repeat, the first stage first")
	flags.Float64SliceVar(&f.rho, "rho", nil, "correlation of two people of the same unit, for each stage but the last: 0.02,0.06")
	flags.IntSliceVar(&f.of, "of", nil, "units there are in each unit above, for each stage but the first: 8,300 (0 is many)")
	flags.Float64SliceVar(&f.in.Costs, "cost", nil, "cost of a unit, for each stage: 500,200,30")
	flags.StringVar(&f.in.People, "people", "", "column with the number of people of a unit (the plan's sizes without it)")
	flags.StringVar(&f.in.Name, "name", "", "column with the names of units")
	flags.Float64Var(&f.in.Response, "response", 1, "expected response rate")
	flags.Float64Var(&f.in.P, "p", 0.5, "expected proportion")
	flags.Float64Var(&f.in.DEff, "deff", 1, "design effect of what else there is, such as weights for nonresponse")
	flags.Float64Var(&f.in.Confidence, "confidence", 0.95, "confidence of the margins")
	flags.StringVar(&f.formula, "formula", "sipas-items@1", "index formula whose publication rule counts")
	for _, name := range []string{"frame", "plan"} {
		must(cmd.MarkFlagRequired(name))
	}
	return cmd
}

// foreseen is a row of the answer.
type foreseen struct {
	Level       sampling.MarginLevel  `json:"level"`
	Label       string                `json:"label,omitempty"`
	Name        string                `json:"name,omitempty"`
	Stratum     string                `json:"stratum,omitempty"`
	Chance      float64               `json:"chance"`
	Units       int                   `json:"units"`
	Drawn       float64               `json:"drawn"`
	People      float64               `json:"people"`
	Asked       float64               `json:"asked"`
	Answers     float64               `json:"answers"`
	PSUs        int                   `json:"psus"`
	DF          int                   `json:"df"`
	SE          float64               `json:"se"`
	Margin      *float64              `json:"margin"` // null without degrees of freedom
	DEff        float64               `json:"deff"`
	Publication scorecard.Publication `json:"publication"`
	Reasons     []string              `json:"reasons,omitempty"`
}

func (f foreseeing) run(out io.Writer) error {
	definition, err := scorecard.Find(scorecard.Shipped(), scorecard.Ref(f.formula))
	if err != nil {
		return err
	}
	if err := f.read(); err != nil {
		return err
	}
	m, err := sampling.ExpectMargins(f.in)
	if err != nil {
		return drawFlags{frame: f.frame, plan: f.plans[0]}.placed(err)
	}
	rows := make([]foreseen, len(m.Rows))
	for i, r := range m.Rows {
		rows[i] = foreseen{Level: r.Level, Label: r.Label, Name: r.Name, Stratum: r.Stratum, Chance: r.Chance, Units: r.Units, Drawn: r.Drawn,
			People: r.People, Asked: r.Asked, Answers: r.Answers, PSUs: r.PSUs, DF: r.DF, SE: r.SE, Margin: defined(r.Margin), DEff: r.DEff}
		rows[i].Publication, rows[i].Reasons = definition.Limits.Expect(
			scorecard.Expected{Answers: r.Answers, PSUs: r.PSUs, DF: r.DF, Value: 100 * f.in.P, SE: r.SE})
	}
	return printJSON(out, map[string]any{"formula": definition.Ref(), "drawn": m.Drawn, "cost": m.Cost, "rows": rows})
}

// read loads frame and plans and completes the stages.
func (f *foreseeing) read() error {
	frame, err := openFrame(f.frame)
	if err != nil {
		return err
	}
	f.in.Frame = frame
	stages := len(f.plans) - 1
	for _, given := range []struct {
		flag  string
		given int
		must  bool
	}{{"--rho", len(f.rho), true}, {"--of", len(f.of), len(f.of) > 0}} {
		if given.must && given.given != stages {
			return fault.New(fault.Invalid, "size.stage_lists", "flag", given.flag, "stages", len(f.plans), "wanted", stages, "given", strconv.Itoa(given.given))
		}
	}
	for i, path := range f.plans {
		plan, err := readFrom(path, sampling.ReadPlan)
		if err != nil {
			return err
		}
		if i == 0 {
			f.in.Plan = plan
			continue
		}
		stage, err := sampling.StageOf(plan)
		if err != nil {
			return fault.InFile(err, path)
		}
		if stage.Rho = f.rho[i-1]; len(f.of) > 0 {
			stage.Of = f.of[i-1]
		}
		f.in.Stages = append(f.in.Stages, stage)
	}
	return nil
}
