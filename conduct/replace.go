package conduct

import (
	"context"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Replacement gives the place of a drawn person to the next reserve of the village
// and, where people were drawn by strata, of the person's stratum. Number counts the
// village's replacements, so that of two who replace at once one comes first and no
// reserve is passed over.
type Replacement struct {
	Round    survey.RoundID       `json:"round"`
	Village  territory.Code       `json:"village"`
	Number   int                  `json:"number"`
	Replaced sampling.PersonKey   `json:"replaced"`
	Reserve  sampling.PersonKey   `json:"reserve"`
	Reason   sampling.Disposition `json:"reason"`
	By       account.Name         `json:"by"`
	At       time.Time            `json:"at"`
}

// Replace gives the place of the person of a number in the village's drawn order
// to the next reserve, if the plan's rule allows it, and voids that person's
// code. Who answered is not replaced, nor who was replaced already. The rule's
// errors besides, all Conflicts: fieldwork.replaced_already,
// fieldwork.replace_answered, fieldwork.reserve_empty.
func (d Desk) Replace(ctx context.Context, by account.User, round survey.RoundID, village territory.Code, number int) (Replacement, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return Replacement{}, err
	}
	if r.State != survey.RoundOpen {
		return Replacement{}, fault.New(fault.Conflict, "fieldwork.not_open", "state", string(r.State))
	}
	roster, err := d.roster(ctx, round, village)
	if err != nil {
		return Replacement{}, err
	}
	if number < 1 || number > len(roster.Drawn) {
		return Replacement{}, fault.New(fault.NotFound, "fieldwork.not_drawn", "number", number, "village", string(village))
	}
	x := Replacement{
		Round: round, Village: village, Number: len(roster.Replacements) + 1,
		Replaced: sampling.PersonKey(roster.Drawn[number-1].Key), By: by.Name, At: d.Clock(),
	}
	if err := d.replaceable(ctx, by, roster, &x); err != nil {
		return Replacement{}, err
	}
	voids, err := d.livePasses(ctx, round, village, x.Replaced)
	if err != nil {
		return Replacement{}, err
	}
	rec, err := d.record(ctx, by, account.ReplacePerson, subject{round, village, []string{"reason", string(x.Reason), "key", string(x.Replaced), "reserve", string(x.Reserve)}})
	if err != nil {
		return Replacement{}, err
	}
	return x, d.Store.AddReplacement(ctx, rec, x, voids)
}

// replaceable fills in reason and reserve, or says why not. Where the contacts
// allow a replacement, the answer tells whether the person sent a sheet; so the
// audit record says first that it was asked, about the village and not about whom.
func (d Desk) replaceable(ctx context.Context, by account.User, roster Roster, x *Replacement) error {
	i := roster.seat(x.Replaced)
	switch {
	case i < 0:
		return fault.New(fault.Conflict, "fieldwork.reserve_no_place")
	case roster.Seats[i].Sitting() != x.Replaced:
		return fault.New(fault.Conflict, "fieldwork.replaced_already")
	}
	var err error
	if x.Reason, err = roster.Rule.Allows(roster.Contacts[x.Replaced]); err != nil {
		return err
	}
	if err := d.recordAsking(ctx, by, x.Round, x.Village); err != nil {
		return err
	}
	answered, err := d.answered(ctx, x.Round, x.Village)
	if err != nil {
		return err
	}
	if answered(x.Replaced) {
		return fault.New(fault.Conflict, "fieldwork.replace_answered")
	}
	left := roster.Left(roster.Seats[i])
	if len(left) == 0 {
		return fault.New(fault.Conflict, "fieldwork.reserve_empty")
	}
	x.Reserve = left[0]
	return nil
}

// livePasses are the passes that lead to a person's ballot and are not voided.
func (d Desk) livePasses(ctx context.Context, round survey.RoundID, village territory.Code, person sampling.PersonKey) ([]survey.Pass, error) {
	batches, err := d.Store.Batches(ctx, round, village)
	if err != nil {
		return nil, err
	}
	var live []survey.Pass
	for _, b := range notVoided(batches) {
		for _, hash := range b.Hashes {
			pass, err := d.Store.Pass(ctx, hash)
			if err != nil {
				return nil, err
			}
			if !pass.Voided && pass.Subject == survey.Subject(person) {
				live = append(live, pass)
			}
		}
	}
	return live, nil
}

// answered tells of the drawn people of a village who answered. It is worked out
// with the key from the ballots that are there, and kept nowhere.
func (d Desk) answered(ctx context.Context, round survey.RoundID, village territory.Code) (func(sampling.PersonKey) bool, error) {
	there := make(map[survey.BallotID]bool)
	for response, err := range d.Store.Responses(ctx, survey.UnitPrefix(round, village, survey.OriginSample)) {
		if err != nil {
			return nil, err
		}
		there[response.ID] = true
	}
	return func(person sampling.PersonKey) bool { return there[d.ballotOf(round, village, person)] }, nil
}

// ballotOf is the identifier of a drawn person's ballot.
func (d Desk) ballotOf(round survey.RoundID, village territory.Code, person sampling.PersonKey) survey.BallotID {
	return survey.Ballot{Round: round, Unit: village, Origin: survey.OriginSample, Nonce: d.Keys.PersonNonce(round, string(person))}.ID()
}
