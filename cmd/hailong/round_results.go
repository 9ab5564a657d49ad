package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/static"
	"hailong/survey"
	"hailong/survey/xlsform"
)

func newRoundComputeCommand() *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   "compute ID",
		Short: "Compute the next edition of the index from the answers",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				e, err := s.desk.Compute(ctx, operator, survey.RoundID(args[0]))
				if err != nil {
					return err
				}
				return printOverall(cmd.OutOrStdout(), e)
			})
		},
	}
	p.bind(cmd)
	return cmd
}

// printOverall writes the overall figures, a line a domain.
func printOverall(w io.Writer, e scorecard.Edition) error {
	lang := terminalLang()
	for _, f := range e.Figures {
		if f.Tier != scorecard.TierOverall {
			continue
		}
		_, err := fmt.Fprintf(w, "%s\t%s\tn=%d\tse=%s\t[%s; %s]\t%s\n", f.Domain.Name,
			static.Number(lang, float64(f.Value), 2), f.N, static.Number(lang, float64(f.SE), 2),
			static.Number(lang, float64(f.Logit.Low), 2), static.Number(lang, float64(f.Logit.High), 2), f.Publication)
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", e.Round, e.Number, e.Formula, e.InputDigest)
	return err
}

func newRoundQualityCommand() *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:   "quality ID",
		Short: "Test the answers for copied, hasty and made-up sheets, as JSON",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				report, err := s.desk.Quality(ctx, survey.RoundID(args[0]))
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), report)
			})
		},
	}
	p.bind(cmd)
	return cmd
}

func newRoundExportCommand() *cobra.Command {
	var p place
	var out string
	var number int
	cmd := &cobra.Command{
		Use:   "export ID",
		Short: "Write everything that may leave: frames, receipts and samples of the draws, and an edition with its tally",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				x := exporting{system: s, round: survey.RoundID(args[0]), out: out}
				if err := x.draws(ctx); err != nil {
					return err
				}
				return x.edition(ctx, number)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&out, "out", "out", "folder to write to")
	cmd.Flags().IntVar(&number, "edition", 0, "number of the edition; the last one if 0")
	return cmd
}

// exporting writes the public files of a round into a folder.
type exporting struct {
	*system
	round survey.RoundID
	out   string
}

// draws writes a folder for every attempt at a draw, as `hailong draw` does.
func (x exporting) draws(ctx context.Context) error {
	attempts, err := x.store.Draws(ctx, x.round)
	if err != nil {
		return err
	}
	for _, draw := range attempts {
		folder := filepath.Join(x.out, fmt.Sprintf("draw-%d-attempt-%d", draw.Stage, draw.Attempt))
		frame, err := x.blob(ctx, draw.Frame)
		if err != nil {
			return err
		}
		files := map[string][]byte{
			"frame.csv": frame, "plan.json": draw.Plan.Canonical(), "commitment.json": draw.Commitment.Encode(),
		}
		if draw.Done() {
			if err := x.drawn(ctx, draw, files); err != nil {
				return err
			}
		}
		if err := writeFolder(folder, files); err != nil {
			return err
		}
	}
	return nil
}

func (x exporting) drawn(ctx context.Context, draw conduct.Draw, files map[string][]byte) error {
	frame, err := sampling.ReadFrame(bytes.NewReader(files["frame.csv"]))
	if err != nil {
		return err
	}
	files["frame.lines"], files["receipt.json"] = frame.Lines(), draw.Receipt.Encode()
	files["sample.csv"], err = x.blob(ctx, draw.Sample)
	return err
}

func (x exporting) blob(ctx context.Context, digest string) ([]byte, error) {
	blob, err := x.store.OpenBlob(ctx, digest)
	if err != nil {
		return nil, err
	}
	defer blob.Close()
	return io.ReadAll(blob)
}

// edition writes an edition in every form; a round without one has none.
func (x exporting) edition(ctx context.Context, number int) error {
	heads, err := x.store.Editions(ctx, x.round)
	if err != nil {
		return err
	}
	if len(heads) == 0 {
		return nil
	}
	if number == 0 {
		number = heads[len(heads)-1].Number
	}
	e, head, err := x.desk.Edition(ctx, x.round, number)
	if err != nil {
		return err
	}
	q, err := x.store.Questionnaire(ctx, e.Questionnaire)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	if files["tally.csv"], err = x.blob(ctx, head.Tally); err != nil {
		return err
	}
	formula, err := scorecard.Find(x.desk.Formulas, e.Formula)
	if err != nil {
		return err
	}
	if err := renderEdition(files, export.Report{Edition: e, Questionnaire: q, Formula: formula}); err != nil {
		return err
	}
	return writeFolder(filepath.Join(x.out, fmt.Sprintf("edition-%d", number)), files)
}

// renderEdition adds an edition in every form, for machines and for people, and
// the questionnaire that it was asked with.
func renderEdition(files map[string][]byte, r export.Report) (err error) {
	lang := terminalLang()
	for name, write := range map[string]func(io.Writer) error{
		"edition.json":       func(w io.Writer) error { return export.EditionJSON(w, r.Edition) },
		"edition.csv":        func(w io.Writer) error { return export.EditionCSV(w, r) },
		"edition-people.csv": func(w io.Writer) error { return export.EditionReadableCSV(w, lang, r) },
		"edition.xlsx":       func(w io.Writer) error { return export.EditionXLSX(w, lang, r) },
		"edition.pdf":        func(w io.Writer) error { return export.ReportPDF(w, lang, r) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return err
		}
		files[name] = b.Bytes()
	}
	files["questionnaire.xlsx"], err = xlsform.Write(r.Questionnaire)
	return err
}

// writeFolder writes files into a folder, each whole or not at all.
func writeFolder(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fault.InFile(fault.Wrap(err, fault.Unavailable, "file.unwritable"), folder)
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := writeWhole(path, content); err != nil {
			return fault.InFile(fault.Wrap(err, fault.Unavailable, "file.unwritable"), path)
		}
	}
	return nil
}
