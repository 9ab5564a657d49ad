package survey_test

import (
	"strings"
	"testing"

	"hailong/fault"
	"hailong/survey"
)

func TestReceiptTellsItsRoundAndIsReadAsTyped(t *testing.T) {
	keys := testKeys(t)
	b := testBallot(keys)
	r := keys.Receipt(b.ID())
	if !keys.ReceiptOf(r, b.Round) || keys.ReceiptOf(r, "other") {
		t.Errorf("%s: wrong round", r)
	}
	for _, typed := range []string{string(r), strings.ToUpper(string(r)), strings.ReplaceAll(string(r), "-", " ")} {
		if got, err := survey.ParseReceipt(typed); err != nil || got != r {
			t.Errorf("ParseReceipt(%q) = %q, %v", typed, got, err)
		}
	}
	other := b
	other.Nonce = keys.PersonNonce(b.Round, "p2")
	if keys.Receipt(other.ID()) == r {
		t.Errorf("two ballots share the receipt %s", r)
	}
	for _, typed := range []string{"", "abcd", string(r) + "a", "abcd-efgh-0000-1111"} {
		if _, err := survey.ParseReceipt(typed); !fault.Is(err, fault.NotFound) {
			t.Errorf("ParseReceipt(%q): %v", typed, err)
		}
	}
}
