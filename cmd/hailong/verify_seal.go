package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hailong/fault"
	"hailong/sampling"
	"hailong/territory"
)

func newVerifySealCommand() *cobra.Command {
	var frame, key, salt, line string
	cmd := &cobra.Command{
		Use:   "seal",
		Short: "Check one person's line against its seal in the public frame",
		Long: "Prints \"verified\" if the SHA-256 of the salt followed by the line is the seal that the public frame of\n" +
			"people holds in the row of the key. Key, salt and line stand on the slip that the person was given.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := readFrom(frame, sampling.ReadFrame)
			if err != nil {
				return err
			}
			var s sampling.Salt
			if err := s.UnmarshalText([]byte(strings.Join(strings.Fields(salt), ""))); err != nil {
				return fault.New(fault.Invalid, "public.seal.no_salt")
			}
			typed := sampling.PersonalLine(strings.Join(strings.Fields(territory.NFC(line)), " "))
			if err := sampling.CheckSeal(f, sampling.PersonKey(strings.ToLower(strings.TrimSpace(key))), s, typed); err != nil {
				return fault.InFile(err, frame)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "verified")
			return err
		},
	}
	cmd.Flags().StringVar(&frame, "frame", "", "the public frame of people, CSV")
	cmd.Flags().StringVar(&key, "key", "", "the person's key")
	cmd.Flags().StringVar(&salt, "salt", "", "the salt, 32 hexadecimal digits")
	cmd.Flags().StringVar(&line, "line", "", "the person's line, as on the slip")
	for _, name := range []string{"frame", "key", "salt", "line"} {
		must(cmd.MarkFlagRequired(name))
	}
	return cmd
}
