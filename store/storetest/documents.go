package storetest

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"hailong/fault"
	"hailong/store"
)

// album has every shape that the program's documents have.
type album struct {
	Title   string            `json:"title"`
	Signed  bool              `json:"signed"`
	Bytes   []byte            `json:"bytes"`
	Nil     []string          `json:"nil"`
	Empty   []string          `json:"empty"`
	Left    []string          `json:"left,omitempty"`
	Pages   []page            `json:"pages"`
	Labels  map[string]string `json:"labels"`
	Shares  map[string]float64
	Matrix  [][]float64 `json:"matrix"`
	Large   uint64      `json:"large"`
	Small   int64       `json:"small"`
	Ratio   float64     `json:"ratio"`
	Pointer *int        `json:"pointer"`
	page
}

type page struct {
	Number int      `json:"number"`
	Lines  []string `json:"lines"`
}

func anAlbum() album {
	zero := 0
	return album{
		Title: "Hài lòng <b>&\u2028</b> \"q\" \\ \x00 🙂", Signed: true, Bytes: []byte{0, 255, 10, 13}, Empty: []string{},
		Pages:  []page{{1, []string{"Đặc khu Vân Đồn", ""}}, {2, nil}},
		Labels: map[string]string{"sch.wide": "dots", "$set": "dollar", "": "no key", "100%": "percent", "vi": "tiếng Việt"},
		Shares: map[string]float64{"a.b": 1.0 / 3},
		Matrix: [][]float64{{1, 0.5}, {}, {math.Copysign(0, -1), 1e21, 5e-324, math.MaxFloat64}},
		Large:  math.MaxUint64, Small: math.MinInt64, Ratio: 0.1 + 0.2, Pointer: &zero, page: page{Number: -7},
	}
}

func comesBack(t *testing.T, e store.Engine) {
	ctx, want := testContext(t), anAlbum()
	must(t, e.Apply(ctx, store.Unaudited, store.Change{Op: store.Insert, Kind: store.Rounds, ID: "r1", Doc: want}))
	row, err := e.Get(ctx, store.Rounds, "r1")
	must(t, err)
	if row.ID != "r1" || row.Revision != 1 {
		t.Errorf("row %q at revision %d, want r1 at 1", row.ID, row.Revision)
	}
	var got album
	must(t, row.Doc.Decode(&got))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !math.Signbit(got.Matrix[2][0]) {
		t.Error("minus zero lost its sign")
	}
}

func keepsTime(t *testing.T, e store.Engine) {
	type moment struct {
		At time.Time `json:"at"`
	}
	ctx := testContext(t)
	want := time.Date(2026, 3, 1, 7, 30, 0, 123456789, time.FixedZone("", 7*3600))
	must(t, e.Apply(ctx, store.Unaudited, store.Change{Op: store.Put, Kind: store.Rounds, ID: "r1", Doc: moment{want}}))
	row, err := e.Get(ctx, store.Rounds, "r1")
	must(t, err)
	var got moment
	must(t, row.Doc.Decode(&got))
	if got.At.Format(time.RFC3339Nano) != want.Format(time.RFC3339Nano) {
		t.Errorf("got %v, want %v", got.At, want)
	}
}

func keepsAnyValue(t *testing.T, e store.Engine) {
	ctx := testContext(t)
	// Numbers of encoding/json's own spelling come back by the letter, and so does the order of keys.
	want := store.Doc(`{"_id":"inner","z":1,"a":[null,true,[],{},[[1,[2]],{"x.y":[[]]}]],"%array":[1],"%number":"3","%2E":{"$a.b":"."},"\u0000":0,"n":[1e+21,-0,9223372036854775808,12345678901234567890123,0.1]}`)
	must(t, e.Apply(ctx, store.Unaudited, store.Change{Op: store.Insert, Kind: store.Rounds, ID: "any", Doc: want}))
	row, err := e.Get(ctx, store.Rounds, "any")
	must(t, err)
	if !bytes.Equal(row.Doc, want) {
		t.Errorf("got  %s\nwant %s", row.Doc, want)
	}
	if !json.Valid(row.Doc) {
		t.Error("not JSON")
	}
}

func missing(t *testing.T, e store.Engine) {
	_, err := e.Get(testContext(t), store.Rounds, "nowhere")
	wantFault(t, err, fault.NotFound, "store.not_found")
	n, err := e.Count(testContext(t), store.Rounds, "")
	if n != 0 || err != nil {
		t.Errorf("Count = %d, %v, want 0", n, err)
	}
}

func refuses(t *testing.T, e store.Engine) {
	ctx := testContext(t)
	big := note{Text: strings.Repeat("đ", store.MaxDoc/2)}
	for _, c := range []struct {
		rule, id string
		doc      any
		kind     fault.Kind
		code     string
	}{
		{"empty id", "", note{}, fault.Invalid, "store.bad_id"},
		{"id not UTF-8", "r1\xff", note{}, fault.Invalid, "store.bad_id"},
		{"id with NUL", "r1\x00", note{}, fault.Invalid, "store.bad_id"},
		{"id with the code point that bounds ranges", "r1\U0010FFFF", note{}, fault.Invalid, "store.bad_id"},
		{"id too long", strings.Repeat("x", 513), note{}, fault.Invalid, "store.bad_id"},
		{"number that JSON lacks", "r1", map[string]float64{"x": math.NaN()}, fault.Invalid, "store.bad_document"},
		{"no object", "r1", []int{1}, fault.Invalid, "store.bad_document"},
		{"nothing", "r1", nil, fault.Invalid, "store.bad_document"},
		{"too large", "r1", big, fault.TooLarge, "store.too_large"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			err := e.Apply(ctx, store.Unaudited, store.Change{Op: store.Put, Kind: store.Rounds, ID: c.id, Doc: c.doc})
			wantFault(t, err, c.kind, c.code)
		})
	}
	for _, err := range e.Scan(ctx, store.Range{Kind: store.Rounds, Prefix: "\xff"}) {
		wantFault(t, err, fault.Invalid, "store.bad_id")
	}
	wantIDs(t, e, store.Range{Kind: store.Rounds})
}

func unknownKind(t *testing.T, e store.Engine) {
	ctx := testContext(t)
	_, err := e.Get(ctx, "nothing", "x")
	wantFault(t, err, fault.Internal, "store.unknown_kind")
	for _, err := range e.Scan(ctx, store.Range{Kind: "nothing"}) {
		wantFault(t, err, fault.Internal, "store.unknown_kind")
	}
	_, err = e.Count(ctx, "nothing", "")
	wantFault(t, err, fault.Internal, "store.unknown_kind")
	_, err = e.InsertMany(ctx, "nothing", []store.Row{{ID: "x", Doc: encode(t, note{})}})
	wantFault(t, err, fault.Internal, "store.unknown_kind")
	err = e.Apply(ctx, store.Unaudited, store.Change{Op: store.Put, Kind: "nothing", ID: "x", Doc: note{}})
	wantFault(t, err, fault.Internal, "store.unknown_kind")
}
