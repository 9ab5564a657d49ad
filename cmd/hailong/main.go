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
	codeUsage(root)
	return root
}

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

// printError writes every problem on a line of its own, in the language of the
// terminal. Of a setting that cannot be used, or a disk or store that is away, the
// system's own word follows in parentheses; of a failure of the program its cause, on a
// line for whoever mends it.
func printError(w io.Writer, err error) {
	reason := ""
	var number syscall.Errno
	if fault.Is(err, fault.Unavailable) && errors.As(err, &number) {
		reason = " (" + number.Error() + ")"
	}
	for _, p := range fault.ProblemsOf(err) {
		fmt.Fprintln(w, "hailong:", static.ProblemText(terminalLang(), p)+reason)
	}
	if fault.Is(err, fault.Internal) {
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
