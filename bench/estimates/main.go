// Command estimates measures hailong estimate beside R on the same files: the survey
// package, and sums in plain R that do these tasks alone. Whole processes are timed,
// in turns, with the processor time and the peak memory that the system reports of
// each, and every figure printed is compared.
//
// It needs bin/hailong (make build), and Rscript with the survey package; without
// them the columns of R are left out.
package main

import (
	"context"
	"embed"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

//go:embed *.R
var scripts embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	binary, folder, only string
	rows, turns          int
}

func run(ctx context.Context) error {
	if len(os.Args) == 3 && os.Args[1] == "csv" {
		return readCSV(os.Args[2])
	}
	var o options
	flag.StringVar(&o.binary, "binary", "bin/hailong", "the built product")
	flag.StringVar(&o.folder, "folder", "out", "where to write")
	flag.IntVar(&o.rows, "rows", 1_000_000, "respondents; the bootstrap has a tenth")
	flag.IntVar(&o.turns, "turns", 3, "how often each is run; the fastest counts")
	flag.StringVar(&o.only, "only", "", "one task by its name, or memory")
	flag.Parse()
	if err := os.MkdirAll(o.folder, 0o755); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(o.folder, "estimates-")
	if err != nil {
		return err
	}
	return errors.Join(o.measure(ctx, folder), os.RemoveAll(folder))
}

// readCSV is the child that does nothing but read the file with the standard library.
func readCSV(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	in := csv.NewReader(file)
	in.ReuseRecord = true
	for {
		if _, err := in.Read(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// measure writes the files and goes through the tasks.
func (o options) measure(ctx context.Context, folder string) error {
	for _, rows := range []int{o.rows / 10, o.rows, 4 * o.rows} {
		if err := generate(folder, rows); err != nil {
			return err
		}
	}
	if err := os.CopyFS(folder, scripts); err != nil {
		return err
	}
	withR := exec.CommandContext(ctx, "Rscript", "-e", "library(survey)").Run() == nil
	if !withR {
		fmt.Println("Rscript with the survey package is not installed: its columns are left out.")
	}
	for _, t := range tasks(o.rows) {
		if o.only != "" && o.only != t.name {
			continue
		}
		if err := o.task(ctx, folder, t, withR); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	if o.only != "" && o.only != "memory" {
		return nil
	}
	return o.memory(ctx, folder)
}

// task runs all sides in turns and prints them.
func (o options) task(ctx context.Context, folder string, t task, withR bool) error {
	if err := t.write(folder); err != nil {
		return err
	}
	sides, err := o.sides(folder, t, withR)
	if err != nil {
		return err
	}
	for range o.turns {
		for i := range sides {
			if err := sides[i].run(ctx); err != nil {
				return err
			}
		}
	}
	fmt.Printf("\n%s, %d rows\n  %-30s %9s %9s %9s %9s %9s  %s\n", t.title, t.rows, "", "seconds", "ratio", "CPU s", "ratio", "peak MB", "agreement")
	for _, s := range sides {
		s.print(sides[0])
	}
	return nil
}

// memory shows that what a tally suffices for takes no more memory for more rows.
func (o options) memory(ctx context.Context, folder string) error {
	fmt.Printf("\npeak memory of the same estimates\n")
	for _, rows := range []int{o.rows, 4 * o.rows} {
		for _, t := range tasks(rows)[:2] {
			if err := t.write(folder); err != nil {
				return err
			}
			s := side{name: t.name, command: []string{o.binary, "estimate", "--spec", filepath.Join(folder, t.name+".json")}}
			if err := s.run(ctx); err != nil {
				return err
			}
			fmt.Printf("  %-30s %9d rows %9.0f MB %9.2f s\n", t.title, rows, s.peak, s.wall)
		}
	}
	return nil
}
