// Package ready holds plans that are ready to be filled in: the designs of known
// surveys as data, one JSON file each, with parameters, the columns that their
// frames need, their source and a worked example.
//
// A ready plan is a chain of stages. Each stage is a plan of package sampling in
// which a text "{name}" stands for a parameter; Fill puts values in their place. What
// the sources do not say is a parameter whose basis says that its default is ours.
package ready

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"slices"
	"sync"

	"hailong/fault"
)

//go:embed *.json
var files embed.FS

// ID names a ready plan: "sipas-two-tier".
type ID string

// Text is a text by language.
type Text map[string]string

// In returns the text in a language, or in the first of the fallbacks that it has.
func (t Text) In(lang string, fallbacks ...string) string {
	for _, l := range append([]string{lang}, fallbacks...) {
		if text, ok := t[l]; ok {
			return text
		}
	}
	return ""
}

// Chain is a ready plan: stages to be drawn one after the other, each from the
// units of those drawn before.
type Chain struct {
	ID         ID          `json:"id"`
	Title      Text        `json:"title"`
	About      Text        `json:"about"`
	Source     Text        `json:"source"`
	Parameters []Parameter `json:"parameters"`
	Stages     []Stage     `json:"stages"`
	Example    Example     `json:"example"`
}

// Kind is what a parameter takes.
type Kind string

// The kinds. An empty value leaves out the member, list entry or condition that
// the parameter stands in.
const (
	KindText    Kind = "text"
	KindColumn  Kind = "column"  // the name of a column of the frame
	KindChoice  Kind = "choice"  // one of the parameter's choices
	KindNumber  Kind = "number"  // a whole number
	KindDecimal Kind = "decimal" // a decimal such as 0.5
	KindList    Kind = "list"    // texts with commas between
	KindCounts  Kind = "counts"  // "3", or "3, 01=6, 79=6": 3 in each stratum, 6 in those named
)

// Parameter is what may be set. Basis says where its default comes from.
type Parameter struct {
	Name     string `json:"name"`
	Kind     Kind   `json:"kind"`
	Title    Text   `json:"title"`
	Default  string `json:"default"`
	Required bool   `json:"required,omitempty"` // must not be empty
	Basis    Text   `json:"basis,omitempty"`

	Choices []string `json:"choices,omitempty"` // of a choice
}

// Stage is one stage of a chain.
type Stage struct {
	Name    string          `json:"name"` // also of its file: "communes"
	Title   Text            `json:"title"`
	Columns []Column        `json:"columns"`        // of the frame
	Seat    string          `json:"seat,omitempty"` // column, or parameter with its name: units with 1 in it are certain
	Plan    json.RawMessage `json:"plan"`
}

// Column is a column that a stage's frame has.
type Column struct {
	Name  string `json:"name"`
	About Text   `json:"about"`
}

// Example is a worked example: what was set and what came of it.
type Example struct {
	Set  Values `json:"set"`
	Text Text   `json:"text"`
}

// Values are parameters as they were set, as texts.
type Values map[string]string

var chains = sync.OnceValue(func() []Chain {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	all := make([]Chain, len(names))
	for i, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		in := json.NewDecoder(bytes.NewReader(raw))
		in.DisallowUnknownFields()
		if err := in.Decode(&all[i]); err != nil {
			panic(name + ": " + err.Error()) // part of the program; a test reads them all
		}
	}
	return all
})

// All returns the ready plans by their identifiers.
func All() []Chain { return slices.Clone(chains()) }

// Find returns a ready plan. Error: ready.unknown.
func Find(id ID) (Chain, error) {
	var known []string
	for _, c := range chains() {
		if c.ID == id {
			return c, nil
		}
		known = append(known, string(c.ID))
	}
	return Chain{}, fault.New(fault.NotFound, "ready.unknown", "id", string(id), "known", known)
}

// Stage returns a stage by its name. Error: ready.stage.
func (c Chain) Stage(name string) (Stage, error) {
	var known []string
	for _, s := range c.Stages {
		if s.Name == name {
			return s, nil
		}
		known = append(known, s.Name)
	}
	return Stage{}, fault.New(fault.NotFound, "ready.stage", "stage", name, "known", known)
}
