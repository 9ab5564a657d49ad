package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"hailong/account"
)

func TestAPasswordIsTheSameHoweverATerminalComposesIt(t *testing.T) {
	const password = "mưa rào cuối hạ, gió nồm"
	cmd := &cobra.Command{}
	cmd.SetContext(t.Context())
	cmd.SetIn(strings.NewReader(norm.NFD.String(password) + "\r\n"))
	hash, err := readPassword(cmd, account.User{Name: "lan"})
	if err != nil {
		t.Fatal(err)
	}
	if right, err := account.NewHasher().Verify(t.Context(), hash, password, true); err != nil || !right {
		t.Errorf("the console would not take it: %v, %v", right, err)
	}
}
