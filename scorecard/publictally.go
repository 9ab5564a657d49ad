package scorecard

import (
	"maps"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// PublicTally is the tally in the form that anybody may read, and from which all
// figures are computed: strata, primary and secondary units with respondents,
// but fewer than k, are joined to the next in the order of their labels (the
// last to the one before), and joined units bear their labels with a plus
// between them. A round that fewer than k people answered has no such form.
func PublicTally(t *stats.Tally, k int) (*stats.Tally, error) {
	joined, err := joinStrata(t, int64(k))
	if err != nil {
		return nil, err
	}
	merged, _, err := joined.Merge(k)
	return merged, err
}

// joinStrata joins strata of few respondents.
func joinStrata(t *stats.Tally, k int64) (*stats.Tally, error) {
	people := make(map[string]int64)
	for _, c := range t.Cells() {
		people[c.Key.Stratum] += c.All.N
	}
	label := make(map[string]string, len(people))
	var groups [][]string
	var open []string
	var n, total int64
	for _, stratum := range slices.Sorted(maps.Keys(people)) {
		if people[stratum] == 0 {
			label[stratum] = stratum // nobody answered: nothing to hide
			continue
		}
		open = append(open, stratum)
		n += people[stratum]
		total += people[stratum]
		if n >= k {
			groups, open, n = append(groups, open), nil, 0
		}
	}
	if total > 0 && total < k {
		return nil, fault.New(fault.Conflict, "edition.too_few", "least", int(k), "answers", int(total))
	}
	if len(open) > 0 {
		groups[len(groups)-1] = append(groups[len(groups)-1], open...)
	}
	for _, group := range groups {
		name := group[0]
		for _, other := range group[1:] {
			name += "+" + other
		}
		for _, stratum := range group {
			label[stratum] = name
		}
	}
	return t.Regroup(func(key stats.Key) (stats.Key, bool) {
		key.Stratum = label[key.Stratum]
		return key, true
	})
}
