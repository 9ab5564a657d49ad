package mongostore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"

	"hailong/fault"
	"hailong/store"
)

// rowOf reads a stored document {_id, revision, doc}.
func rowOf(raw bson.Raw) (store.Row, error) {
	id, hasID := raw.Lookup("_id").StringValueOK()
	revision, hasRevision := raw.Lookup("revision").AsInt64OK()
	doc, hasDoc := raw.Lookup("doc").DocumentOK()
	if !hasID || !hasRevision || !hasDoc {
		return store.Row{}, fault.New(fault.Internal, "store.damaged")
	}
	text, err := decode(doc)
	if err != nil {
		return store.Row{}, fault.Wrap(err, fault.Internal, "store.damaged")
	}
	return store.Row{ID: id, Revision: revision, Doc: text}, nil
}

// decode is the inverse of encode.
func decode(raw bson.Raw) (store.Doc, error) {
	w := &writer{}
	w.encoder = json.NewEncoder(&w.Buffer)
	w.encoder.SetEscapeHTML(false)
	err := w.object(raw)
	return w.Bytes(), err
}

// writer spells JSON as store.Encode does.
type writer struct {
	bytes.Buffer
	encoder *json.Encoder
}

// scalar writes a string or a float.
func (w *writer) scalar(v any) error {
	err := w.encoder.Encode(v)
	w.Truncate(max(w.Len()-1, 0)) // the newline that an encoder adds
	return err
}

func (w *writer) object(raw bson.Raw) error {
	elements, err := raw.Elements()
	if err != nil {
		return err
	}
	w.WriteByte('{')
	for i, element := range elements {
		if i > 0 {
			w.WriteByte(',')
		}
		key := element.Key()
		if key == emptyKey {
			key = ""
		}
		if err := w.scalar(unescapeKey.Replace(key)); err != nil {
			return err
		}
		w.WriteByte(':')
		if err := w.value(element.Value()); err != nil {
			return err
		}
	}
	w.WriteByte('}')
	return nil
}

func (w *writer) array(raw bson.RawArray) error {
	values, err := raw.Values()
	if err != nil {
		return err
	}
	w.WriteByte('[')
	for i, value := range values {
		if i > 0 {
			w.WriteByte(',')
		}
		if err := w.value(value); err != nil {
			return err
		}
	}
	w.WriteByte(']')
	return nil
}

func (w *writer) value(v bson.RawValue) error {
	switch v.Type {
	case bson.TypeString:
		return w.scalar(v.StringValue())
	case bson.TypeDouble:
		return w.scalar(v.Double())
	case bson.TypeInt32, bson.TypeInt64:
		w.WriteString(strconv.FormatInt(v.AsInt64(), 10))
	case bson.TypeBoolean:
		w.WriteString(strconv.FormatBool(v.Boolean()))
	case bson.TypeNull:
		w.WriteString("null")
	case bson.TypeArray:
		return w.array(v.Array())
	case bson.TypeEmbeddedDocument:
		return w.document(v.Document())
	default:
		return fmt.Errorf("a value of type %s is none of ours", v.Type)
	}
	return nil
}

// document writes an object or what encode spelled as one.
func (w *writer) document(raw bson.Raw) error {
	if array, err := raw.LookupErr(arrayKey); err == nil {
		return w.array(array.Array())
	}
	if number, err := raw.LookupErr(numberKey); err == nil {
		literal := number.StringValue()
		if !json.Valid([]byte(literal)) {
			return errors.New("a number that is none")
		}
		w.WriteString(literal)
		return nil
	}
	return w.object(raw)
}
