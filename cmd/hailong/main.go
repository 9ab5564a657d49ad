// Command hailong runs citizen satisfaction surveys from the sampling frame to
// the published index: one binary, one subcommand a file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/static"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with its surroundings as arguments, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil {
		printError(stderr, err)
	}
	return exitCode(err)
}

// newRootCommand assembles the subcommands.
func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "hailong",
		Short:         "Khảo sát sự hài lòng của người dân · citizen satisfaction surveys",
		Version:       programVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		newBackupCommand(),
		newCopyCommand(),
		newDrawCommand(),
		newEstimateCommand(),
		newFormCommand(),
		newIndexCommand(),
		newPagesCommand(),
		newPlansCommand(),
		newRestoreCommand(),
		newRoundCommand(),
		newScoreCommand(),
		newServeCommand(),
		newSizeCommand(), newRatesCommand(),
		newUnitsCommand(),
		newTransactionsCommand(),
		newUserCommand(),
		newVerifyCommand(),
		newVersionCommand(),
	)
	return root
}

// usageError marks an error in the call itself rather than in the input.
type usageError struct{ error }

// The exit codes that scripts rely on.
const (
	exitDone   = 0
	exitInput  = 1
	exitUsage  = 2
	exitSystem = 3
)

// exitCode is the one place that maps errors to exit codes.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case isUsage(err):
		return exitUsage
	}
	switch fault.KindOf(err) {
	case fault.Internal, fault.Unavailable:
		return exitSystem
	default:
		return exitInput
	}
}

// isUsage tells errors of the call: ours, and those that cobra makes itself
// for unknown commands and wrong numbers of arguments, which have no type.
func isUsage(err error) bool {
	var usage usageError
	if errors.As(err, &usage) {
		return true
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return false
	}
	text := err.Error()
	for _, prefix := range []string{"unknown command", "accepts ", "requires ", "required flag", "unknown flag", "invalid argument", "at least one of the flags", "if any flags"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

// printError writes every problem on a line of its own, in the language of the
// terminal, and the cause of a failure of the system after them.
func printError(w io.Writer, err error) {
	if isUsage(err) {
		fmt.Fprintln(w, "hailong:", err)
		return
	}
	for _, p := range fault.ProblemsOf(err) {
		fmt.Fprintln(w, "hailong:", static.ProblemText(terminalLang(), p))
	}
	if exitCode(err) == exitSystem {
		fmt.Fprintln(w, "hailong:", err)
	}
}

// terminalLang is Vietnamese unless HAILONG_LANG, LC_ALL or LANG say English.
func terminalLang() static.Lang {
	for _, name := range []string{"HAILONG_LANG", "LC_ALL", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, "en") {
				return static.English
			}
			return static.Vietnamese
		}
	}
	return static.Vietnamese
}
