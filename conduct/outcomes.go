package conduct

import (
	"context"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// UnitOutcomes is what became of the drawn people of a unit. People and Weighted
// count everybody who was ever given a place: who was replaced stays in them as
// what they are, and the reserve is counted besides, with the same base weight.
// Places has the base weights of the places alone, each as what became of who has
// it now: that is what weights are made of.
type UnitOutcomes struct {
	Unit        territory.Code
	Drawn       int // places
	Substitutes int // reserves who took one
	People      sampling.Outcomes
	Weighted    sampling.Outcomes
	Places      sampling.Outcomes
}

// add counts another unit into this one.
func (u *UnitOutcomes) add(other UnitOutcomes) {
	u.Drawn, u.Substitutes = u.Drawn+other.Drawn, u.Substitutes+other.Substitutes
	u.People, u.Weighted, u.Places = u.People.Plus(other.People), u.Weighted.Plus(other.Weighted), u.Places.Plus(other.Places)
}

// OutcomesOf adds up units, under the code given.
func OutcomesOf(unit territory.Code, parts []UnitOutcomes) UnitOutcomes {
	sum := UnitOutcomes{Unit: unit}
	for _, part := range parts {
		sum.add(part)
	}
	return sum
}

// OutcomesBy adds up the units that group puts under one code, in the order of the
// first of each.
func OutcomesBy(units []UnitOutcomes, group func(territory.Code) territory.Code) []UnitOutcomes {
	var sums []UnitOutcomes
	at := make(map[territory.Code]int)
	for _, u := range units {
		code := group(u.Unit)
		i, known := at[code]
		if !known {
			i, at[code] = len(sums), len(sums)
			sums = append(sums, UnitOutcomes{Unit: code})
		}
		sums[i].add(u)
	}
	return sums
}

// Outcomes tells what became of the drawn people of a round, village by village
// in frame order; none before people are drawn. Whether somebody answered is
// worked out with the key, and only the sums leave this method.
func (d Desk) Outcomes(ctx context.Context, round survey.RoundID) ([]UnitOutcomes, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return nil, err
	}
	roster, err := d.roster(ctx, round, "")
	if fault.Is(err, fault.Conflict) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	answers, err := d.seatAnswers(ctx, r, roster)
	if err != nil {
		return nil, err
	}
	return roster.outcomes(answers), nil
}

// VillageOutcomes is Outcomes for a reader who looks at single villages of a unit.
// Beside the contacts on record the counts of a village tell of some people that
// they answered: where one person is on record as refusing and no refusal is
// counted, that one did. So it is the question that FollowUp asks, and recorded
// like it.
func (d Desk) VillageOutcomes(ctx context.Context, by account.User, round survey.RoundID, within territory.Code) ([]UnitOutcomes, error) {
	outcomes, err := d.Outcomes(ctx, round)
	if err != nil || len(outcomes) == 0 {
		return outcomes, err
	}
	return outcomes, d.recordAsking(ctx, by, round, within)
}

// seatAnswers works out with the key what the sheet of who has each seat comes to,
// "" for none.
func (d Desk) seatAnswers(ctx context.Context, r survey.Round, roster Roster) ([]sampling.Disposition, error) {
	q, err := d.Store.Questionnaire(ctx, r.Questionnaire)
	if err != nil {
		return nil, err
	}
	sheets, err := newSheets(q)
	if err != nil {
		return nil, err
	}
	seats := make(map[survey.BallotID]int, len(roster.Seats))
	for i, s := range roster.Seats {
		seats[d.ballotOf(r.ID, s.Village, s.Sitting())] = i
	}
	answers := make([]sampling.Disposition, len(roster.Seats))
	for response, err := range d.Store.Responses(ctx, survey.RoundPrefix(r.ID)) {
		if err != nil {
			return nil, err
		}
		if i, known := seats[response.ID]; known {
			answers[i] = sheets.disposition(response.Answers)
		}
	}
	return answers, nil
}

// outcomes counts the final dispositions by village. answers has, for each seat,
// what the sheet of who has it comes to, "" for none.
func (r Roster) outcomes(answers []sampling.Disposition) []UnitOutcomes {
	var units []UnitOutcomes
	at := make(map[territory.Code]int)
	for i, s := range r.Seats {
		n, known := at[s.Village]
		if !known {
			n, at[s.Village] = len(units), len(units)
			units = append(units, UnitOutcomes{Unit: s.Village})
		}
		u, weight := &units[n], s.Drawn.Weight
		u.Drawn++
		u.Substitutes += len(s.People) - 1
		for place, person := range s.People {
			final := r.Last(person)
			if place == len(s.People)-1 {
				if answers[i] != "" {
					final = answers[i]
				}
				u.Places.Add(final, weight)
			}
			u.People.Add(final, 1)
			u.Weighted.Add(final, weight)
		}
	}
	return units
}

// fullSheet is the share of the ratings put to somebody from which on a sheet is
// complete; below it is partial, and without a single rating it is a break-off
// and no answer. The standard leaves the line to each survey and names 80 %.
const fullSheet = 0.8

// sheets judges how full answer sheets are.
type sheets struct {
	form    *survey.Form
	ratings []survey.QuestionCode
}

func newSheets(q survey.Questionnaire) (sheets, error) {
	form, problems := survey.Compile(q)
	return sheets{form, q.Ratings()}, fault.Of(fault.Internal, problems)
}

// disposition is complete, partial or break-off by the ratings that were put to
// the person; "no experience" is an answer. Who was put none has answered all.
func (s sheets) disposition(answers survey.Answers) sampling.Disposition {
	rated := 0
	for _, code := range s.ratings {
		if answers.First(code) != "" {
			rated++
		}
	}
	if rated == len(s.ratings) {
		return sampling.Completed
	}
	asked := 0
	relevant := s.form.Relevant(answers)
	for _, code := range s.ratings {
		if relevant[code] {
			asked++
		}
	}
	switch {
	case float64(rated) >= fullSheet*float64(asked):
		return sampling.Completed
	case rated > 0:
		return sampling.PartlyDone
	}
	return sampling.BrokenOff
}
