package store

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"hailong/fault"
)

// Doc is a document as both engines take and return it: one JSON object. It is
// made once, by Encode, in the goroutine of whoever has the value, so that a
// value comes back the same from either engine, by the rules of encoding/json: a
// time keeps its nanoseconds and its offset, nil and empty slices stay apart,
// keys may be any text.
type Doc []byte

// MaxDoc is the largest document in bytes. The same document in MongoDB's own
// format can be seven times as long, whose limit is 16 MB. What may grow beyond
// it is a blob.
const MaxDoc = 2 << 20

// selfWriter is a value that writes its own JSON, as encoding/json would.
type selfWriter interface {
	AppendJSON(out []byte) []byte
}

// usualDoc is room for a usual answer sheet.
const usualDoc = 1024

// Encode makes a document of a struct or map. A Doc is returned as it is.
func Encode(v any) (Doc, error) {
	var doc Doc
	switch v := v.(type) {
	case Doc:
		doc = v
	case selfWriter:
		doc = v.AppendJSON(make([]byte, 0, usualDoc))
	default:
		var buffer bytes.Buffer
		encoder := json.NewEncoder(&buffer)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "store.bad_document")
		}
		doc = bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
	}
	if len(doc) == 0 || doc[0] != '{' {
		return nil, fault.New(fault.Invalid, "store.bad_document")
	}
	if len(doc) > MaxDoc {
		return nil, fault.New(fault.TooLarge, "store.too_large", "bytes", len(doc), "limit", MaxDoc)
	}
	return doc, nil
}

// Decode fills the value that into points to.
func (d Doc) Decode(into any) error {
	if err := json.Unmarshal(d, into); err != nil {
		return fault.Wrap(err, fault.Internal, "store.damaged")
	}
	return nil
}

// Check reports whether an engine can keep the row: its id, and its document as
// Encode made it.
func (r Row) Check() error {
	if err := CheckID(r.ID); err != nil {
		return err
	}
	_, err := Encode(r.Doc)
	return err
}

// Encode checks the change's id and returns its document, nil for Delete.
func (c Change) Encode() (Doc, error) {
	if err := CheckID(c.ID); err != nil || c.Op == Delete {
		return nil, err
	}
	return Encode(c.Doc)
}

// Encode checks the record's id and returns its document, nil for Unaudited.
func (a Audit) Encode() (Doc, error) {
	if a.ID == "" && a.Doc == nil {
		return nil, nil
	}
	return Change{Op: Insert, ID: a.ID, Doc: a.Doc}.Encode()
}

// maxID is far below what MongoDB allows in an index key and above any id here.
const maxID = 512

// lastRune is the greatest code point. It is no character, so that prefix +
// lastRune lies above every id that starts with the prefix.
const lastRune = "\U0010FFFF"

// CheckID reports an Invalid fault for an id that the engines would not keep or
// sort alike: empty, longer than 512 bytes, not UTF-8, or holding NUL or U+10FFFF.
func CheckID(id string) error {
	if id == "" || len(id) > maxID || !sortable(id) {
		return fault.New(fault.Invalid, "store.bad_id")
	}
	return nil
}

func sortable(s string) bool {
	return utf8.ValidString(s) && !strings.Contains(s, "\x00") && !strings.Contains(s, lastRune)
}

// Bounds returns the ids between which the range lies, both excluded, except
// that an empty After includes the prefix itself as an id. Engines translate
// them: low < id (or low <= id if Inclusive) and id < high.
func (r Range) Bounds() (Bounds, error) {
	if !sortable(r.Prefix) || !sortable(r.After) {
		return Bounds{}, fault.New(fault.Invalid, "store.bad_id")
	}
	b := Bounds{Low: r.Prefix, Inclusive: true, High: r.Prefix + lastRune}
	if r.After != "" && r.Reverse {
		b.High = min(b.High, r.After)
	}
	if r.After != "" && !r.Reverse && r.After >= r.Prefix {
		b.Low, b.Inclusive = r.After, false
	}
	return b, nil
}

// Bounds is a Range in terms of ids: those above Low (or equal to it, if
// Inclusive) and below High.
type Bounds struct {
	Low, High string
	Inclusive bool
}
