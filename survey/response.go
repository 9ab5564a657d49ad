package survey

import (
	"time"

	"hailong/territory"
)

// Placing is where a response stands in the sampling design of its round; empty
// for origins that were not drawn.
type Placing struct {
	Stratum string `json:"stratum,omitempty"` // the variance stratum
	PSU     string `json:"psu,omitempty"`
	SSU     string `json:"ssu,omitempty"`
}

// Response is one stored answer sheet. It holds no name, no telephone number,
// no network address and no user agent, and for personal ballots no clock time.
type Response struct {
	ID            BallotID       `json:"id"`
	Round         RoundID        `json:"round"`
	Questionnaire Ref            `json:"questionnaire"`
	Origin        Origin         `json:"origin"`
	Mode          Mode           `json:"mode"`
	Unit          territory.Code `json:"unit"`
	Placing       Placing        `json:"placing,omitzero"`
	Day           territory.Day  `json:"day"`
	Quarter       string         `json:"quarter,omitempty"` // "14:15", counters only
	Seconds       int            `json:"seconds"`           // from page to sending
	Lang          string         `json:"lang"`
	Digest        string         `json:"digest"`
	Answers       Answers        `json:"answers"`
	Simulated     bool           `json:"simulated,omitempty"`
}

// Sending is what arrives with a ballot besides the answers.
type Sending struct {
	Text    string    // the ballot as it travelled
	At      time.Time // arrival, in the zone of the round
	Seconds int       // as the page measured; 0 when it did not
	Mode    Mode
	Lang    string
}

// maxSeconds bounds a duration: a page left open over night says nothing.
const maxSeconds = 24 * 60 * 60

// NewResponse makes the response of a ballot. Answers must have passed the
// questionnaire's checks. A day is kept for personal ballots and a quarter of
// an hour for counters, so that the hour of sending points to nobody.
func NewResponse(b Ballot, r Round, s Sending, answers Answers) Response {
	seconds := s.Seconds
	if seconds <= 0 {
		seconds = int(s.At.Sub(b.Issued) / time.Second)
	}
	mode := s.Mode
	if mode == "" {
		mode = ModeSelf
	}
	resp := Response{
		ID: b.ID(), Round: b.Round, Questionnaire: b.Questionnaire,
		Origin: b.Origin, Mode: mode, Unit: b.Unit,
		Day: territory.Day(s.At.Format(time.DateOnly)), Seconds: min(max(seconds, 0), maxSeconds),
		Lang: s.Lang, Digest: answers.Digest(s.Text), Answers: answers, Simulated: r.Simulated,
	}
	switch b.Origin {
	case OriginSample:
		resp.Placing = r.Places[b.Unit]
	case OriginCounter:
		resp.Quarter = s.At.Truncate(15 * time.Minute).Format("15:04")
	}
	return resp
}

// Outcome is what became of a sending.
type Outcome string

// The outcomes.
const (
	Stored   Outcome = "stored"   // a new response
	Repeated Outcome = "repeated" // the very same content was there already
)
