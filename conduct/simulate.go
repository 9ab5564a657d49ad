package conduct

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Simulation says how answers are invented for a simulated round.
type Simulation struct {
	Seed       uint64
	Response   float64 // chance that a drawn person answers
	PerCounter int     // answers at each counter
}

// Simulate invents answers for a round that is marked as simulated, and returns
// how many. People differ, communes differ, items differ; those who answer at a
// counter are happier than those asked at home, as is seen in real rounds. A
// round of real answers is refused: the two are never mixed.
func (d Desk) Simulate(ctx context.Context, round survey.RoundID, s Simulation) (int, error) {
	r, err := d.Store.Round(ctx, round)
	switch {
	case err != nil:
		return 0, err
	case !r.Simulated:
		return 0, fault.New(fault.Denied, "simulate.real_round")
	case r.State != survey.RoundOpen:
		return 0, fault.New(fault.Conflict, "round.not_open", "state", string(r.State))
	}
	q, err := d.Store.Questionnaire(ctx, r.Questionnaire)
	if err != nil {
		return 0, err
	}
	form, problems := survey.Compile(q)
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return 0, err
	}
	sim := &simulator{desk: d, round: r, q: q, form: form, rng: rand.New(rand.NewPCG(s.Seed, 1)), mood: map[territory.Code]float64{}}
	if err := sim.people(ctx, s.Response); err != nil {
		return 0, err
	}
	if err := sim.counters(ctx, s.PerCounter); err != nil {
		return 0, err
	}
	return len(sim.made), d.Store.AddResponses(ctx, sim.made)
}

type simulator struct {
	desk  Desk
	round survey.Round
	q     survey.Questionnaire
	form  *survey.Form
	rng   *rand.Rand
	mood  map[territory.Code]float64 // of communes
	made  []survey.Response
}

// people answers for the drawn people with the chance given.
func (s *simulator) people(ctx context.Context, chance float64) error {
	sample, err := s.desk.CurrentSample(ctx, s.round.ID, People)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, u := range sample.Units {
		if u.Role == sampling.RoleReserve || s.rng.Float64() >= chance {
			continue
		}
		village := villageOf(sample, u)
		path, err := s.desk.Store.UnitPath(ctx, village)
		if err != nil {
			return err
		}
		s.answer(survey.OriginSample, village, s.desk.Keys.PersonNonce(s.round.ID, string(u.Key)), s.moodOf(path[min(1, len(path)-1)]))
	}
	return nil
}

// counters answers at every counter, in better mood.
func (s *simulator) counters(ctx context.Context, each int) error {
	list, err := s.desk.Store.Counters(ctx, s.round.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b survey.Counter) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for _, c := range list {
		for range each {
			nonce := survey.Nonce(strconv.FormatUint(s.rng.Uint64(), 36))
			s.answer(survey.OriginCounter, c.Unit, nonce, s.moodOf(c.Unit)+0.9)
		}
	}
	return nil
}

// moodOf is a commune's own level, drawn once.
func (s *simulator) moodOf(commune territory.Code) float64 {
	if _, known := s.mood[commune]; !known {
		s.mood[commune] = 0.25 * s.rng.NormFloat64()
	}
	return s.mood[commune]
}

// answer invents one sheet and keeps it if the questionnaire accepts it.
func (s *simulator) answer(origin survey.Origin, unit territory.Code, nonce survey.Nonce, mood float64) {
	at := s.desk.Clock().Add(-time.Duration(s.rng.IntN(10*24*60)) * time.Minute)
	ballot := survey.Ballot{
		Round: s.round.ID, Questionnaire: s.round.Questionnaire, Origin: origin, Unit: unit, Nonce: nonce,
		Issued: at.Truncate(time.Second), Page: strconv.FormatUint(s.rng.Uint64(), 36),
	}
	person := mood + 0.7*s.rng.NormFloat64()
	sent := make([]survey.Field, 0, len(s.q.Questions))
	for i, question := range s.q.Questions {
		for _, value := range s.values(question, person, i) {
			sent = append(sent, survey.Field{Name: string(question.Code), Value: value})
		}
	}
	answers, problems := s.form.Check(sent)
	if fault.Of(fault.Invalid, problems) != nil {
		return // a constraint that invention does not meet
	}
	sending := survey.Sending{Text: s.desk.Keys.Sign(ballot), At: at, Seconds: 240 + s.rng.IntN(900), Mode: s.mode(), Lang: "vi"}
	s.made = append(s.made, survey.NewResponse(ballot, s.round, sending, answers))
}

func (s *simulator) mode() survey.Mode {
	if s.rng.Float64() < 0.2 {
		return survey.ModeAssisted
	}
	return survey.ModeSelf
}

// values invents the answer to one question; nil leaves it out.
func (s *simulator) values(q survey.Question, person float64, position int) []string {
	switch {
	case q.Kind == survey.KindRating:
		return s.rating(q, person, position)
	case q.Kind == survey.KindSingle && len(q.Choices) > 0:
		return []string{q.Choices[s.rng.IntN(len(q.Choices))].Value}
	case q.Kind == survey.KindMultiple && len(q.Choices) > 0:
		return []string{q.Choices[s.rng.IntN(len(q.Choices))].Value}
	case q.Kind == survey.KindNumber && q.Required:
		return []string{"1"}
	}
	return nil
}

// rating cuts a latent satisfaction at fixed thresholds. Items differ by a
// wave over their position, which stands for how hard each is to please.
func (s *simulator) rating(q survey.Question, person float64, position int) []string {
	if s.rng.Float64() < 0.04 {
		if last := q.Choices[len(q.Choices)-1]; len(q.Choices) > 5 {
			return []string{last.Value} // no experience
		}
	}
	latent := 1.15 + person + 0.35*math.Sin(1.7*float64(position)) + 0.9*s.rng.NormFloat64()
	answer := 1
	for _, threshold := range []float64{-1.4, -0.6, 0.3, 1.7} {
		if latent > threshold {
			answer++
		}
	}
	return []string{strconv.Itoa(answer)}
}
