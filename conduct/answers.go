package conduct

import (
	"context"
	"iter"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

type answers interface {
	Counters(ctx context.Context, round survey.RoundID) ([]survey.Counter, error)
	// Responses streams the responses whose ballot IDs begin with the prefix.
	Responses(ctx context.Context, prefix string) iter.Seq2[survey.Response, error]
	CountResponses(ctx context.Context, prefix string) (int64, error)
	AddResponses(ctx context.Context, rs []survey.Response) error
	DeleteResponse(ctx context.Context, rec account.Record, id survey.BallotID) error
	CountRecords(ctx context.Context, round survey.RoundID, action account.Action) (int, error)
}

// UnitCount is how many answers a unit has, beside how many were drawn there.
type UnitCount struct {
	Unit    territory.Code
	Sampled int // drawn people; 0 for a unit that only has counters
	Sample  int // answers of drawn people
	Counter int // answers at counters
}

// Veiled is the count for somebody who knows whom they visited: answers of drawn
// people as a multiple of step, rounded down, and never as many as were drawn. What
// the exact number would tell them of a person it does not: that nobody or everybody
// of a village answered, or that its number rose by one after a visit.
func (n UnitCount) Veiled(step int) UnitCount {
	n.Sample = max(0, min(n.Sample, n.Sampled-1)) / step * step
	return n
}

// AnswerCounts counts the answers of a round by village of the sample and by
// unit of its counters. It reads identifiers only, never an answer.
func (d Desk) AnswerCounts(ctx context.Context, round survey.RoundID) ([]UnitCount, error) {
	sampled, order, err := d.sampledByVillage(ctx, round)
	if err != nil {
		return nil, err
	}
	counters, err := d.Store.Counters(ctx, round)
	if err != nil {
		return nil, err
	}
	for _, c := range counters {
		if _, seen := sampled[c.Unit]; !seen {
			sampled[c.Unit] = 0
			order = append(order, c.Unit)
		}
	}
	counts := make([]UnitCount, 0, len(order))
	for _, unit := range order {
		count := UnitCount{Unit: unit, Sampled: sampled[unit]}
		for origin, into := range map[survey.Origin]*int{survey.OriginSample: &count.Sample, survey.OriginCounter: &count.Counter} {
			n, err := d.Store.CountResponses(ctx, survey.UnitPrefix(round, unit, origin))
			if err != nil {
				return nil, err
			}
			*into = int(n)
		}
		counts = append(counts, count)
	}
	return counts, nil
}

// sampledByVillage counts the drawn people of every village, in frame order;
// empty before the draw of people.
func (d Desk) sampledByVillage(ctx context.Context, round survey.RoundID) (map[territory.Code]int, []territory.Code, error) {
	sampled := make(map[territory.Code]int)
	sample, err := d.CurrentSample(ctx, round, People)
	if fault.Is(err, fault.Conflict) {
		return sampled, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	var order []territory.Code
	for _, u := range sample.Units {
		if u.Role == sampling.RoleReserve {
			continue
		}
		village := villageOf(sample, u)
		if sampled[village] == 0 {
			order = append(order, village)
		}
		sampled[village]++
	}
	return sampled, order, nil
}

// Withdraw erases the answer that a receipt proves, at the wish of who gave it.
// The audit record names the unit and neither the receipt nor the answer; how
// many were withdrawn stands in every edition, so that a count never shrinks
// unseen.
func (d Desk) Withdraw(ctx context.Context, by account.User, round survey.RoundID, receipt survey.Receipt) error {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return err
	}
	for response, err := range d.Store.Responses(ctx, survey.RoundPrefix(round)) {
		if err != nil {
			return err
		}
		if d.Keys.Receipt(response.ID) != receipt {
			continue
		}
		rec, err := d.record(ctx, by, account.WithdrawAnswer, subject{r.ID, r.Unit, nil})
		if err != nil {
			return err
		}
		return d.Store.DeleteResponse(ctx, rec, response.ID)
	}
	return fault.New(fault.NotFound, "receipt.unknown")
}
