package main

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/sampling"
	"hailong/territory"
)

// transactionFlags are what the command was given.
type transactionFlags struct {
	from, to, out, as, rule, unit, sheet string
	byName, dry                          bool
}

func newTransactionsCommand() *cobra.Command {
	var f transactionFlags
	cmd := &cobra.Command{
		Use:   "transactions FILE",
		Short: "Make a frame of people, or of transactions, from a one-stop office's list of files",
		Long: `Reads an XLSX or CSV list of files (mã hồ sơ, lĩnh vực, ngày trả kết quả, người nộp …) and writes frame.csv,
which may be published and drawn from, and names.csv, which may not: names and salts by key.

A frame of people has one row a person however many files they had in the period, so everybody has one chance;
the transaction that stands for the person gives their field. A frame of transactions has a row each: whoever
came m times has m chances, and their weight as a person is the weight of the drawn row divided by of_person.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "first day of the period, such as 2026-01-01")
	flags.StringVar(&f.to, "to", "", "last day of the period, such as 2026-09-30")
	flags.StringVar(&f.out, "out", "", "folder to write into")
	flags.StringVar(&f.as, "as", "people", "what a row of the frame is: people or transactions")
	flags.StringVar(&f.rule, "representative", "latest", "which transaction stands for a person: latest or first")
	flags.StringVar(&f.unit, "unit", "", "code of the office, where rows name none")
	flags.StringVar(&f.sheet, "sheet", "", "the sheet, where several fit")
	flags.BoolVar(&f.byName, "by-name", false, "rows with nothing but a name are one person if the names agree")
	flags.BoolVar(&f.dry, "dry-run", false, "check and count only, write nothing")
	must(cmd.MarkFlagRequired("from"))
	must(cmd.MarkFlagRequired("to"))
	return cmd
}

// check finds what is wrong with the flags.
func (f transactionFlags) check() error {
	for _, day := range []string{f.from, f.to} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return usageError{fault.New(fault.Invalid, "usage.day", "value", day)}
		}
	}
	switch {
	case f.from > f.to:
		return usageError{fault.New(fault.Invalid, "usage.period", "from", f.from, "to", f.to)}
	case f.as != "people" && f.as != "transactions":
		return usageError{fault.New(fault.Invalid, "usage.choice", "flag", "--as", "value", f.as, "known", "people, transactions")}
	case f.rule != string(sampling.Latest) && f.rule != string(sampling.First):
		return usageError{fault.New(fault.Invalid, "usage.choice", "flag", "--representative", "value", f.rule, "known", "latest, first")}
	case f.out == "" && !f.dry:
		return usageError{fault.New(fault.Invalid, "usage.flags_one_of", "flags", "--out, --dry-run")}
	}
	return nil
}

func (f transactionFlags) run(cmd *cobra.Command, path string) error {
	if err := f.check(); err != nil {
		return err
	}
	raw, err := readFile(path)
	if err != nil {
		return err
	}
	plan, err := conduct.PlanTransactions(conduct.TransactionFile{
		Name: filepath.Base(path), Data: raw, Rule: sampling.Representative(f.rule), Each: f.as == "transactions", Reading: conduct.Reading{Sheet: f.sheet},
		Rules: sampling.TransactionRules{From: territory.Day(f.from), To: territory.Day(f.to), Unit: f.unit, ByName: f.byName},
	})
	if err == nil {
		err = plan.Err()
	}
	if err != nil {
		return err
	}
	warnAll(cmd, plan.Problems)
	if !f.dry {
		if err := f.write(plan); err != nil {
			return err
		}
	}
	return printJSON(cmd.OutOrStdout(), map[string]any{
		"transactions": plan.Transactions, "people": plan.People, "rows": len(plan.Applicants), "fields": plan.Fields(),
		"from": f.from, "to": f.to, "as": f.as, "representative": f.rule})
}

// write writes the public frame, and the names for their owner alone.
func (f transactionFlags) write(plan conduct.TransactionPlan) error {
	frame, err := plan.Seal(rand.Reader)
	if err != nil {
		return err
	}
	var public, named bytes.Buffer
	if err := frame.WriteCSV(&public); err != nil {
		return err
	}
	if err := export.NamesCSV(&named, plan.Applicants); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(f.out, "frame.csv"), public.Bytes()); err != nil {
		return err
	}
	path := filepath.Join(f.out, "names.csv")
	if err := os.WriteFile(path, named.Bytes(), 0o600); err != nil {
		return fault.InFile(fault.Wrap(err, fault.Unavailable, "file.unwritable"), path)
	}
	return nil
}
