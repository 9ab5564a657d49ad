package main

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"hailong/account"
	"hailong/fault"
	"hailong/server/console"
	"hailong/territory"
)

func newUserCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Add users and make one-time sign-in links"}
	cmd.AddCommand(newUserAddCommand(), newUserLinkCommand())
	return cmd
}

// newUser is what `hailong user add` is told.
type newUser struct {
	place
	fullName, role, scope, base string
	password                    bool
}

func newUserAddCommand() *cobra.Command {
	var n newUser
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a user and print a one-time sign-in link, or read a password from standard input",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return n.run(cmd, args[0]) },
	}
	n.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&n.fullName, "full-name", "", "the person's name (default: NAME)")
	flags.StringVar(&n.role, "role", string(account.Officer), "admin, analyst, officer or watcher")
	flags.StringVar(&n.scope, "unit", string(account.Everywhere), "code of the unit whose subtree the user works on; * for all")
	flags.StringVar(&n.base, "base-url", env("HAILONG_BASE_URL", "http://127.0.0.1:8080"), "address of the server, for the link (HAILONG_BASE_URL)")
	flags.BoolVar(&n.password, "password-stdin", false, "read the password from the first line of standard input")
	return cmd
}

func (n newUser) run(cmd *cobra.Command, name string) error {
	parsed, err := account.ParseName(name)
	if err != nil {
		return err
	}
	u := account.User{
		Name: parsed, FullName: n.fullName, Role: account.Role(n.role), Scope: territory.Code(n.scope), CreatedAt: now(),
	}
	if u.FullName == "" {
		u.FullName = name
	}
	if n.password {
		if u.PasswordHash, err = readPassword(cmd, u); err != nil {
			return err
		}
	}
	if err := fault.Of(fault.Invalid, u.Validate()); err != nil {
		return err
	}
	return n.with(cmd, func(ctx context.Context, s *system) error {
		path, err := s.store.UnitPath(ctx, u.Scope)
		if err != nil {
			return err
		}
		rec := account.NewRecord(now(), operator, account.AddUser, string(u.Name), "role", string(u.Role)).On(path)
		if err := s.store.AddUser(ctx, rec, u); err != nil {
			return err
		}
		if n.password {
			return nil
		}
		return printLink(ctx, cmd, s, u.Name, n.base)
	})
}

func readPassword(cmd *cobra.Command, u account.User) (account.PasswordHash, error) {
	line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fault.Wrap(err, fault.Invalid, "account.no_password")
	}
	line = norm.NFC.String(line) // as the console reads it: a terminal may send "ế" as three characters
	if err := account.CheckPassword(line, u); err != nil {
		return "", err
	}
	return account.NewHasher().Hash(cmd.Context(), line)
}

func newUserLinkCommand() *cobra.Command {
	var p place
	var base string
	cmd := &cobra.Command{
		Use:   "link NAME",
		Short: "Print a one-time sign-in link for a user, good for 15 minutes",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.with(cmd, func(ctx context.Context, s *system) error {
				return printLink(ctx, cmd, s, account.Name(args[0]), base)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&base, "base-url", env("HAILONG_BASE_URL", "http://127.0.0.1:8080"), "address of the server (HAILONG_BASE_URL)")
	return cmd
}

func printLink(ctx context.Context, cmd *cobra.Command, s *system, name account.Name, base string) error {
	address, err := url.Parse(base)
	if err != nil {
		return fault.New(fault.Invalid, "serve.base_url", "url", base)
	}
	link, err := s.link(ctx, name, address)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), link)
	return err
}

// link makes a one-time sign-in link for a user.
func (s *system) link(ctx context.Context, name account.Name, base *url.URL) (string, error) {
	u, err := s.store.User(ctx, name)
	if err != nil {
		return "", err
	}
	path, err := s.store.UnitPath(ctx, u.Scope)
	if err != nil {
		return "", err
	}
	link, secret := account.NewLink(u, now())
	rec := account.NewRecord(now(), operator, account.LinkUser, string(u.Name)).On(path)
	if err := s.store.AddLink(ctx, rec, link); err != nil {
		return "", err
	}
	return base.JoinPath(console.Root, "link", secret.Reveal()).String(), nil
}
