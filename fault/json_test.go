package fault_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"hailong/fault"
)

// even refuses odd numbers by a code of its own.
type even int

func (e *even) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, (*int)(e)); err != nil {
		return err
	}
	if *e%2 != 0 {
		return fault.New(fault.Invalid, "even.odd")
	}
	return nil
}

func TestOneDocumentIsReadAndEverythingElseIsRefusedByItsPlace(t *testing.T) {
	type plan struct {
		Key  string `json:"key"`
		Size struct {
			N even `json:"n"`
		} `json:"size"`
	}
	for text, want := range map[string]string{
		"\ufeff{\"key\":\"code\",\n\"size\":{\"n\":4}}\n": "",
		"{\"key\":\n\"code\"":                             "unreadable: json.malformed row=2",
		"{\"key\":\n\n\"code\",}":                         "unreadable: json.malformed row=3",
		"":                                                "unreadable: json.malformed row=1",
		"{\"key\":\"code\"}\n\n{}":                        "unreadable: json.malformed row=3",
		"{\"key\":\"code\"}]":                             "unreadable: json.malformed row=1",
		`{"key":3}`:                                       "invalid: json.wrong_type member=key value=number",
		`{"key":"code","sise":{}}`:                        "invalid: json.unknown_member member=sise",
		`{"size":{"n":3}}`:                                "invalid: even.odd",
	} {
		var p plan
		err := fault.DecodeJSON(strings.NewReader(text), &p)
		if err == nil && want == "" && p.Size.N == 4 {
			continue
		}
		if err == nil || want == "" || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestAnInputThatCannotBeReadKeepsItsCause(t *testing.T) {
	cause := errors.New("the disk is gone")
	err := fault.DecodeJSON(iotest.ErrReader(cause), &struct{}{})
	if !errors.Is(err, cause) || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("%v, want Unavailable with the cause", err)
	}
}
