package sampling

import (
	"strconv"
	"strings"
	"time"

	"hailong/fault"
)

// Source names one public random event: "drand:CHAIN:ROUND",
// "lottery:NAME:DATE" or "dice:PLACE:TIME". What the event yields is the beacon.
type Source string

// quicknet is drand's chain of that name: the first round and the seconds
// between rounds (https://docs.drand.love, chain information of quicknet).
var quicknet = struct {
	genesis, period int64
	rounds          string // where the value of a round is published, as "randomness"
}{1692803367, 3, "https://api.drand.sh/52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/public/"}

// Validate reports a source that does not name an event (draw.source).
func (s Source) Validate() error {
	kind, name, when := s.parts()
	known := kind == "lottery" || kind == "dice"
	if kind == "drand" { // of any chain, in whose rounds there is no room for doubt
		round, err := strconv.ParseUint(when, 10, 64)
		known = err == nil && round > 0
	}
	if !known || strings.TrimSpace(name) == "" || strings.TrimSpace(when) == "" || !oneLine(string(s)) {
		return fault.New(fault.Invalid, "draw.source", "source", string(s))
	}
	return nil
}

func (s Source) parts() (kind, name, when string) {
	kind, rest, _ := strings.Cut(string(s), ":")
	name, when, _ = strings.Cut(rest, ":")
	return kind, name, when
}

// Time returns the first moment at which the outcome can be known, if the event's
// name says so: of a round of drand's quicknet, of a lottery of a day written
// 2026-03-31 (the day's beginning in UTC+7, since the name does not say the hour),
// of dice at a time in RFC 3339.
func (s Source) Time() (time.Time, bool) {
	kind, name, when := s.parts()
	switch {
	case kind == "drand" && name == "quicknet":
		round, err := strconv.ParseInt(when, 10, 48)
		return time.Unix(quicknet.genesis+(round-1)*quicknet.period, 0).UTC(), err == nil && round > 0
	case kind == "lottery":
		day, err := time.ParseInLocation(time.DateOnly, when, time.FixedZone("+07", 7*60*60))
		return day.UTC(), err == nil
	case kind == "dice":
		at, err := time.Parse(time.RFC3339, when)
		return at.UTC(), err == nil
	}
	return time.Time{}, false
}

// Event names the event for people, as a phrase with the country's dates; what the
// name's form does not tell stands as it was written.
func (s Source) Event() fault.Problem {
	kind, name, when := s.parts()
	at, known := s.Time()
	at = at.In(time.FixedZone("+07", 7*60*60))
	switch {
	case kind == "drand":
		return fault.P("draw.event_drand", "chain", name, "round", when)
	case kind == "lottery" && known:
		return fault.P("draw.event_lottery", "name", name, "when", at.Format("02/01/2006"))
	case kind == "lottery":
		return fault.P("draw.event_lottery", "name", name, "when", when)
	case kind == "dice" && known:
		return fault.P("draw.event_dice", "place", name, "when", at.Format("15:04 02/01/2006"))
	case kind == "dice":
		return fault.P("draw.event_dice", "place", name, "when", when)
	}
	return fault.P("draw.event_other", "source", string(s))
}

// Published returns the address at which the event's value is published, or ""
// if its name does not say: lotteries and dice are announced in their own ways.
func (s Source) Published() string {
	if kind, name, round := s.parts(); kind == "drand" && name == "quicknet" && s.Validate() == nil {
		return quicknet.rounds + round
	}
	return ""
}

// Shaped reports whether a text could be what the event publishes: drand's values
// are 64 digits of 0-9 and a-f, of other events nothing is known.
func (s Source) Shaped(beacon string) bool {
	kind, _, _ := s.parts()
	return kind != "drand" || len(beacon) == 64 && strings.Trim(beacon, "0123456789abcdef") == ""
}

// oneLine reports whether a text can stand in one line of what is hashed.
func oneLine(s string) bool { return !strings.ContainsAny(s, "\r\n") }

// QuicknetAt names the first round of drand's quicknet at or after a moment.
func QuicknetAt(at time.Time) Source {
	rounds := (at.Unix() - quicknet.genesis + quicknet.period - 1) / quicknet.period
	return Source("drand:quicknet:" + strconv.FormatInt(max(rounds, 0)+1, 10))
}
