package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/export"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/survey"
	"hailong/territory"
)

func newRoundRecheckCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "recheck", Short: "Draw answered sheets by commune, have their people asked again, and tell how many confirm"}
	cmd.AddCommand(newRecheckCommitCommand(), newRecheckDrawCommand(), newRecheckListCommand(), newRecheckRecordCommand(),
		newRecheckShowCommand(), newRecheckFilesCommand())
	return cmd
}

func newRecheckCommitCommand() *cobra.Command {
	var p place
	in := conduct.RecheckIntent{Size: sampling.DefaultRecheck}
	cmd := &cobra.Command{
		Use:   "commit ID",
		Short: "Fix the sheets that count now, how many are re-checked, and the future public event",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				draw, err := s.desk.CommitRecheck(ctx, operator, survey.RoundID(args[0]), in)
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(draw.Commitment.Encode())
				return err
			})
		},
	}
	p.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar((*string)(&in.Source), "source", "", "the public event: drand:quicknet:ROUND, lottery:NAME:DATE or dice:PLACE:TIME")
	flags.StringVar(&in.Reason, "reason", "", "of another attempt: why the one before does not stand")
	flags.IntVar(&in.Size.Percent, "percent", in.Size.Percent, "share of a commune's sheets, rounded up")
	flags.IntVar(&in.Size.Least, "least", in.Size.Least, "sheets of a commune at least, or all it has")
	return cmd
}

func newRecheckDrawCommand() *cobra.Command {
	var p place
	var beacon string
	cmd := &cobra.Command{
		Use:   "draw ID",
		Short: "Draw the committed re-check with the value that its public event brought",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				draw, err := s.desk.DrawRecheck(ctx, operator, survey.RoundID(args[0]), beacon)
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(draw.Receipt.Encode())
				return err
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&beacon, "beacon", "", "what the public event brought")
	return cmd
}

func newRecheckListCommand() *cobra.Command {
	var p place
	var commune, out string
	cmd := &cobra.Command{
		Use:   "list ID --commune CODE --out FILE.xlsx",
		Short: "Write the people of a commune who are asked again, with room for results; that it was taken is recorded",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				return s.writeRecheck(ctx, survey.RoundID(args[0]), territory.Code(commune), out)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&commune, "commune", "", "code of the commune")
	cmd.Flags().StringVar(&out, "out", "", "the workbook to write")
	return cmd
}

func (s *system) writeRecheck(ctx context.Context, round survey.RoundID, commune territory.Code, path string) error {
	r, err := s.desk.Store.Round(ctx, round)
	if err != nil {
		return err
	}
	people, err := s.desk.HandOutRecheck(ctx, operator, round, commune)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := files.RecheckList(&out, terminalLang(), r, people); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o600)
}

func newRecheckRecordCommand() *cobra.Command {
	var p place
	var f conduct.RecheckFile
	cmd := &cobra.Command{
		Use:   "record ID FILE --commune CODE",
		Short: "Write down the results of a commune's list, XLSX or CSV; rows on record already add nothing",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if f.Data, err = readFile(args[1]); err != nil {
				return err
			}
			f.Name, f.Words = filepath.Base(args[1]), export.RecheckWords()
			return p.with(cmd, func(ctx context.Context, s *system) error {
				taken, err := s.desk.ImportRecheck(ctx, operator, survey.RoundID(args[0]), f)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\tadded %d\tknown %d\n", f.Name, taken.Added, taken.Known)
				return err
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar((*string)(&f.Commune), "commune", "", "code of the commune")
	cmd.Flags().StringVar(&f.Checker, "checker", "", "who asked, where a row does not say")
	return cmd
}

func newRecheckShowCommand() *cobra.Command {
	var p place
	var attempt int
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Tell as JSON how many confirmed among those reached, by commune and in all, with intervals",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				report, err := s.desk.Recheck(ctx, survey.RoundID(args[0]), attempt)
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), report)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().IntVar(&attempt, "attempt", 0, "number of the re-check, the last one for 0")
	return cmd
}

func newRecheckFilesCommand() *cobra.Command {
	var p place
	var attempt int
	var out string
	cmd := &cobra.Command{
		Use:   "files ID --out FOLDER",
		Short: "Write what “hailong verify” needs of a re-check: frame, plan, commitment, receipt and sample, by pseudonyms",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				draw, err := s.desk.RecheckAttempt(ctx, survey.RoundID(args[0]), attempt)
				if err != nil {
					return err
				}
				if err := os.MkdirAll(out, 0o755); err != nil {
					return err
				}
				for _, name := range files.OfRecheck(draw) {
					content, err := files.Draw(ctx, s.store, draw, name)
					if err != nil {
						return err
					}
					if err := os.WriteFile(filepath.Join(out, name), content, 0o600); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().IntVar(&attempt, "attempt", 0, "number of the re-check, the last one for 0")
	cmd.Flags().StringVar(&out, "out", "recheck", "folder to write to")
	return cmd
}
