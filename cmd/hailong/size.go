package main

import (
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hailong/fault"
	"hailong/sampling"
)

// sizing is what the size command is called with.
type sizing struct {
	kind                  string
	margin, confidence, p float64
	sd, power, ratio      float64
	overlap, correlation  float64
	n                     int
	conditions            sampling.Conditions
}

// sizeKind is one kind of calculation: its own flags, which of them it needs,
// and what it does.
type sizeKind struct {
	needs, takes []string
	run          func(sizing, io.Writer) error
}

// everySize are the flags of all kinds but Slovin's.
var everySize = []string{"confidence", "deff", "take", "rho", "population", "response"}

var sizeKinds = map[sampling.SizeKind]sizeKind{
	sampling.SizeProportion: {[]string{"margin"}, append([]string{"p"}, everySize...), sizing.size},
	sampling.SizeMean:       {[]string{"margin", "sd"}, everySize, sizing.size},
	sampling.SizeSlovin:     {[]string{"margin", "population"}, []string{"response"}, sizing.size},
	sampling.SizeChange:     {[]string{"margin"}, append([]string{"p", "sd", "power", "ratio", "overlap", "correlation"}, everySize...), sizing.change},
	sampling.SizeDetectable: {[]string{"n"}, append([]string{"p", "sd", "power", "ratio", "overlap", "correlation"}, everySize...), sizing.detectable},
}

func newSizeCommand() *cobra.Command {
	var in sizing
	cmd := &cobra.Command{
		Use:   "size",
		Short: "Calculate how many people to draw, or what a number of people can show, with every step",
		Long: "Calculates how many people to draw, or what a number of people can show, with every step.\n\n" +
			"  proportion  for the margin of error of a proportion\n" +
			"  mean        for the margin of error of a mean\n" +
			"  slovin      Slovin's rule, n = N/(1+N·e²), of older rounds\n" +
			"  change      for a change between two rounds, or a difference of two domains, to be detected\n" +
			"  mdc         the smallest change that N people a round detect",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			kind, ok := sizeKinds[sampling.SizeKind(in.kind)]
			if !ok {
				_, err := sampling.Size(sampling.SizeInput{Kind: sampling.SizeKind(in.kind)})
				return err
			}
			if err := checkKindFlags(cmd.Flags(), in.kind, kind); err != nil {
				return err
			}
			return kind.run(in, cmd.OutOrStdout())
		},
	}
	in.bind(cmd.Flags())
	return cmd
}

func (in *sizing) bind(flags *pflag.FlagSet) {
	flags.StringVar(&in.kind, "kind", string(sampling.SizeProportion), "what for: proportion, mean, slovin, change or mdc")
	flags.Float64Var(&in.margin, "margin", 0, "margin of error: half the interval's width (change: the change to detect)")
	flags.Float64Var(&in.confidence, "confidence", 0.95, "confidence of the interval (change, mdc: 1 − the test's level)")
	flags.Float64Var(&in.p, "p", 0.5, "expected proportion (change, mdc: in the first round)")
	flags.Float64Var(&in.sd, "sd", 0, "expected standard deviation, for a mean")
	flags.Float64Var(&in.power, "power", 0.8, "probability of detecting the change")
	flags.Float64Var(&in.ratio, "ratio", 1, "people of the second round or domain for one of the first")
	flags.Float64Var(&in.overlap, "overlap", 0, "share of the second round's people who were asked in the first as well")
	flags.Float64Var(&in.correlation, "correlation", 0, "correlation between the two answers of those asked twice")
	flags.IntVar(&in.n, "n", 0, "people drawn in the first round")
	flags.Float64Var(&in.conditions.DEff, "deff", 1, "design effect (with --take: what else there is besides clusters)")
	flags.Float64Var(&in.conditions.Take, "take", 0, "answers in a cluster, on average: deff × (1 + (take − 1)·rho)")
	flags.Float64Var(&in.conditions.Rho, "rho", 0, "correlation of two people of the same cluster")
	flags.IntVar(&in.conditions.Population, "population", 0, "size of the population (of each round); 0 is unlimited")
	flags.Float64Var(&in.conditions.Response, "response", 1, "expected response rate")
}

// checkKindFlags refuses a flag that the kind would not look at, and misses
// those that it needs.
func checkKindFlags(flags *pflag.FlagSet, name string, kind sizeKind) error {
	var missing, foreign []string
	for _, flag := range kind.needs {
		if !flags.Changed(flag) {
			missing = append(missing, "--"+flag)
		}
	}
	flags.Visit(func(f *pflag.Flag) {
		if f.Name != "kind" && !slices.Contains(kind.needs, f.Name) && !slices.Contains(kind.takes, f.Name) {
			foreign = append(foreign, "--"+f.Name)
		}
	})
	switch {
	case len(missing) > 0:
		return usageError{fault.New(fault.Invalid, "usage.kind_needs", "kind", name, "flags", strings.Join(missing, ", "))}
	case len(foreign) > 0:
		return usageError{fault.New(fault.Invalid, "usage.kind_foreign", "kind", name, "flags", strings.Join(foreign, ", "))}
	}
	return nil
}

func (in sizing) size(out io.Writer) error {
	result, err := sampling.Size(sampling.SizeInput{
		Kind: sampling.SizeKind(in.kind), Margin: in.margin, Confidence: in.confidence, P: in.p, SD: in.sd, Conditions: in.conditions})
	if err != nil {
		return err
	}
	return printJSON(out, result)
}

func (in sizing) comparison() sampling.ChangeInput {
	return sampling.ChangeInput{
		P: in.p, SD: in.sd, Change: in.margin, N: in.n, Ratio: in.ratio, Overlap: in.overlap, Correlation: in.correlation,
		Confidence: in.confidence, Power: in.power, Conditions: in.conditions}
}

func (in sizing) change(out io.Writer) error {
	result, err := sampling.SizeForChange(in.comparison())
	if err != nil {
		return err
	}
	return printJSON(out, result)
}

func (in sizing) detectable(out io.Writer) error {
	result, err := sampling.DetectableChange(in.comparison())
	if err != nil {
		return err
	}
	steps := make([]map[string]any, len(result.Steps))
	for i, s := range result.Steps {
		steps[i] = map[string]any{"step": s.Name, "formula": s.Formula, "value": defined(s.Value)}
	}
	return printJSON(out, map[string]any{
		"kind": in.kind, "n": in.n, "steps": steps, "rise": defined(result.Rise), "fall": defined(result.Fall)})
}

// defined is a number for JSON: null where it is undefined.
func defined(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}
