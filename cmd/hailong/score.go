package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/scorecard"
)

// scoreFlags are what score is called with.
type scoreFlags struct{ sheet, previous, peers string }

func newScoreCommand() *cobra.Command {
	var flags scoreFlags
	cmd := &cobra.Command{
		Use:   "score",
		Short: "Add up a PAR Index score sheet and compare it with the sheet before and with other units",
		Long: "Writes points, maxima, what is pending, open and lost, percentages and classes of SHEET.json as JSON to\n" +
			"standard output. What does not fit is reported there and on standard error, and never mended.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return score(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.sheet, "sheet", "", "the score sheet, JSON")
	cmd.Flags().StringVar(&flags.previous, "previous", "", "the unit's sheet of the period before: adds the changes")
	cmd.Flags().StringVar(&flags.peers, "peers", "", "folder with the sheets of all units: adds ranks and averages")
	must(cmd.MarkFlagRequired("sheet"))
	return cmd
}

func score(cmd *cobra.Command, flags scoreFlags) error {
	sheet, err := readSheet(flags.sheet)
	if err != nil {
		return err
	}
	var with scorecard.Comparison
	if flags.previous != "" {
		previous, err := readSheet(flags.previous)
		if err != nil {
			return err
		}
		with.Previous = &previous
	}
	if flags.peers != "" {
		if with.Peers, err = readPeers(cmd, flags.peers); err != nil {
			return err
		}
	}
	result, err := scorecard.Score(sheet, with)
	if err != nil {
		return err
	}
	return printJSON(cmd.OutOrStdout(), struct {
		scorecard.Result
		Problems []toldProblem `json:"problems"`
	}{result, tell(cmd, result.Problems)})
}

// readSheet reads a sheet and the editions that it takes values from, whose
// paths are relative to its folder.
func readSheet(path string) (scorecard.Sheet, error) {
	sheet, err := readFrom(path, scorecard.ReadSheet)
	if err != nil {
		return scorecard.Sheet{}, err
	}
	sheet.File = path
	editions := map[string]scorecard.Edition{}
	for _, name := range sheet.Editions() {
		file := name
		if !filepath.IsAbs(name) {
			file = filepath.Join(filepath.Dir(path), name)
		}
		if editions[name], err = readFrom(file, readEdition); err != nil {
			return scorecard.Sheet{}, err
		}
	}
	return sheet.FillIn(editions)
}

// readPeers reads every score sheet of a folder. Other JSON files, such as the
// editions that sheets refer to, are passed over with a warning.
func readPeers(cmd *cobra.Command, folder string) ([]scorecard.Sheet, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, fault.InFile(fault.Wrap(err, fault.NotFound, "draw.input"), folder)
	}
	var peers []scorecard.Sheet
	for _, file := range files {
		path := filepath.Join(folder, file.Name())
		if file.IsDir() || filepath.Ext(path) != ".json" {
			continue
		}
		isSheet, err := readFrom(path, scorecard.IsSheet)
		if err != nil {
			return nil, err
		}
		if !isSheet {
			tell(cmd, []fault.Problem{fault.P("sheet.peer_other_file").At(fault.Place{File: path})})
			continue
		}
		peer, err := readSheet(path)
		if err != nil {
			return nil, err
		}
		peers = append(peers, peer)
	}
	if len(peers) == 0 {
		return nil, fault.InFile(fault.New(fault.NotFound, "sheet.no_peers"), folder)
	}
	return peers, nil
}
