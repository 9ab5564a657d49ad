package conduct

import (
	"context"
	"fmt"
	"strconv"
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
	Hashes  []string       `json:"hashes"` // of the tokens
	Voided  bool           `json:"voided,omitempty"`
}

type slips interface {
	// Batches returns the batches of a round, of all villages or of one, in order.
	Batches(ctx context.Context, round survey.RoundID, village territory.Code) ([]Batch, error)
	// AddBatch voids the passes of the batches given, then adds the passes and
	// the new batch.
	AddBatch(ctx context.Context, rec account.Record, b Batch, passes []survey.Pass, voids []Batch) error
	VoidBatches(ctx context.Context, rec account.Record, batches []Batch) error
}

// Slip is what is printed for one person.
type Slip struct {
	Person sampling.Person
	Order  int // in the drawn order of the village
	Token  survey.Token
}

// ProduceSlips makes a code for every drawn person of a village and voids the
// codes made before. The tokens exist in the result only: a store keeps hashes.
// Officers of the commune may do it only where the round says so.
func (d Desk) ProduceSlips(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) ([]Slip, error) {
	r, err := d.Store.Round(ctx, round)
	switch {
	case err != nil:
		return nil, err
	case r.State == survey.RoundClosed:
		return nil, fault.New(fault.Conflict, "round.not_open", "state", string(r.State))
	case by.Role == account.Officer && r.SlipsBy != survey.SlipsByCommune:
		return nil, fault.New(fault.Denied, "slips.by_province")
	}
	drawn, err := d.VillageSample(ctx, round, village)
	if err != nil {
		return nil, err
	}
	before, err := d.Store.Batches(ctx, round, village)
	if err != nil {
		return nil, err
	}
	b := Batch{Round: round, Village: village, Number: len(before) + 1, At: d.Clock(), By: by.Name}
	b.ID = survey.BatchID(fmt.Sprintf("%s/%s/%04d", round, village, b.Number))
	made, passes, err := d.makeSlips(&b, drawn)
	if err != nil {
		return nil, err
	}
	rec, err := d.record(ctx, by, account.ProduceSlips, subject{round, village, []string{"batch", string(b.ID)}})
	if err != nil {
		return nil, err
	}
	return made, d.Store.AddBatch(ctx, rec, b, passes, notVoided(before))
}

// makeSlips makes a token and a pass for everybody drawn, reserves left out.
func (d Desk) makeSlips(b *Batch, drawn []Drawn) ([]Slip, []survey.Pass, error) {
	var made []Slip
	var passes []survey.Pass
	for _, person := range drawn {
		if person.Role == sampling.RoleReserve {
			continue
		}
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
