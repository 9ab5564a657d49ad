package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/fault"
	"hailong/server/files"
	"hailong/survey"
	"hailong/territory"
)

// slipFlags are what hailong round slips was given.
type slipFlags struct {
	village, base, out string
	again, uncoded     bool
	lost               []int
}

func newRoundSlipsCommand() *cobra.Command {
	var p place
	var f slipFlags
	cmd := &cobra.Command{
		Use:   "slips ID --village CODE --out FILE.pdf",
		Short: "Make the sealed slips of a village's drawn people: of all, of those without a code, or of lost letters",
		Long: `Writes a PDF of fold-and-seal slips, name outside and code inside. Codes are in the file alone; the database keeps hashes.

Without a choice everybody with a place in the sample gets one, once; --again makes new ones and voids all codes made before.
--uncoded is for those who have a place and no code, such as reserves, and voids nothing. --lost 3,17 is for people whose letters
were lost, by number in the drawn order: their codes become void and new ones are made. Every making is recorded.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			base, err := f.check()
			if err != nil {
				return err
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				return s.writeSlips(ctx, cmd, survey.RoundID(args[0]), base, f)
			})
		},
	}
	p.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.village, "village", "", "code of the village")
	flags.StringVar(&f.out, "out", "", "the PDF to write, readable by its owner alone")
	flags.StringVar(&f.base, "base-url", env("HAILONG_BASE_URL", "http://127.0.0.1:8080"), "public address of the server, as printed in QR codes (HAILONG_BASE_URL)")
	flags.BoolVar(&f.again, "again", false, "make slips of all again, which voids the codes made before")
	flags.BoolVar(&f.uncoded, "uncoded", false, "only people with a place and no code")
	flags.IntSliceVar(&f.lost, "lost", nil, "numbers of people whose letters were lost, with commas between")
	must(cmd.MarkFlagRequired("village"))
	must(cmd.MarkFlagRequired("out"))
	cmd.MarkFlagsMutuallyExclusive("again", "uncoded", "lost")
	return cmd
}

// check reads the public address.
func (f slipFlags) check() (*url.URL, error) {
	base, err := url.Parse(f.base)
	if err != nil || base.Host == "" {
		return nil, usageError{fault.New(fault.Invalid, "serve.base_url", "url", f.base)}
	}
	return base, nil
}

// writeSlips makes the slips that were asked for. The file is made before any code
// is, so that no codes are voided for a file that cannot be written.
func (s *system) writeSlips(ctx context.Context, cmd *cobra.Command, round survey.RoundID, base *url.URL, f slipFlags) (err error) {
	r, err := s.desk.Store.Round(ctx, round)
	if err != nil {
		return err
	}
	tree, err := s.store.UnitTree(ctx)
	if err != nil {
		return err
	}
	village, _ := tree.Unit(territory.Code(f.village))
	commune, _ := tree.Unit(village.Parent)
	file, err := os.OpenFile(f.out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.InFile(fault.Wrap(err, fault.Unavailable, "file.unwritable"), f.out)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(f.out) // of what failed nothing is left to be taken for slips
		}
	}()
	made, err := s.makeSlips(ctx, round, territory.Code(f.village), f)
	if err != nil {
		return err
	}
	sheet := files.SlipSheet{Round: r, Village: village, Commune: commune.FullName(), Base: base, At: time.Now()}
	var out bytes.Buffer
	if err := sheet.PDF(&out, terminalLang(), made); err != nil {
		return err
	}
	if _, err := file.Write(out.Bytes()); err != nil {
		return fault.InFile(fault.Wrap(err, fault.Unavailable, "file.unwritable"), f.out)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\tslips %d\n", f.out, len(made))
	return err
}

func (s *system) makeSlips(ctx context.Context, round survey.RoundID, village territory.Code, f slipFlags) ([]conduct.Slip, error) {
	switch {
	case f.uncoded:
		return s.desk.ProduceNewSlips(ctx, operator, round, village)
	case len(f.lost) > 0:
		return s.desk.ProduceLostSlips(ctx, operator, round, village, f.lost)
	}
	before, err := s.desk.Store.Batches(ctx, round, village)
	if err == nil && len(before) > 0 && !f.again {
		err = fault.New(fault.Conflict, "slips.made_before", "times", len(before))
	}
	if err != nil {
		return nil, err
	}
	return s.desk.ProduceSlips(ctx, operator, round, village)
}
