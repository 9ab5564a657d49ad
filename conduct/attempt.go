package conduct

import (
	"slices"
	"time"

	"hailong/sampling"
)

// AttemptState says what became of a commitment, for those who watch.
type AttemptState string

// The states of an attempt. All but the first three were superseded by a later
// attempt at their stage.
const (
	AttemptWaits    AttemptState = "waits"    // for its event
	AttemptDue      AttemptState = "due"      // its event has happened, and it is not drawn yet
	AttemptDrawn    AttemptState = "drawn"    // and it counts
	AttemptReplaced AttemptState = "replaced" // after it was drawn
	AttemptExpired  AttemptState = "expired"  // not drawn although its event had happened
	AttemptDropped  AttemptState = "dropped"  // before its event
)

// Suspect reports whether the attempt was given up when its outcome could be
// known: whoever does that may be looking for a better one, and has to explain.
func (s AttemptState) Suspect() bool { return s == AttemptReplaced || s == AttemptExpired }

// StateOf says what became of the attempt at a place of the attempts of a round,
// in the order in which a store returns them. Of an event whose name does not say
// when it happens it is taken to have happened, unless the attempt still counts.
func StateOf(attempts []Draw, place int, now time.Time) AttemptState {
	d := attempts[place]
	after := slices.IndexFunc(attempts, func(o Draw) bool { return o.Stage == d.Stage && o.Attempt == d.Attempt+1 })
	happens, known := d.Commitment.Source.Time()
	switch {
	case after < 0 && d.Done():
		return AttemptDrawn
	case after < 0 && known && !happens.After(now):
		return AttemptDue
	case after < 0:
		return AttemptWaits
	case d.Done():
		return AttemptReplaced
	case known && happens.After(attempts[after].Commitment.At):
		return AttemptDropped
	}
	return AttemptExpired
}

// Late reports whether an attempt was committed to when its event had happened.
func (d Draw) Late() bool {
	foresaw, known := d.Commitment.Foresaw()
	return known && !foresaw
}

// ReceiptDigest is the digest of receipt.json, by which the next stage's plan
// names this one; "" until it is drawn.
func (d Draw) ReceiptDigest() sampling.Digest {
	if d.Receipt == nil {
		return ""
	}
	return sampling.DigestOf(d.Receipt.Encode())
}
