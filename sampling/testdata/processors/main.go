// Command processors draws and verifies on the processor that it was built for:
//
//	processors draw FRAME PLAN BEACON OUT [PARENT]
//	processors verify FRAME OUT [PARENT]
//
// OUT and PARENT are folders with receipt.json and sample.csv. It is package
// sampling with nothing around it, so that it is built for several processors in
// the time of a test.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hailong/sampling"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	frame, err := sampling.OpenFrame(func() (io.ReadCloser, error) { return os.Open(args[1]) })
	if err != nil {
		return err
	}
	if args[0] == "verify" {
		return verify(frame, args[2], args[3:])
	}
	plan, err := os.Open(args[2])
	if err != nil {
		return err
	}
	defer plan.Close()
	p, err := sampling.ReadPlan(plan)
	if err != nil {
		return err
	}
	in := sampling.DrawInput{Beacon: args[3], Source: "dice:Bình Liêu:2026-03-01T09:00:00+07:00", Scratch: scratch}
	if in.Parent, err = parentOf(args[5:]); err != nil {
		return err
	}
	sample, receipt, err := sampling.Draw(frame, p, in)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(args[4], 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(args[4], "sample.csv"), sample.CSV(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(args[4], "receipt.json"), receipt.Encode(), 0o644)
}

func verify(frame sampling.Rows, folder string, parent []string) error {
	raw, err := os.ReadFile(filepath.Join(folder, "receipt.json"))
	if err != nil {
		return err
	}
	receipt, err := sampling.ReadReceipt(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	e := sampling.Evidence{Scratch: scratch}
	if e.Sample, err = os.ReadFile(filepath.Join(folder, "sample.csv")); err != nil {
		return err
	}
	if e.Parent, err = parentOf(parent); err != nil {
		return err
	}
	return sampling.Verify(frame, receipt, e)
}

func parentOf(folder []string) (*sampling.Parent, error) {
	if len(folder) == 0 {
		return nil, nil
	}
	receipt, err := os.ReadFile(filepath.Join(folder[0], "receipt.json"))
	if err != nil {
		return nil, err
	}
	sample, err := os.ReadFile(filepath.Join(folder[0], "sample.csv"))
	if err != nil {
		return nil, err
	}
	return sampling.ReadParent(receipt, sample)
}

// scratch makes a file without a name, which goes with the process.
func scratch() (sampling.ScratchFile, error) {
	f, err := os.CreateTemp("", "processors-*")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}
