package conduct

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Batch is one production of the slips of a village. Producing again voids the
// codes of the batch before; old and new codes lead to the same ballots, so
// nobody gets a second vote and nobody learns who has answered.
type Batch struct {
	ID      survey.BatchID `json:"id"` // "round/village/0001"
	Round   survey.RoundID `json:"round"`
	Village territory.Code `json:"village"`
	Number  int            `json:"number"`
	At      time.Time      `json:"at"`
	By      account.Name   `json:"by"`
	Why     Why            `json:"why,omitempty"`
	Hashes  []string       `json:"hashes"` // of the tokens
	Voided  bool           `json:"voided,omitempty"`
}

// Why is why a batch is of some people only.
type Why string

// The reasons; a batch of everybody has none.
const (
	ForNew  Why = "new"  // people with a place and no code
	ForLost Why = "lost" // letters that did not arrive
)

// Making is a batch with the codes that it brings and those that it voids.
type Making struct {
	Batch  Batch
	Passes []survey.Pass
	Voids  []Batch       // all of their codes
	Lost   []survey.Pass // single codes
}

type slips interface {
	// Batches returns the batches of a round, of all villages or of one, in order.
	Batches(ctx context.Context, round survey.RoundID, village territory.Code) ([]Batch, error)
	// AddBatch voids what a making voids, then adds its passes and its batch.
	AddBatch(ctx context.Context, rec account.Record, m Making) error
	VoidBatches(ctx context.Context, rec account.Record, batches []Batch) error
}

// Slip is what is printed for one person.
type Slip struct {
	Person sampling.Person
	Order  int // in the drawn order of the village
	Token  survey.Token
}

// ProduceSlips makes a code for everybody who has a place in the sample of a
// village (the drawn people, and the reserves who replaced some of them) and
// voids the codes made before. The tokens exist in the result only: a store keeps
// hashes. Officers of the commune may do it only where the round says so.
func (d Desk) ProduceSlips(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) ([]Slip, error) {
	p, err := d.production(ctx, by, round, village)
	if err != nil {
		return nil, err
	}
	return d.produce(ctx, by, p, Making{Voids: notVoided(p.before)})
}

// ProduceNewSlips makes codes for those alone who have a place and no code: the
// reserves who replaced somebody since the last production. It voids nothing,
// and is a Conflict (slips.nobody_new) if everybody has a code.
func (d Desk) ProduceNewSlips(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) ([]Slip, error) {
	p, err := d.production(ctx, by, round, village)
	if err != nil {
		return nil, err
	}
	coded, err := d.coded(ctx, p.before)
	if err != nil {
		return nil, err
	}
	p.people = slices.DeleteFunc(p.people, func(one Drawn) bool { return coded[survey.Subject(one.Person.Key)] })
	if len(p.people) == 0 {
		return nil, fault.New(fault.Conflict, "slips.nobody_new")
	}
	p.batch.Why = ForNew
	return d.produce(ctx, by, p, Making{})
}

// ProduceLostSlips makes new codes for people whose letters were lost, by their
// numbers in the drawn order of the village, and voids the codes that they had,
// nobody else's. Whoever finds such a letter finds nothing; whoever had answered
// with it is led to the same ballot. Errors: slips.nobody_named, slips.no_place.
func (d Desk) ProduceLostSlips(ctx context.Context, by account.User, round survey.RoundID, village territory.Code, numbers []int) ([]Slip, error) {
	p, err := d.production(ctx, by, round, village)
	if err != nil {
		return nil, err
	}
	if len(numbers) == 0 {
		return nil, fault.New(fault.Invalid, "slips.nobody_named")
	}
	for _, n := range numbers {
		if !slices.ContainsFunc(p.people, func(one Drawn) bool { return one.Order == n }) {
			return nil, fault.New(fault.Invalid, "slips.no_place", "number", n)
		}
	}
	p.people = slices.DeleteFunc(p.people, func(one Drawn) bool { return !slices.Contains(numbers, one.Order) })
	var m Making
	for _, one := range p.people {
		lost, err := d.livePasses(ctx, round, village, one.Person.Key)
		if err != nil {
			return nil, err
		}
		m.Lost = append(m.Lost, lost...)
	}
	p.batch.Why = ForLost
	return d.produce(ctx, by, p, m)
}

// Seated are those who have a place in the sample of a village now, in drawn order.
func (d Desk) Seated(ctx context.Context, round survey.RoundID, village territory.Code) ([]Drawn, error) {
	drawn, err := d.VillageSample(ctx, round, village)
	if err != nil {
		return nil, err
	}
	roster, err := d.roster(ctx, round, village)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(drawn, func(one Drawn) bool { return !roster.sits(one.Person.Key) }), nil
}

// Uncoded counts those who have a place in the sample of a village and no code.
func (d Desk) Uncoded(ctx context.Context, round survey.RoundID, village territory.Code) (int, error) {
	roster, err := d.roster(ctx, round, village)
	if err != nil {
		return 0, err
	}
	batches, err := d.Store.Batches(ctx, round, village)
	if err != nil {
		return 0, err
	}
	coded, err := d.coded(ctx, batches)
	n := 0
	for _, seat := range roster.Seats {
		if !coded[survey.Subject(seat.Sitting())] {
			n++
		}
	}
	return n, err
}

// coded are those with a code that is good.
func (d Desk) coded(ctx context.Context, batches []Batch) (map[survey.Subject]bool, error) {
	coded := make(map[survey.Subject]bool)
	for _, b := range notVoided(batches) {
		for _, hash := range b.Hashes {
			pass, err := d.Store.Pass(ctx, hash)
			if err != nil {
				return nil, err
			}
			if !pass.Voided {
				coded[pass.Subject] = true
			}
		}
	}
	return coded, nil
}

// production is a batch about to be made: for whom, and the batches before it.
type production struct {
	batch  Batch
	people []Drawn
	before []Batch
}

// production begins a batch of a village for everybody who has a place.
func (d Desk) production(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) (production, error) {
	r, err := d.Store.Round(ctx, round)
	switch {
	case err != nil:
		return production{}, err
	case r.State == survey.RoundClosed:
		return production{}, fault.New(fault.Conflict, "round.not_open", "state", string(r.State))
	case by.Role == account.Officer && r.SlipsBy != survey.SlipsByCommune:
		return production{}, fault.New(fault.Denied, "slips.by_province")
	}
	var p production
	if p.people, err = d.Seated(ctx, round, village); err != nil {
		return production{}, err
	}
	if p.before, err = d.Store.Batches(ctx, round, village); err != nil {
		return production{}, err
	}
	p.batch = Batch{Round: round, Village: village, Number: len(p.before) + 1, At: d.Clock(), By: by.Name}
	p.batch.ID = survey.BatchID(fmt.Sprintf("%s/%s/%04d", round, village, p.batch.Number))
	return p, nil
}

// produce makes what a production is for; m says what it voids. The record says of
// a production for some people which they are.
func (d Desk) produce(ctx context.Context, by account.User, p production, m Making) (made []Slip, err error) {
	if made, m.Passes, err = d.makeSlips(&p.batch, p.people); err != nil {
		return nil, err
	}
	m.Batch = p.batch
	details := []string{"batch", string(p.batch.ID)}
	if p.batch.Why != "" {
		var numbers []string
		for _, slip := range made {
			numbers = append(numbers, strconv.Itoa(slip.Order))
		}
		details = append(details, "why", string(p.batch.Why), "numbers", strings.Join(numbers, ", "))
	}
	rec, err := d.record(ctx, by, account.ProduceSlips, subject{p.batch.Round, p.batch.Village, details})
	if err != nil {
		return nil, err
	}
	return made, d.Store.AddBatch(ctx, rec, m)
}

// makeSlips makes a token and a pass for each of the people.
func (d Desk) makeSlips(b *Batch, people []Drawn) ([]Slip, []survey.Pass, error) {
	var made []Slip
	var passes []survey.Pass
	for _, person := range people {
		token, err := survey.NewToken(d.Random)
		if err != nil {
			return nil, nil, err
		}
		hash := d.Keys.TokenHash(token)
		b.Hashes = append(b.Hashes, hash)
		passes = append(passes, survey.Pass{
			Hash: hash, Round: b.Round, Unit: b.Village, Origin: survey.OriginSample,
			Subject: survey.Subject(person.Person.Key), Batch: b.ID,
		})
		made = append(made, Slip{Person: person.Person, Order: person.Order, Token: token})
	}
	return made, passes, nil
}

// voidSlips voids every code of a round: another attempt at drawing people has
// begun, and who is not drawn again must not find a page that takes an answer
// which counts for nothing.
func (d Desk) voidSlips(ctx context.Context, by account.User, r survey.Round) error {
	all, err := d.Store.Batches(ctx, r.ID, "")
	if err != nil {
		return err
	}
	live := notVoided(all)
	if len(live) == 0 {
		return nil
	}
	rec, err := d.record(ctx, by, account.ProduceSlips, subject{r.ID, r.Unit, []string{"voided", strconv.Itoa(len(live))}})
	if err != nil {
		return err
	}
	return d.Store.VoidBatches(ctx, rec, live)
}

func notVoided(batches []Batch) []Batch {
	var live []Batch
	for _, b := range batches {
		if !b.Voided {
			live = append(live, b)
		}
	}
	return live
}
