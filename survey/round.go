package survey

import (
	"regexp"
	"strings"
	"time"

	"hailong/fault"
	"hailong/territory"
)

// RoundState is where a round stands. A round only moves forward.
type RoundState string

// The states.
const (
	RoundDraft  RoundState = "draft"  // being prepared: frames, draws, lists, counters
	RoundOpen   RoundState = "open"   // answers are taken
	RoundClosed RoundState = "closed" // no new page; pages already open may still arrive within the grace
)

// SlipsBy says whose hands produce the slips with the codes.
type SlipsBy string

// The commune is what is judged, so by default its officers never hold codes.
const (
	SlipsByProvince SlipsBy = "province"
	SlipsByCommune  SlipsBy = "commune"
)

// DefaultGrace is how long after closing a page opened before may be sent.
const DefaultGrace = 72 * time.Hour

// Period is a span of days, both ends in it.
type Period struct {
	From territory.Day `json:"from"`
	To   territory.Day `json:"to"`
}

// Validate reports a day that is none, and a period that ends before it begins.
func (p Period) Validate() []fault.Problem {
	for _, day := range []territory.Day{p.From, p.To} {
		if _, err := time.Parse(time.DateOnly, string(day)); err != nil {
			return []fault.Problem{fault.P("round.no_day", "typed", string(day))}
		}
	}
	if p.From > p.To {
		return []fault.Problem{fault.P("round.backward", "from", string(p.From), "to", string(p.To))}
	}
	return nil
}

// Round is one survey round of one province.
type Round struct {
	ID            RoundID        `json:"id"`
	Title         Labels         `json:"title"`
	Unit          territory.Code `json:"unit"` // the province
	Questionnaire Ref            `json:"questionnaire"`
	Formula       string         `json:"formula"` // the index definition, "id@version"
	State         RoundState     `json:"state"`
	Opened        time.Time      `json:"opened,omitzero"`
	Closed        time.Time      `json:"closed,omitzero"`
	Grace         time.Duration  `json:"grace"`
	Simulated     bool           `json:"simulated,omitempty"` // answers are invented; never mixed with or published as real
	SlipsBy       SlipsBy        `json:"slips_by"`
	Asker         string         `json:"asker"`   // who asks: "Sở Nội vụ tỉnh …"
	Contact       string         `json:"contact"` // where to ask and to withdraw: telephone, address
	CreatedAt     time.Time      `json:"created_at"`

	// Transactions, if set, makes the population the adults who had a transaction
	// at a one-stop office of the province's communes in this period. Otherwise it
	// is the adults who live in the province.
	Transactions *Period `json:"transactions,omitempty"`

	// Places maps each drawn village to its labels in the design; set by the
	// draws, so that a response is labelled without a look-up.
	Places map[territory.Code]Placing `json:"places,omitempty"`

	Revision int64 `json:"-"` // of the stored document; a change needs the one it was read with
}

// Population says in a sentence whom the round asks.
func (r Round) Population() fault.Problem {
	if r.Transactions == nil {
		return fault.P("population.residents")
	}
	return fault.P("population.period", "from", r.Transactions.From.Shown(), "to", r.Transactions.To.Shown())
}

var roundIDPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,31}$`)

// Validate reports what is missing or malformed in a new round.
func (r Round) Validate() []fault.Problem {
	var problems []fault.Problem
	need := func(ok bool, code string, pairs ...any) {
		if !ok {
			problems = append(problems, fault.P(code, pairs...))
		}
	}
	need(roundIDPattern.MatchString(string(r.ID)), "round.id", "id", string(r.ID))
	need(strings.TrimSpace(r.Title["vi"]) != "", "round.title") // citizens read it, in Vietnamese unless they choose otherwise
	need(r.Unit != "", "round.unit")
	need(r.Questionnaire != "", "round.questionnaire")
	need(r.Formula != "", "round.formula")
	need(r.Asker != "", "round.asker")
	need(r.Contact != "", "round.contact")
	need(r.SlipsBy == SlipsByProvince || r.SlipsBy == SlipsByCommune, "round.slips_by")
	need(r.Grace >= 0 && r.Grace <= 30*24*time.Hour, "round.grace")
	if r.Transactions != nil {
		problems = append(problems, r.Transactions.Validate()...)
	}
	return problems
}

// Open moves a draft round to open.
func (r Round) Open(at time.Time) (Round, error) {
	if r.State != RoundDraft {
		return r, fault.New(fault.Conflict, "round.not_draft", "state", string(r.State))
	}
	r.State, r.Opened = RoundOpen, at
	return r, nil
}

// Close moves an open round to closed.
func (r Round) Close(at time.Time) (Round, error) {
	if r.State != RoundOpen {
		return r, fault.New(fault.Conflict, "round.not_open", "state", string(r.State))
	}
	r.State, r.Closed = RoundClosed, at
	return r, nil
}

// Invites reports whether the round hands out new pages: nil, or why not.
func (r Round) Invites() error {
	switch r.State {
	case RoundOpen:
		return nil
	case RoundClosed:
		return fault.New(fault.Gone, "round.closed")
	default:
		return fault.New(fault.Gone, "round.not_yet")
	}
}

// Takes reports whether any ballot may still be answered at the time given: the
// round is not closed, or its grace is not over.
func (r Round) Takes(at time.Time) bool {
	return r.State != RoundClosed || !at.After(r.Closed.Add(r.Grace))
}

// Accepts reports whether the round takes a ballot that arrives at the time
// given: nil, or why not. A ballot issued before the closing is taken within the
// grace; a counter's ballot lives CounterBallotLife besides.
func (r Round) Accepts(b Ballot, at time.Time) error {
	if b.Round != r.ID {
		return fault.New(fault.Denied, "ballot.forged")
	}
	if b.Origin == OriginCounter && at.After(b.Issued.Add(CounterBallotLife)) {
		return fault.New(fault.Denied, "ballot.expired")
	}
	switch r.State {
	case RoundOpen:
		return nil
	case RoundClosed:
		if b.Issued.After(r.Closed) || !r.Takes(at) {
			return fault.New(fault.Gone, "round.closed")
		}
		return nil
	default:
		return fault.New(fault.Gone, "round.not_yet")
	}
}
