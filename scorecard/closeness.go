package scorecard

import (
	"maps"
	"math"
	"slices"
	"strings"

	"hailong/stats"
)

// Near names where two final editions of a round are so alike that taking one from the
// other shows what fewer than k people answered: labels of the public tally, and units
// of answers apart, in order. None if nothing changed or wherever something did, k
// sheets or more came or went.
//
// The cells of two tallies are compared in the smallest sums that both can be brought
// to, since a village that became small bears the label of another too.
func Near(earlier, later Comparable, k int) []string {
	parts := make(map[string]string) // of a sampling unit: the first unit of its sum
	for _, c := range slices.Concat(earlier.Tally.Cells(), later.Tally.Cells()) {
		units := unitsOf(c.Key)
		for _, u := range units[1:] {
			parts[root(parts, u)] = root(parts, units[0])
		}
	}
	before, after := sumsOf(earlier.Tally, parts), sumsOf(later.Tally, parts)
	var near []string
	for _, unit := range slices.Sorted(maps.Keys(before)) {
		if before[unit].close(after[unit], k) {
			near = append(near, unit)
		}
	}
	for _, a := range earlier.Apart {
		i := slices.IndexFunc(later.Apart, func(b Apart) bool { return b.Origin == a.Origin && b.Unit == a.Unit })
		b := Apart{Satisfied: Undefined()}
		if i >= 0 {
			b = later.Apart[i]
		}
		if few(a.N-b.N, k) || a.N == b.N && !same(a.Satisfied, b.Satisfied) {
			near = append(near, string(a.Unit))
		}
	}
	return near
}

// Comparable is what an edition tells of single answers, added up.
type Comparable struct {
	Tally *stats.Tally // the public one
	Apart []Apart
}

// few reports whether numbers of sheets differ, by fewer than k.
func few(difference, k int) bool { return difference != 0 && difference < k && -difference < k }

// unitsOf are the sampling units, as they were drawn, that a cell is the sum of.
func unitsOf(key stats.Key) []string {
	labels := key.PSU
	if key.SSU != "" {
		labels = key.SSU
	}
	var units []string
	for _, label := range strings.Split(labels, "+") {
		if key.SSU != "" { // a joined PSU stands before its units' labels
			label = label[strings.LastIndex(label, "/")+1:]
		}
		if label != "" {
			units = append(units, label)
		}
	}
	return units
}

// root follows a unit to the first of its sum.
func root(parts map[string]string, unit string) string {
	for parts[unit] != "" && parts[unit] != unit {
		unit = parts[unit]
	}
	return unit
}

// cellSum is what a sum of cells tells: people, and of each item the valid answers and
// the share of the satisfied.
type cellSum struct {
	n     int64
	items []stats.ItemSums
}

func sumsOf(t *stats.Tally, parts map[string]string) map[string]cellSum {
	sums := make(map[string]cellSum)
	for _, c := range t.Cells() {
		unit := root(parts, unitsOf(c.Key)[0])
		sum := sums[unit]
		if sum.items == nil {
			sum.items = make([]stats.ItemSums, len(c.Items))
		}
		sum.n += c.All.N
		for i, item := range c.Items {
			sum.items[i].N += item.N
			sum.items[i].W += item.W
			sum.items[i].WY += item.WY
		}
		sums[unit] = sum
	}
	return sums
}

// close reports whether the sums differ by the answers of fewer than k people. The
// same number of people with other answers is an exchange of at least one. Shares are
// compared, because the weights of a commune change with every sheet of it.
func (s cellSum) close(o cellSum, k int) bool {
	if s.n != o.n || len(s.items) != len(o.items) {
		return few(int(s.n-o.n), k)
	}
	for i, a := range s.items {
		b := o.items[i]
		if a.N != b.N || a.N > 0 && math.Abs(a.WY/a.W-b.WY/b.W) > tolerance {
			return true
		}
	}
	return false
}
