package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/sampling"
	"hailong/static"
)

// The files of a draw's folder.
const (
	commitmentFile = "commitment.json"
	receiptFile    = "receipt.json"
	sampleFile     = "sample.csv"
	linesFile      = "frame.lines"
)

// drawFlags are what draw and draw commit are called with.
type drawFlags struct {
	frame, plan, parent, commitment, source, reason, beacon, out string
}

func newDrawCommand() *cobra.Command {
	var flags drawFlags
	cmd := &cobra.Command{
		Use:   "draw",
		Short: "Draw one stage of a sample, with a receipt that anyone can check",
		Long: "Draws the sample of PLAN.json from FRAME.csv by the value of a public random event, and writes\n" +
			"sample.csv, frame.lines and receipt.json into the output folder.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return draw(cmd, flags) },
	}
	flags.addCommon(cmd)
	cmd.Flags().StringVar(&flags.commitment, "commitment", "", "commitment.json made before the event; without it the receipt says uncommitted")
	cmd.Flags().StringVar(&flags.source, "source", "", "the event; must be the commitment's if there is one")
	cmd.Flags().StringVar(&flags.beacon, "beacon", "", "the value that the event published")
	must(cmd.MarkFlagRequired("beacon"))
	cmd.AddCommand(newCommitCommand(), newJointCommand())
	return cmd
}

func newCommitCommand() *cobra.Command {
	var flags drawFlags
	cmd := &cobra.Command{
		Use:   "commit",
		Short: "Fix frame, plan and the public random event before it happens",
		Long: "Writes commitment.json into the output folder. A further commitment in the same folder is the next\n" +
			"attempt; the one before is kept as commitment-NUMBER.json.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return commit(cmd, flags) },
	}
	flags.addCommon(cmd)
	cmd.Flags().StringVar(&flags.source, "source", "", "the event: drand:CHAIN:ROUND, lottery:NAME:DATE or dice:PLACE:TIME")
	cmd.Flags().StringVar(&flags.reason, "reason", "", "of a further attempt: why the one before does not stand; it is published")
	must(cmd.MarkFlagRequired("source"))
	return cmd
}

func (f *drawFlags) addCommon(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.frame, "frame", "", "the frame, CSV")
	cmd.Flags().StringVar(&f.plan, "plan", "", "the plan, JSON")
	cmd.Flags().StringVar(&f.parent, "parent", "", "folder with receipt.json and sample.csv of the stage before")
	cmd.Flags().StringVar(&f.out, "out", "", "folder to write into")
	for _, name := range []string{"frame", "plan", "out"} {
		must(cmd.MarkFlagRequired(name))
	}
}

// must is for errors that only a misspelt flag name can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// read loads plan and parent, and opens the frame.
func (f drawFlags) read() (sampling.FrameFile, sampling.Plan, *sampling.Parent, error) {
	frame, err := openFrame(f.frame)
	if err != nil {
		return frame, sampling.Plan{}, nil, err
	}
	plan, err := readFrom(f.plan, sampling.ReadPlan)
	if err != nil {
		return frame, sampling.Plan{}, nil, err
	}
	parent, err := readParent(f.parent)
	return frame, plan, parent, err
}

func commit(cmd *cobra.Command, flags drawFlags) error {
	frame, plan, parent, err := flags.read()
	if err != nil {
		return err
	}
	path := filepath.Join(flags.out, commitmentFile)
	in := sampling.CommitInput{Parent: parent, Source: sampling.Source(flags.source), Reason: flags.reason, At: time.Now(), Scratch: scratch}
	if in.Previous, err = readCommitment(path, true); err != nil {
		return err
	}
	commitment, err := sampling.Commit(frame, plan, in)
	if err != nil {
		return flags.placed(err)
	}
	if in.Previous != nil {
		kept := filepath.Join(flags.out, fmt.Sprintf("commitment-%d.json", in.Previous.Attempt))
		if err := os.Rename(path, kept); err != nil {
			return fault.InFile(fault.Wrap(err, fault.Unavailable, "draw.output"), kept)
		}
	}
	warnOfPast(cmd, &commitment)
	if err := writeFiles(flags.out, map[string][]byte{commitmentFile: commitment.Encode()}); err != nil {
		return err
	}
	return printJSON(cmd.OutOrStdout(), map[string]any{
		"commitment": path, "digest": commitment.Digest(), "attempt": commitment.Attempt})
}

func draw(cmd *cobra.Command, flags drawFlags) error {
	frame, plan, parent, err := flags.read()
	if err != nil {
		return err
	}
	in := sampling.DrawInput{Parent: parent, Source: sampling.Source(flags.source), Beacon: flags.beacon,
		Program: "hailong " + programVersion(), Scratch: scratch}
	if flags.commitment != "" {
		if in.Commitment, err = readCommitment(flags.commitment, false); err != nil {
			return err
		}
	}
	lines, err := newPending(filepath.Join(flags.out, linesFile))
	if err != nil {
		return err
	}
	defer lines.drop()
	in.Lines = lines
	sample, receipt, err := sampling.Draw(frame, plan, in)
	if err != nil {
		return flags.placed(err)
	}
	if err := keepCommitted(flags.out, receipt); err != nil {
		return err
	}
	warnOfPast(cmd, receipt.Commitment)
	if err := lines.keep(); err != nil {
		return err
	}
	files := map[string][]byte{sampleFile: sample.CSV(), receiptFile: receipt.Encode()}
	if err := writeFiles(flags.out, files); err != nil {
		return err
	}
	return printJSON(cmd.OutOrStdout(), map[string]any{
		"receipt":        filepath.Join(flags.out, receiptFile),
		"receipt_digest": sampling.DigestOf(files[receiptFile]), "sample_digest": receipt.SampleDigest,
		"status": receipt.Status, "seed": receipt.Seed, "units": len(sample.Units), "counts": receipt.Counts})
}

// keepCommitted refuses to write another draw over one that was committed to.
func keepCommitted(dir string, receipt sampling.Receipt) error {
	path := filepath.Join(dir, receiptFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	before, err := readFrom(path, sampling.ReadReceipt)
	if err != nil {
		return err
	}
	if before.Status == sampling.Committed && (before.Seed != receipt.Seed || before.SampleDigest != receipt.SampleDigest) {
		return fault.InFile(fault.New(fault.Conflict, "draw.already_drawn"), path)
	}
	return nil
}

// warnOfPast warns of a commitment made after its event.
func warnOfPast(cmd *cobra.Command, c *sampling.Commitment) {
	if c == nil {
		return
	}
	if foresaw, known := c.Foresaw(); known && !foresaw {
		warn(cmd, "draw.event_past", fault.Arg{Name: "source", Value: c.Source.Event()})
	}
}

func warn(cmd *cobra.Command, code string, args ...fault.Arg) {
	fmt.Fprintln(cmd.ErrOrStderr(), "hailong:", static.Text(terminalLang(), code, args...))
}

// placed names the file of each problem: the plan's for what is wrong with the
// plan itself, the frame's for what has a row.
func (f drawFlags) placed(err error) error {
	var known *fault.Error
	if !errors.As(err, &known) {
		return err
	}
	placed := &fault.Error{Kind: known.Kind, Cause: known.Cause}
	for _, p := range known.Problems {
		switch {
		case strings.HasPrefix(p.Code, "plan."):
			p.Place.File = f.plan
		case p.Place.Row > 0 || strings.HasPrefix(p.Code, "frame."):
			p.Place.File = f.frame
		}
		placed.Problems = append(placed.Problems, p)
	}
	return placed
}

// readFrom reads one file with a reader of package sampling and puts the file's
// name into its problems.
func readFrom[T any](path string, read func(io.Reader) (T, error)) (T, error) {
	in, err := os.Open(path)
	if err != nil {
		var none T
		return none, fault.InFile(fault.Wrap(err, fault.NotFound, "draw.input"), path)
	}
	defer in.Close()
	value, err := read(in)
	return value, fault.InFile(err, path)
}

// readCommitment reads a commitment; with absent allowed it returns nil if
// there is no such file.
func readCommitment(path string, absent bool) (*sampling.Commitment, error) {
	if _, err := os.Stat(path); absent && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	c, err := readFrom(path, sampling.ReadCommitment)
	return &c, err
}

// readParent reads the result of the stage before, or nothing without a folder.
func readParent(dir string) (*sampling.Parent, error) {
	if dir == "" {
		return nil, nil
	}
	receipt, err := readFrom(filepath.Join(dir, receiptFile), io.ReadAll)
	if err != nil {
		return nil, err
	}
	sample, err := readFrom(filepath.Join(dir, sampleFile), io.ReadAll)
	if err != nil {
		return nil, err
	}
	parent, err := sampling.ReadParent(receipt, sample)
	return parent, fault.InFile(err, dir)
}

// writeFiles writes the files of a draw, each whole or not at all, the receipt last.
func writeFiles(dir string, files map[string][]byte) error {
	for _, name := range []string{commitmentFile, sampleFile, receiptFile} {
		content, ok := files[name]
		if !ok {
			continue
		}
		if err := writeWhole(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

// printJSON writes a result to standard output.
func printJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}
