package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/stats/spec"
)

// estimateFlags are what estimate is called with.
type estimateFlags struct{ spec, weightsOut string }

func newEstimateCommand() *cobra.Command {
	var flags estimateFlags
	cmd := &cobra.Command{
		Use:   "estimate",
		Short: "Estimate from a sample: means, totals, shares, indices, with their standard errors",
		Long: "Computes what SPEC.json asks for from the CSV file that it names and writes JSON to standard output;\n" +
			"warnings go to standard error. Files in the specification are relative to its folder.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return estimate(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.spec, "spec", "", "the specification, JSON")
	cmd.Flags().StringVar(&flags.weightsOut, "weights-out", "", "write the final weights to this CSV file")
	must(cmd.MarkFlagRequired("spec"))
	return cmd
}

func estimate(cmd *cobra.Command, flags estimateFlags) error {
	in, err := openInput(flags.spec)
	if err != nil {
		return err
	}
	defer in.Close()
	parsed, err := spec.Parse(in)
	if err != nil {
		return fault.InFile(err, flags.spec)
	}
	out, err := spec.Run(parsed, openBeside(flags.spec))
	if err != nil {
		return fault.InFile(err, flags.spec)
	}
	if flags.weightsOut != "" {
		if err := writeWeights(flags.weightsOut, out); err != nil {
			return err
		}
	}
	return printEstimates(cmd.OutOrStdout(), out, tell(cmd, out.Warnings))
}

// openBeside opens files that a specification names, relative to its folder. They may
// be opened several times: what can be read only once, such as a pipe, is kept.
func openBeside(specification string) spec.Open {
	kept := map[string][]byte{}
	return func(name string) (io.ReadCloser, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(specification), name)
		}
		if content, ok := kept[name]; ok {
			return io.NopCloser(bytes.NewReader(content)), nil
		}
		in, err := openInput(name)
		if err != nil {
			return nil, err
		}
		if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
			return in, nil
		}
		defer in.Close()
		content, err := io.ReadAll(in)
		if err != nil {
			return nil, fault.InFile(fault.Wrap(err, fault.Unavailable, "stats.input"), name)
		}
		kept[name] = content
		return io.NopCloser(bytes.NewReader(content)), nil
	}
}

func printEstimates(w io.Writer, out spec.Output, warnings []toldProblem) error {
	encoder := json.NewEncoder(w) // not indented: a covariance may have a million entries
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(struct {
		spec.Output
		Warnings []toldProblem `json:"warnings"`
	}{out, warnings}); err != nil {
		return fault.Wrap(err, fault.Unavailable, "stats.output")
	}
	return nil
}

// openInput opens a file that the caller named.
func openInput(path string) (io.ReadCloser, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fault.InFile(fault.Wrap(err, fault.NotFound, "stats.input"), path)
	}
	return in, nil
}

func writeWeights(path string, out spec.Output) error {
	file, err := os.Create(path)
	if err == nil {
		buffered := bufio.NewWriter(file)
		err = out.WriteWeights(buffered)
		if flushed := buffered.Flush(); err == nil {
			err = flushed
		}
		if closed := file.Close(); err == nil {
			err = closed
		}
	}
	if err != nil {
		return fault.InFile(fault.Wrap(err, fault.Unavailable, "stats.output"), path)
	}
	return nil
}
