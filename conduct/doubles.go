package conduct

import (
	"context"
	"slices"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// DoubleVerdict is what somebody decided about two entries of a round's lists
// that may be one person. A later verdict on the pair replaces it.
type DoubleVerdict struct {
	Round    survey.RoundID    `json:"round"`
	Pair     sampling.DoubleID `json:"pair"`
	Kept     sampling.EntryID  `json:"kept"`
	Dropped  sampling.EntryID  `json:"dropped,omitempty"` // "" for two different people
	Villages [2]territory.Code `json:"villages"`
	At       time.Time         `json:"at"`
	By       account.Name      `json:"by"`
}

type doubles interface {
	// DoubleVerdicts returns the verdicts of a round, in the order of their pairs.
	DoubleVerdicts(ctx context.Context, round survey.RoundID) ([]DoubleVerdict, error)
	// PutDoubleVerdict adds a verdict or replaces the one on the same pair.
	PutDoubleVerdict(ctx context.Context, rec account.Record, v DoubleVerdict) error
}

// JudgedDouble is a pair with the verdict on it, if there is one.
type JudgedDouble struct {
	sampling.Double
	Verdict *DoubleVerdict
}

// Doubles finds the pairs of entries that may be one person in the current lists
// of some villages; a pair with a village left out is not among them.
func (d Desk) Doubles(ctx context.Context, round survey.RoundID, villages []territory.Unit) ([]JudgedDouble, error) {
	lists, err := d.currentLists(ctx, round, villages)
	if err != nil {
		return nil, err
	}
	verdicts, err := d.Store.DoubleVerdicts(ctx, round)
	if err != nil {
		return nil, err
	}
	byPair := make(map[sampling.DoubleID]*DoubleVerdict, len(verdicts))
	for i, v := range verdicts {
		byPair[v.Pair] = &verdicts[i]
	}
	var pairs []JudgedDouble
	for _, double := range sampling.Doubles(lists) {
		pairs = append(pairs, JudgedDouble{double, byPair[double.ID()]})
	}
	return pairs, nil
}

// currentLists are the lists that count for some villages, where there are any.
func (d Desk) currentLists(ctx context.Context, round survey.RoundID, villages []territory.Unit) ([]sampling.List, error) {
	heads, err := d.CurrentLists(ctx, round)
	if err != nil {
		return nil, err
	}
	var lists []sampling.List
	for _, v := range villages {
		head, there := heads[v.Code]
		if !there {
			continue
		}
		list, err := d.Store.List(ctx, head)
		if err != nil {
			return nil, err
		}
		lists = append(lists, list)
	}
	return lists, nil
}

// JudgeDouble decides about a pair that is among the doubles of two villages:
// dropped is the entry that is left out of the frame, or "" for two people. It
// is refused once the draw of people is committed.
func (d Desk) JudgeDouble(ctx context.Context, by account.User, v DoubleVerdict) error {
	if err := d.listsOpen(ctx, v.Round); err != nil {
		return err
	}
	villages := []territory.Unit{{Code: v.Villages[0]}}
	if v.Villages[1] != v.Villages[0] {
		villages = append(villages, territory.Unit{Code: v.Villages[1]})
	}
	pairs, err := d.Doubles(ctx, v.Round, villages)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(pairs, func(p JudgedDouble) bool { return p.ID() == v.Pair })
	if i < 0 {
		return fault.New(fault.NotFound, "doubles.no_pair")
	}
	one, other := pairs[i].One.ID(), pairs[i].Other.ID()
	switch v.Dropped {
	case one:
		v.Kept = other
	case other, "":
		v.Kept = one
	default:
		return fault.New(fault.Invalid, "doubles.no_entry")
	}
	v.At, v.By = d.Clock(), by.Name
	answer := "two"
	if v.Dropped != "" {
		answer = "one"
	}
	rec, err := d.record(ctx, by, account.JudgeDouble, subject{v.Round, v.Villages[0], []string{"answer", answer, "other", string(v.Villages[1])}})
	if err != nil {
		return err
	}
	return d.Store.PutDoubleVerdict(ctx, rec, v)
}

// withoutDoubles leaves out of lists what the verdicts of the round drop.
func (d Desk) withoutDoubles(ctx context.Context, round survey.RoundID, lists []sampling.List) ([]sampling.List, error) {
	verdicts, err := d.Store.DoubleVerdicts(ctx, round)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(verdicts, func(a, b DoubleVerdict) int { return a.At.Compare(b.At) })
	plain := make([]sampling.Verdict, len(verdicts))
	for i, v := range verdicts {
		plain[i] = sampling.Verdict{Kept: v.Kept, Dropped: v.Dropped}
	}
	return sampling.WithoutDoubles(lists, plain), nil
}
