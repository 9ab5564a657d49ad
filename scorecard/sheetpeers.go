package scorecard

import (
	"hailong/fault"
)

// peerGroups are the peers of the sheet and those of the sheet before it.
type peerGroups struct {
	now, before []map[CriterionPath]Totals
	problems    []fault.Problem
}

// groupPeers adds up the peers and sorts them by their period. The unit's own
// sheets among them are passed over; a unit with two sheets of a period cannot
// be ranked.
func groupPeers(now scored, before *scored, peers []Sheet) (peerGroups, error) {
	var groups peerGroups
	var wrong []fault.Problem
	first := map[sheetKey]string{}
	for _, peer := range peers {
		at := fault.Place{File: peer.File}
		key := sheetKey{peer.Unit, peer.Period.Year, peer.Period.Kind}
		if peer.Unit.Code != "" {
			key.unit.Name = ""
		}
		switch {
		case peer.Unit == SheetUnit{}:
			wrong = append(wrong, fault.P("sheet.no_unit").At(at))
			continue
		case first[key] != "":
			wrong = append(wrong, fault.P("sheet.peer_twice", "unit", peer.Unit.label(), "other", first[key]).At(at))
			continue
		}
		first[key] = peer.File
		groups.sort(now, before, peer)
	}
	if len(peers) > 0 && now.sheet.Unit == (SheetUnit{}) {
		wrong = append(wrong, fault.P("sheet.no_unit").At(fault.Place{File: now.sheet.File}))
	}
	return groups, fault.Of(fault.Invalid, wrong)
}

// sheetKey tells the sheets of a folder apart.
type sheetKey struct {
	unit SheetUnit
	year int
	kind string
}

// sort adds a peer to the group of its period.
func (g *peerGroups) sort(now scored, before *scored, peer Sheet) {
	isNow := peer.Period.same(now.sheet.Period)
	isBefore := before != nil && peer.Period.same(before.sheet.Period)
	switch {
	case isNow && peer.Unit.is(now.sheet.Unit), isBefore && peer.Unit.is(before.sheet.Unit):
		return
	case !isNow && !isBefore:
		g.report(peer, fault.P("sheet.peer_period", "unit", peer.Unit.label()))
		return
	}
	added := addUp(peer)
	g.problems = append(g.problems, added.problems...)
	if isNow {
		g.now = append(g.now, added.totals())
		if added.overall.Max.Cmp(now.overall.Max) != 0 {
			g.report(peer, fault.P("sheet.peer_max", "unit", peer.Unit.label(), "max", added.overall.Max.Float(), "own", now.overall.Max.Float()))
		}
		return
	}
	g.before = append(g.before, added.totals())
}

func (g *peerGroups) report(peer Sheet, p fault.Problem) {
	g.problems = append(g.problems, p.Warn().At(fault.Place{File: peer.File}))
}

// stand adds rank and average to every figure.
func (s *scored) stand(peers []map[CriterionPath]Totals) {
	s.each(func(path CriterionPath, t *Totals) {
		t.Standing = &Standing{Rank: 1, Of: 1, Average: t.Score}
		for _, peer := range peers {
			other, ok := peer[path]
			if !ok {
				continue
			}
			t.Of++
			t.Average = t.Average.Add(other.Score)
			if other.Score.Cmp(t.Score) > 0 {
				t.Rank++
			}
		}
		t.Average = t.Average.Per(WholePoints(int64(t.Of)))
	})
}
