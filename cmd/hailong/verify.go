package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/sampling"
)

// verifyFlags are what verify is called with.
type verifyFlags struct {
	frame, receipt, sample, parent, commitment string // of a draw
	tally, edition, questionnaire              string // of an edition
}

func newVerifyCommand() *cobra.Command {
	var flags verifyFlags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Repeat a draw, or compute the figures of an edition again, and name what differs",
		Long: "With --frame and --receipt: prints \"verified\" if frame, plan, commitment, seed and sample are those of\n" +
			"the receipt. Otherwise names the first row that differs (of the frame if frame.lines stands beside the\n" +
			"receipt) or the digest.\n\n" +
			"With --tally and --edition: prints \"verified\" if every figure follows from the public tally. Otherwise\n" +
			"names each figure that does not.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if flags.tally != "" || flags.edition != "" {
				return verifyEdition(cmd, flags)
			}
			return verify(cmd, flags)
		},
	}
	cmd.AddCommand(newVerifySealCommand())
	cmd.Flags().StringVar(&flags.frame, "frame", "", "the frame, CSV")
	cmd.Flags().StringVar(&flags.receipt, "receipt", "", "the receipt, JSON")
	cmd.Flags().StringVar(&flags.sample, "sample", "", "a sample to compare row by row with the repeated draw, CSV")
	cmd.Flags().StringVar(&flags.parent, "parent", "", "folder with receipt.json and sample.csv of the stage before")
	cmd.Flags().StringVar(&flags.commitment, "commitment", "", "the commitment as it was published before the event, JSON")
	cmd.Flags().StringVar(&flags.tally, "tally", "", "the public tally of an edition, CSV")
	cmd.Flags().StringVar(&flags.edition, "edition", "", "the edition, JSON")
	cmd.Flags().StringVar(&flags.questionnaire, "questionnaire", "", "the questionnaire of the edition, XLSX; questionnaire.xlsx beside the edition by default")
	cmd.MarkFlagsRequiredTogether("frame", "receipt")
	cmd.MarkFlagsRequiredTogether("tally", "edition")
	cmd.MarkFlagsOneRequired("frame", "tally")
	cmd.MarkFlagsMutuallyExclusive("frame", "tally")
	return cmd
}

func verify(cmd *cobra.Command, flags verifyFlags) error {
	frame, err := openFrame(flags.frame)
	if err != nil {
		return err
	}
	receipt, err := readFrom(flags.receipt, sampling.ReadReceipt)
	if err != nil {
		return err
	}
	evidence, err := flags.evidence()
	if err != nil {
		return err
	}
	lines, err := flags.lines()
	if err != nil {
		return err
	}
	if lines != nil {
		defer lines.Close()
		evidence.Lines = lines
	}
	if err := sampling.Verify(frame, receipt, evidence); err != nil {
		return flags.placed(err)
	}
	if receipt.Status == sampling.Uncommitted {
		warn(cmd, "draw.uncommitted")
	}
	warnOfPast(cmd, receipt.Commitment)
	_, err = fmt.Fprintln(cmd.OutOrStdout(), "verified")
	return err
}

// evidence reads what else there is.
func (f verifyFlags) evidence() (e sampling.Evidence, err error) {
	e.Scratch = scratch
	if e.Parent, err = readParent(f.parent); err != nil {
		return e, err
	}
	if f.commitment != "" {
		if e.Commitment, err = readCommitment(f.commitment, false); err != nil {
			return e, err
		}
	}
	if f.sample != "" {
		e.Sample, err = readFrom(f.sample, io.ReadAll)
	}
	return e, err
}

// lines opens frame.lines beside the receipt; it may be missing.
func (f verifyFlags) lines() (*os.File, error) {
	path := filepath.Join(filepath.Dir(f.receipt), linesFile)
	in, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fault.InFile(fault.Wrap(err, fault.NotFound, "draw.input"), path)
	}
	return in, nil
}

// placed names the file that differs.
func (f verifyFlags) placed(err error) error {
	switch problem := fault.ProblemsOf(err)[0]; {
	case strings.HasPrefix(problem.Code, "draw.sample_"):
		return fault.InFile(err, f.sample)
	case problem.Place.Row > 0 || strings.HasPrefix(problem.Code, "frame."):
		return fault.InFile(err, f.frame)
	default:
		return fault.InFile(err, f.receipt)
	}
}
