package sampling

import (
	"slices"

	"hailong/fault"
)

// ReplacementRule says when the next reserve takes a drawn person's place. It is
// part of the plan, so that it is committed and published before anybody knows
// who is drawn.
type ReplacementRule struct {
	Visits      int           `json:"visits"`       // on as many different days
	AtOnce      []Disposition `json:"at_once"`      // replaced as soon as known
	AfterVisits []Disposition `json:"after_visits"` // replaced after the visits
}

// DefaultReplacement is the rule of a plan that states none: who is not eligible
// is replaced at once; who was not met, or is away for the whole period, after
// visits on three different days; who refuses, never.
func DefaultReplacement() ReplacementRule {
	return ReplacementRule{Visits: 3, AtOnce: []Disposition{Dead, Moved, NotEligible}, AfterVisits: []Disposition{NotHome, Away}}
}

// Replacements is the rule that the plan states, or the default.
func (p Plan) Replacements() ReplacementRule {
	if p.Replacement == nil {
		return DefaultReplacement()
	}
	return *p.Replacement
}

// maxVisits bounds the visits that a rule may ask for.
const maxVisits = 20

// check reports a rule that cannot be followed: plan.replacement_visits,
// plan.replacement_reason.
func (r ReplacementRule) check() []fault.Problem {
	var problems []fault.Problem
	if r.Visits < 1 || r.Visits > maxVisits {
		problems = append(problems, fault.P("plan.replacement_visits", "visits", r.Visits, "most", maxVisits))
	}
	for _, reason := range slices.Concat(r.AtOnce, r.AfterVisits) {
		if !reason.Recorded() || reason == Met {
			problems = append(problems, fault.P("plan.replacement_reason", "reason", string(reason)))
		}
	}
	return problems
}

// Allows reports whether a person of whom these are the contacts may be
// replaced, and for which reason. Errors, all Conflicts:
// fieldwork.replace_unvisited, fieldwork.replace_refusal,
// fieldwork.replace_reason, fieldwork.replace_visits.
func (r ReplacementRule) Allows(contacts []Contact) (Disposition, error) {
	reason, visits := LastDisposition(contacts), VisitDays(contacts)
	switch {
	case slices.Contains(r.AtOnce, reason):
		return reason, nil
	case slices.Contains(r.AfterVisits, reason) && visits >= r.Visits:
		return reason, nil
	case slices.Contains(r.AfterVisits, reason):
		return "", fault.New(fault.Conflict, "fieldwork.replace_visits", "needed", r.Visits, "visits", visits)
	case reason == NotAttempted:
		return "", fault.New(fault.Conflict, "fieldwork.replace_unvisited")
	case reason == Refused:
		return "", fault.New(fault.Conflict, "fieldwork.replace_refusal")
	}
	return "", fault.New(fault.Conflict, "fieldwork.replace_reason")
}
