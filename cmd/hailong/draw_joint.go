package main

import (
	"bufio"
	"encoding/csv"
	"strconv"

	"github.com/spf13/cobra"

	"hailong/sampling"
)

// jointFlags are what draw joint is called with.
type jointFlags struct{ frame, receipt, parent, out string }

func newJointCommand() *cobra.Command {
	var flags jointFlags
	cmd := &cobra.Command{
		Use:   "joint",
		Short: "Write the joint inclusion probabilities of the units drawn",
		Long: "Repeats the draw of the receipt and writes, for every pair of main and certainty units once, the\n" +
			"probability that both are in the sample: a CSV of i, j and pi, for hailong estimate with \"pps\": \"ht\"\n" +
			"or \"yg\". Units of later stages are given their parents. Pareto sampling has no such formula.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return joint(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.frame, "frame", "", "the frame, CSV")
	cmd.Flags().StringVar(&flags.receipt, "receipt", "", "the receipt, JSON")
	cmd.Flags().StringVar(&flags.parent, "parent", "", "folder with receipt.json and sample.csv of the stage before")
	cmd.Flags().StringVar(&flags.out, "out", "", "file to write, CSV")
	for _, name := range []string{"frame", "receipt", "out"} {
		must(cmd.MarkFlagRequired(name))
	}
	return cmd
}

func joint(cmd *cobra.Command, flags jointFlags) error {
	frame, err := openFrame(flags.frame)
	if err != nil {
		return err
	}
	receipt, err := readFrom(flags.receipt, sampling.ReadReceipt)
	if err != nil {
		return err
	}
	evidence := sampling.Evidence{Scratch: scratch}
	if evidence.Parent, err = readParent(flags.parent); err != nil {
		return err
	}
	file, err := newPending(flags.out)
	if err != nil {
		return err
	}
	defer file.drop()
	buffer := bufio.NewWriterSize(file, 1<<16)
	out := csv.NewWriter(buffer)
	out.Write([]string{"i", "j", "pi"}) // errors stay with the writer
	pairs := 0
	if err := sampling.Joint(frame, receipt, evidence, func(p sampling.Pair) error {
		pairs++
		return out.Write([]string{string(p.I), string(p.J), strconv.FormatFloat(p.P, 'f', -1, 64)})
	}); err != nil {
		return verifyFlags{frame: flags.frame, receipt: flags.receipt}.placed(err)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return file.failed(err)
	}
	if err := buffer.Flush(); err != nil {
		return file.failed(err)
	}
	if err := file.keep(); err != nil {
		return err
	}
	return printJSON(cmd.OutOrStdout(), map[string]any{"joint": flags.out, "pairs": pairs})
}
