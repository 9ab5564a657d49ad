package mongostore

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"hailong/fault"
	"hailong/store"
)

// A document's JSON becomes BSON of the same structure, so that it can be looked
// at with MongoDB's own tools, and comes back by the letter. What some servers do
// not take is spelled otherwise, with a percent sign that no key has after
// escaping:
//
//	. $ % and NUL in a key      as in an address: %2E %24 %25 %00
//	the empty key               %
//	an array in an array        {"%array": […]}
//	-0, and a number that is neither an int64 nor a float64
//	                            {"%number": "…"}
const (
	emptyKey  = "%"
	arrayKey  = "%array"
	numberKey = "%number"
)

var (
	escapeKey   = strings.NewReplacer("%", "%25", ".", "%2E", "$", "%24", "\x00", "%00")
	unescapeKey = strings.NewReplacer("%25", "%", "%2E", ".", "%24", "$", "%00", "\x00")
)

// encode turns a document into BSON.
func encode(doc store.Doc) (bson.D, error) {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	value, err := encodeValue(decoder, false)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "store.bad_document")
	}
	object, ok := value.(bson.D)
	if !ok {
		return nil, fault.New(fault.Invalid, "store.bad_document")
	}
	return object, nil
}

// encodeValue reads one value; inArray says that it is an element of an array.
func encodeValue(decoder *json.Decoder, inArray bool) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return encodeObject(decoder)
		}
		array, err := encodeArray(decoder)
		if inArray {
			return bson.D{{Key: arrayKey, Value: array}}, err
		}
		return array, err
	case json.Number:
		return encodeNumber(string(token)), nil
	}
	return token, nil
}

func encodeObject(decoder *json.Decoder) (bson.D, error) {
	object := bson.D{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		value, err := encodeValue(decoder, false)
		if err != nil {
			return nil, err
		}
		name := escapeKey.Replace(key.(string))
		if name == "" {
			name = emptyKey
		}
		object = append(object, bson.E{Key: name, Value: value})
	}
	_, err := decoder.Token()
	return object, err
}

func encodeArray(decoder *json.Decoder) (bson.A, error) {
	array := bson.A{}
	for decoder.More() {
		value, err := encodeValue(decoder, true)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := decoder.Token()
	return array, err
}

// encodeNumber takes the type from which the same spelling comes back.
func encodeNumber(literal string) any {
	if n, err := strconv.ParseInt(literal, 10, 64); err == nil && strconv.FormatInt(n, 10) == literal {
		return n
	}
	if f, err := strconv.ParseFloat(literal, 64); err == nil && f != 0 { // minus zero would lose its sign
		if spelled, err := json.Marshal(f); err == nil && string(spelled) == literal {
			return f
		}
	}
	return bson.D{{Key: numberKey, Value: literal}}
}
