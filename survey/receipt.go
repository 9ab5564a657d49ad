package survey

import (
	"strings"

	"hailong/fault"
)

// Receipt is the code a citizen keeps as proof of having answered, and names
// when withdrawing: "k3vh-ab2c-d4ef-gh5j". The first group tells the round, so
// that a receipt can be looked for in one round; the rest tells the ballot.
// Neither can be turned back without the keys.
type Receipt string

// The lengths of a receipt and of its groups, in characters of five bits.
const (
	receiptLength = 16
	receiptGroup  = 4
)

// Receipt computes the receipt of a ballot.
func (k Keys) Receipt(id BallotID) Receipt {
	round, _, _ := id.Split()
	ballot := lowerBase32.EncodeToString(k.derive("receipt", string(id)))
	return grouped(k.receiptRound(round) + ballot[:receiptLength-receiptGroup])
}

// ReceiptOf reports whether the receipt is of the round.
func (k Keys) ReceiptOf(r Receipt, round RoundID) bool {
	return strings.HasPrefix(string(r), k.receiptRound(round)+"-")
}

func (k Keys) receiptRound(round RoundID) string {
	return lowerBase32.EncodeToString(k.derive("receipt-round", string(round)))[:receiptGroup]
}

// ParseReceipt reads a receipt as people type it: any case, with or without
// hyphens and spaces. It returns a NotFound error for what cannot be one.
func ParseReceipt(text string) (Receipt, error) {
	text = strings.NewReplacer("-", "", " ", "", "\u2013", "").Replace(strings.ToLower(text))
	odd := func(r rune) bool { return !strings.ContainsRune(lowerAlphabet, r) }
	if len(text) != receiptLength || strings.ContainsFunc(text, odd) {
		return "", fault.New(fault.NotFound, "code.receipt")
	}
	return grouped(text), nil
}

func grouped(text string) Receipt {
	var groups []string
	for ; len(text) > receiptGroup; text = text[receiptGroup:] {
		groups = append(groups, text[:receiptGroup])
	}
	return Receipt(strings.Join(append(groups, text), "-"))
}
