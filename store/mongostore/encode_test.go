package mongostore

import (
	"bytes"
	"encoding/json"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"hailong/store"
)

// FuzzADocumentComesBackByTheLetter goes through BSON and back with any object.
func FuzzADocumentComesBackByTheLetter(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":[[],[[1.50,-0]],{"":null,"%":true}]}`, `{"%25.$":"\u0000\u2028<đ>","%array":[1],"%number":"2"}`,
		`{"n":[9223372036854775807,-9223372036854775808,9223372036854775808,1e400,1E2,0.1,1e-7,0.0]}`, `{"\u0000%00":{"%":{"%%":[]}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		var object map[string]any
		if err := decoder.Decode(&object); err != nil || object == nil {
			return // no object
		}
		want, err := store.Encode(object)
		if err != nil {
			t.Fatal(err)
		}
		document, err := encode(want)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := bson.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestWhatIsNoObjectIsRefused(t *testing.T) {
	for _, doc := range []string{`[]`, `{`, `{"a":1`, `{"a":}`, ``} {
		if _, err := encode(store.Doc(doc)); err == nil {
			t.Errorf("%q was taken", doc)
		}
	}
}
