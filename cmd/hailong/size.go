package main

import (
	"github.com/spf13/cobra"

	"hailong/sampling"
)

func newSizeCommand() *cobra.Command {
	var in sampling.SizeInput
	cmd := &cobra.Command{
		Use:   "size",
		Short: "Calculate how many people to draw, with every step",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			result, err := sampling.Size(in)
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), result)
		},
	}
	flags := cmd.Flags()
	flags.StringVar((*string)(&in.Kind), "kind", string(sampling.SizeProportion), "proportion, mean, slovin or change")
	flags.Float64Var(&in.Margin, "margin", 0, "margin of error: half the interval's width (change: the change to detect)")
	flags.Float64Var(&in.Confidence, "confidence", 0.95, "confidence of the interval (change: 1 − the test's level)")
	flags.Float64Var(&in.P, "p", 0.5, "expected proportion")
	flags.Float64Var(&in.SD, "sd", 0, "expected standard deviation, for a mean")
	flags.Float64Var(&in.Power, "power", 0.8, "probability of detecting the change")
	flags.Float64Var(&in.DEff, "deff", 1, "design effect")
	flags.IntVar(&in.Population, "population", 0, "size of the population; 0 is unlimited")
	flags.Float64Var(&in.Response, "response", 1, "expected response rate")
	must(cmd.MarkFlagRequired("margin"))
	return cmd
}
