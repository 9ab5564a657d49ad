package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/scorecard"
	"hailong/survey"
	"hailong/survey/xlsform"
)

// questionnaireFile is what an export calls the questionnaire.
const questionnaireFile = "questionnaire.xlsx"

// verifyEdition computes every figure of an edition again from its public
// tally and names those that differ.
func verifyEdition(cmd *cobra.Command, flags verifyFlags) error {
	edition, err := readFrom(flags.edition, readEdition)
	if err != nil {
		return err
	}
	tally, err := readFrom(flags.tally, io.ReadAll)
	if err != nil {
		return err
	}
	path := flags.questionnaire
	if path == "" {
		path = filepath.Join(filepath.Dir(flags.edition), questionnaireFile)
	}
	q, err := readFrom(path, readQuestionnaire)
	if err != nil {
		return err
	}
	differences, err := scorecard.Recompute(edition, q, scorecard.Shipped(), tally)
	if err != nil {
		return fault.InFile(err, flags.tally)
	}
	if err := fault.Of(fault.Invalid, differences); err != nil {
		return fault.InFile(err, flags.edition)
	}
	if edition.Simulated {
		warn(cmd, "edition.simulated")
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), "verified")
	return err
}

func readEdition(r io.Reader) (scorecard.Edition, error) {
	var e scorecard.Edition
	if err := json.NewDecoder(r).Decode(&e); err != nil {
		return e, fault.Wrap(err, fault.Unreadable, "edition.malformed")
	}
	return e, nil
}

func readQuestionnaire(r io.Reader) (survey.Questionnaire, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return survey.Questionnaire{}, err
	}
	q, problems := xlsform.Read(raw, xlsform.DefaultLimits)
	return q, fault.Of(fault.Invalid, problems)
}
