package public_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"hailong/conduct"
	"hailong/sampling"
	"hailong/server/guard"
	"hailong/survey"
)

// A round of people with a transaction says on its public page whom it asks, and a
// person's seal is found in its frame by the names of the columns.
func TestARoundOfOfficesSaysWhomItAsksAndKnowsItsSeals(t *testing.T) {
	list := sampling.List{Village: "06994", People: []sampling.Person{
		{Name: "Đỗ Thị Hoà", BirthYear: 1956, Case: &sampling.Case{File: "H1.2", Field: "Đất đai, môi trường", Done: "2026-03-02", Count: 2}},
		{Name: "Lý Văn Tám", Phone: "0912000001", Case: &sampling.Case{File: "H1.3", Field: "hộ tịch", Done: "2026-03-03", Count: 1}},
	}}
	if err := list.Seal(strings.NewReader("0123456789abcdeffedcba9876543210")); err != nil {
		t.Fatal(err)
	}
	frame, err := sampling.OfficeFrame([]sampling.List{list})
	if err != nil {
		t.Fatal(err)
	}
	plan := sampling.Plan{ID: "p", Key: "key", ParentKey: "unit", Method: sampling.SRS, N: sampling.Counts{Each: 1}}
	commitment, err := sampling.Commit(frame, plan, sampling.CommitInput{Source: "dice:Hội trường:2026-09-02T09:00:00Z", At: event.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := frame.WriteCSV(&csv); err != nil {
		t.Fatal(err)
	}
	s, _ := stocked(t, "")
	s.round.Transactions = &survey.Period{From: "2026-01-01", To: "2026-09-30"}
	s.blobs["frame"] = csv.String()
	s.attempts = []conduct.Draw{{Round: "qn-2026", Stage: conduct.People, Attempt: 1, Plan: plan, Commitment: commitment, Frame: "frame", Units: 2}}
	at := open(t, s, guard.Rate{})

	_, body := at.do("GET", "/verify/qn-2026", nil)
	for _, text := range []string{"từ 01/01/2026 đến 30/09/2026", "Chọn người đã làm thủ tục", "draw-3-attempt-1"} {
		if !strings.Contains(body, text) {
			t.Errorf("the page of the round does not say %q", text)
		}
	}
	if strings.Contains(body, "Xã nào, thôn nào") {
		t.Error("the page speaks of villages")
	}
	person := list.People[0]
	salt, err := person.Salt.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{string(person.Line("06994")): "Khớp", string(person.Line("06995")): "Không khớp"} {
		if _, body := at.do("POST", "/verify/qn-2026/seal", url.Values{"key": {string(person.Key)}, "salt": {string(salt)}, "line": {line}}); !strings.Contains(body, want) {
			t.Errorf("%s: does not say %q", line, want)
		}
	}
}
