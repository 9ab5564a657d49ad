package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// DecodeJSON reads one JSON document into the value that into points to. A member
// that the value has not is an error, because a misspelt one would be left out
// unseen; so is anything after the document. Errors: json.malformed (Unreadable, with
// the line as the row), json.unknown_member and json.wrong_type (Invalid),
// json.unreadable (Unavailable), and those that an UnmarshalJSON of ours returns.
func DecodeJSON(in io.Reader, into any) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return Wrap(err, Unavailable, "json.unreadable")
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // as some editors save
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return jsonError(raw, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return malformedJSON(raw, decoder.InputOffset(), err)
	}
	return nil
}

// jsonError turns an error of encoding/json into one of ours.
func jsonError(raw []byte, err error) error {
	var ours *Error
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	// encoding/json tells of an unknown member by its text only
	member, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &kind):
		return Wrap(err, Invalid, "json.wrong_type", "member", kind.Field, "value", kind.Value)
	case unknown:
		return New(Invalid, "json.unknown_member", "member", strings.Trim(member, `"`))
	case errors.As(err, &syntax):
		return malformedJSON(raw, syntax.Offset, err)
	}
	return malformedJSON(raw, int64(len(raw)), err) // it ends too early
}

// malformedJSON says on which line a document stops being one.
func malformedJSON(raw []byte, offset int64, cause error) error {
	line := 1 + bytes.Count(raw[:min(offset, int64(len(raw)))], []byte{'\n'})
	return &Error{Kind: Unreadable, Problems: []Problem{P("json.malformed").AtRow(line, "")}, Cause: cause}
}
