package sampling

import (
	"slices"
	"strings"

	"hailong/fault"
)

// RecheckResult is what a re-check found of one person whose sheet was counted.
type RecheckResult string

// The results. The first three are of people who were reached.
const (
	RecheckConfirmed RecheckResult = "confirmed"       // answered themselves
	RecheckDenied    RecheckResult = "not_interviewed" // says that nobody asked them
	RecheckByOther   RecheckResult = "by_other"        // somebody else answered in their name
	RecheckUnreached RecheckResult = "not_reached"
)

// RecheckResults lists the results in the order in which they are offered.
var RecheckResults = []RecheckResult{RecheckConfirmed, RecheckDenied, RecheckByOther, RecheckUnreached}

// ParseRecheckResult reads a result's name. The error is recheck.unknown_result.
func ParseRecheckResult(text string) (RecheckResult, error) {
	r := RecheckResult(strings.ToLower(strings.TrimSpace(text)))
	if !slices.Contains(RecheckResults, r) {
		return "", fault.New(fault.Invalid, "recheck.unknown_result", "value", text)
	}
	return r, nil
}

// RecheckSize says how many of a commune's sheets are re-checked: Percent of
// them, rounded up, at least Least and at most all.
type RecheckSize struct {
	Percent int `json:"percent"` // 1 to 100
	Least   int `json:"least"`   // 1 or more
}

// DefaultRecheck is a tenth, and three at least.
var DefaultRecheck = RecheckSize{Percent: 10, Least: 3}

// Of is the number drawn of n sheets.
func (s RecheckSize) Of(n int) int { return min(n, max(s.Least, (n*s.Percent+99)/100)) }

// The columns of a frame of sheets to re-check.
const (
	RecheckKey     = "key"
	RecheckVillage = "village"
	RecheckCommune = "commune"
)

// RecheckPlan is the plan of a re-check: simple random samples of the sheets of
// each commune, of the size given. The error is recheck.size.
func RecheckPlan(id PlanID, f Frame, size RecheckSize) (Plan, error) {
	if size.Percent < 1 || size.Percent > 100 || size.Least < 1 {
		return Plan{}, fault.New(fault.Invalid, "recheck.size", "percent", size.Percent, "least", size.Least)
	}
	sheets := make(map[string]int)
	for i := range f.Len() {
		sheets[f.Value(i, RecheckCommune)]++
	}
	p := Plan{ID: id, Unit: "sheet", Key: RecheckKey, Strata: []string{RecheckCommune}, Method: SRS, N: Counts{By: make(map[string]int, len(sheets))}}
	for commune, n := range sheets {
		p.N.By[commune] = size.Of(n)
	}
	return p, nil
}
