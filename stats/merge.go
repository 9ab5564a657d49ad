package stats

import (
	"slices"

	"hailong/fault"
)

// Merge returns the tally with small units joined, for a file that anyone may
// read. In the order of their labels, a PSU with at least one but fewer than k
// respondents joins the next of its stratum that has respondents, until there are
// k; what is left at the end joins the PSU before it. Then SSUs likewise within
// their PSU. With crossings, the unit's smallest level that has respondents
// counts. Units in which nobody answered stay as they are.
//
// Joined units bear their labels with a plus between them. Population sizes
// shrink with the number of units, so that sampling fractions stay what they were;
// the variance is then that of groups of units (Wolter, Introduction to Variance
// Estimation, 2007, ch. 2), with fewer degrees of freedom. A stratum whose people
// are fewer than k in all is left as it is and reported: whoever publishes must
// withhold it or join strata.
func (t *Tally) Merge(k int) (*Tally, []fault.Problem, error) {
	psus, small, err := t.mergeStage(k, psuStage)
	if err != nil {
		return nil, nil, err
	}
	// Reported once, by the stratum: a PSU cannot be small where none was left small.
	ssus, _, err := psus.mergeStage(k, ssuStage)
	var problems []fault.Problem
	for _, stratum := range small {
		problems = append(problems, fault.P("stats.merge_small_stratum", "stratum", stratum, "k", k).Warn())
	}
	return ssus, problems, err
}

// mergeStage says what is joined: units within a parent.
type mergeStage struct {
	parent func(Key) string // encoded
	unit   func(Key) string
	join   func(Key, joined) Key
}

// joined describes the unit that a unit became part of, and its parent.
type joined struct {
	label    string
	several  bool    // more than one unit was joined
	shrink   float64 // units of the parent after joining, over those before
	subunits float64 // population size of the next stage, summed over the joined units; 0 if one is unknown
}

var psuStage = mergeStage{
	parent: func(k Key) string { return encode(k.Stratum) },
	unit:   func(k Key) string { return k.PSU },
	join: func(k Key, j joined) Key {
		k.StratumSize *= j.shrink
		if j.several && k.SSU != "" {
			k.SSU = k.PSU + "/" + k.SSU
		}
		if j.several {
			k.PSUSize = j.subunits
		}
		k.PSU = j.label
		return k
	},
}

var ssuStage = mergeStage{
	parent: func(k Key) string { return encode(k.Stratum, k.PSU) },
	unit:   func(k Key) string { return k.SSU },
	join: func(k Key, j joined) Key {
		k.PSUSize *= j.shrink
		k.SSU = j.label
		return k
	},
}

// mergeStage joins the small units of every parent and names the strata in which
// one is left small.
func (t *Tally) mergeStage(k int, stage mergeStage) (*Tally, []string, error) {
	became := map[string]joined{}
	var small []string
	cells := t.Cells()
	for from := 0; from < len(cells); {
		to := from
		for to < len(cells) && stage.parent(cells[to].Key) == stage.parent(cells[from].Key) {
			to++
		}
		units := unitsOf(cells[from:to], stage.unit)
		groups := joinSmall(units, k)
		used := map[string]bool{}
		for _, g := range groups {
			j := g.joined(float64(len(groups))/float64(len(units)), used)
			if g.small(k) {
				small = append(small, cells[from].Key.Stratum)
			}
			for _, u := range g {
				became[stage.parent(cells[from].Key)+encode(u.label)] = j
			}
		}
		from = to
	}
	out, err := t.Regroup(func(key Key) (Key, bool) {
		return stage.join(key, became[stage.parent(key)+encode(stage.unit(key))]), true
	})
	return out, small, err
}

// unit is a sampling unit with its respondents by level.
type unit struct {
	label    string
	subunits float64
	byLevel  map[string]int64
}

func (u unit) empty() bool {
	for _, n := range u.byLevel {
		if n > 0 {
			return false
		}
	}
	return true
}

// unitsOf gathers a parent's cells, which are ordered, by unit.
func unitsOf(cells []Cell, label func(Key) string) []unit {
	var units []unit
	for _, c := range cells {
		if n := len(units); n == 0 || units[n-1].label != label(c.Key) {
			units = append(units, unit{label: label(c.Key), subunits: c.Key.PSUSize, byLevel: map[string]int64{}})
		}
		units[len(units)-1].byLevel[encode(c.Key.Levels...)] += c.All.N
	}
	return units
}

// group is a run of units that become one.
type group []unit

// small reports whether a level of the group has respondents, but fewer than k.
func (g group) small(k int) bool {
	total := map[string]int64{}
	for _, u := range g {
		for level, n := range u.byLevel {
			total[level] += n
		}
	}
	for _, n := range total {
		if n > 0 && n < int64(k) {
			return true
		}
	}
	return false
}

// joined names the group; a label that another group of the parent has already
// gets further plus signs.
func (g group) joined(shrink float64, used map[string]bool) joined {
	j := joined{label: g[0].label, shrink: shrink, several: len(g) > 1, subunits: g[0].subunits}
	for _, u := range g[1:] {
		j.label += "+" + u.label
		j.subunits += u.subunits
	}
	if slices.ContainsFunc(g, func(u unit) bool { return u.subunits == 0 }) {
		j.subunits = 0
	}
	for used[j.label] {
		j.label += "+"
	}
	used[j.label] = true
	return j
}

// joinSmall groups the units so that no group is small, if that is possible; empty
// units are groups of their own.
func joinSmall(units []unit, k int) []group {
	var groups, empty []group
	var open group
	for _, u := range units {
		if u.empty() {
			empty = append(empty, group{u})
			continue
		}
		if open = append(open, u); !open.small(k) {
			groups, open = append(groups, open), nil
		}
	}
	if len(open) > 0 && len(groups) > 0 {
		last := len(groups) - 1
		groups[last] = append(groups[last], open...)
	} else if len(open) > 0 {
		groups = append(groups, open)
	}
	return append(groups, empty...)
}
