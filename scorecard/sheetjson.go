package scorecard

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"hailong/fault"
)

// The bounds of a sheet file. A province's sheet has some hundreds of criteria.
const (
	maxSheetBytes = 8 << 20
	maxSheetDepth = 64
)

// node is one JSON value with the line on which it begins, which encoding/json
// does not tell once it has filled a struct.
type node struct {
	line    int
	value   any // string, json.Number, bool, nil; json.Delim for '{' and '['
	members []member
	items   []node
}

type member struct {
	name string
	node node
}

// treeReader reads JSON into nodes.
type treeReader struct {
	decoder *json.Decoder
	ends    []int // offsets of the line ends
}

// readTree reads one JSON value and refuses what encoding/json would let pass:
// members that stand twice, text that is not UTF-8, anything after the value.
func readTree(in io.Reader) (node, error) {
	raw, err := io.ReadAll(io.LimitReader(in, maxSheetBytes+1))
	if err != nil {
		return node{}, fault.Wrap(err, fault.Unavailable, "sheet.unreadable")
	}
	if len(raw) > maxSheetBytes {
		return node{}, fault.New(fault.TooLarge, "sheet.too_large", "megabytes", maxSheetBytes>>20)
	}
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	if !utf8.Valid(raw) {
		return node{}, fault.New(fault.Unreadable, "sheet.not_utf8")
	}
	r := treeReader{decoder: json.NewDecoder(bytes.NewReader(raw))}
	r.decoder.UseNumber()
	for i, b := range raw {
		if b == '\n' {
			r.ends = append(r.ends, i)
		}
	}
	root, err := r.next(0)
	if err != nil {
		return node{}, r.malformed(err)
	}
	if rest := bytes.TrimLeft(raw[r.decoder.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return node{}, atLine(fault.New(fault.Unreadable, "sheet.malformed"), r.line(int64(len(raw)-len(rest)+1)))
	}
	return root, nil
}

// malformed places a syntax error; one that is already a fault keeps its words.
func (r *treeReader) malformed(err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	wrapped := fault.Wrap(err, fault.Unreadable, "sheet.malformed")
	var syntax *json.SyntaxError
	at := r.decoder.InputOffset()
	if errors.As(err, &syntax) {
		at = syntax.Offset
	}
	wrapped.Problems[0].Place.Row = r.line(at)
	return wrapped
}

// line is the line of the byte before an offset, counted from 1.
func (r *treeReader) line(offset int64) int {
	before, _ := slices.BinarySearch(r.ends, int(offset)-1)
	return before + 1
}

// next reads the value that comes next.
func (r *treeReader) next(depth int) (node, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return node{}, err
	}
	n := node{line: r.line(r.decoder.InputOffset()), value: token}
	if depth > maxSheetDepth {
		return n, atLine(fault.New(fault.Invalid, "sheet.too_deep", "depth", maxSheetDepth), n.line)
	}
	switch token {
	case json.Delim('{'):
		err = r.object(&n, depth)
	case json.Delim('['):
		err = r.list(&n, depth)
	}
	return n, err
}

func (r *treeReader) object(n *node, depth int) error {
	seen := map[string]bool{}
	for r.decoder.More() {
		name, err := r.decoder.Token()
		if err != nil {
			return err
		}
		value, err := r.next(depth + 1)
		if err != nil {
			return err
		}
		m := member{name: name.(string), node: value} // the decoder lets nothing else be a name
		if seen[m.name] {
			return atLine(fault.New(fault.Invalid, "sheet.member_twice", "member", m.name), value.line)
		}
		seen[m.name] = true
		n.members = append(n.members, m)
	}
	_, err := r.decoder.Token()
	return err
}

func (r *treeReader) list(n *node, depth int) error {
	for r.decoder.More() {
		item, err := r.next(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.decoder.Token()
	return err
}

// member returns the member of an object by its name.
func (n node) member(name string) (node, bool) {
	i := slices.IndexFunc(n.members, func(m member) bool { return m.name == name })
	if i < 0 {
		return node{}, false
	}
	return n.members[i].node, true
}

func atLine(err *fault.Error, line int) *fault.Error {
	err.Problems[0].Place.Row = line
	return err
}
