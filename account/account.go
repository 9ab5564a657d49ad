// Package account holds who may do what: users with their role and their part
// of the territory, the one policy function, passwords, sessions, one-time
// sign-in links, the throttle on guessing, and the audit record.
//
// Nothing here reads a clock or a store: times are arguments, and what must be
// remembered is handed back to be stored. Randomness comes from crypto/rand.
// Secrets (session tokens, link tokens, devices) are stored as hashes only, so
// that a copy of the database signs nobody in.
package account

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hailong/fault"
	"hailong/territory"
)

// Name is what a user signs in with: lower-case ASCII letters, digits, dots,
// hyphens and underscores, 2 to 40 characters, beginning with a letter.
type Name string

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,39}$`)

// ParseName reads a name as people type it: any case, spaces around it.
func ParseName(text string) (Name, error) {
	name := Name(strings.ToLower(strings.TrimSpace(text)))
	if !namePattern.MatchString(string(name)) {
		return "", fault.New(fault.Invalid, "account.name")
	}
	return name, nil
}

// Role says what kind of work a user does.
type Role string

// The roles.
const (
	Admin   Role = "admin"   // province administrator: users, and all that an analyst does
	Analyst Role = "analyst" // prepares rounds, draws, computes, exports
	Officer Role = "officer" // of a commune: village lists, posters
	Watcher Role = "watcher" // of the Front or another body: reads, verifies, changes nothing
)

// Roles lists the roles in the order in which they are offered.
var Roles = []Role{Admin, Analyst, Officer, Watcher}

// Everywhere is the scope of a user who is bound to no unit, such as the one
// who installs the program before any unit is known.
const Everywhere territory.Code = "*"

// Path is a unit followed by its ancestors, the nearest first: village,
// commune, province. The path of Everywhere is Everywhere alone.
type Path []territory.Code

// Unit is the unit that the path leads to, or "" for an empty path.
func (p Path) Unit() territory.Code {
	if len(p) == 0 {
		return ""
	}
	return p[0]
}

// In reports whether the unit of the path lies in the subtree of the scope.
func (p Path) In(scope territory.Code) bool {
	return scope != "" && len(p) > 0 && (scope == Everywhere || slices.Contains(p, scope))
}

// User is one person who signs in to the console.
type User struct {
	Name         Name           `json:"name"`
	FullName     string         `json:"full_name"`
	Role         Role           `json:"role"`
	Scope        territory.Code `json:"scope"`          // the subtree of units the user works on
	Lang         string         `json:"lang,omitempty"` // interface language, "" for the default
	PasswordHash PasswordHash   `json:"password_hash,omitempty"`
	Disabled     bool           `json:"disabled,omitempty"`
	SessionEpoch int            `json:"session_epoch"` // sessions of another epoch are dead
	Devices      []Device       `json:"devices,omitempty"`
	CreatedAt    time.Time      `json:"created_at"`
	LastSignIn   time.Time      `json:"last_sign_in,omitzero"`

	Revision int64 `json:"-"` // of the stored document; a change needs the one it was read with
}

// Validate reports what is missing or malformed in the parts of a user that an
// administrator fills in.
func (u User) Validate() []fault.Problem {
	var problems []fault.Problem
	if _, err := ParseName(string(u.Name)); err != nil {
		problems = append(problems, fault.ProblemsOf(err)...)
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(u.FullName)); n == 0 || n > 100 {
		problems = append(problems, fault.P("account.full_name"))
	}
	if !slices.Contains(Roles, u.Role) {
		problems = append(problems, fault.P("account.role"))
	}
	if u.Scope == "" {
		problems = append(problems, fault.P("account.scope"))
	}
	return problems
}

// DormantAfter is how long an account may go unused before its password alone
// no longer opens it; a one-time link from an administrator wakes it.
const DormantAfter = 45 * 24 * time.Hour

// MaySignIn reports whether the user may sign in at the time given: nil, or
// why not. Ask it only after the password or the link was found right, or it
// tells strangers which accounts exist.
func (u User) MaySignIn(at time.Time, byLink bool) error {
	last := u.LastSignIn
	if last.Before(u.CreatedAt) {
		last = u.CreatedAt
	}
	switch {
	case u.Disabled:
		return fault.New(fault.Denied, "account.disabled")
	case !byLink && at.Sub(last) > DormantAfter:
		return fault.New(fault.Denied, "account.dormant", "days", int(DormantAfter.Hours()/24))
	}
	return nil
}

// Changed returns the user with another role, scope or state, all sessions
// ended, so that nobody goes on with the rights of before.
func (u User) Changed(role Role, scope territory.Code, disabled bool) User {
	if u.Role != role || u.Scope != scope || u.Disabled != disabled {
		u.SessionEpoch++
	}
	u.Role, u.Scope, u.Disabled = role, scope, disabled
	return u
}

// WithPassword returns the user with a new password: all sessions end and no
// device is known any more.
func (u User) WithPassword(hash PasswordHash) User {
	u.PasswordHash, u.Devices = hash, nil
	u.SessionEpoch++
	return u
}
