package main

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/scorecard"
)

// indexFlags are what index is called with.
type indexFlags struct {
	definition, values string
	reference          []string
}

func newIndexCommand() *cobra.Command {
	var flags indexFlags
	cmd := &cobra.Command{
		Use:   "index",
		Short: "Compute an index of indicators, such as PAPI's, by a definition that is data",
		Long: "Reads a definition (a tree of indicators and what they make together) and a CSV with a column \"unit\" and one\n" +
			"for each indicator, and writes every unit's values and group as JSON. Indicators with observed bounds take\n" +
			"them from the reference files, one a year, which have the same columns.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return computeIndex(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.definition, "definition", "", "the definition, JSON")
	cmd.Flags().StringVar(&flags.values, "values", "", "the indicators of the units, CSV")
	cmd.Flags().StringArrayVar(&flags.reference, "reference", nil, "indicators of a year that observed bounds are taken from; may be repeated")
	must(cmd.MarkFlagRequired("definition"))
	must(cmd.MarkFlagRequired("values"))
	return cmd
}

func computeIndex(cmd *cobra.Command, flags indexFlags) error {
	definition, err := readFrom(flags.definition, scorecard.ReadComposite)
	if err != nil {
		return err
	}
	read := func(in io.Reader) (unitValues, error) { return readIndicators(in, definition.Indicators()) }
	values, err := readFrom(flags.values, read)
	if err != nil {
		return err
	}
	var years []map[string]scorecard.Indicators
	for _, path := range flags.reference {
		year, err := readFrom(path, read)
		if err != nil {
			return err
		}
		years = append(years, year.byUnit())
	}
	units, err := definition.Compute(values.units, values.indicators, scorecard.Observe(years...))
	if err != nil {
		return fault.InFile(err, flags.values)
	}
	return printJSON(cmd.OutOrStdout(), struct {
		Definition scorecard.Ref             `json:"definition"`
		Digest     string                    `json:"definition_digest"`
		Units      []scorecard.CompositeUnit `json:"units"`
	}{definition.Ref(), definition.Digest(), units})
}

// unitValues are the rows of a file of indicators.
type unitValues struct {
	units      []string
	indicators []scorecard.Indicators
}

func (v unitValues) byUnit() map[string]scorecard.Indicators {
	out := make(map[string]scorecard.Indicators, len(v.units))
	for i, unit := range v.units {
		out[unit] = v.indicators[i]
	}
	return out
}

// readIndicators reads the column unit and those of the indicators; others are passed
// over, and an empty cell or NA is a missing indicator.
func readIndicators(in io.Reader, ids []string) (unitValues, error) {
	var out unitValues
	reader := csv.NewReader(in)
	header, err := reader.Read()
	if err != nil {
		return out, fault.Wrap(err, fault.Unreadable, "frame.malformed", "line", 1)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	places := map[string]int{}
	var problems []fault.Problem
	for _, id := range append([]string{"unit"}, ids...) {
		if places[id] = slices.Index(header, id); places[id] < 0 {
			problems = append(problems, fault.P("composite.values", "column", id).AtRow(1, ""))
		}
	}
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return out, err
	}
	for row := 2; ; row++ {
		record, err := reader.Read()
		if err == io.EOF {
			return out, fault.Of(fault.Invalid, problems)
		}
		if err != nil {
			return out, fault.Wrap(err, fault.Unreadable, "frame.malformed", "line", row)
		}
		unit := record[places["unit"]]
		if slices.Contains(out.units, unit) {
			problems = append(problems, fault.P("composite.twice", "unit", unit).AtRow(row, "unit"))
		}
		values := scorecard.Indicators{}
		for _, id := range ids {
			text := record[places[id]]
			if text == "" || text == "NA" {
				continue
			}
			x, err := strconv.ParseFloat(text, 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
				problems = append(problems, fault.P("composite.number", "value", text).AtRow(row, id))
				continue
			}
			values[id] = x
		}
		out.units, out.indicators = append(out.units, unit), append(out.indicators, values)
	}
}
