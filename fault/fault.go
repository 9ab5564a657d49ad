// Package fault holds the few kinds of error that the program knows and the
// coded problems that travel inside them.
//
// A problem is a code with named arguments and a place; it is never a sentence.
// The sentence is made where the reader is known, by static.Text, in the
// reader's language. Kinds are mapped to HTTP statuses in one place of package
// server and to exit codes in one place of cmd/hailong.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says who can do something about an error. The zero Kind is Internal, so
// that an error nobody classified is never blamed on the reader.
type Kind uint8

// The kinds. Every error that leaves a package of this program has one.
const (
	Internal    Kind = iota // the program or the machine failed
	Invalid                 // the input is at fault; the problems say where
	Unreadable              // the input could not be read at all
	NotFound                // what was named does not exist
	Denied                  // the reader may not do this, or a proof was forged or has expired
	Conflict                // it exists already, or was changed by another hand meanwhile
	Gone                    // it existed and is closed for good
	TooLarge                // more bytes or rows than are accepted
	TooMany                 // asked too often; try again later
	Unavailable             // a store or a disk is away or full; try again
)

var kindNames = [...]string{
	"internal", "invalid", "unreadable", "not_found", "denied", "conflict", "gone", "too_large", "too_many", "unavailable",
}

// String returns the kind's stable name, for logs and for machine output.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Severity tells a problem that stops the work from one that is only reported.
type Severity string

// The two severities. The zero value counts as SeverityError.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Place is where in the input a problem lies. Fields that do not apply are
// empty; rows are counted from 1 as the reader's spreadsheet counts them.
type Place struct {
	File   string `json:"file,omitempty"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	Entry  string `json:"entry,omitempty"` // what a specification calls the entry at fault
}

// Arg is one named argument of a problem.
type Arg struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Problem is one thing wrong with the input: a stable code ("list.duplicate"),
// its arguments, and its place.
type Problem struct {
	Code     string   `json:"code"`
	Args     []Arg    `json:"args,omitempty"`
	Severity Severity `json:"severity,omitempty"`
	Place    Place    `json:"place,omitzero"`
}

// P makes a problem from a code and pairs of argument name and value, in the
// manner of log/slog. It panics if the pairs are malformed, which only a
// programming mistake can cause.
func P(code string, pairs ...any) Problem {
	if len(pairs)%2 != 0 {
		panic("fault.P: " + code + ": arguments come in pairs of name and value")
	}
	p := Problem{Code: code, Severity: SeverityError}
	for i := 0; i < len(pairs); i += 2 {
		p.Args = append(p.Args, Arg{Name: pairs[i].(string), Value: pairs[i+1]})
	}
	return p
}

// At returns the problem with its place set.
func (p Problem) At(place Place) Problem {
	p.Place = place
	return p
}

// AtRow returns the problem placed at a row and a column of the input at hand.
func (p Problem) AtRow(row int, column string) Problem {
	p.Place.Row, p.Place.Column = row, column
	return p
}

// Warn returns the problem as one that does not stop the work.
func (p Problem) Warn() Problem {
	p.Severity = SeverityWarning
	return p
}

// Stops reports whether the problem stops the work.
func (p Problem) Stops() bool { return p.Severity != SeverityWarning }

// String is for logs and tests only: code, place and arguments, no sentence.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Code)
	for _, part := range []struct{ name, value string }{
		{"file", p.Place.File}, {"sheet", p.Place.Sheet}, {"column", p.Place.Column},
	} {
		if part.value != "" {
			fmt.Fprintf(&b, " %s=%s", part.name, part.value)
		}
	}
	if p.Place.Row > 0 {
		fmt.Fprintf(&b, " row=%d", p.Place.Row)
	}
	for _, a := range p.Args {
		fmt.Fprintf(&b, " %s=%v", a.Name, a.Value)
	}
	return b.String()
}

// Error is an error with a kind and at least one problem. Cause, if any, is for
// the log and never shown to a reader.
type Error struct {
	Kind     Kind
	Problems []Problem
	Cause    error
}

// New makes an error of one problem; pairs are as for P.
func New(kind Kind, code string, pairs ...any) *Error {
	return &Error{Kind: kind, Problems: []Problem{P(code, pairs...)}}
}

// Wrap makes an error of one problem with the cause kept for the log.
func Wrap(cause error, kind Kind, code string, pairs ...any) *Error {
	return &Error{Kind: kind, Problems: []Problem{P(code, pairs...)}, Cause: cause}
}

// Of makes an error of all the problems that stop the work, or nil if none
// does. It returns the interface type so that a nil result is a nil error.
func Of(kind Kind, problems []Problem) error {
	var stopping []Problem
	for _, p := range problems {
		if p.Stops() {
			stopping = append(stopping, p)
		}
	}
	if len(stopping) == 0 {
		return nil
	}
	return &Error{Kind: kind, Problems: stopping}
}

// Error joins the problems and the cause, for logs.
func (e *Error) Error() string {
	parts := make([]string, 0, len(e.Problems)+1)
	for _, p := range e.Problems {
		parts = append(parts, p.String())
	}
	text := e.Kind.String() + ": " + strings.Join(parts, "; ")
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of the first *Error in err's chain, or Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// ProblemsOf returns the problems of the first *Error in err's chain; an error
// of no kind yields the one problem "internal".
func ProblemsOf(err error) []Problem {
	var e *Error
	if errors.As(err, &e) {
		return e.Problems
	}
	return []Problem{P("internal")}
}

// Is reports whether err has the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// InFile returns err with the file name filled in wherever a problem has none.
// Errors of no kind are returned as they are.
func InFile(err error, file string) error {
	return placed(err, func(p *Place) *string { return &p.File }, file)
}

// InEntry returns err with the name of a specification's entry filled in wherever a
// problem has none. Errors of no kind are returned as they are.
func InEntry(err error, entry string) error {
	return placed(err, func(p *Place) *string { return &p.Entry }, entry)
}

// placed fills in a part of the place wherever a problem has none.
func placed(err error, part func(*Place) *string, value string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	out := &Error{Kind: e.Kind, Cause: e.Cause, Problems: make([]Problem, len(e.Problems))}
	for i, p := range e.Problems {
		if at := part(&p.Place); *at == "" {
			*at = value
		}
		out.Problems[i] = p
	}
	return out
}
