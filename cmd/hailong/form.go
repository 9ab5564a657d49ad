package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/static"
	"hailong/survey"
	"hailong/survey/xlsform"
)

func newFormCommand() *cobra.Command {
	form := &cobra.Command{
		Use:   "form",
		Short: "Check and try a questionnaire (XLSForm)",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	form.AddCommand(newFormCheckCommand(), newFormEvalCommand())
	return form
}

func newFormCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE.xlsx",
		Short: "Print what a questionnaire asks and what is wrong with it, as JSON",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, problems, err := readForm(args[0])
			if err != nil {
				return err
			}
			if err := printJSON(cmd.OutOrStdout(), newFormReport(q, problems)); err != nil {
				return err
			}
			return fault.InFile(fault.Of(fault.Invalid, problems), args[0])
		},
	}
}

func newFormEvalCommand() *cobra.Command {
	var answersFile string
	cmd := &cobra.Command{
		Use:   "eval FILE.xlsx --answers ANSWERS.json",
		Short: "Print which questions are asked, given some answers, and what is wrong with the answers, as JSON",
		Long: "The answers are one JSON object by question code: a text, a number, or a list of several choices.\n" +
			"Wrong answers are part of the result; the exit code is 0.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, problems, err := readForm(args[0])
			if err != nil {
				return err
			}
			form, _ := survey.Compile(q)
			if err := fault.Of(fault.Invalid, problems); err != nil {
				return fault.InFile(err, args[0])
			}
			raw, err := readAnswers(answersFile)
			if err != nil {
				return fault.InFile(err, answersFile)
			}
			return printJSON(cmd.OutOrStdout(), newEvaluation(form, raw))
		},
	}
	cmd.Flags().StringVar(&answersFile, "answers", "", "the answers, JSON")
	must(cmd.MarkFlagRequired("answers"))
	return cmd
}

// readForm reads a questionnaire; the error is of reading the file alone.
func readForm(path string) (survey.Questionnaire, []fault.Problem, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return survey.Questionnaire{}, nil, fault.InFile(fault.Wrap(err, fault.NotFound, "form.file"), path)
	}
	q, problems := xlsform.Read(data, xlsform.DefaultLimits)
	return q, problems, nil
}

// formReport is what form check prints.
type formReport struct {
	ID        survey.QuestionnaireID `json:"id"`
	Title     string                 `json:"title"`
	Version   string                 `json:"version"`
	Languages []string               `json:"languages"`
	Questions []questionReport       `json:"questions"`
	Problems  []problemReport        `json:"problems"`
}

type questionReport struct {
	Code       survey.QuestionCode `json:"code"`
	Kind       survey.QuestionKind `json:"kind"`
	Required   bool                `json:"required"`
	Group      survey.GroupID      `json:"group"`
	Label      string              `json:"label"`
	Choices    []string            `json:"choices,omitempty"`
	Relevant   string              `json:"relevant,omitempty"`
	Constraint string              `json:"constraint,omitempty"`
}

type problemReport struct {
	Severity fault.Severity `json:"severity"`
	Sheet    string         `json:"sheet"`
	Row      int            `json:"row"`
	Column   string         `json:"column"`
	Problem  string         `json:"problem"` // the stable code
	Message  string         `json:"message"`
}

func newFormReport(q survey.Questionnaire, problems []fault.Problem) formReport {
	report := formReport{
		ID: q.ID, Title: q.Title.In("", q.Languages...), Version: q.Version, Languages: append([]string{}, q.Languages...),
		Questions: []questionReport{}, Problems: []problemReport{},
	}
	for _, question := range q.Questions {
		item := questionReport{
			Code: question.Code, Kind: question.Kind, Required: question.Required, Group: question.Group,
			Label: question.Label.In("", q.Languages...), Relevant: question.Relevant, Constraint: question.Constraint,
		}
		for _, c := range question.Choices {
			item.Choices = append(item.Choices, c.Value)
		}
		report.Questions = append(report.Questions, item)
	}
	for _, p := range problems {
		report.Problems = append(report.Problems, problemReport{
			Severity: p.Severity, Sheet: p.Place.Sheet, Row: p.Place.Row, Column: p.Place.Column,
			Problem: p.Code, Message: static.Text(terminalLang(), p.Code, p.Args...),
		})
	}
	return report
}

// evaluation is what form eval prints.
type evaluation struct {
	Relevant map[survey.QuestionCode]bool `json:"relevant"`
	Values   map[string]any               `json:"values"` // of calculations, which questionnaires do not have
	Problems []answerProblem              `json:"problems"`
}

type answerProblem struct {
	Code    survey.QuestionCode `json:"code"`
	Problem string              `json:"problem"` // the stable code
	Message string              `json:"message"`
}

func newEvaluation(form *survey.Form, raw map[survey.QuestionCode][]string) evaluation {
	result := evaluation{Relevant: form.Relevant(survey.NewAnswers(raw)), Values: map[string]any{}, Problems: []answerProblem{}}
	_, problems := form.Check(survey.FieldsOf(raw))
	for _, p := range problems {
		result.Problems = append(result.Problems, answerProblem{survey.QuestionOf(p), p.Code, static.Text(terminalLang(), p.Code, p.Args...)})
	}
	return result
}

// readAnswers reads answers as a JSON object by question code.
func readAnswers(path string) (map[survey.QuestionCode][]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "form.file")
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	var given map[survey.QuestionCode]any
	if err := in.Decode(&given); err != nil {
		return nil, fault.Wrap(err, fault.Unreadable, "form.answers")
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, fault.New(fault.Unreadable, "form.answers")
	}
	raw := make(map[survey.QuestionCode][]string, len(given))
	for code, value := range given {
		values, several := value.([]any)
		if !several {
			values = []any{value}
		}
		for _, v := range values {
			switch v := v.(type) {
			case nil:
			case string:
				raw[code] = append(raw[code], v)
			case json.Number:
				raw[code] = append(raw[code], v.String())
			default:
				return nil, fault.New(fault.Invalid, "form.answer_type", "question", string(code))
			}
		}
	}
	return raw, nil
}
