package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/static"
)

// toldProblem is a problem with its sentence beside its code.
type toldProblem struct {
	fault.Problem
	Message string `json:"message"`
}

// tell writes problems that do not stop the work to standard error, in the
// language of the terminal, and returns them for the machine output.
func tell(cmd *cobra.Command, problems []fault.Problem) []toldProblem {
	told := make([]toldProblem, 0, len(problems))
	for _, p := range problems {
		text := static.ProblemText(terminalLang(), p)
		fmt.Fprintln(cmd.ErrOrStderr(), "hailong:", text)
		told = append(told, toldProblem{p, text})
	}
	return told
}
