package console

import (
	"context"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/survey"
	"hailong/territory"
)

// step is one line of a round's checklist.
type step struct {
	Code   string // "rounds.step.lists"
	State  stepState
	Detail fault.Problem // how far it is, a sentence with numbers; no code if there is nothing to say
	Href   string
	action account.Action // what does it
	page   account.Action // what opening its page is
	mine   bool           // whether the reader's role takes it
}

// stepState is where a step stands.
type stepState string

// The states of a step. A step is next when those that it needs are done.
const (
	stepDone  stepState = "done"
	stepNext  stepState = "next"
	stepLater stepState = "later"
)

// progress is how far a round has come; of lists, slips and answers, what the
// reader may know.
type progress struct {
	state                survey.RoundState
	slipsBy              survey.SlipsBy
	communes, unsettled  int
	draws                map[conduct.Stage]stageProgress
	villages, lists      int // drawn villages, and those with a list
	produced             int // villages whose slips were produced
	sampled, answered    int
	answerStep           int // answered is rounded down to its multiples, 0 if it is exact
	atCounters, editions int
	final                bool // an edition was computed after the closing
	offices              bool // people with a transaction are asked
}

// stageProgress is how many units a stage drew, of how many; 0 before it is drawn.
type stageProgress struct{ drawn, of, attempts int }

// reach is the part of a round's province that the reader works on.
func (v *visit) reach() territory.Code {
	for _, above := range v.home {
		if above == v.round.Unit {
			return v.user.Scope
		}
	}
	return v.round.Unit
}

// progress gathers the numbers of the checklist.
func (c *Console) progress(v *visit) (progress, error) {
	p := progress{state: v.round.State, slipsBy: v.round.SlipsBy, offices: v.round.Transactions != nil, draws: map[conduct.Stage]stageProgress{}}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return p, err
	}
	for _, u := range tree.Children(v.round.Unit) {
		p.communes++
		if !u.Size.Usable() {
			p.unsettled++
		}
	}
	attempts, err := c.Rounds.Draws(v.ctx(), v.round.ID)
	if err != nil {
		return p, err
	}
	for _, stage := range conduct.Stages {
		if d, tried := conduct.Current(attempts, stage); tried {
			p.draws[stage] = newStageProgress(d)
		}
	}
	mine := func(unit territory.Code) bool { return tree.Within(v.reach(), unit) }
	for _, count := range []func(context.Context, survey.RoundID, func(territory.Code) bool, *progress) error{c.countLists, c.countAnswers, c.countEditions} {
		if err := count(v.ctx(), v.round.ID, mine, &p); err != nil {
			return p, err
		}
	}
	if p.answerStep, err = c.answerStep(v); p.answerStep > 0 {
		p.answered = conduct.UnitCount{Sampled: p.sampled, Sample: p.answered}.Veiled(p.answerStep).Sample
	}
	return p, err
}

func newStageProgress(d conduct.Draw) stageProgress {
	s := stageProgress{of: d.Units, attempts: d.Attempt}
	main, certainty, _ := drawnCounts(d)
	s.drawn = main + certainty
	return s
}

func (c *Console) countLists(ctx context.Context, id survey.RoundID, mine func(territory.Code) bool, p *progress) error {
	villages, err := c.listed(ctx, id)
	if err != nil || len(villages) == 0 {
		return err
	}
	lists, err := c.Desk.CurrentLists(ctx, id)
	if err != nil {
		return err
	}
	batches, err := c.Rounds.Batches(ctx, id, "")
	if err != nil {
		return err
	}
	produced := map[territory.Code]bool{}
	for _, b := range batches {
		produced[b.Village] = true
	}
	for _, u := range villages {
		if !mine(u.Code) {
			continue
		}
		p.villages++
		if _, there := lists[u.Code]; there {
			p.lists++
		}
		if produced[u.Code] {
			p.produced++
		}
	}
	return nil
}

func (c *Console) countAnswers(ctx context.Context, id survey.RoundID, mine func(territory.Code) bool, p *progress) error {
	if p.state == survey.RoundDraft {
		return nil
	}
	counts, err := c.Desk.AnswerCounts(ctx, id)
	for _, n := range counts {
		if mine(n.Unit) {
			p.sampled, p.answered, p.atCounters = p.sampled+n.Sampled, p.answered+n.Sample, p.atCounters+n.Counter
		}
	}
	return err
}

func (c *Console) countEditions(ctx context.Context, id survey.RoundID, _ func(territory.Code) bool, p *progress) error {
	heads, err := c.Rounds.Editions(ctx, id)
	p.editions = len(heads)
	for _, head := range heads {
		p.final = p.final || !head.Interim
	}
	return err
}

// steps is the checklist of a round as a role sees it, which finds links to the
// pages that it may open. here is the round's address below Root.
func (p progress) steps(here string, role account.Role) []step {
	draft, closed := p.state == survey.RoundDraft, p.state == survey.RoundClosed
	drawn := func(stage conduct.Stage) bool { return p.draws[stage].drawn > 0 }
	list := []roundStep{
		{step{Code: "rounds.step.units", Href: "/units", Detail: fault.P("rounds.step.units_of", "communes", p.communes, "unsettled", p.unsettled), action: account.SettleSize, page: account.ReadUnits},
			p.communes > 0 && p.unsettled == 0, true},
		{step{Code: "rounds.step.communes", Href: here + "/draws/1", Detail: p.drawDetail(conduct.Communes), action: account.CommitDraw, page: account.ReadDraws},
			drawn(conduct.Communes), draft && p.communes > 0},
		{step{Code: "rounds.step.villages", Href: here + "/draws/2", Detail: p.drawDetail(conduct.Villages), action: account.CommitDraw, page: account.ReadDraws},
			drawn(conduct.Villages), draft && drawn(conduct.Communes)},
		{step{Code: "rounds.step.lists", Href: here + "/lists", Detail: p.listDetail(), action: account.ImportList, page: account.ReadList},
			p.villages > 0 && p.lists == p.villages, draft && p.villages > 0},
		{step{Code: "rounds.step.people", Href: here + "/draws/3", Detail: p.drawDetail(conduct.People), action: account.CommitDraw, page: account.ReadDraws},
			drawn(conduct.People), draft && p.villages > 0 && p.lists == p.villages},
		{step{Code: "rounds.step.slips", Href: here + "/lists", Detail: p.slipDetail(), action: account.ProduceSlips, page: account.ReadList},
			p.sealed() > 0 && p.produced == p.sealed(), !closed && drawn(conduct.People)},
		{step{Code: "rounds.step.open", Href: here + "/open", action: account.OpenRound, page: account.OpenRound}, !draft, draft},
		{step{Code: "rounds.step.answers", Href: here + "/answers", Detail: p.answerDetail(), action: account.CountAnswers, page: account.CountAnswers},
			closed, p.state == survey.RoundOpen},
		{step{Code: "rounds.step.close", Href: here + "/close", action: account.CloseRound, page: account.CloseRound}, closed, p.state == survey.RoundOpen},
		{step{Code: "rounds.step.edition", Href: here + "/editions", Detail: fault.P("rounds.step.editions_of", "editions", p.editions), action: account.ComputeEdition, page: account.ReadEditions},
			p.final, closed},
	}
	if p.offices {
		list = p.officeSteps(list)
	}
	steps := make([]step, len(list))
	for i, s := range list {
		steps[i] = s.step
		steps[i].mine = account.Permits(role, s.action) && (s.action != account.ProduceSlips || producesSlips(role, p.slipsBy))
		if !account.Permits(role, s.page) {
			steps[i].Href = ""
		}
		switch {
		case s.done:
			steps[i].State = stepDone
		case s.ready:
			steps[i].State = stepNext
		default:
			steps[i].State = stepLater
		}
	}
	return steps
}

// roundStep is a step with whether it is done, and whether it can be.
type roundStep struct {
	step
	done, ready bool
}

// officeSteps are the steps where people with a transaction are asked: no villages,
// and communes only if somebody began to draw them, since that may be left out. The
// list of one office is enough to draw from.
func (p progress) officeSteps(list []roundStep) []roundStep {
	_, communes := p.draws[conduct.Communes]
	var kept []roundStep
	for _, s := range list {
		switch s.Code {
		case "rounds.step.villages":
			continue
		case "rounds.step.units", "rounds.step.communes":
			if !communes {
				continue
			}
		case "rounds.step.lists", "rounds.step.people", "rounds.step.slips":
			s.Code += ".offices"
		}
		switch s.Code {
		case "rounds.step.lists.offices":
			s.done = s.done || p.draws[conduct.People].attempts > 0
		case "rounds.step.people.offices":
			s.ready = p.state == survey.RoundDraft && p.lists > 0 && (!communes || p.lists == p.villages)
		}
		kept = append(kept, s)
	}
	return kept
}

// next is the first step that waits for the reader; opening comes after whatever
// prepares it.
func next(steps []step) *step {
	for i, s := range steps {
		if s.State == stepNext && s.mine {
			return &steps[i]
		}
	}
	return nil
}

func (p progress) drawDetail(stage conduct.Stage) fault.Problem {
	switch s, tried := p.draws[stage]; {
	case !tried:
		return fault.Problem{}
	case s.drawn == 0:
		return fault.P("rounds.step.committed", "attempt", s.attempts)
	default:
		return fault.P("rounds.step.drawn", "drawn", s.drawn, "of", s.of, "attempt", s.attempts)
	}
}

func (p progress) listDetail() fault.Problem {
	if p.villages == 0 {
		return fault.Problem{}
	}
	return fault.P(p.worded("rounds.step.lists_of"), "lists", p.lists, "villages", p.villages)
}

func (p progress) slipDetail() fault.Problem {
	if p.draws[conduct.People].drawn == 0 || p.villages == 0 {
		return fault.Problem{}
	}
	return fault.P(p.worded("rounds.step.slips_of"), "produced", p.produced, "villages", p.sealed())
}

// sealed is how many villages or offices have slips to be made: an office without a
// list has no people in the sample.
func (p progress) sealed() int {
	if p.offices {
		return p.lists
	}
	return p.villages
}

// worded is the text for villages or for offices.
func (p progress) worded(code string) string {
	if p.offices {
		return code + ".offices"
	}
	return code
}

func (p progress) answerDetail() fault.Problem {
	if p.state == survey.RoundDraft {
		return fault.Problem{}
	}
	if p.answerStep > 0 {
		return fault.P("rounds.step.answers_veiled", "answered", p.answered, "sampled", p.sampled, "counters", p.atCounters)
	}
	return fault.P("rounds.step.answers_of", "answered", p.answered, "sampled", p.sampled, "counters", p.atCounters)
}
