package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hailong/fault"
)

// usageError marks an error in the call itself rather than in the input.
type usageError struct{ error }

// Unwrap gives the error that is marked.
func (e usageError) Unwrap() error { return e.error }

// isUsage tells errors of the call.
func isUsage(err error) bool {
	var usage usageError
	return errors.As(err, &usage)
}

// codeUsage makes a command, and those below it, report wrong calls as coded problems,
// which the reader's language is found for; cobra's own are English sentences. A
// command that only holds others is run, so that an unknown one is noticed.
func codeUsage(cmd *cobra.Command) {
	check := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if cmd.HasSubCommands() && len(args) > 0 {
			return usageError{fault.New(fault.Invalid, "usage.unknown_command", "name", args[0], "command", cmd.CommandPath(), "known", strings.Join(subcommands(cmd), ", "))}
		}
		if check != nil && check(cmd, args) != nil {
			return usageError{fault.New(fault.Invalid, "usage.arguments", "given", len(args), "usage", cmd.UseLine())}
		}
		return checkFlags(cmd)
	}
	if !cmd.Runnable() {
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	cmd.SetFlagErrorFunc(flagError)
	for _, sub := range cmd.Commands() {
		codeUsage(sub)
	}
}

func subcommands(cmd *cobra.Command) []string {
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

// checkFlags reports flags that must be there, or must not be there together, before
// cobra does.
func checkFlags(cmd *cobra.Command) error {
	var missing []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if len(f.Annotations[cobra.BashCompOneRequiredFlag]) > 0 && !f.Changed {
			missing = append(missing, "--"+f.Name)
		}
	})
	if len(missing) > 0 {
		return usageError{fault.New(fault.Invalid, "usage.flags_missing", "flags", strings.Join(missing, ", "), "command", cmd.CommandPath())}
	}
	err := cmd.ValidateFlagGroups()
	if err == nil {
		return nil
	}
	// Cobra says which rule was broken only in words, with the group in brackets.
	_, group, _ := strings.Cut(err.Error(), "[")
	group, rule, _ := strings.Cut(group, "]")
	flags := "--" + strings.ReplaceAll(group, " ", ", --")
	switch {
	case strings.Contains(rule, "none of the others"):
		return usageError{fault.New(fault.Invalid, "usage.flags_exclusive", "flags", flags)}
	case strings.Contains(rule, "must all be set"):
		return usageError{fault.New(fault.Invalid, "usage.flags_together", "flags", flags)}
	}
	return usageError{fault.New(fault.Invalid, "usage.flags_one_of", "flags", flags)}
}

// flagError codes what the parser of flags reports.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = name[1:]
		}
		return usageError{fault.Wrap(err, fault.Invalid, "usage.flag_unknown", "flag", name, "command", cmd.CommandPath())}
	case errors.As(err, &empty):
		return usageError{fault.Wrap(err, fault.Invalid, "usage.flag_empty", "flag", "--"+empty.GetFlag().Name)}
	case errors.As(err, &wrong):
		return usageError{fault.Wrap(err, fault.Invalid, "usage.flag_value", "flag", "--"+wrong.GetFlag().Name, "value", wrong.GetValue(), "type", wrong.GetFlag().Value.Type())}
	}
	return usageError{fault.Wrap(err, fault.Invalid, "usage.flag_malformed", "command", cmd.CommandPath())}
}
