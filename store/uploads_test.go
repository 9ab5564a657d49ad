package store_test

import (
	"strings"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/store"
	"hailong/survey"
)

// A village list that waits for its confirmation names people; the frame of a
// draw is public evidence.
func TestUploadsAreSweptAndFilesOfDrawsAndEditionsStay(t *testing.T) {
	s := store.New(openFile(t))
	defer s.Close()
	put := func(content string) string {
		digest, err := s.PutBlob(t.Context(), strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		return digest
	}
	frame, sample, sheets, edition, tally, list := put("frame"), put("sample"), put("sheets to re-check"), put("edition"), put("tally"), put("Nguyễn Thị Hoà,1956")
	rec := account.NewRecord(time.Now(), account.User{}, account.CreateRound, "r")
	if err := s.AddRound(t.Context(), rec, survey.Round{ID: "r"}); err != nil {
		t.Fatal(err)
	}
	rec = account.NewRecord(time.Now(), account.User{}, account.CommitDraw, "r")
	if err := s.AddDraw(t.Context(), rec, survey.Round{ID: "r", Revision: 1}, conduct.Draw{Round: "r", Stage: 1, Attempt: 1, Commitment: sampling.Commitment{Attempt: 1}, Frame: frame, Sample: sample}); err != nil {
		t.Fatal(err)
	}
	rec = account.NewRecord(time.Now(), account.User{}, account.CommitRecheck, "r")
	if err := s.AddRecheck(t.Context(), rec, conduct.Draw{Round: "r", Stage: conduct.Recheck, Attempt: 1, Commitment: sampling.Commitment{Attempt: 1}, Frame: sheets}); err != nil {
		t.Fatal(err)
	}
	rec = account.NewRecord(time.Now(), account.User{}, account.ComputeEdition, "r")
	if err := s.AddEdition(t.Context(), rec, conduct.EditionHead{Round: "r", Number: 1, Edition: edition, Tally: tally}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.SweepUploads(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("swept %d young files, %v", n, err)
	}
	if n, err := s.SweepUploads(t.Context(), time.Now().Add(time.Minute)); n != 1 || err != nil {
		t.Errorf("swept %d files, %v, want the list alone", n, err)
	}
	for _, kept := range []string{frame, sample, sheets, edition, tally} {
		if _, err := s.OpenBlob(t.Context(), kept); err != nil {
			t.Errorf("%s: %v", kept, err)
		}
	}
	if _, err := s.OpenBlob(t.Context(), list); !fault.Is(err, fault.NotFound) {
		t.Errorf("the list is still there: %v", err)
	}
}
